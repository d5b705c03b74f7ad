"""From a grid of raw cells to the rows, themes and counts of the JSON report, slowly and simply.

This is a second statement of tracker.md sections 1 to 6, written from its text alone. It shares
nothing with the product but the types of cells and settings. When the two disagree the text of
tracker.md decides. Nothing here is meant to be fast, short or clever.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from sheets_sync.model import Settings
from tests.agreement.oracle_cells import Grid, Row, Tracker, find_columns, is_partner, language_of
from tests.agreement.oracle_problems import Record, check_across, check_row, thin_themes
from tests.agreement.oracle_rules import Look, obligations, status_of
from tests.agreement.tables import PEOPLE


def judge(
    grid: Grid, *, settings: Settings, today: date, date_system: Literal[1900, 1904] = 1900
) -> Row:
    """What the JSON report says of a grid whose first line is row 1 of the sheet."""
    header, positions = find_columns(grid)
    headers = [str(grid[header][index]) for index in positions.values()]
    tracker = Tracker(language_of(headers, settings), settings, date_system)
    records = []
    for index in range(header + 1, len(grid)):
        raw = {
            key: grid[index][positions[key]] if positions[key] < len(grid[index]) else None
            for key in PEOPLE
            if key in positions
        }
        if is_partner(raw, tracker):
            records.append(Record(index + 1, raw, tracker))
    for record in records:
        check_row(record, settings, today)
    check_across(records)
    rows = [judge_row(record, settings, today) for record in records]
    return {
        "today": today.isoformat(),
        "language": tracker.language,
        "rows": rows,
        "themes": thin_themes(records, settings.playbook.candidates_per_theme),
        "counts": count(rows),
    }


def judge_row(record: Record, settings: Settings, today: date) -> Row:
    """One row of the report, without its sentences."""
    problems = [record.problems[key] for key in PEOPLE if key in record.problems]
    row: Row = {
        "row": record.number,
        "partner": record.cells["partner"],
        "stage": record.cells["stage"],
        "vetting": record.verdict,
        "problems": problems,
    }
    if any(problem["blocking"] for problem in problems):
        nothing: Row = {"rule": None, "due": None, "days_overdue": None, "also": []}
        return {**row, "status": "fix_data", **nothing}
    asked = obligations(Look(record.cells, record.columns, settings, today))
    rule, due = asked[0] if asked else (None, None)
    status = status_of(rule, due, record.cells["stage"], today)
    return {
        **row,
        "status": status,
        "rule": rule,
        "due": due.isoformat() if due else None,
        "days_overdue": (today - due).days if due and status == "overdue" else None,
        "also": [{"rule": r, "due": d.isoformat() if d else None} for r, d in asked[1:]],
    }


STATUSES = (
    "overdue",
    "due_today",
    "upcoming",
    "to_do",
    "fix_data",
    "not_a_fit",
    "idle",
    "closed",
)


def count(rows: Sequence[Row]) -> dict[str, int]:
    """How many partners there are, and how many of each status."""
    found = [row["status"] for row in rows]
    return {"partners": len(rows), **{status: found.count(status) for status in STATUSES}}
