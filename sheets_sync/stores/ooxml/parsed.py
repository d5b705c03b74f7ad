"""From the bytes of any worksheet to its rows, by expat: slower, and at home with all of XML."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml.cells import EMPTY, Content, cell_tag, run_text
from sheets_sync.stores.ooxml.lexing import TAG, Irregular
from sheets_sync.stores.ooxml.parsing import DEEPEST, Reader, plain_name
from sheets_sync.stores.ooxml.references import LAST_ROW, Range, whole
from sheets_sync.stores.ooxml.rows import FoundCell, FoundRow, column_in, range_of_formula
from sheets_sync.stores.ooxml.scan import Frame, Rows

_ROW, _CELL, _CONTENT = 2, 3, 4
"""Depths of elements: the worksheet's own is 0."""
_Styles = dict[int, tuple[list[int], list[int]]]
"""By column: rows, and the styles of the cells there."""


class ParsedRows:
    """The rows of a sheet as expat finds them."""

    def __init__(
        self, xml: bytes, frame: Frame, tab: str, wanted: Mapping[int, Collection[int]]
    ) -> None:
        """Read the whole sheet once; ``wanted`` are the rows and columns to be asked for.

        Raises Refused for what does not belong among cells.
        """
        pass_ = _Pass(xml, tab, wanted)
        pass_.run()
        self.frame = frame
        self.rows = Rows(pass_.numbers, pass_.starts)
        self._found = pass_.found
        self._styles = pass_.styles
        self._arrays = pass_.arrays

    def row(self, place: int, columns: Collection[int]) -> FoundRow:
        """Read a row, and the contents of some of its cells."""
        del columns  # they were named before
        return self._found[place]

    def style_above(self, place: int, column: int, header_row: int) -> int:
        """Find the style of the nearest cell above, between there and the header; 0 if none."""
        numbers, styles = self._styles.get(column, ([], []))
        numbered = self.rows.numbers
        row = numbered[place] if place < len(numbered) else float("inf")
        above = bisect_left(numbers, row) - 1
        return styles[above] if above >= 0 and numbers[above] > header_row else 0

    def array_ranges(self) -> Iterable[Range]:
        """Find the ranges of array formulas and data tables."""
        return self._arrays


class _Pass:
    """One pass of expat over a sheet: places of rows and cells, and what is in those wanted."""

    def __init__(self, xml: bytes, tab: str, wanted: Mapping[int, Collection[int]]) -> None:
        self.numbers: list[int] = []
        self.starts: list[int] = []
        self.found: dict[int, FoundRow] = {}
        self.styles: _Styles = {}
        self.arrays: list[Range] = []
        self._xml = xml
        self._tab = tab
        self._wanted = wanted
        self._columns: frozenset[int] = frozenset().union(*wanted.values())
        self._reader = Reader(tab)
        self._depth = 0
        self._inside = False
        self._cells: list[FoundCell] | None = None
        self._column = -1
        self._opened: re.Match[bytes] | None = None

    def run(self) -> None:
        """Read the sheet."""
        parser = self._reader.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._reader.feed(self._xml)
        self._reader.close()

    def _unusual(self) -> Refused:
        return Refused("unusual_sheet", part=self._tab)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        depth, self._depth = self._depth, self._depth + 1
        if depth > DEEPEST:
            raise self._reader.damaged()
        if depth == 1:
            self._inside = plain_name(name) == "sheetData"
        elif self._inside and depth == _ROW:
            self._start_row(plain_name(name), attributes)
        elif self._inside and depth == _CELL:
            self._start_cell(plain_name(name), attributes)
        elif self._inside and depth == _CONTENT and plain_name(name) == "f":
            self.arrays += range_of_formula(attributes)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._inside and self._depth == _CELL and self._opened is not None:
            self._end_cell(self._opened)

    def _start_row(self, name: str, attributes: Mapping[str, str]) -> None:
        following = self.numbers[-1] + 1 if self.numbers else 1
        number = whole(attributes.get("r", str(following)))
        if name != "row" or number is None:
            raise self._unusual()
        self._column = -1
        self._cells = None
        if number in self._wanted:
            self._cells = []
            tag = self._tag()
            self.found[len(self.numbers)] = FoundRow(
                number, tag.start(), tag.end(), bool(tag[3]), tag[0], self._cells
            )
        self.numbers.append(number)
        if len(self.numbers) > LAST_ROW:
            raise Refused("rows_out_of_order", tab=self._tab, row=number)
        self.starts.append(self._reader.parser.CurrentByteIndex)

    def _tag(self) -> re.Match[bytes]:
        tag = TAG.match(self._xml, self._reader.parser.CurrentByteIndex)
        if tag is None:
            raise self._unusual()
        return tag

    def _start_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != "c":
            if name != "extLst" and self._cells is not None:
                raise self._unusual()
            return
        number = self.numbers[-1]
        self._column = column_in(attributes.get("r"), number, self._column, self._tab)
        if self._column in self._columns:
            rows, styles = self.styles.setdefault(self._column, ([], []))
            rows.append(number)
            styles.append(_style(attributes))
        if self._cells is not None:
            self._opened = self._tag()

    def _end_cell(self, tag: re.Match[bytes]) -> None:
        self._opened = None
        end = tag.end()
        content = EMPTY
        if not tag[3]:
            ending = self._reader.parser.CurrentByteIndex
            if self._column in self._wanted[self.numbers[-1]]:
                content = self._content(tag.end(), ending)
            end = self._xml.index(b">", ending) + 1
        if self._cells is not None:
            self._cells.append(FoundCell(self._column, tag.start(), end, cell_tag(tag[2]), content))

    def _content(self, start: int, stop: int) -> Content:
        """Read what is between the tags of a cell, inside the tag that names the namespaces."""
        root = TAG.search(self._xml)
        if root is None:
            raise self._unusual()
        inner = _Inner(self._tab)
        inner.read(root[0] + self._xml[start:stop] + b"</%b>" % root[1])
        if inner.has_more:
            raise self._unusual()
        return Content(inner.formula, inner.value, inner.text)


class _Inner:
    """What is in one cell."""

    def __init__(self, tab: str) -> None:
        self.formula = False
        self.value: str | None = None
        self.text: str | None = None
        self.has_more = False
        self._reader = Reader(tab)
        self._path: list[str] = []
        self._pieces: list[str] = []
        self._preserve = False

    def read(self, xml: bytes) -> None:
        """Read a part that holds nothing but what is in one cell."""
        parser = self._reader.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        self._reader.feed(xml)
        self._reader.close()

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._path.append(plain_name(name))
        if len(self._path) > DEEPEST:
            raise self._reader.damaged()
        self._pieces.clear()
        self._preserve = "preserve" in attributes.values()
        if len(self._path) == 2:  # noqa: PLR2004 - below the root
            self._begin(self._path[-1])

    def _begin(self, name: str) -> None:
        self.has_more |= name not in {"f", "v", "is"}
        self.formula |= name == "f"
        if name == "is":
            self.text = ""

    def _end(self, _: str) -> None:
        text = "".join(self._pieces)
        name = self._path.pop()
        if name == "v":
            self.value = text
        elif name == "t" and "rPh" not in self._path and self.text is not None:
            self.text += run_text(text, self._preserve)


def _style(attributes: Mapping[str, str]) -> int:
    style = whole(attributes.get("s") or "0")
    if style is None:
        raise Irregular
    return style
