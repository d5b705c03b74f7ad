"""Explaining: who is meant, why this came first, and what filling in a cell would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from sheets_sync.columns import PEOPLE, STATUSES
from sheets_sync.commands.explain import MOST_NAMED, find
from sheets_sync.errors import UsageError
from sheets_sync.explain import reason_it_won, what_ifs
from sheets_sync.model import Decision, Label, Partner, Problem, Sentence
from sheets_sync.playbook import decide
from tests.command_line import FINE, OVERDUE, TODAY, Row, Untouched, command, tracker
from tests.report_shape import DAY, ROW, RULE, TEXT, faults
from tests.situations import TODAY as WEDNESDAY
from tests.situations import context, day, partner

Cells = Mapping[str, object]
TOLD = {
    "rule": RULE,
    "due": frozenset({DAY, None}),
    "snoozed": bool,
    "without_snooze": frozenset({DAY, None}),
    "why": TEXT,
    "done_when": TEXT,
}
EXPLANATION = {
    **ROW,
    "tracker": TEXT,
    "today": DAY,
    "also": [TOLD],
    "silenced": [TOLD],
    "won": frozenset({TEXT, None}),
    "what_if": [
        {
            "column": frozenset(PEOPLE),
            "rule": RULE,
            "due": frozenset({DAY, None}),
            "status": frozenset(STATUSES),
        }
    ],
}


def decided(*problems: Problem, without: Sequence[str] = (), **cells: object) -> Decision:
    """What is decided of such a partner."""
    return decide(partner(**cells), problems, context(without=without))


# Who is meant


def named(*names: str | None) -> list[Decision]:
    """Decisions of partners with these names, from row 2 down."""
    return [decide(Partner(row, name), (), context()) for row, name in enumerate(names, start=2)]


@pytest.mark.parametrize(
    ("wanted", "row"),
    [
        ("Harbour Choir", 2),
        ("harbour  CHOIR!", 2),
        ("swim", 3),
        ("3", 3),
        ("4", 4),
        ("Choir", 5),
        ("מקהלה", 6),
        ("112", 7),
    ],
)
def test_a_row_comes_before_a_whole_name_and_that_before_a_part(wanted: str, row: int) -> None:
    decisions = named("Harbour Choir", "Swimming 4 all", None, "Choir", "מקהלה", "Line 112")
    assert find(decisions, wanted).partner.row == row


@pytest.mark.parametrize("wanted", ["Nobody", "", " ", "!", "99", "-1", "2.0", "²"])
def test_nobody_is_an_error_with_the_next_step(wanted: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(named("Harbour Choir", None), wanted)
    assert caught.value.kind == "unknown_partner"


def test_several_are_named_with_their_rows() -> None:
    with pytest.raises(UsageError) as caught:
        find(named("Choir of A", "Choir of B"), "choir of")
    assert caught.value.facts["partners"] == ("Choir of A (2)", "Choir of B (3)")


def test_very_many_are_counted() -> None:
    with pytest.raises(UsageError) as caught:
        find(named(*(f"Choir {number}" for number in range(40))), "choir")
    partners = caught.value.facts["partners"]
    assert isinstance(partners, tuple)
    assert (caught.value.facts["n"], len(partners)) == (40, MOST_NAMED)


def test_the_same_name_in_two_rows_is_told_apart_by_row() -> None:
    with pytest.raises(UsageError):
        find(named("Choir", "Choir"), "Choir")
    assert find(named("Choir", "Choir"), "3").partner.row == 3


# Why it won


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"stage": "paused"}, None),
        ({"stage": "in_talks", "last_contact": -9, "last_reply": -1}, None),
        (
            {"stage": "planning", "last_reply": -9, "event": 20},
            Sentence("terminal.explain.won.earliest", {"day": day(-8)}),
        ),
        (
            {"stage": "agreed", "last_contact": -1, "plan": "x", "verdict": "incomplete"},
            Sentence("terminal.explain.won.has_day"),
        ),
        (
            {"verdict": "failed", "stage": "agreed", "last_contact": -40},
            Sentence("terminal.explain.silences.stop"),
        ),
        (
            {"stage": "planning", "event": -3, "last_contact": -40},
            Sentence("terminal.explain.silences.event_passed"),
        ),
    ],
)
def test_why_an_obligation_came_first(cells: Cells, reason: Sentence | None) -> None:
    assert reason_it_won(decide(partner(**cells), (), context())) == reason


def test_a_tie_is_told_as_one() -> None:
    decision = decided(stage="in_talks", last_contact=-9, meeting=0, follow_up=0)
    assert [decision.obligation and decision.obligation.due, decision.also[0].due] == [
        WEDNESDAY,
        WEDNESDAY,
    ]
    assert reason_it_won(decision) == Sentence("terminal.explain.won.tie")


# What if


def told(decision: Decision, without: tuple[str, ...] = ()) -> dict[str, str]:
    """By the column and the value, which rule (or status) would then come first."""
    return {
        it.column: it.outcome.obligation.rule if it.outcome.obligation else it.outcome.status
        for it in what_ifs(decision, context(without=without))
        if it.column != "stage"
    }


def test_what_filling_in_a_cell_would_change_is_tried_out() -> None:
    decision = decided(stage="contacted", last_contact=-9, attempts=1)
    found = told(decision)
    assert found["last_reply"] == "reply"
    assert found["meeting"] == "meet"
    assert found["follow_up"] == "chase"


def test_what_would_change_nothing_is_not_told_and_nothing_twice() -> None:
    decision = decided(stage="contacted", last_contact=-9, attempts=1)
    found = [*what_ifs(decision, context())]
    outcomes = [
        (it.outcome.status, it.outcome.obligation and it.outcome.obligation[:2]) for it in found
    ]
    assert len(set(outcomes)) == len(outcomes)
    assert "plan" not in {it.column for it in found}
    assert (decision.status, decision.obligation and decision.obligation[:2]) not in outcomes


def test_columns_that_are_not_there_are_not_tried() -> None:
    without = ("meeting", "follow_up")
    decision = decided(stage="contacted", last_contact=-9, without=without)
    assert not {"meeting", "follow_up"} & told(decision, without).keys()


@pytest.mark.parametrize("stage", ["done", "declined"])
def test_a_closed_partner_is_not_closed_again(stage: str) -> None:
    stages = [it for it in what_ifs(decided(stage=stage), context()) if it.column == "stage"]
    assert stages == []


@pytest.mark.parametrize(("stage", "end"), [("agreed", "done"), ("contacted", "declined")])
def test_of_two_ends_the_likely_one_is_told(stage: str, end: str) -> None:
    found = what_ifs(decided(stage=stage, last_contact=-40), context())
    stages = [it.value for it in found if it.column == "stage"]
    assert stages == [Label("choice.stage.paused"), Label(f"choice.stage.{end}")]


def test_a_row_to_fix_has_no_what_if() -> None:
    blocking = Problem(2, "event", "unreadable_date", "soon", blocking=True)
    assert [*what_ifs(decided(blocking), context())] == []


def test_the_days_tried_out_lie_ahead() -> None:
    decision = decided(stage="contacted", last_contact=-9)
    values = {it.column: it.value for it in what_ifs(decision, context())}
    assert values["meeting"] == WEDNESDAY + timedelta(days=14)


# The command


def test_the_command_tells_all_of_a_partner_and_writes_nothing(home: Path) -> None:
    path = tracker(home / "p.xlsx", {**OVERDUE, "email": "choir(at)example.org"}, FINE)
    before = Untouched.of(path)
    document = command("explain", path, "choir", *TODAY, "--json").document
    assert before.holds()
    assert list(faults(document, EXPLANATION)) == []
    assert (document["rule"], document["row"]) == ("reply", 2)


def test_others_are_told_in_their_order_with_reasons(home: Path) -> None:
    event = date(2026, 12, 20)
    row = {**OVERDUE, "stage": "Planning", "event": event, "published": None, "plan": "they bake"}
    path = tracker(home / "p.xlsx", row)
    document = command("explain", path, "2", *TODAY, "--json").document
    assert list(faults(document, EXPLANATION)) == []
    assert [it["rule"] for it in document["also"]] == ["publish"]
    assert document["won"]
    outcome = command("explain", path, "2", *TODAY)
    assert "Also open" in outcome.out
    assert (
        outcome.out.index("Answer") < outcome.out.index("Also open") < outcome.out.index("Publish")
    )


def test_what_is_silenced_is_told_apart(home: Path) -> None:
    row = {**OVERDUE, "stage": "Planning", "event": date(2026, 11, 1), "last_reply": None}
    document = command("explain", tracker(home / "p.xlsx", row), "2", *TODAY, "--json").document
    assert list(faults(document, EXPLANATION)) == []
    assert (document["rule"], document["also"]) == ("event_passed", [])
    assert [it["rule"] for it in document["silenced"]] == ["keep_in_touch"]
    assert "Not asked for now" in command("explain", home / "p.xlsx", "2", *TODAY).out


def test_a_snooze_is_told_with_the_day_without_it(home: Path) -> None:
    row: Row = {
        "partner": "Choir",
        "stage": "Contacted",
        "last_contact": date(2026, 11, 2),
        "follow_up": date(2026, 12, 24),
        "meeting": None,
        "last_reply": None,
        "attempts": 1,
    }
    path = tracker(home / "p.xlsx", row)
    assert "Without your own day" in command("explain", path, "choir", *TODAY).said
