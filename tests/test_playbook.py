"""The decision: which obligation wins, what is silenced, what waits, and the status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.columns import STAGES, STATUSES
from sheets_sync.model import Decision, Label, Partner, PlaybookSettings, Problem
from sheets_sync.playbook import Context, decide, done_when
from sheets_sync.rules import RULES
from sheets_sync.workdays import workdays_of
from tests.situations import ALL_COLUMNS, TODAY, context, day, partner

Cells = Mapping[str, object]

BLOCKING = Problem(2, "event", "unreadable_date", "soon", blocking=True)
WARNING = Problem(2, "email", "not_an_email", "aino", blocking=False)
ORDER = [rule.name for rule in RULES]


def decision(*problems: Problem, **cells: object) -> Decision:
    return decide(partner(**cells), problems, context())


def chosen(found: Decision) -> tuple[str | None, list[str], list[str]]:
    winner = found.obligation.rule if found.obligation else None
    return winner, [other.rule for other in found.also], [one.rule for one in found.silenced]


# Cells, the winner, the others in order, the silenced.
CHOICES: tuple[tuple[Cells, str, list[str], list[str]], ...] = (
    (
        {"stage": "in_talks", "verdict": "failed", "last_reply": -1, "event": -1, "meeting": -3},
        "stop",
        [],
        ["event_passed", "reply"],
    ),
    (
        {"stage": "planning", "event": -4, "last_contact": -9, "verdict": "incomplete"},
        "event_passed",
        [],
        ["keep_in_touch", "vet"],
    ),
    (
        {"stage": "contacted", "event": -4, "last_reply": -1, "meeting": None},
        "event_passed",
        ["reply"],
        [],
    ),
    (
        {"stage": "contacted", "event": -1, "last_contact": -20, "last_reply": -9, "meeting": 5},
        "event_passed",
        ["meet"],
        [],
    ),
    ({"stage": "idea", "event": -1, "follow_up": 9}, "event_passed", [], ["find_contact"]),
    (
        {"stage": "planning", "event": 20, "last_contact": -40, "last_reply": -1},
        "reply",
        ["agree_plan", "approve_photo", "publish"],
        [],
    ),
    (
        {"stage": "planning", "last_contact": -9, "verdict": "incomplete", "plan": "we bake"},
        "keep_in_touch",
        ["vet"],
        [],
    ),
    (
        {"stage": "agreed", "event": -1, "meeting": 2, "last_contact": -3, "plan": "x"},
        "thank",
        ["meet"],
        [],
    ),
    ({"stage": "planning", "verdict": "incomplete"}, "vet", [], []),
)


@pytest.mark.parametrize(("cells", "winner", "also", "silenced"), CHOICES)
def test_the_earliest_due_wins_and_the_others_wait_in_order(
    cells: Cells, winner: str, also: list[str], silenced: list[str]
) -> None:
    assert chosen(decision(**cells)) == (winner, also, silenced)


# Cells where all dues are the same day, and the order of the table that settles it.
TIES: tuple[tuple[Cells, list[str]], ...] = (
    (
        {"stage": "agreed", "meeting": 0, "event": -1, "last_contact": -3},
        ["meet", "thank"],
    ),
    (
        {"stage": "planning", "last_contact": -9, "follow_up": 9, "verdict": "incomplete"},
        ["agree_plan", "keep_in_touch", "vet"],
    ),
    (
        {"stage": "contacted", "last_contact": -9, "last_reply": -10, "follow_up": 9,
         "attempts": 2, "verdict": "incomplete"},
        ["chase", "vet"],
    ),
    ({"stage": "planning", "event": 20, "plan": "x", "meeting": 9}, ["meet", "approve_photo"]),
    ({"stage": "contacted", "meeting": 0, "last_reply": -1, "last_contact": -9, "follow_up": 0},
     ["meet", "follow_up"]),
    ({"stage": "contacted", "meeting": -1, "last_reply": -1, "last_contact": -9, "follow_up": 0},
     ["agree_plan", "keep_in_touch"]),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "order"), TIES)
def test_a_tie_goes_by_the_order_of_the_table(cells: Cells, order: list[str]) -> None:
    found = decision(**cells)
    assert found.obligation is not None
    tied = [one.rule for one in (found.obligation, *found.also) if one.due == found.obligation.due]
    assert tied == order


# Cells, status, days overdue.
STATUS: tuple[tuple[Cells, str, int | None], ...] = (
    ({"stage": "idea", "verdict": "failed"}, "not_a_fit", None),
    ({"stage": "idea", "verdict": "failed", "follow_up": -3}, "not_a_fit", None),
    ({"stage": "contacted", "last_contact": -10}, "overdue", 2),
    ({"stage": "contacted", "meeting": 0}, "due_today", None),
    ({"stage": "contacted", "meeting": 1}, "upcoming", None),
    ({"stage": "idea"}, "to_do", None),
    ({"stage": "paused"}, "idle", None),
    ({"stage": "agreed"}, "idle", None),
    ({"stage": "done"}, "closed", None),
    ({"stage": "declined", "last_contact": -9}, "closed", None),
    ({"stage": "declined", "follow_up": -1}, "overdue", 1),
    ({"stage": "done", "event": -1}, "due_today", None),
)


@pytest.mark.parametrize(("cells", "status", "days"), STATUS)
def test_the_status_tells_how_the_due_stands_to_today(
    cells: Cells, status: str, days: int | None
) -> None:
    found = decision(**cells)
    assert (found.status, found.days_overdue) == (status, days)


def test_a_blocking_problem_comes_before_everything() -> None:
    found = decision(WARNING, BLOCKING, stage="contacted", last_contact=-10, verdict="failed")
    assert found.status == "fix_data"
    assert chosen(found) == (None, [], [])
    assert found.days_overdue is None
    assert found.problems == (WARNING, BLOCKING)
    assert done_when(found, context()) is None


def test_the_action_names_the_cells_to_put_right_once_each_and_no_others() -> None:
    again = Problem(2, "event", "future_date", None, blocking=True)
    stage = Problem(2, "stage", "unknown_choice", "soonish", blocking=True)
    found = decision(stage, WARNING, BLOCKING, again)
    assert found.action is not None
    assert found.action.facts["columns"] == (Label("column.stage"), Label("column.event"))


def test_a_warning_does_not_stop_the_rules() -> None:
    found = decision(WARNING, stage="contacted", last_contact=-10)
    assert found.status == "overdue"
    assert found.problems == (WARNING,)


@pytest.mark.parametrize("stage", ["paused", "agreed", "done", "declined"])
def test_without_an_obligation_there_is_no_action_but_a_reason(stage: str) -> None:
    found = decision(stage=stage)
    assert found.action is None
    assert found.why is not None
    assert done_when(found, context()) is None


def test_a_snoozed_obligation_keeps_the_day_it_would_have_had() -> None:
    found = decision(stage="contacted", last_contact=-10, follow_up=5)
    assert found.obligation is not None
    assert (found.obligation.due, found.obligation.clock) == (day(5), day(-2))
    assert found.status == "upcoming"


def test_a_reply_is_answered_first_even_when_snoozed() -> None:
    found = decision(stage="in_talks", last_reply=-3, last_contact=-9, meeting=-8, follow_up=9)
    assert found.obligation is not None
    assert (found.obligation.rule, found.obligation.due) == ("reply", day(-2))
    assert {other.due for other in found.also} == {day(9)}


def anyones_cells() -> st.SearchStrategy[Partner]:
    """Partners with anything in the cells that rules look at."""
    dates = st.none() | st.integers(-250, 250).map(day)
    past = st.none() | st.integers(-250, 0).map(day)
    return st.builds(
        Partner,
        row=st.just(2),
        partner=st.just("Library"),
        stage=st.sampled_from(STAGES),
        last_contact=past,
        attempts=st.none() | st.integers(0, 6),
        last_reply=past,
        thanked=past,
        follow_up=dates,
        meeting=dates,
        event=dates,
        published=dates,
        plan=st.sampled_from([None, "we bake"]),
        keep_in_touch=st.none() | st.integers(1, 60),
        photo_approved=st.sampled_from([None, False, True]),
        email=st.sampled_from([None, "a@example.org"]),
        country=st.sampled_from([None, "FI", "IL"]),
        verdict=st.sampled_from([None, "failed", "incomplete", "concern", "passed"]),
    )


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Any day, any columns."""
    missing = draw(st.sets(st.sampled_from(sorted(ALL_COLUMNS - {"partner", "stage"}))))
    return Context(TODAY, PlaybookSettings(), workdays_of("FI"), ALL_COLUMNS - missing)


@given(anyones_cells(), contexts())
def test_every_decision_is_whole(someone: Partner, day_of: Context) -> None:
    blanks = dict.fromkeys(ALL_COLUMNS - day_of.columns - {"notes"})
    someone = someone._replace(**blanks)  # type: ignore[arg-type] # every such cell may be None
    found = decide(someone, (), day_of)
    assert found.status in STATUSES
    assert (found.obligation is None) == (found.action is None)
    assert (found.obligation is None) == (found.status in {"idle", "closed"})
    assert (found.days_overdue is not None) == (found.status == "overdue")
    said = [one for one in (found.obligation, *found.also) if one is not None]
    keys = [(one.due or date.max, ORDER.index(one.rule)) for one in said]
    assert keys == sorted(keys)
    assert not {one.rule for one in said} & {one.rule for one in found.silenced}
