"""What every store must do: a class of tests that the tests of each store inherit.

A subclass says how a store of given tabs comes about, how the tabs stand as people see them,
and how people edit behind the store's back; see test_memory.py for the smallest one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import pytest

from sheets_sync.errors import NotATracker, SheetChanged
from sheets_sync.layout import column_index
from sheets_sync.model import SYNC_TAB, TRACKER_TAB, Cell, Edit, Sheet, Value
from sheets_sync.stores import Store

Grid = list[list[Cell]]
Tabs = Mapping[str, Sequence[Sequence["Cell | Formula"]]]


class Formula(NamedTuple):
    """A cell that a person filled with a formula, and the value it last had."""

    text: str
    result: Cell


HEADER = (
    "Shoe size", "Partner", "Stage", "Last contact", "Attempts", "Photo approved", "Notes",
    "Status", "Next action", "Due", "Days overdue", "Remark",
)  # fmt: skip
"""Known columns from B to K between two that are nobody's business."""

TABS: Tabs = {
    "Cover": (("Welcome",),),
    "Partners": (
        ("Our partners", None, date(2026, 1, 2)),
        (),
        HEADER,
        (44, "Martha ry", "Agreed", date(2026, 11, 2), 2, True, "n", "Idle", "old",
         None, 3, "=1+1"),
        (None, "יד שרה", "רעיון", None, 0, False, None, None, None, None, None, None),
        ("x", "O'Neill & <Sons>", "In talks", date(2026, 2, 28), 1, False, " a\nb ", None, None,
         None, None, "keep"),
    ),
    "Sync": (("sheets_sync", "Last check"), (None, "2026-11-20")),
}  # fmt: skip


def day(cell: Cell) -> date | None:
    """A day in any of the forms in which a store may hand it over."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return date.fromordinal(date(1899, 12, 30).toordinal() + int(cell))
    if isinstance(cell, str):
        return date.fromisoformat(cell)
    return cell if isinstance(cell, date) else None


def squared(grid: Grid) -> Grid:
    """A grid without blanks at the ends of its rows and of itself, to compare."""
    rows = [list(row) for row in grid]
    for row in rows:
        while row and row[-1] in (None, ""):
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return [[None if cell == "" else cell for cell in row] for row in rows]


def told(sheet: Sheet) -> tuple[object, ...]:
    """All that a sheet tells, its store's own token apart."""
    people = {key: list(column) for key, column in sheet.people.items()}
    managed = {key: list(column) for key, column in sheet.managed.items()}
    return (
        sheet.tab, sheet.header_row, sheet.first_row, dict(sheet.headers), dict(sheet.letters),
        people, managed, sheet.formulas, sheet.notes, sheet.timezone, sheet.date_system,
        {key: (tab.name, squared([list(row) for row in tab.rows]))
         for key, tab in sheet.tabs.items()},
    )  # fmt: skip


def with_cell(tabs: Tabs, tab: str, place: str, value: Cell | Formula) -> Tabs:
    """The tabs with one cell filled differently."""
    rows = [list(row) for row in tabs[tab]]
    letters, row = place.rstrip("0123456789"), int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    cells = rows[row - 1]
    cells.extend([None] * (column_index(letters) + 1 - len(cells)))
    cells[column_index(letters)] = value
    return {**tabs, tab: rows}


class StoreContract:
    """The facts; a subclass fills in the first three methods."""

    spares_formulas = False
    """Whether the store marks formulas in managed columns in its sheets."""

    def open(self, tabs: Tabs) -> Store:
        """A store of a new tracker with these tabs."""
        raise NotImplementedError

    def grid(self, store: Store, tab: str) -> Grid:
        """The cells of a tab as people see them now, from A1 on, read by other means."""
        raise NotImplementedError

    def type_in(self, store: Store, tab: str, place: str, value: Cell) -> None:
        """A person fills a cell ("B4") behind the store's back."""
        raise NotImplementedError

    def test_finds_the_header_row_and_reads_headers_and_letters(self) -> None:
        sheet = self.open(TABS).read()
        assert (sheet.tab, sheet.header_row, sheet.first_row) == ("Partners", 3, 4)
        assert sheet.headers["last_contact"] == "Last contact"
        assert (sheet.letters["partner"], sheet.letters["days_overdue"]) == ("B", "K")

    def test_reads_the_known_columns_and_no_other(self) -> None:
        sheet = self.open(TABS).read()
        assert set(sheet.people) == {
            "partner", "stage", "last_contact", "attempts", "photo_approved", "notes",
        }  # fmt: skip
        assert set(sheet.managed) == {"status", "next_action", "due", "days_overdue"}

    def test_reads_cells_as_they_stand(self) -> None:
        people = self.open(TABS).read().people
        assert list(people["partner"]) == ["Martha ry", "יד שרה", "O'Neill & <Sons>"]
        assert list(people["photo_approved"]) == [True, False, False]
        assert [day(cell) for cell in people["last_contact"]] == [
            date(2026, 11, 2), None, date(2026, 2, 28),
        ]  # fmt: skip
        assert list(people["attempts"]) == [2, 0, 1]

    def test_leaves_off_blank_rows_at_the_end_only(self) -> None:
        tabs = with_cell({"Partners": (*TABS["Partners"], (), ())}, "Partners", "A8", "unknown")
        assert self.open(tabs).read().height == 3
        tabs = with_cell({"Partners": (*TABS["Partners"], (), ())}, "Partners", "H8", "Overdue")
        sheet = self.open(tabs).read()
        assert list(sheet.managed["status"]) == ["Idle", None, None, None, "Overdue"]
        assert list(sheet.people["partner"])[3:] == [None, None]

    def test_reads_a_tracker_without_partners(self) -> None:
        sheet = self.open({"Partners": (HEADER,)}).read()
        assert (sheet.height, sheet.header_row) == (0, 1)
        assert list(sheet.people["partner"]) == []

    def test_reading_again_tells_the_same(self) -> None:
        store = self.open(TABS)
        assert told(store.read()) == told(store.read())

    def test_a_missing_managed_column_is_named(self) -> None:
        tabs = with_cell(TABS, "Partners", "J3", "Deadline")
        with pytest.raises(NotATracker) as caught:
            self.open(tabs).read()
        assert (caught.value.kind, caught.value.facts["headers"]) == ("missing_managed", ("Due",))

    def test_two_columns_of_one_meaning_are_refused(self) -> None:
        tabs = with_cell(TABS, "Partners", "L3", "Company")
        with pytest.raises(NotATracker) as caught:
            self.open(tabs).read()
        assert caught.value.kind == "double_column"

    def test_write_changes_the_edited_cells_and_nothing_else(self) -> None:
        store = self.open(TABS)
        before = {tab: squared(self.grid(store, tab)) for tab in TABS}
        store.write([Edit(TRACKER_TAB, 5, "status", "Overdue")], against=store.read())
        before["Partners"][4].extend([None] * (8 - len(before["Partners"][4])))
        before["Partners"][4][7] = "Overdue"
        assert {tab: squared(self.grid(store, tab)) for tab in TABS} == before

    def test_write_returns_the_sheet_as_it_then_stands(self) -> None:
        store = self.open(TABS)
        edits = [Edit(TRACKER_TAB, 4, "status", None), Edit(TRACKER_TAB, 6, "next_action", "Call")]
        after = store.write(edits, against=store.read())
        assert list(after.managed["status"]) == [None, None, None]
        assert list(after.managed["next_action"]) == ["old", None, "Call"]
        assert told(after) == told(store.read())

    def test_a_sheet_that_was_written_can_be_written_against(self) -> None:
        store = self.open(TABS)
        sheet = store.write([Edit(TRACKER_TAB, 4, "status", "A")], against=store.read())
        sheet = store.write([Edit(TRACKER_TAB, 4, "status", "B")], against=sheet)
        assert sheet.managed["status"][0] == "B"

    def test_no_edits_change_nothing(self) -> None:
        store = self.open(TABS)
        sheet = store.read()
        assert told(store.write([], against=sheet)) == told(sheet)

    @pytest.mark.parametrize(
        "value",
        [
            "=1+1", "+358", "-", "@home", "'quoted", "<b>&amp;</b>", "two\nlines", " spaces ",
            "להתקשר", "Käy läpi – “näin”", "🙂", "_x000D_", "TRUE", "0123", "2026-11-21x", 7, 0,
            "é" * 300,
        ],
    )  # fmt: skip
    def test_a_written_value_reads_back_as_it_is(self, value: Value) -> None:
        store = self.open(TABS)
        after = store.write([Edit(TRACKER_TAB, 5, "next_action", value)], against=store.read())
        found = after.managed["next_action"][1]
        assert found == value
        assert isinstance(found, str) == isinstance(value, str)
        assert self.grid(store, "Partners")[4][8] == value

    def test_a_written_day_reads_back_as_that_day(self) -> None:
        store = self.open(TABS)
        edit = Edit(TRACKER_TAB, 6, "due", date(2026, 11, 21))
        after = store.write([edit], against=store.read())
        assert day(after.managed["due"][2]) == date(2026, 11, 21)

    def test_what_people_do_meanwhile_is_kept_and_seen(self) -> None:
        store = self.open(TABS)
        sheet = store.read()
        self.type_in(store, "Partners", "C5", "Planning")
        try:
            after = store.write([Edit(TRACKER_TAB, 5, "status", "Overdue")], against=sheet)
        except SheetChanged:
            after = store.read()
            assert list(after.managed["status"]) == ["Idle", None, None]
        assert after.people["stage"][1] == "Planning"
        assert self.grid(store, "Partners")[4][2] == "Planning"

    def test_reads_and_writes_the_program_s_own_tab(self) -> None:
        store = self.open(TABS)
        sheet = store.read()
        assert sheet.tabs[SYNC_TAB].rows[0][0] == "sheets_sync"
        edits = [Edit(SYNC_TAB, 2, "B", "2026-11-21"), Edit(SYNC_TAB, 4, "A", "aino@example.org")]
        rows = store.write(edits, against=sheet).tabs[SYNC_TAB].rows
        assert day(rows[1][1]) == date(2026, 11, 21)
        assert rows[3][0] == "aino@example.org"

    def test_a_tab_of_somebody_else_s_by_our_name_is_left_alone_with_a_note(self) -> None:
        sheet = self.open(with_cell(TABS, "Sync", "A1", "My own list")).read()
        assert SYNC_TAB not in sheet.tabs
        assert [note.id for note in sheet.notes] == ["notes.tab_not_ours"]

    def test_a_tracker_without_tabs_of_ours_is_read(self) -> None:
        sheet = self.open({"Whatever": TABS["Partners"]}).read()
        assert (sheet.tab, sheet.tabs, sheet.notes) == ("Whatever", {}, ())

    def test_a_person_s_formula_in_a_managed_cell_is_marked(self) -> None:
        if not self.spares_formulas:
            pytest.skip("this store cannot see formulas")
        tabs = with_cell(TABS, "Partners", "K5", Formula("=1+2", 3))
        sheet = self.open(tabs).read()
        assert sheet.formulas == {"days_overdue": frozenset({1})}
        assert sheet.managed["days_overdue"][1] == 3
