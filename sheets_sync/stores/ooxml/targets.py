"""From a sheet's merges, tables and array formulas to the cells that cannot be changed alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml.parts import Package
from sheets_sync.stores.ooxml.references import Range, letters_of, ranges_at


class Closed(NamedTuple):
    """A range no cell of which may be changed, and the kind of refusal that says why."""

    range: Range
    kind: str


class ClosedCells:
    """The cells of a sheet that cannot be changed alone, asked for cell by cell."""

    def __init__(self, closed: Iterable[Closed], tab: str) -> None:
        """Know the ranges; the first cell of a merge is not closed."""
        self._closed = tuple(closed)
        self._tab = tab
        self._columns: dict[int, _Column] = {}

    def __bool__(self) -> bool:
        """Whether any cell is closed."""
        return bool(self._closed)

    def require_open(self, row: int, column: int) -> None:
        """Refuse a cell that cannot be changed alone."""
        if column not in self._columns:
            self._columns[column] = _Column(column, self._closed)
        kind = self._columns[column].kind_at(row)
        if kind is not None:
            raise Refused(kind, tab=self._tab, cell=f"{letters_of(column)}{row}")


class _Column:
    """The closed rows of one column: spans that do not overlap, and why each is closed."""

    def __init__(self, column: int, closed: Sequence[Closed]) -> None:
        self._spans: list[tuple[int, int, str]] = []
        for first, last, kind in sorted(_spans(column, closed)):
            start = max(first, self._spans[-1][1] + 1) if self._spans else first
            if start <= last:
                self._spans.append((start, last, kind))

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _, _ in self._spans]

    def kind_at(self, row: int) -> str | None:
        """Tell why the row is closed; None if it is not."""
        place = bisect_right(self._starts, row) - 1
        if place < 0 or row > self._spans[place][1]:
            return None
        return self._spans[place][2]


def _spans(column: int, closed: Sequence[Closed]) -> Iterable[tuple[int, int, str]]:
    for (first_row, first_column, last_row, last_column), kind in closed:
        if first_column <= column <= last_column:
            start = first_row + (kind == "merged_cell" and column == first_column)
            if start <= last_row:
                yield start, last_row, kind


def table_headers(package: Package, sheet: str, ids: Sequence[str]) -> Iterable[Closed]:
    """The header rows of a sheet's tables: their texts stand in the table's part as well."""
    if not ids:
        return
    relations = package.relations(package.sheet(sheet))
    for id_ in ids:
        relation = relations.get(id_)
        if relation is None or relation.target is None:
            continue
        root = package.elements(relation.target)[0]
        rows = root.attributes.get("headerRowCount", "1")
        for range_ in ranges_at([root.attributes.get("ref", "")]):
            if rows != "0":
                yield Closed(range_._replace(last_row=range_.first_row), "table_header")


def merged(ranges: Iterable[Range]) -> Iterable[Closed]:
    """The merged ranges of a sheet."""
    return (Closed(range_, "merged_cell") for range_ in ranges)
