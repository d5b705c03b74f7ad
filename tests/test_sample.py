"""The sample partners show every situation, on whichever day they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache

import pytest

from sheets_sync.columns import STATUSES
from sheets_sync.design import ORDER, is_managed
from sheets_sync.model import LANGUAGES, Decision, Language, Plan, Sentence, Settings, Value
from sheets_sync.plan import make_plan
from sheets_sync.rules import RULES
from sheets_sync.sample import SITUATIONS, sample_rows, sample_team
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.texts import label, say

WEEK = [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
HOLIDAYS = [
    date(2026, 12, 25),  # Christmas, a Friday
    date(2026, 5, 1),  # a holiday in Finland
    date(2026, 9, 12),  # New Year in Israel, a Saturday
    date(2024, 2, 29),
]
PLACES: list[tuple[date, str | None]] = [(day, None) for day in (*WEEK, *HOLIDAYS)]
PLACES += [(day, "FI") for day in (WEEK[0], WEEK[6], date(2026, 12, 6))]
PLACES += [(day, "IL") for day in (WEEK[0], WEEK[4], WEEK[5])]


@cache
def plan_of(today: date, country: str | None, language: Language = "en") -> Plan:
    """What the program says of the sample partners, the team being known."""
    settings = Settings(country=country, language=language, team=sample_team(language))
    rows = sample_rows(today, language)
    store = MemoryStore({label("tab.partners", language): grid(rows, language)})
    return make_plan(store.read(), settings, today)


def grid(rows: Sequence[Mapping[str, Value]], language: Language) -> list[list[Value]]:
    """The rows below their headers."""
    header = [label(f"column.{key}", language) for key in ORDER]
    return [[*header], *([row.get(key) for key in ORDER] for row in rows)]


def shown(decision: Decision) -> str:
    """The rule that wins, or the status where none does."""
    return decision.obligation.rule if decision.obligation else decision.status


@pytest.mark.parametrize(("today", "country"), PLACES)
def test_every_rule_wins_for_somebody(today: date, country: str | None) -> None:
    found = {shown(decision) for decision in plan_of(today, country).decisions}
    assert {rule.name for rule in RULES} <= found


@pytest.mark.parametrize(("today", "country"), PLACES)
def test_every_partner_shows_the_situation_it_is_there_for(
    today: date, country: str | None
) -> None:
    decisions = plan_of(today, country).decisions
    found = {s.id: shown(d) for s, d in zip(SITUATIONS, decisions, strict=True)}
    assert found == {s.id: s.shows for s in SITUATIONS}


@pytest.mark.parametrize("today", WEEK)
def test_every_status_is_there(today: date) -> None:
    found = plan_of(today, None).counts
    assert [status for status in STATUSES if not found[status]] == []


def test_somebody_waits_for_a_day_of_their_own_choice() -> None:
    decisions = plan_of(WEEK[0], None).decisions
    assert any(d.obligation and d.obligation.snoozed for d in decisions)


def test_one_theme_is_thin() -> None:
    theme = say(Sentence("sample.theme.reading"), "en")
    assert [(found.theme, found.live) for found in plan_of(WEEK[0], None).themes] == [(theme, 1)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_shows_the_same_decisions_and_problems(language: Language) -> None:
    decisions = plan_of(WEEK[0], None, language).decisions
    assert [shown(d) for d in decisions] == [s.shows for s in SITUATIONS]
    found = {(p.column, p.code) for d in decisions for p in d.problems}
    assert {
        ("email", "not_an_email"),
        ("last_contact", "unreadable_date"),
        ("stage", "unknown_choice"),
        ("vetted_on", "stale_vetting"),
    } <= found


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_but_the_intended_is_wrong_with_the_samples(language: Language) -> None:
    decisions = plan_of(WEEK[0], None, language).decisions
    ids = [s.id for s in SITUATIONS]
    found = {ids[place] for place, d in enumerate(decisions) if d.problems}
    assert found == {"radio", "hall", "market", "scouts"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_samples_are_told_in_the_language(language: Language) -> None:
    names = [row["partner"] for row in sample_rows(WEEK[0], language)]
    english = [row["partner"] for row in sample_rows(WEEK[0], "en")]
    assert len(set(names)) == len(SITUATIONS)
    assert language == "en" or not set(names) & set(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_addresses_belong_to_nobody(language: Language) -> None:
    rows = sample_rows(WEEK[0], language)
    mails = [str(row["email"]) for row in rows if "email" in row]
    mails += [member.email for member in sample_team(language)]
    assert mails
    assert all(mail.endswith("example.org") for mail in mails)
    assert all("example.org" in str(row["link"]) for row in rows if "link" in row)


def test_the_samples_leave_the_programs_columns_to_the_program() -> None:
    rows = sample_rows(WEEK[0], "en")
    assert not [key for row in rows for key in row if is_managed(key)]


def test_the_owners_are_the_team() -> None:
    owners = {row.get("owner") for row in sample_rows(WEEK[0], "en")}
    assert owners == {None, *(member.name for member in sample_team("en"))}
