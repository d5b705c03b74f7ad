"""From what a row says to what is to be done: tracker.md sections 3 to 5, stated a second time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays

from sheets_sync.model import Settings
from tests.agreement.oracle_cells import Row, Said
from tests.agreement.tables import ACTIVE, CLOSED, FOUR_QUESTIONS


def verdict_of(cells: Row, columns: Sequence[str]) -> str | None:
    """The vetting verdict; None where none of the four columns exists."""
    asked = [key for key in FOUR_QUESTIONS if key in columns]
    if not asked:
        return None
    if cells["values_fit"] == "no" or cells["reputation"] == "bad":
        return "failed"
    if any(cells[key] is None for key in asked):
        return "incomplete"
    if cells["values_fit"] == "partly" or cells["reputation"] == "unsure":
        return "concern"
    return "passed"


@cache
def calendar_of(country: str) -> holidays.HolidayBase:
    """The weekend and the public holidays of a country."""
    return holidays.country_holidays(country)


def is_working(day: date, country: str | None) -> bool:
    """Whether people of that country work on that day."""
    if country is None:
        return day.weekday() < 5
    calendar = calendar_of(country)
    return day.weekday() not in calendar.weekend and day not in calendar


def forward(day: date, country: str | None) -> date:
    """The day, or the next working day."""
    while not is_working(day, country):
        day += timedelta(days=1)
    return day


def back(day: date, country: str | None) -> date:
    """The day, or the last working day before it."""
    while not is_working(day, country):
        day -= timedelta(days=1)
    return day


def plus(day: date, number: int, country: str | None) -> date:
    """The number-th working day after the day."""
    for _ in range(number):
        day = forward(day + timedelta(days=1), country)
    return forward(day, country)


def earlier(first: date | None, second: date | None) -> bool:
    """Whether both are set and the first is earlier."""
    return first is not None and second is not None and first < second


def days(number: int) -> timedelta:
    """A span of days."""
    return timedelta(days=number)


class Look:
    """One partner as the rules see it: ``look.event`` is the event date, and so on."""

    def __init__(self, cells: Row, columns: Sequence[str], settings: Settings, today: date) -> None:
        """Take the cells that could be read, absent and unreadable ones being None."""
        behind = cells["stage"] == "idea" and cells["last_contact"] is not None
        self.cells: Row = {**cells, "stage": "contacted" if behind else cells["stage"]}
        self.columns, self.today = columns, today
        self.country, self.numbers = settings.country, settings.playbook
        self.verdict = verdict_of(cells, columns)

    def __getattr__(self, name: str) -> Said:
        """Answer with the cell of that column."""
        return self.cells[name]

    @property
    def touch(self) -> Said:
        """The latest of what happened between them and us."""
        met = self.meeting if earlier(self.meeting, self.today) else None
        happened = [self.last_contact, self.last_reply, self.thanked, met]
        return max((day for day in happened if day), default=None)

    @property
    def follow_up_in_force(self) -> bool:
        """Whether a person's own choice of a day is still ahead of what happened."""
        return self.follow_up is not None and (self.touch is None or self.follow_up > self.touch)

    @property
    def lead(self) -> Said:
        """The day by which a first contact makes sense."""
        if not earlier(self.today, self.event):
            return None
        return max(self.back(self.event - days(self.numbers.first_contact_lead)), self.today)

    @property
    def passed(self) -> bool:
        """Whether the verdict lets us go on."""
        return self.verdict in ("passed", None)

    def forward(self, day: date) -> date:
        """Section 4's forward in this country."""
        return forward(day, self.country)

    def back(self, day: date) -> date:
        """Section 4's back in this country."""
        return back(day, self.country)

    def plus(self, day: date, number: int) -> date:
        """Section 4's plus in this country."""
        return plus(day, number, self.country)

    def is_in(self, *stages: str) -> bool:
        """Whether the stage is one of those; "active" stands for four."""
        return self.stage in stages or ("active" in stages and self.stage in ACTIVE)

    def holds(self, name: str) -> bool:
        """Whether the rule of that name holds: its columns exist, and what it says is so."""
        (rule,) = (rule for rule in RULES if rule.name == name)
        return set(rule.needs) <= set(self.columns) and bool(rule.holds(self))


class Rule(NamedTuple):
    """One line of the table in section 5."""

    name: str
    holds: Callable[[Look], object]
    due: Callable[[Look], date | None]
    snooze: bool = False
    needs: Sequence[str] = ()


def reply(p: Look) -> bool:
    """They wrote last."""
    if not p.last_reply:
        return False
    if not p.is_in("idea", "active") and not (
        p.is_in("paused") and p.last_reply >= p.today - days(30)
    ):
        return False
    return all(day is None or day < p.last_reply for day in (p.last_contact, p.thanked, p.meeting))


def thank(p: Look) -> bool:
    """The event is over, and nobody has thanked since."""
    return (
        p.is_in("agreed", "done")
        and p.event is not None
        and p.event <= p.today <= p.event + days(p.numbers.thank_for)
        and (p.thanked is None or p.thanked < p.event)
    )


def publish(p: Look) -> bool:
    """The event is ahead, and it is not announced."""
    return (
        p.is_in("planning", "agreed")
        and earlier(p.today, p.event)
        and (
            p.published is None
            or p.published < p.event - days(180)
            or (p.thanked is not None and p.published <= p.thanked and p.thanked < p.event)
        )
    )


def no_way_to_reach(p: Look) -> bool:
    """No contact, e-mail, phone or link, though there is a column for at least one."""
    there = [key for key in ("contact", "email", "phone", "link") if key in p.columns]
    return bool(there) and all(p.cells[key] is None for key in there)


def chase(p: Look) -> bool:
    """We wrote last, and they have been silent."""
    return (
        p.is_in("contacted", "in_talks")
        and p.meeting is None
        and p.last_contact is not None
        and (p.last_reply is None or p.last_reply < p.last_contact)
        and ((p.attempts or 0) >= 2 or (p.is_in("contacted") and p.last_reply is None))
    )


def chase_due(p: Look) -> date:
    """The clock of this attempt."""
    clocks = p.numbers.chase_after
    k = min(max(p.attempts or 1, 1), len(clocks)) - 1
    return p.forward(p.last_contact + days(clocks[k]))


def arrange_meeting(p: Look) -> bool:
    """They are interested, and no meeting is set."""
    return (
        (p.is_in("in_talks") or (p.is_in("contacted") and p.last_reply is not None))
        and p.meeting is None
        and p.touch is not None
        and not p.holds("reply")
        and not p.holds("chase")
    )


def agree_plan(p: Look) -> bool:
    """It is time to say who does what."""
    return (
        (
            (p.is_in("active") and earlier(p.meeting, p.today))
            or (p.is_in("planning", "agreed") and p.meeting is None)
        )
        and p.plan is None
        and p.touch is not None
        and (p.event is None or p.event >= p.today)
    )


def after_event(p: Look) -> bool:
    """They were thanked, and nothing has happened since."""
    return (
        p.is_in("agreed")
        and earlier(p.event, p.today)
        and p.thanked is not None
        and p.thanked >= p.event
        and p.touch == p.thanked
    )


def keep_in_touch(p: Look) -> bool:
    """They have not heard from us for a while."""
    return (
        (
            p.is_in("planning", "agreed")
            or (p.is_in("contacted", "in_talks") and earlier(p.meeting, p.today))
            or ("meeting" not in p.columns and p.is_in("in_talks"))
            or ("meeting" not in p.columns and p.is_in("contacted") and p.last_reply is not None)
        )
        and p.touch is not None
        and not p.holds("thank")
        and not p.holds("reply")
        and not p.holds("chase")
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "stop",
        holds=lambda p: p.is_in("idea", "paused", "active") and p.verdict == "failed",
        due=lambda _: None,
    ),
    Rule(
        "event_passed",
        holds=lambda p: (
            p.is_in("idea", "contacted", "in_talks", "planning") and earlier(p.event, p.today)
        ),
        due=lambda p: p.plus(p.event, 1),
    ),
    Rule(
        "reply",
        holds=reply,
        due=lambda p: p.plus(p.last_reply, p.numbers.reply_within),
        needs=["last_contact"],
    ),
    Rule(
        "meet",
        holds=lambda p: p.is_in("active") and p.meeting is not None and p.meeting >= p.today,
        due=lambda p: p.meeting,
    ),
    Rule(
        "thank",
        holds=thank,
        due=lambda p: p.plus(p.event, p.numbers.thank_within),
        needs=["thanked"],
    ),
    Rule(
        "publish",
        holds=publish,
        due=lambda p: p.back(p.event - days(p.numbers.publish_before)),
        needs=["published"],
    ),
    Rule(
        "approve_photo",
        holds=lambda p: publish(p) and p.photo_approved != "yes",
        due=lambda p: p.back(
            p.event - days(p.numbers.publish_before) - days(p.numbers.photo_before_publish)
        ),
        needs=["photo_approved", "published"],
    ),
    Rule(
        "discuss",
        holds=lambda p: p.is_in("idea") and p.verdict == "concern",
        due=lambda p: p.lead,
        snooze=True,
    ),
    Rule(
        "find_contact",
        holds=lambda p: p.is_in("idea") and p.passed and no_way_to_reach(p),
        due=lambda p: p.lead,
        snooze=True,
    ),
    Rule(
        "first_contact",
        holds=lambda p: (
            p.is_in("idea") and p.passed and not p.holds("find_contact") and not p.holds("reply")
        ),
        due=lambda p: p.lead,
        snooze=True,
    ),
    Rule("chase", holds=chase, due=chase_due, snooze=True),
    Rule(
        "arrange_meeting",
        holds=arrange_meeting,
        due=lambda p: p.forward(p.touch + days(p.numbers.arrange_within)),
        snooze=True,
        needs=["meeting"],
    ),
    Rule(
        "agree_plan",
        holds=agree_plan,
        due=lambda p: p.forward(p.touch + days(p.numbers.plan_within)),
        snooze=True,
        needs=["plan"],
    ),
    Rule(
        "after_event",
        holds=after_event,
        due=lambda p: p.forward(p.thanked + days(p.numbers.after_event_within)),
        snooze=True,
    ),
    Rule(
        "keep_in_touch",
        holds=keep_in_touch,
        due=lambda p: p.forward(p.touch + days(p.keep_in_touch or p.numbers.keep_in_touch)),
        snooze=True,
        needs=["last_contact"],
    ),
    Rule(
        "vet",
        holds=lambda p: p.is_in("idea", "active") and p.verdict == "incomplete",
        due=lambda p: p.lead if p.is_in("idea") else None,
        snooze=True,
    ),
    Rule(
        "follow_up",
        holds=lambda p: (
            p.follow_up_in_force and not any(p.holds(rule.name) for rule in RULES if rule.snooze)
        ),
        due=lambda p: p.follow_up,
    ),
)
SILENCED_BY_EVENT_PASSED = tuple(rule.name for rule in RULES[4:])


def obligations(look: Look) -> list[tuple[str, date | None]]:
    """All that is asked for and not silenced, as (rule, due), the first thing to do first."""
    asked = []
    for rule in RULES:
        if look.holds(rule.name):
            snoozed = rule.snooze and look.follow_up_in_force
            asked.append((rule.name, look.follow_up if snoozed else rule.due(look)))
    names = [name for name, _ in asked]
    if "stop" in names:
        return [("stop", None)]
    if "event_passed" in names:
        asked = [(name, due) for name, due in asked if name not in SILENCED_BY_EVENT_PASSED]
    with_due = [(name, due) for name, due in asked if due is not None]
    without = [(name, due) for name, due in asked if due is None]
    return sorted(with_due, key=lambda one: one[1]) + without  # sorted() keeps the table's order


def status_of(rule: str | None, due: date | None, stage: str, today: date) -> str:
    """The status that belongs to the obligation that won."""
    if rule is None:
        return "closed" if stage in CLOSED else "idle"
    if rule == "stop":
        return "not_a_fit"
    if due is None:
        return "to_do"
    if due == today:
        return "due_today"
    return "overdue" if due < today else "upcoming"
