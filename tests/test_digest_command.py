"""The digest from the command line to a real mail server: nobody forgotten, nobody twice."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from itertools import product
from pathlib import Path
from typing import Protocol

import pytest
import trustme

from tests.command_line import FINE, OVERDUE, ROOT, TODAY, Row, Untouched, command, tracker, tree
from tests.smtp_server import PASSWORD, USER, Fault, Mailbox, server_context, serving

AUTHORITY = trustme.CA()
TUESDAY = ("--today", "2026-11-24")
AINO, DANA, ESA = "aino@example.org", "dana@example.org", "esa@example.org"
ROWS: tuple[Row, ...] = (
    {**OVERDUE, "owner": "Aino Virtanen", "email": "choir@example.com"},
    {**OVERDUE, "partner": "Bakery", "owner": "dana@example.org", "email": None},
    {**FINE, "owner": "Esa Niemi", "email": None},
    {**OVERDUE, "partner": "Nobody's", "owner": "mallory@example.net", "email": None},
)
"""Aino and Dana have something due, Esa has not, and a row belongs to nobody of the team."""

TEAM = f"""
[team]
"Aino Virtanen" = "{AINO}"
"Dana Levi" = {{ email = "{DANA}", language = "he" }}
"Esa Niemi" = "{ESA}"
"""


@pytest.fixture(scope="module")
def trusted() -> ssl.SSLContext:
    return server_context(AUTHORITY, "localhost", "127.0.0.1")


@pytest.fixture(autouse=True)
def _secrets(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password, and no pause between two tries."""
    AUTHORITY.cert_pem.write_to_path(str(home / "ca.pem"))
    monkeypatch.setenv("SHEETS_SYNC_MAIL_PASSWORD", PASSWORD)
    monkeypatch.setattr("sheets_sync.mail.PAUSES", (0.0, 0.0))


@pytest.fixture
def path(home: Path) -> Path:
    return tracker(home / "partners.xlsx", *ROWS)


def write_settings(home: Path, port: int, digest: str = "", mail: str = "") -> None:
    """Settings with the team and the server at a port."""
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.toml").write_text(
        f'tracker = "../partners.xlsx"\n[digest]\n{digest}\n{TEAM}\n[mail]\nhost = "127.0.0.1"\n'
        f'port = {port}\nusername = "{USER}"\nfrom = "Partners <partners@example.org>"\n'
        f'ca_file = "../ca.pem"\n{mail}\n',
        encoding="utf-8",
    )


class Post(Protocol):
    """Starts a mail server that the settings name, and gives its mailbox."""

    def __call__(
        self, *, digest: str = "", mail: str = "", fault: Fault | None = None
    ) -> AbstractContextManager[Mailbox]:
        """With further settings, and a fault from the beginning."""


@pytest.fixture
def post(home: Path, trusted: ssl.SSLContext) -> Post:
    @contextmanager
    def running(
        *, digest: str = "", mail: str = "", fault: Fault | None = None
    ) -> Iterator[Mailbox]:
        with serving(trusted, fault=fault) as (mailbox, port):
            write_settings(home, port, digest, mail)
            yield mailbox

    return running


def state() -> Path:
    return Path(os.environ["SHEETS_SYNC_STATE"])


def test_each_who_has_something_due_gets_one_mail_and_nobody_else(path: Path, post: Post) -> None:
    with post() as mailbox:
        outcome = command("digest", *TODAY)
    assert outcome.code == 0, outcome.err
    assert mailbox.recipients == [AINO, DANA]
    assert "Sent 2 digests: Aino Virtanen and Dana Levi" in outcome.out
    assert command("sync", path, *TODAY, "--json").document["edits"] == []


def test_a_second_run_that_day_mails_nobody_and_leaves_the_tracker_alone(
    path: Path, post: Post
) -> None:
    with post() as mailbox:
        command("digest", *TODAY)
        before = Untouched.of(path)
        second = command("digest", *TODAY)
        assert mailbox.recipients == [AINO, DANA]
        assert (second.code, second.err) == (0, "")
        assert "everybody has theirs already" in second.out
        assert before.holds()
        command("digest", *TUESDAY)
    assert mailbox.recipients == [AINO, DANA, AINO, DANA]


@pytest.mark.parametrize("lost", ["ledger", "tab"])
def test_the_ledger_or_the_sync_tab_alone_keeps_from_a_second_mail(
    path: Path, post: Post, lost: str
) -> None:
    if lost == "tab":
        tracker(path, *ROWS, sync_tab=False)
    with post() as mailbox:
        command("digest", *TODAY)
        if lost == "ledger":
            shutil.rmtree(state())
        assert command("digest", *TODAY).code == 0
    assert mailbox.recipients == [AINO, DANA]


def test_a_row_of_nobody_is_the_coordinator_s_and_strangers_get_no_mail(
    path: Path, post: Post
) -> None:
    with post(digest='coordinator = "Esa Niemi"') as mailbox:
        assert command("digest", path, *TODAY).code == 0
    assert mailbox.recipients == [AINO, DANA, ESA]
    everything = str(mailbox.mails[2][1].get_body(("plain",)))
    assert "Nobody's" in everything
    assert "Harbour Choir" in everything


def test_each_mail_is_addressed_to_its_one_reader(path: Path, post: Post) -> None:
    with post() as mailbox:
        command("digest", path, *TODAY)
    (_, mail), (_, hebrew) = mailbox.mails
    assert (mail["To"], mail["From"]) == (
        f"Aino Virtanen <{AINO}>",
        "Partners <partners@example.org>",
    )
    assert mail["Subject"] == "1 overdue - partners"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Bakery" not in str(mail)
    assert "rtl" in str(hebrew.get_body(("html",)))


# The server fails


@pytest.mark.parametrize("how", ["drop", "421 closed for today", "554 no service"])
def test_nothing_is_lost_when_the_server_is_gone_for_two_runs(
    path: Path, post: Post, how: str
) -> None:
    with post() as mailbox:
        mailbox.fault = Fault("CONNECT", how, times=99)
        for _ in range(2):
            outcome = command("digest", *TODAY, "--json")
            assert outcome.code == 69
            assert outcome.document["sent"] == []
            assert {it["member"] for it in outcome.document["failed"]} == {
                "Aino Virtanen",
                "Dana Levi",
            }
        mailbox.fault = None
        assert command("digest", *TODAY).code == 0
        assert command("digest", *TODAY).code == 0
    assert mailbox.recipients == [AINO, DANA]
    assert command("sync", path, *TODAY, "--json").document["edits"] == []


def test_a_closed_port_is_told_as_such(path: Path, post: Post) -> None:
    with post():
        pass
    outcome = command("digest", path, *TODAY, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (69, "mail_port_closed")


def test_one_that_is_refused_does_not_hold_up_the_others(path: Path, post: Post) -> None:
    with post(fault=Fault("RCPT:aino", "550 no such box", times=99)) as mailbox:
        outcome = command("digest", path, *TODAY, "--json")
        assert (outcome.code, outcome.document["error"]["kind"]) == (69, "some_mails_failed")
        assert outcome.document["sent"] == ["Dana Levi"]
        (failed,) = outcome.document["failed"]
        assert failed["member"] == "Aino Virtanen"
        assert "550 no such box" in failed["message"]
        plain = command("digest", path, *TODAY)
        assert plain.code == 69
        assert "550 no such box" in plain.said
        mailbox.fault = None
        assert command("digest", path, *TODAY).code == 0
    assert mailbox.recipients == [DANA, AINO]


def test_one_that_is_refused_is_told_beside_those_that_were_sent(path: Path, post: Post) -> None:
    with post(fault=Fault("RCPT:aino", "550 no such box", times=99)):
        outcome = command("digest", path, *TODAY)
    assert outcome.code == 69
    assert outcome.out == "Sent 1 digest: Dana Levi\n"
    assert "550 no such box" in " ".join(outcome.err.split())
    assert "Not sent to: Aino Virtanen. The others have theirs." in outcome.err


@pytest.mark.parametrize(
    ("password", "kind"),
    [(None, "mail_password_missing"), ("canary-in-a-coal-mine", "mail_sign_in_refused")],
)
def test_without_the_right_password_it_is_no_permission(
    path: Path,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    password: str | None,
    kind: str,
) -> None:
    if password is None:
        monkeypatch.delenv("SHEETS_SYNC_MAIL_PASSWORD")
    else:
        monkeypatch.setenv("SHEETS_SYNC_MAIL_PASSWORD", password)
    with post() as mailbox:
        for words in (["digest"], ["check"], ["digest", "--test", "Aino Virtanen"]):
            outcome = command(*words, *TODAY, "--json")
            assert (outcome.code, outcome.document["error"]["kind"]) == (77, kind)
    assert mailbox.mails == []
    assert path.exists()


def test_a_sign_in_refused_half_way_marks_those_who_have_theirs(path: Path, post: Post) -> None:
    with post(fault=Fault("RCPT:dana", "535 5.7.30 off", times=1)) as mailbox:
        assert command("digest", path, *TODAY).code == 69
        shutil.rmtree(state())
        assert command("digest", path, *TODAY).code == 0
    assert mailbox.recipients == [AINO, DANA]


# The tracker is busy


def test_a_busy_tracker_still_gets_its_digest_and_says_so_later(
    home: Path, path: Path, post: Post
) -> None:
    lock = home / ".~lock.partners.xlsx#"
    lock.write_text(",aino,pc,23.11.2026 09:00,;", encoding="utf-8")
    before = Untouched.of(path)
    with post() as mailbox:
        outcome = command("digest", *TODAY)
        assert outcome.code == 75
        assert "Sent 2 digests" in outcome.out
        assert "aino is working on it" in outcome.err
        again = command("digest", *TODAY, "--json")
        assert (again.code, again.document["sent"]) == (75, [])
        assert before.holds()
        lock.unlink()
        assert command("sync", *TODAY).code == 0
        shutil.rmtree(state())
        assert command("digest", *TODAY).code == 0
    assert mailbox.recipients == [AINO, DANA]


def test_two_runs_at_once_do_not_mail_everybody_twice(path: Path, post: Post) -> None:
    code = (
        "import sys; from pathlib import Path; from sheets_sync.stores.locks import run_lock\n"
        "with run_lock(Path(sys.argv[1]), sys.argv[2]): print(flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code, str(state()), f"{path}#digest"]
    with (
        post() as mailbox,
        subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other,
    ):
        assert other.stdout is not None
        other.stdout.readline()
        outcome = command("digest", *TODAY, "--json")
        other.communicate()
    assert (outcome.code, outcome.document["error"]["kind"]) == (75, "another_digest")
    assert mailbox.mails == []


def test_no_mail_goes_out_that_could_not_be_noted(path: Path, post: Post) -> None:
    state().mkdir()
    (state() / "digests").write_text("in the way", encoding="utf-8")
    with post() as mailbox:
        outcome = command("digest", path, *TODAY, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (77, "state_folder_unsafe")
    assert mailbox.mails == []


def test_a_ledger_that_fails_half_way_stops_the_sending_and_the_tab_remembers(
    path: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with post() as mailbox:
        with monkeypatch.context() as patched:
            patched.setattr("sheets_sync.ledger._line", full)
            outcome = command("digest", path, *TODAY, "--json")
        assert (outcome.code, outcome.document["sent"]) == (69, ["Aino Virtanen"])
        assert [it["kind"] for it in outcome.document["failed"]] == ["disk_full"]
        assert command("digest", path, *TODAY).code == 0
    assert mailbox.recipients == [AINO, DANA]


# Looking, and trying


@pytest.mark.parametrize("option", ["--dry-run", "--preview"])
def test_looking_writes_nothing_but_the_preview(
    home: Path, path: Path, post: Post, option: str
) -> None:
    words = [option, "preview"] if option == "--preview" else [option]
    with post() as mailbox:
        before, untouched = tree(home.parent), Untouched.of(path)
        for json in ([], ["--json"]):
            outcome = command("digest", *TODAY, *words, *json)
            assert outcome.code == 0
            assert "Aino Virtanen" in outcome.out
            shutil.rmtree(home / "preview", ignore_errors=option == "--dry-run")
        assert tree(home.parent) == before
        assert untouched.holds()
        assert mailbox.mails == []
        command("digest", *TODAY)
        told = command("digest", *TODAY, *words, "--json").document
    assert [it["member"] for it in told["digests"]] == ["Aino Virtanen", "Dana Levi"]


def test_a_preview_holds_a_mail_and_a_page_for_each(home: Path, path: Path) -> None:
    write_settings(home, 9)
    document = command("digest", path, *TODAY, "--preview", "p", "--json").document
    names = [Path(file).name for file in document["files"]]
    assert names == [
        "digest-aino-virtanen.eml",
        "digest-aino-virtanen.html",
        "digest-dana-levi.eml",
        "digest-dana-levi.html",
    ]
    assert all((home / file).stat().st_size > 1000 for file in document["files"])


def test_a_test_goes_to_one_and_counts_as_no_digest(home: Path, path: Path, post: Post) -> None:
    with post() as mailbox:
        before, untouched = tree(home.parent), Untouched.of(path)
        outcome = command("digest", *TODAY, "--test", "aino virtanen")
        assert (outcome.code, mailbox.recipients) == (0, [AINO])
        assert mailbox.mails[0][1]["Subject"].startswith("Test: ")
        assert tree(home.parent) == before
        assert untouched.holds()
        command("digest", *TODAY, "--test", "Esa Niemi")  # who has nothing due
        assert mailbox.recipients == [AINO, ESA]
        command("digest", *TODAY)
    assert mailbox.recipients == [AINO, ESA, AINO, DANA]
    assert mailbox.mails[0][1]["Message-ID"] != mailbox.mails[2][1]["Message-ID"]


def test_more_mails_than_allowed_are_none(path: Path, post: Post) -> None:
    with post(digest="max_mails = 1") as mailbox:
        outcome = command("digest", path, *TODAY, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (2, "too_many_mails")
    assert mailbox.mails == []


def test_on_the_day_of_the_all_clear_everybody_hears(path: Path, post: Post) -> None:
    with post(digest='all_clear = "mon"') as mailbox:
        command("digest", path, *TODAY)
        command("digest", path, *TUESDAY)
    assert mailbox.recipients == [AINO, DANA, ESA, AINO, DANA]


def test_by_hand_it_goes_on_days_off_too(path: Path, post: Post) -> None:
    with post() as mailbox:
        command("digest", path, "--today", "2026-11-22")
    assert date(2026, 11, 22).weekday() == 6
    assert mailbox.recipients == [AINO, DANA]


def test_without_anything_due_it_says_so_and_needs_no_server(home: Path) -> None:
    tracker(home / "partners.xlsx", FINE)
    write_settings(home, 9)
    for words in ([], ["--dry-run"]):
        outcome = command("digest", *TODAY, *words)
        assert (outcome.code, outcome.err) == (0, "")
        assert "No digest is due" in outcome.out or "No digest would go out" in outcome.out


# Check


def test_check_tries_the_mail_server_and_sends_nothing(home: Path, path: Path, post: Post) -> None:
    with post() as mailbox:
        before = tree(home.parent)
        outcome = command("check", path, *TODAY)
        assert tree(home.parent) == before
    assert "connection, encryption and sign-in work; no mail was sent" in outcome.said
    assert (outcome.code, mailbox.mails) == (3, [])
    assert mailbox.secrets == [PASSWORD.encode()]


def test_check_tells_of_the_rows_too_when_the_server_is_gone(path: Path, post: Post) -> None:
    with post():
        pass
    document = command("check", path, *TODAY, "--json").document
    assert (document["error"]["exit"], document["error"]["kind"]) == (69, "mail_port_closed")
    assert len(document["rows"]) == len(ROWS)
    assert any(it["kind"] == "mail_port_closed" for it in document["findings"])
    assert "Harbour Choir" not in command("check", path, *TODAY).err


# Nothing leaks


CANARIES: Mapping[str, str] = {
    "SHEETS_SYNC_MAIL_PASSWORD": "canary-1-kanarialintu",
    "SHEETS_SYNC_MAIL_TOKEN": "ya29.canary-2-kanarialintu",
}
FAULTS = ("CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "DOT", "QUIT")


@pytest.mark.parametrize(
    "auth_and_stage", [*product(("password", "xoauth2"), ("", *FAULTS))], ids=str
)
def test_no_secret_appears_in_output_or_files(
    home: Path,
    path: Path,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    auth_and_stage: tuple[str, str],
) -> None:
    auth, stage = auth_and_stage
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tests.smtp_server.PASSWORD", CANARIES["SHEETS_SYNC_MAIL_PASSWORD"])
    fault = Fault(stage, "535 5.7.8 no", times=99) if stage else None
    with post(mail=f'auth = "{auth}"', fault=fault):
        told = [
            command(*words, path, *TODAY, *more)
            for words in (["digest"], ["check"])
            for more in ([], ["--json"], ["-v"])
        ]
    left = b"".join(data for data in tree(home.parent).values() if data)
    everything = "".join(outcome.out + outcome.err for outcome in told).encode() + left
    assert b"kanarialintu" not in everything
    assert b"Y2FuYXJ5" not in everything  # the beginning of a canary in base 64
