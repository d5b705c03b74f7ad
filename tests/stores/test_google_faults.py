"""What goes wrong between here and Google: what is tried again, and what is said of the rest."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable

import pytest
import trustme

from sheets_sync.errors import (
    Forbidden,
    Unreachable,
)
from sheets_sync.model import TRACKER_TAB, Edit, Sentence, Settings
from sheets_sync.stores.google.client import Pace, SheetsClient
from sheets_sync.stores.google.credentials import read_key_file
from sheets_sync.stores.google.quota import Quota
from sheets_sync.sync import synchronise
from tests.google import faults
from tests.google.faults import Fault
from tests.google.place import Place, cells_of, in_words
from tests.google.spreadsheet import Spreadsheet
from tests.google.trackers import TAB, says_what_it_should, today_of, tracker

ROBOT = "robot@partners-example.iam.gserviceaccount.com"
READ, WRITE, TAGS = "values.batchGetByDataFilter", "values.batchUpdateByDataFilter", ".batchUpdate"


@pytest.fixture
def sheet(google: Place) -> Spreadsheet:
    return google.put_up(tracker(5))


def sync(google: Place, sheet: Spreadsheet) -> None:
    synchronise(google.store(sheet), Settings(), today_of)


ONE_CALL = ("get", "values.batchGet", READ, WRITE)


@pytest.mark.parametrize("on", ONE_CALL)
@pytest.mark.parametrize(
    "make",
    [
        faults.unavailable,
        faults.bad_gateway,
        faults.dropped,
        lambda **more: faults.dropped(late=True, **more),
        lambda **more: faults.unavailable(late=True, **more),
        lambda **more: faults.error(408, "DEADLINE_EXCEEDED", "Timeout.", **more),
        lambda **more: faults.error(500, "INTERNAL", "Internal error encountered.", **more),
    ],
    ids=["503", "502-html", "dropped", "dropped-late", "503-late", "408", "500"],
)
def test_what_breaks_once_is_tried_again(
    google: Place, sheet: Spreadsheet, make: Callable[..., Fault], on: str
) -> None:
    google.server.faults.append(make(on=on))
    sync(google, sheet)
    assert says_what_it_should(cells_of(sheet, TAB))
    assert len(google.slept) == 1


@pytest.mark.parametrize("make", [faults.unavailable, faults.bad_gateway, faults.dropped])
def test_what_stays_broken_is_tried_four_times(
    google: Place, sheet: Spreadsheet, make: Callable[..., Fault]
) -> None:
    google.server.faults.append(make(times=99))
    with pytest.raises(Unreachable) as caught:
        sync(google, sheet)
    assert caught.value.kind == "google_unreachable"
    assert "next run" in in_words(caught.value)
    assert (len(google.slept), len(google.server.calls)) == (3, 4)


@pytest.mark.parametrize("make", [faults.dropped, faults.unavailable])
@pytest.mark.parametrize("late", [False, True])
def test_tags_are_not_made_twice_when_nobody_knows_whether_they_were_made(
    google: Place, sheet: Spreadsheet, make: Callable[..., Fault], *, late: bool
) -> None:
    google.server.faults.append(make(on=TAGS, late=late))
    sync(google, sheet)
    found = [tag.value for _, _, tag in sheet.column_tags()]
    assert len(found) == len(set(found))
    assert says_what_it_should(cells_of(sheet, TAB))


def test_an_expired_token_is_fetched_anew(google: Place, sheet: Spreadsheet) -> None:
    store = google.store(sheet)
    store.read()
    asked = google.server.office.requests
    google.server.office.grants.clear()
    store.read()
    assert google.server.office.requests == asked + 1


def test_a_slow_answer_has_its_limit(google: Place, sheet: Spreadsheet) -> None:
    client = google.client()
    client.set_timeout((1, 0.05))
    google.server.faults.append(faults.slow(0.3, times=99))
    with pytest.raises(Unreachable) as caught:
        client.get(sheet.id, "", {"fields": "spreadsheetId"})
    assert caught.value.kind == "google_unreachable"


def test_calls_have_time_limits(google: Place) -> None:
    assert google.client().timeout == (10, 60)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), (None, 30), ("soon", 30), ("9999", 120)])
def test_a_used_up_quota_is_waited_for_and_told(
    google: Place, sheet: Spreadsheet, header: str | None, seconds: int
) -> None:
    google.server.faults.append(faults.quota(header, on=READ))
    sync(google, sheet)
    assert google.slept == [seconds]
    assert google.told == [Sentence("notes.google_quota_wait", {"n": seconds})]


def test_a_point_in_time_to_come_back_is_waited_for(google: Place, sheet: Spreadsheet) -> None:
    google.server.faults.append(faults.quota("Fri, 01 Jan 2010 00:00:00 GMT"))
    sync(google, sheet)
    assert google.slept == [1]


def test_a_run_waits_for_the_quota_twice_and_the_next_one_anew(
    google: Place, sheet: Spreadsheet
) -> None:
    store = google.store(sheet)
    for _ in range(2):
        google.server.faults.append(faults.quota("5", times=3))
        google.slept.clear()
        with pytest.raises(Unreachable) as caught:
            store.read()
        assert (caught.value.kind, google.slept) == ("google_quota", [5, 5])
        google.server.faults.clear()
    assert store.read().tab == TAB


def test_calls_keep_to_the_pace_that_google_allows() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    quota = Quota(3, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        quota.take("read")
        now[0] += 1
    quota.take("write")
    assert not slept
    quota.take("read")
    quota.take("read")
    assert slept == [57, 1]


def test_only_the_scope_for_spreadsheets_is_asked_for(google: Place, sheet: Spreadsheet) -> None:
    google.store(sheet).read()
    scopes = {scope for grant in google.server.office.grants.values() for scope in grant.scopes}
    assert scopes == {"https://www.googleapis.com/auth/spreadsheets"}


def test_a_page_in_place_of_an_answer_is_told(google: Place, sheet: Spreadsheet) -> None:
    page = Fault(status=200, body=b"<html>Welcome to our hotel</html>")
    google.server.faults.append(page)
    with pytest.raises(Unreachable) as caught:
        google.store(sheet).read()
    assert caught.value.kind == "google_strange_answer"
    assert "sign in" in in_words(caught.value)


def test_a_request_that_google_does_not_take_is_told(google: Place, sheet: Spreadsheet) -> None:
    google.server.faults.append(faults.error(400, "INVALID_ARGUMENT", "Invalid value at 'data'"))
    with pytest.raises(Unreachable) as caught:
        google.store(sheet).read()
    assert caught.value.kind == "google_refused"
    assert "Invalid value" in in_words(caught.value)


def test_a_refused_protected_cell_is_told(google: Place, sheet: Spreadsheet) -> None:
    said = "You are trying to edit a protected cell or object."
    store = google.store(sheet)
    before = store.read()
    google.server.faults.append(faults.error(400, "INVALID_ARGUMENT", said, times=2))
    with pytest.raises(Forbidden) as caught:
        store.write([Edit(TRACKER_TAB, 4, "why", "x")], against=before)
    assert caught.value.kind == "cells_protected"
    assert ROBOT in in_words(caught.value)


def test_nobody_listening_is_told(google: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    client = SheetsClient(
        read_key_file(google.key_file).credentials,
        endpoint=address,
        pace=Pace(Quota(), google.slept.append),
    )
    google.opened.append(client)
    with pytest.raises(Unreachable) as caught:
        client.get("x" * 44, "", {"fields": "spreadsheetId"})
    assert caught.value.kind == "google_unreachable"


def test_a_certificate_that_nobody_knows_ends_it_at_once(google: Place, sheet: Spreadsheet) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    client = google.client()
    client.sign_in()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_shake_hands, args=(listener, context))
        thread.start()
        client._endpoint = f"https://127.0.0.1:{listener.getsockname()[1]}"  # noqa: SLF001 - a stranger there
        with pytest.raises(Unreachable) as caught:
            client.get(sheet.id, "", {"fields": "spreadsheetId"})
        thread.join()
    assert caught.value.kind == "google_certificate"
    assert "REQUESTS_CA_BUNDLE" in in_words(caught.value)


def _shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    with connection:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except OSError:
            return
