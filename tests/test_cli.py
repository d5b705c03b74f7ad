"""The command line: what each option does, what is printed where, and the exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sheets_sync import __version__, cli, errors
from sheets_sync.stores import google
from tests.command_line import (
    FINE,
    MONDAY,
    OVERDUE,
    ROOT,
    TODAY,
    Outcome,
    Untouched,
    command,
    environment,
    process,
    settings,
    tracker,
    tree,
)
from tests.report_shape import ERROR, REPORT, agreement_faults, faults

COMMANDS = ("sync", "demo", "init", "check", "explain", "digest", "watch", "setup", "restore")


def test_each_kind_of_error_has_the_exit_code_of_the_interface() -> None:
    codes = {
        errors.UsageError: 2, errors.SettingsError: 2, errors.TrackerError: 65,
        errors.Refused: 65, errors.NotATracker: 65, errors.NotTakenOver: 65,
        errors.Suspicious: 65, errors.NoSuchTracker: 66, errors.Unreachable: 69,
        errors.NoMailServer: 69, errors.Busy: 75, errors.SheetChanged: 75, errors.Forbidden: 77,
        errors.SheetsSyncError: 1,
    }  # fmt: skip
    assert {kind: cli.exit_code(kind("unexpected")) for kind in codes} == codes


# Without a command


def test_no_arguments_show_the_help(home: Path) -> None:
    outcome = command()
    assert outcome.code == 2
    assert all(name in outcome.out for name in COMMANDS)
    assert outcome.err == ""
    assert tree(home) == {}


@pytest.mark.parametrize("word", ["--help", "-h"])
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_there_for_every_command(home: Path, name: str, word: str) -> None:
    outcome = command(*filter(None, [name, word]))
    assert (outcome.code, outcome.err) == (0, "")
    assert "Usage: sheets-sync" in outcome.out
    assert "..." not in outcome.out.replace("[ARGS]...", "")
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert tree(home) == {}


def test_the_version_is_told(home: Path) -> None:
    assert command("--version") == Outcome(0, f"sheets-sync {__version__}\n", "")
    assert tree(home) == {}


@pytest.mark.parametrize("absent", ["adopt", "rehearse", "fleet"])
def test_a_command_that_has_not_come_yet_is_not_there(home: Path, absent: str) -> None:
    assert absent not in command("--help").out
    assert command(absent, home / "x.xlsx").code == 2


def test_run_py_and_the_installed_command_are_the_same() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'sheets-sync = "sheets_sync.cli:main"' in text
    assert "from sheets_sync.cli import main" in (ROOT / "run.py").read_text(encoding="utf-8")


# Sync


def test_sync_writes_and_a_second_sync_leaves_every_byte_alone(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE, FINE)
    first = command("sync", path, *TODAY, "--json").document
    synced = Untouched.of(path)
    second = command("sync", path, *TODAY, "--json").document
    assert first["written"] == len(first["edits"]) > 0
    assert (second["edits"], second["written"], second["rounds"]) == ([], 0, 0)
    assert synced.holds()
    assert list(home.iterdir()) == [path]


def test_the_report_is_as_the_interface_says(home: Path) -> None:
    path = _rich_tracker(home)
    for words in (["sync", "--dry-run"], ["sync"], ["sync"]):
        report = command(*words, path, *TODAY, "--json").document
        assert list(faults(report, REPORT)) == []
        assert list(agreement_faults(report)) == []
    assert {row["status"] for row in report["rows"]} > {"overdue", "fix_data", "closed"}


def test_check_reports_like_a_dry_run_with_findings_beside(home: Path) -> None:
    path = _rich_tracker(home)
    dry_run = command("sync", path, "--dry-run", *TODAY, "--json").document
    check = command("check", path, *TODAY, "--json").document
    findings = check.pop("findings")
    assert check == dry_run
    assert {"level", "kind", "message", "next"} == {key for it in findings for key in it}


def _rich_tracker(home: Path) -> Path:
    assert command("init", home / "partners.xlsx", "--sample", *TODAY).code == 0
    return home / "partners.xlsx"


def test_a_dry_run_writes_nothing_anywhere(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    before = Untouched.of(path)
    dry = command("sync", path, "--dry-run", *TODAY, "--json").document
    assert (dry["dry_run"], dry["written"], dry["rounds"]) == (True, 0, 0)
    assert before.holds()
    assert list(home.parent.iterdir()) == [home]
    wet = command("sync", path, *TODAY, "--json").document
    assert wet["edits"] == dry["edits"]


def test_a_dry_run_shows_every_cell_old_and_new(home: Path) -> None:
    path = tracker(home / "partners.xlsx", *({**OVERDUE, "partner": f"P{n}"} for n in range(9)))
    command("sync", path, *TODAY)
    outcome = command("sync", path, "--dry-run", "--today", "2026-11-25")
    assert outcome.out.count("20 → 22") == 9
    assert "dry run" in outcome.out


def test_a_sync_tells_what_matters_and_what_it_wrote(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE, FINE)
    outcome = command("sync", path, *TODAY)
    assert (outcome.code, outcome.err) == (0, "")
    assert "Overdue by 20 days: Harbour Choir" in outcome.out
    assert "cells were written; cells that people own are as they were." in outcome.out
    assert "Sync" in outcome.out.splitlines()[-6]  # the program's own tab is named as such


def test_more_cells_than_fit_are_counted_and_v_shows_them(home: Path) -> None:
    rows = [{**OVERDUE, "partner": f"P{number}"} for number in range(9)]
    path = tracker(home / "partners.xlsx", *rows)
    assert "-v shows all" in command("sync", path, "--today", "2026-11-20").out
    outcome = command("sync", path, *TODAY, "-v")
    assert "-v shows all" not in outcome.out
    assert outcome.out.count("→") >= 9


def test_today_is_what_was_typed(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    for today, late in (("2026-11-03", None), ("2026-11-04", 1), ("2026-11-23", 20)):
        document = command("sync", path, "--today", today, "--dry-run", "--json").document
        assert (document["today"], document["rows"][0]["days_overdue"]) == (today, late)


def test_without_today_the_clock_of_the_settings_zone_counts(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    def today_by_clock(timezone: str | None) -> date:
        seen.append(timezone)
        return MONDAY

    monkeypatch.setattr("sheets_sync.desk.today_by_clock", today_by_clock)
    settings(home / "config", 'timezone = "Asia/Tokyo"')
    path = tracker(home / "partners.xlsx", OVERDUE)
    assert command("sync", path, "--json").document["today"] == "2026-11-23"
    assert seen == ["Asia/Tokyo"]


def test_force_insists_on_a_suspicious_plan(home: Path) -> None:
    rows = [{"partner": f"P{n}", "stage": "Idea", "status": "To do"} for n in range(24)]
    gone = [{"status": "To do"} for _ in range(16)]
    path = tracker(home / "partners.xlsx", *rows[:8], *gone)
    before = Untouched.of(path)
    for words in (("sync", "--dry-run"), ("sync",), ("check",)):
        outcome = command(*words, path, *TODAY, "--json")
        assert (outcome.code, outcome.document["error"]["kind"]) == (65, "suspicious")
        assert before.holds()
    assert command("sync", path, "--dry-run", "--force", *TODAY).code == 0
    assert command("sync", path, "--force", *TODAY).code == 0
    assert not before.holds()


def test_ignore_lock_goes_on_beside_a_lock_file(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    (home / ".~lock.partners.xlsx#").write_text(",aino,pc,23.11.2026 09:00,;", encoding="utf-8")
    assert command("sync", path, *TODAY).code == 75
    assert command("sync", path, *TODAY, "--ignore-lock").code == 0


# JSON and messages


def test_with_json_there_is_one_document_on_stdout_and_nothing_on_stderr(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    outcome = command("sync", path, *TODAY, "--json")
    assert json.loads(outcome.out)["counts"]["overdue"] == 1
    assert outcome.out.endswith("}\n")
    assert outcome.err == ""


def test_messages_go_to_stderr_with_json_and_without(home: Path) -> None:
    missing = home / "missing.xlsx"
    plain, as_json = command("sync", missing), command("sync", missing, "--json")
    assert plain.out == ""
    assert plain.err == as_json.err
    assert "There is no file here:" in plain.err
    assert list(faults(as_json.document, ERROR)) == []
    error = as_json.document["error"]
    assert (error["exit"], error["kind"]) == (66, "no_such_file") == (plain.code, "no_such_file")
    told = " ".join(plain.err.split())
    assert told == f"{error['message']} What to do: {error['next']}"


@pytest.mark.parametrize(
    "words",
    [
        ["sync", "--nonsense"],
        ["sync", "a.xlsx", "b.xlsx"],
        ["nonsense"],
        ["explain", "a.xlsx"],
        ["restore", "a.xlsx", "--number", "first"],
        ["restore", "a.xlsx", "--number", "0"],
    ],
    ids=" ".join,
)
def test_what_the_command_line_does_not_know_is_a_usage_error(home: Path, words: list[str]) -> None:
    outcome = command(*words, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (2, "usage")
    assert "--help" in outcome.document["error"]["next"]
    assert "The command line was not understood" in outcome.err
    assert tree(home) == {}


def test_v_adds_the_traceback_and_nothing_else_does(home: Path) -> None:
    missing = home / "missing.xlsx"
    assert "Traceback" not in command("sync", missing).err
    for option in ("-v", "--verbose"):
        outcome = command("sync", missing, option)
        assert "Traceback (most recent call last):" in outcome.err
        assert "NoSuchTracker" in outcome.err


def test_the_unexpected_is_told_in_a_sentence_too(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object, **__: object) -> None:
        message = "a wire came\x1b[31m loose"
        raise RuntimeError(message)

    monkeypatch.setattr("sheets_sync.commands.sync.preview", explode)
    path = tracker(home / "partners.xlsx", OVERDUE)
    outcome = command("sync", path, "--dry-run", "--json")
    assert outcome.code == outcome.document["error"]["exit"] == 1
    assert "RuntimeError: a wire came" in outcome.document["error"]["message"]
    assert "Traceback" not in outcome.err
    verbose = command("sync", path, "--dry-run", "-v")
    assert "explode" in verbose.err
    assert "\x1b" not in verbose.err + outcome.out


def test_a_stop_by_hand_is_told_and_is_130(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sheets_sync.commands.sync.preview", interrupt)
    outcome = command("sync", tracker(home / "partners.xlsx", OVERDUE), "--dry-run", "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (130, "interrupted")


# Language


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Checked"), ("fi", "Tarkistettiin"), ("he", "נבדק")]
)
def test_the_terminal_speaks_the_language_asked_for_and_rows_the_tracker_s(
    home: Path, language: str, word: str
) -> None:
    path = tracker(home / "kumppanit.xlsx", {**OVERDUE, "stage": "Keskustelussa"}, language="fi")
    outcome = command("sync", path, *TODAY, "--dry-run", "--language", language)
    assert outcome.out.startswith(word)
    document = command("sync", path, *TODAY, "--dry-run", "--json", "--language", language).document
    assert document["language"] == "fi"
    assert document["edits"][0]["after"] == "Myöhässä"


@pytest.mark.parametrize(
    ("options", "locale", "word"),
    [
        (["--language", "en", "--config", "he.toml"], "fi_FI.UTF-8", "Checked"),
        (["--config", "he.toml"], "fi_FI.UTF-8", "נבדק"),
        ([], "fi_FI.UTF-8", "Tarkistettiin"),
        ([], "he_IL", "נבדק"),
        ([], "sv_SE.UTF-8", "Checked"),
        ([], "C", "Checked"),
    ],
)
def test_the_terminal_s_language_is_asked_for_or_set_or_the_locale_s(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    locale: str,
    word: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    settings(home, 'language = "he"', "he.toml")
    path = tracker(home / "partners.xlsx", OVERDUE)
    assert command("check", path, *options).out.startswith(word)


def test_errors_are_told_in_the_language_of_the_settings_too(home: Path) -> None:
    settings(home / "config", 'language = "fi"')
    finnish = command("sync", home / "missing.xlsx", "--json")
    english = command("sync", home / "missing.xlsx", "--json", "--language", "en")
    assert "There is no file here" in english.err
    assert "What to do:" in english.err
    assert "What to do:" not in finnish.err
    assert finnish.document["error"]["kind"] == english.document["error"]["kind"]


@pytest.mark.usefixtures("home")
def test_what_comes_before_the_settings_is_told_in_the_language_asked_for() -> None:
    outcome = command("sync", "x.xlsx", "--nonsense", "--language=fi")
    assert "What to do:" not in outcome.err


# Which tracker


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("partners.xlsx", "no_such_file"),
        ("partners.XLSM", "no_such_file"),
        ("some/folder/partners", "no_such_file"),
        ("./partners", "no_such_file"),
        ("partners", "no_such_tracker"),
        ("", "no_such_tracker"),
        ("1AbC-too-short", "no_such_tracker"),
        ("not a name of anything there is, is it?", "no_such_tracker"),
    ],
)
def test_what_is_neither_a_file_nor_a_google_sheet_is_66(home: Path, name: str, kind: str) -> None:
    outcome = command("sync", name, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (66, kind)
    assert tree(home) == {}


@pytest.mark.parametrize(
    "name",
    [
        "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789-abcdef/edit",
        "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789-abcdef",
        "1AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789-abcdef",
    ],
)
def test_an_address_or_a_long_id_is_a_google_sheet(name: str) -> None:
    assert google.is_google(name)


def test_a_file_that_is_there_comes_before_an_id(home: Path) -> None:
    name = "A" * 30
    tracker(home / name, OVERDUE)
    assert command("sync", name, "--json", *TODAY).document["tracker"] == name


def test_without_a_name_the_settings_tracker_is_meant(home: Path) -> None:
    outcome = command("sync", "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (2, "no_tracker_named")
    settings(home / "config", 'tracker = "../partners.xlsx"')
    path = tracker(home / "partners.xlsx", OVERDUE)
    assert command("sync", "--json", *TODAY).document["tracker"] == str(path)


def test_a_name_that_an_unset_variable_left_blank_is_not_the_settings_tracker(home: Path) -> None:
    settings(home / "config", 'tracker = "../partners.xlsx"')
    before = Untouched.of(tracker(home / "partners.xlsx", OVERDUE))
    assert command("sync", "", *TODAY).code == 66
    assert before.holds()


# Which settings


def test_the_settings_file_is_asked_for_or_the_environment_s_or_the_usual_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)

    def language(*options: str | Path) -> str:
        return str(command("sync", path, "--dry-run", "--json", *options).document["language"])

    assert language() == "en"
    settings(home / "config", 'language = "fi"')
    assert language() == "fi"
    monkeypatch.setenv("SHEETS_SYNC_CONFIG", str(settings(home / "b", 'language = "he"')))
    assert language() == "he"
    assert language("--config", settings(home / "c", 'language = "en"')) == "en"


def test_paths_in_the_settings_are_relative_to_the_settings_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    file = settings(home / "elsewhere" / "deep", 'tracker = "../../partners.xlsx"')
    monkeypatch.chdir("/")
    assert command("sync", "--config", file, "--json", *TODAY).document["tracker"] == str(path)


def test_what_keeps_a_sync_from_writing_is_told_once(home: Path) -> None:
    path = tracker(home / "partners.xlsx", {**OVERDUE, "status": "mine"}, sync_tab=False)
    outcome = command("check", path, *TODAY)
    assert outcome.code == 65
    assert (outcome.out + outcome.err).count("words that are not this program's") == 1
    assert "A sync would write" not in outcome.out


def test_all_mistakes_in_the_settings_are_told_at_once(home: Path) -> None:
    text = 'languge = "fi"\ncountry = "Suomi"\n[digest]\nat = "half past seven"\n'
    file = settings(home, text)
    outcome = command("check", "partners.xlsx", "--config", file, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (2, "settings_invalid")
    for line in ("Line 1:", "Line 2:", "Line 4:"):
        assert line in outcome.err
        assert line in outcome.document["error"]["message"]


# The other commands


def test_init_makes_a_tracker_that_can_be_synced_at_once(home: Path) -> None:
    for language in ("en", "he"):
        path = home / f"{language}.xlsx"
        document = command("init", path, "--language", language, "--json").document
        assert document == {"tracker": str(path), "language": language}
        report = command("sync", path, "--json").document
        assert (report["language"], report["rows"]) == (language, [])


def test_init_without_a_place_goes_by_the_settings(home: Path) -> None:
    assert command("init", "--json").document["error"]["kind"] == "init_nowhere"
    file = home / "settings.toml"
    file.write_text(
        "tracker = 'new.xlsx'\nlanguage = 'fi'\n[team]\n\"Aino Virtanen\" = 'aino@example.org'\n",
        encoding="utf-8",
    )
    document = command("init", "--config", file, "--json").document
    assert document == {"tracker": str(home / "new.xlsx"), "language": "fi"}
    assert command("sync", "--config", file, "--json").document["rows"] == []
    lists = openpyxl.load_workbook(home / "new.xlsx")["Listat"]
    assert "Aino Virtanen" in {cell.value for row in lists.iter_rows() for cell in row}


def test_init_never_writes_over_a_file(home: Path) -> None:
    path = home / "partners.xlsx"
    path.write_text("a shopping list", encoding="utf-8")
    before = Untouched.of(path)
    outcome = command("init", path, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (2, "exists")
    assert before.holds()


def test_a_file_that_comes_while_init_works_is_left_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "partners.xlsx"

    def build(*_: object, **__: object) -> bytes:
        path.write_text("a shopping list", encoding="utf-8")
        return b"a tracker"

    monkeypatch.setattr("sheets_sync.template.build", build)
    assert command("init", path).code == 2
    assert path.read_text(encoding="utf-8") == "a shopping list"


def test_demo_makes_syncs_and_leaves_digests(home: Path) -> None:
    outcome = command("demo", *TODAY)
    assert (outcome.code, outcome.err) == (0, "")
    names = sorted(path.name for path in (home / "demo").iterdir())
    assert "partners.xlsx" in names
    assert [name.rpartition(".")[2] for name in names if name.startswith("digest-")] == [
        "eml", "html", "eml", "html",
    ]  # fmt: skip
    again = Untouched.of(home / "demo" / "partners.xlsx")
    assert command("demo", *TODAY).code == 0
    assert again.holds()


def test_demo_syncs_a_tracker_that_it_finds_and_never_replaces_it(home: Path) -> None:
    (home / "mine").mkdir()
    path = tracker(home / "mine" / "partners.xlsx", OVERDUE)
    document = command("demo", home / "mine", *TODAY, "--json").document
    assert [row["partner"] for row in document["rows"]] == ["Harbour Choir"]
    assert command("sync", path, *TODAY, "--json").document["edits"] == []


def test_check_finds_nothing_in_a_clean_tracker_and_is_0(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    before = Untouched.of(path)
    outcome = command("check", path, *TODAY)
    assert (outcome.code, outcome.err) == (0, "")
    assert before.holds()
    assert list(home.parent.iterdir()) == [home]


def test_check_is_3_where_rows_have_problems_warnings_too(home: Path) -> None:
    path = tracker(home / "partners.xlsx", {**OVERDUE, "email": "nobody(at)example.org"})
    outcome = command("check", path, *TODAY)
    assert outcome.code == 3
    assert "nobody(at)example.org" in outcome.out


def test_explain_tells_of_a_name_a_part_of_one_or_a_row(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE, FINE)
    for wanted in ("Harbour Choir", "harbour", "2"):
        document = command("explain", path, wanted, *TODAY, "--json").document
        assert (document["row"], document["rule"]) == (2, "reply")
    assert "Harbour Choir" in command("explain", path, "choir", *TODAY).out


def test_restore_lists_the_backups_and_goes_back(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    original = path.read_bytes()
    assert command("restore", path, "--list", "--json").document == {"backups": []}
    assert command("restore", path, "--json").document["error"]["kind"] == "no_backups"
    command("sync", path, *TODAY)
    synced = path.read_bytes()
    assert len(command("restore", path, "--list", "--json").document["backups"]) == 1
    assert command("restore", path).code == 0
    assert path.read_bytes() == original
    assert command("restore", path).code == 0
    assert path.read_bytes() == synced
    assert command("restore", path, "--number", "99").code == 2


def test_watch_once_does_what_is_due_and_ends(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    assert command("watch", path, "--once", *TODAY).code == 0
    assert command("sync", path, *TODAY, "--json").document["edits"] == []


def test_setup_asks_writes_and_checks(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    answers = f"{path}\nen\nFI\n-\n"
    outcome = process("setup", *TODAY, cwd=home, input=answers.encode())
    assert outcome.code == 0, outcome.err
    assert 'country = "FI"' in (home / "config" / "settings.toml").read_text(encoding="utf-8")
    assert "Checked" in outcome.out


def test_setup_that_gets_no_answers_stops_and_leaves_nothing(home: Path) -> None:
    outcome = process("setup", cwd=home, stdin=subprocess.DEVNULL)
    assert outcome.code == 130
    assert "Traceback" not in outcome.err
    assert tree(home) == {}


# A process of its own


def test_a_reader_who_goes_away_is_no_failure(home: Path) -> None:
    rows = [{**OVERDUE, "partner": f"P{number}"} for number in range(300)]
    path = tracker(home / "partners.xlsx", *rows)
    for option in ("--dry-run", "--json"):
        words = [sys.executable, str(ROOT / "run.py"), "sync", str(path), "--dry-run", option]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.read(1)
            running.stdout.close()
            told = running.stderr.read()
        assert (running.returncode, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_is_full_is_told_once(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    words = [sys.executable, str(ROOT / "run.py"), "sync", str(path), "--dry-run", "--json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="closing an output works in another way there")
def test_a_closed_output_is_no_failure(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    words = f"'{sys.executable}' '{ROOT / 'run.py'}' sync '{path}' --today 2026-11-23 >&-"
    done = subprocess.run(words, shell=True, stderr=subprocess.PIPE, check=False)  # noqa: S602
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_output_that_knows_no_hebrew_gets_question_marks(home: Path) -> None:
    path = tracker(home / "partners.xlsx", {**OVERDUE, "partner": "מקהלת הנמל"})
    ascii_only = environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    outcome = process("sync", path, *TODAY, env=ascii_only)
    assert outcome.code == 0
    assert "Overdue by 20 days: ?????? ????" in outcome.out
    document = process("sync", path, *TODAY, "--json", env=ascii_only).document
    assert document["rows"][0]["partner"] == "מקהלת הנמל"


def test_starting_needs_no_library_that_the_command_does_not(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    code = (
        "import sys; from sheets_sync import cli; cli.run(sys.argv[1:]); "
        "print(sorted({'requests', 'gspread', 'openpyxl', 'schedule', 'smtplib'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    words = [sys.executable, "-c", code, "sync", str(path), *TODAY]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert done.stderr == b"[]\n"
