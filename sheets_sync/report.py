"""From a report to the one JSON document of interface.md, streamed row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from sheets_sync.model import (
    TRACKER_TAB,
    Cell,
    Change,
    Decision,
    Edit,
    Language,
    Obligation,
    Problem,
    Report,
    Settings,
    Sheet,
    Theme,
    Write,
)
from sheets_sync.plan import make_context
from sheets_sync.playbook import Context, done_when
from sheets_sync.texts import say
from sheets_sync.texts.cleaning import INVISIBLE
from sheets_sync.vetting import problem_sentence

_UNSAFE = {
    ord(char): f"\\u{ord(char):04x}"
    for char in (*map(chr, range(0x7F, 0xA0)), *INVISIBLE, "\u2028", "\u2029")
}
"""What json leaves as it is though a terminal would obey it: written as escapes."""

JsonValue = Any  # what json.dumps takes: nested mappings, sequences and scalars


def changes(report: Report) -> Iterator[Change]:
    """Every cell that was (or would be) written, one entry a cell, net over all rounds."""
    if len(report.writes) == 1:
        edits, before = report.writes[0]
        return (Change(edit, standing(before, edit)) for edit in edits)
    return _net_changes(report.writes)


def _net_changes(writes: Iterable[Write]) -> Iterator[Change]:
    """The last value of each cell beside the first that stood there; back and forth is nothing."""
    first: dict[tuple[str, int, str], Change] = {}
    for edits, before in writes:
        for edit in edits:
            earlier = first.get(edit[:3])
            stood = earlier.before if earlier else standing(before, edit)
            first[edit[:3]] = Change(edit, stood)
    return (change for change in first.values() if change.edit.value != change.before)


def standing(sheet: Sheet, edit: Edit) -> Cell:
    """What stands in an edit's cell."""
    if edit.tab == TRACKER_TAB and edit.row < sheet.first_row:
        return next((mend.before for mend in sheet.mends if mend.edit[:3] == edit[:3]), None)
    if edit.tab == TRACKER_TAB:
        return sheet.managed[edit.column][edit.row - sheet.first_row]
    rows = sheet.tabs[edit.tab].rows
    column = ord(edit.column) - ord("A")
    if edit.row > len(rows) or column >= len(rows[edit.row - 1]):
        return None
    return rows[edit.row - 1][column]


def changed(report: Report) -> int:
    """How many cells were (or would be) written, each counted once."""
    if len(report.writes) == 1:
        return len(report.writes[0].edits)
    return sum(1 for _ in changes(report))


def written(report: Report) -> int:
    """How many cells were written; none by a dry run."""
    return 0 if report.dry_run else changed(report)


def stream_json(
    report: Report, settings: Settings, *, more: Mapping[str, JsonValue]
) -> Iterator[str]:
    """The pieces of the JSON document, a row a piece; ``more`` are further top-level keys."""
    plan = report.plan
    head = {
        "tracker": report.tracker,
        "today": plan.today.isoformat(),
        "language": plan.language,
        "dry_run": report.dry_run,
    }
    yield dump_json(head)[:-1]
    context = make_context(report.sheet, settings, plan.today)
    yield from _stream_list(
        "rows", (row_json(decision, plan.language, context) for decision in plan.decisions)
    )
    yield from _stream_list(
        "edits", (change_json(change, report.sheet) for change in changes(report))
    )
    yield ", " + dump_json({**_tail(report), **more})[1:] + "\n"


def report_json(report: Report, settings: Settings) -> JsonValue:
    """The same document as Python values."""
    return json.loads("".join(stream_json(report, settings, more={})))


def _tail(report: Report) -> Mapping[str, JsonValue]:
    plan = report.plan
    return {
        "themes": [theme_json(theme) for theme in plan.themes],
        "counts": dict(plan.counts),
        "written": written(report),
        "rounds": 0 if report.dry_run else len(report.writes),
        "notes": [say(note, plan.language) for note in plan.notes],
    }


def _stream_list(name: str, entries: Iterable[Mapping[str, JsonValue]]) -> Iterator[str]:
    yield f", {json.dumps(name)}: ["
    separator = "\n"
    for entry in entries:
        yield separator + dump_json(entry)
        separator = ",\n"
    yield "]"


def row_json(decision: Decision, language: Language, context: Context) -> Mapping[str, JsonValue]:
    """One partner as the report tells it."""
    partner, obligation = decision.partner, decision.obligation
    done = done_when(decision, context)
    return {
        "row": partner.row,
        "partner": partner.partner,
        "stage": partner.stage,
        "vetting": partner.verdict,
        "status": decision.status,
        "rule": obligation.rule if obligation else None,
        "next_action": say(decision.action, language) if decision.action else None,
        "why": say(decision.why, language),
        "done_when": say(done, language) if done else None,
        "due": plain(obligation.due) if obligation else None,
        "days_overdue": decision.days_overdue,
        "also": [obligation_json(other) for other in decision.also],
        "problems": [problem_json(problem, language) for problem in decision.problems],
    }


def obligation_json(obligation: Obligation) -> Mapping[str, JsonValue]:
    """One of the further obligations."""
    return {"rule": obligation.rule, "due": plain(obligation.due)}


def problem_json(problem: Problem, language: Language) -> Mapping[str, JsonValue]:
    """One problem with its sentence."""
    return {
        "column": problem.column,
        "code": problem.code,
        "value": problem.value,
        "blocking": problem.blocking,
        "message": say(problem_sentence(problem), language),
    }


def theme_json(theme: Theme) -> Mapping[str, JsonValue]:
    """One theme with too few candidates."""
    return {"theme": theme.theme, "code": "thin_theme", "live": theme.live}


def change_json(change: Change, sheet: Sheet) -> Mapping[str, JsonValue]:
    """One edited cell, with its name as people see it."""
    edit = change.edit
    ours = edit.tab == TRACKER_TAB
    letters = sheet.letters.get(edit.column, "") if ours else edit.column
    return {
        "sheet": sheet.tab if ours else sheet.tabs[edit.tab].name,
        "cell": f"{letters}{edit.row}",
        "row": edit.row,
        "column": edit.column,
        "before": plain(change.before),
        "after": plain(edit.value),
    }


def plain(cell: Cell) -> JsonValue:
    """A cell as JSON knows it: days in ISO form, blank as null, whole numbers without decimals."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def dump_json(value: JsonValue) -> str:
    """A value as JSON on one line, without any character that a terminal would obey."""
    return json.dumps(value, ensure_ascii=False).translate(_UNSAFE)
