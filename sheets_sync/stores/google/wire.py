"""From Google's ranges and values to columns of cells, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sheets_sync.layout import column_index
from sheets_sync.model import Cell, Value

Json = Any  # what json.loads gives

_RANGE = re.compile(r"(?:.*!)?\$?([A-Z]+)\$?(\d*)(?::\$?([A-Z]+)\$?(\d*))?\Z", re.DOTALL)
_DAY_ZERO = date(1899, 12, 30)
"""The day with the number 0. Unlike Excel, Google knows of no 29 February 1900."""
_LIKELY_DAYS = range(10_000, 200_000)
"""Numbers that are shown as days in a column of days, from 1927 to 2447: there, a year that
somebody typed and small counts stay the numbers they are."""

READ = {
    "valueRenderOption": "UNFORMATTED_VALUE",
    "dateTimeRenderOption": "SERIAL_NUMBER",
    "majorDimension": "COLUMNS",
}
"""Plain values, days as numbers, column by column."""

WRITE = {
    "valueInputOption": "RAW",
    "includeValuesInResponse": True,
    "responseValueRenderOption": "UNFORMATTED_VALUE",
    "responseDateTimeRenderOption": "SERIAL_NUMBER",
}
"""Text stays text, and the answer shows the cells as they then stand."""


class Block(NamedTuple):
    """A range as it was answered: its first row and column (from 0), its end, its columns.

    ``bottom`` is the row after the last, None where the range names none. Columns are cut
    short where nothing follows.
    """

    top: int
    left: int
    bottom: int | None
    columns: Sequence[Sequence[Cell]]


class Area(NamedTuple):
    """A rectangle of cells, counted from 0; the ends are exclusive, None where unbounded."""

    top: int
    bottom: int | None
    left: int
    right: int | None

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies within."""
        return (
            self.top <= row
            and (self.bottom is None or row < self.bottom)
            and self.left <= column
            and (self.right is None or column < self.right)
        )


def quote(title: str) -> str:
    """A tab's title as it stands in a range, and by itself the range of all its cells."""
    return "'" + title.replace("'", "''") + "'"


def block_of(value_range: Mapping[str, Json]) -> Block:
    """A ValueRange, whichever way round its values come."""
    match = _RANGE.match(value_range["range"])
    first, top, last, bottom = match.groups() if match else ("A", "", None, "")
    values = value_range.get("values", [])
    if value_range.get("majorDimension", "ROWS") != "COLUMNS":
        values = turned(values)
    end = bottom if last else top
    return Block(int(top or 1) - 1, column_index(first), int(end) if end else None, values)


def turned(lines: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Rows as columns or columns as rows, short lines filled with blanks."""
    width = max(map(len, lines), default=0)
    return [
        [(line[place] if place < len(line) else None) for line in lines] for place in range(width)
    ]


def area_of(grid_range: Mapping[str, int]) -> Area:
    """A GridRange; what it leaves out is unbounded."""
    return Area(
        grid_range.get("startRowIndex", 0),
        grid_range.get("endRowIndex"),
        grid_range.get("startColumnIndex", 0),
        grid_range.get("endColumnIndex"),
    )


def to_wire(value: Value) -> Json:
    """A value to write: a blank clears, a day is its serial number."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    return (value - _DAY_ZERO).days if isinstance(value, date) else value


def as_days(column: Sequence[Cell]) -> list[Cell]:
    """A column of days, whose numbers Google does not tell from other numbers."""
    return [_as_day(cell) for cell in column]


def _as_day(cell: Cell) -> Cell:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell in _LIKELY_DAYS:
        return _DAY_ZERO + timedelta(days=cell)
    return cell


def sparse(cells: Mapping[int, Value]) -> list[Json]:
    """One column of values, from row 1 to the last given (1-based): null leaves a cell alone."""
    column: list[Json] = [None] * max(cells, default=1)
    for row, value in cells.items():
        column[row - 1] = to_wire(value)
    return column
