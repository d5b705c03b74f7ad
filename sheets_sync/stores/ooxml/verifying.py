"""From a workbook before and after a patch to nothing, or to a refusal of what is not exact.

Looks at the bytes that would be saved, and takes no word of the patcher for it: every other
part is the same as packed; in the sheets concerned all is the same once the edited cells are
cut out of both; the edited cells, read back, say what they shall.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from sheets_sync.equality import same
from sheets_sync.errors import Refused
from sheets_sync.model import Cell, Value
from sheets_sync.stores.ooxml.archive import Entry
from sheets_sync.stores.ooxml.cells import EMPTY, CellTag, cell_tag, content_of, value_of
from sheets_sync.stores.ooxml.changes import is_blank
from sheets_sync.stores.ooxml.comparing import Batch, Elements, Spans
from sheets_sync.stores.ooxml.guard import inspect
from sheets_sync.stores.ooxml.lexing import TAG, Irregular
from sheets_sync.stores.ooxml.parsed import ParsedRows
from sheets_sync.stores.ooxml.parts import Package, opened
from sheets_sync.stores.ooxml.patching import CellEdits, RowEdits, SheetEdits, by_row
from sheets_sync.stores.ooxml.rows import FoundCell
from sheets_sync.stores.ooxml.scan import Frame, Rows

_SPECIAL: Final = re.compile(r"[<>&_\r]")
"""What a cell may not hold as it stands; ``_`` may start an escape."""
_BATCH: Final = 1 << 21
_BEFORE_PLACE: Final = 42
"""Bytes of a directory record that stand before the place of the part."""


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
        if one not in concerned and _as_packed(before, one) != _as_packed(after, other):
            raise Refused("inexact", part=one.name)


def _as_packed(package: Package, entry: Entry) -> tuple[bytes, bytes]:
    """A part with its header, and its record in the directory but for where it says it lies."""
    content = package.content
    return content[entry.header : entry.end], content[entry.record : entry.record + _BEFORE_PLACE]


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
        ours, theirs = (Spans(*self._sheet(side)) for side in (0, 1))
        batches: dict[tuple[int, ...], Batch] = {}
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
                batches[columns] = Batch(columns, self._xml, self._frames[0].prefix)
            batch = batches[columns]
            batch.add(number, edits, here, there)
            if batch.size > _BATCH and not self._batch_agrees(batches.pop(columns)):
                return False
        return ours.rest() == theirs.rest() and all(map(self._batch_agrees, batches.values()))

    def _sheet(self, side: int) -> tuple[bytes, Frame, Rows]:
        entry = self._entries[side]
        return self._xml[side], self._frames[side], self._packages[side].rows(entry)

    def _batch_agrees(self, batch: Batch) -> bool:
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
            Elements(xml, ParsedRows(xml, frame, self._tab, self._edits), self._edits)
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
