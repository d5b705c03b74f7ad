"""From the rows of a sheet before and after a patch to what is left without the edited cells.

``Batch`` cuts with regular expressions, many rows at a time; ``Elements`` with what expat found.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

from sheets_sync.model import Value
from sheets_sync.stores.ooxml.changes import is_blank
from sheets_sync.stores.ooxml.lexing import TAG
from sheets_sync.stores.ooxml.parsed import ParsedRows
from sheets_sync.stores.ooxml.patching import RowEdits
from sheets_sync.stores.ooxml.rows import CONTENT, FoundCell, FoundRow, letters_bytes
from sheets_sync.stores.ooxml.scan import Frame, Rows

_SPANS: Final = re.compile(rb"\sspans\s*+=\s*+(?:\"[^\"]*\"|'[^']*')")
_GROUPS: Final = 5
"""Of the pattern that cuts cells out: the text before, letters, number, attributes, content."""


class Spans:
    """The rows of a sheet, asked for in ascending order."""

    def __init__(self, xml: bytes, frame: Frame, rows: Rows) -> None:
        """Begin before the first row."""
        self.position = frame.start
        self._xml = xml
        self._stop = frame.stop
        self._rows = rows
        self._places = {number: place for place, number in enumerate(rows.numbers)}

    def span(self, number: int) -> tuple[int, int] | None:
        """Where a row starts and the next one does."""
        place = self._places.get(number)
        if place is None:
            return None
        starts = self._rows.starts
        return starts[place], starts[place + 1] if place + 1 < len(starts) else self._stop

    def gap(self, size: int) -> tuple[int, int]:
        """Where a row would stand that is so many bytes further on."""
        return self.position + size, self.position + size

    def is_same(self, span: tuple[int, int], other: Spans, there: tuple[int, int]) -> bool:
        """Whether both sheets have the same bytes from their last spans to these."""
        position, self.position = self.position, span[1]
        start, other.position = other.position, there[1]
        if position == span[0] and start == there[0]:
            return True
        return self._xml[position : span[0]] == other._xml[start : there[0]]

    def rest(self) -> bytes:
        """The bytes from the last span to the last row's end."""
        return self._xml[self.position : self._stop]


class Batch:
    """Rows that are edited in the same columns, before and after."""

    def __init__(self, columns: tuple[int, ...], xml: tuple[bytes, bytes], prefix: bytes) -> None:
        """Begin without rows; ``xml`` is the part before and after."""
        self.size = 0
        self._xml = xml
        self._prefix = prefix
        self._names = [letters_bytes(column) for column in columns]
        self._cell = _cell_pattern(columns, prefix)
        self._digits: list[bytes] = []
        self._values: list[Value] = []
        self._before: list[bytes | tuple[int, int]] = []
        self._after: list[tuple[int, int]] = []
        self._is_whole = True

    def add(
        self,
        number: int,
        edits: Mapping[int, Value],
        before: tuple[int, int],
        after: tuple[int, int],
    ) -> None:
        """Add a row by its places in both parts; one that is new was as if it were empty."""
        digits = b"%d" % number
        self.size += after[1] - after[0]
        self._digits.append(digits)
        self._values.extend(edits.values())
        is_new = before[0] == before[1]
        name = self._prefix + b"row"
        self._before.append(b'<%b r="%b"></%b>' % (name, digits, name) if is_new else before)
        self._after.append(after)
        for letters, value in zip(self._names, edits.values(), strict=True):
            if not is_blank(value):
                place = self._xml[1].find(b'"%b%b"' % (letters, digits), *after)
                self._is_whole = self._is_whole and place >= 0
                break

    def cells(self) -> tuple[list[Value], list[bytes], list[bytes | None]] | None:
        """The edits that can be seen: value, attributes, content. None if all else differs."""
        pieces = self._cell.split(_joined(self._xml[1], self._after))
        left = b"".join(pieces[::_GROUPS])
        before = self._cell.sub(b"", _joined(self._xml[0], self._before))
        if not self._is_whole or (left != before and self._bare(left) != self._bare(before)):
            return None
        letters, digits, attributes, raw = (pieces[group::_GROUPS] for group in range(1, _GROUPS))
        values = self._seen(letters, digits)
        return None if values is None else (values, attributes, raw)

    def _seen(self, letters: list[bytes], digits: list[bytes]) -> list[Value] | None:
        """The values for cells found at these places; None if they are not those to be found.

        A cell that shall be blank may be missing.
        """
        width = len(self._names)
        wanted = self._names * len(self._digits)
        rows = list(
            itertools.chain.from_iterable(
                map(itertools.repeat, self._digits, [width] * len(self._digits))
            )
        )
        if letters == wanted and digits == rows:
            return self._values
        found = set(zip(letters, digits, strict=True))
        kept = [
            (place, value)
            for place, value in zip(zip(wanted, rows, strict=True), self._values, strict=True)
            if place in found or not is_blank(value)
        ]
        if [place for place, _ in kept] != list(zip(letters, digits, strict=True)):
            return None
        return [value for _, value in kept]

    def _bare(self, rows: bytes) -> bytes:
        """Rows without what may change in their tags: spans, and whether there is an end tag."""
        name = b"<%brow" % self._prefix
        rows = re.sub(b"(" + name + rb"(?:\s[^<>]*?)?)" + _SPANS.pattern, rb"\1", rows)
        end = b"</%brow>" % self._prefix
        return re.sub(b"(" + name + rb"(?:\s[^<>]*)?)(?<!/)/>", rb"\1>" + end, rows)


def _joined(xml: bytes, pieces: Sequence[bytes | tuple[int, int]]) -> bytes:
    """Bytes, and stretches of a part, in one; neighbouring stretches are taken at once."""
    joined: list[bytes] = []
    start = stop = 0
    for piece in pieces:
        if isinstance(piece, tuple) and piece[0] == stop:
            stop = piece[1]
            continue
        joined.append(xml[start:stop])
        if isinstance(piece, tuple):
            start, stop = piece
        else:
            joined.append(piece)
            start = stop
    return b"".join([*joined, xml[start:stop]])


@cache
def _cell_pattern(columns: tuple[int, ...], prefix: bytes) -> re.Pattern[bytes]:
    letters = b"|".join(map(letters_bytes, columns))
    pattern = (
        rb"<%(p)bc r=\"(%(letters)b)([0-9]+)\"([^<>/]*)"
        rb"(?:/>|>(<%(p)bv>[^<]*</%(p)bv>|" + CONTENT + rb")</%(p)bc>)"
    )
    return re.compile(pattern % {b"p": prefix, b"letters": letters}, re.DOTALL)


class Elements:
    """The rows of a sheet as expat finds them, to be cut."""

    def __init__(self, xml: bytes, rows: ParsedRows, edits: RowEdits) -> None:
        """Take the edited rows that are there."""
        self._xml = xml
        self._frame = rows.frame
        self._edits = edits
        self.found: dict[int, FoundRow] = {}
        for place, number in enumerate(rows.rows.numbers):
            if number in edits:
                self.found[number] = rows.row(place, ())

    def cell(self, number: int, column: int) -> FoundCell | None:
        """An edited cell, if it is there."""
        row = self.found.get(number)
        cells = row.cells if row else ()
        return next((cell for cell in cells if cell.column == column), None)

    def left(self, added: AbstractSet[int]) -> bytes:
        """What is left of all rows when edited cells and added rows are cut out."""
        pieces = []
        position = self._frame.start
        for number, row in self.found.items():
            for start, end, new in self._cuts(row, is_added=number in added):
                pieces += [self._xml[position:start], new]
                position = end
        return b"".join([*pieces, self._xml[position : self._frame.stop]])

    def _cuts(self, row: FoundRow, *, is_added: bool) -> Iterator[tuple[int, int, bytes]]:
        columns = self._edits[row.number]
        plain = b'<%brow r="%d">' % (self._frame.prefix, row.number)
        if is_added and row.tag == plain and all(cell.column in columns for cell in row.cells):
            end = row.cells[-1].end if row.cells else row.tag_end
            yield row.start, self._xml.index(b">", end) + 1, b""
            return
        tag = _SPANS.sub(b"", row.tag)
        if row.closed:
            name = TAG.match(tag)
            tag = tag[:-2].rstrip() + b"></" + (name[1] if name else b"") + b">"
        yield row.start, row.tag_end, tag
        for cell in row.cells:
            if cell.column in columns:
                yield cell.start, cell.end, b""
