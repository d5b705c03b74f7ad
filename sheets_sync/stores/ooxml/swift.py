"""From a row of the usual shape to its splices, without reading all its cells.

The managed columns mostly stand side by side, in the order of every writer there is: then one
literal search and one pattern find them, and the rest of the row is not looked at. For all else
the answer is None, and the row is read cell by cell (``rows``, ``changes``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from sheets_sync.model import Value
from sheets_sync.stores.ooxml.cells import EMPTY, cell_tag, content_of
from sheets_sync.stores.ooxml.changes import Changes, Splice, is_blank, widened_tag
from sheets_sync.stores.ooxml.lexing import TAG
from sheets_sync.stores.ooxml.references import column_of
from sheets_sync.stores.ooxml.rows import FoundRow, PlainRows, letters_bytes

_LONGEST_RUN: Final = 16
_TEXT: Final = rb"<%(p)bis><%(p)bt(?: xml:space=\"preserve\")?>[^<]*</%(p)bt></%(p)bis>"
_CELL: Final = (
    rb"(<%(p)bc r=\"%(c)b%(n)b\"([^<>/]*)"
    rb"(?:/>|>(<%(p)bv>[^<]*</%(p)bv>|" + _TEXT + rb"|.*?)</%(p)bc>))"
)
_REFERENCE: Final = re.compile(rb"<c r=\"([A-Z]{1,3})[0-9]+\"")


class Run(NamedTuple):
    """Columns side by side: the pattern of their cells, and what each cell starts with."""

    columns: tuple[int, ...]
    pattern: re.Pattern[bytes]
    openings: tuple[bytes, ...]


@cache
def runs_of(columns: tuple[int, ...], prefix: bytes) -> tuple[Run, ...] | None:
    """Group ascending columns into runs; None where one is too long for a pattern."""
    ends = [place for place, (one, after) in enumerate(pairwise(columns), 1) if after != one + 1]
    groups = [columns[start:stop] for start, stop in pairwise([0, *ends, len(columns)])]
    if any(len(group) > _LONGEST_RUN for group in groups):
        return None
    return tuple(_run(group, prefix) for group in groups)


def _run(columns: tuple[int, ...], prefix: bytes) -> Run:
    cells = [
        _CELL % {b"p": prefix, b"c": letters_bytes(column), b"n": rb"\2" if place else b"([0-9]+)"}
        for place, column in enumerate(columns)
    ]
    openings = tuple(b'<%bc r="%b' % (prefix, letters_bytes(column)) for column in columns)
    return Run(columns, re.compile(b"".join(cells), re.DOTALL), openings)


def swift_splices(
    rows: PlainRows, changes: Changes, place: int, edits: Mapping[int, Value]
) -> Sequence[Splice] | None:
    """Find the splices of a row; None where it is not of the usual shape."""
    runs = runs_of(tuple(edits), rows.frame.prefix)
    if runs is None:
        return None
    number = rows.rows.numbers[place]
    start, stop = rows.span(place)
    splices: list[Splice] = []
    for run in runs:
        start = rows.xml.find(b'%b%d"' % (run.openings[0], number), start, stop)
        if start < 0:
            return None if splices else _appended(rows, changes, place, edits)
        match = run.pattern.match(rows.xml, start, stop)
        if match is None:
            return None
        start = match.end()
        splices += _changed_run(run, match, changes, number, edits)
    return splices


def _changed_run(  # noqa: PLR0913, PLR0917
    run: Run, match: re.Match[bytes], changes: Changes, number: int, edits: Mapping[int, Value]
) -> Sequence[Splice]:
    groups = match.groups()
    prefix = changes.prefix
    pieces = []
    changed = False
    # The groups: the first cell, its number, attributes and content; then, for each cell that
    # follows, the cell, its attributes and content.
    cells = [groups[0], *groups[2:]]
    for place, column in enumerate(run.columns):
        whole, attributes, raw = cells[3 * place : 3 * place + 3]
        tag = cell_tag(attributes)
        content = content_of(raw, prefix) if raw else EMPTY
        tail = changes.tail(number, column, edits[column], tag=tag, content=content)
        if tail is None:
            pieces.append(whole)
        else:
            changed = True
            pieces.append(b'%b%d"%b%b' % (run.openings[place], number, tag.kept, tail))
    return [Splice(*match.span(), b"".join(pieces))] if changed else []


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
    row = FoundRow(rows.rows.numbers[place], start, tag.end(), False, tag[0], ())
    cells = Splice(end, end, changes.new_cells(place, row, new))
    wider = widened_tag(tag[0], new)
    return [cells] if wider == tag[0] else [Splice(start, tag.end(), wider), cells]
