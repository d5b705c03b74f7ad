"""From cell references ("AD5", "A1:C3") to numbers: rows from 1, columns from 0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

LAST_ROW: Final = 1_048_576
COLUMNS: Final = 16_384

_DIGITS: Final = 10
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")


class Range(NamedTuple):
    """A rectangle of cells, its ends included: rows from 1, columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def size(self) -> int:
        """The number of its cells."""
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)

    def around(self, other: Range) -> Range:
        """The smallest range that holds both."""
        return Range(
            min(self.first_row, other.first_row),
            min(self.first_column, other.first_column),
            max(self.last_row, other.last_row),
            max(self.last_column, other.last_column),
        )

    def __str__(self) -> str:
        """As people write it: A1:C3."""
        first = f"{letters_of(self.first_column)}{self.first_row}"
        return f"{first}:{letters_of(self.last_column)}{self.last_row}"


def whole(text: str) -> int | None:
    """Read a whole number of at most ten digits; None for anything else."""
    return int(text) if len(text) <= _DIGITS and text.isascii() and text.isdecimal() else None


@cache
def column_of(letters: str) -> int:
    """Turn column letters into an index: A is 0, AD is 29. Beyond XFD is a ValueError."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    if not 1 <= index <= COLUMNS:
        raise ValueError(letters)
    return index - 1


@cache
def letters_of(column: int) -> str:
    """Turn a column index into its letters: 0 is A, 29 is AD."""
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def cell_at(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as AD5. Anything else is a ValueError."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise ValueError(reference)
    row = int(found[2])
    if row > LAST_ROW:
        raise ValueError(reference)
    return row, column_of(found[1])


def range_at(reference: str) -> Range:
    """Rows and columns of a range such as A1:C3, or of a single cell; else a ValueError."""
    first, _, last = reference.replace("$", "").partition(":")
    one = cell_at(first)
    other = cell_at(last) if last else one
    rows, columns = zip(one, other, strict=True)
    return Range(min(rows), min(columns), max(rows), max(columns))


def ranges_at(references: Iterable[str]) -> Iterator[Range]:
    """The ranges among some references; what is none is left out."""
    for reference in references:
        try:
            yield range_at(reference)
        except ValueError:
            continue
