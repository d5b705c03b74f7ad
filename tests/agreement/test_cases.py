"""The product and the oracle both say of each hand-made case what was worked out for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from sheets_sync.errors import NotATracker
from sheets_sync.model import Cell, PlaybookSettings, Settings
from tests.agreement import oracle, product
from tests.agreement.cases import TODAY, Case, TypedRow, grid_of, vetted
from tests.agreement.oracle_cells import NoTracker
from tests.agreement.problem_cases import PROBLEM_CASES
from tests.agreement.reading_cases import (
    CHOICE_CELLS,
    COUNTED,
    DATE_CELLS,
    HEADERS,
    LANGUAGE_CASES,
    NAME_CELLS,
    NO_PARTNERS,
    NUMBER_CELLS,
    THEME_CASES,
    ChoiceCell,
    DateCell,
    Header,
    LanguageCase,
    NameCell,
    NumberCell,
    ThemeCase,
)
from tests.agreement.rule_cases import RULE_CASES
from tests.agreement.tables import DATES, PEOPLE

Judge = Callable[..., dict[str, Any]]
MANAGED_HEADERS: tuple[Cell, ...] = ("Status", "Next action", "Due")


@pytest.fixture(params=[product.judge, oracle.judge], ids=["product", "oracle"])
def judge(request: pytest.FixtureRequest) -> Judge:
    """Either way from a grid to a report."""
    way: Judge = request.param
    return way


def titles(cases: Sequence[Any]) -> pytest.MarkDecorator:
    """Run a test once a case, each under its title."""
    return pytest.mark.parametrize("case", cases, ids=[case.title for case in cases])


@titles([*RULE_CASES, *PROBLEM_CASES])
def test_a_partner_is_judged_as_worked_out_by_hand(judge: Judge, case: Case) -> None:
    grid = grid_of([case.row, *case.others], absent=case.absent, language=case.language)
    row = judge(grid, settings=case.settings, today=case.today)["rows"][0]
    assert {key: row[key] for key in ("status", "rule", "due", "days_overdue", "vetting")} == {
        "status": case.status,
        "rule": case.rule,
        "due": case.due,
        "days_overdue": case.overdue,
        "vetting": case.vetting,
    }
    assert [(other["rule"], other["due"]) for other in row["also"]] == [*case.also]
    told = [
        (problem["column"], problem["code"], problem["blocking"]) for problem in row["problems"]
    ]
    assert told == sorted(
        [
            *((column, code, True) for column, code in case.blocking),
            *((column, code, False) for column, code in case.warnings),
        ],
        key=lambda problem: list(PEOPLE).index(problem[0]),
    )
    if case.stage is not None:
        assert row["stage"] == case.stage


@titles(DATE_CELLS)
def test_a_date_cell_says_that_day_or_is_a_problem(judge: Judge, case: DateCell) -> None:
    grid = grid_of([vetted("Paused", follow_up=case.cell)], language=case.language)
    settings = Settings(date_formats=case.formats)
    report = judge(grid, settings=settings, today=TODAY, date_system=case.date_system)
    row = report["rows"][0]
    assert row["due"] == case.day
    assert [problem["code"] for problem in row["problems"]] == (
        [] if case.day else ["unreadable_date"]
    )


@pytest.mark.parametrize("case", CHOICE_CELLS, ids=str)
def test_a_choice_cell_says_that_choice_or_is_a_problem(judge: Judge, case: ChoiceCell) -> None:
    rows = [{**vetted("Idea", follow_up="2026-12-01"), case.column: case.cell}]
    row = judge(grid_of(rows), settings=Settings(), today=TODAY)["rows"][0]
    problems = [(problem["column"], problem["code"]) for problem in row["problems"]]
    assert ((case.column, "unknown_choice") in problems) == (case.choice is None)
    if case.column == "stage":
        assert row["stage"] == (case.choice or "idea")
    if case.column == "values_fit":
        verdicts = {"yes": "passed", "partly": "concern", "no": "failed", None: "incomplete"}
        assert row["vetting"] == verdicts[case.choice]
    if case.column == "reputation":
        verdicts = {"good": "passed", "unsure": "concern", "bad": "failed", None: "incomplete"}
        assert row["vetting"] == verdicts[case.choice]


@pytest.mark.parametrize(
    "case", [case for case in CHOICE_CELLS if case.column == "photo_approved"], ids=str
)
def test_a_photo_is_asked_for_unless_the_cell_says_yes(judge: Judge, case: ChoiceCell) -> None:
    row = vetted(
        "Planning", last_contact="2026-11-16", event="2026-12-02", photo_approved=case.cell
    )
    found = judge(grid_of([row]), settings=Settings(), today=TODAY)["rows"][0]
    rules = [found["rule"], *(other["rule"] for other in found["also"])]
    assert ("approve_photo" in rules) == (case.choice != "yes")


@pytest.mark.parametrize("case", NUMBER_CELLS, ids=str)
def test_a_number_cell_says_that_number_or_is_a_problem(judge: Judge, case: NumberCell) -> None:
    clocks = PlaybookSettings(chase_after=(1, 5, 9))
    rows = [vetted("Contacted", last_contact="2026-11-16", attempts=case.cell)]
    report = judge(
        grid_of(rows),
        settings=Settings(playbook=clocks),
        today=TODAY,
        date_system=case.date_system,
    )
    row = report["rows"][0]
    assert row["due"] == ("2026-11-17" if case.number is None else "2026-11-25")
    problems = [(problem["column"], problem["code"]) for problem in row["problems"]]
    assert problems == ([("attempts", "not_a_number")] if case.number is None else [])


@pytest.mark.parametrize("case", NAME_CELLS, ids=str)
def test_a_partner_is_called_by_the_text_of_its_cell(judge: Judge, case: NameCell) -> None:
    rows = [{**vetted("Idea"), "partner": case.cell}]
    row = judge(grid_of(rows), settings=Settings(), today=TODAY)["rows"][0]
    assert row["partner"] == case.name


@pytest.mark.parametrize("case", HEADERS, ids=str)
def test_a_column_is_found_by_its_folded_header(judge: Judge, case: Header) -> None:
    header: list[Cell] = ["Partner", "Stage", case.text, *MANAGED_HEADERS]
    grid = [header, ["Acme", "Paused", "2026-11-20", None, None, None]]
    row = judge(grid, settings=Settings(), today=TODAY)["rows"][0]
    assert row["due"] == (None if case.key is None else "2026-11-20")


@titles(LANGUAGE_CASES)
def test_the_language_is_that_of_most_labels(judge: Judge, case: LanguageCase) -> None:
    grid = [case.headers, ["Acme", "Paused"]]
    assert judge(grid, settings=case.settings, today=TODAY)["language"] == case.language


@titles(THEME_CASES)
def test_a_theme_is_thin_with_too_few_candidates(judge: Judge, case: ThemeCase) -> None:
    report = judge(grid_of(case.rows), settings=Settings(), today=TODAY)
    assert [(theme["theme"], theme["live"]) for theme in report["themes"]] == [*case.thin]
    assert {theme["code"] for theme in report["themes"]} <= {"thin_theme"}


def test_every_partner_is_counted_once_by_its_status(judge: Judge) -> None:
    rows, counts = COUNTED
    assert judge(grid_of(rows), settings=Settings(), today=TODAY)["counts"] == counts


@pytest.mark.parametrize("row", [row for _, row in NO_PARTNERS], ids=[t for t, _ in NO_PARTNERS])
def test_a_row_without_anything_known_is_no_partner(judge: Judge, row: TypedRow) -> None:
    report = judge(grid_of([row, vetted("Idea")]), settings=Settings(), today=TODAY)
    assert [found["row"] for found in report["rows"]] == [3]


def test_rows_are_numbered_as_in_the_sheet(judge: Judge) -> None:
    header, *partners = grid_of([vetted("Idea"), {}, vetted("Paused", partner="Other")])
    grid = [["Our partners 2026"], [], ["Partner"], header, *partners]
    rows = judge(grid, settings=Settings(), today=TODAY)["rows"]
    assert [(row["row"], row["partner"]) for row in rows] == [(5, "Acme"), (7, "Other")]


def test_the_header_may_stand_in_row_20_and_no_lower(judge: Judge) -> None:
    grid = grid_of([vetted("Idea")])
    rows = judge([*[[]] * 19, *grid], settings=Settings(), today=TODAY)["rows"]
    assert [row["row"] for row in rows] == [21]
    with pytest.raises((NotATracker, NoTracker)):
        judge([*[[]] * 20, *grid], settings=Settings(), today=TODAY)


def test_the_first_header_row_counts(judge: Judge) -> None:
    grid = [*grid_of([vetted("Idea")]), ["Partner", None, None, "Stage"]]
    rows = judge(grid, settings=Settings(), today=TODAY)["rows"]
    assert [row["row"] for row in rows] == [2, 3]


@pytest.mark.parametrize(
    "headers",
    [
        ["Partner", "Stage", "Email", "Email address", *MANAGED_HEADERS],
        ["Partner", "Stage", "Company", *MANAGED_HEADERS],
        ["Partner", "Stage", "Tilanne", *MANAGED_HEADERS],
        ["Partner", "Stage", "Status", "Due"],
        ["Partner", "Stage", "Next action", "Due", "Tila"],
        ["Partner", "Status", "Next action", "Due"],
        ["Stage", "Status", "Next action", "Due"],
    ],
    ids=str,
)
def test_missing_and_double_columns_are_an_error(judge: Judge, headers: list[Cell]) -> None:
    with pytest.raises((NotATracker, NoTracker)):
        judge([headers, ["Acme"]], settings=Settings(), today=TODAY)


@pytest.mark.parametrize("column", DATES)
def test_every_date_column_stops_on_what_cannot_be_read(judge: Judge, column: str) -> None:
    rows = [vetted("Paused", **{column: "someday"})]
    row = judge(grid_of(rows), settings=Settings(), today=TODAY)["rows"][0]
    assert [(p["column"], p["code"], p["value"]) for p in row["problems"]] == [
        (column, "unreadable_date", "someday")
    ]


@pytest.mark.parametrize("day", [date(1954, 10, 2), date(2119, 1, 12)], ids=str)
def test_a_day_out_of_bounds_is_found_between_good_ones(judge: Judge, day: date) -> None:
    days = [date(2026, 11, 20), day, date(2026, 11, 21)]
    rows = [vetted("Paused", follow_up=cell) for cell in days]
    found = judge(grid_of(rows), settings=Settings(), today=TODAY)["rows"]
    assert [row["status"] for row in found] == ["upcoming", "fix_data", "upcoming"]


def test_problem_values_are_what_stood_there(judge: Judge) -> None:
    row = vetted(
        "Done",
        channel=3.0,
        attempts=2.5,
        keep_in_touch=" soon ",
        role=date(2026, 11, 18),
        event="#REF!",
        thanked=46375,
        photo_approved="Partly",
    )
    found = judge(grid_of([row]), settings=Settings(), today=TODAY)["rows"][0]
    assert {problem["column"]: problem["value"] for problem in found["problems"]} == {
        "channel": "3",
        "role": "2026-11-18",
        "attempts": "2.5",
        "keep_in_touch": "soon",
        "event": "#REF!",
        "photo_approved": "Partly",
        "thanked": "2026-12-19",
    }
