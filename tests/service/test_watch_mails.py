"""``watch`` mails the digests once a day through a real mail server, and logs nobody's name."""

from __future__ import annotations

import json
import os
import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from sheets_sync.commands.watch import watched_of
from sheets_sync.desk import Desk, Options
from tests.command_line import OVERDUE, TODAY, command, environment, process, tracker
from tests.command_line import settings as write_settings
from tests.google.faults import api_off
from tests.google.place import make_place
from tests.google.trackers import tracker as partners_in_google
from tests.service.computer import DAY, Computer, Log, moment_in, serve_for
from tests.service.running import is_right, running
from tests.smtp_server import PASSWORD, USER, Fault, Mailbox, server_context, serving
from tests.stores.workbooks import workbook

AUTHORITY = trustme.CA()
AINO, DANA = "aino@example.org", "dana@example.org"
ROWS = [
    {**OVERDUE, "owner": "Aino Virtanen", "email": "canary@partner.example"},
    {**OVERDUE, "partner": "Canary Choir", "owner": "Dana Levi", "email": None},
]
HELSINKI = "Europe/Helsinki"
EVERY_DAY = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'


@pytest.fixture(scope="module")
def trusted() -> ssl.SSLContext:
    return server_context(AUTHORITY, "127.0.0.1")


@pytest.fixture
def path(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tracker; the password is set, and a mail that failed is tried again without a pause."""
    AUTHORITY.cert_pem.write_to_path(str(home / "ca.pem"))
    monkeypatch.setenv("SHEETS_SYNC_MAIL_PASSWORD", PASSWORD)
    monkeypatch.setattr("sheets_sync.mail.PAUSES", (0.0, 0.0))
    return tracker(home / "partners.xlsx", *ROWS)


@contextmanager
def posting(
    home: Path,
    context: ssl.SSLContext,
    *,
    at: str = "07:30",
    days: str = '"working"',
    fault: Fault | None = None,
) -> Iterator[Mailbox]:
    """A mail server, and settings that name it."""
    with serving(context, fault=fault) as (mailbox, port):
        write_settings(
            home / "config",
            f'tracker = "../partners.xlsx"\ntimezone = "{HELSINKI}"\ncountry = "FI"\n'
            f'[team]\n"Aino Virtanen" = "{AINO}"\n"Dana Levi" = "{DANA}"\n'
            f'[digest]\nat = "{at}"\ndays = {days}\n'
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nusername = "{USER}"\n'
            f'from = "Partners <partners@example.org>"\nca_file = "../ca.pem"\n',
        )
        yield mailbox


def serve_days(start: datetime, days: int, log: Log) -> None:
    """Let the service look after the tracker for so many days, that pass at once."""
    desk = Desk(Options(as_json=True), os.environ)
    watched = watched_of(desk, desk.store(None))
    serve_for([watched], desk.state, start, lasting=days * DAY, log=log, prepare=_slow)


def _slow(computer: Computer) -> None:
    computer.step = timedelta(minutes=30)


@pytest.mark.usefixtures("quick_disk")
def test_everybody_gets_one_mail_on_each_working_day_at_its_hour(
    home: Path, path: Path, trusted: ssl.SSLContext
) -> None:
    log = Log()
    with posting(home, trusted) as mailbox:
        serve_days(moment_in(HELSINKI, 2026, 11, 20, 0, 0), 5, log)  # from a Friday to a Tuesday
    assert mailbox.recipients == [AINO, DANA] * 3
    days = [str(mail["Date"]) for _, mail in mailbox.mails[::2]]
    assert [day[:16] for day in days] == [
        "Fri, 20 Nov 2026",
        "Mon, 23 Nov 2026",
        "Tue, 24 Nov 2026",
    ]
    assert [facts["n"] for event, facts in log.lines if event == "digest_done"] == [2, 2, 2]
    assert is_right(path, today=datetime(2026, 11, 24, tzinfo=UTC).date())


@pytest.mark.usefixtures("quick_disk", "path")
def test_a_server_that_refuses_one_mail_gets_it_again_and_the_other_only_once(
    home: Path, trusted: ssl.SSLContext
) -> None:
    log = Log()
    fault = Fault("RCPT:dana", "550 Dana of Canary Choir is unknown here")
    with posting(home, trusted, fault=fault) as mailbox:
        serve_days(moment_in(HELSINKI, 2026, 11, 20, 7, 0), 1, log)
    assert mailbox.recipients == [AINO, DANA]
    assert log.names().count("digest_failed") == log.names().count("digest_done") == 1


@pytest.mark.usefixtures("path")
def test_after_a_restart_nobody_is_mailed_twice_that_day_even_by_another_computer(
    home: Path, tmp_path: Path, trusted: ssl.SSLContext
) -> None:
    with posting(home, trusted, at="00:00", days=EVERY_DAY) as mailbox:
        config = home / "config" / "settings.toml"
        with running("--config", config, state=tmp_path / "state") as service:
            service.wait_for("digest_done")
            assert service.end(signal.SIGTERM, within=5.0) == 0
        for state, events in [("state", ["sync_done"]), ("other", ["sync_done", "digest_done"])]:
            variables = environment(SHEETS_SYNC_STATE=str(tmp_path / state))
            once = process("watch", "--once", "--json", cwd=home, env=variables)
            assert [json.loads(line)["event"] for line in once.out.splitlines()] == events
    assert mailbox.recipients == [AINO, DANA]


# What the log must not tell

SECRETS = [PASSWORD, USER, "anary", "partner.example", AINO, DANA, "Aino", "Dana"]
"""The password, the account, a partner's name and address, and the team's."""


@pytest.mark.parametrize(
    ("fault", "code", "kinds"),
    [
        (None, 0, set()),
        (Fault("RCPT", "550 Canary Choir is unknown", times=9), 69, {"mail_refused"}),
        (Fault("AUTH", f"535 no {PASSWORD} for {USER}", times=9), 77, {"mail_sign_in_refused"}),
        (Fault("CONNECT", "drop", times=99), 69, {"mail_dropped"}),
    ],
)
@pytest.mark.usefixtures("path")
def test_a_run_logs_no_secret_name_or_address(
    home: Path, trusted: ssl.SSLContext, fault: Fault | None, code: int, kinds: set[str]
) -> None:
    with posting(home, trusted, at="00:00", days=EVERY_DAY, fault=fault):
        outcome = command("watch", "--once", "--json", *TODAY)
    lines = [json.loads(line) for line in outcome.out.splitlines()]
    assert lines[0]["event"] == "sync_done"
    assert (outcome.code, {line["kind"] for line in lines if "kind" in line}) == (code, kinds)
    assert [secret for secret in SECRETS if secret in outcome.out + outcome.err] == []


DOUBLED = workbook({"Partners": [["Partner", "Stage", "Stage"], ["Canary Choir", "Idea", "Met"]]})


@pytest.mark.parametrize(
    ("name", "content", "code", "kind"),
    [
        (".~lock.partners.xlsx#", b"Canary,canary,canary;", 75, "open_elsewhere"),
        ("partners.xlsx", b"PK\x03\x04 Canary Choir", 65, "broken_zip"),
        ("partners.xlsx", DOUBLED, 65, "double_column"),
        ("partners.xlsx", None, 66, "no_such_file"),
    ],
)
def test_a_tracker_that_cannot_be_synced_is_logged_by_the_kind_of_fault(
    path: Path, name: str, content: bytes | None, code: int, kind: str
) -> None:
    if content is None:
        path.unlink()
    else:
        path.with_name(name).write_bytes(content)
    outcome = command("watch", path, "--once", "--json", *TODAY)
    line = outcome.document
    assert (outcome.code, line["event"], line["kind"]) == (code, "sync_not_done", kind)
    assert [secret for secret in SECRETS if secret in outcome.out + outcome.err] == []


@pytest.mark.parametrize("allowed", [True, False])
def test_a_google_sheet_is_logged_without_its_id_and_the_account(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, allowed: bool
) -> None:
    with make_place(home) as google:
        sheet = google.put_up(partners_in_google(6))
        monkeypatch.setenv("SHEETS_SYNC_GOOGLE_ENDPOINT", google.server.address)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.key_file))
        if not allowed:
            google.server.faults.append(api_off())
        outcome = command("watch", sheet.id, "--once", "--json", *TODAY)
    line = outcome.document
    event = "sync_done" if allowed else "sync_not_done"
    assert (outcome.code, line["event"]) == (0 if allowed else 77, event)
    told = outcome.out + outcome.err
    hidden = [sheet.id, sheet.id[:30], google.account.email, "BEGIN PRIVATE"]
    assert [secret for secret in hidden if secret in told] == []
