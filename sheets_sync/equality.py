"""From a wanted value and a found cell to whether the cell says so already: the one rule.

The plan asks it of cells as a reader gives them, the patcher of cells as they stand in the
file; because both ask the same function, what the plan wants changed is what gets changed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from sheets_sync.model import Cell, Value

_MIDNIGHT: Final = time()
_EPOCH_1904: Final = date(1904, 1, 1)
_EPOCH_1900: Final = date(1899, 12, 30)
_EPOCH_BEFORE_MARCH_1900: Final = date(1899, 12, 31)
_MARCH_1900: Final = date(1900, 3, 1)
"""Serials count a 29 February 1900 that never was; before it they run one day short."""
_FEBRUARY_1900: Final = date(1900, 2, 28)
"""What readers make of the serial 59, and of 60 too, which is that day that never was."""


def same(wanted: Value, found: Cell, *, date_format: bool = True, date_system: int = 1900) -> bool:
    """Whether a cell that reads as ``found`` says ``wanted`` already.

    ``date_format`` tells whether the cell shows numbers as dates; pass False for numbers from
    a reader that turns such cells into dates by itself. ``date_system`` is 1900 or 1904.

    * blank, and text without a character, are the same;
    * True is not 1, and a number is not its digits as text;
    * numbers are the same by value: 3 and 3.0;
    * a date is the same as its midnight, as its serial number in a cell with a date format,
      and as the text of its ISO form;
    * text is the same letter by letter, except that all kinds of line ends are one.
    """
    if isinstance(found, str):
        return _same_text(wanted, found)
    if found is None or wanted is None:
        return found is None and (wanted is None or wanted == "")
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(found, date):
        return _same_as_date(wanted, found, date_system)
    if isinstance(wanted, (int, float)):
        return wanted == found
    return date_format and serial_says(wanted, found, date_system)


def _same_text(wanted: Value, found: str) -> bool:
    if isinstance(wanted, str):
        if wanted == found:
            return True
        return ("\r" in wanted or "\r" in found) and _one_line_end(wanted) == _one_line_end(found)
    if isinstance(wanted, date):
        return wanted.isoformat() == found
    return wanted is None and not found


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _same_as_date(wanted: Value, found: date, date_system: int) -> bool:
    if isinstance(found, datetime):
        if found.time() != _MIDNIGHT:
            return False
        found = found.date()
    if isinstance(wanted, str):
        return wanted == found.isoformat()
    if isinstance(wanted, date):
        return wanted == found
    serial = serial_of(found, date_system)
    return wanted == serial or (found == _FEBRUARY_1900 and wanted == serial + 1)


def serial_says(wanted: str | date, found: float, date_system: int) -> bool:
    """Whether a serial number stands for a day, given as a date or as ISO text."""
    day = date_of(found, date_system)
    return day is not None and (wanted == day or wanted == day.isoformat())


def serial_of(day: date, date_system: int = 1900) -> int:
    """The serial number of a day; below 0 when the date system begins later."""
    if date_system == 1904:  # noqa: PLR2004 - the two date systems are named by their years
        return (day - _EPOCH_1904).days
    epoch = _EPOCH_1900 if day >= _MARCH_1900 else _EPOCH_BEFORE_MARCH_1900
    return (day - epoch).days


def date_of(serial: float, date_system: int = 1900) -> date | None:
    """The day of a whole serial number; None for a fraction (a time) and for what is no day."""
    try:
        day = _EPOCH_1904 if date_system == 1904 else _EPOCH_1900  # noqa: PLR2004 - as above
        day += timedelta(days=serial)
    except (OverflowError, ValueError):
        return None
    if date_system != 1904 and day < _MARCH_1900:  # noqa: PLR2004 - as above
        day += timedelta(days=1)
    return day if serial_of(day, date_system) == serial else None
