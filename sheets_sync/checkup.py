"""From a dry run's report to findings: how the sheet was understood, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sheets_sync.columns import EXTRA, PEOPLE
from sheets_sync.layout import labels_by_language, language_of
from sheets_sync.model import (
    SYNC_TAB,
    TRACKER_TAB,
    Fact,
    Finding,
    Label,
    Report,
    Sentence,
    Settings,
)
from sheets_sync.rules import RULES
from sheets_sync.sync_tab import SILENT_DAYS, last_check


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """Which settings are in use, and what is not set that most people want."""
    if settings.source:
        yield _fine("settings.file", file=settings.source)
    else:
        yield _note("settings.none")
    if settings.country:
        yield _fine("settings.country", country=settings.country)
    else:
        yield _note("settings.no_country")
    if settings.team:
        yield _fine("settings.team", n=len(settings.team))
        if settings.digest.coordinator is None:
            yield _note("settings.no_coordinator")
    if settings.team and settings.mail is None:
        yield _note("settings.no_mail")


def sheet_findings(report: Report) -> Iterator[Finding]:
    """How the columns were understood, what is missing, and what is wrong in rows."""
    sheet, plan = report.sheet, report.plan
    yield _fine("columns.found", n=len(sheet.headers), tab=sheet.tab, row=sheet.header_row)
    for note in plan.notes:
        yield Finding("note", note)
    yield from _language_findings(report)
    yield from _missing_columns(frozenset(sheet.people))
    if plan.suspicion:
        kind, facts = plan.suspicion
        yield Finding("problem", plan.suspicion, Sentence(f"{kind}.next", facts))
    yield from _row_findings(report)
    yield from _last_check(report)
    if not plan.suspicion:
        yield from _edit_findings(report)


def _language_findings(report: Report) -> Iterator[Finding]:
    """Whether the sentences call the columns what the sheet calls them."""
    headers, chosen = report.sheet.headers, report.plan.language
    votes, spoken = labels_by_language(headers), language_of(headers)
    if votes[chosen] < votes[spoken]:
        yield _note("language", chosen=chosen, headers=spoken)


def _last_check(report: Report) -> Iterator[Finding]:
    """What the Sync tab says of the last sync, on whichever computer that was."""
    tab = report.sheet.tabs.get(SYNC_TAB)
    day = last_check(tab, date_system=report.sheet.date_system) if tab else None
    if day:
        yield _fine("last_check", day=day)
        if is_silent(day, report.plan.today):
            yield _note("silent")


def is_silent(day: date, today: date) -> bool:
    """Whether a tracker that was last synced on that day is looked after no more."""
    return (today - day).days > SILENT_DAYS


def service_findings(last_sync: datetime | None, last_digest: date | None) -> Iterator[Finding]:
    """What the background service of this computer did last; ``last_sync`` in local time."""
    if last_sync:
        day, time = last_sync.date(), f"{last_sync:%H:%M}"
        yield _fine("service.last_sync", day=day, time=time)
    if last_digest:
        yield _fine("service.last_digest", day=last_digest)


def _edit_findings(report: Report) -> Iterator[Finding]:
    edits = report.plan.edits
    is_due = any(edit.tab == TRACKER_TAB for edit in edits)  # the day of the last check aside
    yield _note("edits", n=len(edits)) if is_due else _fine("no_edits")


def _missing_columns(found: frozenset[str]) -> Iterator[Finding]:
    """The columns that are not there, and the rules that sleep without them."""
    unasked = found | EXTRA | {"notes"}
    missing = tuple(Label(f"column.{key}") for key in PEOPLE if key not in unasked)
    if missing:
        yield _note("columns.missing", n=len(missing), columns=missing)
    for rule in RULES:
        lacking = sorted(rule.needs - found)
        if lacking:
            name = Sentence(f"guide.rule.{rule.name}.name")
            columns = tuple(Label(f"column.{key}") for key in lacking)
            yield _note("columns.sleeping", rule=name, columns=columns)


def _row_findings(report: Report) -> Iterator[Finding]:
    decisions = report.plan.decisions
    troubled = [decision for decision in decisions if decision.problems]
    if not troubled:
        yield _fine("rows.fine", n=len(decisions))
        return
    blocked = sum(1 for decision in troubled if decision.status == "fix_data")
    found = Sentence("terminal.check.rows.warnings", {"n": len(troubled)})
    if blocked:
        found = Sentence("terminal.check.rows.problems", {"n": len(troubled), "blocked": blocked})
    yield Finding("problem", found, Sentence("terminal.check.rows.problems.next"))


def columns_understood(report: Report) -> Sequence[tuple[str, str, Label]]:
    """Each known column: its letters, its header as it reads, and what it was taken for."""
    sheet = report.sheet
    return [
        (sheet.letters.get(key, ""), header, Label(f"column.{key}"))
        for key, header in sheet.headers.items()
    ]


def _fine(message: str, **facts: Fact) -> Finding:
    return Finding("fine", Sentence(f"terminal.check.{message}", facts))


def _note(message: str, **facts: Fact) -> Finding:
    return Finding(
        "note",
        Sentence(f"terminal.check.{message}", facts),
        Sentence(f"terminal.check.{message}.next", facts),
    )
