"""How tracker.md 1 and 2 read headers and cells, and what 6 says of themes and 5.1 counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from sheets_sync.model import Cell, Language, Settings
from tests.agreement.cases import TypedRow, vetted


class DateCell(NamedTuple):
    """What a date cell says in a tracker of that language: a day in ISO form, or nothing."""

    title: str
    cell: Cell
    day: str | None
    language: Language = "en"
    formats: tuple[str, ...] = ()
    date_system: Literal[1900, 1904] = 1900


DATE_CELLS = (
    DateCell("a date", date(2026, 11, 21), "2026-11-21"),
    DateCell(
        "a date with a time: its date",
        datetime(2026, 11, 21, 23, 59),  # noqa: DTZ001  (cells have no zone)
        "2026-11-21",
    ),
    DateCell("a serial number", 46347, "2026-11-21"),
    DateCell("a serial number with a time", 46347.75, "2026-11-21"),
    DateCell("a serial number in a workbook of 1904", 44885, "2026-11-21", date_system=1904),
    DateCell("the first serial number", 20000, "1954-10-03"),
    DateCell("a number before the first", 19999, None),
    DateCell("the last serial number", 80000, "2119-01-11"),
    DateCell("a number after the last", 80001, None),
    DateCell("in 1904 the last number is too late", 80000, None, date_system=1904),
    DateCell("the digits of a date as a number", 20261121, None),
    DateCell("a serial number as text", "46347", None),
    DateCell("the first day", date(1954, 10, 3), "1954-10-03"),
    DateCell("the day before the first", date(1954, 10, 2), None),
    DateCell("the last day", date(2119, 1, 11), "2119-01-11"),
    DateCell("the day after the last", date(2119, 1, 12), None),
    DateCell("ISO text", "2026-11-21", "2026-11-21"),
    DateCell("ISO text with spaces and marks around", "\u200f\u00a02026-11-21 ", "2026-11-21"),
    DateCell("ISO text too late", "2119-01-12", None),
    DateCell("ISO text without its zeros", "2026-1-5", None),
    DateCell("ISO text with a time", "2026-11-21 10:00", None),
    DateCell("ISO text of no day", "2026-02-29", None),
    DateCell("ISO text of a leap day", "2028-02-29", "2028-02-29"),
    DateCell("ISO text in a Finnish tracker", "2026-11-21", "2026-11-21", "fi"),
    DateCell("ISO text in a Hebrew tracker", "2026-11-21", "2026-11-21", "he"),
    DateCell("points in an English tracker", "21.11.2026", None),
    DateCell("slashes in an English tracker", "21/11/2026", None),
    DateCell("words in an English tracker", "21 Nov 2026", None),
    DateCell("points in a Finnish tracker", "21.11.2026", "2026-11-21", "fi"),
    DateCell("points without zeros", "5.1.2027", "2027-01-05", "fi"),
    DateCell("points with zeros", "05.01.2027", "2027-01-05", "fi"),
    DateCell("points on the first day", "3.10.1954", "1954-10-03", "fi"),
    DateCell("points on the day before", "2.10.1954", None, "fi"),
    DateCell("points on the last day", "11.1.2119", "2119-01-11", "fi"),
    DateCell("points on the day after", "12.1.2119", None, "fi"),
    DateCell("a year of two digits", "5.1.27", None, "fi"),
    DateCell("no year", "5.1.", None, "fi"),
    DateCell("the 31st of November", "31.11.2026", None, "fi"),
    DateCell("the 21st month", "11.21.2026", None, "fi"),
    DateCell("slashes in a Finnish tracker", "21/11/2026", None, "fi"),
    DateCell("hyphens the Finnish way round", "21-11-2026", None, "fi"),
    DateCell("points in a Hebrew tracker", "21.11.2026", "2026-11-21", "he"),
    DateCell("slashes in a Hebrew tracker", "5/1/2027", "2027-01-05", "he"),
    DateCell("a point and a slash", "21.11/2026", None, "he"),
    DateCell("slashes the American way round", "11/21/2026", None, "he"),
    DateCell("a form of the settings", "21.11.26", "2026-11-21", "en", ("%d.%m.%y",)),
    DateCell("another form of the settings", "11/21/2026", "2026-11-21", "en", ("%m/%d/%Y",)),
    DateCell("a form of the settings, too late", "21.11.2120", None, "en", ("%d.%m.%Y",)),
    DateCell("not the form of the settings", "21.11.26", None, "fi", ("%m/%d/%Y",)),
    DateCell("the language's form beside the settings'", "21.11.2026", "2026-11-21", "fi", ("%y",)),
    DateCell(
        "no day in the language's form, but in the settings'",
        "11/21/2026",
        "2026-11-21",
        "he",
        ("%m/%d/%Y",),
    ),
    DateCell("two days in two forms: never a guess", "3/4/2027", None, "he", ("%m/%d/%Y",)),
    DateCell(
        "two days in two forms, of which one is too early",
        "10/5/1954",
        "1954-10-05",
        "he",
        ("%m/%d/%Y",),
    ),
    DateCell("one day in two forms", "4/4/2027", "2027-04-04", "he", ("%m/%d/%Y",)),
    DateCell("an error value", "#REF!", None),
    DateCell("a question mark", "?", None),
    DateCell("a ticked box", cell=True, day=None),
)


class ChoiceCell(NamedTuple):
    """What a choice cell says: a canonical key, or nothing."""

    column: str
    cell: Cell
    choice: str | None


CHOICE_CELLS = (
    ChoiceCell("stage", "In talks", "in_talks"),
    ChoiceCell("stage", "in_talks", "in_talks"),
    ChoiceCell("stage", "IN  TALKS", "in_talks"),
    ChoiceCell("stage", "In-talks", "in_talks"),
    ChoiceCell("stage", "\u200fIn\u00a0talks\u200e", "in_talks"),
    ChoiceCell("stage", "In\ntalks.", "in_talks"),
    ChoiceCell("stage", "Keskustelussa", "in_talks"),
    ChoiceCell("stage", "בשיחות", "in_talks"),
    ChoiceCell("stage", "Otettu yhteyttä", "contacted"),
    ChoiceCell("stage", "otettu yhteytta\u0308", "contacted"),
    ChoiceCell("stage", "לא יצא לפועל", "declined"),
    ChoiceCell("stage", "Ｐａｕｓｅｄ", "paused"),  # full width, as some keyboards type  # noqa: RUF001, RUF100
    ChoiceCell("stage", "Intalks", None),
    ChoiceCell("stage", "Talks", None),
    ChoiceCell("stage", "Otettu yhteytta", None),
    ChoiceCell("reputation", "unsure", "unsure"),
    ChoiceCell("reputation", "Epäselvä", "unsure"),
    ChoiceCell("reputation", "לא ברור", "unsure"),
    ChoiceCell("reputation", "Maine", None),
    ChoiceCell("values_fit", "osittain", "partly"),
    ChoiceCell("values_fit", "ei", "no"),
    ChoiceCell("values_fit", "Good", None),
    ChoiceCell("type", "Organization", "organisation"),
    ChoiceCell("type", "Yhteisö", "community"),
    ChoiceCell("channel", "E-mail", "email"),
    ChoiceCell("channel", "דוא״ל", "email"),
    ChoiceCell("channel", "דואל", "email"),
    ChoiceCell("channel", "צ׳אט", "chat"),
    ChoiceCell("channel", "Sähköposti", "email"),
    ChoiceCell("role", "co-organizer", "co_organiser"),
    ChoiceCell("role", "co_organiser", "co_organiser"),
    ChoiceCell("photo_approved", cell=True, choice="yes"),
    ChoiceCell("photo_approved", "TRUE", "yes"),
    ChoiceCell("photo_approved", "true", "yes"),
    ChoiceCell("photo_approved", "כן", "yes"),
    ChoiceCell("photo_approved", "yes", "yes"),
    ChoiceCell("photo_approved", "FALSE", "no"),
    ChoiceCell("photo_approved", "Ei", "no"),
    ChoiceCell("photo_approved", "maybe", None),
    ChoiceCell("photo_approved", 1, None),
)


class NumberCell(NamedTuple):
    """What a cell of the attempts column says: a whole number, or nothing."""

    cell: Cell
    number: int | None
    date_system: Literal[1900, 1904] = 1900


NUMBER_CELLS = (
    NumberCell(3, 3),
    NumberCell(3.0, 3),
    NumberCell("3", 3),
    NumberCell(" 3\u00a0", 3),
    NumberCell(3.5, None),
    NumberCell("three", None),
    NumberCell("3 times", None),
    NumberCell(-3, None),
    # A 3 in a cell that shows dates: Excel counts from 1 January 1900.
    NumberCell(date(1900, 1, 3), 3),
    NumberCell(date(1904, 1, 4), 3, 1904),
    NumberCell(date(1900, 3, 9), 69),
    NumberCell(date(2026, 11, 18), None),
    NumberCell(datetime(1900, 1, 3, 12), None),  # noqa: DTZ001  (cells have no zone)
)


class NameCell(NamedTuple):
    """What a cell of the partner column says: text, or nothing."""

    cell: Cell
    name: str | None


NAME_CELLS = (
    NameCell("Kahvila Aalto", "Kahvila Aalto"),
    NameCell("\u00a0\u200f Kahvila Aalto \ufeff", "Kahvila Aalto"),
    NameCell(1984, "1984"),
    NameCell(1984.0, "1984"),
    NameCell(19.5, "19.5"),
    NameCell(cell=True, name="TRUE"),
    NameCell(date(2026, 11, 21), "46347"),
    NameCell(datetime(2026, 11, 21, 18, 45), "46347.78125"),  # noqa: DTZ001  (cells have no zone)
    NameCell("FALSE", "FALSE"),
    NameCell("#1 in town", "#1 in town"),
    NameCell(cell=False, name=None),
    NameCell("#NAME?", None),
    NameCell(" \u200b\u00a0", None),
)


class Header(NamedTuple):
    """What a header stands for: the canonical key of a column of people, or nothing."""

    text: Cell
    key: str | None


HEADERS = (
    Header("Follow up on", "follow_up"),
    Header("follow_up", "follow_up"),
    Header("FOLLOW-UP ON:", "follow_up"),
    Header("\u202bמעקב בתאריך\u202c", "follow_up"),
    Header("Palataan asiaan (pvm)", "follow_up"),
    Header("Palataan\nasiaan pvm", "follow_up"),
    Header("Follow-up", "follow_up"),
    Header("Snooze until", "follow_up"),
    Header("תאריך מעקב", "follow_up"),
    Header("Seuraava\u00a0yhteydenotto", "follow_up"),
    Header("Follow ups", None),
    Header("Palataan asiaan", None),
    Header(2026, None),
    Header(None, None),
)


class LanguageCase(NamedTuple):
    """The language of a tracker with those headers beside the ones that it must have."""

    title: str
    headers: Sequence[str]
    language: Language
    settings: Settings = Settings()


LANGUAGE_CASES = (
    LanguageCase("all English", ["Partner", "Stage", "Status", "Next action", "Due"], "en"),
    LanguageCase(
        "three Finnish of five", ["Kumppani", "Vaihe", "Tilanne", "Next action", "Due"], "fi"
    ),
    LanguageCase(
        "three Hebrew of five, folded", ["\u200fשותף", "שלב:", "סטטוס", "Next action", "Due"], "he"
    ),
    LanguageCase(
        "a canonical key that reads like the English label counts as one",
        ["partner", "stage", "next_action", "Tilanne", "Määräpäivä"],
        "en",
    ),
    LanguageCase(
        "aliases are in no language: two Finnish labels against one English",
        ["Company", "Phase", "Status", "Seuraava askel", "Määräpäivä"],
        "fi",
    ),
    LanguageCase(
        "a tie: Finnish before Hebrew", ["Kumppani", "שלב", "Tilanne", "הפעולה הבאה", "Due"], "fi"
    ),
    LanguageCase(
        "a tie: English first", ["Partner", "Vaihe", "Status", "Seuraava askel", "לביצוע עד"], "en"
    ),
    LanguageCase(
        "unknown headers do not count",
        ["Kumppani", "Vaihe", "Tilanne", "Next action", "Due", "Budget", "Town", "Floor"],
        "fi",
    ),
    LanguageCase(
        "the settings know better",
        ["Partner", "Stage", "Status", "Next action", "Due"],
        "he",
        Settings(language="he"),
    ),
)


class ThemeCase(NamedTuple):
    """The thin themes of those rows: (theme, live), in order."""

    title: str
    rows: Sequence[TypedRow]
    thin: Sequence[tuple[str, int]]


def for_theme(partner: str | None, theme: str | None, stage: str, **cells: Cell) -> TypedRow:
    """A vetted partner for a theme."""
    return {**vetted(stage), "partner": partner, "theme": theme, **cells}


THEME_CASES = (
    ThemeCase("one idea is too few", [for_theme("A", "Food", "Idea")], [("Food", 1)]),
    ThemeCase(
        "two are enough", [for_theme("A", "Food", "Idea"), for_theme("B", "food ", "Paused")], []
    ),
    ThemeCase(
        "the same partner twice is one",
        [for_theme("A", "Food", "Idea"), for_theme("a.", "FOOD", "In talks", event="2027-01-15")],
        [("Food", 1)],
    ),
    ThemeCase(
        "with one agreed nobody else is needed",
        [for_theme("A", "Food", "Agreed", last_contact="2026-11-16")],
        [],
    ),
    ThemeCase("with one done neither", [for_theme("A", "Food", "Done")], []),
    ThemeCase(
        "declined is no longer live, and live may be 0",
        [for_theme("A", "Food", "Declined")],
        [("Food", 0)],
    ),
    ThemeCase(
        "failed is not live",
        [for_theme("A", "Food", "Idea", reputation="Bad"), for_theme("B", "Food", "Idea")],
        [("Food", 1)],
    ),
    ThemeCase(
        "a row to fix counts",
        [for_theme("A", "Food", "Idea", event="soon"), for_theme("B", "Food", "Ideal")],
        [],
    ),
    ThemeCase(
        "a row without a name names no theme, and is no candidate",
        [for_theme(None, "Food", "Idea"), for_theme("B", "Sport", "Idea")],
        [("Sport", 1)],
    ),
    ThemeCase(
        "a row without a name has nothing agreed either",
        [for_theme("A", "Food", "Idea"), for_theme(None, "Food", "Agreed")],
        [("Food", 1)],
    ),
    ThemeCase(
        "the first spelling, in the sheet's order",
        [
            for_theme("A", " Sport-club ", "Idea"),
            for_theme("A", "Food", "Idea"),
            for_theme("A", "sport club", "Idea", event="2027-01-15"),
        ],
        [("Sport-club", 1), ("Food", 1)],
    ),
    ThemeCase("a blank theme is none", [for_theme("A", None, "Idea")], []),
    ThemeCase("a dash is none either", [for_theme("A", "-", "Idea")], []),
)

COUNTED: tuple[Sequence[TypedRow], Mapping[str, int]] = (
    [
        vetted("Contacted", last_contact="2026-11-01"),  # chase: Mon 9 Nov
        vetted("Contacted", partner="B", last_contact="2026-11-02"),  # chase: Mon 9 Nov
        vetted("Contacted", partner="C", last_contact="2026-11-11"),  # chase: today
        vetted("Contacted", partner="D", last_contact="2026-11-12"),  # chase: tomorrow
        vetted("Idea", partner="E"),  # first_contact, no due
        vetted("Idea", partner="F", values_fit="No"),
        vetted("Paused", partner="G"),
        vetted("Done", partner="H"),
        vetted("Declined", partner="I"),
        vetted("Contacted", partner="J"),  # missing_last_contact
        {"notes": "no partner at all"},
    ],
    {
        "partners": 10,
        "overdue": 2,
        "due_today": 1,
        "upcoming": 1,
        "to_do": 1,
        "fix_data": 1,
        "not_a_fit": 1,
        "idle": 1,
        "closed": 2,
    },
)

NO_PARTNERS: Sequence[tuple[str, TypedRow]] = (
    ("a blank row", {}),
    ("a row of boxes nobody ticked", {"photo_approved": False, "partner": False}),
    ("a row of spaces and unseen marks", {"partner": " \u00a0", "stage": "\u200f"}),
    ("a row of notes alone", {"notes": "call the town hall"}),
    ("a row with an error value in a text column", {"partner": "#REF!"}),
)
