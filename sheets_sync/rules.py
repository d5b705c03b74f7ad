"""From one partner on one day to what each of the playbook's rules asks for (tracker.md 5).

A rule is a small function: a Case in, ``(due, facts)`` or None out. Which stages and columns
it is for, and whether a person's own day moves it, stands in ``RULES``, in the order in
which ties are settled. A rule may ask which earlier ones hold; it never looks at their dues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from sheets_sync.case import Case, attempt
from sheets_sync.columns import ACTIVE, STAGES
from sheets_sync.model import Fact

REPLY_FRESH_FOR = timedelta(days=30)
"""How long a reply wakes a partner who is paused."""
PUBLISHED_AHEAD = timedelta(days=180)
"""A publication earlier than this before the event was for another event."""
WAYS_TO_REACH = ("contact", "email", "phone", "link")

Ask: TypeAlias = tuple[date | None, Mapping[str, Fact]]
"""What a rule asks: by which day (None: no day), and the facts behind it."""


# The rules, in the order of the table.


def stop(case: Case) -> Ask | None:
    """Vetting advises against them."""
    return (None, {}) if case.partner.verdict == "failed" else None


def event_passed(case: Case) -> Ask | None:
    """The event's day has gone by and the stage does not say what became of it."""
    event, context = case.partner.event, case.context
    if not event or event >= context.today:
        return None
    return context.workdays.plus(event, 1), {"event": event}


def reply(case: Case) -> Ask | None:
    """They answered, and nothing of ours has come after it."""
    partner, context = case.partner, case.context
    replied = partner.last_reply
    if not replied:
        return None
    if case.stage == "paused" and replied < context.today - REPLY_FRESH_FOR:
        return None
    for ours in (partner.last_contact, partner.thanked, partner.meeting):
        if ours and ours >= replied:
            return None
    days = context.numbers.reply_within
    return context.workdays.plus(replied, days), {"day": replied, "n": days}


def meet(case: Case) -> Ask | None:
    """A meeting lies ahead."""
    meeting = case.partner.meeting
    if not meeting or meeting < case.context.today:
        return None
    return meeting, {"day": meeting}


def thank(case: Case) -> Ask | None:
    """The event has been, and nobody has thanked them for it."""
    event, thanked, context = case.partner.event, case.partner.thanked, case.context
    numbers = context.numbers
    if not event or not event <= context.today <= event + timedelta(numbers.thank_for):
        return None
    if thanked and thanked >= event:
        return None
    days = numbers.thank_within
    return context.workdays.plus(event, days), {"event": event, "n": days}


def publish(case: Case) -> Ask | None:
    """An event lies ahead and nothing is published for it."""
    event, published, thanked = case.partner.event, case.partner.published, case.partner.thanked
    context = case.context
    if not event or event <= context.today:
        return None
    too_old = published and is_published_too_early(published, event)
    of_earlier_event = published and thanked and published <= thanked < event
    if published and not too_old and not of_earlier_event:
        return None
    days = context.numbers.publish_before
    return context.workdays.back(event - timedelta(days)), {"event": event, "n": days}


def approve_photo(case: Case) -> Ask | None:
    """There is something to publish, and no picture they approved."""
    event, context = case.partner.event, case.context
    if "publish" not in case.held or case.partner.photo_approved or not event:
        return None
    days = context.numbers.publish_before + context.numbers.photo_before_publish
    return context.workdays.back(event - timedelta(days)), {"event": event, "n": days}


def discuss(case: Case) -> Ask | None:
    """Vetting raised a doubt that a colleague should hear of before the first contact."""
    return _ahead_of_event(case) if case.partner.verdict == "concern" else None


def find_contact(case: Case) -> Ask | None:
    """It is not known whom to contact, nor where."""
    if case.partner.verdict not in {"passed", None}:
        return None
    ways = [way for way in WAYS_TO_REACH if way in case.context.columns]
    if not ways or any(getattr(case.partner, way) for way in ways):
        return None
    return _ahead_of_event(case)


def first_contact(case: Case) -> Ask | None:
    """All is ready for a first contact."""
    if case.partner.verdict not in {"passed", None}:
        return None
    if "find_contact" in case.held or "reply" in case.held:
        return None
    return _ahead_of_event(case)


def chase(case: Case) -> Ask | None:
    """They have not answered."""
    partner, context = case.partner, case.context
    contacted, replied = partner.last_contact, partner.last_reply
    if partner.meeting or not contacted or (replied and replied >= contacted):
        return None
    tries = attempt(partner)
    if tries == 1 and not (case.stage == "contacted" and replied is None):
        return None
    pauses = context.numbers.chase_after
    days = pauses[min(tries, len(pauses)) - 1]
    due = context.workdays.forward(contacted + timedelta(days))
    return due, {"day": contacted, "n": days, "attempt": tries}


def arrange_meeting(case: Case) -> Ask | None:
    """There is a talk going on, and no day to meet."""
    partner = case.partner
    if partner.meeting or "reply" in case.held or "chase" in case.held:
        return None
    if case.stage == "contacted" and not partner.last_reply:
        return None
    return _after_touch(case, case.context.numbers.arrange_within)


def agree_plan(case: Case) -> Ask | None:
    """They have met or are planning, and who does what is not written down."""
    partner, today = case.partner, case.context.today
    if partner.plan or (partner.event and partner.event < today):
        return None
    meeting = partner.meeting
    met = meeting < today if meeting else case.stage in {"planning", "agreed"}
    return _after_touch(case, case.context.numbers.plan_within) if met else None


def after_event(case: Case) -> Ask | None:
    """They have been thanked, and nothing has happened since."""
    event, thanked, context = case.partner.event, case.partner.thanked, case.context
    if not event or event >= context.today or not thanked or thanked < event:
        return None
    return _after_touch(case, context.numbers.after_event_within) if case.touch == thanked else None


def keep_in_touch(case: Case) -> Ask | None:
    """A word now and then keeps a partner."""
    held = case.held
    if "thank" in held or "reply" in held or "chase" in held or not _on_the_way(case):
        return None
    return _after_touch(case, case.partner.keep_in_touch or case.context.numbers.keep_in_touch)


def vet(case: Case) -> Ask | None:
    """Questions of the vetting have no answer."""
    if case.partner.verdict != "incomplete":
        return None
    return _ahead_of_event(case) if case.stage == "idea" else (None, {})


def follow_up(case: Case) -> Ask | None:
    """A person chose a day to come back, and nothing else takes it up."""
    if not case.snooze or not SNOOZABLE.isdisjoint(case.held):
        return None
    return case.snooze, {"day": case.snooze}


# What several of them share.


def is_published_too_early(published: date, event: date) -> bool:
    """Whether a publication is so old that it was for another event."""
    return published < event - PUBLISHED_AHEAD


def _ahead_of_event(case: Case) -> Ask:
    """Due early enough before the event, but not before today; without an event, no day."""
    event, context = case.partner.event, case.context
    if not event or event <= context.today:
        return None, {}
    days = context.numbers.first_contact_lead
    lead = context.workdays.back(event - timedelta(days))
    return max(lead, context.today), {"event": event, "n": days}


def _after_touch(case: Case, days: int) -> Ask | None:
    """Due so many days after the last touch; without one, nothing is asked."""
    if not case.touch:
        return None
    due = case.context.workdays.forward(case.touch + timedelta(days))
    return due, {"day": case.touch, "n": days}


def _on_the_way(case: Case) -> bool:
    """Whether things have come so far with them that silence would be a loss."""
    if case.stage in {"planning", "agreed"}:
        return True
    if "meeting" not in case.context.columns:
        return case.stage == "in_talks" or case.partner.last_reply is not None
    meeting = case.partner.meeting
    return meeting is not None and meeting < case.context.today


class Rule(NamedTuple):
    """One line of the table: for which stages, with which columns, and how a snooze acts.

    ``needs`` are the columns that must exist. A rule that is ``snoozable`` is due on the day a
    person chose in ``follow_up``. The name stands in reports and in the ids of sentences.
    """

    name: str
    ask: Callable[[Case], Ask | None]
    stages: frozenset[str]
    needs: frozenset[str] = frozenset()
    snoozable: bool = False


_IDEA = frozenset({"idea"})
_PAUSED = frozenset({"paused"})
_TALKING = frozenset({"contacted", "in_talks"})
_PREPARING = frozenset({"planning", "agreed"})
_PHOTO = frozenset({"photo_approved", "published"})


def _needs(column: str) -> frozenset[str]:
    return frozenset({column})


RULES: tuple[Rule, ...] = (
    Rule("stop", stop, _IDEA | _PAUSED | ACTIVE),
    Rule("event_passed", event_passed, _IDEA | _TALKING | {"planning"}),
    Rule("reply", reply, _IDEA | _PAUSED | ACTIVE, _needs("last_contact")),
    Rule("meet", meet, ACTIVE),
    Rule("thank", thank, frozenset({"agreed", "done"}), _needs("thanked")),
    Rule("publish", publish, _PREPARING, _needs("published")),
    Rule("approve_photo", approve_photo, _PREPARING, _PHOTO),
    Rule("discuss", discuss, _IDEA, snoozable=True),
    Rule("find_contact", find_contact, _IDEA, snoozable=True),
    Rule("first_contact", first_contact, _IDEA, snoozable=True),
    Rule("chase", chase, _TALKING, snoozable=True),
    Rule("arrange_meeting", arrange_meeting, _TALKING, _needs("meeting"), snoozable=True),
    Rule("agree_plan", agree_plan, ACTIVE, _needs("plan"), snoozable=True),
    Rule("after_event", after_event, frozenset({"agreed"}), snoozable=True),
    Rule("keep_in_touch", keep_in_touch, ACTIVE, _needs("last_contact"), snoozable=True),
    Rule("vet", vet, _IDEA | ACTIVE, snoozable=True),
    Rule("follow_up", follow_up, frozenset(STAGES)),
)
"""The table of tracker.md 5, in its order: it settles ties."""

SNOOZABLE = frozenset(rule.name for rule in RULES if rule.snoozable)
