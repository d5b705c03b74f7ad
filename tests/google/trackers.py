"""Trackers of any size to put up, and what they should say in the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sheets_sync.columns import MANAGED, STAGES
from sheets_sync.equality import date_of, serial_of
from sheets_sync.layout import column_index, column_letters
from sheets_sync.model import Cell, Settings
from sheets_sync.plan import make_plan
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import synchronise
from sheets_sync.texts import label
from tests.google.spreadsheet import Spreadsheet, Tab

TODAY = date(2026, 11, 21)
TAB = "Partners"
KNOWN = (
    "partner", "theme", "stage", "last_contact", "attempts", "last_reply", "meeting", "event",
    "photo_approved", "values_fit",
)  # fmt: skip
HEADER: tuple[Cell, ...] = (
    *(label(f"column.{key}", "en") for key in KNOWN),
    "Shoe size",
    *(label(f"column.{key}", "en") for key in MANAGED),
)
SYNC = (("sheets_sync: the program writes here",),)


def tracker(rows: int, *, seed: int = 0, above: int = 1) -> dict[str, Sequence[Sequence[Cell]]]:
    """The tabs of a tracker with so many partners, and rows above its header."""
    chance = random.Random(seed)  # noqa: S311 - not secret
    partners = [_partner(chance, number) for number in range(rows)]
    return {TAB: [["Our partners"]] * above + [HEADER, *partners], "Sync": SYNC}


def _partner(chance: random.Random, number: int) -> list[Cell]:
    today = serial_of(TODAY)
    contact = today - chance.randrange(90)
    return [
        f"Partner {number}",
        chance.choice(["Library day", "Film club", None]),
        label(f"choice.stage.{chance.choice(STAGES)}", "en"),
        contact if chance.random() < 0.9 else None,
        chance.choice([None, 0, 1, 2]),
        chance.choice([None, contact - 3, contact + 1]),
        chance.choice([None, today - 5, today + 5]),
        chance.choice([None, today - 10, today + 40]),
        chance.choice([True, False]),
        label(f"choice.values_fit.{chance.choice(('yes', 'partly', 'no'))}", "en"),
        number,
    ]


def today_of(timezone: str | None) -> date:
    """The day of all tests."""
    del timezone
    return TODAY


def right_cells(tabs: Mapping[str, Sequence[Sequence[Cell]]]) -> list[list[Cell]]:
    """The cells of the tracker's tab after a sync that nobody disturbed."""
    store = MemoryStore(tabs)
    synchronise(store, Settings(), today_of)
    return [list(row) for row in store.tabs[TAB]]


def says_what_it_should(cells: Sequence[Sequence[Cell]]) -> bool:
    """Whether nothing is left to be written in a tracker's tab.

    The managed headers read as they did, and nothing of ours stands above them.
    """
    sheet = MemoryStore({TAB: with_days(cells)}).read()
    headers = {key: label(f"column.{key}", "en") for key in MANAGED}
    whole = {key: sheet.headers.get(key) for key in MANAGED} == headers
    columns = [column_index(sheet.letters[key]) for key in MANAGED if key in sheet.letters]
    above = [row[at] for row in cells[: sheet.header_row - 1] for at in columns if at < len(row)]
    return whole and not any(above) and not make_plan(sheet, Settings(), TODAY).edits


def with_days(cells: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Cells as the server keeps them, with the serial numbers below the header Due as days."""
    rows = [list(row) for row in cells]
    columns = {index for row in rows for index, cell in enumerate(row) if cell == "Due"}
    for row in rows:
        for index in columns:
            cell = row[index] if index < len(row) else None
            if isinstance(cell, int) and not isinstance(cell, bool):
                row[index] = date_of(cell)
    return rows


def letters(header: str) -> str:
    """Where a column of the tracker stands."""
    return column_letters(HEADER.index(header))


def in_the_window(sheet: Spreadsheet, *visits: Callable[[Tab], object]) -> None:
    """Have people edit the tracker's tab just before the next writes are applied, one by one.

    The first write of all is the one that tags the columns.
    """

    def at_the_tab(visit: Callable[[Tab], object]) -> Callable[[Spreadsheet], object]:
        return lambda there: visit(there.tab(TAB))

    sheet.visitors.extend(map(at_the_tab, visits))
