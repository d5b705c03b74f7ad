"""The product and the oracle agree on every row of trackers that nobody thought of.

``HYPOTHESIS_PROFILE=long`` looks for hours (``tests/conftest.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from sheets_sync.model import Cell
from tests.agreement import oracle, product
from tests.agreement.oracle_cells import find_columns
from tests.agreement.oracle_rules import RULES
from tests.agreement.tables import LANGUAGES, MANAGED, PEOPLE, STATUS_LABELS, VERDICT_LABELS
from tests.agreement.trackers import Tracker, trackers

JUDGED = ("row", "partner", "stage", "vetting", "status", "rule", "due", "days_overdue", "also")


def judged(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without its sentences, which the oracle does not know."""
    problems = [
        {key: problem[key] for key in ("column", "code", "blocking", "value")}
        for problem in row["problems"]
    ]
    return {key: row[key] for key in JUDGED} | {"problems": problems}


def ask_oracle(tracker: Tracker) -> dict[str, Any]:
    """What the oracle says of a tracker."""
    return oracle.judge(
        tracker.grid,
        settings=tracker.settings,
        today=tracker.today,
        date_system=tracker.date_system,
    )


def ask_product(tracker: Tracker) -> product.Synced:
    """What the product says of a tracker, twice."""
    return product.sync_twice(
        tracker.grid,
        settings=tracker.settings,
        today=tracker.today,
        date_system=tracker.date_system,
    )


@given(tracker=trackers())
def test_product_and_oracle_agree(tracker: Tracker) -> None:
    wanted, found = ask_oracle(tracker), ask_product(tracker)
    assert found.first["language"] == wanted["language"]
    assert [judged(row) for row in found.first["rows"]] == [judged(row) for row in wanted["rows"]]
    assert found.first["themes"] == wanted["themes"]
    assert found.first["counts"] == wanted["counts"]
    check_sentences(found.first)
    check_sheet(tracker, wanted, found.grid)
    check_second(found)


def check_sentences(report: Mapping[str, Any]) -> None:
    """Each row has the sentences that its status asks for."""
    for row in report["rows"]:
        assert row["why"]
        assert bool(row["next_action"]) == (row["status"] not in ("idle", "closed"))
        assert bool(row["done_when"]) == (row["rule"] is not None)
        assert all(problem["message"] for problem in row["problems"])


def check_sheet(
    tracker: Tracker, report: Mapping[str, Any], after: Sequence[Sequence[Cell]]
) -> None:
    """The managed cells say what the report says, and no other cell has changed."""
    header, columns = find_columns(tracker.grid)
    rows = {row["row"]: row for row in report["rows"]}
    for number, (old, new) in enumerate(zip(tracker.grid, after, strict=True), 1):
        for index in range(max(len(old), len(new))):
            key = next((key for key in MANAGED if columns.get(key) == index), None)
            cell = new[index] if index < len(new) else None
            if key is None or number <= header + 1:
                assert cell == (old[index] if index < len(old) else None)
            elif number not in rows:
                assert cell is None
            else:
                check_managed(key, cell, rows[number], report["language"])


def check_managed(key: str, cell: Cell, row: Mapping[str, Any], language: str) -> None:
    """One managed cell says what the row's report says, in the tracker's language."""
    tongue = LANGUAGES.index(language)
    if key == "status":
        assert cell == STATUS_LABELS[row["status"]][tongue]
    elif key == "vetting":
        assert cell == (row["vetting"] and VERDICT_LABELS[row["vetting"]][tongue])
    elif key == "due":
        assert (cell and str(cell)) == row["due"]
    elif key == "days_overdue":
        assert cell == row["days_overdue"]
    elif key == "next_action":
        assert bool(cell) == (row["status"] not in ("idle", "closed"))
    elif key == "problems":
        assert bool(cell) == bool(row["problems"])
    else:
        assert cell


def check_second(found: product.Synced) -> None:
    """A second sync on the same day says the same and changes nothing."""
    assert found.second["edits"] == []
    for key in ("rows", "themes", "counts"):
        assert found.second[key] == found.first[key]


SELDOM = 5
"""So often at least, in 500 trackers, each verdict of the playbook must be met."""


def test_the_random_trackers_reach_every_rule_status_and_problem() -> None:
    met: Counter[str] = Counter()

    @settings(
        max_examples=500,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(tracker=trackers())
    def meet(tracker: Tracker) -> None:
        for row in ask_oracle(tracker)["rows"]:
            met.update([f"status {row['status']}", f"vetting {row['vetting']}"])
            met.update(
                f"rule {asked}" for asked in [row["rule"], *(o["rule"] for o in row["also"])]
            )
            met.update(
                f"problem {problem['code']} {'blocks' if problem['blocking'] else 'warns'}"
                for problem in row["problems"]
            )
            met.update(f"problem on {problem['column']}" for problem in row["problems"])

    meet()
    print(*(f"{number:6} {what}" for what, number in sorted(met.items())), sep="\n")
    assert {what for what in EVERYTHING if met[what] < SELDOM} == set()


BLOCKING = (
    "missing_partner",
    "unknown_choice",
    "unreadable_date",
    "future_date",
    "missing_last_contact",
)
WARNINGS = (
    *("unreadable_date", "future_date", "unknown_choice", "not_an_email", "not_a_phone"),
    *("not_a_link", "not_a_number", "unknown_owner", "duplicate_partner", "duplicate_email"),
    *("vetting_incomplete", "copied_benefit", "stale_vetting", "late_publication"),
    "stage_behind",
)
NEVER_WRONG = ("theme", "contact", "introduced_by", "plan", "notes", "our_benefit")
EVERYTHING = (
    *(f"status {status}" for status in STATUS_LABELS),
    *(f"vetting {verdict}" for verdict in (*VERDICT_LABELS, None)),
    *(f"rule {rule.name}" for rule in RULES),
    *(f"problem {code} blocks" for code in BLOCKING),
    *(f"problem {code} warns" for code in WARNINGS),
    *(f"problem on {key}" for key in PEOPLE if key not in NEVER_WRONG),
)
