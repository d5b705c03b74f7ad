"""Bad input of every kind: one sentence and a next step, the right exit code, nothing changed."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from sheets_sync.model import Cell
from tests.bad_files import FILES, unzipped
from tests.command_line import (
    FINE,
    OVERDUE,
    ROOT,
    TODAY,
    Outcome,
    command,
    environment,
    process,
    settings,
    tracker,
)
from tests.report_shape import ERROR, faults
from tests.stores.workbooks import typed

LIMIT = 5.0
"""Seconds."""
NAME = "partners.xlsx"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that seems half saved is read again at once."""
    monkeypatch.setattr("sheets_sync.stores.excel.PAUSE", 0.0)


class Found(NamedTuple):
    """A file or folder as it stands: its bytes, if it has any, and its time."""

    data: bytes | None
    modified: int


def everything(folder: Path) -> Mapping[str, Found]:
    """All files and folders of a folder, itself too."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        state = path.lstat()
        data = path.read_bytes() if path.is_file() and state.st_size < 10**7 else None
        found[str(path.relative_to(folder))] = Found(data, state.st_mtime_ns)
    return found


def refused(*words: str | Path, code: int, kind: str, folder: Path | None = None) -> Outcome:
    """Run a command that must be refused, for people and for machines, and look at all it did."""
    folder = folder or Path.cwd()
    before, began = everything(folder), time.monotonic()
    plain = command(*words)
    took = time.monotonic() - began
    as_json = command(*words, "--json")
    assert took < LIMIT
    assert everything(folder) == before
    look_at(plain, as_json, code=code, kind=kind)
    # check tells what it could see all the same, once it has its settings
    assert bool(plain.out) == ("findings" in as_json.document)
    assert words[0] == "check" or plain.out == ""
    return as_json


def look_at(plain: Outcome, as_json: Outcome, *, code: int, kind: str) -> None:
    """One sentence and the next step on stderr, and the same as JSON."""
    error = as_json.document["error"]
    assert list(faults({"error": error}, ERROR)) == []
    assert (plain.code, as_json.code, error["exit"]) == (code, code, code)
    assert error["kind"] == kind
    for outcome in (plain, as_json):
        assert "Traceback" not in outcome.err
        told = " ".join(outcome.err.split())
        if code == 65:  # a refusal tells of the inside of the tracker, so it is named before
            told = told.removeprefix(f"Tracker: {error['tracker']} ")
        assert told == " ".join(f"{error['message']} What to do: {error['next']}".split())
    assert not {char for char in plain.err if not char.isprintable()} - {"\n"}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_is_refused_and_left_alone(home: Path, what: str) -> None:
    kind, make = FILES[what]
    make(home / NAME)
    refused("sync", NAME, *TODAY, code=65, kind=kind)


@pytest.mark.parametrize("what", ["half a file", "a far cell", "two stages", "a password"])
@pytest.mark.parametrize(
    "words", [["check"], ["sync", "--dry-run"], ["explain"], ["demo"], ["watch", "--once"]], ids=str
)
def test_a_bad_file_is_refused_by_every_command(home: Path, what: str, words: list[str]) -> None:
    kind, make = FILES[what]
    make(home / NAME)
    name, *options = words
    arguments = ["."] if name == "demo" else [NAME, "Choir"] if name == "explain" else [NAME]
    if name == "watch":
        assert command(name, *arguments, *options).code == 65
    else:
        refused(name, *arguments, *options, code=65, kind=kind)


class Case(NamedTuple):
    """What is typed, what comes of it, and what is put into the folder before."""

    words: tuple[str, ...]
    code: int
    kind: str
    make: Callable[[Path], object] = lambda _: None
    variables: Mapping[str, str] = {}


def beside(name: str, text: str = "") -> Callable[[Path], object]:
    """A tracker with a file beside it."""

    def make(home: Path) -> None:
        tracker(home / NAME, OVERDUE)
        (home / name).write_text(text, encoding="utf-8")

    return make


def linked(target: str) -> Callable[[Path], object]:
    """A link in the tracker's place."""
    return lambda home: (home / NAME).symlink_to(target)


def configured(text: str) -> Callable[[Path], object]:
    """A tracker, and settings."""

    def make(home: Path) -> None:
        tracker(home / NAME, OVERDUE, FINE)
        settings(home / "config", text)

    return make


def grown(home: Path) -> None:
    """A file larger than any tracker, which takes no room on the disk."""
    with (home / NAME).open("wb") as file:
        file.truncate(100_000_001)


def suspicious(home: Path) -> None:
    """A tracker from which somebody has cut most partners."""
    rows = [{"partner": f"P{n}", "stage": "Idea", "status": "To do"} for n in range(4)]
    tracker(home / NAME, *rows, *({"status": "Overdue"} for _ in range(20)))


TEAM = '[team]\n"Aino Virtanen" = "aino@example.org"\n'
MAIL = """[mail]
host = "127.0.0.1"
port = 9
security = "none"
auth = "none"
from = "p@example.org"
"""
SHEET = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefgh/edit"
SECRET = "kanarialintu-7731"  # noqa: S105 - it must be refused
DROPBOX = "partners (Aino's conflicted copy 2026-11-20).xlsx"
NEXTCLOUD = "partners (conflicted copy 2026-11-20 101010).xlsx"
SYNCTHING = "partners.sync-conflict-20261120-101010-ABCDEF1.xlsx"
EXCEL_LOCK = "\x05Aino "
OFFICE_LOCK = ",aino,pc,23.11.2026 09:00,file:///home/aino;"

CASES: Mapping[str, Case] = {
    # Where the tracker is
    "no such file": Case(("sync", NAME), 66, "no_such_file"),
    "no such folder": Case(("sync", f"none/{NAME}"), 66, "no_such_file"),
    "a file as folder": Case(("sync", f"{NAME}/x.xlsx"), 66, "no_such_file", beside("x")),
    "a folder": Case(("sync", NAME), 65, "is_a_folder", lambda home: (home / NAME).mkdir()),
    "this folder": Case(("sync", "."), 65, "is_a_folder"),
    "a name too long": Case(("sync", "x" * 300 + ".xlsx"), 66, "no_such_file"),
    "no name": Case(("sync",), 2, "no_tracker_named"),
    "a blank name": Case(("sync", ""), 66, "no_such_tracker"),
    "a word": Case(("sync", "partners"), 66, "no_such_tracker"),
    "a link to nothing": Case(("sync", NAME), 66, "no_such_file", linked("gone.xlsx")),
    "a link to itself": Case(("sync", NAME), 66, "no_such_file", linked(NAME)),
    "a giant": Case(("sync", NAME), 65, "file_too_large", grown),
    "a web address": Case(("sync", "https://example.org/x"), 66, "no_such_file"),
    # Who has it
    "open in Excel": Case(("sync", NAME), 75, "open_elsewhere", beside(f"~${NAME}", EXCEL_LOCK)),
    "open in LibreOffice": Case(
        ("sync", NAME), 75, "open_elsewhere", beside(f".~lock.{NAME}#", OFFICE_LOCK)
    ),
    "a lock of nobody": Case(("sync", NAME), 75, "open_by_somebody", beside(f"~${NAME}")),
    "a copy by Dropbox": Case(
        ("sync", NAME), 75, "conflict_copy", beside(DROPBOX)
    ),
    "a copy by Nextcloud": Case(
        ("sync", NAME), 75, "conflict_copy", beside(NEXTCLOUD)
    ),
    "a copy by Syncthing": Case(
        ("sync", NAME), 75, "conflict_copy", beside(SYNCTHING)
    ),
    # What speaks against writing
    "much is gone": Case(("sync", NAME), 65, "suspicious", suspicious),
    "much is gone, dry": Case(("sync", NAME, "--dry-run"), 65, "suspicious", suspicious),
    # What is typed
    "an unknown command": Case(("sink", NAME), 2, "usage"),
    "an unknown option": Case(("sync", NAME, "--dryrun"), 2, "usage"),
    "two trackers": Case(("sync", "a.xlsx", "b.xlsx"), 2, "usage"),
    "explain whom": Case(("explain", NAME), 2, "usage"),
    "a number in letters": Case(("restore", NAME, "--number", "one"), 2, "usage"),
    "a month 13": Case(("sync", NAME, "--today", "2026-13-01"), 2, "wrong_date", beside("x")),
    "a Finnish date": Case(("sync", NAME, "--today", "1.12.2026"), 2, "wrong_date", beside("x")),
    "a day long past": Case(("sync", NAME, "--today", "0001-01-01"), 2, "wrong_date", beside("x")),
    "a day far off": Case(("sync", NAME, "--today", "9999-12-31"), 2, "wrong_date", beside("x")),
    "another language": Case(("sync", NAME, "--language", "sv"), 2, "wrong_language", beside("x")),
    "nobody": Case(("explain", NAME, "Zzz"), 2, "unknown_partner", beside("x")),
    "a row of nobody": Case(("explain", NAME, "99"), 2, "unknown_partner", beside("x")),
    "anybody": Case(("explain", NAME, "i"), 2, "several_partners", configured("")),
    "a blank partner": Case(("explain", NAME, " "), 2, "unknown_partner", beside("x")),
    # What is made
    "init onto a file": Case(("init", NAME), 2, "exists", beside("x")),
    "init onto a link": Case(("init", NAME), 2, "exists", linked("gone.xlsx")),
    "init of an .xls": Case(("init", "partners.xls"), 2, "not_xlsx"),
    "init nowhere": Case(("init", "none/p.xlsx"), 66, "no_such_folder"),
    "a demo in a file": Case(("demo", NAME), 2, "not_a_folder", beside("x")),
    "a preview in a file": Case(
        ("digest", NAME, "--preview", NAME), 2, "not_a_folder", configured(TEAM)
    ),
    "no backups": Case(("restore", NAME), 2, "no_backups", beside("x")),
    # Settings
    "no such settings": Case(("sync", NAME, "--config", "none.toml"), 2, "settings_missing"),
    "settings named in the environment": Case(
        ("sync", NAME), 2, "settings_missing", variables={"SHEETS_SYNC_CONFIG": "none.toml"}
    ),
    "a folder of settings": Case(("sync", NAME, "--config", "."), 2, "settings_unreadable"),
    "settings in a workbook": Case(
        ("sync", NAME, "--config", NAME), 2, "settings_unreadable", beside("x")
    ),
    "an unknown setting": Case(("sync", NAME), 2, "settings_invalid", configured("langage = 1")),
    "broken TOML": Case(("sync", NAME), 2, "settings_invalid", configured('tracker = "p.xlsx')),
    "a Windows path": Case(
        ("sync", NAME), 2, "settings_invalid", configured('tracker = "C:\\Users\\x.xlsx"')
    ),
    "a number as text": Case(
        ("sync", NAME), 2, "settings_invalid", configured('[playbook]\nkeep_in_touch = "30"')
    ),
    "an unknown country": Case(("sync", NAME), 2, "settings_invalid", configured('country = "XX"')),
    "an unknown zone": Case(
        ("sync", NAME), 2, "settings_invalid", configured('timezone = "Europe/Turku"')
    ),
    "a stranger coordinates": Case(
        ("sync", NAME), 2, "settings_invalid", configured(f'{TEAM}[digest]\ncoordinator = "Dana"')
    ),
    "a password": Case(
        ("sync", NAME), 2, "settings_invalid", configured(f'{MAIL}password = "{SECRET}"')
    ),
    "mail in clear": Case(
        ("sync", NAME),
        2,
        "settings_invalid",
        configured(MAIL.replace("127.0.0.1", "smtp.example.org")),
    ),
    # The digest
    "no team": Case(("digest", NAME), 2, "no_team", beside("x")),
    "no mail server": Case(("digest", NAME), 2, "no_mail_settings", configured(TEAM)),
    "nobody of the team": Case(
        ("digest", NAME, "--test", "Dana"), 2, "unknown_member", configured(TEAM + MAIL)
    ),
    "a password file that is gone": Case(
        ("digest", NAME),
        2,
        "secret_file_missing",
        configured(TEAM + MAIL),
        {"SHEETS_SYNC_MAIL_PASSWORD_FILE": "none"},
    ),
    "a password file that is blank": Case(
        ("digest", NAME),
        2,
        "secret_file_unreadable",
        configured(TEAM + MAIL),
        {"SHEETS_SYNC_MAIL_PASSWORD_FILE": os.devnull},
    ),
    # Google
    "an address without a sheet": Case(
        ("sync", "https://docs.google.com/spreadsheets/u/0/"), 66, "google_address"
    ),
    "another endpoint": Case(
        ("sync", SHEET),
        2,
        "endpoint_not_loopback",
        variables={"SHEETS_SYNC_GOOGLE_ENDPOINT": "https://example.org"},
    ),
    "a key that is gone": Case(
        ("sync", SHEET), 2, "key_missing", configured('[google]\ncredentials = "key.json"')
    ),
    "a key that is none": Case(
        ("sync", SHEET), 2, "key_wrong_kind", configured('[google]\ncredentials = "settings.toml"')
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_bad_input_is_refused_with_a_sentence_and_a_next_step(
    home: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    case = CASES[what]
    case.make(home)
    for name, value in case.variables.items():
        monkeypatch.setenv(name, value)
    outcome = refused(*case.words, code=case.code, kind=case.kind)
    assert SECRET not in outcome.err + outcome.out


def test_setup_has_nothing_to_say_to_a_machine(home: Path) -> None:
    outcome = command("setup", "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (2, "setup_asks")
    assert list(home.iterdir()) == []


def test_a_pipe_in_the_tracker_s_place_is_no_tracker(home: Path) -> None:
    os.mkfifo(home / NAME)
    refused("sync", NAME, code=65, kind="not_a_file")


def test_another_run_is_waited_for_by_nobody(home: Path) -> None:
    path = tracker(home / NAME, OVERDUE)
    code = (
        "import sys; from pathlib import Path; from sheets_sync.stores.locks import run_lock\n"
        "with run_lock(Path(sys.argv[1]), sys.argv[2]): print(flush=True); sys.stdin.read()"
    )
    state = os.environ["SHEETS_SYNC_STATE"]
    words = [sys.executable, "-c", code, state, str(path)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        refused("sync", NAME, *TODAY, code=75, kind="another_run")
        other.communicate()
    assert command("sync", NAME, *TODAY).code == 0


@pytest.mark.parametrize("what", ["file", "link"])
def test_a_state_folder_that_is_none_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    tracker(home / NAME, OVERDUE)
    state = home / "state"
    if what == "file":
        state.write_text("not yours", encoding="utf-8")
    else:
        state.mkdir()
        (state / "backups").symlink_to(home)
        (state / "locks").symlink_to(home)
    monkeypatch.setenv("SHEETS_SYNC_STATE", str(state))
    refused("sync", NAME, *TODAY, code=77, kind="state_folder_unsafe")


# Rights, which an administrator's process would not feel


def without_privileges() -> None:
    """Give up, before the command starts, what lets root pass over rights on files."""
    library = ctypes.CDLL(None, use_errno=True)
    drop_from_bounding_set, over_rights = 24, (1, 2, 3)  # CAP_DAC_OVERRIDE, _READ_SEARCH, _FOWNER
    for capability in over_rights:
        if library.prctl(drop_from_bounding_set, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


def as_a_person(*words: str | Path) -> Outcome:
    """Run a command in a process that rights hold back."""
    if os.name == "nt":
        pytest.skip("rights on files are other things on Windows")
    root = os.geteuid() == 0
    if root and not sys.platform.startswith("linux"):
        pytest.skip("root cannot be held back here")
    return process(*words, preexec_fn=without_privileges if root else None)


@pytest.mark.parametrize(
    ("what", "mode", "kind"),
    [
        ("file", 0o444, "not_writable"),
        ("file", 0o000, "not_readable"),
        ("folder", 0o555, "folder_not_writable"),
        ("folder", 0o000, "not_readable"),
        ("state", 0o555, "state_not_writable"),
        ("state", 0o000, "state_not_writable"),
    ],
)
def test_what_may_not_be_read_or_written_is_said_and_left_alone(
    home: Path, what: str, mode: int, kind: str
) -> None:
    share = home / "share"
    share.mkdir()
    path = tracker(share / NAME, OVERDUE)
    state = Path(os.environ["SHEETS_SYNC_STATE"])
    state.mkdir()
    place = {"file": path, "folder": share, "state": state}[what]
    before = everything(share)
    place.chmod(mode)
    try:
        plain = as_a_person("sync", path, *TODAY)
        as_json = as_a_person("sync", path, *TODAY, "--json")
    finally:
        place.chmod(0o755)
    look_at(plain, as_json, code=77, kind=kind)
    assert everything(share) == before


def test_a_folder_that_may_not_be_written_gets_no_new_tracker(home: Path) -> None:
    home.chmod(0o555)
    try:
        plain = as_a_person("init", home / NAME)
        as_json = as_a_person("demo", home / "demo", "--json")
    finally:
        home.chmod(0o755)
    assert (plain.code, as_json.code) == (77, 77)
    assert as_json.document["error"]["kind"] == "cannot_create"
    assert list(home.iterdir()) == []


def test_a_broken_file_is_looked_at_once_more_and_told_within_its_time(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    FILES["half a file"][1](home / NAME)
    began = time.monotonic()
    outcome = process("sync", home / NAME, env=environment(SHEETS_SYNC_STATE=str(home / "state")))
    assert (outcome.code, outcome.out) == (65, "")
    assert 1.0 < time.monotonic() - began < LIMIT


# What is somebody else's


OWN = {
    "partner": "Harbour Choir",
    "stage": "Contacted",
    "status": "waiting for Ben",
    "next_action": "buy flowers",
    "due": "after Easter",
}


def test_columns_that_somebody_filled_by_hand_are_not_taken_over(home: Path) -> None:
    tracker(home / NAME, OWN, {**OWN, "partner": "Swimming Hall", "due": None})
    for words in (["sync"], ["sync", "--dry-run"]):
        outcome = refused(*words, NAME, *TODAY, code=65, kind="not_taken_over")
        assert "Status" in outcome.document["error"]["message"]


def test_check_says_that_columns_are_somebody_s_own(home: Path) -> None:
    tracker(home / NAME, OWN)
    before = everything(home)
    outcome = command("check", NAME, *TODAY, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (65, "not_taken_over")
    assert outcome.document["rows"][0]["partner"] == "Harbour Choir"
    assert everything(home) == before


def test_force_says_that_the_columns_are_the_program_s_after_all(home: Path) -> None:
    tracker(home / NAME, OWN)
    document = command("sync", NAME, *TODAY, "--force", "--json").document
    assert document["edits"][0]["before"] == "waiting for Ben"


@pytest.mark.parametrize("name", ["Sync", "Synkronointi", "סנכרון", "Partner summary"])
def test_a_tab_of_theirs_by_our_name_is_left_alone_with_a_note(home: Path, name: str) -> None:
    theirs: list[list[Cell]] = [
        ["Buses to the fair"],
        [],
        ["Line 3", "8:15"],
        [],
        ["Name", "Seats"],
        ["Aino", 2],
    ]
    path = tracker(home / NAME, OVERDUE, sync_tab=False, more_tabs={name: theirs})
    parts = _part(path, 2)
    document = command("sync", NAME, *TODAY, "--json").document
    assert document["written"] > 0
    assert {edit["sheet"] for edit in document["edits"]} == {"Partners"}
    assert any(name in note and "left alone" in note for note in document["notes"])
    assert _part(path, 2) == parts
    assert name in command("check", NAME, *TODAY).out


def _part(path: Path, number: int) -> bytes:
    return unzipped(path.read_bytes())[f"xl/worksheets/sheet{number}.xml"]


def test_a_formula_of_theirs_in_a_column_of_ours_stays_with_a_note(home: Path) -> None:
    path = tracker(home / NAME, OVERDUE, FINE)
    assert command("sync", NAME, "--today", "2026-11-20").code == 0
    place = "H2"  # Due
    path.write_bytes(typed(path.read_bytes(), "Partners", place, "=1+1"))
    document = command("sync", NAME, *TODAY, "--json").document
    assert any(place in note for note in document["notes"])
    assert place not in {edit["cell"] for edit in document["edits"]}
