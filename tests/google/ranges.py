"""From A1 notation and grid ranges to areas of a grid, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tests.google.schema import Json

_TITLE = re.compile(r"(?:'((?:[^']|'')*)'|([^!']+))(?:!(.*))?$", re.DOTALL)
_CORNER = re.compile(r"\$?([A-Za-z]*)\$?([0-9]*)$")
_PLAIN_TITLE = re.compile(r"[^\W\d]\w*$")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+$")


class RefusalError(Exception):
    """A request that is answered with an error: its HTTP status, code word and sentence."""

    def __init__(
        self, message: str, *, code: int = 400, status: str = "INVALID_ARGUMENT", **more: object
    ) -> None:
        """Keep what the reply says; ``details`` are further objects, as Google has them."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.more = more


class Area(NamedTuple):
    """A rectangle of cells, counted from 0; the ends are exclusive."""

    top: int
    bottom: int
    left: int
    right: int

    def overlaps(self, other: Area) -> bool:
        """Whether the two share a cell."""
        return (
            self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )


def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def column_of(text: str) -> int:
    """The column, counted from 0, behind its letters."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def quote(title: str) -> str:
    """A tab's title as it stands in a range: in quotes unless it is a plain word."""
    if _PLAIN_TITLE.match(title) and title.isascii() and not _LIKE_A_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def split_a1(text: str) -> tuple[str, str]:
    """The tab's title and the range within it ("" for the whole tab)."""
    match = _TITLE.match(text)
    if match is None:
        raise unreadable(text)
    quoted, plain, cells = match.groups()
    return (plain if quoted is None else quoted.replace("''", "'")), cells or ""


def unreadable(text: str) -> RefusalError:
    """What Google says to a range it cannot read or whose tab is not there."""
    return RefusalError(f"Unable to parse range: {text}")


def area_of(cells: str, *, title: str, height: int, width: int) -> Area:
    """The area that a range stands for in a grid of that size; beyond the grid it is refused."""
    if not cells:
        return Area(0, height, 0, width)
    first, _, last = cells.partition(":")
    start, end = _CORNER.match(first), _CORNER.match(last or first)
    if start is None or end is None:
        asked = f"{quote(title)}!{cells}"
        raise unreadable(asked)
    rows = sorted((int(start[2] or 1), int(end[2] or height)))
    columns = sorted(
        (column_of(start[1]) if start[1] else 0, column_of(end[1]) if end[1] else width - 1)
    )
    area = Area(rows[0] - 1, rows[1], columns[0], columns[1] + 1)
    if area.bottom > height or area.right > width:
        message = f"Range ({quote(title)}!{cells}) exceeds grid limits."
        message += f" Max rows: {height}, max columns: {width}"
        raise RefusalError(message)
    return area


def area_of_grid_range(grid: Mapping[str, Json], *, height: int, width: int) -> Area:
    """The area behind a GridRange; what it leaves out is unbounded."""
    area = Area(
        grid.get("startRowIndex") or 0,
        grid.get("endRowIndex") or height,
        grid.get("startColumnIndex") or 0,
        grid.get("endColumnIndex") or width,
    )
    if area.bottom > height or area.right > width:
        message = f"GridRange exceeds grid limits. Max rows: {height}, max columns: {width}"
        raise RefusalError(message)
    return area


def word_area(title: str, area: Area) -> str:
    """An area in A1 notation, as Google words it."""
    first = f"{letters(area.left)}{area.top + 1}"
    last = f"{letters(area.right - 1)}{area.bottom}"
    cells = first if first == last else f"{first}:{last}"
    return f"{quote(title)}!{cells}"


def grid_range(tab_id: int, area: Area) -> dict[str, int]:
    """An area as a GridRange; Google leaves out a sheetId of 0."""
    found = {
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }
    return {"sheetId": tab_id, **found} if tab_id else found
