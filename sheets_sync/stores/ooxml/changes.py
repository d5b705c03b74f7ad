"""From what a cell says and shall say to its new bytes, or to a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from sheets_sync.equality import same
from sheets_sync.errors import Refused
from sheets_sync.model import Value
from sheets_sync.stores.ooxml.cells import (
    EMPTY,
    LONGEST_TEXT,
    CellTag,
    Content,
    Wording,
    text_size,
    value_of,
)
from sheets_sync.stores.ooxml.lexing import attributes_of, with_attribute
from sheets_sync.stores.ooxml.references import Range, letters_of, whole
from sheets_sync.stores.ooxml.rows import FoundCell, FoundRow, SheetRows, letters_bytes
from sheets_sync.stores.ooxml.targets import ClosedCells

_ONE_SPAN: Final = re.compile(rb"\s*([0-9]{1,5}):([0-9]{1,5})\s*")
_USUAL_SPAN: Final = re.compile(
    rb'<(?:[^\s<>/:]++:)?+row r="[0-9]++" spans="([0-9]{1,5}):([0-9]{1,5})"'
)
_SURELY_FITS: Final = LONGEST_TEXT // 2
_TRUE: Final = frozenset({"1", "true"})


class Splice(NamedTuple):
    """Bytes that take the place of others, from ``start`` to ``end`` in a part."""

    start: int
    end: int
    new: bytes


class Changes:
    """The changes to the cells of one sheet; remembers how far new cells reach (``added``)."""

    def __init__(  # noqa: PLR0913 - all that a cell's bytes depend on
        self,
        rows: SheetRows,
        tab: str,
        *,
        wording: Wording,
        strings: Sequence[str],
        closed: ClosedCells,
        header_row: int,
    ) -> None:
        """Know the sheet, and what its cells are written with."""
        self.added: Range | None = None
        self._rows = rows
        self._tab = tab
        self._wording = wording
        self._strings = strings
        self._closed = closed
        self._some_closed = bool(closed)
        self._header_row = header_row
        self._column_styles: dict[int, int] = {}

    @property
    def prefix(self) -> bytes:
        """What stands before the names of the sheet's elements."""
        return self._wording.prefix

    def tail(
        self, row: int, column: int, value: Value, *, tag: CellTag, content: Content
    ) -> bytes | None:
        """Word the rest of a cell behind its attributes; None if it says so already."""
        wording = self._wording
        if content is EMPTY:
            if value is None or value == "":
                return None
        elif content.formula:
            raise Refused("formula_cell", tab=self._tab, cell=f"{letters_of(column)}{row}")
        else:
            is_date = tag.style in wording.date_styles
            found = value_of(tag.kind, content, self._strings)
            if same(value, found, date_format=is_date, date_system=wording.date_system):
                return None
        if self._some_closed or (isinstance(value, str) and len(value) > _SURELY_FITS):
            self._require_writable(row, column, value)
        return wording.tail(value, tag.style)

    def _require_writable(self, row: int, column: int, value: Value) -> None:
        self._closed.require_open(row, column)
        if isinstance(value, str) and len(value) > _SURELY_FITS and text_size(value) > LONGEST_TEXT:
            cell = f"{letters_of(column)}{row}"
            raise Refused("text_too_long", tab=self._tab, cell=cell, most=LONGEST_TEXT)

    def in_row(self, place: int, row: FoundRow, edits: Mapping[int, Value]) -> Iterator[Splice]:
        """Find the splices that make the cells of a row say what they shall."""
        there = {cell.column for cell in row.cells}
        new = [edit for edit in edits.items() if edit[0] not in there and not is_blank(edit[1])]
        if row.closed:
            yield from self._in_closed_row(place, row, new)
            return
        if new:
            yield from self._widened(row, new)
        position = row.tag_end
        for cell in row.cells:
            while new and new[0][0] < cell.column:
                yield Splice(position, position, self.new_cells(place, row, [new.pop(0)]))
            if cell.column in edits:
                yield from self._rewritten(row.number, cell, edits[cell.column])
            position = cell.end
        if new:
            yield Splice(position, position, self.new_cells(place, row, new))

    def _rewritten(self, row: int, cell: FoundCell, value: Value) -> Iterator[Splice]:
        tail = self.tail(row, cell.column, value, tag=cell.tag, content=cell.content)
        if tail is not None:
            start = b"<%bc%b" % (self.prefix, cell.tag.kept)
            yield Splice(cell.start, cell.end, start + tail)

    def _in_closed_row(
        self, place: int, row: FoundRow, new: Sequence[tuple[int, Value]]
    ) -> Iterator[Splice]:
        """Open a row that has no end tag (``<row r="5"/>``) for new cells."""
        if new:
            tag = widened_tag(row.tag.removesuffix(b"/>") + b">", new)
            cells = self.new_cells(place, row, new)
            yield Splice(row.start, row.tag_end, b"%b%b</%brow>" % (tag, cells, self.prefix))

    def _widened(self, row: FoundRow, new: Sequence[tuple[int, Value]]) -> Iterator[Splice]:
        wider = widened_tag(row.tag, new)
        if wider != row.tag:
            yield Splice(row.start, row.tag_end, wider)

    def new_row(self, place: int, number: int, edits: Mapping[int, Value]) -> Iterator[Splice]:
        """Find the splice that adds a row before the one at a place of the rows."""
        new = [edit for edit in edits.items() if not is_blank(edit[1])]
        if new:
            frame, rows = self._rows.frame, self._rows.rows
            position = rows.starts[place] if place < len(rows.starts) else frame.stop
            row = FoundRow(number, position, position, closed=False, tag=b"", cells=())
            cells = self.new_cells(place, row, new)
            whole = b'<%brow r="%d">%b</%brow>' % (frame.prefix, number, cells, frame.prefix)
            yield Splice(position, position, whole)

    def new_cells(self, place: int, row: FoundRow, edits: Sequence[tuple[int, Value]]) -> bytes:
        """Word cells that are not there yet, in the order of their columns."""
        number = row.number
        style_of_row = self._style_of_row(row.tag)
        pieces = []
        for column, value in edits:
            if self._some_closed or (isinstance(value, str) and len(value) > _SURELY_FITS):
                self._require_writable(number, column, value)
            style = self._style(place, column) if style_of_row is None else style_of_row
            tail = self._wording.tail(value, style)
            pieces.append(
                b'<%bc r="%b%d"%b%b'
                % (self.prefix, letters_bytes(column), number, _styled(style), tail)
            )
        self._reach(Range(number, edits[0][0], number, edits[-1][0]))
        return b"".join(pieces)

    def _reach(self, new: Range) -> None:
        old = self.added
        if old is None:
            self.added = new
        elif (
            new.last_row > old.last_row
            or new.last_column > old.last_column
            or new.first_column < old.first_column
        ):
            self.added = old.around(new)

    def _style_of_row(self, row_tag: bytes) -> int | None:
        """Read the style that a row has for all its cells; None where it has none."""
        if b"customFormat" not in row_tag:
            return None
        named = attributes_of(row_tag)
        return whole(named.get("s") or "0") if named.get("customFormat") in _TRUE else None

    def _style(self, place: int, column: int) -> int:
        """Choose the style of a new cell: the column's, or that of the cell above."""
        if column not in self._column_styles:
            self._column_styles[column] = self._column_style(column)
        style_of_column = self._column_styles[column]
        return style_of_column or self._rows.style_above(place, column, self._header_row)

    def _column_style(self, column: int) -> int:
        columns = self._rows.frame.columns
        return next((one.style for one in columns if one.first <= column <= one.last), 0)


def is_blank(value: Value) -> bool:
    """Whether a value leaves a cell empty."""
    return value is None or value == ""


@cache
def _styled(style: int) -> bytes:
    return b' s="%d"' % style if style else b""


def widened_tag(tag: bytes, new: Sequence[tuple[int, Value]]) -> bytes:
    """Let a row's tag say that it spans the new cells, if it says what it spans at all."""
    usual = _USUAL_SPAN.match(tag)
    spans = usual or _ONE_SPAN.fullmatch(attributes_of(tag).get("spans", "").encode())
    if spans is None:
        return tag
    first, last = int(spans[1]), int(spans[2])
    wider = min(first, new[0][0] + 1), max(last, new[-1][0] + 1)
    if wider == (first, last):
        return tag
    if usual:
        return b"%b%d:%d%b" % (tag[: usual.start(1)], *wider, tag[usual.end(2) :])
    return with_attribute(tag, b"spans", b"%d:%d" % wider)
