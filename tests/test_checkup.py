"""The check-up: what is found of settings, columns and rows, each with its next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sheets_sync.checkup import columns_understood, settings_findings, sheet_findings
from sheets_sync.model import (
    LANGUAGES,
    SYNC_TAB,
    Cell,
    DigestSettings,
    Finding,
    Label,
    Language,
    MailSettings,
    Member,
    Report,
    Sentence,
    Settings,
    Sheet,
    Tab,
)
from sheets_sync.plan import make_plan
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import preview
from sheets_sync.texts import say
from tests.digest_support import overdue, sheet_of

TODAY = date(2026, 11, 23)
TEAM = (Member(name="Aino Virtanen", email="aino@example.org"),)
MAIL = MailSettings(host="smtp.example.org", sender="p@example.org")
COORDINATED = DigestSettings(coordinator="Aino Virtanen")


def kinds(findings: list[Finding]) -> dict[str, str]:
    """The findings' levels by what they are of."""
    return {
        finding.sentence.id.removeprefix("terminal.check."): finding.level for finding in findings
    }


def found(*rows: Mapping[str, Cell], **changes: object) -> list[Finding]:
    """What is found of a sheet with these rows."""
    return found_of(replace(sheet_of(rows), **changes))  # type: ignore[arg-type] # any field


def found_of(sheet: Sheet) -> list[Finding]:
    plan = make_plan(sheet, Settings(), TODAY)
    return [*sheet_findings(Report(tracker="p", dry_run=True, plan=plan, sheet=sheet, writes=[]))]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), {"settings.none": "note", "settings.no_country": "note"}),
        (
            Settings(source="/x/settings.toml", country="FI"),
            {"settings.file": "fine", "settings.country": "fine"},
        ),
        (
            Settings(source="/x", country="IL", team=TEAM),
            {
                "settings.file": "fine",
                "settings.country": "fine",
                "settings.team": "fine",
                "settings.no_coordinator": "note",
                "settings.no_mail": "note",
            },
        ),
        (
            Settings(source="/x", country="IL", team=TEAM, mail=MAIL, digest=COORDINATED),
            {"settings.file": "fine", "settings.country": "fine", "settings.team": "fine"},
        ),
    ],
)
def test_what_is_not_set_is_noted(settings: Settings, expected: Mapping[str, str]) -> None:
    assert kinds([*settings_findings(settings)]) == expected


def test_a_sheet_with_all_columns_and_nothing_wrong_is_fine() -> None:
    findings = kinds(found(overdue("Choir")))
    assert findings == {"columns.found": "fine", "rows.fine": "fine", "edits": "note"}


def test_a_sheet_that_says_it_all_is_told_so() -> None:
    sheet = sheet_of([overdue("Choir")])
    wanted = make_plan(sheet, Settings(), TODAY).wanted
    assert kinds(found_of(replace(sheet, managed={k: list(v) for k, v in wanted.items()}))) == {
        "columns.found": "fine",
        "rows.fine": "fine",
        "no_edits": "fine",
    }


def test_rows_are_counted_and_those_to_put_right_first_apart() -> None:
    rows = [overdue("A", email="x"), overdue("B", event="soon"), overdue("C")]
    (problem,) = [it for it in found(*rows) if it.level == "problem"]
    assert problem.sentence.facts == {"n": 2, "blocked": 1}


def test_rows_of_which_none_holds_anything_up_are_only_counted() -> None:
    (problem,) = [it for it in found(overdue("A", email="x")) if it.level == "problem"]
    assert problem.sentence == Sentence("terminal.check.rows.warnings", {"n": 1})


def test_missing_columns_and_what_sleeps_without_them_are_named() -> None:
    header = ["Partner", "Stage", "Last contact", "Status", "Next action", "Due"]
    report = preview(MemoryStore({"Partners": [header]}), Settings(), lambda _: TODAY)
    findings = [*sheet_findings(report)]
    (missing,) = [it for it in findings if it.sentence.id.endswith("columns.missing")]
    columns = missing.sentence.facts["columns"]
    assert isinstance(columns, tuple)
    assert Label("column.meeting") in columns
    assert not {Label("column.last_contact"), Label("column.notes")} & set(columns)
    sleeping = {
        rule.id: it.sentence.facts["columns"]
        for it in findings
        if it.sentence.id.endswith("columns.sleeping")
        and isinstance(rule := it.sentence.facts["rule"], Sentence)
    }
    assert sleeping["guide.rule.thank.name"] == (Label("column.thanked"),)
    assert "guide.rule.reply.name" not in sleeping


def test_what_speaks_against_writing_is_a_problem_with_its_next_step() -> None:
    sheet = sheet_of([{"partner": "Choir"}])
    findings = found_of(replace(sheet, managed={**sheet.managed, "status": ["mine"]}))
    (problem,) = [it for it in findings if it.level == "problem"]
    assert problem.sentence.id == "errors.not_taken_over"
    assert problem.next_step is not None
    assert problem.next_step.id == "errors.not_taken_over.next"


def test_a_sheet_that_is_refused_is_not_told_how_much_would_be_written() -> None:
    sheet = sheet_of([{"partner": "Choir"}])
    findings = kinds(found_of(replace(sheet, managed={**sheet.managed, "status": ["mine"]})))
    assert not {"edits", "no_edits"} & set(findings)


@pytest.mark.parametrize(
    ("headers", "language", "noted"),
    [
        ("Partner|Stage|Status|Next action|Due", "fi", True),
        ("Partner|Stage|Status|Next action|Due", None, False),
        ("Company|Phase|Tilanne|Seuraava askel|Määräpäivä", "fi", False),
        ("Kumppani|Vaihe|Tilanne|Seuraava askel|Määräpäivä", "fi", False),
    ],
)
def test_a_language_that_the_headers_do_not_speak_is_noted(
    headers: str, language: Language | None, *, noted: bool
) -> None:
    store = MemoryStore({"Partners": [headers.split("|")]})
    report = preview(store, Settings(language=language), lambda _: TODAY)
    assert ("language" in kinds([*sheet_findings(report)])) == noted


def test_notes_of_the_sheet_are_passed_on() -> None:
    note = Sentence("notes.tab_not_ours", {"tab": "Sync"})
    assert Finding("note", note) in found(notes=(note,))


@pytest.mark.parametrize(("days", "is_silent"), [(0, False), (2, False), (3, True), (40, True)])
def test_the_last_sync_is_told_and_a_long_silence_noted(days: int, is_silent: bool) -> None:  # noqa: FBT001 - a table's column
    rows: list[list[Cell]] = [["sheets_sync"], [], ["Last check", TODAY - timedelta(days)]]
    findings = kinds(found(tabs={SYNC_TAB: Tab(name="Sync", rows=rows)}))
    assert findings["last_check"] == "fine"
    assert ("silent" in findings) == is_silent


def test_columns_are_told_with_letters_headers_and_meanings() -> None:
    header = ["x", "Company", "Vaihe", "Status", "Next action", "Due"]
    report = preview(MemoryStore({"Partners": [header]}), Settings(), lambda _: TODAY)
    assert [*columns_understood(report)][:2] == [
        ("B", "Company", Label("column.partner")),
        ("C", "Vaihe", Label("column.stage")),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_not_fine_has_a_next_step_in_words(language: str) -> None:
    header = ["Partner", "Stage", "Status", "Next action", "Due"]
    store = MemoryStore({"Partners": [header, ["Choir", "nonsense"]]})
    report = preview(store, Settings(), lambda _: TODAY)
    findings = [*settings_findings(Settings(team=TEAM)), *sheet_findings(report)]
    assert {it.level for it in findings} == {"fine", "note", "problem"}
    for finding in findings:
        assert say(finding.sentence, language)  # type: ignore[arg-type] # one of the three
        if finding.level != "fine":
            assert finding.next_step is not None
            assert say(finding.next_step, language)  # type: ignore[arg-type]
