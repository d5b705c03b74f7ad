"""From findings to a list of what is fine and what wants doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from rich.table import Table
from rich.text import Text

from sheets_sync.checkup import columns_understood
from sheets_sync.model import Finding, Report
from sheets_sync.terminal.console import Terminal
from sheets_sync.texts import say, word_fact
from sheets_sync.vetting import problem_sentence

SIGNS: Mapping[str, tuple[str, str]] = {
    "fine": ("✓", "green"),
    "note": ("·", "yellow"),
    "problem": ("✗", "bold red"),
}
ABOUT_ROWS = frozenset({"terminal.check.rows.problems", "terminal.check.rows.warnings"})
"""The finding below which the rows are told."""
ROWS = 10
"""So many rows with problems are shown unless all are asked for."""


def show(
    report: Report, findings: Sequence[Finding], terminal: Terminal, *, everything: bool
) -> None:
    """Print every finding with its next step, the rows with problems, and the columns."""
    terminal.line("check.headline", style="bold", tracker=report.tracker)
    rows = [number for number, it in enumerate(findings, start=1) if it.sentence.id in ABOUT_ROWS]
    place = rows[0] if rows else 0
    show_findings(findings[:place], terminal)
    _show_rows(report, terminal, limit=None if everything else ROWS)
    show_findings(findings[place:], terminal)
    if everything:
        terminal.gap()
        terminal.console.print(_columns_table(report, terminal))


def show_findings(findings: Sequence[Finding], terminal: Terminal) -> None:
    """Print each finding with its sign, and below it the next step; a step in common once."""
    steps = [say(it.next_step, terminal.language) if it.next_step else "" for it in findings]
    for finding, step, later in zip_longest(findings, steps, steps[1:]):
        sign, style = SIGNS[finding.level]
        terminal.text(say(finding.sentence, terminal.language), style=style, mark=f"{sign} ")
        if step and step != later:
            terminal.text(step, indent=2)


def _show_rows(report: Report, terminal: Terminal, *, limit: int | None) -> None:
    troubled = [decision for decision in report.plan.decisions if decision.problems]
    for decision in troubled[:limit]:
        partner = decision.partner
        terminal.line(
            "check.row", style="bold", indent=2, row=partner.row, partner=partner.partner or ""
        )
        for problem in decision.problems:
            terminal.text(say(problem_sentence(problem), report.plan.language), indent=4)
    if limit is not None and len(troubled) > limit:
        terminal.line("check.more_rows", indent=2, style="dim", n=len(troubled) - limit)


def _columns_table(report: Report, terminal: Terminal) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("check.letters", "check.header", "check.taken_for"):
        table.add_column(terminal.words(heading), no_wrap=True, overflow="ellipsis")
    for letters, header, meaning in columns_understood(report):
        taken_for = word_fact(meaning, terminal.language)
        table.add_row(letters, Text(terminal.fitted(header, 30)), Text(taken_for))
    return table
