"""What each ``done_when`` sentence tells people to do: one entry for each way out it offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sheets_sync.model import Label, Obligation, Sentence

Cells = Mapping[str, object]


class Doing(NamedTuple):
    """Where a sentence is followed: on which day, for which obligation, by which sentence."""

    today: date
    obligation: Obligation
    sentence: Sentence

    @property
    def later(self) -> date:
        """A day later than today and than the due."""
        return max(self.today, self.obligation.due or self.today) + timedelta(3)


Way = Callable[[Doing], Cells]
"""One way out: the cells to fill in."""


def put(**cells: object) -> Way:
    """Fill in just these."""
    return lambda _: cells


def put_day(*columns: str, **cells: object) -> Way:
    """Put the day it is done into the columns, and fill in the rest."""
    return lambda doing: {**dict.fromkeys(columns, doing.today), **cells}


def put_later(column: str, *days: str) -> Way:
    """Put a later day into the column, and the day it is done into the others."""
    return lambda doing: {column: doing.later, **dict.fromkeys(days, doing.today)}


def put_address(doing: Doing) -> Cells:
    address = doing.sentence.facts["address"]
    assert isinstance(address, Label)
    return {address.id.removeprefix("column."): "a@example.org"}


def put_answers(doing: Doing) -> Cells:
    columns = doing.sentence.facts["columns"]
    assert isinstance(columns, tuple)
    answers = {"values_fit": "yes", "reputation": "unsure"}
    keys = [one.id.removeprefix("column.") for one in columns if isinstance(one, Label)]
    return {key: answers.get(key, "visitors") for key in keys}


def add_attempt(doing: Doing, **cells: object) -> Cells:
    return {"last_contact": doing.today, "attempts": doing.sentence.facts["number"], **cells}


DECLINE = put(stage="declined")
GO_AHEAD = put(stage="contacted")
GO_AHEAD_DAY = put_day("last_contact", stage="contacted")

WAYS: Mapping[str, tuple[Way, ...]] = {
    "stop.values": (DECLINE, put(values_fit="yes"), put(values_fit="partly")),
    "stop.reputation": (DECLINE, put(reputation="good"), put(reputation="unsure")),
    "stop.both": (DECLINE, put(values_fit="yes", reputation="good")),
    "event_passed": (
        put(stage="agreed"),
        put(stage="done"),
        put_day("event"),
        put_later("event"),
        put(stage="paused"),
    ),
    "reply": (put_day("last_contact"),),
    "reply.attempts": (put_day("last_contact", attempts=1),),
    "reply.idea": (put_day("last_contact", stage="in_talks"),),
    "reply.idea.attempts": (put_day("last_contact", stage="in_talks", attempts=1),),
    "meet": (put_later("meeting"), put(meeting=None)),
    "meet.plan": (put_later("meeting"), put(meeting=None)),
    "thank": (put_day("thanked"),),
    "publish": (put_day("published"), put_later("published")),
    "publish.from": (lambda doing: {"published": doing.sentence.facts["day"]},),
    "approve_photo": (put(photo_approved=True),),
    "discuss.values": (put(values_fit="yes"), put(values_fit="no"), GO_AHEAD),
    "discuss.values.day": (put(values_fit="yes"), put(values_fit="no"), GO_AHEAD_DAY),
    "discuss.reputation": (put(reputation="good"), put(reputation="bad"), GO_AHEAD),
    "discuss.reputation.day": (put(reputation="good"), put(reputation="bad"), GO_AHEAD_DAY),
    "discuss.both": (
        put(values_fit="yes", reputation="good"),
        put(values_fit="no", reputation="good"),
        GO_AHEAD,
    ),
    "discuss.both.day": (put(values_fit="yes", reputation="good"), GO_AHEAD_DAY),
    "find_contact": (put_address,),
    "find_contact.contact": (
        lambda doing: {**put_address(doing), "contact": "Aino"},
        put(contact="Aino"),
        put_address,
    ),
    "first_contact": (GO_AHEAD,),
    "first_contact.day": (GO_AHEAD_DAY,),
    "first_contact.day.attempts": (put_day("last_contact", stage="contacted", attempts=1),),
    "chase": (add_attempt,),
    "chase.snoozed": (
        lambda doing: add_attempt(doing, follow_up=None),
        lambda doing: add_attempt(doing, follow_up=doing.later),
    ),
    "chase.rest": (add_attempt, put_later("follow_up")),
    "chase.pause": (add_attempt, put(stage="paused")),
    "chase.day": (put_day("last_contact"),),
    "chase.day.snoozed": (
        put_day("last_contact", follow_up=None),
        put_later("follow_up", "last_contact"),
    ),
    "arrange_meeting": (put_later("meeting"), put_day("meeting")),
    "arrange_meeting.asked": (put_later("meeting"), put_day("last_contact")),
    "agree_plan": (put(plan="they bake"),),
    "agree_plan.rhythm": (put(plan="they bake", keep_in_touch=14), put(plan="they bake")),
    "after_event": (put_later("event"), put(stage="done")),
    "after_event.talked": (put_later("event"), put(stage="done"), put_day("last_contact")),
    "keep_in_touch": (put_day("last_contact"),),
    "keep_in_touch.snoozed": (
        put_day("last_contact", follow_up=None),
        put_later("follow_up", "last_contact"),
    ),
    "vet": (put_answers,),
    "vet.dated": (lambda doing: {**put_answers(doing), "vetted_on": doing.today},),
    "follow_up": (put(follow_up=None), put_later("follow_up")),
    "follow_up.day": (
        put_day("last_contact", follow_up=None),
        put_later("follow_up", "last_contact"),
    ),
    "follow_up.again": (
        put(follow_up=None),
        put_later("follow_up"),
        put(follow_up=None, stage="contacted"),
    ),
    "follow_up.again.day": (
        put(follow_up=None),
        put_later("follow_up"),
        put_day("last_contact", follow_up=None, stage="contacted"),
    ),
}
"""What the sentences tell people to do, by the id after ``playbook.done.``"""
