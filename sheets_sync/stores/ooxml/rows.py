"""From the bytes of a row to its cells, and to the splices that make it say what is wanted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple, Protocol

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml.cells import EMPTY, CellTag, Content, cell_tag, content_of
from sheets_sync.stores.ooxml.lexing import TAG, Irregular, attributes_of
from sheets_sync.stores.ooxml.references import Range, cell_at, letters_of, range_at
from sheets_sync.stores.ooxml.scan import Frame, Rows

_ATTRIBUTES: Final = rb"((?:\s++[^\s<>/=\"']++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)\s*+"


CONTENT: Final = rb"[^<]*+(?:<(?!/?%(p)bc[\s>])[^<]*+)*+"
"""All up to the next tag of a cell. A pattern that goes letter by letter takes much memory."""


class FoundCell(NamedTuple):
    """A cell: its column, where its element starts and ends, its tag, and its content.

    Content is read of the cells that are asked for alone.
    """

    column: int
    start: int
    end: int
    tag: CellTag
    content: Content


class FoundRow(NamedTuple):
    """A row: where its tag starts and ends, the tag as it stands, its cells in order.

    ``closed`` tells that it has no end tag (``<row r="5"/>``).
    """

    number: int
    start: int
    tag_end: int
    closed: bool
    tag: bytes
    cells: Sequence[FoundCell]


class SheetRows(Protocol):
    """The rows of a sheet, read by regular expressions or by expat."""

    frame: Frame
    rows: Rows

    def row(self, place: int, columns: Collection[int]) -> FoundRow:
        """Read the row at a place of ``rows``, and the contents of some of its cells."""

    def style_above(self, place: int, column: int, header_row: int) -> int:
        """Find the style of the nearest cell above, between there and the header; 0 if none."""

    def array_ranges(self) -> Iterable[Range]:
        """Find the ranges of array formulas and data tables."""


@cache
def _cell_pattern(prefix: bytes) -> re.Pattern[bytes]:
    pattern = rb"\s*+(<%(p)bc%(attributes)b(?:/>|(?<!/)>(.*?)</%(p)bc\s*>))"
    return re.compile(pattern % {b"p": prefix, b"attributes": _ATTRIBUTES}, re.DOTALL)


@cache
def _row_end(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\s*+</%brow\s*>" % prefix)


@cache
def _array_pattern(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<%bf%b/?>" % (prefix, _ATTRIBUTES))


class PlainRows:
    """The rows of a sheet that holds nothing but tags and text.

    Its methods raise Irregular where the bytes have a shape they do not know.
    """

    def __init__(self, xml: bytes, frame: Frame, tab: str, rows: Rows) -> None:
        """Know the sheet, and where its rows stand."""
        if xml.find(b"AlternateContent", frame.start, frame.stop) >= 0:
            raise Irregular
        self.xml = xml
        self.frame = frame
        self.tab = tab
        self.rows = rows
        self._styles: dict[int, tuple[int, int]] = {}
        self._is_regular: bool | None = None

    def span(self, place: int) -> tuple[int, int]:
        """Where the row at a place of ``rows`` starts, and where the next one does."""
        starts = self.rows.starts
        last = place + 1 == len(starts)
        return starts[place], self.frame.stop if last else starts[place + 1]

    def row(self, place: int, columns: Collection[int]) -> FoundRow:
        """Read a row, and the contents of some of its cells."""
        start, stop = self.span(place)
        number = self.rows.numbers[place]
        tag = TAG.match(self.xml, start, stop)
        if tag is None:
            raise Irregular
        if tag[3]:
            return FoundRow(number, start, tag.end(), closed=True, tag=tag[0], cells=())
        cells = self._cells(number, tag.end(), stop, columns)
        end = cells[-1].end if cells else tag.end()
        if not _row_end(self.frame.prefix).match(self.xml, end, stop):
            raise Irregular
        return FoundRow(number, start, tag.end(), closed=False, tag=tag[0], cells=cells)

    def _cells(
        self, number: int, position: int, stop: int, columns: Collection[int]
    ) -> list[FoundCell]:
        pattern = _cell_pattern(self.frame.prefix)
        cells: list[FoundCell] = []
        before = -1
        while match := pattern.match(self.xml, position, stop):
            position = match.end()
            before = column_in(attributes_of(match[2]).get("r"), number, before, self.tab)
            raw = match[3] if before in columns else None
            content = content_of(raw, self.frame.prefix) if raw else EMPTY
            cells.append(FoundCell(before, match.start(1), position, cell_tag(match[2]), content))
        return cells

    def style_above(self, place: int, column: int, header_row: int) -> int:
        """Find the style of the nearest cell above; each stretch is searched once."""
        if column not in self._styles:
            if not self.is_regular:
                raise Irregular
            self._styles[column] = self._first_below(header_row), 0
        top, style = self._styles[column]
        starts = self.rows.starts
        bottom = starts[place] if place < len(starts) else self.frame.stop
        if bottom > top:
            style = self._last_style(column, top, bottom, style)
            self._styles[column] = bottom, style
        return style

    @property
    def is_regular(self) -> bool:
        """Whether every cell names its place first of all, so that a search finds it."""
        if self._is_regular is None:
            odd = re.compile(rb'<%bc(?! r="[A-Z]++[0-9]++"[\s/>])[\s/>]' % self.frame.prefix)
            self._is_regular = not odd.search(self.xml, self.frame.start, self.frame.stop)
        return self._is_regular

    def _first_below(self, header_row: int) -> int:
        for number, start in zip(self.rows.numbers, self.rows.starts, strict=True):
            if number > header_row:
                return start
        return self.frame.stop

    def _last_style(self, column: int, top: int, bottom: int, default: int) -> int:
        opening = _opening(self.frame.prefix, column)
        place = bottom
        while (place := self.xml.rfind(opening, top, place)) >= 0:
            tag = TAG.match(self.xml, place)
            if tag is None:
                raise Irregular
            if self.xml[place + len(opening)] in b"0123456789":
                return cell_tag(tag[2]).style
        return default

    def array_ranges(self) -> Iterable[Range]:
        """Find the ranges of array formulas and data tables."""
        found: list[Range] = []
        start, stop = self.frame.start, self.frame.stop
        if all(self.xml.find(kind, start, stop) < 0 for kind in (b"array", b"dataTable")):
            return found
        pattern = _array_pattern(self.frame.prefix)
        for match in pattern.finditer(self.xml, start, stop):
            found += range_of_formula(attributes_of(match[1]))
        return found


@cache
def letters_bytes(column: int) -> bytes:
    """Column letters as the file has them."""
    return letters_of(column).encode()


@cache
def _opening(prefix: bytes, column: int) -> bytes:
    return b'<%bc r="%b' % (prefix, letters_bytes(column))


def column_in(reference: str | None, number: int, before: int, tab: str) -> int:
    """Tell the column of a cell from its reference, or from the cell before where it has none.

    Refuses a cell that is not right of the one before, or says it stands in another row.
    """
    if reference is None:
        return before + 1
    try:
        row, column = cell_at(reference)
    except ValueError:
        raise Refused("rows_out_of_order", tab=tab, row=number) from None
    if row != number or column <= before:
        raise Refused("rows_out_of_order", tab=tab, row=number)
    return column


def range_of_formula(attributes: dict[str, str]) -> list[Range]:
    """Tell the range that one array formula or data table fills; none for other formulas."""
    if attributes.get("t") not in {"array", "dataTable"}:
        return []
    try:
        return [range_at(attributes.get("ref", ""))]
    except ValueError:
        raise Irregular from None
