"""From rows as people type them to the day's digests, without a store or a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sheets_sync.columns import MANAGED, PEOPLE
from sheets_sync.digest import Digests
from sheets_sync.model import (
    Cell,
    DigestSettings,
    Language,
    Member,
    Origin,
    Settings,
    Sheet,
)
from sheets_sync.plan import make_context, make_plan
from sheets_sync.texts import label

TODAY = date(2026, 11, 23)
"""A Monday."""
ORIGIN = Origin(id="/share/partners.xlsx", title="Partners", place="/share/partners.xlsx")
AINO = Member(name="Aino Virtanen", email="aino@example.org")
DANA = Member(name="Dana Levi", email="dana@example.org")


def settings(
    *team: Member, coordinator: str | None = None, all_clear: int | None = None, max_items: int = 50
) -> Settings:
    """Settings with a team and these wishes for digests."""
    wishes = DigestSettings(coordinator=coordinator, all_clear=all_clear, max_items=max_items)
    return Settings(team=team or (AINO, DANA), digest=wishes)


def sheet_of(rows: Sequence[Mapping[str, Cell]], language: Language = "en") -> Sheet:
    """A sheet with every column and these partners."""
    keys = (*PEOPLE, *MANAGED)
    return Sheet(
        tab="Partners",
        header_row=1,
        first_row=2,
        headers={key: label(f"column.{key}", language) for key in keys},
        letters={},
        people={key: [row.get(key) for row in rows] for key in PEOPLE},
        managed={key: [None] * len(rows) for key in MANAGED},
    )


def digests(
    rows: Sequence[Mapping[str, Cell]],
    chosen: Settings | None = None,
    *,
    origin: Origin = ORIGIN,
    language: Language = "en",
) -> Digests:
    """What the digests of TODAY are made from."""
    chosen = chosen or settings()
    sheet = sheet_of(rows, language)
    plan = make_plan(sheet, chosen, TODAY)
    context = make_context(sheet, chosen, TODAY)
    return Digests(plan, context, chosen, origin, "Europe/Helsinki")


def overdue(name: str, owner: str | None = None, **cells: Cell) -> Mapping[str, Cell]:
    """A partner that waits for an answer since long ago."""
    return {
        "partner": name,
        "owner": owner,
        "stage": "In talks",
        "last_contact": date(2026, 10, 1),
        "last_reply": date(2026, 11, 2),
        **VETTED,
        **cells,
    }


def upcoming(name: str, owner: str | None = None, **cells: Cell) -> Mapping[str, Cell]:
    """A partner whose meeting lies some days ahead."""
    return {
        "partner": name,
        "owner": owner,
        "stage": "In talks",
        "last_contact": date(2026, 11, 20),
        "meeting": date(2026, 11, 26),
        **VETTED,
        **cells,
    }


VETTED: Mapping[str, Cell] = {
    "values_fit": "Yes",
    "partner_benefit": "New listeners",
    "our_benefit": "A room",
    "reputation": "Good",
    "vetted_on": date(2026, 9, 1),
}
