"""From a decision to what a person may ask about it: why this one, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sheets_sync.columns import CLOSED
from sheets_sync.model import Decision, Fact, Label, Obligation, Partner, Sentence
from sheets_sync.playbook import Context, decide

AHEAD = timedelta(days=14)
"""How far ahead the days lie that are tried out for a meeting or a snooze."""
WON = frozenset({"planning", "agreed"})
"""Stages that usually end well."""
PLACEHOLDER = "…"
"""Stands for whatever people would write into a text cell."""


class WhatIf(NamedTuple):
    """A cell that a person could fill in, and what would then be decided."""

    column: str
    value: Fact
    outcome: Decision


def reason_it_won(decision: Decision) -> Sentence | None:
    """Why this obligation comes before the others; None when there is only one."""
    first = decision.obligation
    if first is None:
        return None
    if decision.silenced:
        return (
            Sentence(f"terminal.explain.silences.{first.rule}")
            if first.rule == "stop"
            else (Sentence("terminal.explain.silences.event_passed"))
        )
    if not decision.also:
        return None
    return _reason_over(first, decision.also[0])


def _reason_over(first: Obligation, second: Obligation) -> Sentence:
    if first.due is None or first.due == second.due:
        return Sentence("terminal.explain.won.tie")
    if second.due is None:
        return Sentence("terminal.explain.won.has_day")
    return Sentence("terminal.explain.won.earliest", {"day": first.due})


def what_ifs(decision: Decision, context: Context) -> Iterator[WhatIf]:
    """What filling in one cell would change: the decision is made again for each.

    Told are only those after which another obligation comes first, or none. Columns that do
    not exist are not tried.
    """
    partner = decision.partner
    if decision.status == "fix_data":
        return
    told = {_gist(decision)}
    for column, value, changed in _trials(partner, context.today):
        if column not in context.columns:
            continue
        outcome = decide(changed, (), context)
        if _gist(outcome) not in told:
            told.add(_gist(outcome))
            yield WhatIf(column, value, outcome)


def _gist(decision: Decision) -> tuple[str, str | None, date | None]:
    obligation = decision.obligation
    if obligation is None:
        return decision.status, None, None
    return "", obligation.rule, obligation.due


def _trials(partner: Partner, today: date) -> Iterator[tuple[str, Fact, Partner]]:
    """Cells that people would fill in next, with the partner as it would then read."""
    ahead = today + AHEAD
    yield "last_contact", today, partner._replace(last_contact=today)
    yield "last_reply", today, partner._replace(last_reply=today)
    if partner.meeting is None or partner.meeting < today:
        yield "meeting", ahead, partner._replace(meeting=ahead)
    if partner.plan is None:
        yield "plan", PLACEHOLDER, partner._replace(plan=PLACEHOLDER)
    if not partner.photo_approved:
        yield (
            "photo_approved",
            Label("choice.photo_approved.yes"),
            partner._replace(photo_approved=True),
        )
    yield "published", today, partner._replace(published=today)
    yield "thanked", today, partner._replace(thanked=today)
    yield "follow_up", ahead, partner._replace(follow_up=ahead)
    for stage in _next_stages(partner):
        yield "stage", Label(f"choice.stage.{stage}"), partner._replace(stage=stage)


def _next_stages(partner: Partner) -> Sequence[str]:
    """The stages that bring rest; of two that come to the same only the first is told."""
    if partner.stage in CLOSED:
        return ()
    ends = ("done", "declined") if partner.stage in WON else ("declined", "done")
    return tuple(stage for stage in ("paused", *ends) if stage != partner.stage)
