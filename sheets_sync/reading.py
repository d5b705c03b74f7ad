"""From the cells of a column to values by the column's kind, and what could not be read.

Columns repeat themselves, so each distinct cell is read once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache, partial
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias, cast

from sheets_sync.addresses import is_email, is_link, phone_test
from sheets_sync.columns import CHOICE_ALIASES, PEOPLE, ColumnSpec, Kind
from sheets_sync.countries import country_of
from sheets_sync.model import Cell, Column, Language
from sheets_sync.texts import label_names
from sheets_sync.texts.cleaning import fold, trim

Read: TypeAlias = bool | int | str | date | None
"""A cell as read: text, a choice's key, a whole number, a day, yes or no; None when blank."""

FIRST_DAY = date(1954, 10, 3)
LAST_DAY = date(2119, 1, 11)
"""The days that a date may be; as day serials from 1900 they are 20000 and 80000."""
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000

ERROR_VALUES = frozenset(
    {
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA",
        "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!",
        "#EXTERNAL!", "#PYTHON!", "#TIMEOUT!", "#ERROR!",
    }
)  # fmt: skip
"""What spreadsheets show where a formula has no result."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_POINTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_WRITTEN: Mapping[Language, tuple[re.Pattern[str], ...]] = {
    "en": (),
    "fi": (_POINTED,),
    "he": (_POINTED, _SLASHED),
}
"""How days are written in a language: day, month, year. In English nobody can tell."""

_NO_SUCH_DAY = 60
"""The serial of 29 February 1900, in which spreadsheets believe; earlier serials are off by one."""

_WHOLE = re.compile(r"[0-9]{1,9}")
_MOST_DIGITS = 1e15
"""Spreadsheets keep 15 digits of a number."""

_TICKED, _UNTICKED = "TRUE", "FALSE"


class _Mark(Enum):
    """Stands for a cell that cannot be read."""

    UNREADABLE = "unreadable"


class Customs(NamedTuple):
    """What the reading of a cell depends on, beside its column.

    ``date_formats`` are further forms of dates, as strptime takes them; ``date_system`` is the
    year that day serials count from.
    """

    language: Language = "en"
    country: str | None = None
    date_formats: tuple[str, ...] = ()
    date_system: Literal[1900, 1904] = 1900


class Reading(NamedTuple):
    """A column as read: a value for each cell, and the positions of those not understood.

    A cell that is not understood has the value None, as a blank one has.
    """

    values: Sequence[Read]
    unreadable: frozenset[int] = frozenset()


def read_column(spec: ColumnSpec, cells: Column, customs: Customs) -> Reading:
    """Read the cells of one column."""
    plain = _without_booleans(cells, spec.kind)
    match spec.kind:
        case Kind.DATE:
            return _read_dates(plain, customs)
        case Kind.NUMBER:
            return _read_each(plain, partial(_parse_number, spec=spec, customs=customs))
        case Kind.CHOICE | Kind.YES_NO:
            return _read_each(plain, partial(_parse_choice, names=_choices(spec)))
        case Kind.COUNTRY:
            return _read_each(_texts(plain, customs), _parse_country)
        case _:
            return _read_texts(plain, spec.kind, customs)


def as_shown(cell: Cell) -> str | None:
    """What stood in a cell, as text: days in ISO form, None for a blank cell."""
    if isinstance(cell, datetime):
        midnight = cell == datetime(cell.year, cell.month, cell.day, tzinfo=cell.tzinfo)
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return _TICKED if cell else _UNTICKED
    if isinstance(cell, int | float):
        return _number_text(cell)
    return trim(cell) or None if cell else None


def as_day(cell: Cell, customs: Customs) -> date | None:
    """The day that a cell tells, be it within the days allowed or not; None when it tells none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return _written_day(trim(cell), customs)
    if isinstance(cell, int | float) and _FIRST_SERIAL <= cell < _LAST_SERIAL + 1:
        return _epoch(customs.date_system) + timedelta(days=int(cell))
    return None


def is_error(text: str | None) -> bool:
    """Whether a cell's text is what a spreadsheet shows for a formula without a result."""
    return text is not None and trim(text) in ERROR_VALUES


@cache
def choice_names(column: str) -> Mapping[str, str]:
    """The keys of a column's choices by the folded names they go by, in any language."""
    return MappingProxyType(
        {
            fold(name): key
            for key in PEOPLE[column].choices
            for name in (
                key,
                *label_names(f"choice.{column}.{key}").values(),
                *CHOICE_ALIASES.get((column, key), ()),
            )
        }
    )


def _without_booleans(cells: Column, kind: Kind) -> Column:
    """The cells with TRUE as its text, and FALSE blank: a box nobody ticked says nothing.

    Only in a yes/no column FALSE is a word. This comes first because Python takes 1 and True
    for the same, and cells are told apart by value.
    """
    if bool not in set(map(type, cells)):
        return cells
    unticked = _UNTICKED if kind is Kind.YES_NO else None
    return [_TICKED if c is True else unticked if c is False else c for c in cells]


def _read_dates(cells: Column, customs: Customs) -> Reading:
    """Read a column of days; usually all are days that may be, and then nothing is to do."""
    if set(map(type, cells)) <= {date, type(None)}:
        column = cast("Sequence[date | None]", cells)
        days = [day for day in column if day is not None]
        if not days or (min(days) >= FIRST_DAY and max(days) <= LAST_DAY):
            return Reading(column)
    return _read_each(cells, partial(_parse_date, customs=customs))


def _read_each(cells: Column, parse: Callable[[Cell], Read | _Mark]) -> Reading:
    """Read a column of few different cells, each of them once."""
    read = {cell: parse(cell) for cell in set(cells)}
    values = [read[cell] for cell in cells]
    if _Mark.UNREADABLE not in read.values():
        return Reading(cast("Sequence[Read]", values))
    return Reading(
        [None if value is _Mark.UNREADABLE else value for value in values],
        frozenset(i for i, value in enumerate(values) if value is _Mark.UNREADABLE),
    )


def _read_texts(cells: Column, kind: Kind, customs: Customs) -> Reading:
    """Read a column of text or of addresses."""
    texts = _texts(cells, customs)
    is_right = _address_test(kind, customs)
    if is_right is None:
        return Reading(texts)
    wrong = {text for text in set(texts) if text is not None and not is_right(text)}
    if not wrong:
        return Reading(texts)
    return Reading(
        [None if text in wrong else text for text in texts],
        frozenset(i for i, text in enumerate(texts) if text in wrong),
    )


def _texts(cells: Column, customs: Customs) -> Sequence[str | None]:
    """The cells as text, trimmed; errors and blanks are None."""
    if set(map(type, cells)) <= {str, type(None)}:
        texts = [trim(text) or None if text else None for text in cast("Sequence[str]", cells)]
    else:
        as_text = {cell: _text(cell, customs) for cell in set(cells)}
        texts = [as_text[cell] for cell in cells]
    if ERROR_VALUES.isdisjoint(texts):
        return texts
    return [None if text in ERROR_VALUES else text for text in texts]


def _text(cell: Cell, customs: Customs) -> str | None:
    """The text of a cell; numbers and days too are text here."""
    if isinstance(cell, str):
        return trim(cell) or None
    if isinstance(cell, date):
        return _number_text(_serial(cell, customs.date_system))
    return None if cell is None else _number_text(cell)


def _address_test(kind: Kind, customs: Customs) -> Callable[[str], bool] | None:
    """What tells whether a text is an address of that kind; None where any text will do."""
    if kind is Kind.PHONE:
        return phone_test(customs.country)
    return {Kind.EMAIL: is_email, Kind.LINK: is_link}.get(kind)


def _choices(spec: ColumnSpec) -> Mapping[str, Read]:
    """What the folded names of a column's choices mean."""
    names = choice_names(spec.key)
    if spec.kind is Kind.CHOICE:
        return names
    answers: dict[str, Read] = {name: key == "yes" for name, key in names.items()}
    return {**answers, fold(_TICKED): True, fold(_UNTICKED): False}


def _parse_date(cell: Cell, customs: Customs) -> date | _Mark | None:
    if cell is None or (isinstance(cell, str) and not trim(cell)):
        return None
    day = as_day(cell, customs)
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else _Mark.UNREADABLE


def _parse_number(cell: Cell, spec: ColumnSpec, customs: Customs) -> int | _Mark | None:
    if isinstance(cell, str):
        text = trim(cell)
        if not text:
            return None
        number: float = int(text) if _WHOLE.fullmatch(text) else math.nan
    elif isinstance(cell, date):
        number = _serial(cell, customs.date_system)
    elif cell is None:
        return None
    else:
        number = cell
    whole = spec.least <= number <= spec.most and number == int(number)
    return int(number) if whole else _Mark.UNREADABLE


def _parse_choice(cell: Cell, names: Mapping[str, Read]) -> Read | _Mark:
    text = cell if isinstance(cell, str) else as_shown(cell)
    if text is None or not trim(text):
        return None
    return names.get(fold(text), _Mark.UNREADABLE)


def _parse_country(text: Cell) -> str | _Mark | None:
    if not isinstance(text, str):
        return None
    return country_of(text) or _Mark.UNREADABLE


def _written_day(text: str, customs: Customs) -> date | None:
    """The day that a text tells in the one way it can be read; None when it tells none or two."""
    if match := _ISO.fullmatch(text):
        return _day(match[1], match[2], match[3])
    days = {
        _day(match[3], match[2], match[1])
        for form in _WRITTEN[customs.language]
        if (match := form.fullmatch(text))
    }
    days |= {_formatted_day(text, form) for form in customs.date_formats}
    days.discard(None)
    allowed = {day for day in days if day is not None and FIRST_DAY <= day <= LAST_DAY}
    return (allowed or days).pop() if len(allowed or days) == 1 else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _formatted_day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def _epoch(date_system: Literal[1900, 1904]) -> date:
    """The day with the serial 0, for serials from 61 on."""
    return date(1904, 1, 1) if date_system == 1904 else date(1899, 12, 30)  # noqa: PLR2004 - a name of its own would tell no more


def _serial(day: date, date_system: Literal[1900, 1904]) -> float:
    """The number that a spreadsheet keeps for a day, with its time as a fraction."""
    serial: float = day.toordinal() - _epoch(date_system).toordinal()
    if date_system == 1900 and serial <= _NO_SUCH_DAY:  # noqa: PLR2004 - as above
        serial -= 1
    if isinstance(day, datetime):
        serial += (day.hour * 3600 + day.minute * 60 + day.second) / 86_400
    return serial


def _number_text(number: float) -> str:
    """A number as text; a whole one has no decimals."""
    if abs(number) < _MOST_DIGITS and number == int(number):
        return str(int(number))
    return str(number)
