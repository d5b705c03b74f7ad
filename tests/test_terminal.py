"""What people see: 80 columns, no colour in a pipe, tables that hold, nothing a terminal obeys."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from sheets_sync.checkup import settings_findings, sheet_findings
from sheets_sync.columns import STATUSES
from sheets_sync.explain import reason_it_won, what_ifs
from sheets_sync.model import Cell, Language, Report, Settings, Sheet, Write
from sheets_sync.plan import make_context, make_plan
from sheets_sync.terminal import check_view, explain_view
from sheets_sync.terminal.console import (
    STATUS_STYLES,
    Terminal,
    language_of_arguments,
    language_of_environment,
    wrapped,
)
from sheets_sync.terminal.explain_view import Explanation
from sheets_sync.terminal.sync_view import show_report
from tests.command_line import OVERDUE, TODAY, command, process, tracker
from tests.digest_support import overdue, sheet_of

LANGUAGES: Sequence[Language] = get_args(Language)
MONDAY = date(2026, 11, 23)
FIRST_STRONG, END = "\u2068", "\u2069"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067"
LONG = "The Very Long Name of a Partner Who Does Not Fit Into Any Column At All Ever"
HEBREW = "מקהלת הדלת הפתוחה והרחבה של השכונה הצפונית"
ATTACKS = (
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "a\rb", "a\x08b", "a\x9b31mb", "a\u202eb", "a\u2066b",
    "line\nbreak", "tab\there", "\x00", "\u2028", "\ufeff", "[bold]markup[/bold]", "[/]", "\\[x]",
)  # fmt: skip
"""What must not reach a terminal, or not as what it means to it."""


def printed(
    *rows: Mapping[str, Cell],
    language: Language = "en",
    width: int = 80,
    colour: bool = False,
    first_row: int = 2,
) -> str:
    """All views of a sheet with these rows, as they are printed."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=colour, highlight=False)
    terminal = Terminal(language, console=console)
    sheet = sheet_of(rows)
    sheet = replace(sheet, letters=dict.fromkeys(sheet.headers, "AB"), first_row=first_row)
    show_everything(sheet, Settings(language=language), terminal)
    return buffer.getvalue()


def show_everything(sheet: Sheet, settings: Settings, terminal: Terminal) -> None:
    """Print what sync, check and explain have to say of a sheet."""
    plan = make_plan(sheet, settings, MONDAY)
    writes = [Write(plan.edits, sheet)] if plan.edits else []
    report = Report(tracker="p.xlsx", dry_run=True, plan=plan, sheet=sheet, writes=writes)
    show_report(report, terminal, everything=True)
    findings = [*settings_findings(settings), *sheet_findings(report)]
    check_view.show(report, findings, terminal, everything=True)
    context = make_context(sheet, settings, MONDAY)
    for decision in plan.decisions:
        reason, ifs = reason_it_won(decision), tuple(what_ifs(decision, context))
        explained = Explanation(decision, context, plan.language, reason, ifs)
        explain_view.show(explained, terminal)


def everything(name: str) -> list[Mapping[str, Cell]]:
    """Rows that say this wherever text may stand."""
    texts = (
        "theme",
        "contact",
        "introduced_by",
        "plan",
        "email",
        "phone",
        "link",
        "owner",
        "notes",
    )
    return [
        {**overdue(name), **dict.fromkeys(texts, name)},
        {"partner": name, "stage": name, "event": name, "attempts": name, "channel": name},
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["Choir", LONG, HEBREW, "合唱団の東京支部の皆さんの集まり", "🎻" * 30]
)
def test_no_line_is_wider_than_eighty_columns(language: Language, name: str) -> None:
    text = printed(*everything(name), language=language)
    assert [line for line in text.splitlines() if cell_len(line.rstrip()) > 80] == []


@pytest.mark.parametrize("width", [30, 40, 60, 100, 160])
def test_it_keeps_to_the_width_there_is(width: int) -> None:
    lines = printed(*everything(LONG), width=width).splitlines()
    assert [line for line in lines if cell_len(line.rstrip()) > max(width, 52)] == []


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_from_a_cell_is_obeyed_by_a_terminal(attack: str, language: Language) -> None:
    harmless = strange(printed(*everything("xy"), language=language))
    assert strange(printed(*everything(f"x{attack}y"), language=language)) == harmless


@given(st.text(max_size=30))
def test_no_text_whatever_gets_a_control_character_through(name: str) -> None:
    assert strange(printed(*everything(name))) == set()


def strange(text: str) -> set[str]:
    """The characters that a terminal would obey; isolates are ours."""
    return {
        char
        for char in text
        if char in BIDI or (char != "\n" and unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"})
    }


def test_what_a_check_finds_stands_in_line_below_its_sign() -> None:
    lines = printed(overdue("Choir", email="x"), width=40).splitlines()
    found = lines[lines.index(next(line for line in lines if line.startswith("✗ Rows"))) :]
    assert [line[:2] for line in found[:4]] == ["✗ ", "  ", "  ", "  "]


def test_the_rows_to_put_right_follow_the_finding_that_counts_them() -> None:
    lines = printed(overdue("Choir", email="x")).splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("✗ Rows"))
    assert lines[place + 2].strip().startswith("Row ")


def test_the_same_next_step_of_several_findings_is_told_once() -> None:
    sheet = sheet_of([{"partner": "Choir", "stage": "idea"}])
    few = {key: sheet.people[key] for key in ("partner", "stage")}
    sheet = replace(sheet, people=few, letters=dict.fromkeys(sheet.headers, "A"))
    buffer = io.StringIO()
    show_everything(sheet, Settings(), Terminal("en", console=Console(file=buffer, width=200)))
    assert buffer.getvalue().count("never comes up without") > 1
    assert buffer.getvalue().count("Add what is missing if you want to be reminded of it.") == 1


def test_markup_in_a_cell_is_only_text() -> None:
    assert "[bold]x[/bold]" in printed(overdue("[bold]x[/bold]"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_to_left_names_do_not_wreck_the_table(language: Language) -> None:
    text = printed(overdue(HEBREW), overdue("Choir"), overdue("קפה"), language=language)
    lines = [line for line in text.splitlines() if re.match(r"AB\d", line)]
    assert len(lines) >= 18
    for line in lines:
        assert line.count(FIRST_STRONG) == line.count(END)
        bare = re.sub(f"{FIRST_STRONG}[^{FIRST_STRONG}{END}]*{END}", "", line)
        assert not any(unicodedata.bidirectional(char) in {"R", "AL"} for char in bare)


def test_columns_of_the_table_stand_under_each_other_whatever_the_names() -> None:
    names = ["Choir", LONG, HEBREW, "合唱団の東京支部の皆さんの集まり", "🎻" * 30]
    lines = printed(*(overdue(name) for name in names)).splitlines()
    due = [line for line in lines if "Days overdue" in line and re.match(r"AB\d", line)]
    assert len(due) == len(names)
    assert len({cell_len(line[: line.index("Days overdue")]) for line in due}) == 1
    assert len({cell_len(line.rstrip()) for line in due}) == 1


def test_the_place_of_a_far_row_is_told_whole() -> None:
    assert re.search(r"^AB123456 ", printed(overdue("Choir"), first_row=123_456), re.MULTILINE)


def test_in_a_pipe_there_is_no_colour_and_in_a_terminal_there_is() -> None:
    assert "\x1b[" not in printed(overdue("Choir"))
    assert "\x1b[1;31m" in printed(overdue("Choir"), colour=True)


def test_a_pipe_gets_plain_text_of_eighty_columns(home: Path) -> None:
    path = tracker(home / "p.xlsx", {**OVERDUE, "partner": LONG}, {**OVERDUE, "partner": HEBREW})
    outcome = process("sync", path, *TODAY, "--dry-run", stdin=subprocess.DEVNULL)
    assert (outcome.code, outcome.err) == (0, "")
    assert "\x1b" not in outcome.out
    words = [line for line in outcome.out.splitlines() if str(path) not in line]
    assert max(cell_len(line.rstrip()) for line in words) <= 80


def test_a_long_path_stays_in_one_piece_to_copy(home: Path) -> None:
    path = home.with_name("x" * 120 + ".xlsx")
    outcome = command("sync", path)
    assert str(path) in outcome.err


# Smaller things


def test_every_status_has_its_colour() -> None:
    assert set(STATUS_STYLES) == set(STATUSES)


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("a/very/long/path and more", 8, ["a/very/long/path", "and more"]),
        ("合唱 団の 東京", 9, ["合唱 団の", "東京"]),
        ("  spaces   within ", 40, ["spaces within"]),
    ],
)
def test_words_are_wrapped_by_the_columns_they_take(
    words: str, width: int, lines: list[str]
) -> None:
    assert list(wrapped(words, width)) == lines


@pytest.mark.parametrize(
    ("cell", "width", "told"),
    [
        (None, 9, ""),
        (date(2026, 11, 23), 20, "23 Nov 2026"),
        (3.0, 9, "3"),
        (2.5, 9, "2.5"),
        (True, 9, "True"),
        ("abcdefghij", 5, "abcd…"),
        ("合唱団の東京", 5, "合唱…"),
        ("a\x1b[31mb", 20, "a [31mb"),
        ("שלום עולם", 6, f"{FIRST_STRONG}שלום…{END}"),
    ],
)
def test_a_cell_is_fitted_into_its_column(cell: Cell, width: int, told: str) -> None:
    assert Terminal("en").fitted(cell, width) == told


@given(st.text(max_size=40), st.integers(2, 30))
def test_a_fitted_cell_never_takes_more_than_its_column(text: str, width: int) -> None:
    fitted = Terminal("en").fitted(text, width)
    assert cell_len(fitted) <= width
    assert fitted.count(FIRST_STRONG) == fitted.count(END)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fi_FI.UTF-8"}, "fi"),
        ({"LANG": "he_IL"}, "he"),
        ({"LANG": "fi_FI", "LC_ALL": "C"}, "en"),
        ({"LANG": "fi_FI", "LC_ALL": ""}, "fi"),
        ({"LANG": "en_US", "LC_MESSAGES": "he_IL"}, "he"),
        ({"LANG": "sv_FI"}, "en"),
    ],
)
def test_the_environment_s_language_is_taken_when_it_is_one_of_ours(
    environment: Mapping[str, str], language: str
) -> None:
    assert language_of_environment(environment) == language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["sync"], "fi"),
        (["sync", "--language", "he"], "he"),
        (["sync", "--language=he"], "he"),
        (["sync", "--language", "sv"], "fi"),
        (["sync", "--language"], "fi"),
    ],
)
def test_an_error_is_told_in_the_language_that_was_asked_for(
    arguments: Sequence[str], language: str
) -> None:
    assert language_of_arguments(arguments, {"LANG": "fi_FI"}) == language
