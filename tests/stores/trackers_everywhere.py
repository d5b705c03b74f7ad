"""One random tracker in each of the places where trackers are kept, and how it stands there."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any, Literal, NamedTuple, TypeAlias

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sheets_sync.columns import PEOPLE, Kind
from sheets_sync.equality import serial_of
from sheets_sync.layout import find_layout
from sheets_sync.model import Cell
from sheets_sync.report import report_json
from sheets_sync.stores import Store
from sheets_sync.stores.excel import ExcelStore
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.stores.google.store import GoogleStore
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import synchronise
from tests.agreement.random_rows import one_in
from tests.agreement.tables import STATUS_LABELS
from tests.agreement.trackers import Tracker
from tests.google.place import Place, cells_of, number_of
from tests.stores.contract import Formula, Grid, squared
from tests.stores.workbooks import cells, workbook

Filled: TypeAlias = Cell | Formula

TAB = "Partners"
LOOKS: tuple[Filled, ...] = (
    *("#REF!", Formula("=1/0", "#DIV/0!"), Formula("=A9", "#N/A"), "#######"),
    *("TRUE", "FALSE", "true", True, False, "46347", "007", "1e3", "3,5", "2026-11-21", "21.11."),
    *("=1+1", "'quoted", "+358 40", "-", 46347, 46347.25, 3.0, 1e9, "", " ", "two\nlines"),
)
"""What looks like something else, or is something else than it looks."""
DAYS = frozenset({"due", *(key for key, spec in PEOPLE.items() if spec.kind is Kind.DATE)})
LIKELY = range(10_000, 200_000)
"""Numbers that Google's reading takes for days where days belong."""

NEVER = 60
"""The number of 29 February 1900 in Excel: as a day it can only be read as the one before."""

Program = Literal["openpyxl", "XlsxWriter"]


class Outcome(NamedTuple):
    """What two syncs on one day reported, and the tracker's cells after them."""

    first: dict[str, Any]
    second: dict[str, Any]
    cells: list[list[Cell]]


def as_it_is(tracker: Tracker) -> dict[str, list[list[Filled]]]:
    """The tracker's only tab, with nothing added."""
    return {TAB: [list(row) for row in tracker.grid]}


def dressed_up(tracker: Tracker, chance: Random) -> dict[str, list[list[Filled]]]:
    """The tracker's tabs as people keep them: with formulas, rows below, other tabs beside."""
    layout = find_layout(tracker.grid)
    assert layout is not None
    theirs = {at for key, at in layout.columns.items() if key in PEOPLE}
    rows: list[list[Filled]] = [list(row) for row in tracker.grid[: layout.header_row]]
    rows += [
        [_filled(cell, chance) if at in theirs else cell for at, cell in enumerate(row)]
        for row in tracker.grid[layout.header_row :]
    ]
    if one_in(3, chance):
        rows += _rows_below(layout.columns, chance)
    tabs: dict[str, list[list[Filled]]] = {TAB: rows}
    if one_in(2, chance):
        tabs["Sync"] = [["sheets_sync", None, "theirs"], [], ["x"]]
    if one_in(3, chance):
        tabs = {"Ohje": [["Partner", "Stage"]], **tabs}
    return tabs


def _filled(cell: Cell, chance: Random) -> Filled:
    """The cell, or at times a formula that comes to the same, seldom something odd."""
    if one_in(60, chance):
        return chance.choice(LOOKS)
    plain_value = isinstance(cell, bool | int | float | str) and cell != ""
    return Formula("=A1", cell) if plain_value and one_in(20, chance) else cell


def _rows_below(columns: Mapping[str, int], chance: Random) -> list[list[Filled]]:
    """What stands under the partners: blanks, strangers' cells, what an earlier run left."""
    status = chance.choice([names[0] for names in STATUS_LABELS.values()])
    width = max(columns.values()) + 1
    left: list[Filled] = [None] * width
    left[columns["status"]] = status
    strange: list[Filled] = [*[None] * width, "sum:", 12]
    return chance.choice([[[], []], [["", ""], []], [[], left], [strange], [[], left, strange, []]])


def plain(tabs: dict[str, list[list[Filled]]]) -> dict[str, list[list[Cell]]]:
    """The same tabs where there are no formulas: each counts as what it came to."""
    return {
        name: [[cell.result if isinstance(cell, Formula) else cell for cell in row] for row in rows]
        for name, rows in tabs.items()
    }


def without_doubt(tracker: Tracker) -> Tracker:
    """The tracker without what Google's one reading cannot tell apart.

    It gives a day as its number: so outside columns of days there are none, and within them no
    numbers that are no day in bounds yet likely one.
    """
    layout = find_layout(tracker.grid)
    assert layout is not None
    keys = {at: key for key, at in layout.columns.items()}
    body = [
        [_certain(cell, days=keys.get(at) in DAYS) for at, cell in enumerate(row)]
        for row in tracker.grid[layout.header_row :]
    ]
    return tracker._replace(grid=[*tracker.grid[: layout.header_row], *body], date_system=1900)


def _certain(cell: Cell, *, days: bool) -> Cell:
    if isinstance(cell, date) and not days:
        return number_of(cell)
    if days and isinstance(cell, int) and not isinstance(cell, bool):
        in_bounds = 20_000 <= cell <= 80_000
        return None if cell in LIKELY and not in_bounds else cell
    return cell


def openpyxl_workbook(tabs: dict[str, list[list[Filled]]], date_system: int) -> bytes:
    """A workbook written by openpyxl; errors are error cells, formulas have no value kept."""
    book = openpyxl.Workbook()
    if date_system == 1904:
        book.epoch = CALENDAR_MAC_1904
    book.remove(book.worksheets[0])
    for name, rows in plain(tabs).items():
        sheet = book.create_sheet(name)
        for row, line in enumerate(rows, start=1):
            for column, cell in enumerate(line, start=1):
                put = sheet.cell(row, column, cell)
                if put.data_type == "f":  # a text that begins with "=" is none for us
                    put.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sync_twice(store: Store, tracker: Tracker) -> tuple[dict[str, Any], dict[str, Any]]:
    """What two syncs on one day report."""
    reports = [
        report_json(synchronise(store, tracker.settings, lambda _: tracker.today), tracker.settings)
        for _ in range(2)
    ]
    return reports[0], reports[1]


def in_memory(tracker: Tracker, tabs: dict[str, list[list[Filled]]]) -> Outcome:
    """The tracker in memory."""
    store = MemoryStore(plain(tabs), date_system=tracker.date_system)
    return Outcome(*sync_twice(store, tracker), settled(store.tabs[TAB], tracker))


def in_excel(
    tracker: Tracker, tabs: dict[str, list[list[Filled]]], folder: Path, program: Program
) -> Outcome:
    """The tracker in a file that one of two programs wrote."""
    path = folder / "partners.xlsx"
    if program == "openpyxl":
        path.write_bytes(openpyxl_workbook(tabs, tracker.date_system))
    else:
        path.write_bytes(workbook(tabs, date_1904=tracker.date_system == 1904))
    store = ExcelStore(path, state=folder / "state", backups=0)
    reports = sync_twice(store, tracker)
    return Outcome(*reports, settled(cells(path.read_bytes(), TAB), tracker))


def in_google(
    tracker: Tracker, tabs: dict[str, list[list[Filled]]], place: Place, client: SheetsClient
) -> Outcome:
    """The tracker in a spreadsheet on the server."""
    sheet = place.put_up(tabs)
    reports = sync_twice(GoogleStore(client, sheet.id), tracker)
    del place.server.spreadsheets[sheet.id]
    place.server.calls.clear()
    return Outcome(*reports, settled(cells_of(sheet, TAB), tracker))


def settled(grid: Grid, tracker: Tracker) -> list[list[Cell]]:
    """Cells that can be compared: days as numbers, rows cut where nothing follows.

    In Excel a day is written as ISO text where the cell does not show numbers as days.
    """
    layout = find_layout(tracker.grid)
    assert layout is not None
    rows = [[_as_number(cell, tracker.date_system) for cell in row] for row in grid]
    for row in rows[layout.header_row :]:
        due = layout.columns["due"]
        if due < len(row) and isinstance(row[due], str):
            row[due] = _as_number(_written_day(str(row[due])), tracker.date_system)
    return squared(rows)


def _as_number(cell: Cell | time, date_system: int) -> Cell:
    if not isinstance(cell, date | time):
        return NEVER - 1 if cell == NEVER else cell
    passed = (cell.hour * 60 + cell.minute) / 1440 if isinstance(cell, datetime | time) else 0
    if isinstance(cell, time):
        return passed
    day = cell.date() if isinstance(cell, datetime) else cell
    return _as_number(serial_of(day, date_system) + passed, date_system)


def _written_day(text: str) -> Cell:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
