"""What bars the way to a Google Sheet, and the next click that is said for each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from google.auth.exceptions import RefreshError, TransportError
from google.oauth2.credentials import Credentials as Person

from sheets_sync.errors import (
    Forbidden,
    NoSuchTracker,
    Refused,
    SheetsSyncError,
    Unreachable,
    UsageError,
)
from sheets_sync.model import Settings
from sheets_sync.stores.google import is_google, open_google, spreadsheet_id
from sheets_sync.stores.google.client import Pace, SheetsClient
from sheets_sync.stores.google.credentials import find_credentials, read_key_file
from sheets_sync.stores.google.quota import Quota
from sheets_sync.stores.google.refusals import Asked, explain
from sheets_sync.stores.google.store import GoogleStore
from sheets_sync.sync import synchronise
from sheets_sync.texts import say
from tests.google import faults
from tests.google.faults import ACTIVATION, Fault
from tests.google.oauth import DeniedError
from tests.google.place import Place, in_words
from tests.google.spreadsheet import Spreadsheet
from tests.google.trackers import TAB, today_of, tracker

ROBOT = "robot@partners-example.iam.gserviceaccount.com"
READ, WRITE, TAGS = "values.batchGetByDataFilter", "values.batchUpdateByDataFilter", ".batchUpdate"


@pytest.fixture
def sheet(google: Place) -> Spreadsheet:
    return google.put_up(tracker(5))


def sync(google: Place, sheet: Spreadsheet) -> None:
    synchronise(google.store(sheet), Settings(), today_of)


def unshared(google: Place, sheet: Spreadsheet) -> None:
    del google
    sheet.shared.clear()


def view_only(google: Place, sheet: Spreadsheet) -> None:
    del google
    sheet.shared = dict.fromkeys(sheet.shared, "reader")


def kept_as_xlsx(google: Place, sheet: Spreadsheet) -> None:
    del google
    sheet.office = True


def deleted(google: Place, sheet: Spreadsheet) -> None:
    del google.server.spreadsheets[sheet.id]


def key_revoked(google: Place, sheet: Spreadsheet) -> None:
    del sheet
    google.account.key = None


def account_deleted(google: Place, sheet: Spreadsheet) -> None:
    del sheet
    google.server.office.accounts.clear()


def clock_wrong(google: Place, sheet: Spreadsheet) -> None:
    del sheet
    google.server.office.clock = lambda: time.time() - 86400


def signing_in_is_refused(error: str, description: str) -> Callable[[Place, Spreadsheet], None]:
    def refuse(google: Place, sheet: Spreadsheet) -> None:
        del sheet
        google.server.office.denial = DeniedError(error, description)

    return refuse


def answered_with(fault: Callable[[], Fault]) -> Callable[[Place, Spreadsheet], None]:
    def add(google: Place, sheet: Spreadsheet) -> None:
        del sheet
        google.server.faults.append(fault())

    return add


REAUTH = "reauth related error (invalid_rapt)"
EXPIRED = "Token has been expired or revoked."
POLICY = "Account restricted by policy."
Case = tuple[Callable[[Place, Spreadsheet], None], type[SheetsSyncError], str, str]
CASES: list[Case] = [
    (unshared, Forbidden, "not_shared", f"add {ROBOT} as an Editor"),
    (view_only, Forbidden, "viewer_only", f"make {ROBOT} an Editor"),
    (answered_with(faults.api_off), Forbidden, "api_off", ACTIVATION),
    (answered_with(faults.scope_missing), Forbidden, "scope_missing", "auth/spreadsheets"),
    (answered_with(faults.policy), Forbidden, "domain_policy", "administrator"),
    (deleted, NoSuchTracker, "wrong_id", "copy its address"),
    (kept_as_xlsx, Refused, "office_file", "Save as Google Sheets"),
    (key_revoked, Forbidden, "key_revoked", "add a new key"),
    (account_deleted, Forbidden, "account_deleted", "make a new one"),
    (clock_wrong, Forbidden, "clock_wrong", "Set the clock"),
    (signing_in_is_refused("invalid_scope", "Bad."), Forbidden, "scope_missing", "Sign in again"),
    (signing_in_is_refused("invalid_grant", EXPIRED), Forbidden, "sign_in_expired", "Sign in"),
    (signing_in_is_refused("invalid_grant", REAUTH), Forbidden, "sign_in_expired", "Sign in"),
    (signing_in_is_refused("access_denied", POLICY), Forbidden, "domain_policy", "administrator"),
    (signing_in_is_refused("strange", "Strange."), Forbidden, "sign_in_refused", "key file"),
]


@pytest.mark.parametrize("case", CASES, ids=[case[2] for case in CASES])
def test_what_bars_the_way_is_said_with_the_next_click(
    google: Place, sheet: Spreadsheet, case: Case
) -> None:
    arrange, error, kind, words = case
    arrange(google, sheet)
    with pytest.raises(error) as caught:
        sync(google, sheet)
    assert (type(caught.value), caught.value.kind) == (error, kind)
    assert words in in_words(caught.value)
    assert not google.slept


@pytest.mark.parametrize("arrange", [case[0] for case in CASES], ids=[case[2] for case in CASES])
def test_the_walk_for_check_ends_at_what_bars_the_way(
    google: Place, sheet: Spreadsheet, arrange: Callable[[Place, Spreadsheet], None]
) -> None:
    arrange(google, sheet)
    *before, last = google.store(sheet, read_only=True).diagnose()
    assert {finding.level for finding in before} <= {"fine", "note"}
    for finding in (*before, last):
        assert say(finding.sentence, "en")
        assert finding.next_step is None or say(finding.next_step, "en")
    assert last.level == ("note" if arrange is view_only else "problem")


def test_the_walk_tells_of_sign_in_sheet_and_tags(google: Place, sheet: Spreadsheet) -> None:
    store = google.store(sheet)
    kinds = [finding.sentence.id.rpartition(".")[2] for finding in store.diagnose()]
    assert kinds == ["signed_in", "opened", "untagged", "editing"]
    store.read()
    google.server.calls.clear()
    kinds = [finding.sentence.id.rpartition(".")[2] for finding in store.diagnose()]
    assert kinds == ["signed_in", "opened", "tagged"]
    assert not google.server.calls


def test_a_key_whose_tokens_come_from_elsewhere_is_not_used_here(
    google: Place, tmp_path: Path, sheet: Spreadsheet
) -> None:
    key = tmp_path / "key.json"
    key.write_text(json.dumps(google.account.key_file("https://oauth2.googleapis.com/token")))
    pace = Pace(Quota(), google.slept.append)
    credentials = read_key_file(key).credentials
    client = SheetsClient(credentials, endpoint=google.server.address, pace=pace)
    google.opened.append(client)
    with pytest.raises(Unreachable) as caught:
        client.get(sheet.id, "", {"fields": "spreadsheetId"})
    assert "oauth2.googleapis.com is not where the sheets are" in in_words(caught.value)


KEYS = [
    ({"installed": {"client_id": "x"}}, "key_wrong_kind", "OAuth client"),
    ({"web": {"client_id": "x"}}, "key_wrong_kind", "OAuth client"),
    ({"type": "gdch_service_account"}, "key_wrong_kind", "other JSON"),
    (["no", "key"], "key_wrong_kind", "not JSON"),
    ("MIIEvQIBADANBg", "key_wrong_kind", "not JSON"),
    ({"type": "service_account"}, "key_damaged", "damaged"),
    ({"type": "service_account", "client_email": ROBOT, "token_uri": "x", "private_key": "x"},
     "key_damaged", "damaged"),
    ({"type": "service_account", "private_key": "BEGIN\\nMII"}, "key_escaped", "escaped twice"),
    ({"type": "authorized_user"}, "key_damaged", "damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind", "words"), KEYS)
def test_a_file_that_is_no_key_is_told_apart(
    tmp_path: Path, content: object, kind: str, words: str
) -> None:
    path = tmp_path / "key.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    with pytest.raises(UsageError) as caught:
        find_credentials(str(path), {})
    assert caught.value.kind == kind
    assert words in in_words(caught.value)
    assert str(path) in in_words(caught.value)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_credentials(None, {"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "none.json")})
    assert caught.value.kind == "key_missing"
    assert "none.json" in in_words(caught.value)


def test_a_key_that_is_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_credentials(str(tmp_path), {})
    assert caught.value.kind == "key_unreadable"
    assert in_words(caught.value)


def test_nothing_to_sign_in_with_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(UsageError) as caught:
        find_credentials(None, {})
    assert caught.value.kind == "no_credentials"
    assert "GOOGLE_APPLICATION_CREDENTIALS" in in_words(caught.value)


def test_a_person_s_own_sign_in_works(google: Place, sheet: Spreadsheet, tmp_path: Path) -> None:
    info = {"type": "authorized_user", "client_id": "x", "client_secret": "x"}
    key = tmp_path / "key.json"
    key.write_text(json.dumps({**info, "refresh_token": ROBOT}), "utf-8")
    credentials = read_key_file(key).credentials
    assert isinstance(credentials, Person)
    client = SheetsClient(
        credentials.with_token_uri(google.server.token_uri), endpoint=google.server.address
    )
    google.opened.append(client)
    assert GoogleStore(client, sheet.id).read().tab == TAB


def test_workload_identity_works(google: Place, sheet: Spreadsheet, tmp_path: Path) -> None:
    subject = tmp_path / "subject"
    subject.write_text(ROBOT, "utf-8")
    info = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/x",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "credential_source": {"file": str(subject)},
    }
    key = tmp_path / "key.json"
    key.write_text(json.dumps({**info, "token_url": google.server.token_uri}), "utf-8")
    settings = Settings(credentials=str(key))
    store = open_google(sheet.id, settings, {}, endpoint=google.server.address)
    try:
        assert store.read().tab == TAB
    finally:
        store.close()


@pytest.mark.parametrize(
    ("tracker_text", "found"),
    [
        ("https://docs.google.com/spreadsheets/d/1aB-_cdefghijklmnopqrstuvwxyz012345/edit#gid=0",
         "1aB-_cdefghijklmnopqrstuvwxyz012345"),
        ("docs.google.com/spreadsheets/u/1/d/1aB-_cdefghijklmnopqrstuvwxyz012345",
         "1aB-_cdefghijklmnopqrstuvwxyz012345"),
        ("https://docs.google.com/a/example.org/spreadsheets/d/1aB-_cdefghijklmnopqrstuvwxyz012345/",
         "1aB-_cdefghijklmnopqrstuvwxyz012345"),
        ("1aB-_cdefghijklmnopqrstuvwxyz012345", "1aB-_cdefghijklmnopqrstuvwxyz012345"),
        ("https://docs.google.com/spreadsheets/", None),
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1vTexample0000000000000/pubhtml", None),
    ],
)  # fmt: skip
def test_a_sheet_s_id_is_found_in_its_address(tracker_text: str, found: str | None) -> None:
    assert is_google(tracker_text)
    if found is not None:
        assert spreadsheet_id(tracker_text) == found
        return
    with pytest.raises(NoSuchTracker) as caught:
        spreadsheet_id(tracker_text)
    assert "copy the address" in in_words(caught.value)


@pytest.mark.parametrize(
    "text", ["partners.xlsx", "short-id", "1aB/cdefghijklmnopqrstuvwxyz0123", ""]
)
def test_other_names_are_no_google_sheets(text: str) -> None:
    assert not is_google(text)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (RefreshError("x", {"error": "x"}, retryable=True), "google_unreachable"),
        (TransportError(requests.exceptions.SSLError("bad certificate")), "google_certificate"),
        (TransportError("name resolution"), "google_unreachable"),
        (requests.Timeout("slow"), "google_unreachable"),
    ],
)
def test_troubles_on_the_way_to_a_token_are_told_apart(problem: Exception, kind: str) -> None:
    assert explain(problem, Asked("x", None, writing=False)).kind == kind


def test_an_account_without_a_known_address_is_put_into_words() -> None:
    error = explain(RefreshError("invalid_scope: x"), Asked("x", None, writing=False))
    assert "the account that this program signs in with" in in_words(error)
