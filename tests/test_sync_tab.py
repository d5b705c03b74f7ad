"""The Sync tab tells when the tracker was checked and who had a digest when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pytest

from sheets_sync.model import LANGUAGES, SYNC_TAB, Cell, Edit, Language, Tab, Value
from sheets_sync.sync_tab import is_ours, last_check, last_digests, sync_edits

TODAY, BEFORE = date(2026, 11, 24), date(2026, 11, 20)
TITLE = "sheets_sync: when the tracker was checked"


def tab(*lines: Sequence[Cell], check: Cell = TODAY, title: Cell = TITLE) -> Tab:
    head: list[Sequence[Cell]] = [
        [title],
        [],
        ["Last checked", check],
        [],
        ["Recipient", "Last digest"],
    ]
    return Tab(name="Sync", rows=[*head, *lines])


def edits(
    found: Tab, digests: Mapping[str, date] | None = None, language: Language = "en"
) -> list[Edit]:
    return [*sync_edits(found, TODAY, digests or {}, language=language)]


def written(found: Tab, changes: Sequence[Edit]) -> Tab:
    """The tab after the edits."""
    rows: list[list[Cell]] = [[*row, None, None] for row in found.rows]
    for edit in changes:
        while len(rows) < edit.row:
            rows.append([None, None])
        rows[edit.row - 1]["AB".index(edit.column)] = edit.value
    return Tab(name=found.name, rows=rows)


def edit(row: int, column: str, value: Value) -> Edit:
    return Edit(SYNC_TAB, row, column, value)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (TODAY, TODAY),
        (datetime(2026, 11, 24, 7, 30), TODAY),  # noqa: DTZ001 - workbooks know no time zone
        (46350, TODAY),
        (46350.25, TODAY),
        ("2026-11-24", TODAY),
        ("yesterday", None),
        (True, None),
        (7, None),
        (None, None),
    ],
)
def test_the_last_check_is_read_from_any_form_of_a_day(cell: Cell, day: date | None) -> None:
    assert last_check(tab(check=cell)) == day


def test_a_serial_counts_from_the_workbooks_own_first_day() -> None:
    assert last_check(tab(check=44888), date_system=1904) == TODAY


def test_an_empty_tab_has_no_days() -> None:
    empty = Tab(name="Sync", rows=[])
    assert last_check(empty) is None
    assert last_digests(empty) == {}


def test_the_days_of_digests_are_told_by_recipient() -> None:
    found = last_digests(tab(["Aino", TODAY], ["Dana", 46346], ["Eero", "soon"], [None, TODAY]))
    assert found == {"Aino": TODAY, "Dana": BEFORE}


def test_a_name_that_stands_twice_has_its_later_day() -> None:
    assert last_digests(tab(["Aino", TODAY], ["Aino", BEFORE])) == {"Aino": TODAY}


def test_nothing_is_written_when_everything_says_so_already() -> None:
    assert edits(tab(["Aino", TODAY]), {"Aino": TODAY}) == []


def test_an_older_check_is_brought_up_to_date() -> None:
    assert edits(tab(check=BEFORE)) == [edit(3, "B", TODAY)]


def test_a_new_recipient_gets_the_next_line() -> None:
    found = edits(tab(["Aino", TODAY]), {"Dana": TODAY, "Aino": TODAY})
    assert found == [edit(7, "A", "Dana"), edit(7, "B", TODAY)]


def test_a_known_recipient_keeps_the_line_however_the_name_is_written() -> None:
    assert edits(tab(["AINO ", BEFORE]), {"Aino": TODAY}) == [edit(6, "B", TODAY)]


def test_a_day_of_another_machine_never_moves_back() -> None:
    assert edits(tab(["Aino", TODAY]), {"Aino": BEFORE}) == []


def test_the_line_of_one_who_left_stays() -> None:
    assert edits(tab(["Gone", BEFORE]), {}) == []


def test_a_persons_own_tab_is_left_alone() -> None:
    theirs = Tab(name="Sync", rows=[["My phone sync list"], ["x"]])
    assert not is_ours(theirs)
    assert edits(theirs, {"Aino": TODAY}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_tab_is_filled_so_that_it_is_ours_and_a_second_time_says_nothing(
    language: Language,
) -> None:
    empty = Tab(name="Sync", rows=[])
    full = written(empty, edits(empty, {"Aino": TODAY}, language))
    assert is_ours(full)
    assert last_check(full) == TODAY
    assert last_digests(full) == {"Aino": TODAY}
    assert edits(full, {"Aino": TODAY}, language) == []
