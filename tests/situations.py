"""From a few words about a partner to a Partner and a Context: days are counted from today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sheets_sync.columns import PEOPLE, Kind
from sheets_sync.model import Obligation, Partner, PlaybookSettings
from sheets_sync.playbook import Context, find_obligations
from sheets_sync.workdays import workdays_of

TODAY = date(2026, 11, 18)
"""A Wednesday, so that most days near it are working days."""

ALL_COLUMNS = frozenset(PEOPLE)
DATES = frozenset(key for key, spec in PEOPLE.items() if spec.kind is Kind.DATE)


def day(offset: int) -> date:
    """The day so many days from today."""
    return TODAY + timedelta(offset)


def verdict_of(partner: Partner) -> str | None:
    """The vetting verdict (tracker.md 3) where all four columns exist."""
    answers = (partner.values_fit, partner.reputation)
    if "no" in answers or "bad" in answers:
        return "failed"
    if None in (*answers, partner.partner_benefit, partner.our_benefit):
        return "incomplete"
    return "concern" if {"partly", "unsure"} & set(answers) else "passed"


def partner(**cells: object) -> Partner:
    """A partner; whole numbers in date columns are days from today. The verdict is passed."""
    named: Mapping[str, object] = {"partner": "Library", "verdict": "passed", **cells}
    fields = {
        key: day(value) if key in DATES and isinstance(value, int) else value
        for key, value in named.items()
    }
    return Partner(2, **fields)  # type: ignore[arg-type] # the tables hold cells of all kinds


def context(
    *, without: Iterable[str] = (), today: date = TODAY, numbers: PlaybookSettings | None = None
) -> Context:
    """Default settings, Monday to Friday, all columns but those left out."""
    columns = ALL_COLUMNS - set(without)
    return Context(today, numbers or PlaybookSettings(), workdays_of(None), columns)


def obligation(
    rule: str, cells: Mapping[str, object], *, without: Iterable[str] = ()
) -> Obligation | None:
    """What the rule asks of such a partner; None where it does not hold."""
    return find_obligations(partner(**cells), context(without=without)).get(rule)
