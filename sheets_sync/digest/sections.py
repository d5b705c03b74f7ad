"""From a member's decisions to the sections of their digest, each in its order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sheets_sync.model import Decision

WEEK = timedelta(days=7)
SECTIONS = ("overdue", "due_today", "week", "to_do", "please_check")
URGENT = ("overdue", "due_today")
"""Only these cause a mail."""


class Section(NamedTuple):
    """Some partners under one heading; ``hidden`` more are only counted."""

    name: str
    decisions: Sequence[Decision]
    hidden: int

    @property
    def total(self) -> int:
        """How many partners belong here, shown or not."""
        return len(self.decisions) + self.hidden


def make_sections(
    decisions: Sequence[Decision], today: date, *, max_items: int
) -> Sequence[Section]:
    """The sections that have something in them, in the order of the digest."""
    sections = []
    for name in SECTIONS:
        chosen = sorted(
            (decision for decision in decisions if _belongs(decision, name, today)),
            key=_by_day,
        )
        if chosen:
            sections.append(Section(name, chosen[:max_items], max(0, len(chosen) - max_items)))
    return sections


def is_urgent(sections: Sequence[Section]) -> bool:
    """Whether anything is overdue or due today: the only cause of a mail."""
    return any(section.name in URGENT for section in sections)


def total(sections: Sequence[Section], name: str) -> int:
    """How many partners a section counts; none when it is not there."""
    return next((section.total for section in sections if section.name == name), 0)


def _belongs(decision: Decision, section: str, today: date) -> bool:
    if section == "please_check":
        return bool(decision.problems)
    if section == "week":
        due = decision.obligation.due if decision.obligation else None
        return decision.status == "upcoming" and due is not None and due <= today + WEEK
    if section == "to_do":
        return decision.status in {"to_do", "not_a_fit"}
    return decision.status == section


def _by_day(decision: Decision) -> date:
    due = decision.obligation.due if decision.obligation else None
    return due or date.max
