"""From a partner and a day to their case: what several rules need to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sheets_sync.model import Obligation, Partner, PlaybookSettings
from sheets_sync.workdays import Workdays, workdays_of


class Context(NamedTuple):
    """What the rules look at beside the partner; ``columns`` are people's keys that exist.

    ``workdays`` are ours.
    """

    today: date
    numbers: PlaybookSettings
    workdays: Workdays
    columns: frozenset[str]


@dataclass(slots=True)
class Case:
    """One partner on one day, with what several rules need to know.

    The working days of ``context`` are those that both sides work.
    ``stage`` is the stage as it counts in the rules. ``touch`` is the day we and they last
    had to do with each other. ``snooze`` is the day a person chose to come back, while it is
    in force. ``held`` collects the rules that hold, in the table's order.
    """

    partner: Partner
    context: Context
    stage: str
    touch: date | None
    snooze: date | None
    held: dict[str, Obligation] = field(default_factory=dict)


def make_case(partner: Partner, context: Context) -> Case:
    """Work out the stage, the last touch, whether a snooze is in force, and the working days."""
    if partner.country is not None:
        shared = workdays_of(context.workdays.country, partner.country)
        context = context._replace(workdays=shared)
    touch = last_touch(partner, context.today)
    snooze = partner.follow_up
    if snooze and touch and snooze <= touch:
        snooze = None
    return Case(partner, context, stage_in_rules(partner), touch, snooze)


def stage_in_rules(partner: Partner) -> str:
    """The stage, save that an idea somebody has contacted counts as contacted."""
    if partner.stage == "idea" and partner.last_contact:
        return "contacted"
    return partner.stage


def last_touch(partner: Partner, today: date) -> date | None:
    """The latest of last contact, last reply, thanks, and a meeting that has been."""
    meeting = partner.meeting
    met = meeting if meeting and meeting < today else None
    touches = (partner.last_contact, partner.last_reply, partner.thanked, met)
    return max(filter(None, touches), default=None)


def attempt(partner: Partner) -> int:
    """Which attempt in a row the last contact was, 1 or more."""
    return partner.attempts or 1
