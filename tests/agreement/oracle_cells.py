"""From raw cells to what they say: tracker.md sections 1 and 2, stated a second time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple

import email_validator
import phonenumbers

from sheets_sync.model import Cell, Language, Settings
from tests.agreement.tables import CHOICES, DATES, HEADER_ALIASES, MANAGED, NUMBERS, PEOPLE, TEXTS

Grid = Sequence[Sequence[Cell]]
Row = dict[str, Any]
Said = Any
"""What a cell says: text, a date, a number, a canonical key; blank is None."""


class NoTracker(Exception):
    """The grid has no header row, two columns of one meaning, or no columns to write in."""


class Unreadable:
    """Stands where a cell could not be read."""


UNREADABLE = Unreadable()

UNSEEN = (
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


@cache
def fold(text: str) -> str:
    """NFKC, case folded, unseen marks removed, punctuation and white space as single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(char for char in text if char not in UNSEEN)
    text = "".join(" " if unicodedata.category(char).startswith("P") else char for char in text)
    return " ".join(text.split())


@cache
def meaning(header: Cell) -> str | None:
    """The canonical key that a header stands for."""
    if not isinstance(header, str):
        return None
    for key, labels in {**PEOPLE, **MANAGED}.items():
        for name in (key, *labels, *HEADER_ALIASES.get(key, ())):
            if fold(name) == fold(header):
                return key
    return None


def find_columns(grid: Grid) -> tuple[int, dict[str, int]]:
    """The position of the header row in the grid, and the position of each known column."""
    for position, cells in enumerate(grid[:20]):
        keys = [meaning(cell) for cell in cells]
        if "partner" in keys and "stage" in keys:
            known = [key for key in keys if key is not None]
            twice = len(known) != len(set(known))
            if twice or not {"status", "next_action", "due"} <= set(known):
                raise NoTracker
            return position, {key: keys.index(key) for key in known}
    raise NoTracker


def language_of(headers: Sequence[str], settings: Settings) -> Language:
    """The language of the settings, else the one that most headers are labels of."""
    if settings.language:
        return settings.language
    votes = [0, 0, 0]
    for header in headers:
        for labels in [*PEOPLE.values(), *MANAGED.values()]:
            for number, label in enumerate(labels):
                if fold(label) == fold(header):
                    votes[number] += 1
    winner: Language = ("en", "fi", "he")[votes.index(max(votes))]
    return winner


EARLIEST, LATEST = date(1954, 10, 3), date(2119, 1, 11)
ERROR_VALUES = (
    "#REF!",
    "#N/A",
    "#NAME?",
    "#VALUE!",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#ERROR!",
)
TEXT_DATES = {
    "en": (),
    "fi": (r"(\d{1,2})\.(\d{1,2})\.(\d{4})",),
    "he": (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", r"(\d{1,2})/(\d{1,2})/(\d{4})"),
}


def trim(text: str) -> str:
    """Text without the blanks and unseen marks at its ends."""
    while text and (text[0].isspace() or text[0] in UNSEEN):
        text = text[1:]
    while text and (text[-1].isspace() or text[-1] in UNSEEN):
        text = text[:-1]
    return text


class Tracker(NamedTuple):
    """What cells are read by, beside themselves: the year that serial numbers count from, too."""

    language: Language
    settings: Settings
    date_system: Literal[1900, 1904] = 1900

    @property
    def day_zero(self) -> date:
        """The day with serial number 0."""
        return date(1899, 12, 30) if self.date_system == 1900 else date(1904, 1, 1)


def serial(day: date, tracker: Tracker) -> float:
    """A date cell as the number behind it."""
    if isinstance(day, datetime):
        seconds = day.hour * 3600 + day.minute * 60 + day.second
        return serial(day.date(), tracker) + seconds / 86400
    number = (day - tracker.day_zero).days
    before_leap_day = tracker.date_system == 1900 and day < date(1900, 3, 1)
    return number - 1 if before_leap_day else number  # Excel believes in 29 February 1900


def number_text(number: float) -> str:
    """A number as text, a whole one without decimals."""
    return str(int(number)) if number == int(number) else repr(number)


def as_text(cell: Cell, tracker: Tracker) -> str | None:
    """A cell of a column that holds text; blank is None."""
    if cell is None or cell is False:
        return None
    if cell is True:
        return "TRUE"
    if isinstance(cell, date):
        cell = serial(cell, tracker)
    if isinstance(cell, int | float):
        return number_text(cell)
    text = trim(cell)
    return None if text in ERROR_VALUES else text or None


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands there, or a box that nobody ticked."""
    return cell is None or cell is False or (isinstance(cell, str) and not trim(cell))


def read_date(cell: Cell, tracker: Tracker) -> date | Unreadable:
    """A cell of a date column that is not blank."""
    day: date | None = None
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif isinstance(cell, int | float) and cell is not True and 20000 <= cell <= 80000:
        day = tracker.day_zero + timedelta(days=int(cell))
    elif isinstance(cell, str):
        day = read_text_date(trim(cell), tracker)
    if day is None or not EARLIEST <= day <= LATEST:
        return UNREADABLE
    return day


def read_text_date(text: str, tracker: Tracker) -> date | None:
    """A date that somebody typed: ISO, the language's own form, or one of the settings'.

    A text that is one day in one form and another day in another form is none: never a guess.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return real_day(*text.split("-"))
    found = set()
    for form in TEXT_DATES[tracker.language]:
        if match := re.fullmatch(form, text, re.ASCII):
            found.add(real_day(*reversed(match.groups())))
    for form in tracker.settings.date_formats:
        try:
            found.add(datetime.strptime(text, form).date())  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    possible = {day for day in found if day is not None and EARLIEST <= day <= LATEST}
    return possible.pop() if len(possible) == 1 else None


def real_day(year: str, month: str, day: str) -> date | None:
    """The day of those numbers, if there is one."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_choice(key: str, cell: Cell, tracker: Tracker) -> Said:
    """A cell of a choice or yes/no column that is not blank: the canonical key."""
    if key == "photo_approved" and cell is True:
        return "yes"
    text = as_text(cell, tracker)
    for choice, names in CHOICES[key].items():
        if text is not None and fold(text) in [fold(name) for name in (choice, *names)]:
            return choice
    return UNREADABLE


def read_number(key: str, cell: Cell, tracker: Tracker) -> int | Unreadable:
    """A cell of a number column that is not blank."""
    least, most = NUMBERS[key]
    if isinstance(cell, date):
        cell = serial(cell, tracker)
    if isinstance(cell, str) and re.fullmatch("[0-9]+", trim(cell)):
        cell = int(trim(cell))
    if isinstance(cell, int | float) and cell is not True and least <= cell <= most:
        return int(cell) if cell == int(cell) else UNREADABLE
    return UNREADABLE


def is_email(text: str) -> bool:
    """Whether text is one e-mail address."""
    try:
        email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return False
    return True


def is_phone(text: str, country: str | None) -> bool:
    """Whether text is a number that can be called from the country of the settings."""
    if country is None and not text.startswith("+"):
        return 5 <= sum(char.isdigit() for char in text) <= 15 and not any(map(str.isalpha, text))
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, country))
    except phonenumbers.NumberParseException:
        return False


def is_link(text: str) -> bool:
    """Whether text is one web address, or a host name with a dot and perhaps a path."""
    if re.fullmatch(r"https?://[^\s/]+(/\S*)?", text, re.IGNORECASE):
        return True
    host, *_ = text.split("/")
    *_, top = host.split(".")  # "org": letters, so 2.5 is no host name
    return (
        bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+", host))
        and top.isalpha()
        and len(top) > 1
        and not any(map(str.isspace, text))
    )


def read_cell(key: str, cell: Cell, tracker: Tracker) -> Said:
    """What the cell says, or UNREADABLE."""
    if key == "photo_approved" and cell is False:
        return "no"
    if is_blank(cell):
        return None
    if key in DATES:
        return read_date(cell, tracker)
    if key in CHOICES:
        return read_choice(key, cell, tracker)
    if key in NUMBERS:
        return read_number(key, cell, tracker)
    return read_words(key, as_text(cell, tracker), tracker.settings)


def read_words(key: str, text: str | None, settings: Settings) -> Said:
    """The text of a cell that is an address, or just text."""
    if text is None or key in TEXTS:
        return text
    right = {
        "email": is_email(text),
        "phone": is_phone(text, settings.country),
        "link": is_link(text),
    }
    return text if right[key] else UNREADABLE


def is_partner(raw: Row, tracker: Tracker) -> bool:
    """Whether any known cell of people, the notes left out, holds something."""
    for key, cell in raw.items():
        holds_text = key not in DATES and key not in CHOICES and key not in NUMBERS
        unticked = key == "photo_approved" and isinstance(cell, str) and fold(cell) == "false"
        blank = unticked or is_blank(cell) or (holds_text and as_text(cell, tracker) is None)
        if key != "notes" and not blank:
            return True
    return False
