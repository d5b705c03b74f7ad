"""A spreadsheet in memory: tabs and cells, tags of columns, and what people do to them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from tests.google.ranges import (
    Area,
    RefusalError,
    area_of,
    area_of_grid_range,
    split_a1,
    unreadable,
)
from tests.google.schema import Json


class Formula(NamedTuple):
    """A cell with a formula: its text, and what it comes to."""

    text: str
    value: bool | float | str


Content: TypeAlias = bool | int | float | str | Formula | None


@dataclass
class Tag:
    """Developer metadata on a column, a tab or the spreadsheet."""

    id: int
    key: str
    value: str | None
    visibility: str


@dataclass
class Tab:
    """One tab: rows of cells, all equally wide, and what else hangs on it.

    ``tags`` holds each column's metadata: it goes where the column goes. ``decorations`` keeps
    formats, dropdowns and the like as they were asked for, by the name of the request.
    """

    id: int
    title: str
    rows: list[list[Content]]
    tags: list[list[Tag]]
    properties: dict[str, Json] = field(default_factory=dict)
    grid: dict[str, Json] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    protected: list[dict[str, Json]] = field(default_factory=list)
    tables: list[dict[str, Json]] = field(default_factory=list)
    decorations: dict[str, list[dict[str, Json]]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """The number of rows of the grid."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """The number of columns of the grid."""
        return len(self.tags)

    @property
    def whole(self) -> Area:
        """The area of all cells."""
        return Area(0, self.height, 0, self.width)

    def area(self, cells: str) -> Area:
        """The area behind the part of a range that follows the tab's title."""
        return area_of(cells, title=self.title, height=self.height, width=self.width)

    def resize(self, height: int, width: int) -> None:
        """Cut the grid to a size, or add blank cells."""
        del self.rows[height:], self.tags[width:]
        for row in self.rows:
            del row[width:]
            row.extend([None] * (width - len(row)))
        self.tags.extend([] for _ in range(width - len(self.tags)))
        self.rows.extend([None] * width for _ in range(height - len(self.rows)))

    def insert_rows(self, at: int, count: int = 1) -> None:
        """Put blank rows before the row ``at``, counted from 0."""
        self.rows[at:at] = [[None] * self.width for _ in range(count)]

    def delete_rows(self, at: int, count: int = 1) -> None:
        """Take rows away."""
        del self.rows[at : at + count]

    def move_rows(self, at: int, count: int, to: int) -> None:
        """Move rows so that they stand before the row that is now ``to``."""
        _move(self.rows, at, count, to)

    def sort_rows(self, area: Area, column: int, *, descending: bool = False) -> None:
        """Sort the rows of an area by a column; blank cells go last, as Google has it."""
        part = [row[area.left : area.right] for row in self.rows[area.top : area.bottom]]
        place = column - area.left
        filled = [row for row in part if row[place] is not None]
        filled.sort(key=lambda row: _sorting_key(row[place]), reverse=descending)
        blank = [row for row in part if row[place] is None]
        for row, found in zip(self.rows[area.top : area.bottom], filled + blank, strict=True):
            row[area.left : area.right] = found

    def insert_columns(self, at: int, count: int = 1) -> None:
        """Put blank columns before the column ``at``."""
        self.tags[at:at] = [[] for _ in range(count)]
        for row in self.rows:
            row[at:at] = [None] * count

    def delete_columns(self, at: int, count: int = 1) -> None:
        """Take columns away, and their tags with them."""
        del self.tags[at : at + count]
        for row in self.rows:
            del row[at : at + count]

    def move_columns(self, at: int, count: int, to: int) -> None:
        """Move columns, and their tags with them."""
        _move(self.tags, at, count, to)
        for row in self.rows:
            _move(row, at, count, to)

    def copy(self) -> Tab:
        """The tab as it stands, to go back to when a request fails halfway."""
        return Tab(
            id=self.id,
            title=self.title,
            rows=[list(row) for row in self.rows],
            tags=[list(tags) for tags in self.tags],
            properties=dict(self.properties),
            grid=dict(self.grid),
            merges=list(self.merges),
            protected=list(self.protected),
            tables=list(self.tables),
            decorations={name: list(found) for name, found in self.decorations.items()},
        )


def _move(line: list[Json], at: int, count: int, to: int) -> None:
    part = line[at : at + count]
    rest = line[:at] + line[at + count :]
    place = to if to <= at else to - count
    line[:] = rest[:place] + part + rest[place:]


def _sorting_key(cell: Content) -> tuple[int, Json]:
    plain = value_of(cell)
    if isinstance(plain, bool):
        return (2, plain)
    return (1, plain.casefold()) if isinstance(plain, str) else (0, plain)


def value_of(cell: Content) -> bool | int | float | str | None:
    """What a cell shows: a formula counts as what it comes to."""
    return cell.value if isinstance(cell, Formula) else cell


@dataclass
class Spreadsheet:
    """One spreadsheet: its tabs from left to right, and with whom it is shared.

    ``shared`` holds "writer" or "reader" by address. ``visitors`` are called one by one, each
    just before a write is applied: people who edit in that very moment. ``office`` marks a
    file that is kept in Drive as an .xlsx.
    """

    id: str
    title: str = "Partners"
    locale: str = "en_GB"
    timezone: str = "Europe/Helsinki"
    tabs: list[Tab] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)
    visitors: list[Callable[[Spreadsheet], object]] = field(default_factory=list)
    office: bool = False
    ids: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - not secret

    def add_tab(
        self, title: str, rows: Sequence[Sequence[Content]] = (), *, height: int = 0, width: int = 0
    ) -> Tab:
        """A further tab holding the rows, its grid at least of the size given."""
        tab = Tab(self.new_id() if self.tabs else 0, title, [], [])
        tab.resize(max(len(rows), height, 1), max([len(row) for row in rows] + [width, 1]))
        for line, row in zip(tab.rows, rows, strict=False):
            line[: len(row)] = row
        self.tabs.append(tab)
        return tab

    def tab(self, title: str) -> Tab:
        """The tab of that title."""
        for tab in self.tabs:
            if tab.title == title:
                return tab
        raise unreadable(title)

    def tab_of(self, tab_id: int | None) -> Tab:
        """The tab of that number; none given means 0."""
        for tab in self.tabs:
            if tab.id == (tab_id or 0):
                return tab
        message = f"No grid with id: {tab_id or 0}"
        raise RefusalError(message)

    def find(self, a1: str) -> tuple[Tab, Area]:
        """The tab and the area behind a range."""
        title, cells = split_a1(a1)
        for tab in self.tabs:
            if tab.title.casefold() == title.casefold():
                return tab, tab.area(cells)
        raise unreadable(a1)

    def find_grid_range(self, grid: Mapping[str, Json]) -> tuple[Tab, Area]:
        """The tab and the area behind a GridRange."""
        tab = self.tab_of(grid.get("sheetId"))
        return tab, area_of_grid_range(grid, height=tab.height, width=tab.width)

    def column_tags(self) -> Iterator[tuple[Tab, int, Tag]]:
        """All tags of columns, with where they stand."""
        for tab in self.tabs:
            for column, tags in enumerate(tab.tags):
                for tag in tags:
                    yield tab, column, tag

    def new_id(self) -> int:
        """A number for a new tab, tag or protection."""
        return self.ids.randrange(1, 2**31)

    def let_visitors_edit(self) -> None:
        """Let the next person do what they came for."""
        if self.visitors:
            self.visitors.pop(0)(self)
