"""From a workbook and the values some cells shall have to the workbook that says so.

Nothing else changes: other parts are copied as they are packed, and in the sheets concerned all
bytes outside the cells, the tags of their rows and ``dimension`` stay what they were.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final, TypeAlias, cast

from sheets_sync.errors import Refused
from sheets_sync.model import Value
from sheets_sync.stores.ooxml.archive import STORED, Entry, NewPart
from sheets_sync.stores.ooxml.cells import Wording
from sheets_sync.stores.ooxml.changes import Changes, Splice
from sheets_sync.stores.ooxml.deflate import joined, pack
from sheets_sync.stores.ooxml.lexing import TAG, Irregular, attributes_of, with_attribute
from sheets_sync.stores.ooxml.parsed import ParsedRows
from sheets_sync.stores.ooxml.parts import MOST_PACKED, MOST_PART, Package, opened
from sheets_sync.stores.ooxml.references import cell_at, range_at
from sheets_sync.stores.ooxml.rows import PlainRows, SheetRows
from sheets_sync.stores.ooxml.scan import require_order
from sheets_sync.stores.ooxml.swift import swift_splices
from sheets_sync.stores.ooxml.targets import Closed, ClosedCells, merged, table_headers

RowEdits: TypeAlias = Mapping[int, Mapping[int, Value]]
"""Row -> column -> what the cell shall say; rows from 1, columns from 0."""

SheetEdits: TypeAlias = Mapping[str, RowEdits]
"""Sheet name -> row -> column -> value."""

CellEdits: TypeAlias = Mapping[tuple[str, str], Value]
"""(sheet name, cell reference such as "AD5") -> value."""

_WINDOW: Final = 1 << 20


def patch(
    package: bytes | Package,
    edits: CellEdits | SheetEdits,
    *,
    recalculate: bool = False,
    header_rows: Mapping[str, int] | None = None,
) -> bytes:
    """Make the edits, or return the very same bytes when all cells say so already.

    ``recalculate`` asks spreadsheet programs to compute all formulas when they open the file.
    ``header_rows`` names each sheet's header row (1 if not named): a new cell takes no style
    from there or above. Raises Refused for what cannot be done exactly, ValueError for a
    reference that is none.
    """
    package = opened(package)
    parts: dict[Entry, NewPart] = {}
    for tab, rows in by_row(edits).items():
        entry = package.sheet(tab)
        header_row = (header_rows or {}).get(tab, 1)
        part = _SheetPatch(package, tab, rows, header_row).part(recalculate=recalculate)
        if part is not None:
            if entry in parts or part.size > MOST_PART:
                raise Refused("unusual_sheet", part=entry.name)
            parts[entry] = part
    if not parts:
        return package.content
    patched = package.archive.replaced(parts)
    if len(patched) > MOST_PACKED:
        raise Refused("workbook_too_large", megabytes=MOST_PACKED // 1_000_000)
    return patched


def by_row(edits: CellEdits | SheetEdits) -> SheetEdits:
    """Sort edits by sheet, row and column."""
    if any(isinstance(key, tuple) for key in edits):
        edits = _by_place(cast("CellEdits", edits))
    ordered = cast("SheetEdits", edits)
    return {
        tab: {row: _in_order(rows[row]) for row in sorted(rows)} for tab, rows in ordered.items()
    }


def _in_order(cells: Mapping[int, Value]) -> Mapping[int, Value]:
    return cells if _ascends(tuple(cells)) else dict(sorted(cells.items()))


@lru_cache(maxsize=1024)
def _ascends(columns: tuple[int, ...]) -> bool:
    return all(one < after for one, after in pairwise(columns))


def _by_place(edits: CellEdits) -> SheetEdits:
    placed: dict[str, dict[int, dict[int, Value]]] = {}
    for (tab, reference), value in edits.items():
        row, column = cell_at(reference)
        placed.setdefault(tab, {}).setdefault(row, {})[column] = value
    return placed


class _SheetPatch:
    """One worksheet, and the values that its cells shall have."""

    def __init__(self, package: Package, tab: str, edits: RowEdits, header_row: int) -> None:
        self._package = package
        self._tab = tab
        self._edits = edits
        self._header_row = header_row
        self._entry = package.sheet(tab)
        self._xml = package.unpacked(self._entry)
        self._frame = package.frame(self._entry)

    def part(self, *, recalculate: bool) -> NewPart | None:
        """Make the sheet's new part; None if all its cells say what they shall."""
        if self._frame.plain:
            try:
                rows = self._package.rows(self._entry)
                plain = PlainRows(self._xml, self._frame, self._tab, rows)
                return self._part(plain, recalculate=recalculate)
            except Irregular:
                pass
        try:
            parsed = ParsedRows(self._xml, self._frame, self._tab, self._edits)
            return self._part(parsed, recalculate=recalculate)
        except Irregular:
            raise Refused("unusual_sheet", part=self._entry.name) from None

    def _part(self, rows: SheetRows, *, recalculate: bool) -> NewPart | None:
        require_order(rows.rows, self._tab)
        changes = self._changes(rows)
        splices = self._splices(rows, changes)
        first = next(splices, None)
        if first is None:
            return None
        stored = self._entry.method == STORED
        body = self._body(chain([first], splices), recalculate=recalculate)
        rest = pack(body, stored=stored)
        return joined(self._head(changes), rest, stored=stored)

    def _changes(self, rows: SheetRows) -> Changes:
        package, frame = self._package, self._frame
        arrays = (Closed(range_, "array_formula") for range_ in rows.array_ranges())
        headers = table_headers(package, self._tab, frame.tables)
        return Changes(
            rows,
            self._tab,
            wording=Wording(frame.prefix, package.date_styles, package.date_system),
            strings=package.strings,
            closed=ClosedCells([*arrays, *headers, *merged(frame.merges)], self._tab),
            header_row=self._header_row,
        )

    def _splices(self, rows: SheetRows, changes: Changes) -> Iterator[Splice]:
        """Find what changes in the rows, from the first to the last."""
        numbers = rows.rows.numbers
        place = 0
        for number, edits in self._edits.items():
            place = bisect_left(numbers, number, place)
            if place == len(numbers) or numbers[place] != number:
                yield from changes.new_row(place, number, edits)
            else:
                yield from _row_splices(rows, changes, place, edits)

    def _body(
        self, splices: Iterator[Splice], *, recalculate: bool
    ) -> Iterator[bytes | memoryview]:
        """The part from its first row on, in pieces."""
        frame, view = self._frame, memoryview(self._xml)
        position = frame.start
        for start, end, new in splices:
            yield view[position:start]
            yield new
            position = end
        yield view[position : frame.stop]
        if frame.is_empty:
            yield b"</%bsheetData>" % frame.prefix
        yield view[frame.stop : frame.closing]
        yield from self._tail(recalculate=recalculate)

    def _tail(self, *, recalculate: bool) -> Iterator[bytes | memoryview]:
        """What stands behind the rows."""
        frame, view = self._frame, memoryview(self._xml)
        position = frame.closing
        if recalculate:
            if frame.calculation is None:
                yield b'<%bsheetCalcPr fullCalcOnLoad="1"/>' % frame.prefix
            else:
                tag = TAG.match(self._xml, frame.calculation)
                if tag is None or tag.start() < position:
                    raise Irregular
                yield view[position : tag.start()]
                yield with_attribute(tag[0], b"fullCalcOnLoad", b"1")
                position = tag.end()
        yield view[position:]

    def _head(self, changes: Changes) -> bytes:
        """What stands before the rows, its ``dimension`` grown to hold new cells."""
        frame = self._frame
        head = self._xml[: frame.start]
        if frame.is_empty:
            head = head.removesuffix(b"/>") + b">"
        if changes.added is None or frame.dimension is None:
            return head
        tag = TAG.match(head, frame.dimension)
        if tag is None:
            raise Irregular
        try:
            before = range_at(attributes_of(tag[2]).get("ref", ""))
        except ValueError:
            return head
        after = before.around(changes.added)
        if after == before:
            return head
        new = with_attribute(tag[0], b"ref", str(after).encode())
        return head[: tag.start()] + new + head[tag.end() :]


def _row_splices(
    rows: SheetRows, changes: Changes, place: int, edits: Mapping[int, Value]
) -> Sequence[Splice] | Iterator[Splice]:
    if isinstance(rows, PlainRows):
        swift = swift_splices(rows, changes, place, edits)
        if swift is not None:
            return swift
    return changes.in_row(place, rows.row(place, edits.keys()), edits)
