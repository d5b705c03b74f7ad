"""From decisions to what the coordinator sees at a glance: counts, and themes that run thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sheets_sync.columns import ACTIVE, STATUSES
from sheets_sync.model import Decision, Partner, Settings, Theme
from sheets_sync.texts.cleaning import fold

LIVE_STAGES = ACTIVE | {"idea", "paused"}
SECURED_STAGES = frozenset({"agreed", "done"})
"""A theme with a partner in one of these has found what it needs."""


def count(decisions: Sequence[Decision]) -> Mapping[str, int]:
    """How many partners there are, and how many of each status."""
    found = Counter(decision.status for decision in decisions)
    return {"partners": len(decisions)} | {status: found[status] for status in STATUSES}


def thin_themes(decisions: Iterable[Decision], settings: Settings) -> tuple[Theme, ...]:
    """The themes with nobody agreed and too few candidates, as first spelt, in sheet order."""
    themes: dict[str, list[Partner]] = {}
    for decision in decisions:
        partner = decision.partner
        if partner.partner and partner.theme and (key := fold(partner.theme)):
            themes.setdefault(key, []).append(partner)
    enough = settings.playbook.candidates_per_theme
    return tuple(
        Theme(partners[0].theme or "", live)
        for partners in themes.values()
        if not any(partner.stage in SECURED_STAGES for partner in partners)
        and (live := _count_live(partners)) < enough
    )


def _count_live(partners: Sequence[Partner]) -> int:
    """How many different partners may still say yes."""
    return len({fold(partner.partner or "") for partner in partners if _is_live(partner)})


def _is_live(partner: Partner) -> bool:
    return partner.stage in LIVE_STAGES and partner.verdict != "failed"
