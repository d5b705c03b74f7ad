"""From an obligation to the sentences that say what to do and why.

A blank cell changes which sentence is said: the id names the rule and what is known, so
``playbook.chase.2.introduced`` tells of a name that ``playbook.chase.2.network`` does without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from sheets_sync.case import Context, attempt, stage_in_rules
from sheets_sync.columns import CLOSED, VETTING_COLUMNS
from sheets_sync.model import Fact, Label, Obligation, Partner, Problem, Sentence
from sheets_sync.rules import is_published_too_early

USUAL_CHANNEL: Mapping[str, str] = {
    "organisation": "email",
    "community": "chat",
    "person": "phone",
}
"""Where a type of partner is usually reached."""

Wording: TypeAlias = Callable[[Obligation, Partner, Context], Sentence]


def action(obligation: Obligation, partner: Partner, context: Context) -> Sentence:
    """What to do about an obligation."""
    return _ACTIONS.get(obligation.rule, _plain_action)(obligation, partner, context)


def why(obligation: Obligation, partner: Partner, context: Context) -> Sentence:
    """The dates and the setting behind an obligation, and the snooze that moved it."""
    if obligation.snoozed:
        return _why_snoozed(obligation)
    return _REASONS.get(obligation.rule, _plain_reason)(obligation, partner, context)


def fix_data_action(problems: Sequence[Problem]) -> Sentence:
    """Which cells to put right before anything can be said."""
    return sentence("fix_data", columns=_blocked_columns(problems))


def fix_data_why(problems: Sequence[Problem]) -> Sentence:
    """Why nothing can be said yet."""
    return sentence("why.fix_data", columns=_blocked_columns(problems))


def nothing_to_do_why(partner: Partner, context: Context) -> Sentence:
    """Why there is nothing to do: ended, resting, or nothing filled in asks for it."""
    if partner.stage == "done" and partner.thanked:
        return sentence("why.closed.done.thanked", day=partner.thanked)
    if partner.stage == "declined" and partner.last_contact:
        return sentence("why.closed.declined.contacted", day=partner.last_contact)
    if partner.stage in CLOSED:
        return sentence(f"why.closed.{partner.stage}")
    message = "why.idle.paused" if partner.stage == "paused" else "why.idle.open"
    if "follow_up" in context.columns:
        return sentence(f"{message}.follow_up", "column.follow_up")
    return sentence(message)


def sentence(message: str, *labels: str, **facts: Fact) -> Sentence:
    """A sentence of the playbook; the label ``column.stage`` fills the place ``column_stage``."""
    if not facts:
        return _fixed_sentence(message, labels)
    return Sentence(f"playbook.{message}", {**_named(labels), **facts} if labels else facts)


@lru_cache(maxsize=512)
def _fixed_sentence(message: str, labels: tuple[str, ...]) -> Sentence:
    """The same for every partner, so that a large tracker holds it once."""
    return Sentence(f"playbook.{message}", _named(labels))


@lru_cache(maxsize=512)
def _named(labels: tuple[str, ...]) -> Mapping[str, Label]:
    return {label.replace(".", "_"): Label(label) for label in labels}


def _blocked_columns(problems: Sequence[Problem]) -> tuple[Label, ...]:
    blocked = dict.fromkeys(problem.column for problem in problems if problem.blocking)
    return tuple(Label(f"column.{column}") for column in blocked)


def unanswered(partner: Partner, context: Context) -> tuple[str, ...]:
    """The vetting columns that exist and are blank."""
    return tuple(
        key for key in VETTING_COLUMNS if key in context.columns and not getattr(partner, key)
    )


def doubt(partner: Partner, *, values: str, reputation: str) -> str:
    """Which of the two answers vetting stumbled over: values, reputation or both."""
    if partner.values_fit != values:
        return "reputation"
    return "both" if partner.reputation == reputation else "values"


# What to do.


def _who(partner: Partner) -> str:
    return partner.contact or partner.partner or "…"


def _channel(partner: Partner) -> str:
    return partner.channel or USUAL_CHANNEL.get(partner.type or "", "any")


def _plain_action(obligation: Obligation, partner: Partner, _: Context) -> Sentence:
    facts = {name: fact for name, fact in obligation.facts.items() if name != "n"}
    return sentence(obligation.rule, who=_who(partner), **facts)


def _stop(_: Obligation, partner: Partner, __: Context) -> Sentence:
    early = ".idea" if stage_in_rules(partner) == "idea" else ""
    reason = doubt(partner, values="no", reputation="bad")
    return sentence(f"stop.{reason}{early}", "column.stage", "choice.stage.declined")


def _event_passed(obligation: Obligation, _: Partner, __: Context) -> Sentence:
    stages = ("choice.stage.agreed", "choice.stage.done", "choice.stage.paused")
    return sentence("event_passed", "column.stage", "column.event", *stages, **obligation.facts)


def _reply(_: Obligation, partner: Partner, __: Context) -> Sentence:
    return sentence(f"reply.{_channel(partner)}", who=_who(partner))


def _publish(obligation: Obligation, _: Partner, __: Context) -> Sentence:
    return sentence("publish", **obligation.facts)


def _discuss(_: Obligation, partner: Partner, __: Context) -> Sentence:
    return sentence(f"discuss.{doubt(partner, values='partly', reputation='unsure')}")


def _find_contact(_: Obligation, partner: Partner, __: Context) -> Sentence:
    return sentence(f"find_contact.{partner.type or 'any'}", who=_who(partner))


def _first_contact(_: Obligation, partner: Partner, __: Context) -> Sentence:
    message = f"first_contact.{_channel(partner)}"
    facts: dict[str, Fact] = {}
    if partner.introduced_by:
        message += ".introduced"
        facts["introduced_by"] = partner.introduced_by
    if partner.partner_benefit:
        message += ".benefit"
        facts["benefit"] = partner.partner_benefit
    return sentence(message, **facts)


def _chase(_: Obligation, partner: Partner, __: Context) -> Sentence:
    tries = min(attempt(partner), 4)
    facts: dict[str, Fact] = {"who": _who(partner)}
    variant = ""
    if tries == 1:
        variant = f".{_other_channel(partner)}"
    elif tries == 2:  # noqa: PLR2004 - the playbook counts: the second attempt
        variant = ".network"
        if partner.introduced_by:
            variant, facts = ".introduced", {"introduced_by": partner.introduced_by}
    elif tries == 3 and partner.partner:  # noqa: PLR2004 - the third
        facts = {"who": partner.partner}  # is anybody else to be asked there?
    elif tries == 4 and partner.theme:  # noqa: PLR2004 - the fourth, and any later one
        variant = ".theme"
        facts["theme"] = partner.theme
    return sentence(f"chase.{tries}{variant}", **facts)


def _other_channel(partner: Partner) -> str:
    """A channel there is an address for, and that is not the one tried so far."""
    used = _channel(partner)
    for other in ("phone", "email", "link"):
        if other != used and getattr(partner, other):
            return other
    return "other"


def _after_event(_: Obligation, partner: Partner, __: Context) -> Sentence:
    return sentence("after_event", "column.stage", "choice.stage.done", who=_who(partner))


def _vet(_: Obligation, partner: Partner, context: Context) -> Sentence:
    variant = "idea" if stage_in_rules(partner) == "idea" else "active"
    missing = unanswered(partner, context)
    questions = tuple(Sentence(f"playbook.question.{key}") for key in missing)
    return sentence(f"vet.{variant}", questions=questions)


def _follow_up(obligation: Obligation, partner: Partner, _: Context) -> Sentence:
    stage = partner.stage if partner.stage in {"paused", *CLOSED} else "open"
    return sentence(f"follow_up.{stage}", who=_who(partner), **obligation.facts)


_ACTIONS: Mapping[str, Wording] = {
    "stop": _stop,
    "event_passed": _event_passed,
    "reply": _reply,
    "publish": _publish,
    "discuss": _discuss,
    "find_contact": _find_contact,
    "first_contact": _first_contact,
    "chase": _chase,
    "after_event": _after_event,
    "vet": _vet,
    "follow_up": _follow_up,
}
"""The rules whose action depends on more than the obligation's own facts."""


# Why.


def _plain_reason(obligation: Obligation, _: Partner, __: Context) -> Sentence:
    return sentence(f"why.{obligation.rule}", **obligation.facts)


def _why_snoozed(obligation: Obligation) -> Sentence:
    facts = {name: fact for name, fact in obligation.facts.items() if name != "n"}
    if obligation.due:
        facts["chosen"] = obligation.due
    if obligation.clock:
        facts["clock"] = obligation.clock
    return sentence(f"why.{obligation.rule}.snoozed", **facts)


def _why_stop(_: Obligation, partner: Partner, __: Context) -> Sentence:
    reason = doubt(partner, values="no", reputation="bad")
    answers = ("choice.values_fit.no", "choice.reputation.bad")
    return sentence(f"why.stop.{reason}", "column.values_fit", "column.reputation", *answers)


def _why_event_passed(obligation: Obligation, partner: Partner, _: Context) -> Sentence:
    stage = Label(f"choice.stage.{partner.stage}")
    return sentence("why.event_passed", "column.stage", stage=stage, **obligation.facts)


def _why_publish(obligation: Obligation, partner: Partner, _: Context) -> Sentence:
    facts = dict(obligation.facts)
    variant = ""
    if partner.event and partner.published:
        facts["published"] = partner.published
        variant = ".old"
        if partner.thanked and not is_published_too_early(partner.published, partner.event):
            facts["thanked"] = partner.thanked
            variant = ".earlier"
    return sentence(f"why.publish{variant}", "column.published", **facts)


def _why_ahead_of_event(obligation: Obligation, _: Partner, __: Context) -> Sentence:
    variant = ".event" if obligation.facts else ""
    return sentence(f"why.{obligation.rule}{variant}", **obligation.facts)


def _why_keep_in_touch(obligation: Obligation, partner: Partner, _: Context) -> Sentence:
    variant = ".own" if partner.keep_in_touch else ""
    return sentence(f"why.keep_in_touch{variant}", **obligation.facts)


_REASONS: Mapping[str, Wording] = {
    "stop": _why_stop,
    "event_passed": _why_event_passed,
    "publish": _why_publish,
    "discuss": _why_ahead_of_event,
    "find_contact": _why_ahead_of_event,
    "first_contact": _why_ahead_of_event,
    "vet": _why_ahead_of_event,
    "keep_in_touch": _why_keep_in_touch,
}
"""The rules whose reason depends on more than the obligation's own facts."""
