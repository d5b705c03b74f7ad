"""A partner who works in another country: due dates fall on days that both sides work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.checkup import sheet_findings
from sheets_sync.columns import MANAGED
from sheets_sync.model import LANGUAGES, Cell, Label, Language, PlaybookSettings, Settings
from sheets_sync.playbook import Context, find_obligations
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import preview
from sheets_sync.texts import label
from sheets_sync.workdays import workdays_of
from tests.agreement.product import judge
from tests.situations import ALL_COLUMNS, partner
from tests.texts.test_languages import COLUMNS, grid, judged, people, speaks

WEDNESDAY = date(2026, 11, 18)
THURSDAY = date(2026, 11, 19)
FRIDAY = date(2026, 11, 20)
SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)

# A tracker in Israel (Sunday to Thursday), a partner in Finland (Monday to Friday): the rule, the
# day it is looked at, the cells, the due in Israel alone, and the due on a day that both work.
DUES: tuple[tuple[str, date, Mapping[str, Any], date, date], ...] = (
    ("reply", THURSDAY, {"stage": "in_talks", "last_reply": THURSDAY}, SUNDAY, MONDAY),
    ("thank", THURSDAY, {"stage": "agreed", "event": THURSDAY}, SUNDAY, MONDAY),
    ("event_passed", FRIDAY, {"stage": "planning", "event": THURSDAY}, SUNDAY, MONDAY),
    (
        "chase",
        WEDNESDAY,
        {"stage": "contacted", "last_contact": date(2026, 11, 13)},
        SUNDAY,
        MONDAY,
    ),
    ("publish", WEDNESDAY, {"stage": "agreed", "event": date(2026, 11, 29)}, SUNDAY, THURSDAY),
    ("first_contact", WEDNESDAY, {"event": date(2027, 1, 3), "email": "a@b.fi"}, SUNDAY, THURSDAY),
    ("meet", WEDNESDAY, {"stage": "in_talks", "meeting": SUNDAY}, SUNDAY, SUNDAY),
    ("follow_up", WEDNESDAY, {"stage": "paused", "follow_up": FRIDAY}, FRIDAY, FRIDAY),
)


@pytest.mark.parametrize(("rule", "today", "cells", "alone", "together"), DUES)
def test_a_rule_counts_days_that_both_sides_work_and_leaves_people_s_own_days(
    rule: str, today: date, cells: Mapping[str, Any], alone: date, together: date
) -> None:
    context = Context(today, PlaybookSettings(), workdays_of("IL"), ALL_COLUMNS)
    dues = [
        find_obligations(partner(**cells, country=country), context)[rule].due
        for country in (None, "IL", "FI")
    ]
    assert dues == [alone, alone, together]


HEADERS = ("Partner", "Stage", "Last contact", "Last reply", "Country", "Status", "Next action")


def answered_on_thursday(*countries: Cell) -> list[list[Cell]]:
    """A tracker of partners in these countries, each of whom answered on Thursday."""
    header: list[Cell] = [*HEADERS, "Due"]
    rows = [
        [f"Partner {number}", "In talks", WEDNESDAY, THURSDAY, country, None, None, None]
        for number, country in enumerate(countries)
    ]
    return [header, *rows]


def rows_of(
    *countries: Cell, settings: Settings | None = None, header: str = "Country"
) -> Sequence[Mapping[str, Any]]:
    """The rows of the report on such a tracker in Israel."""
    cells = answered_on_thursday(*countries)
    cells[0][cells[0].index("Country")] = header
    found = judge(cells, settings=settings or Settings(country="IL"), today=THURSDAY)
    rows: Sequence[Mapping[str, Any]] = found["rows"]
    return rows


@pytest.mark.parametrize("header", ["Country", "Maa", "מדינה", "country"])
@pytest.mark.parametrize("written", ["FI", "Finland", "suomi", "פינלנד"])
def test_the_country_is_read_in_three_languages(header: str, written: str) -> None:
    (row,) = rows_of(written, header=header)
    assert (row["due"], row["problems"]) == (MONDAY.isoformat(), [])


def test_each_row_goes_by_its_own_country() -> None:
    dues = [row["due"] for row in rows_of("FI", None, "Israel", "SE", "")]
    sunday, monday = SUNDAY.isoformat(), MONDAY.isoformat()
    assert dues == [monday, sunday, sunday, monday, sunday]


def test_without_a_country_in_the_settings_ours_is_monday_to_friday() -> None:
    dues = [row["due"] for row in rows_of("IL", None, settings=Settings())]
    assert dues == [MONDAY.isoformat(), FRIDAY.isoformat()]


@pytest.mark.parametrize(
    ("written", "meant"), [("Finlnd", "Finland"), ("Ruotsii", "Sweden"), ("Atlantis", None)]
)
def test_an_unreadable_country_is_a_warning_and_the_row_goes_by_ours_alone(
    written: str, meant: str | None
) -> None:
    (row,) = rows_of(written)
    (problem,) = row["problems"]
    assert row["due"] == SUNDAY.isoformat()
    assert (problem["column"], problem["code"]) == ("country", "unknown_choice")
    assert (problem["value"], problem["blocking"]) == (written, False)
    expected = f"did you mean “{meant}”?" if meant else "such as FI."
    assert problem["message"].endswith(expected)


@pytest.mark.parametrize(("language", "meant"), [("fi", "Ruotsi"), ("he", "שוודיה")])
def test_what_was_meant_is_told_in_the_tracker_s_language(language: Language, meant: str) -> None:
    (row,) = rows_of("Swedn", settings=Settings(language=language))
    assert meant in row["problems"][0]["message"]


@given(st.integers(0, 10**6), st.sampled_from((None, "FI", "IL")), st.sampled_from(LANGUAGES))
def test_a_column_left_blank_or_naming_our_own_country_changes_nothing(
    seed: int, country: str | None, language: Language
) -> None:
    partners = people(Random(seed))  # noqa: S311  (no secrets here)
    blank = grid(partners, speaks(language))
    place = COLUMNS.index("country")
    absent = [[*row[:place], *row[place + 1 :]] for row in blank]
    own = [blank[0], *([*row[:place], country, *row[place + 1 :]] for row in blank[1:])]
    settings = Settings(country=country)
    reports = [judge(it, settings=settings, today=WEDNESDAY) for it in (absent, blank, own)]
    first, *others = [[judged(it), it["counts"], it["themes"]] for it in reports]
    assert others == [first, first]


def test_nobody_is_told_that_there_is_no_such_column() -> None:
    header = [label(f"column.{key}", "en") for key in (*COLUMNS, *MANAGED) if key != "country"]
    store = MemoryStore({"Partners": [list(dict.fromkeys(header))]})
    report = preview(store, Settings(), lambda _: WEDNESDAY)
    facts = [finding.sentence.facts for finding in sheet_findings(report)]
    assert "country" not in report.sheet.people
    assert str(Label("column.country")) not in str(facts)
