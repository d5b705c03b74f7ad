"""From a partner's name or row to all that the playbook has to say of it."""

from __future__ import annotations

from collections.abc import Sequence

from sheets_sync.desk import Desk
from sheets_sync.errors import UsageError
from sheets_sync.explain import reason_it_won, what_ifs
from sheets_sync.model import Decision, Obligation, Report
from sheets_sync.plan import make_context
from sheets_sync.playbook import done_when_obligation
from sheets_sync.report import obligation_json, plain, row_json
from sheets_sync.sync import preview
from sheets_sync.terminal.console import write_document
from sheets_sync.terminal.explain_view import Explanation, show
from sheets_sync.texts import say
from sheets_sync.texts.cleaning import fold
from sheets_sync.wording import why

MOST_NAMED = 10
"""So many partners are named when a word fits several."""


def run(desk: Desk, tracker: str, partner: str) -> None:
    """Explain the partner of that row, of that name, or with that in its name."""
    report = preview(desk.store(tracker, read_only=True), desk.settings, desk.today_of)
    decision = find(report.plan.decisions, partner)
    context = make_context(report.sheet, desk.settings, report.plan.today)
    explanation = Explanation(
        decision,
        context,
        report.plan.language,
        reason_it_won(decision),
        tuple(what_ifs(decision, context)),
    )
    if desk.options.as_json:
        write_document(_json(explanation, report))
    else:
        show(explanation, desk.terminal)


def find(decisions: Sequence[Decision], wanted: str) -> Decision:
    """The decision of a row number or a name. Raises UsageError when none or several fit."""
    fitting = _fitting(decisions, wanted)
    if not fitting:
        raise UsageError("unknown_partner", name=wanted)
    if len(fitting) > 1:
        names = tuple(f"{it.partner.partner} ({it.partner.row})" for it in fitting[:MOST_NAMED])
        raise UsageError("several_partners", name=wanted, n=len(fitting), partners=names)
    return fitting[0]


def _fitting(decisions: Sequence[Decision], wanted: str) -> Sequence[Decision]:
    """A row number first, then the whole name, then a part of it."""
    if wanted.isdecimal():
        by_row = [it for it in decisions if it.partner.row == int(wanted)]
        if by_row:
            return by_row
    name = fold(wanted)
    if not name:
        return ()
    named = [(fold(it.partner.partner or ""), it) for it in decisions]
    whole = [it for folded, it in named if folded == name]
    return whole or [it for folded, it in named if name in folded]


def _json(explanation: Explanation, report: Report) -> dict[str, object]:
    decision, context, language, won, ifs = explanation
    partner = decision.partner

    def tell(obligation: Obligation) -> dict[str, object]:
        done = done_when_obligation(obligation, partner, context)
        return {
            **obligation_json(obligation),
            "snoozed": obligation.snoozed,
            "without_snooze": plain(obligation.clock),
            "why": say(why(obligation, partner, context), language),
            "done_when": say(done, language),
        }

    return {
        "tracker": report.tracker,
        "today": report.plan.today.isoformat(),
        **row_json(decision, language, context),
        "also": [tell(obligation) for obligation in decision.also],
        "silenced": [tell(obligation) for obligation in decision.silenced],
        "won": say(won, language) if won else None,
        "what_if": [
            {
                "column": it.column,
                "rule": it.outcome.obligation.rule if it.outcome.obligation else None,
                "due": plain(it.outcome.obligation.due) if it.outcome.obligation else None,
                "status": it.outcome.status,
            }
            for it in ifs
        ],
    }
