"""From a sheet, the settings and today to a plan: what should stand there, and what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from operator import attrgetter

from sheets_sync.columns import MANAGED, STATUSES, VERDICTS
from sheets_sync.equality import same
from sheets_sync.layout import language_of
from sheets_sync.model import (
    SYNC_TAB,
    TRACKER_TAB,
    Cell,
    Column,
    Decision,
    Edit,
    Label,
    Language,
    Plan,
    Sentence,
    Settings,
    Sheet,
    Value,
)
from sheets_sync.playbook import Context, decide
from sheets_sync.summary import count, thin_themes
from sheets_sync.sync_tab import sync_edits
from sheets_sync.texts import label, label_names, say
from sheets_sync.texts.cleaning import fold, trim
from sheets_sync.vetting import problem_sentence, vet
from sheets_sync.workdays import workdays_of

MANY_STATUSES = 20
"""From so many filled Status cells on, blanking more than half of them needs insisting."""


NO_DIGESTS: Mapping[str, date] = {}


def make_plan(
    sheet: Sheet, settings: Settings, today: date, *, digests: Mapping[str, date] = NO_DIGESTS
) -> Plan:
    """Judge every partner of the sheet and list the cells of ours that say something else.

    ``digests`` holds by member's name the day of the last digest, for the Sync tab.
    """
    language = settings.language or language_of(sheet.headers)
    context = make_context(sheet, settings, today)
    vetted = vet(sheet, settings, today, language)
    decisions = [
        decide(partner, vetted.problems.get(partner.row, ()), context)
        for partner in vetted.partners
    ]
    wanted = _wanted(decisions, sheet, language)
    edits = differences(wanted, sheet)
    tab_edits = _sync_tab_edits(sheet, today, digests, language)
    return Plan(
        language=language,
        today=today,
        decisions=decisions,
        themes=thin_themes(decisions, settings),
        counts=count(decisions),
        wanted=wanted,
        edits=[*edits, *tab_edits],
        notes=sheet.notes,
        suspicion=_suspicion(decisions, edits, sheet),
    )


def renew(plan: Plan, sheet: Sheet, *, digests: Mapping[str, date] = NO_DIGESTS) -> Plan:
    """The same plan held against a sheet whose people's cells are those it was made from."""
    tab_edits = _sync_tab_edits(sheet, plan.today, digests, plan.language)
    edits = [*differences(plan.wanted, sheet), *tab_edits]
    return replace(plan, edits=edits, notes=sheet.notes, suspicion=None)


def _sync_tab_edits(
    sheet: Sheet, today: date, digests: Mapping[str, date], language: Language
) -> Sequence[Edit]:
    """The cells of the Sync tab that say something else; none where there is no such tab."""
    tab = sheet.tabs.get(SYNC_TAB)
    if tab is None:
        return ()
    return sync_edits(tab, today, digests, language=language, date_system=sheet.date_system)


def make_context(sheet: Sheet, settings: Settings, today: date) -> Context:
    """What the rules look at beside the partner."""
    return Context(
        today=today,
        numbers=settings.playbook,
        workdays=workdays_of(settings.country),
        columns=frozenset(sheet.people),
    )


def _wanted(
    decisions: Sequence[Decision], sheet: Sheet, language: Language
) -> Mapping[str, Sequence[Value]]:
    """The managed columns as they should stand; blank where a row is no partner."""
    worders = _worders(language)
    wanted: dict[str, Sequence[Value]] = {}
    for key in MANAGED:
        if key in sheet.managed:
            worder = worders[key]
            column: list[Value] = [None] * sheet.height
            for decision in decisions:
                column[decision.partner.row - sheet.first_row] = worder(decision)
            wanted[key] = column
    return wanted


def word_decision(decision: Decision, language: Language) -> Mapping[str, Value]:
    """What the managed cells of one partner should say, by key."""
    return {key: worder(decision) for key, worder in _worders(language).items()}


def _worders(language: Language) -> Mapping[str, Callable[[Decision], Value]]:
    """By managed key, what puts a decision into that cell's words."""
    statuses = {status: label(f"status.{status}", language) for status in STATUSES}
    verdicts = {verdict: label(f"verdict.{verdict}", language) for verdict in VERDICTS}
    return {
        "vetting": lambda decision: verdicts.get(decision.partner.verdict or ""),
        "status": lambda decision: statuses[decision.status],
        "next_action": lambda decision: say(decision.action, language) if decision.action else None,
        "due": lambda decision: decision.obligation.due if decision.obligation else None,
        "days_overdue": lambda decision: decision.days_overdue,
        "why": lambda decision: say(decision.why, language),
        "problems": lambda decision: _word_problems(decision, language),
    }


def _word_problems(decision: Decision, language: Language) -> str | None:
    if not decision.problems:
        return None
    return "\n".join(say(problem_sentence(problem), language) for problem in decision.problems)


def differences(wanted: Mapping[str, Sequence[Value]], sheet: Sheet) -> Sequence[Edit]:
    """The managed cells that do not say what is wanted, by row; those with a formula are left."""
    edits = [mend.edit for mend in sheet.mends]
    edits += [
        Edit(TRACKER_TAB, sheet.first_row + position, key, column[position])
        for key, column in wanted.items()
        for position in _differing(column, sheet.managed[key], sheet.date_system)
        if position not in sheet.formulas.get(key, ())
    ]
    edits.sort(key=attrgetter("row"))
    return edits


def _differing(wanted: Sequence[Value], found: Column, date_system: int) -> Iterator[int]:
    """The positions where two columns differ. Plain equality settles nearly all of them fast."""
    for position, (ours, theirs) in enumerate(zip(wanted, found, strict=True)):
        if ours is theirs or (ours == theirs and type(theirs) is not bool):
            continue
        if not same(ours, theirs, date_format=False, date_system=date_system):
            yield position


def _suspicion(
    decisions: Sequence[Decision], edits: Sequence[Edit], sheet: Sheet
) -> Sentence | None:
    """What speaks against writing: columns that are somebody's own, or too much to be blanked."""
    statuses = sheet.managed["status"]
    filled = [cell for cell in statuses if isinstance(cell, str) and cell.strip()]
    if not any(fold(cell) in _status_names() for cell in set(filled)):
        own = _filled_columns(decisions, sheet)
        if own:
            return Sentence("errors.not_taken_over", {"tab": sheet.tab, "columns": own})
    blanked = sum(1 for edit in edits if edit.column == "status" and edit.value is None)
    if len(filled) >= MANY_STATUSES and blanked * 2 > len(filled):
        return Sentence("errors.suspicious", {"n": blanked, "filled": len(filled)})
    return None


def _filled_columns(decisions: Sequence[Decision], sheet: Sheet) -> tuple[Label, ...]:
    """The managed columns that hold something in some partner's row."""
    positions = [decision.partner.row - sheet.first_row for decision in decisions]
    return tuple(
        Label(f"column.{key}")
        for key, column in sheet.managed.items()
        if any(not _is_blank(column[position]) for position in positions)
    )


def _is_blank(cell: Cell) -> bool:
    return cell is None or cell is False or (isinstance(cell, str) and not trim(cell))


@cache
def _status_names() -> frozenset[str]:
    return frozenset(
        fold(name) for status in STATUSES for name in label_names(f"status.{status}").values()
    )
