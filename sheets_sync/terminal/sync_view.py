"""From a report to what matters today, what changed, and the counts."""

from __future__ import annotations

from itertools import islice

from rich.table import Table
from rich.text import Text

from sheets_sync.columns import STATUSES
from sheets_sync.model import TRACKER_TAB, Change, Decision, Label, Report
from sheets_sync.report import change_json, changes, written
from sheets_sync.terminal.console import STATUS_STYLES, Terminal
from sheets_sync.texts import label, say

MATTERS = 5
"""So many partners are told in full at the top; the rest is counted."""
SHOWN = 12
"""So many changed cells are listed unless all are asked for."""


def show_report(report: Report, terminal: Terminal, *, everything: bool) -> None:
    """Print a report: today first, then what changed, then counts and notes."""
    terminal.line(
        "sync.headline",
        style="bold",
        tracker=report.tracker,
        day=report.plan.today,
        n=len(report.plan.decisions),
    )
    show_today(report, terminal)
    show_changes(report, terminal, limit=None if everything else SHOWN)
    show_counts(report, terminal)
    for theme in report.plan.themes:
        terminal.line("sync.thin_theme", theme=theme.theme, n=theme.live)
    for note in report.plan.notes:
        terminal.sentence(note, style="dim")


def show_today(report: Report, terminal: Terminal) -> None:
    """Print the partners that are overdue or due today, the longest overdue first."""
    urgent = sorted(
        (it for it in report.plan.decisions if it.status in {"overdue", "due_today"}),
        key=lambda decision: -(decision.days_overdue or 0),
    )
    terminal.gap()
    if not urgent:
        terminal.line("sync.nothing_urgent", style="green")
    for decision in urgent[:MATTERS]:
        _show_urgent(decision, report, terminal)
    if len(urgent) > MATTERS:
        terminal.line("sync.more_urgent", n=len(urgent) - MATTERS, style="dim")


def _show_urgent(decision: Decision, report: Report, terminal: Terminal) -> None:
    late = decision.days_overdue
    name = decision.partner.partner or ""
    if late:
        terminal.line("sync.overdue", style="bold red", partner=name, n=late)
    else:
        terminal.line("sync.due_today", style="bold yellow", partner=name)
    if decision.action:
        terminal.text(say(decision.action, report.plan.language), indent=2)


def show_changes(report: Report, terminal: Terminal, *, limit: int | None) -> None:
    """Print the cells that were or would be written, old and new."""
    total = sum(len(edits) for edits, _ in report.writes)
    terminal.gap()
    if not total:
        terminal.line("sync.nothing_changed", style="green")
        return
    terminal.console.print(_table(report, terminal, limit))
    if limit is not None and total > limit:
        terminal.line("sync.more_changes", n=total - limit, style="dim")
    if report.dry_run:
        terminal.line("sync.would_write", n=total)
    else:
        terminal.line("sync.written", n=written(report))


def _table(report: Report, terminal: Terminal, limit: int | None) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim", expand=True)
    for heading, width in (("sync.cell", 6), ("sync.partner", 16), ("sync.column", 13)):
        table.add_column(
            terminal.words(heading), no_wrap=True, min_width=width, max_width=width,
            overflow="ellipsis",
        )  # fmt: skip
    table.add_column(terminal.words("sync.change"), no_wrap=True, ratio=1, overflow="ellipsis")
    names = {it.partner.row: it.partner.partner or "" for it in report.plan.decisions}
    for change in islice(changes(report), limit):
        place = change_json(change, report.sheet)
        table.add_row(
            str(place["cell"]),
            Text(terminal.cell(names.get(change.edit.row, ""))),
            Text(_column_name(change, terminal)),
            _old_and_new(change, terminal),
        )
    return table


def _column_name(change: Change, terminal: Terminal) -> str:
    if change.edit.tab == TRACKER_TAB:
        return label(f"column.{change.edit.column}", terminal.language)
    return change.edit.column


def _old_and_new(change: Change, terminal: Terminal) -> Text:
    new = terminal.cell(change.edit.value) or terminal.words("sync.blank")
    if change.before is None:
        return Text(new)
    return Text.assemble((terminal.cell(change.before, 24), "dim"), " → ", new)


def show_counts(report: Report, terminal: Terminal) -> None:
    """Print how many partners have each status."""
    counted = Text()
    for status in STATUSES:
        number = report.plan.counts[status]
        if number:
            counted.append(" · " if counted else "")
            word = terminal.words("sync.count", n=number, status=Label(f"status.{status}"))
            counted.append(word, style=STATUS_STYLES[status])
    terminal.gap()
    terminal.console.print(counted)
