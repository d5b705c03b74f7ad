"""From rows as people type them to what tracker.md says of them: how a case is written down.

The cases themselves stand in ``rule_cases``, ``problem_cases`` and ``reading_cases``. Their
values were worked out by hand from tracker.md; the reason is in the title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sheets_sync.model import Cell, Language, Settings
from tests.agreement.tables import MANAGED, PEOPLE

TypedRow = Mapping[str, Cell]
"""A row as people type it: canonical key -> cell; what is not named is blank."""

TODAY = date(2026, 11, 18)
"""A Wednesday; Monday to Friday are working days where a case names no country."""

FINLAND = Settings(country="FI")
ISRAEL = Settings(country="IL")


class Case(NamedTuple):
    """One partner, what surrounds it, and what the report must say of it: all of it."""

    title: str
    row: TypedRow
    status: str
    rule: str | None = None
    due: str | None = None
    overdue: int | None = None
    vetting: str | None = "passed"
    also: Sequence[tuple[str, str | None]] = ()
    blocking: Sequence[tuple[str, str]] = ()
    warnings: Sequence[tuple[str, str]] = ()
    stage: str | None = None
    today: date = TODAY
    settings: Settings = Settings()
    absent: Sequence[str] = ()
    others: Sequence[TypedRow] = ()
    language: Language = "en"


def vetted(stage: str, **cells: Cell) -> TypedRow:
    """A partner whose four questions are answered well, and whom one can reach."""
    return {
        "partner": "Acme",
        "contact": "Dana",
        "values_fit": "Yes",
        "partner_benefit": "Visibility",
        "our_benefit": "A room",
        "reputation": "Good",
        "stage": stage,
        **cells,
    }


def grid_of(
    rows: Sequence[TypedRow], *, absent: Sequence[str] = (), language: Language = "en"
) -> list[list[Cell]]:
    """The sheet of those rows: labels in one language as header, then a line a row."""
    number = ("en", "fi", "he").index(language)
    labels = {**PEOPLE, **MANAGED}
    keys = [key for key in labels if key not in absent]
    header: list[Cell] = [labels[key][number] for key in keys]
    return [header, *([row.get(key) for key in keys] for row in rows)]
