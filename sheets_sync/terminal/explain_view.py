"""From an explanation to what a person reads of one partner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sheets_sync.explain import WhatIf
from sheets_sync.model import Decision, Label, Language, Obligation, Sentence
from sheets_sync.playbook import Context, done_when_obligation
from sheets_sync.terminal.console import STATUS_STYLES, Terminal
from sheets_sync.texts import say
from sheets_sync.vetting import problem_sentence
from sheets_sync.wording import action, why


class Explanation(NamedTuple):
    """A decision with why it won and what would change it; ``language`` is the tracker's."""

    decision: Decision
    context: Context
    language: Language
    won: Sentence | None
    what_ifs: Sequence[WhatIf]


def show(explanation: Explanation, terminal: Terminal) -> None:
    """Print the partner, what comes first and why, the rest, and what would change it."""
    decision, _, language, won, what_ifs = explanation
    _show_head(decision, terminal)
    if decision.obligation:
        _show_obligation(decision.obligation, explanation, terminal)
    else:
        _show_nothing(decision, language, terminal)
    if won:
        terminal.sentence(won, indent=2)
    _show_others("explain.also", decision.also, explanation, terminal)
    _show_others("explain.silenced", decision.silenced, explanation, terminal)
    _show_problems(decision, language, terminal)
    if what_ifs:
        terminal.gap()
        terminal.line("explain.what_if", style="bold")
        for what_if in what_ifs:
            _show_what_if(what_if, terminal)


def _show_head(decision: Decision, terminal: Terminal) -> None:
    partner = decision.partner
    terminal.line("explain.head", style="bold", partner=partner.partner or "", row=partner.row)
    terminal.line("explain.stage", indent=2, stage=Label(f"choice.stage.{partner.stage}"))
    if partner.verdict:
        terminal.line("explain.vetting", indent=2, verdict=Label(f"verdict.{partner.verdict}"))
    status = Label(f"status.{decision.status}")
    terminal.line("explain.status", indent=2, style=STATUS_STYLES[decision.status], status=status)
    terminal.gap()


def _show_nothing(decision: Decision, language: Language, terminal: Terminal) -> None:
    if decision.action:
        terminal.text(say(decision.action, language), indent=2)
    terminal.text(say(decision.why, language), indent=2)


def _show_obligation(obligation: Obligation, explanation: Explanation, terminal: Terminal) -> None:
    """Print one obligation: its day, what to do, why, and how to tick it off."""
    decision, context, language = explanation[:3]
    partner = decision.partner
    rule = Sentence(f"guide.rule.{obligation.rule}.name")
    if obligation.due:
        terminal.line("explain.rule.due", style="bold", rule=rule, day=obligation.due)
    else:
        terminal.line("explain.rule.no_day", style="bold", rule=rule)
    terminal.text(say(action(obligation, partner, context), language), indent=2)
    terminal.text(say(why(obligation, partner, context), language), indent=2, style="dim")
    if obligation.snoozed and obligation.clock:
        terminal.line("explain.without_snooze", indent=2, style="dim", day=obligation.clock)
    done = say(done_when_obligation(obligation, partner, context), language)
    terminal.text(f"✓ {done}", indent=2, style="green")


def _show_others(
    heading: str, obligations: Sequence[Obligation], explanation: Explanation, terminal: Terminal
) -> None:
    if obligations:
        terminal.gap()
        terminal.line(heading, style="bold")
    for obligation in obligations:
        _show_obligation(obligation, explanation, terminal)


def _show_problems(decision: Decision, language: Language, terminal: Terminal) -> None:
    if decision.problems:
        terminal.gap()
        terminal.line("explain.problems", style="bold")
    for problem in decision.problems:
        terminal.text(say(problem_sentence(problem), language), indent=2)


def _show_what_if(what_if: WhatIf, terminal: Terminal) -> None:
    outcome = what_if.outcome
    facts: dict[str, Any] = {
        "column": Label(f"column.{what_if.column}"),
        "value": what_if.value,
        "status": Label(f"status.{outcome.status}"),
    }
    obligation = outcome.obligation
    if obligation is None:
        terminal.line("explain.if.nothing", indent=2, **facts)
        return
    rule = Sentence(f"guide.rule.{obligation.rule}.name")
    if obligation.due:
        terminal.line("explain.if.due", indent=2, rule=rule, day=obligation.due, **facts)
    else:
        terminal.line("explain.if.no_day", indent=2, rule=rule, **facts)
