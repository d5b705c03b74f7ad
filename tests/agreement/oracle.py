"""From a grid of raw cells to the rows, themes and counts of the JSON report, slowly and simply.

This is a second statement of tracker.md sections 1 to 6, written from its text alone. It shares
nothing with the product but the types of cells and settings. When the two disagree the text of
tracker.md decides. Nothing here is meant to be fast, short or clever.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple

import email_validator
import holidays
import phonenumbers
from tables import (
    ACTIVE,
    CHOICES,
    CLOSED,
    DATES,
    FOUR_QUESTIONS,
    HEADER_ALIASES,
    MANAGED,
    NUMBERS,
    PEOPLE,
    TEXTS,
)

from sheets_sync.model import Cell, Language, Settings

Grid = Sequence[Sequence[Cell]]
Row = dict[str, Any]
Problem = dict[str, Any]
Said = Any
"""What a cell says: text, a date, a number, a canonical key; blank is None."""


class NoTracker(Exception):
    """The grid has no header row, two columns of one meaning, or no columns to write in."""


class Unreadable:
    """Stands where a cell could not be read."""


UNREADABLE = Unreadable()

# ---------------------------------------------------------------- 1. columns

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


# ---------------------------------------------------------------- 2. reading a cell

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
        return (day.date() - tracker.day_zero).days + seconds / 86400
    return (day - tracker.day_zero).days


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


# ---------------------------------------------------------------- 3. vetting verdict


def verdict_of(cells: Row, columns: Sequence[str]) -> str | None:
    """The vetting verdict; None where none of the four columns exists."""
    asked = [key for key in FOUR_QUESTIONS if key in columns]
    if not asked:
        return None
    if cells["values_fit"] == "no" or cells["reputation"] == "bad":
        return "failed"
    if any(cells[key] is None for key in asked):
        return "incomplete"
    if cells["values_fit"] == "partly" or cells["reputation"] == "unsure":
        return "concern"
    return "passed"


# ---------------------------------------------------------------- 4. working days


@cache
def calendar_of(country: str) -> holidays.HolidayBase:
    """The weekend and the public holidays of a country."""
    return holidays.country_holidays(country)


def is_working(day: date, country: str | None) -> bool:
    """Whether people of that country work on that day."""
    if country is None:
        return day.weekday() < 5
    calendar = calendar_of(country)
    return day.weekday() not in calendar.weekend and day not in calendar


def forward(day: date, country: str | None) -> date:
    """The day, or the next working day."""
    while not is_working(day, country):
        day += timedelta(days=1)
    return day


def back(day: date, country: str | None) -> date:
    """The day, or the last working day before it."""
    while not is_working(day, country):
        day -= timedelta(days=1)
    return day


def plus(day: date, number: int, country: str | None) -> date:
    """The number-th working day after the day."""
    for _ in range(number):
        day = forward(day + timedelta(days=1), country)
    return forward(day, country)


# ---------------------------------------------------------------- 5. rules


def earlier(first: date | None, second: date | None) -> bool:
    """Whether both are set and the first is earlier."""
    return first is not None and second is not None and first < second


def days(number: int) -> timedelta:
    """A span of days."""
    return timedelta(days=number)


class Look:
    """One partner as the rules see it: ``look.event`` is the event date, and so on."""

    def __init__(self, cells: Row, columns: Sequence[str], settings: Settings, today: date) -> None:
        """Take the cells that could be read, absent and unreadable ones being None."""
        behind = cells["stage"] == "idea" and cells["last_contact"] is not None
        self.cells: Row = {**cells, "stage": "contacted" if behind else cells["stage"]}
        self.columns, self.today = columns, today
        self.country, self.numbers = settings.country, settings.playbook
        self.verdict = verdict_of(cells, columns)

    def __getattr__(self, name: str) -> Said:
        """Answer with the cell of that column."""
        return self.cells[name]

    @property
    def touch(self) -> Said:
        """The latest of what happened between them and us."""
        met = self.meeting if earlier(self.meeting, self.today) else None
        happened = [self.last_contact, self.last_reply, self.thanked, met]
        return max((day for day in happened if day), default=None)

    @property
    def follow_up_in_force(self) -> bool:
        """Whether a person's own choice of a day is still ahead of what happened."""
        return self.follow_up is not None and (self.touch is None or self.follow_up > self.touch)

    @property
    def lead(self) -> Said:
        """The day by which a first contact makes sense."""
        if not earlier(self.today, self.event):
            return None
        return max(self.back(self.event - days(self.numbers.first_contact_lead)), self.today)

    @property
    def passed(self) -> bool:
        """Whether the verdict lets us go on."""
        return self.verdict in ("passed", None)

    def forward(self, day: date) -> date:
        """Section 4's forward in this country."""
        return forward(day, self.country)

    def back(self, day: date) -> date:
        """Section 4's back in this country."""
        return back(day, self.country)

    def plus(self, day: date, number: int) -> date:
        """Section 4's plus in this country."""
        return plus(day, number, self.country)

    def is_in(self, *stages: str) -> bool:
        """Whether the stage is one of those; "active" stands for four."""
        return self.stage in stages or ("active" in stages and self.stage in ACTIVE)

    def holds(self, name: str) -> bool:
        """Whether the rule of that name holds: its columns exist, and what it says is so."""
        (rule,) = (rule for rule in RULES if rule.name == name)
        return set(rule.needs) <= set(self.columns) and bool(rule.holds(self))


class Rule(NamedTuple):
    """One line of the table in section 5."""

    name: str
    holds: Callable[[Look], object]
    due: Callable[[Look], date | None]
    snooze: bool = False
    needs: Sequence[str] = ()


def reply(p: Look) -> bool:
    """They wrote last."""
    if not p.last_reply:
        return False
    if not p.is_in("idea", "active") and not (
        p.is_in("paused") and p.last_reply >= p.today - days(30)
    ):
        return False
    return all(day is None or day < p.last_reply for day in (p.last_contact, p.thanked, p.meeting))


def thank(p: Look) -> bool:
    """The event is over, and nobody has thanked since."""
    return (
        p.is_in("agreed", "done")
        and p.event is not None
        and p.event <= p.today <= p.event + days(p.numbers.thank_for)
        and (p.thanked is None or p.thanked < p.event)
    )


def publish(p: Look) -> bool:
    """The event is ahead, and it is not announced."""
    return (
        p.is_in("planning", "agreed")
        and earlier(p.today, p.event)
        and (
            p.published is None
            or p.published < p.event - days(180)
            or (p.thanked is not None and p.published <= p.thanked and p.thanked < p.event)
        )
    )


def no_way_to_reach(p: Look) -> bool:
    """No contact, e-mail, phone or link, though there is a column for at least one."""
    there = [key for key in ("contact", "email", "phone", "link") if key in p.columns]
    return bool(there) and all(p.cells[key] is None for key in there)


def chase(p: Look) -> bool:
    """We wrote last, and they have been silent."""
    return (
        p.is_in("contacted", "in_talks")
        and p.meeting is None
        and p.last_contact is not None
        and (p.last_reply is None or p.last_reply < p.last_contact)
        and ((p.attempts or 0) >= 2 or (p.is_in("contacted") and p.last_reply is None))
    )


def chase_due(p: Look) -> date:
    """The clock of this attempt."""
    clocks = p.numbers.chase_after
    k = min(max(p.attempts or 1, 1), len(clocks)) - 1
    return p.forward(p.last_contact + days(clocks[k]))


def arrange_meeting(p: Look) -> bool:
    """They are interested, and no meeting is set."""
    return (
        (p.is_in("in_talks") or (p.is_in("contacted") and p.last_reply is not None))
        and p.meeting is None
        and p.touch is not None
        and not p.holds("reply")
        and not p.holds("chase")
    )


def agree_plan(p: Look) -> bool:
    """It is time to say who does what."""
    return (
        (
            (p.is_in("active") and earlier(p.meeting, p.today))
            or (p.is_in("planning", "agreed") and p.meeting is None)
        )
        and p.plan is None
        and p.touch is not None
        and (p.event is None or p.event >= p.today)
    )


def after_event(p: Look) -> bool:
    """They were thanked, and nothing has happened since."""
    return (
        p.is_in("agreed")
        and earlier(p.event, p.today)
        and p.thanked is not None
        and p.thanked >= p.event
        and p.touch == p.thanked
    )


def keep_in_touch(p: Look) -> bool:
    """They have not heard from us for a while."""
    return (
        (
            p.is_in("planning", "agreed")
            or (p.is_in("contacted", "in_talks") and earlier(p.meeting, p.today))
            or ("meeting" not in p.columns and p.is_in("in_talks"))
            or ("meeting" not in p.columns and p.is_in("contacted") and p.last_reply is not None)
        )
        and p.touch is not None
        and not p.holds("thank")
        and not p.holds("reply")
        and not p.holds("chase")
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "stop",
        holds=lambda p: p.is_in("idea", "paused", "active") and p.verdict == "failed",
        due=lambda _: None,
    ),
    Rule(
        "event_passed",
        holds=lambda p: (
            p.is_in("idea", "contacted", "in_talks", "planning") and earlier(p.event, p.today)
        ),
        due=lambda p: p.plus(p.event, 1),
    ),
    Rule(
        "reply",
        holds=reply,
        due=lambda p: p.plus(p.last_reply, p.numbers.reply_within),
        needs=["last_contact"],
    ),
    Rule(
        "meet",
        holds=lambda p: p.is_in("active") and p.meeting is not None and p.meeting >= p.today,
        due=lambda p: p.meeting,
    ),
    Rule(
        "thank",
        holds=thank,
        due=lambda p: p.plus(p.event, p.numbers.thank_within),
        needs=["thanked"],
    ),
    Rule(
        "publish",
        holds=publish,
        due=lambda p: p.back(p.event - days(p.numbers.publish_before)),
        needs=["published"],
    ),
    Rule(
        "approve_photo",
        holds=lambda p: publish(p) and p.photo_approved != "yes",
        due=lambda p: p.back(
            p.event - days(p.numbers.publish_before) - days(p.numbers.photo_before_publish)
        ),
        needs=["photo_approved", "published"],
    ),
    Rule(
        "discuss",
        holds=lambda p: p.is_in("idea") and p.verdict == "concern",
        due=lambda p: p.lead,
        snooze=True,
    ),
    Rule(
        "find_contact",
        holds=lambda p: p.is_in("idea") and p.passed and no_way_to_reach(p),
        due=lambda p: p.lead,
        snooze=True,
    ),
    Rule(
        "first_contact",
        holds=lambda p: (
            p.is_in("idea") and p.passed and not p.holds("find_contact") and not p.holds("reply")
        ),
        due=lambda p: p.lead,
        snooze=True,
    ),
    Rule("chase", holds=chase, due=chase_due, snooze=True),
    Rule(
        "arrange_meeting",
        holds=arrange_meeting,
        due=lambda p: p.forward(p.touch + days(p.numbers.arrange_within)),
        snooze=True,
        needs=["meeting"],
    ),
    Rule(
        "agree_plan",
        holds=agree_plan,
        due=lambda p: p.forward(p.touch + days(p.numbers.plan_within)),
        snooze=True,
        needs=["plan"],
    ),
    Rule(
        "after_event",
        holds=after_event,
        due=lambda p: p.forward(p.thanked + days(p.numbers.after_event_within)),
        snooze=True,
    ),
    Rule(
        "keep_in_touch",
        holds=keep_in_touch,
        due=lambda p: p.forward(p.touch + days(p.keep_in_touch or p.numbers.keep_in_touch)),
        snooze=True,
        needs=["last_contact"],
    ),
    Rule(
        "vet",
        holds=lambda p: p.is_in("idea", "active") and p.verdict == "incomplete",
        due=lambda p: p.lead if p.is_in("idea") else None,
        snooze=True,
    ),
    Rule(
        "follow_up",
        holds=lambda p: (
            p.follow_up_in_force and not any(p.holds(rule.name) for rule in RULES if rule.snooze)
        ),
        due=lambda p: p.follow_up,
    ),
)
SILENCED_BY_EVENT_PASSED = tuple(rule.name for rule in RULES[4:])


def obligations(look: Look) -> list[tuple[str, date | None]]:
    """All that is asked for and not silenced, as (rule, due), the first thing to do first."""
    asked = []
    for rule in RULES:
        if look.holds(rule.name):
            snoozed = rule.snooze and look.follow_up_in_force
            asked.append((rule.name, look.follow_up if snoozed else rule.due(look)))
    names = [name for name, _ in asked]
    if "stop" in names:
        return [("stop", None)]
    if "event_passed" in names:
        asked = [(name, due) for name, due in asked if name not in SILENCED_BY_EVENT_PASSED]
    with_due = [(name, due) for name, due in asked if due is not None]
    without = [(name, due) for name, due in asked if due is None]
    return sorted(with_due, key=lambda one: one[1]) + without  # sorted() keeps the table's order


def status_of(rule: str | None, due: date | None, stage: str, today: date) -> str:
    """The status that belongs to the obligation that won."""
    if rule is None:
        return "closed" if stage in CLOSED else "idle"
    if rule == "stop":
        return "not_a_fit"
    if due is None:
        return "to_do"
    if due == today:
        return "due_today"
    return "overdue" if due < today else "upcoming"


# ---------------------------------------------------------------- 6. problems


class Record:
    """One partner row: the cells as they stand, what they say, and what could not be read."""

    def __init__(self, number: int, raw: Row, tracker: Tracker) -> None:
        """Read the row of that sheet row number; ``raw`` holds the known columns of people."""
        self.number, self.raw, self.columns = number, raw, tuple(raw)
        self.tracker = tracker
        self.said = dict.fromkeys(PEOPLE)
        for key in raw:
            if key != "notes":
                self.said[key] = read_cell(key, raw[key], tracker)
        self.unreadable = {key for key, said in self.said.items() if said is UNREADABLE}
        self.cells: Row = {
            key: None if key in self.unreadable else said for key, said in self.said.items()
        }
        self.cells["stage"] = self.cells["stage"] or "idea"
        self.verdict = verdict_of(self.cells, self.columns)
        self.problems: dict[str, Problem] = {}

    @property
    def name(self) -> str | None:
        """The partner's name, folded."""
        return None if self.cells["partner"] is None else fold(self.cells["partner"])

    @property
    def theme(self) -> str | None:
        """The partner's theme, folded."""
        return None if self.cells["theme"] is None else fold(self.cells["theme"])

    def report(self, column: str, code: str, *, blocking: bool = False) -> None:
        """Note a problem, unless the column does not exist."""
        if column in self.columns:
            self.problems[column] = {
                "column": column,
                "code": code,
                "blocking": blocking,
                "value": self.shown(column),
            }

    def shown(self, column: str) -> str | None:
        """What stood in a cell, as text, dates in ISO form."""
        cell, said = self.raw[column], self.cells[column]
        if isinstance(said, date):
            return said.isoformat()
        if isinstance(cell, datetime):
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
        if isinstance(cell, date):
            return cell.isoformat()
        if isinstance(cell, str):
            return trim(cell) or None
        return "FALSE" if cell is False else as_text(cell, self.tracker)


UNREADABLE_CODES = {
    "email": "not_an_email",
    "phone": "not_a_phone",
    "link": "not_a_link",
    "attempts": "not_a_number",
    "keep_in_touch": "not_a_number",
    **dict.fromkeys(DATES, "unreadable_date"),
    **dict.fromkeys(CHOICES, "unknown_choice"),
}


def check_row(row: Record, settings: Settings, today: date) -> None:
    """Note the problems that one row has by itself."""
    stage, closed = row.cells["stage"], row.cells["stage"] in CLOSED
    if row.cells["partner"] is None:
        row.report("partner", "missing_partner", blocking=True)
    for key in row.unreadable:
        blocking = key == "stage" or (key in DATES and not closed)
        row.report(key, UNREADABLE_CODES[key], blocking=blocking)
    for key in ("last_contact", "last_reply", "thanked", "vetted_on"):
        if earlier(today, row.cells[key]):
            row.report(key, "future_date", blocking=not closed)
    if stage in ACTIVE and all(
        row.said[key] is None for key in ("last_contact", "last_reply", "meeting", "thanked")
    ):
        row.report("last_contact", "missing_last_contact", blocking=True)
    check_owner(row, settings)
    check_vetting(row, settings, today)
    check_publication(row, settings, today)
    idea_or_blank = row.said["stage"] in ("idea", None)
    if idea_or_blank and row.cells["last_contact"]:
        row.report("stage", "stage_behind")


def check_owner(row: Record, settings: Settings) -> None:
    """The owner is somebody of the team, by name or by address."""
    owner = row.cells["owner"]
    if not owner or not settings.team:
        return
    if not any(fold(owner) in (fold(member.name), fold(member.email)) for member in settings.team):
        row.report("owner", "unknown_owner")


def check_vetting(row: Record, settings: Settings, today: date) -> None:
    """An active partner's four questions are answered, and not too long ago."""
    stage, vetted_on = row.cells["stage"], row.cells["vetted_on"]
    if stage in ACTIVE and row.verdict == "incomplete":
        for key in FOUR_QUESTIONS:
            if key in row.columns and row.said[key] is None:
                row.report(key, "vetting_incomplete")
                break
    oldest = today - days(settings.playbook.revet_after)
    if stage in ("idea", "paused", *ACTIVE) and earlier(vetted_on, oldest):
        row.report("vetted_on", "stale_vetting")


def check_publication(row: Record, settings: Settings, today: date) -> None:
    """What is announced is announced early enough."""
    event = row.cells["event"]
    if event and event >= today:
        last_day = event - days(settings.playbook.publish_before)
        if earlier(last_day, row.cells["published"]):
            row.report("published", "late_publication")


def check_across(rows: Sequence[Record]) -> None:
    """Note the problems that rows have with each other; those without a name take no part."""
    named = [row for row in rows if row.name is not None]
    for row in named:
        twins = [
            other
            for other in named
            if (other.name, other.theme, other.cells["event"])
            == (row.name, row.theme, row.cells["event"])
        ]
        if len(twins) > 1:
            row.report("partner", "duplicate_partner")
        mail = row.cells["email"]
        if mail and any(
            other.cells["email"]
            and other.cells["email"].casefold() == mail.casefold()
            and other.name != row.name
            for other in named
        ):
            row.report("email", "duplicate_email")
        benefit = fold(row.cells["partner_benefit"] or "")
        same = {o.name for o in named if fold(o.cells["partner_benefit"] or "") == benefit}
        if len(benefit) >= 20 and len(same) >= 3:
            row.report("partner_benefit", "copied_benefit")


def thin_themes(rows: Sequence[Record], wanted: int) -> list[Row]:
    """The themes with nobody agreed or done and too few live partners, in the sheet's order."""
    named = [row for row in rows if row.name is not None and row.theme]  # a dash is no theme
    thin = []
    for theme in dict.fromkeys(row.theme for row in named):
        members = [row for row in named if row.theme == theme]
        live = {
            row.name
            for row in members
            if row.cells["stage"] in ("idea", "paused", *ACTIVE) and row.verdict != "failed"
        }
        if len(live) < wanted and not any(
            row.cells["stage"] in ("agreed", "done") for row in members
        ):
            spelling = members[0].cells["theme"]
            thin.append({"theme": spelling, "code": "thin_theme", "live": len(live)})
    return thin


# ---------------------------------------------------------------- all together


def judge(
    grid: Grid, *, settings: Settings, today: date, date_system: Literal[1900, 1904] = 1900
) -> Row:
    """What the JSON report says of a grid whose first line is row 1 of the sheet."""
    header, positions = find_columns(grid)
    headers = [str(grid[header][index]) for index in positions.values()]
    tracker = Tracker(language_of(headers, settings), settings, date_system)
    records = []
    for index in range(header + 1, len(grid)):
        raw = {
            key: grid[index][positions[key]] if positions[key] < len(grid[index]) else None
            for key in PEOPLE
            if key in positions
        }
        if is_partner(raw, tracker):
            records.append(Record(index + 1, raw, tracker))
    for record in records:
        check_row(record, settings, today)
    check_across(records)
    rows = [judge_row(record, settings, today) for record in records]
    return {
        "today": today.isoformat(),
        "language": tracker.language,
        "rows": rows,
        "themes": thin_themes(records, settings.playbook.candidates_per_theme),
        "counts": count(rows),
    }


def judge_row(record: Record, settings: Settings, today: date) -> Row:
    """One row of the report, without its sentences."""
    problems = [record.problems[key] for key in PEOPLE if key in record.problems]
    row: Row = {
        "row": record.number,
        "partner": record.cells["partner"],
        "stage": record.cells["stage"],
        "vetting": record.verdict,
        "problems": problems,
    }
    if any(problem["blocking"] for problem in problems):
        nothing: Row = {"rule": None, "due": None, "days_overdue": None, "also": []}
        return {**row, "status": "fix_data", **nothing}
    asked = obligations(Look(record.cells, record.columns, settings, today))
    rule, due = asked[0] if asked else (None, None)
    status = status_of(rule, due, record.cells["stage"], today)
    return {
        **row,
        "status": status,
        "rule": rule,
        "due": due.isoformat() if due else None,
        "days_overdue": (today - due).days if due and status == "overdue" else None,
        "also": [{"rule": r, "due": d.isoformat() if d else None} for r, d in asked[1:]],
    }


STATUSES = (
    "overdue",
    "due_today",
    "upcoming",
    "to_do",
    "fix_data",
    "not_a_fit",
    "idle",
    "closed",
)


def count(rows: Sequence[Row]) -> dict[str, int]:
    """How many partners there are, and how many of each status."""
    found = [row["status"] for row in rows]
    return {"partners": len(rows), **{status: found.count(status) for status in STATUSES}}
