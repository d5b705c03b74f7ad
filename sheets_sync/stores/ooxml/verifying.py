"""From a workbook before and after a patch to nothing, or to a refusal of what is not exact.

Looks at the bytes that would be saved, and takes no word of the patcher for it: every other
part is the same as packed; in the sheets concerned all is the same once the edited cells are
cut out of both; the edited cells, read back, say what they shall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
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
_MOST_REMEMBERED: Final = 50_000
_GROUPS: Final = 5
"""Of the pattern that cuts cells out: the text before, letters, number, attributes, content."""


def verify(package: bytes | Package, patched: bytes, edits: CellEdits | SheetEdits) -> None:
    """Refuse (kind ``inexact``) a patched package that differs beyond the edits, or lacks one.

    The limits of the guard hold for the patched package too.
    """
    before = opened(package)
    if patched is before.content:
        after = before
    else:
        after = Package(patched)
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
        self._read: dict[tuple[bytes, bytes | None], tuple[CellTag, Cell]] = {}

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
                batches[columns] = _Batch(columns, self._frames[0].prefix)
            batch = batches[columns]
            batch.add(number, edits, self._xml[0][slice(*here)], self._xml[1][slice(*there)])
            if batch.size > _BATCH and not self._batch_agrees(batches.pop(columns)):
                return False
        return ours.rest() == theirs.rest() and all(map(self._batch_agrees, batches.values()))

    def _sheet(self, side: int) -> tuple[bytes, Frame, Rows]:
        entry = self._entries[side]
        return self._xml[side], self._frames[side], self._packages[side].rows(entry)

    def _batch_agrees(self, batch: _Batch) -> bool:
        found = batch.cells()
        return found is not None and all(map(self._cell_says, *found))

    def _cell_says(self, value: Value, attributes: bytes, raw: bytes | None) -> bool:
        if type(value) is str and raw == b"<is><t>%b</t></is>" % value.encode(errors="replace"):
            plain = not _SPECIAL.search(value) and value == value.strip()
            return plain and cell_tag(attributes).kind == "inlineStr"
        key = attributes, raw
        if key not in self._read:
            if len(self._read) > _MOST_REMEMBERED:
                self._read.clear()
            tag = cell_tag(attributes)
            content = content_of(raw, self._frames[1].prefix) if raw else EMPTY
            self._read[key] = tag, value_of(tag.kind, content, self._strings)
        return self._says(value, *self._read[key])

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
        return self._xml[position : span[0]] == other._xml[start : there[0]]  # noqa: SLF001 - the same class

    def rest(self) -> bytes:
        """The bytes from the last span to the last row's end."""
        return self._xml[self.position : self._stop]


class _Batch:
    """Rows that are edited in the same columns, before and after."""

    def __init__(self, columns: tuple[int, ...], prefix: bytes) -> None:
        self.size = 0
        self._columns = columns
        self._edits: list[tuple[int, Mapping[int, Value]]] = []
        self._prefix = prefix
        self._cell = _cell_pattern(columns, prefix)
        self._before: list[bytes] = []
        self._after: list[bytes] = []
        self._is_whole = True

    def add(self, number: int, edits: Mapping[int, Value], before: bytes, after: bytes) -> None:
        """Add a row; one that was not there before is nothing, and shall be an empty one."""
        self._edits.append((number, edits))
        self.size += len(after)
        self._before.append(before or b'<%brow r="%d"></%brow>' % (self._prefix, number, self._prefix))
        self._after.append(after)
        first = next((column for column, value in edits.items() if not is_blank(value)), None)
        if first is not None and b'"%b%d"' % (letters_bytes(first), number) not in after:
            self._is_whole = False

    def cells(self) -> tuple[list[Value], list[bytes], list[bytes | None]] | None:
        """The edits that can be seen: value, attributes, content. None if all else differs."""
        pieces = self._cell.split(b"".join(self._after))
        left = b"".join(pieces[::_GROUPS])
        before = self._cell.sub(b"", b"".join(self._before))
        if not self._is_whole or (left != before and self._bare(left) != self._bare(before)):
            return None
        letters, digits, attributes, raw = (pieces[group::_GROUPS] for group in range(1, _GROUPS))
        places = list(zip(letters, digits, strict=True))
        wanted = self._wanted(set(places))
        if places != [place for place, _ in wanted]:
            return None
        return [value for _, value in wanted], attributes, raw

    def _wanted(self, found: set[tuple[bytes, bytes]]) -> list[tuple[tuple[bytes, bytes], Value]]:
        """The edits in their order, without those that leave a cell away that was not there."""
        names = [letters_bytes(column) for column in self._columns]
        numbered = [(b"%d" % number, cells.values()) for number, cells in self._edits]
        wanted = [
            ((letters, digits), value)
            for digits, values in numbered
            for letters, value in zip(names, values, strict=True)
        ]
        if len(wanted) == len(found):
            return wanted
        return [edit for edit in wanted if edit[0] in found or not is_blank(edit[1])]

    def _bare(self, rows: bytes) -> bytes:
        """Rows without what may change in their tags: spans, and whether there is an end tag."""
        name = b"<%brow" % self._prefix
        rows = re.sub(b"(" + name + rb"(?:\s[^<>]*?)?)" + _SPANS.pattern, rb"\1", rows)
        end = b"</%brow>" % self._prefix
        return re.sub(b"(" + name + rb"(?:\s[^<>]*)?)(?<!/)/>", rb"\1>" + end, rows)


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

    def left(self, added: Set[int]) -> bytes:
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
