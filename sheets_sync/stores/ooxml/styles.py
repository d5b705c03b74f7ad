"""From the styles part to which cell styles show a number as a date with day and month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sheets_sync.stores.ooxml.parsing import Element
from sheets_sync.stores.ooxml.references import whole

_BUILT_IN: Final = frozenset({14, 15, 16, 22})
"""Formats that every program has, and that show day and month in all languages."""

_LITERAL: Final = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|am/pm|a/p', re.IGNORECASE)
_FIELDS: Final = re.compile(r"([a-z])\1*", re.IGNORECASE)
_DAY: Final = frozenset({"d", "dd"})


def date_styles(found: Sequence[Element]) -> frozenset[int]:
    """Find the styles (indexes into cellXfs) whose format shows day and month."""
    formats = _BUILT_IN | _own_formats(found)
    ids = [one.attributes.get("numFmtId", "0") for one in found if _is_cell_style(one)]
    return frozenset(index for index, id_ in enumerate(ids) if _number(id_) in formats)


def _is_cell_style(element: Element) -> bool:
    return element.name == "xf" and element.parents[-1:] == ("cellXfs",)


def _own_formats(found: Sequence[Element]) -> frozenset[int]:
    """The ids of the workbook's own formats that show day and month."""
    codes = (one.attributes for one in found if one.name == "numFmt")
    return frozenset(
        _number(one.get("numFmtId", "")) for one in codes if is_date(one.get("formatCode", ""))
    )


def _number(text: str) -> int:
    number = whole(text)
    return -1 if number is None else number


def is_date(code: str) -> bool:
    """Whether a format code shows day and month; only its first section counts."""
    section = _LITERAL.sub("\0", code).partition(";")[0].lower()
    fields = [match[0] for match in _FIELDS.finditer(section)]
    return any(field in _DAY for field in fields) and any(
        field.startswith("m") and not _is_minute(fields, place)
        for place, field in enumerate(fields)
    )


def _is_minute(fields: list[str], place: int) -> bool:
    """``m`` means minutes behind hours and before seconds."""
    if len(fields[place]) > 2:  # noqa: PLR2004 - mmm and longer are names of months
        return False
    before = fields[place - 1] if place else ""
    after = fields[place + 1] if place + 1 < len(fields) else ""
    return before.startswith("h") or after.startswith("s")
