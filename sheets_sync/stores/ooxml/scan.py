"""From the bytes of a worksheet part to its frame (all but the rows) and where its rows stand."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml.lexing import (
    TAG,
    Irregular,
    attributes_of,
    declaration_end,
    is_plain,
    is_utf8,
)
from sheets_sync.stores.ooxml.parsing import Element, Reader, elements, plain_name
from sheets_sync.stores.ooxml.references import LAST_ROW, Range, ranges_at, whole

_SHEET_DATA: Final = re.compile(rb"<([^\s<>/:]++:)?+sheetData(?=[\s/>])")
_MOST_FRAME: Final = 64_000_000
_MOST_PARSED: Final = 150_000_000
"""Bytes of a sheet that expat goes through in a time that anybody waits for."""
_IN_FRAME: Final = frozenset(
    {"dimension", "sheetCalcPr", "col", "sheetData", "mergeCell", "tablePart"}
)


class ColumnStyle(NamedTuple):
    """The style of a column or more, from 0, the last included."""

    first: int
    last: int
    style: int


class Frame(NamedTuple):
    """A worksheet without its rows; all places are offsets into the part.

    ``prefix`` stands before the names of elements (``x:``, mostly nothing). The tag
    ``sheetData`` starts at ``opening``; rows stand from ``start`` to ``stop``; ``closing`` is
    behind the end tag. With ``<sheetData/>`` the last three are one place. ``dimension`` and
    ``calculation`` are the places of these tags. ``plain`` tells that the rows hold nothing
    but tags and text.
    """

    prefix: bytes
    opening: int
    start: int
    stop: int
    closing: int
    dimension: int | None
    calculation: int | None
    columns: tuple[ColumnStyle, ...]
    merges: tuple[Range, ...]
    tables: tuple[str, ...]
    plain: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is no end tag, as there are no rows."""
        return self.start == self.closing


class Rows(NamedTuple):
    """The numbers of the rows, and where each starts."""

    numbers: Sequence[int]
    starts: Sequence[int]


class _Bounds(NamedTuple):
    opening: int
    start: int
    stop: int
    closing: int


def frame_of(xml: bytes, part: str) -> Frame:
    """Find the frame of a worksheet. Raises Refused for what is no worksheet in UTF-8."""
    if not is_utf8(xml):
        raise Refused("odd_encoding", part=part)
    plain = is_plain(xml, declaration_end(xml))
    bounds = _find_bounds(xml, part) if plain else _parse_bounds(xml, part)
    found = _frame_elements(xml, part, bounds)
    if found[0].name != "worksheet":
        raise Refused("broken_part", part=part)
    data = [(one.start, one.parents) for one in found if one.name == "sheetData"]
    if data != [(bounds.opening, ("worksheet",))]:
        raise Refused("unusual_sheet", part=part)
    return _make_frame(xml, bounds, [one for one in found if len(one.parents) in {1, 2}], plain)


def _make_frame(xml: bytes, bounds: _Bounds, found: list[Element], plain: bool) -> Frame:  # noqa: FBT001 - a fact, no switch
    match = _SHEET_DATA.match(xml, bounds.opening)
    if match is None:
        raise Irregular
    places = {one.name: one.start for one in found if len(one.parents) == 1}
    references = (one.attributes.get("ref", "") for one in found if one.name == "mergeCell")
    return Frame(
        match[1] or b"",
        *bounds,
        dimension=places.get("dimension"),
        calculation=places.get("sheetCalcPr"),
        columns=_column_styles(found),
        merges=tuple(ranges_at(references)),
        tables=tuple(one.attributes.get("r:id", "") for one in found if one.name == "tablePart"),
        plain=plain,
    )


def _column_styles(found: list[Element]) -> tuple[ColumnStyle, ...]:
    """The columns that have a style of their own."""
    styles = []
    for element in found:
        if element.name == "col" and element.attributes.get("style", "0") != "0":
            first, last, style = (
                whole(element.attributes.get(key, "")) for key in ("min", "max", "style")
            )
            if first is not None and last is not None and style is not None:
                styles.append(ColumnStyle(first - 1, last - 1, style))
    return tuple(styles)


def _find_bounds(xml: bytes, part: str) -> _Bounds:
    """Find the rows of a plain part."""
    match = _SHEET_DATA.search(xml)
    tag = TAG.match(xml, match.start()) if match else None
    if match is None or tag is None:
        raise Refused("broken_part", part=part)
    if tag[3]:
        return _Bounds(tag.start(), tag.end(), tag.end(), tag.end())
    end = re.compile(rb"</%bsheetData\s*>" % (match[1] or b"")).search(xml, tag.end())
    if end is None:
        raise Refused("broken_part", part=part)
    return _Bounds(tag.start(), tag.end(), *end.span())


def _parse_bounds(xml: bytes, part: str) -> _Bounds:
    """Find the rows of any part, by expat."""
    if len(xml) > _MOST_PARSED:
        raise Refused("unusual_sheet", part=part)
    reader = Reader(part)
    parser = reader.parser
    places: list[int] = []
    depth = 0

    def start(name: str, _: object) -> None:
        nonlocal depth
        depth += 1
        if depth == 2 and not places and plain_name(name) == "sheetData":  # noqa: PLR2004 - below the root
            places.append(parser.CurrentByteIndex)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth == 1 and len(places) == 1 and plain_name(name) == "sheetData":
            places.append(parser.CurrentByteIndex)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    reader.feed(xml)
    reader.close()
    if len(places) != 2:  # noqa: PLR2004 - a start and an end
        raise Refused("broken_part", part=part)
    return _bounds_at(xml, places[0], places[1])


def _bounds_at(xml: bytes, opening: int, ending: int) -> _Bounds:
    tag = TAG.match(xml, opening)
    if tag is None:
        raise Irregular
    if tag[3]:
        return _Bounds(opening, tag.end(), tag.end(), tag.end())
    return _Bounds(opening, tag.end(), ending, xml.index(b">", ending) + 1)


def _frame_elements(xml: bytes, part: str, bounds: _Bounds) -> list[Element]:
    """Find the elements that matter outside the rows; their places are those in the part."""
    if len(xml) - (bounds.stop - bounds.start) > _MOST_FRAME:
        raise Refused("part_too_large", part=part, megabytes=_MOST_FRAME // 1_000_000)
    cut = bounds.stop - bounds.start
    return [
        one if one.start < bounds.start else one._replace(start=one.start + cut)
        for one in elements(xml[: bounds.start] + xml[bounds.stop :], part, _IN_FRAME)
    ]


@cache
def _row_pattern(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rb'<%brow(?: r="([1-9][0-9]{0,6})")?(?=[\s/>])' % prefix)


def rows_of(xml: bytes, frame: Frame) -> Rows:
    """Find the rows of a plain sheet. Raises Irregular where a tag has an unknown shape."""
    numbers: list[int] = []
    starts = array("q")
    for match in _row_pattern(frame.prefix).finditer(xml, frame.start, frame.stop):
        number = match[1]
        starts.append(match.start())
        numbers.append(int(number) if number else _number_of(xml, match.start(), numbers))
        if len(numbers) > LAST_ROW:
            raise Irregular
    return Rows(numbers, starts)


def _number_of(xml: bytes, start: int, before: list[int]) -> int:
    """Tell the number of a row whose tag does not start with it: it may have none at all."""
    tag = TAG.match(xml, start)
    if tag is None:
        raise Irregular
    following = before[-1] + 1 if before else 1
    number = whole(attributes_of(tag[2]).get("r", str(following)))
    if number is None:
        raise Irregular
    return number


def require_order(rows: Rows, tab: str) -> None:
    """Refuse rows that do not ascend; where to put a new one would be a guess."""
    for one, following in pairwise(rows.numbers):
        if following <= one:
            raise Refused("rows_out_of_order", tab=tab, row=following)
    if rows.numbers and rows.numbers[-1] > LAST_ROW:
        raise Refused("rows_out_of_order", tab=tab, row=rows.numbers[-1])
