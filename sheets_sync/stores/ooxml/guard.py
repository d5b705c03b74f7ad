"""From a workbook to nothing, or to a refusal of what would choke or mislead a reader.

Spreadsheet readers reserve memory for whole rectangles: one cell at XFD1048576 makes them ask
for seventeen thousand million cells. So what a sheet would take is counted before it is read,
from the cells themselves, as what a sheet says of its own size proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml.archive import Entry
from sheets_sync.stores.ooxml.lexing import Irregular, text_of
from sheets_sync.stores.ooxml.parsing import require_no_dtd
from sheets_sync.stores.ooxml.parts import Package, opened
from sheets_sync.stores.ooxml.references import COLUMNS, LAST_ROW, cell_at, letters_of, whole

MOST_CELLS: Final = 6_000_000
MOST_MERGED: Final = 100_000

_PREFIXED: Final = re.compile(rb":(?:c|row)[\s/>]")
_ROW_OR_CELL: Final = re.compile(
    rb"<(?:[^\s<>/:]++:)?+(c|row)(?=[\s/>])"
    rb"(?:((?:\s++[^\s<>/=\"']++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)\s*+(/?)>(</)?+)?+"
)
"""A tag: its name, attributes, slash, and the start of an end tag that follows. All but the name
are missing where the tag is none."""
_PLACE: Final = re.compile(
    rb"(?:\s++(?!r[\s=])[^\s<>/=\"']++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'))*+"
    rb"\s++r\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')"
)
_MOST_COUNTED: Final = 8_000_000
_MOST_STRINGS: Final = 8_000_000
_DIGITS: Final = "0123456789"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Extent(NamedTuple):
    """The rows and columns of the smallest rectangle from A1 that holds all values."""

    rows: int
    columns: int


def inspect(package: bytes | Package, sheets: Iterable[str] | None = None) -> Package:
    """Refuse what is hostile or damaged, before any reader sees it.

    ``sheets`` are those that will be read; all worksheets if None.
    """
    package = opened(package)
    for kind in ("sharedStrings", "styles"):
        part = package.related(kind)
        if part is not None:
            _inspect_part(package.unpacked(part), part.name)
    _ = package.date_styles  # what is wrong with the styles is better told now than later
    for name in package.sheet_names if sheets is None else sheets:
        _inspect_sheet(package, name)
    return package


def _inspect_part(xml: bytes, part: str) -> None:
    require_no_dtd(xml, part)
    if xml.count(b"<si") + xml.count(b":si") > _MOST_STRINGS:
        raise Refused("broken_part", part=part)


def _inspect_sheet(package: Package, name: str) -> None:
    entry = package.sheet(name)
    for range_ in package.frame(entry).merges:
        if range_.size > MOST_MERGED:
            raise Refused("huge_merge", tab=name, range=str(range_), most=MOST_MERGED)
    if not _is_surely_small(package, entry):
        extent = extent_of(package.unpacked(entry), entry.name)
        if extent.rows * extent.columns > MOST_CELLS:
            raise Refused("too_wide", tab=name, rows=extent.rows, columns=extent.columns)


def _is_surely_small(package: Package, entry: Entry) -> bool:
    """Whether every cell, with a value or not, lies within the limits: found out very fast."""
    xml = package.unpacked(entry)
    frame = package.frame(entry)
    try:
        last = max(package.rows(entry).numbers, default=1)
    except Irregular:
        return False
    columns = min(MOST_CELLS // last, COLUMNS)
    if frame.prefix or columns < 1 or _PREFIXED.search(xml):
        return False
    return _cell_beyond(last, columns).search(xml) is None


@cache
def _cell_beyond(rows: int, columns: int) -> re.Pattern[bytes]:
    """A pattern that finds a cell right of some columns or below some rows, or without a place."""
    letters = "|".join(_up_to(letters_of(columns - 1), _LETTERS))
    digits = "|".join(_up_to(str(rows), _DIGITS))
    return re.compile(rf'<c(?! r="(?:{letters})(?:{digits})")[\s/>]'.encode())


def _up_to(limit: str, alphabet: str) -> Iterable[str]:
    """Patterns that together match the words (or numbers) up to a limit, shorter ones first."""
    first, last = alphabet[0], alphabet[-1]
    nonzero = "1" if first == "0" else first
    if len(limit) > 1:
        yield f"[{nonzero}-{last}][{first}-{last}]{{0,{len(limit) - 2}}}"
    for place, letter in enumerate(limit):
        low = first if place else nonzero
        if letter > low:
            before = alphabet[alphabet.index(letter) - 1]
            yield f"{limit[:place]}[{low}-{before}][{first}-{last}]{{{len(limit) - place - 1}}}"
    yield limit


def extent_of(xml: bytes, part: str) -> Extent:
    """Count the rows and columns that a reader would reserve, cell by cell.

    Cells without content do not count, as readers do not keep them. Names may have any prefix,
    as readers do not look at it. Raises Refused for a tag that is none, and where there are so
    many rows and cells that counting them takes too long.
    """
    rows = columns = row = row_count = 0
    column = -1
    for count, match in enumerate(_ROW_OR_CELL.finditer(xml)):
        name, attributes, closed, ended = match.groups()
        if attributes is None or count > _MOST_COUNTED:
            raise Refused("broken_part", part=part)
        place = _PLACE.match(attributes)
        reference = _text_of(place[1] or place[2] or b"", part) if place else None
        if name == b"row":
            row, column = _row_at(reference, row + 1, part), -1
            row_count += 1
            if row_count > LAST_ROW:
                raise Refused("broken_part", part=part)
            continue
        at, column = (row, column + 1) if reference is None else _cell_at(reference, part)
        if column >= COLUMNS:
            raise Refused("broken_part", part=part)
        if not closed and ended is None:
            rows, columns = max(rows, at), max(columns, column + 1)
    return Extent(rows, columns)


def _text_of(raw: bytes, part: str) -> str:
    try:
        return text_of(raw)
    except Irregular:
        raise Refused("broken_part", part=part) from None


def _row_at(reference: str | None, default: int, part: str) -> int:
    if reference is None:
        return default
    number = whole(reference)
    if number is None:
        raise Refused("broken_part", part=part)
    return number


def _cell_at(reference: str, part: str) -> tuple[int, int]:
    try:
        return cell_at(reference)
    except ValueError:
        raise Refused("broken_part", part=part) from None
