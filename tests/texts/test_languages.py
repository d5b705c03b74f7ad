"""One tracker in three languages: the same decisions, and each country's own working days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.columns import MANAGED, PEOPLE, STAGES, Kind
from sheets_sync.model import LANGUAGES, Cell, Language, PlaybookSettings, Settings
from sheets_sync.texts import label
from sheets_sync.workdays import workdays_of
from tests.agreement.product import judge
from tests.agreement.random_rows import POOLS, days_of, one_in

TODAY = date(2026, 11, 18)
COLUMNS = (*PEOPLE, *MANAGED)
JUDGED = ("row", "partner", "stage", "vetting", "status", "rule", "due", "days_overdue", "also")

Speaker = Callable[[str], str]
"""From a label id to one of its names."""


class Cells(NamedTuple):
    """A partner in no language: choices by their key, days as days, texts as they are."""

    choices: dict[str, str]
    others: dict[str, Cell]


def people(chance: Random) -> list[Cells]:
    """A few partners whose days lie where rules change their mind."""
    return [a_partner(chance) for _ in range(chance.randint(1, 8))]


def a_partner(chance: Random) -> Cells:
    """Cells that all can be read, some of them blank."""
    days = days_of(PlaybookSettings(), TODAY, chance)
    others: dict[str, Cell] = {key: days[key] for key in days if one_in(2, chance)}
    others |= {key: chance.choice(POOLS[key]) for key in POOLS if not one_in(3, chance)}
    others |= {"attempts": chance.choice((None, 1, 2, 4))}
    choices = {"stage": chance.choice(STAGES)}
    for key, spec in PEOPLE.items():
        if key != "stage" and spec.kind in {Kind.CHOICE, Kind.YES_NO} and not one_in(4, chance):
            choices[key] = chance.choice(spec.choices or ("yes", "no"))
    return Cells(choices, others)


def grid(partners: Sequence[Cells], say: Speaker) -> list[list[Cell]]:
    """The tracker as somebody writes it who uses these names."""
    return [[say(f"column.{key}") for key in COLUMNS], *(line(cells, say) for cells in partners)]


def line(cells: Cells, say: Speaker) -> list[Cell]:
    """One row: choices named, the rest as it is."""
    spoken: dict[str, Cell] = {
        key: say(f"choice.{key}.{choice}") for key, choice in cells.choices.items()
    }
    return [spoken.get(key, cells.others.get(key)) for key in COLUMNS]


def speaks(language: Language) -> Speaker:
    """Somebody who writes one language."""
    return lambda name: label(name, language)


def mixes(chance: Random) -> Speaker:
    """A team in which everybody writes their own."""
    return lambda name: label(name, chance.choice(LANGUAGES))


def judged(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What was decided, without words: those are in the tracker's language."""
    return [
        {key: row[key] for key in JUDGED}
        | {"problems": [(it["column"], it["code"], it["blocking"]) for it in row["problems"]]}
        for row in found["rows"]
    ]


SEEDS = st.integers(0, 10**6)


@given(SEEDS, st.sampled_from((None, "FI", "IL")))
def test_headers_and_choices_mixed_from_three_languages_decide_the_same(
    seed: int, country: str | None
) -> None:
    partners = people(Random(seed))  # noqa: S311  (no secrets here)
    settings = Settings(country=country)
    english = judge(grid(partners, speaks("en")), settings=settings, today=TODAY)
    mixed = judge(
        grid(partners, mixes(Random(seed))),  # noqa: S311
        settings=settings,
        today=TODAY,
    )

    assert judged(mixed) == judged(english)
    assert mixed["counts"] == english["counts"]
    assert mixed["themes"] == english["themes"]


@given(SEEDS, st.sampled_from(LANGUAGES))
def test_a_tracker_in_one_language_decides_the_same_and_answers_in_it(
    seed: int, language: Language
) -> None:
    partners = people(Random(seed))  # noqa: S311  (no secrets here)
    english = judge(grid(partners, speaks("en")), settings=Settings(), today=TODAY)
    found = judge(grid(partners, speaks(language)), settings=Settings(), today=TODAY)

    assert judged(found) == judged(english)
    assert found["language"] == language


# Public holidays worked out by hand. Finland: Easter Sunday is 5 April 2026 and 28 March 2027
# (Good Friday two days before, Monday one after, Ascension 39 after); Midsummer Day is the
# Saturday from 20 to 26 June, its eve the Friday. Israel: 1 Tishri is 12 September 2026 and
# 2 October 2027, Yom Kippur nine days later, Sukkot 14, Simchat Torah 21; 15 Nisan is
# 2 April 2026 and 22 April 2027, the seventh day of Pesach six later, Independence Day
# (5 Iyar, a Wednesday in both years) 20 later, Shavuot 50 later.
HOLIDAYS: tuple[tuple[str, date, str], ...] = (
    ("FI", date(2026, 1, 1), "New Year"),
    ("FI", date(2026, 1, 6), "Epiphany, a Tuesday"),
    ("FI", date(2026, 4, 3), "Good Friday"),
    ("FI", date(2026, 4, 6), "Easter Monday"),
    ("FI", date(2026, 5, 1), "Vappu, a Friday"),
    ("FI", date(2026, 5, 14), "Ascension"),
    ("FI", date(2026, 6, 19), "the eve of Midsummer"),
    ("FI", date(2026, 6, 20), "Midsummer"),
    ("FI", date(2026, 12, 6), "Independence Day, a Sunday"),
    ("FI", date(2026, 12, 24), "Christmas Eve, a Thursday"),
    ("FI", date(2026, 12, 25), "Christmas, a Friday"),
    ("FI", date(2027, 1, 6), "Epiphany, a Wednesday"),
    ("FI", date(2027, 3, 26), "Good Friday"),
    ("FI", date(2027, 3, 29), "Easter Monday"),
    ("FI", date(2027, 5, 1), "Vappu, a Saturday"),
    ("FI", date(2027, 5, 6), "Ascension"),
    ("FI", date(2027, 6, 25), "the eve of Midsummer"),
    ("FI", date(2027, 12, 6), "Independence Day, a Monday"),
    ("FI", date(2027, 12, 24), "Christmas Eve, a Friday"),
    ("IL", date(2026, 4, 2), "Pesach, a Thursday"),
    ("IL", date(2026, 4, 8), "the seventh day of Pesach, a Wednesday"),
    ("IL", date(2026, 4, 22), "Independence Day, a Wednesday"),
    ("IL", date(2026, 5, 22), "Shavuot, a Friday"),
    ("IL", date(2026, 9, 12), "Rosh Hashana, a Saturday"),
    ("IL", date(2026, 9, 13), "Rosh Hashana, its second day, a Sunday"),
    ("IL", date(2026, 9, 21), "Yom Kippur, a Monday"),
    ("IL", date(2026, 9, 26), "Sukkot, a Saturday"),
    ("IL", date(2026, 10, 3), "Simchat Torah, a Saturday"),
    ("IL", date(2027, 4, 22), "Pesach, a Thursday"),
    ("IL", date(2027, 4, 28), "the seventh day of Pesach, a Wednesday"),
    ("IL", date(2027, 5, 12), "Independence Day, a Wednesday"),
    ("IL", date(2027, 6, 11), "Shavuot, a Friday"),
    ("IL", date(2027, 10, 2), "Rosh Hashana, a Saturday"),
    ("IL", date(2027, 10, 3), "Rosh Hashana, its second day, a Sunday"),
    ("IL", date(2027, 10, 11), "Yom Kippur, a Monday"),
    ("IL", date(2027, 10, 16), "Sukkot, a Saturday"),
    ("IL", date(2027, 10, 23), "Simchat Torah, a Saturday"),
)

WORKED: tuple[tuple[str, date, str], ...] = (
    ("FI", date(2026, 4, 2), "the Thursday before Easter"),
    ("FI", date(2026, 4, 7), "the Tuesday after Easter"),
    ("FI", date(2026, 6, 18), "two days before Midsummer"),
    ("FI", date(2026, 12, 23), "before Christmas Eve"),
    ("FI", date(2026, 12, 7), "the Monday after Independence Day"),
    ("FI", date(2026, 4, 22), "no holiday there"),
    ("IL", date(2026, 4, 5), "a Sunday within Pesach"),
    ("IL", date(2026, 9, 14), "after Rosh Hashana"),
    ("IL", date(2026, 12, 6), "a Sunday"),
    ("IL", date(2027, 12, 6), "no holiday there"),
    ("IL", date(2027, 10, 18), "a Monday within Sukkot"),
)


@pytest.mark.parametrize(("country", "day", "name"), HOLIDAYS)
def test_nobody_works_on_a_public_holiday(country: str, day: date, name: str) -> None:
    assert not workdays_of(country).is_working(day), name


@pytest.mark.parametrize(("country", "day", "name"), WORKED)
def test_people_work_around_it(country: str, day: date, name: str) -> None:
    assert workdays_of(country).is_working(day), name


# Country, the day of their reply, and the day by which it is to be answered: within one
# working day, counted over weekends and holidays.
ANSWERS: tuple[tuple[str, date, date], ...] = (
    ("IL", date(2026, 11, 19), date(2026, 11, 22)),  # Thursday, due on Sunday
    ("IL", date(2026, 11, 20), date(2026, 11, 22)),  # Friday
    ("IL", date(2026, 11, 22), date(2026, 11, 23)),  # Sunday, a day like others
    ("IL", date(2026, 4, 1), date(2026, 4, 5)),  # the eve of Pesach
    ("IL", date(2026, 4, 7), date(2026, 4, 9)),  # before its seventh day
    ("IL", date(2026, 4, 21), date(2026, 4, 23)),  # before Independence Day
    ("IL", date(2026, 5, 21), date(2026, 5, 24)),  # before Shavuot
    ("IL", date(2026, 9, 10), date(2026, 9, 14)),  # Thursday before Rosh Hashana
    ("IL", date(2026, 9, 20), date(2026, 9, 22)),  # the eve of Yom Kippur
    ("IL", date(2027, 4, 21), date(2027, 4, 25)),  # the eve of Pesach
    ("IL", date(2027, 5, 11), date(2027, 5, 13)),  # before Independence Day
    ("IL", date(2027, 10, 10), date(2027, 10, 12)),  # the eve of Yom Kippur
    ("IL", date(2027, 10, 14), date(2027, 10, 17)),  # Thursday before Sukkot
    ("FI", date(2026, 11, 19), date(2026, 11, 20)),  # Thursday, due on Friday
    ("FI", date(2026, 6, 19), date(2026, 6, 22)),  # the eve of Midsummer, due on Monday
    ("FI", date(2026, 6, 18), date(2026, 6, 22)),  # the day before it
    ("FI", date(2026, 4, 2), date(2026, 4, 7)),  # Thursday before Easter
    ("FI", date(2026, 4, 30), date(2026, 5, 4)),  # the eve of Vappu
    ("FI", date(2026, 5, 13), date(2026, 5, 15)),  # before Ascension
    ("FI", date(2026, 12, 4), date(2026, 12, 7)),  # Independence Day on the Sunday
    ("FI", date(2026, 12, 23), date(2026, 12, 28)),  # before Christmas Eve
    ("FI", date(2027, 1, 5), date(2027, 1, 7)),  # before Epiphany
    ("FI", date(2027, 3, 25), date(2027, 3, 30)),  # Thursday before Easter
    ("FI", date(2027, 6, 24), date(2027, 6, 28)),  # before the eve of Midsummer
    ("FI", date(2027, 12, 3), date(2027, 12, 7)),  # Independence Day on the Monday
    ("FI", date(2027, 12, 23), date(2027, 12, 27)),  # before Christmas Eve
)
TONGUE: dict[str, Language] = {"FI": "fi", "IL": "he"}


@pytest.mark.parametrize(("country", "replied", "due"), ANSWERS)
def test_a_reply_is_answered_on_the_countrys_next_working_day(
    country: str, replied: date, due: date
) -> None:
    contacted = replied - timedelta(days=3)
    cells = Cells(
        {"stage": "in_talks", "values_fit": "yes", "reputation": "good"},
        {
            "partner": "Acme",
            "partner_benefit": "a",
            "our_benefit": "b",
            "last_contact": contacted,
            "last_reply": replied,
        },
    )
    found = judge(
        grid([cells], speaks(TONGUE[country])), settings=Settings(country=country), today=replied
    )
    (row,) = found["rows"]

    assert (row["rule"], row["due"]) == ("reply", due.isoformat())
