"""From a workbook before and after a patch to nothing, or to a refusal of what is not exact.

Looks at the bytes that would be saved, and takes no word of the patcher for it: every other
part is the same as packed; in the sheets concerned all is the same once the edited cells are
cut out of both; the edited cells, read back, say what they shall.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

from sheets_sync.equality import same
from sheets_sync.errors import Refused
from sheets_sync.model import Cell, Value
from sheets_sync.stores.ooxml.archive import Entry
from sheets_sync.stores.ooxml.cells import EMPTY, CellTag, cell_tag, content_of, value_of
from sheets_sync.stores.ooxml.changes import is_blank
from sheets_sync.stores.ooxml.guard import inspect
from sheets_sync.stores.ooxml.lexing import TAG, Irregular
from sheets_sync.stores.ooxml.parsed import ParsedRows
from sheets_sync.stores.ooxml.parts import Package, opened
from sheets_sync.stores.ooxml.patching import CellEdits, RowEdits, SheetEdits, by_row
from sheets_sync.stores.ooxml.rows import FoundCell, FoundRow, letters_bytes
from sheets_sync.stores.ooxml.scan import Frame, Rows

_SPANS: Final = re.compile(rb"\sspans\s*+=\s*+(?:\"[^\"]*\"|'[^']*')")
_SPECIAL: Final = re.compile(r"[<>&_\r]")
"""What a cell may not hold as it stands; ``_`` may start an escape."""
_BATCH: Final = 1 << 21
_GROUPS: Final = 5
"""Of the pattern that cuts cells out: the text before, letters, number, attributes, content."""


def verify(package: bytes | Package, patched: bytes, edits: CellEdits | SheetEdits) -> None:
    """Refuse (kind ``inexact``) a patched package that differs beyond the edits, or lacks one.

    The limits of the guard hold for the patched package too.
    """
    before = opened(package)
    after = before if patched is before.content else Package(patched)
    wanted = by_row(edits)
    _require_same_parts(before, after, {before.sheet(tab) for tab in wanted})
    for tab, rows in wanted.items():
        inspect(after, [tab])
        check = _Check(before, after, tab, rows)
        if not check.passes():
            raise Refused("inexact", part=before.sheet(tab).name)


def _require_same_parts(before: Package, after: Package, concerned: set[Entry]) -> None:
    """All parts but the sheets concerned must be the same bytes, in the same order."""
    ours, theirs = before.archive.entries, after.archive.entries
    if [entry.name for entry in ours] != [entry.name for entry in theirs]:
        raise Refused("inexact", part="[Content_Types].xml")
    for one, other in zip(ours, theirs, strict=True):
        if one in concerned:
            continue
        if before.content[one.header : one.end] != after.content[other.header : other.end]:
            raise Refused("inexact", part=one.name)


class _Check:
    """One sheet before and after."""

    def __init__(self, before: Package, after: Package, tab: str, edits: RowEdits) -> None:
        self._edits = edits
        self._tab = tab
        self._packages = before, after
        self._entries = before.sheet(tab), after.sheet(tab)
        self._xml = before.unpacked(self._entries[0]), after.unpacked(self._entries[1])
        self._frames = before.frame(self._entries[0]), after.frame(self._entries[1])
        self._strings = before.strings
        self._date_styles = before.date_styles

    def passes(self) -> bool:
        """Whether the sheet is exactly what it shall be."""
        one, other = self._frames
        if _around(self._xml[0], one) != _around(self._xml[1], other):
            return False
        try:
            if one.plain and other.plain and one.prefix == other.prefix and self._rows_agree():
                return True
        except Irregular:
            pass
        try:
            return self._elements_agree()
        except Irregular:
            return False

    def _says(self, value: Value, tag: CellTag, found: Cell) -> bool:
        return same(
            value,
            found,
            date_format=tag.style in self._date_styles,
            date_system=self._packages[1].date_system,
        )

    # The usual way: regular expressions, over many rows at a time.

    def _rows_agree(self) -> bool:
        """Whether all bytes between the edited rows are the same, and these rows as they shall."""
        ours, theirs = (_Spans(*self._sheet(side)) for side in (0, 1))
        batches: dict[tuple[int, ...], _Batch] = {}
        for number, edits in self._edits.items():
            there = theirs.span(number)
            if there is None:
                if ours.span(number) is not None or not all(map(is_blank, edits.values())):
                    return False
                continue
            here = ours.span(number) or ours.gap(there[0] - theirs.position)
            if not ours.is_same(here, theirs, there):
                return False
            columns = tuple(edits)
            if columns not in batches:
                batches[columns] = _Batch(columns, self._xml, self._frames[0].prefix)
            batch = batches[columns]
            batch.add(number, edits, here, there)
            if batch.size > _BATCH and not self._batch_agrees(batches.pop(columns)):
                return False
        return ours.rest() == theirs.rest() and all(map(self._batch_agrees, batches.values()))

    def _sheet(self, side: int) -> tuple[bytes, Frame, Rows]:
        entry = self._entries[side]
        return self._xml[side], self._frames[side], self._packages[side].rows(entry)

    def _batch_agrees(self, batch: _Batch) -> bool:
        found = batch.cells()
        if found is None:
            return False
        values, attributes, raw = found
        # Most cells say what others say too; the type tells True from 1.
        different = set(zip(map(type, values), values, attributes, raw, strict=True))
        return all(itertools.starmap(self._cell_says, different))

    def _cell_says(self, kind: type, value: Value, attributes: bytes, raw: bytes | None) -> bool:
        if kind is str and raw == b"<is><t>%b</t></is>" % str(value).encode(errors="replace"):
            text = str(value)
            plain = not _SPECIAL.search(text) and text == text.strip()
            return plain and cell_tag(attributes).kind == "inlineStr"
        tag = cell_tag(attributes)
        content = content_of(raw, self._frames[1].prefix) if raw else EMPTY
        return self._says(value, tag, value_of(tag.kind, content, self._strings))

    # The slower way, by expat.

    def _elements_agree(self) -> bool:
        """Whether what is left of both sheets is the same once the edited cells are cut out."""
        ours, theirs = (
            _Elements(xml, ParsedRows(xml, frame, self._tab, self._edits), self._edits)
            for xml, frame in zip(self._xml, self._frames, strict=True)
        )
        if ours.left(frozenset()) != theirs.left(theirs.found.keys() - ours.found.keys()):
            return False
        return all(
            self._element_says(value, theirs.cell(number, column))
            for number, edits in self._edits.items()
            for column, value in edits.items()
        )

    def _element_says(self, value: Value, cell: FoundCell | None) -> bool:
        if cell is None:
            return is_blank(value)
        found = value_of(cell.tag.kind, cell.content, self._strings)
        return self._says(value, cell.tag, found)


class _Spans:
    """The rows of a sheet, asked for in ascending order."""

    def __init__(self, xml: bytes, frame: Frame, rows: Rows) -> None:
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

    def is_same(self, span: tuple[int, int], other: _Spans, there: tuple[int, int]) -> bool:
        """Whether both sheets have the same bytes from their last spans to these."""
        position, self.position = self.position, span[1]
        start, other.position = other.position, there[1]
        if position == span[0] and start == there[0]:
            return True
        return self._xml[position : span[0]] == other._xml[start : there[0]]

    def rest(self) -> bytes:
        """The bytes from the last span to the last row's end."""
        return self._xml[self.position : self._stop]


class _Batch:
    """Rows that are edited in the same columns, before and after."""

    def __init__(self, columns: tuple[int, ...], xml: tuple[bytes, bytes], prefix: bytes) -> None:
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
    pattern = rb"<%(p)bc r=\"(%(letters)b)([0-9]+)\"([^<>/]*)(?:/>|>(.*?)</%(p)bc>)"
    return re.compile(pattern % {b"p": prefix, b"letters": letters}, re.DOTALL)


class _Elements:
    """The rows of a sheet as expat finds them, to be cut."""

    def __init__(self, xml: bytes, rows: ParsedRows, edits: RowEdits) -> None:
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


def _around(xml: bytes, frame: Frame) -> tuple[bytes, bytes]:
    """All but the rows, without what may change: dimension, sheetCalcPr, the form of sheetData."""
    head = xml[: frame.start].removesuffix(b">").removesuffix(b"/").rstrip()
    if frame.dimension is not None:
        head = head[: frame.dimension] + head[_tag_end(xml, frame.dimension) :]
    tail = xml[frame.closing :]
    if frame.calculation is not None:
        start = frame.calculation - frame.closing
        tail = tail[:start] + tail[_tag_end(xml, frame.calculation) - frame.closing :]
    return head, tail


def _tag_end(xml: bytes, start: int) -> int:
    tag = TAG.match(xml, start)
    if tag is None:
        raise Irregular
    return tag.end()
