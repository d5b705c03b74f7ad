"""From a JSON document to what in it is not as interface.md says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sheets_sync.columns import MANAGED, PEOPLE, STAGES, STATUSES, VERDICTS
from sheets_sync.model import LANGUAGES
from sheets_sync.rules import RULES

DAY = "a day in ISO form"
TEXT = "text that is not blank"
Shape = Any
"""A type; a mapping of all keys to shapes; a list of one shape; a set of alternatives, of which
texts are the words themselves, but for DAY and TEXT."""

CELL: Shape = frozenset({str, int, float, bool, None})
RULE: Shape = frozenset({*(rule.name for rule in RULES), None})
OBLIGATION: Shape = {"rule": RULE - {None}, "due": frozenset({DAY, None})}
PROBLEM: Shape = {
    "column": frozenset(PEOPLE),
    "code": TEXT,
    "value": frozenset({TEXT, None}),
    "blocking": bool,
    "message": TEXT,
}
ROW: Shape = {
    "row": int,
    "partner": frozenset({TEXT, None}),
    "stage": frozenset(STAGES),
    "vetting": frozenset({*VERDICTS, None}),
    "status": frozenset(STATUSES),
    "rule": RULE,
    "next_action": frozenset({TEXT, None}),
    "why": TEXT,
    "done_when": frozenset({TEXT, None}),
    "due": frozenset({DAY, None}),
    "days_overdue": frozenset({int, None}),
    "also": [OBLIGATION],
    "problems": [PROBLEM],
}
EDIT: Shape = {
    "sheet": TEXT,
    "cell": TEXT,
    "row": int,
    "column": frozenset({*MANAGED, "A", "B"}),
    "before": CELL,
    "after": CELL,
}
REPORT: Shape = {
    "tracker": TEXT,
    "today": DAY,
    "language": frozenset(LANGUAGES),
    "dry_run": bool,
    "rows": [ROW],
    "themes": [{"theme": TEXT, "code": frozenset({"thin_theme"}), "live": int}],
    "counts": {"partners": int, **dict.fromkeys(STATUSES, int)},
    "edits": [EDIT],
    "written": int,
    "rounds": int,
    "notes": [TEXT],
}
ERROR: Shape = {
    "error": {
        "exit": int,
        "kind": TEXT,
        "message": TEXT,
        "next": TEXT,
        "tracker": frozenset({TEXT, None}),
    }
}


def faults(value: object, shape: Shape, place: str = "$") -> Iterator[str]:
    """What is not of the shape, and where."""
    if isinstance(shape, Mapping):
        yield from _mapping_faults(value, shape, place)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place} is no list: {value!r}"
            return
        for position, part in enumerate(value):
            yield from faults(part, shape[0], f"{place}[{position}]")
    elif not any(_is(value, one) for one in (shape if isinstance(shape, frozenset) else {shape})):
        yield f"{place} is {value!r}"


def _mapping_faults(value: object, shape: Mapping[str, Shape], place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place} is no object: {value!r}"
        return
    if value.keys() != shape.keys():
        yield f"{place} has {sorted(value.keys() ^ shape.keys())} too many or too few"
    for key in value.keys() & shape.keys():
        yield from faults(value[key], shape[key], f"{place}.{key}")


def _is(value: object, shape: Shape) -> bool:
    if shape == DAY:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    if shape == TEXT:
        return isinstance(value, str) and bool(value.strip())
    return type(value) is shape if isinstance(shape, type) else value == shape


def agreement_faults(report: Mapping[str, Any]) -> Iterator[str]:
    """Where parts of a report contradict each other."""
    rows, counts = report["rows"], report["counts"]
    if [row["row"] for row in rows] != sorted({row["row"] for row in rows}):
        yield "rows do not stand in the sheet's order"
    if counts["partners"] != len(rows) or counts["partners"] != sum(counts.values()) / 2:
        yield "counts do not add up"
    if report["written"] != (0 if report["dry_run"] else len(report["edits"])):
        yield "written is not the number of edits"
    if len({(it["sheet"], it["cell"]) for it in report["edits"]}) != len(report["edits"]):
        yield "a cell is told twice"
    for row in rows:
        if (row["rule"] is None) != (row["status"] in {"closed", "idle", "fix_data"}):
            yield f"row {row['row']}: rule and status"
        if (row["days_overdue"] is None) != (row["status"] != "overdue"):
            yield f"row {row['row']}: days_overdue and status"
        if (row["next_action"] is None) != (row["status"] in {"closed", "idle"}):
            yield f"row {row['row']}: next_action and status"
        if (row["done_when"] is None) != (row["rule"] is None):
            yield f"row {row['row']}: done_when and rule"
