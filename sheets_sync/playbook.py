"""From a partner, the problems of the row and today to the decision (tracker.md 5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from sheets_sync import done
from sheets_sync.case import Context, make_case
from sheets_sync.columns import CLOSED
from sheets_sync.model import Decision, Obligation, Partner, Problem, Sentence
from sheets_sync.rules import RULES, Rule
from sheets_sync.wording import (
    action,
    fix_data_action,
    fix_data_why,
    nothing_to_do_why,
    why,
)

__all__ = ["RULES", "Context", "decide", "done_when", "done_when_obligation", "find_obligations"]

ALONE = frozenset({"stop"})
BEFORE_EVENT_PASSED = frozenset({"stop", "event_passed", "reply", "meet"})
"""What still counts when the event has gone by: rules 1 to 4. The others are silenced."""


def decide(partner: Partner, problems: Sequence[Problem], context: Context) -> Decision:
    """Which obligation comes first, what is said of it, and what else there is."""
    if problems and any(problem.blocking for problem in problems):
        return _fix_data(partner, problems)
    held = find_obligations(partner, context)
    if not held:
        return _nothing_to_do(partner, problems, context)
    wanted, silenced = _silence(held)
    first, *also = _in_order(wanted)
    return Decision(
        partner,
        _status(first, context.today),
        first,
        also or (),
        silenced,
        action(first, partner, context),
        why(first, partner, context),
        _days_overdue(first, context.today),
        problems,
    )


def done_when(decision: Decision, context: Context) -> Sentence | None:
    """What to fill in when a decision's obligation is done; None when it has none."""
    if decision.obligation is None:
        return None
    return done.done_when(decision.obligation, decision.partner, context)


def done_when_obligation(obligation: Obligation, partner: Partner, context: Context) -> Sentence:
    """What to fill in when an obligation is done, so that it goes away or moves on."""
    return done.done_when(obligation, partner, context)


def find_obligations(partner: Partner, context: Context) -> Mapping[str, Obligation]:
    """What the rules that hold ask for, by rule and in the table's order, snooze applied."""
    case = make_case(partner, context)
    held, snooze = case.held, case.snooze
    for rule in _rules_for(case.stage, context.columns):
        asked = rule.ask(case)
        if asked is not None:
            due, facts = asked
            snoozed = rule.snoozable and snooze is not None
            held[rule.name] = Obligation(rule.name, snooze if snoozed else due, facts, snoozed, due)
    return held


@lru_cache(maxsize=1024)
def _rules_for(stage: str, columns: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that a stage and the columns that exist allow."""
    return tuple(rule for rule in RULES if stage in rule.stages and rule.needs <= columns)


def _silence(
    held: Mapping[str, Obligation],
) -> tuple[Sequence[Obligation], Sequence[Obligation]]:
    """Those that count, and those that another one silences."""
    if "stop" in held:
        heard = ALONE
    elif "event_passed" in held:
        heard = BEFORE_EVENT_PASSED
    else:
        return tuple(held.values()), ()
    wanted = [obligation for rule, obligation in held.items() if rule in heard]
    silenced = [obligation for rule, obligation in held.items() if rule not in heard]
    return wanted, silenced


def _in_order(obligations: Sequence[Obligation]) -> Sequence[Obligation]:
    """The earliest due first, those without one last; ties keep the table's order."""
    if len(obligations) == 1:
        return obligations
    return sorted(obligations, key=lambda obligation: obligation.due or date.max)


def _status(obligation: Obligation, today: date) -> str:
    due = obligation.due
    if due is None:
        return "not_a_fit" if obligation.rule == "stop" else "to_do"
    if due == today:
        return "due_today"
    return "overdue" if due < today else "upcoming"


def _days_overdue(obligation: Obligation, today: date) -> int | None:
    due = obligation.due
    return (today - due).days if due and due < today else None


def _fix_data(partner: Partner, problems: Sequence[Problem]) -> Decision:
    """The rules are not asked while a cell that they depend on cannot be trusted."""
    return Decision(
        partner,
        "fix_data",
        None,
        (),
        (),
        fix_data_action(problems),
        fix_data_why(problems),
        None,
        problems,
    )


def _nothing_to_do(partner: Partner, problems: Sequence[Problem], context: Context) -> Decision:
    status = "closed" if partner.stage in CLOSED else "idle"
    reason = nothing_to_do_why(partner, context)
    return Decision(partner, status, None, (), (), None, reason, None, problems)
