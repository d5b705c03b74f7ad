"""From a number of rows to a big tracker workbook of realistic variety, as Excel would save it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from sheets_sync.columns import MANAGED, PEOPLE, Kind
from sheets_sync.model import Cell, Settings, Sheet, Value
from sheets_sync.plan import make_plan
from sheets_sync.texts import label

TODAY = date(2026, 11, 18)
KEYS = (*PEOPLE, *MANAGED)
STAGES = ("idea", "contacted", "in_talks", "planning", "agreed", "done", "paused", "declined")
WEIGHTS = (25, 20, 15, 10, 15, 8, 4, 3)
WORDS = (
    "library", "choir", "school", "garden", "theatre", "museum", "club", "kitchen", "workshop",
    "forum", "archive", "orchestra", "parish", "college", "studio", "harbour", "village", "market",
)  # fmt: skip


def people_columns(rows: int, *, seed: int = 1) -> Mapping[str, Sequence[Cell]]:
    """The columns that people fill, by key, for so many partners."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    partners = [dict(_partner(number, chance)) for number in range(rows)]
    return {key: [partner.get(key) for partner in partners] for key in PEOPLE}


def _partner(number: int, chance: random.Random) -> Iterator[tuple[str, Cell]]:
    name = f"{chance.choice(WORDS).title()} of {chance.choice(WORDS)} {number}"
    stage = chance.choices(STAGES, WEIGHTS)[0]
    yield "partner", name
    yield "type", _choice("type", chance)
    yield "theme", f"Theme {number % 400}"
    yield "owner", f"Member {number % 12}"
    yield "contact", f"Contact {number}"
    yield "channel", _choice("channel", chance)
    yield "email", f"contact.{number}@partner{number % 5000}.example.org"
    yield "phone", f"+35840{1_000_000 + number}"
    yield "link", f"https://partner{number}.example.org/about"
    yield "introduced_by", f"Friend {number % 900}" if number % 3 else None
    yield "values_fit", "Yes" if number % 7 else "Partly"
    yield "partner_benefit", f"{name} finds new people for what they do"
    yield "our_benefit", f"A room and {number % 90} listeners" if number % 9 else None
    yield "reputation", "Good"
    yield "vetted_on", TODAY - timedelta(days=chance.randrange(500))
    yield "role", _choice("role", chance)
    yield "stage", label(f"choice.stage.{stage}", "en")
    if stage != "idea":
        yield from _history(chance)
    yield "keep_in_touch", chance.choice((None, 30, 60, 90))
    yield "event", TODAY + timedelta(days=chance.randrange(-120, 240)) if number % 2 else None
    yield "photo_approved", chance.choice((True, False))
    yield "plan", f"We invite, they host evening {number}" if number % 4 else None
    yield "notes", f"Met at the fair, see page {number % 1000}"


def _history(chance: random.Random) -> Iterator[tuple[str, Cell]]:
    contacted = TODAY - timedelta(days=chance.randrange(120))
    yield "last_contact", contacted
    yield "attempts", chance.randrange(5)
    yield "last_reply", contacted + timedelta(days=chance.randrange(-30, 5))
    yield "follow_up", TODAY + timedelta(days=chance.randrange(-20, 40))
    yield "meeting", TODAY + timedelta(days=chance.randrange(-60, 30))


def _choice(key: str, chance: random.Random) -> str:
    return label(f"choice.{key}.{chance.choice(PEOPLE[key].choices)}", "en")


def managed_columns(people: Mapping[str, Sequence[Cell]]) -> Mapping[str, Sequence[Value]]:
    """What the program's columns should say beside these."""
    rows = len(people["partner"])
    sheet = Sheet(
        tab="Partners",
        header_row=1,
        first_row=2,
        headers={key: label(f"column.{key}", "en") for key in KEYS},
        letters={},
        people=people,
        managed={key: [None] * rows for key in MANAGED},
    )
    return make_plan(sheet, Settings(), TODAY).wanted


def write_tracker(path: Path, people: Mapping[str, Sequence[Cell]], *, fresh: float) -> None:
    """Write a workbook in which this share of the rows says already what it should."""
    managed = managed_columns(people)
    rows = len(people["partner"])
    stale = set(random.Random(2).sample(range(rows), round(rows * (1 - fresh))))  # noqa: S311
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        tab = book.add_worksheet("Partners")
        tab.freeze_panes(1, 1)
        for column, key in enumerate(KEYS):
            is_date = key == "due" or (key in PEOPLE and PEOPLE[key].kind is Kind.DATE)
            tab.set_column(column, column, 14, day if is_date else None)
            tab.write_string(0, column, label(f"column.{key}", "en"))
            for row in range(rows):
                cell = people[key][row] if key in people else managed[key][row]
                if key in managed and row in stale:
                    cell = label("status.idle", "en") if key == "status" else None
                _write(tab, row + 1, column, cell, day)


def _write(
    tab: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    day: xlsxwriter.format.Format,
) -> None:
    if isinstance(cell, bool):
        tab.write_boolean(row, column, cell)
    elif isinstance(cell, date):
        tab.write_datetime(row, column, cell, day)
    elif isinstance(cell, int | float):
        tab.write_number(row, column, cell)
    elif cell is not None:
        tab.write_string(row, column, cell)
