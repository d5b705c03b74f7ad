"""People who edit a tracker at the worst moment, and a watch over what is theirs."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sheets_sync.columns import MANAGED
from sheets_sync.layout import key_of
from sheets_sync.model import Cell
from tests.google.spreadsheet import Spreadsheet, Tab, Tag, value_of
from tests.google.trackers import TAB

MARK = "trial.column"
"""The key of the tags by which the watch knows people's columns; the program has its own."""

Cells = Mapping[int, list[Cell]]


@dataclass
class Watch:
    """Compares people's cells as they left them with how they find them again."""

    sheet: Spreadsheet
    left: Cells = field(default_factory=dict)
    harmed: int = 0

    def __post_init__(self) -> None:
        """Mark people's columns, and remember their cells."""
        tab = self.sheet.tab(TAB)
        header = next(row for row in tab.rows if "Partner" in row)
        for number, (tags, cell) in enumerate(zip(tab.tags, header, strict=True)):
            if key_of(value_of(cell)) not in MANAGED:
                tags.append(Tag(10_000 + number, MARK, None, "DOCUMENT"))
        self.left = self.theirs()

    def theirs(self) -> Cells:
        """People's columns, each by its mark, from row 1 down."""
        tab = self.sheet.tab(TAB)
        marks = [next((tag.id for tag in tags if tag.key == MARK), 0) for tags in tab.tags]
        return {
            mark: [value_of(row[column]) for row in tab.rows]
            for column, mark in enumerate(marks)
            if mark
        }

    def look(self) -> None:
        """Count the cells of people's that differ from how they left them."""
        found = self.theirs()
        for mark, column in self.left.items():
            differing = zip(column, found[mark], strict=True)
            self.harmed += sum(before != after for before, after in differing)
        self.left = found

    def around(self, edit: Callable[[Tab], object]) -> Callable[[Spreadsheet], None]:
        """A visit: first a look at what happened meanwhile, then the person's own edit."""

        def visit(sheet: Spreadsheet) -> None:
            self.look()
            edit(sheet.tab(TAB))
            self.left = self.theirs()

        return visit


def some_edit(chance: random.Random) -> Callable[[Tab], object]:
    """One of the things that people do to rows, columns and cells of a tracker."""
    kind = chance.choice(EDITS)
    seed = chance.random()
    return lambda tab: kind(tab, random.Random(seed))  # noqa: S311 - not secret


def _header(tab: Tab) -> int:
    return next(at for at, row in enumerate(tab.rows) if "Partner" in row and "Stage" in row)


def _end(tab: Tab) -> int:
    filled = [at for at, row in enumerate(tab.rows) if any(cell is not None for cell in row)]
    return max(filled) + 1


def _partner_row(tab: Tab, chance: random.Random) -> int:
    return chance.randrange(_header(tab) + 1, max(_end(tab), _header(tab) + 2))


def insert_rows(tab: Tab, chance: random.Random) -> None:
    """Insert rows among the partners."""
    tab.insert_rows(_partner_row(tab, chance), chance.choice([1, 1, 3]))


def insert_rows_above(tab: Tab, chance: random.Random) -> None:
    """Insert rows above the header."""
    if _header(tab) < 8:
        tab.insert_rows(chance.randrange(_header(tab) + 1), chance.choice([1, 2]))


def delete_rows(tab: Tab, chance: random.Random) -> None:
    """Delete partners."""
    tab.delete_rows(_partner_row(tab, chance), chance.choice([1, 2]))


def delete_rest(tab: Tab, chance: random.Random) -> None:
    """Delete all rows from one on."""
    row = _partner_row(tab, chance) + 1
    tab.delete_rows(row, tab.height - row)


def move_rows(tab: Tab, chance: random.Random) -> None:
    """Move a partner elsewhere."""
    at, to = _partner_row(tab, chance), _partner_row(tab, chance)
    tab.move_rows(at, 1, to)


def sort_rows(tab: Tab, chance: random.Random) -> None:
    """Sort the partners by any column, the program's too."""
    area = tab.whole._replace(top=_header(tab) + 1, bottom=_end(tab))
    if area.top < area.bottom:
        tab.sort_rows(area, chance.randrange(tab.width), descending=chance.random() < 0.5)


def insert_column(tab: Tab, chance: random.Random) -> None:
    """Insert a column of their own, with a header."""
    at = chance.randrange(18)
    tab.insert_columns(at)
    tab.tags[at].append(Tag(chance.randrange(20_000, 2**31), MARK, None, "DOCUMENT"))
    tab.rows[_header(tab)][at] = "Colour"


def move_column(tab: Tab, chance: random.Random) -> None:
    """Move a column, the program's too."""
    tab.move_columns(chance.randrange(18), 1, chance.randrange(20))


def type_something(tab: Tab, chance: random.Random) -> None:
    """Fill or clear a cell of theirs."""
    header = tab.rows[_header(tab)]
    columns = [at for at, cell in enumerate(header) if key_of(value_of(cell)) in ("stage", "theme")]
    row = tab.rows[_partner_row(tab, chance)]
    row[chance.choice(columns)] = chance.choice(["Agreed", "Done", None, "Film club"])


def add_partner(tab: Tab, chance: random.Random) -> None:
    """Write a new partner below the others."""
    row = _end(tab)
    if row < tab.height:
        tab.rows[row][tab.rows[_header(tab)].index("Partner")] = f"New {chance.random():.6f}"


EDITS = (
    insert_rows,
    insert_rows_above,
    delete_rows,
    delete_rest,
    move_rows,
    sort_rows,
    insert_column,
    move_column,
    type_something,
    add_partner,
)
