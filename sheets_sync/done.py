"""From an obligation to the sentence that says which cells to fill in when it is done.

Doing what the sentence says makes the obligation go away or moves its due; it names columns
that exist. A day a person chose in ``follow_up`` and that still lies ahead outlasts a new
contact, so where that would leave the due as it is, the sentence speaks of that day too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from sheets_sync.case import Context, attempt
from sheets_sync.columns import CLOSED, PEOPLE
from sheets_sync.model import Label, Obligation, Partner, Sentence
from sheets_sync.rules import PUBLISHED_AHEAD, WAYS_TO_REACH
from sheets_sync.wording import doubt, sentence, unanswered

Telling: TypeAlias = Callable[[Obligation, Partner, Context], Sentence]

MANY_ATTEMPTS = 4
"""From this attempt on the playbook advises to let it rest."""
MOST_ATTEMPTS = PEOPLE["attempts"].most
BEST_WAY: Mapping[str, str] = {"organisation": "email", "community": "link", "person": "phone"}
"""The column where a type of partner's usual address goes."""


def done_when(obligation: Obligation, partner: Partner, context: Context) -> Sentence:
    """Which cell to fill in or change when the obligation is done."""
    return _TELLINGS[obligation.rule](obligation, partner, context)


def _rests_on(obligation: Obligation, context: Context) -> bool:
    """Whether a day that a person chose holds the due, whatever we do today."""
    due = obligation.due
    return obligation.snoozed and due is not None and due > context.today


def _stop(_: Obligation, partner: Partner, __: Context) -> Sentence:
    reason = doubt(partner, values="no", reputation="bad")
    vetting = ("column.values_fit", "column.reputation")
    return sentence(f"done.stop.{reason}", "column.stage", "choice.stage.declined", *vetting)


def _event_passed(_: Obligation, __: Partner, ___: Context) -> Sentence:
    stages = ("choice.stage.agreed", "choice.stage.done", "choice.stage.paused")
    return sentence("done.event_passed", "column.stage", "column.event", *stages)


def _reply(_: Obligation, partner: Partner, context: Context) -> Sentence:
    """Attempts of an earlier round would make it a chase at once."""
    message, labels = "done.reply", ["column.last_contact"]
    if partner.stage == "idea":
        message += ".idea"
        labels += ["column.stage", "choice.stage.in_talks"]
    if "attempts" in context.columns and attempt(partner) > 1:
        message += ".attempts"
        labels.append("column.attempts")
    return sentence(message, *labels)


def _meet(_: Obligation, partner: Partner, context: Context) -> Sentence:
    if "plan" in context.columns and not partner.plan:
        return sentence("done.meet.plan", "column.plan", "column.meeting")
    return sentence("done.meet", "column.meeting")


def _thank(_: Obligation, __: Partner, ___: Context) -> Sentence:
    return sentence("done.thank", "column.thanked")


def _publish(_: Obligation, partner: Partner, context: Context) -> Sentence:
    earliest = _earliest_publication(partner)
    if earliest and earliest > context.today:
        return sentence("done.publish.from", "column.published", day=earliest)
    return sentence("done.publish", "column.published")


def _earliest_publication(partner: Partner) -> date | None:
    """The first day that counts as published for this event and not for an earlier one."""
    event, thanked = partner.event, partner.thanked
    if not event:
        return None
    earliest = event - PUBLISHED_AHEAD
    if thanked and thanked < event:
        return max(earliest, thanked + timedelta(1))
    return earliest


def _approve_photo(_: Obligation, __: Partner, ___: Context) -> Sentence:
    return sentence("done.approve_photo", "column.photo_approved", "choice.photo_approved.yes")


def _discuss(_: Obligation, partner: Partner, context: Context) -> Sentence:
    reason = doubt(partner, values="partly", reputation="unsure")
    labels = ["column.values_fit", "choice.values_fit.yes", "choice.values_fit.no"]
    labels += ["column.reputation", "choice.reputation.good", "choice.reputation.bad"]
    labels += ["column.stage", "choice.stage.contacted"]
    if "last_contact" in context.columns:
        return sentence(f"done.discuss.{reason}.day", *labels, "column.last_contact")
    return sentence(f"done.discuss.{reason}", *labels)


def _find_contact(_: Obligation, partner: Partner, context: Context) -> Sentence:
    ways = [way for way in WAYS_TO_REACH if way in context.columns]
    best = BEST_WAY.get(partner.type or "", "email")
    address = best if best in ways else ways[-1]
    if "contact" in ways and address != "contact":
        labels = {"address": Label(f"column.{address}")}
        return sentence("done.find_contact.contact", "column.contact", **labels)
    return sentence("done.find_contact", address=Label(f"column.{address}"))


def _first_contact(_: Obligation, __: Partner, context: Context) -> Sentence:
    message, labels = "done.first_contact", ["column.stage", "choice.stage.contacted"]
    if "last_contact" in context.columns:
        message += ".day"
        labels.append("column.last_contact")
        if "attempts" in context.columns:
            message += ".attempts"
            labels.append("column.attempts")
    return sentence(message, *labels)


def _chase(obligation: Obligation, partner: Partner, context: Context) -> Sentence:
    rests = _rests_on(obligation, context)
    if "attempts" not in context.columns:
        return sentence(
            f"done.chase.day{'.snoozed' if rests else ''}",
            "column.last_contact",
            "column.follow_up",
        )
    tries = attempt(partner)
    variant = ".snoozed" if rests else ""
    if not rests and tries >= MANY_ATTEMPTS:
        variant = ".rest" if "follow_up" in context.columns else ".pause"
    labels = ("column.last_contact", "column.attempts", "column.follow_up", "column.stage")
    return sentence(
        f"done.chase{variant}",
        *labels,
        "choice.stage.paused",
        number=min(tries + 1, MOST_ATTEMPTS),
    )


def _arrange_meeting(obligation: Obligation, _: Partner, context: Context) -> Sentence:
    if "last_contact" in context.columns and not _rests_on(obligation, context):
        return sentence("done.arrange_meeting.asked", "column.meeting", "column.last_contact")
    return sentence("done.arrange_meeting", "column.meeting")


def _agree_plan(_: Obligation, partner: Partner, context: Context) -> Sentence:
    if "keep_in_touch" in context.columns and not partner.keep_in_touch:
        return sentence("done.agree_plan.rhythm", "column.plan", "column.keep_in_touch")
    return sentence("done.agree_plan", "column.plan")


def _after_event(_: Obligation, partner: Partner, context: Context) -> Sentence:
    labels = ("column.event", "column.stage", "choice.stage.done")
    thanked_before = partner.thanked is not None and partner.thanked < context.today
    if "last_contact" in context.columns and thanked_before:
        return sentence("done.after_event.talked", *labels, "column.last_contact")
    return sentence("done.after_event", *labels)


def _keep_in_touch(obligation: Obligation, _: Partner, context: Context) -> Sentence:
    if _rests_on(obligation, context):
        return sentence("done.keep_in_touch.snoozed", "column.last_contact", "column.follow_up")
    return sentence("done.keep_in_touch", "column.last_contact")


def _vet(_: Obligation, partner: Partner, context: Context) -> Sentence:
    columns = tuple(Label(f"column.{key}") for key in unanswered(partner, context))
    if "vetted_on" in context.columns:
        return sentence("done.vet.dated", "column.vetted_on", columns=columns)
    return sentence("done.vet", columns=columns)


def _follow_up(_: Obligation, partner: Partner, context: Context) -> Sentence:
    message, labels = "done.follow_up", ["column.follow_up"]
    if partner.stage in {"paused", *CLOSED}:
        message += ".again"
        labels += ["column.stage", "choice.stage.contacted"]
    if "last_contact" in context.columns:
        message += ".day"
        labels.append("column.last_contact")
    return sentence(message, *labels)


_TELLINGS: Mapping[str, Telling] = {
    "stop": _stop,
    "event_passed": _event_passed,
    "reply": _reply,
    "meet": _meet,
    "thank": _thank,
    "publish": _publish,
    "approve_photo": _approve_photo,
    "discuss": _discuss,
    "find_contact": _find_contact,
    "first_contact": _first_contact,
    "chase": _chase,
    "arrange_meeting": _arrange_meeting,
    "agree_plan": _agree_plan,
    "after_event": _after_event,
    "keep_in_touch": _keep_in_touch,
    "vet": _vet,
    "follow_up": _follow_up,
}
