"""From a row of the usual shape to its splices, without reading all its cells.

The managed columns mostly stand side by side, in the order of every writer there is: then one
literal search and one pattern find them, and the rest of the row is not looked at. For all else
the answer is None, and the row is read cell by cell (``rows``, ``changes``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from sheets_sync.model import Value
from sheets_sync.stores.ooxml.cells import EMPTY, cell_tag, content_of
from sheets_sync.stores.ooxml.changes import Changes, Splice, is_blank, widened_tag
from sheets_sync.stores.ooxml.lexing import TAG
from sheets_sync.stores.ooxml.references import column_of
from sheets_sync.stores.ooxml.rows import CONTENT, FoundRow, PlainRows, letters_bytes

_LONGEST_RUN: Final = 16
_TEXT: Final = rb"<%(p)bis><%(p)bt(?: xml:space=\"preserve\")?>[^<]*</%(p)bt></%(p)bis>"
_CELL: Final = (
    rb"<%(p)bc r=\"%(c)b%(n)b\"([^<>/]*)"
    rb"(?:/>|>(<%(p)bv>[^<]*</%(p)bv>|" + _TEXT + rb"|" + CONTENT + rb")</%(p)bc>)"
)
"""The groups: attributes and content. In the first cell of a run, its number before them."""
_REFERENCE: Final = re.compile(rb"<c r=\"([A-Z]{1,3})[0-9]+\"")


class Run(NamedTuple):
    """Columns side by side: the patterns of their cells, what each starts with, how each ends.

    The pattern at a place begins with the cell of the column at that place; the others may be
    missing.
    """

    columns: tuple[int, ...]
    patterns: tuple[re.Pattern[bytes], ...]
    openings: tuple[bytes, ...]
    ending: bytes


@cache
def runs_of(columns: tuple[int, ...], prefix: bytes) -> tuple[Run, ...]:
    """Group ascending columns into runs; those between them in a run stay as they are."""
    groups: list[list[int]] = []
    for column in columns:
        if groups and column - groups[-1][0] < _LONGEST_RUN:
            groups[-1] += range(groups[-1][-1] + 1, column + 1)
        else:
            groups.append([column])
    return tuple(_run(tuple(group), prefix) for group in groups)


def _run(columns: tuple[int, ...], prefix: bytes) -> Run:
    patterns = tuple(_pattern(columns[place:], prefix) for place in range(len(columns)))
    openings = tuple(b'<%bc r="%b' % (prefix, letters_bytes(column)) for column in columns)
    return Run(columns, patterns, openings, b"</%bc>" % prefix)


def _pattern(columns: tuple[int, ...], prefix: bytes) -> re.Pattern[bytes]:
    """The cells of columns side by side: the first is there, each of the others may be."""
    first, *others = (
        _CELL % {b"p": prefix, b"c": letters_bytes(column), b"n": rb"\1" if place else b"([0-9]+)"}
        for place, column in enumerate(columns)
    )
    return re.compile(first + b"".join(b"(?:%b)?+" % other for other in others), re.DOTALL)


def swift_splices(
    rows: PlainRows, changes: Changes, place: int, edits: Mapping[int, Value]
) -> Sequence[Splice] | None:
    """Find the splices of a row; None where it is not of the usual shape."""
    runs = runs_of(tuple(edits), rows.frame.prefix)
    number = rows.rows.numbers[place]
    start, stop = rows.span(place)
    splices: list[Splice] = []
    fresh: list[tuple[int, Value]] = []
    row = _row_at(rows, place, start, stop)
    if row is None:
        return None
    for run in runs:
        first, at = _first_cell(rows, run, number, start, stop)
        if at < 0:
            return None if splices else _appended(rows, changes, place, edits)
        match = run.patterns[first].match(rows.xml, at, stop)
        if match is None:
            return None
        start = match.end()
        found = _Found(first, match.groups(), row, place)
        if not _are_absent(rows, run, found, (match.end(), stop), edits):
            return None
        piece, new = _changed_run(run, found, changes, edits)
        fresh += new
        if piece is not None:
            splices.append(Splice(at, start, piece))
    if not fresh:
        return splices
    wider = widened_tag(row.tag, fresh)
    return splices if wider == row.tag else [Splice(row.start, row.tag_end, wider), *splices]


class _Found(NamedTuple):
    """What the pattern found of a run: its first cell's place in the run, and the groups."""

    first: int
    groups: tuple[bytes | None, ...]
    row: FoundRow
    place: int


def _row_at(rows: PlainRows, place: int, start: int, stop: int) -> FoundRow | None:
    tag = TAG.match(rows.xml, start, stop)
    if tag is None or tag[3]:
        return None
    return FoundRow(rows.rows.numbers[place], start, tag.end(), closed=False, tag=tag[0], cells=())


def _first_cell(rows: PlainRows, run: Run, number: int, start: int, stop: int) -> tuple[int, int]:
    """Find the first cell of a run that is there: its place in the run and in the part, or -1."""
    for place, opening in enumerate(run.openings):
        at = rows.xml.find(b'%b%d"' % (opening, number), start, stop)
        if at >= 0:
            return place, at
    return 0, -1


def _are_absent(
    rows: PlainRows, run: Run, found: _Found, rest: tuple[int, int], edits: Mapping[int, Value]
) -> bool:
    """Whether the cells to edit that the pattern did not meet are nowhere else in the row.

    So it is where every cell names its place, none of theirs is named, and what follows the run
    is the row's end or a cell to the right of it.
    """
    present = [*[None] * found.first, *found.groups[1::2]]
    missing = [
        opening
        for column, opening, attributes in zip(run.columns, run.openings, present, strict=True)
        if attributes is None and column in edits
    ]
    if not missing:
        return True
    number, start = found.row.number, found.row.tag_end
    if not rows.is_regular or not _is_right_of(rows, run.columns[-1], *rest):
        return False
    return all(rows.xml.find(b'%b%d"' % (it, number), start, rest[1]) < 0 for it in missing)


def _is_right_of(rows: PlainRows, column: int, start: int, stop: int) -> bool:
    """Whether the row ends at ``start``, or a cell right of a column begins there."""
    prefix = rows.frame.prefix
    if rows.xml.startswith(b"</%brow>" % prefix, start, stop):
        return True
    if not rows.xml.startswith(b"<%bc " % prefix, start, stop):
        return False
    reference = _REFERENCE.match(rows.xml, start + len(prefix), stop)
    return reference is not None and column_of(reference[1].decode()) > column


def _changed_run(
    run: Run, found: _Found, changes: Changes, edits: Mapping[int, Value]
) -> tuple[bytes | None, Sequence[tuple[int, Value]]]:
    """Word the cells of a run anew, None if all say so already; and tell which cells are new."""
    number = found.row.number
    pieces: list[bytes] = []
    new: list[tuple[int, Value]] = []
    worded = 0
    changed = False
    absent = [(None, None)] * found.first
    cells = [*absent, *zip(found.groups[1::2], found.groups[2::2], strict=True)]
    for column, opening, (attributes, raw) in zip(run.columns, run.openings, cells, strict=True):
        if attributes is None:
            if not is_blank(edits.get(column)):
                new.append((column, edits[column]))
            continue
        if worded < len(new):
            pieces.append(changes.new_cells(found.place, found.row, new[worded:]))
            worded = len(new)
        tail = None
        if column in edits:
            tag = cell_tag(attributes)
            content = content_of(raw, changes.prefix) if raw else EMPTY
            tail = changes.tail(number, column, edits[column], tag=tag, content=content)
        if tail is None:
            end = b"/>" if raw is None else b">%b%b" % (raw, run.ending)
            pieces.append(b'%b%d"%b%b' % (opening, number, attributes, end))
        else:
            changed = True
            pieces.append(b'%b%d"%b%b' % (opening, number, tag.kept, tail))
    if worded < len(new):
        pieces.append(changes.new_cells(found.place, found.row, new[worded:]))
    return b"".join(pieces) if changed or new else None, new


def _ends_before(rows: PlainRows, last: int, end: int, column: int) -> bool:
    """Whether a row's last cell starts at ``last``, ends at ``end``, and is left of a column."""
    prefix = rows.frame.prefix
    tag = TAG.match(rows.xml, last, end)
    reference = _REFERENCE.match(rows.xml, last + len(prefix), end)
    if tag is None or reference is None:
        return False
    ends = tag.end() == end if tag[3] else rows.xml.endswith(b"</%bc>" % prefix, tag.end(), end)
    return ends and column_of(reference[1].decode()) < column


def _appended(
    rows: PlainRows, changes: Changes, place: int, edits: Mapping[int, Value]
) -> Sequence[Splice] | None:
    """Find the splices that put new cells behind the last cell of a row, if they belong there."""
    prefix = rows.frame.prefix
    start, stop = rows.span(place)
    ending = b"</%brow>" % prefix
    if not rows.xml.endswith(ending, start, stop):
        return None
    end = stop - len(ending)
    last = rows.xml.rfind(b'<%bc r="' % prefix, start, end)
    columns = tuple(edits)
    if last < 0 or not _ends_before(rows, last, end, columns[0]):
        return None
    new = [edit for edit in edits.items() if not is_blank(edit[1])]
    tag = TAG.match(rows.xml, start)
    if tag is None or not new:
        return None if tag is None else []
    number = rows.rows.numbers[place]
    row = FoundRow(number, start, tag.end(), closed=False, tag=tag[0], cells=())
    cells = Splice(end, end, changes.new_cells(place, row, new))
    wider = widened_tag(tag[0], new)
    return [cells] if wider == tag[0] else [Splice(start, tag.end(), wider), cells]
