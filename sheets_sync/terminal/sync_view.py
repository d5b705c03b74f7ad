"""From a report to what matters today, what changed, and the counts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from sheets_sync.columns import STATUSES
from sheets_sync.model import TRACKER_TAB, Change, Decision, Label, Language, Report
from sheets_sync.report import change_json, changed, changes
from sheets_sync.terminal.console import STATUS_STYLES, Terminal
from sheets_sync.texts import label, say

MATTERS = 5
"""So many partners are told in full at the top; the rest is counted."""
SHOWN = 12
"""So many changed cells are listed unless all are asked for."""
WIDTHS = {"cell": 6, "partner": 16, "column": 13}
"""By heading, how wide a column of the table is; the last takes what is left."""
NARROWEST = 12
ARROW, DOT = " → ", " · "


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
    total = changed(report)
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
        terminal.line("sync.written", n=total)


def _table(report: Report, terminal: Terminal, limit: int | None) -> Table:
    """The first changed cells: where each stands, whose row it is, old and new."""
    names = {it.partner.row: it.partner.partner for it in report.plan.decisions}
    shown = [
        (*_place(change, report, names, terminal.language), change)
        for change in islice(changes(report), limit)
    ]
    widest = max(WIDTHS["cell"], *(len(cell) for cell, *_ in shown))
    widths = {**WIDTHS, "cell": widest}
    widths["change"] = max(NARROWEST, terminal.console.width - sum(widths.values()) - len(widths))
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for heading, width in widths.items():
        words = terminal.fitted(terminal.words(f"sync.{heading}"), width)
        table.add_column(words, no_wrap=True, width=width)
    for cell, name, column, change in shown:
        table.add_row(
            cell,
            Text(terminal.fitted(name, widths["partner"])),
            Text(terminal.fitted(column, widths["column"])),
            _old_and_new(change, terminal, widths["change"]),
        )
    return table


def _place(
    change: Change, report: Report, names: Mapping[int, str | None], language: Language
) -> tuple[str, str | None, str]:
    """The cell, whose row it is in (or in which tab of the program's), and its column if known."""
    place = change_json(change, report.sheet)
    if change.edit.tab == TRACKER_TAB:
        column = label(f"column.{change.edit.column}", language)
        return place["cell"], names.get(change.edit.row), column
    return place["cell"], place["sheet"], ""


def _old_and_new(change: Change, terminal: Terminal, room: int) -> Text:
    """What stood there (unless it was blank) and what stands there now, in so many columns."""
    before = terminal.fitted(change.before, max(1, (room - len(ARROW)) // 2))
    room -= cell_len(before) + len(ARROW) if before else 0
    new = terminal.fitted(change.edit.value, room) or terminal.words("sync.blank")
    return Text.assemble((before, "dim"), ARROW, new) if before else Text(new)


def show_counts(report: Report, terminal: Terminal) -> None:
    """Print how many partners have each status."""
    terminal.gap()
    line = Text()
    for status in STATUSES:
        number = report.plan.counts[status]
        if not number:
            continue
        word = terminal.words("sync.count", n=number, status=Label(f"status.{status}"))
        if line.cell_len + len(DOT) + cell_len(word) > terminal.console.width:
            terminal.console.print(line)
            line = Text()
        line.append(DOT if line else "").append(word, style=STATUS_STYLES[status])
    terminal.console.print(line)
