"""The plan: what each managed cell should say, which cells do not, and when to object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import pytest

from sheets_sync.columns import MANAGED
from sheets_sync.model import (
    LANGUAGES,
    SYNC_TAB,
    TRACKER_TAB,
    Cell,
    Change,
    Edit,
    Language,
    Sentence,
    Settings,
    Sheet,
    Tab,
    Value,
)
from sheets_sync.plan import differences, make_context, make_plan, renew, word_decision
from sheets_sync.texts import label
from tests.digest_support import overdue, sheet_of

TODAY = date(2026, 11, 23)
SETTINGS = Settings()


def filled(sheet: Sheet, values: Mapping[str, list[Value]]) -> Sheet:
    """The sheet with these managed columns."""
    return replace(sheet, managed={**sheet.managed, **values})


def following(sheet: Sheet, settings: Settings = SETTINGS) -> Sheet:
    """The sheet after its plan has been carried out."""
    plan = make_plan(sheet, settings, TODAY)
    return replace(sheet, managed={key: list(column) for key, column in plan.wanted.items()})


def edits_of(sheet: Sheet) -> list[tuple[int, str, Value]]:
    """What a plan would write on the tracker."""
    return [(it.row, it.column, it.value) for it in make_plan(sheet, SETTINGS, TODAY).edits]


def test_a_blank_row_gets_all_that_there_is_to_say() -> None:
    found = {column: value for _, column, value in edits_of(sheet_of([overdue("Choir")]))}
    assert found.keys() == set(MANAGED) - {"problems"}
    assert (found["status"], found["vetting"]) == ("Overdue", "Passed")
    assert (found["due"], found["days_overdue"]) == (date(2026, 11, 3), 20)


def test_a_sheet_that_says_it_all_is_left_alone() -> None:
    sheet = following(sheet_of([overdue("Choir"), {"partner": "Hall"}, {"stage": "Idea"}]))
    assert edits_of(sheet) == []


@pytest.mark.parametrize(
    ("column", "found", "is_same"),
    [
        ("due", date(2026, 11, 3), True),
        ("due", datetime(2026, 11, 3), True),  # noqa: DTZ001 - cells have no zone
        ("due", datetime(2026, 11, 3, 9), False),  # noqa: DTZ001
        ("due", "2026-11-03", True),
        ("due", "3.11.2026", False),
        ("days_overdue", 20.0, True),
        ("days_overdue", "20", False),
        ("days_overdue", True, False),
        ("status", "Overdue", True),
        ("status", "overdue", False),
        ("status", "Overdue ", False),
        ("problems", "", True),
        ("problems", "ok", False),
    ],
)
def test_what_counts_as_saying_it_already(column: str, found: Cell, is_same: bool) -> None:  # noqa: FBT001 - a table's column
    sheet = following(sheet_of([overdue("Choir")]))
    sheet = replace(sheet, managed={**sheet.managed, column: [found]})
    assert [edit[1] for edit in edits_of(sheet)] == ([] if is_same else [column])


def test_what_a_person_typed_into_a_managed_cell_is_replaced() -> None:
    sheet = following(sheet_of([overdue("Choir")]))
    sheet = filled(sheet, {"next_action": ["call them, I did"], "days_overdue": [None]})
    assert [edit[1] for edit in edits_of(sheet)] == ["next_action", "days_overdue"]


def test_cells_left_in_a_row_of_nobody_are_cleared() -> None:
    sheet = following(sheet_of([overdue("Choir"), {}]))
    sheet = filled(sheet, {"status": [sheet.managed["status"][0], "Overdue"]})
    assert edits_of(sheet) == [(3, "status", None)]


def test_a_row_with_notes_or_an_unticked_box_alone_is_nobody() -> None:
    rows: list[Mapping[str, Cell]] = [
        {"notes": "call"},
        {"photo_approved": False},
        {"photo_approved": "FALSE"},
    ]
    assert make_plan(sheet_of(rows), SETTINGS, TODAY).decisions == []


def test_absent_managed_columns_are_not_asked_for() -> None:
    sheet = sheet_of([overdue("Choir")])
    managed = {key: sheet.managed[key] for key in ("status", "next_action", "due")}
    plan = make_plan(replace(sheet, managed=managed), SETTINGS, TODAY)
    assert plan.wanted.keys() == managed.keys()


def test_a_person_s_formula_is_left_and_its_neighbours_are_not() -> None:
    sheet = replace(sheet_of([overdue("A"), overdue("B")]), formulas={"status": frozenset({0})})
    found = [edit[:2] for edit in edits_of(sheet)]
    assert (2, "status") not in found
    assert (3, "status") in found


def test_edits_stand_row_by_row_with_what_the_store_asks_for_first() -> None:
    mend = Change(Edit(TRACKER_TAB, 1, "status", "Status"), "Oops")
    sheet = replace(sheet_of([overdue("A"), overdue("B")]), mends=(mend,))
    plan = make_plan(sheet, SETTINGS, TODAY)
    assert plan.edits[0] == mend.edit
    rows = [edit.row for edit in plan.edits]
    assert rows == sorted(rows)


def test_rows_are_those_of_the_sheet_wherever_the_header_stands() -> None:
    sheet = replace(sheet_of([{}, overdue("Choir")]), header_row=7, first_row=8)
    plan = make_plan(sheet, SETTINGS, TODAY)
    assert [decision.partner.row for decision in plan.decisions] == [9]
    assert {edit.row for edit in plan.edits} == {9}


# Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_that_of_the_headers(language: Language) -> None:
    plan = make_plan(sheet_of([{"partner": "Choir", "stage": "done"}], language), SETTINGS, TODAY)
    assert plan.language == language
    assert plan.wanted["status"] == [label("status.closed", language)]


def test_the_settings_language_comes_first_and_everything_is_rewritten_in_it() -> None:
    sheet = following(sheet_of([overdue("Choir")]))
    plan = make_plan(sheet, Settings(language="fi"), TODAY)
    assert {edit.column for edit in plan.edits} == {"vetting", "status", "next_action", "why"}
    assert plan.suspicion is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_is_worded_as_the_cells_are(language: Language) -> None:
    settings = Settings(language=language)
    plan = make_plan(sheet_of([overdue("Choir", email="no address")]), settings, TODAY)
    worded = word_decision(plan.decisions[0], language)
    assert worded == {key: plan.wanted[key][0] for key in MANAGED}
    assert worded["problems"]


def test_several_problems_stand_on_lines_of_their_own_in_the_columns_order() -> None:
    row = overdue("Choir", link="see below", email="no address", attempts="two")
    plan = make_plan(sheet_of([row]), SETTINGS, TODAY)
    lines = str(plan.wanted["problems"][0]).splitlines()
    assert [line.partition(" in ")[2][:5] for line in lines] == ["Email", "Link ", "Attem"]


# Objections


def test_columns_of_somebody_s_own_are_named() -> None:
    sheet = filled(sheet_of([{"partner": "Choir"}]), {"status": ["mine"], "due": ["soon"]})
    suspicion = make_plan(sheet, SETTINGS, TODAY).suspicion
    assert suspicion is not None
    assert suspicion.id == "errors.not_taken_over"
    assert [it.id for it in suspicion.facts["columns"]] == ["column.status", "column.due"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("status", "objected"),
    [("mine", True), ("Overdue", False), ("myöhässä", False), ("באיחור", False), (" ", False)],
)
def test_one_status_of_ours_tells_that_the_columns_are_the_program_s(
    status: str,
    objected: bool,  # noqa: FBT001 - a table's column
) -> None:
    sheet = filled(
        sheet_of([{"partner": "Choir"}, {"partner": "Hall"}]), {"status": [status, None]}
    )
    assert (make_plan(sheet, SETTINGS, TODAY).suspicion is not None) == objected


@pytest.mark.parametrize(
    ("filled_rows", "gone", "objected"), [(20, 11, True), (20, 10, False), (19, 19, False)]
)
def test_blanking_more_than_half_of_many_statuses_is_objected_to(
    filled_rows: int,
    gone: int,
    objected: bool,  # noqa: FBT001 - a table's column
) -> None:
    rows = [{} if number < gone else {"partner": f"P{number}"} for number in range(filled_rows)]
    sheet = filled(sheet_of(rows), {"status": ["To do"] * filled_rows})
    suspicion = make_plan(sheet, SETTINGS, TODAY).suspicion
    expected = Sentence("errors.suspicious", {"n": gone, "filled": filled_rows})
    assert suspicion == (expected if objected else None)


# The Sync tab, and planning again


def with_tab(sheet: Sheet, *rows: list[Cell]) -> Sheet:
    return replace(sheet, tabs={SYNC_TAB: Tab(name="Sync", rows=[["sheets_sync"], *rows])})


def test_the_sync_tab_is_told_the_day_and_who_had_a_digest() -> None:
    sheet = with_tab(sheet_of([]))
    plan = make_plan(sheet, SETTINGS, TODAY, digests={"Aino": TODAY})
    assert Edit(SYNC_TAB, 3, "B", TODAY) in plan.edits
    assert {Edit(SYNC_TAB, 6, "A", "Aino"), Edit(SYNC_TAB, 6, "B", TODAY)} <= set(plan.edits)


def test_without_a_sync_tab_nothing_is_written_there() -> None:
    assert make_plan(sheet_of([]), SETTINGS, TODAY, digests={"Aino": TODAY}).edits == []


def test_planning_again_over_the_same_people_only_compares() -> None:
    sheet = sheet_of([overdue("Choir")])
    plan = make_plan(sheet, SETTINGS, TODAY)
    again = renew(plan, following(sheet))
    assert again.edits == []
    assert again.decisions is plan.decisions
    half = filled(following(sheet), {"why": [None]})
    assert [edit.column for edit in renew(plan, half).edits] == ["why"]
    assert differences(plan.wanted, half) == renew(plan, half).edits


def test_the_context_knows_the_columns_that_are_there() -> None:
    sheet = sheet_of([])
    context = make_context(replace(sheet, people={"partner": [], "stage": []}), SETTINGS, TODAY)
    assert (context.columns, context.today) == (frozenset({"partner", "stage"}), TODAY)
