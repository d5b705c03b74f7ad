"""Each rule of the table: when it holds, when it just does not, by which day, and snoozed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from sheets_sync.columns import STAGES
from sheets_sync.model import PlaybookSettings
from sheets_sync.playbook import find_obligations
from sheets_sync.rules import RULES, SNOOZABLE
from tests.situations import TODAY, context, day, obligation, partner

Cells = Mapping[str, object]

ACTIVE = ("contacted", "in_talks", "planning", "agreed")
REPLIED: Cells = {"stage": "in_talks", "last_reply": -1}
THANKABLE: Cells = {"stage": "agreed", "event": -1, "last_contact": -3}
TO_PUBLISH: Cells = {"stage": "planning", "event": 20, "last_contact": 0, "plan": "we bake"}
NO_ANSWER: Cells = {"stage": "contacted", "last_contact": -10}
TALKING: Cells = {"stage": "in_talks", "last_reply": -4, "last_contact": -3}
MET: Cells = {"stage": "in_talks", "last_contact": -9, "meeting": -4}
THANKED: Cells = {"stage": "agreed", "event": -9, "thanked": -8, "last_contact": -9}
REACHABLE: Cells = {"email": "a@example.org"}

# Rule, cells, and the due as days from today (None: no day). Today is a Wednesday.
HOLDS: tuple[tuple[str, Cells, int | None], ...] = (
    ("stop", {"stage": "idea", "verdict": "failed"}, None),
    ("stop", {"stage": "paused", "verdict": "failed"}, None),
    ("stop", {"stage": "agreed", "verdict": "failed"}, None),
    ("event_passed", {"stage": "idea", "event": -1}, 0),
    ("event_passed", {"stage": "planning", "event": -5}, -2),
    ("event_passed", {"stage": "idea", "last_contact": -9, "event": -1}, 0),
    ("reply", {"stage": "idea", "last_reply": -1}, 0),
    ("reply", REPLIED, 0),
    ("reply", {**REPLIED, "last_reply": -5}, -2),
    ("reply", {**REPLIED, "last_contact": -2, "thanked": -2, "meeting": -2}, 0),
    ("reply", {"stage": "paused", "last_reply": -30}, -29),
    ("meet", {"stage": "contacted", "meeting": 0}, 0),
    ("meet", {"stage": "agreed", "meeting": 3}, 3),
    ("meet", {"stage": "idea", "last_contact": -3, "meeting": 4}, 4),
    ("thank", THANKABLE, 0),
    ("thank", {**THANKABLE, "event": 0}, 1),
    ("thank", {**THANKABLE, "event": -60}, -58),
    ("thank", {**THANKABLE, "stage": "done"}, 0),
    ("thank", {**THANKABLE, "thanked": -2}, 0),
    ("publish", TO_PUBLISH, 13),
    ("publish", {**TO_PUBLISH, "stage": "agreed", "event": 1}, -6),
    ("publish", {**TO_PUBLISH, "event": 11}, 2),  # seven days before is a Sunday
    ("publish", {**TO_PUBLISH, "published": -161}, 13),
    ("publish", {**TO_PUBLISH, "published": -9, "thanked": -9}, 13),
    ("approve_photo", TO_PUBLISH, 9),  # ten days before is a Saturday
    ("approve_photo", {**TO_PUBLISH, "photo_approved": False}, 9),
    ("discuss", {"verdict": "concern"}, None),
    ("discuss", {"verdict": "concern", "event": 60}, 16),  # 42 days before is a Sunday
    ("discuss", {"verdict": "concern", "event": 30}, 0),
    ("discuss", {"verdict": "concern", "event": 0}, None),
    ("find_contact", {}, None),
    ("find_contact", {"event": 50}, 8),
    ("find_contact", {"verdict": None}, None),
    ("first_contact", REACHABLE, None),
    ("first_contact", {**REACHABLE, "verdict": None, "event": 50}, 8),
    ("first_contact", {**REACHABLE, "last_reply": -9, "thanked": -9}, None),
    ("chase", NO_ANSWER, -2),  # seven days on is a Sunday
    ("chase", {**NO_ANSWER, "stage": "idea"}, -2),
    ("chase", {**NO_ANSWER, "attempts": 0}, -2),
    ("chase", {**NO_ANSWER, "attempts": 3}, 5),  # fourteen days on is a Sunday
    ("chase", {**NO_ANSWER, "attempts": 4}, 20),
    ("chase", {**NO_ANSWER, "attempts": 99}, 20),
    ("chase", {**NO_ANSWER, "stage": "in_talks", "attempts": 2}, -2),
    ("chase", {**NO_ANSWER, "attempts": 2, "last_reply": -11}, -2),
    ("arrange_meeting", TALKING, 5),  # seven days on is a Sunday
    ("arrange_meeting", {**TALKING, "stage": "contacted"}, 5),
    ("arrange_meeting", {"stage": "in_talks", "last_contact": -3}, 5),
    ("agree_plan", MET, -1),
    ("agree_plan", {**MET, "stage": "contacted", "meeting": -1}, 2),
    ("agree_plan", {"stage": "planning", "last_contact": -2}, 1),
    ("agree_plan", {"stage": "agreed", "last_contact": -2, "event": 0}, 1),
    ("after_event", THANKED, 6),
    ("after_event", {**THANKED, "event": -8}, 6),
    ("after_event", {**THANKED, "thanked": -1}, 13),
    ("keep_in_touch", {"stage": "planning", "last_contact": -9}, 21),
    ("keep_in_touch", {"stage": "agreed", "last_contact": -9, "keep_in_touch": 10}, 1),
    ("keep_in_touch", {**MET, "meeting": -1}, 29),
    ("keep_in_touch", {**MET, "stage": "contacted"}, 26),
    ("keep_in_touch", {"stage": "agreed", "last_contact": -9, "meeting": 9}, 21),
    ("vet", {"verdict": "incomplete"}, None),
    ("vet", {"verdict": "incomplete", "event": 50}, 8),
    ("vet", {"verdict": "incomplete", "stage": "agreed", "event": 50}, None),
    ("vet", {"verdict": "incomplete", "last_contact": -1, "event": 50}, None),
    ("follow_up", {"stage": "paused", "follow_up": 5}, 5),
    ("follow_up", {"stage": "declined", "follow_up": -5, "last_contact": -6}, -5),
    ("follow_up", {"stage": "done", "follow_up": 0}, 0),
    ("follow_up", {"stage": "contacted", "follow_up": 9, "meeting": 2}, 9),
)

JUST_NOT: tuple[tuple[str, Cells], ...] = (
    ("stop", {"stage": "declined", "verdict": "failed"}),
    ("stop", {"stage": "done", "verdict": "failed"}),
    ("stop", {"stage": "agreed", "verdict": "concern"}),
    ("event_passed", {"stage": "planning", "event": 0}),
    ("event_passed", {"stage": "agreed", "event": -1}),
    ("event_passed", {"stage": "paused", "event": -1}),
    ("reply", {**REPLIED, "last_contact": -1}),
    ("reply", {**REPLIED, "thanked": -1}),
    ("reply", {**REPLIED, "meeting": 5}),
    ("reply", {"stage": "in_talks", "last_contact": -4}),
    ("reply", {"stage": "paused", "last_reply": -31}),
    ("reply", {"stage": "declined", "last_reply": -1}),
    ("meet", {"stage": "contacted", "meeting": -1}),
    ("meet", {"stage": "idea", "meeting": 2}),
    ("meet", {"stage": "paused", "meeting": 2}),
    ("thank", {**THANKABLE, "event": 1}),
    ("thank", {**THANKABLE, "event": -61}),
    ("thank", {**THANKABLE, "thanked": -1}),
    ("thank", {**THANKABLE, "stage": "planning"}),
    ("publish", {**TO_PUBLISH, "event": 0}),
    ("publish", {**TO_PUBLISH, "published": -160}),
    ("publish", {**TO_PUBLISH, "published": 13}),
    ("publish", {**TO_PUBLISH, "published": -9, "thanked": -10}),
    ("publish", {**TO_PUBLISH, "published": -9, "thanked": 20}),
    ("publish", {**TO_PUBLISH, "stage": "in_talks"}),
    ("approve_photo", {**TO_PUBLISH, "photo_approved": True}),
    ("approve_photo", {**TO_PUBLISH, "published": -1}),
    ("discuss", {"verdict": "concern", "stage": "contacted"}),
    ("discuss", {"verdict": "concern", "last_contact": -1}),
    ("discuss", {"verdict": "passed"}),
    ("find_contact", {"contact": "Aino"}),
    ("find_contact", {"phone": "+358401234567"}),
    ("find_contact", {"link": "https://example.org"}),
    ("find_contact", {"verdict": "concern"}),
    ("find_contact", {"stage": "contacted"}),
    ("first_contact", {}),
    ("first_contact", {**REACHABLE, "last_reply": -1}),
    ("first_contact", {**REACHABLE, "last_contact": 0}),
    ("first_contact", {**REACHABLE, "verdict": "incomplete"}),
    ("chase", {**NO_ANSWER, "meeting": -20}),
    ("chase", {**NO_ANSWER, "last_reply": -10, "attempts": 2}),
    ("chase", {**NO_ANSWER, "last_reply": -11, "attempts": 1}),
    ("chase", {**NO_ANSWER, "stage": "in_talks", "attempts": 1}),
    ("chase", {**NO_ANSWER, "stage": "planning", "attempts": 3}),
    ("chase", {"stage": "contacted", "attempts": 3}),
    ("arrange_meeting", {**TALKING, "meeting": -9}),
    ("arrange_meeting", {**TALKING, "last_contact": -5}),  # reply holds
    ("arrange_meeting", {**TALKING, "attempts": 2}),  # chase holds
    ("arrange_meeting", NO_ANSWER),
    ("arrange_meeting", {"stage": "in_talks"}),
    ("arrange_meeting", {"stage": "contacted", "thanked": -9}),
    ("agree_plan", {**MET, "plan": "they bake"}),
    ("agree_plan", {**MET, "meeting": 0}),
    ("agree_plan", {**MET, "meeting": None}),
    ("agree_plan", {**MET, "event": -1}),
    ("agree_plan", {"stage": "planning", "last_contact": -2, "meeting": 1}),
    ("agree_plan", {"stage": "planning"}),
    ("after_event", {**THANKED, "last_contact": -7}),
    ("after_event", {**THANKED, "thanked": -10}),
    ("after_event", {**THANKED, "stage": "done"}),
    ("after_event", {**THANKED, "event": 0, "thanked": 0}),
    ("keep_in_touch", {**MET, "meeting": 0}),
    ("keep_in_touch", {**TALKING, "meeting": None}),
    ("keep_in_touch", {"stage": "planning"}),
    ("keep_in_touch", THANKABLE),  # thank holds
    ("keep_in_touch", {"stage": "planning", "last_contact": -9, "last_reply": -8}),  # reply holds
    ("vet", {"verdict": "passed"}),
    ("vet", {"verdict": None}),
    ("vet", {"verdict": "incomplete", "stage": "paused"}),
    ("vet", {"verdict": "incomplete", "stage": "done"}),
    ("follow_up", {"stage": "paused"}),
    ("follow_up", {"stage": "paused", "follow_up": -5, "last_contact": -5}),
    ("follow_up", {"stage": "paused", "follow_up": -5, "last_reply": -5}),
    ("follow_up", {"stage": "paused", "follow_up": -5, "thanked": -5}),
    ("follow_up", {"stage": "paused", "follow_up": -5, "meeting": -5}),
    ("follow_up", {**NO_ANSWER, "follow_up": 5}),  # chase takes it up
)

# Rule, cells, the columns that do not exist, and whether it holds all the same.
COLUMNS: tuple[tuple[str, Cells, tuple[str, ...], bool], ...] = (
    ("reply", REPLIED, ("last_contact",), False),
    ("thank", THANKABLE, ("thanked",), False),
    ("publish", TO_PUBLISH, ("published",), False),
    ("approve_photo", TO_PUBLISH, ("published",), False),
    ("approve_photo", TO_PUBLISH, ("photo_approved",), False),
    ("publish", TO_PUBLISH, ("photo_approved",), True),
    ("arrange_meeting", TALKING, ("meeting",), False),
    ("agree_plan", MET, ("plan",), False),
    ("keep_in_touch", {**MET, "last_contact": None}, ("last_contact",), False),
    ("keep_in_touch", TALKING, ("meeting",), True),
    ("keep_in_touch", {**TALKING, "stage": "contacted"}, ("meeting",), True),
    ("keep_in_touch", {"stage": "contacted", "thanked": -9}, ("meeting",), False),
    ("find_contact", {}, ("email", "phone", "link"), True),
    ("find_contact", {}, ("contact", "email", "phone", "link"), False),
    ("first_contact", {}, ("contact", "email", "phone", "link"), True),
    ("first_contact", {**REACHABLE, "last_reply": -1}, ("last_contact",), True),
    ("arrange_meeting", {"stage": "in_talks", "last_reply": -9}, ("last_contact",), True),
)


def due_on(offset: int | None) -> date | None:
    return None if offset is None else day(offset)


@pytest.mark.parametrize(("rule", "cells", "due"), HOLDS)
def test_a_rule_holds_with_its_due(rule: str, cells: Cells, due: int | None) -> None:
    found = obligation(rule, cells)
    assert found is not None
    assert (found.rule, found.due, found.clock) == (rule, due_on(due), due_on(due))
    assert not found.snoozed


@pytest.mark.parametrize(("rule", "cells"), JUST_NOT)
def test_a_rule_just_does_not_hold(rule: str, cells: Cells) -> None:
    assert obligation(rule, cells) is None


@pytest.mark.parametrize(("rule", "cells", "missing", "holds"), COLUMNS)
def test_a_rule_is_silent_where_its_column_is_missing(
    rule: str, cells: Cells, missing: tuple[str, ...], *, holds: bool
) -> None:
    assert (obligation(rule, cells, without=missing) is not None) is holds


@pytest.mark.parametrize(
    ("rule", "cells", "due"), [line for line in HOLDS if "follow_up" not in line[1]]
)
@pytest.mark.parametrize("chosen", [0, 11])  # 11 is a Sunday: exactly that day all the same
def test_a_snooze_is_the_due_of_the_rules_it_is_for_and_of_no_other(
    rule: str, cells: Cells, due: int | None, chosen: int
) -> None:
    found = obligation(rule, {**cells, "follow_up": chosen})
    assert found is not None
    assert found.clock == due_on(due)
    assert found.snoozed is (rule in SNOOZABLE)
    assert found.due == (day(chosen) if rule in SNOOZABLE else due_on(due))


def test_a_chosen_day_is_spent_once_there_was_a_touch_on_it() -> None:
    found = obligation("chase", {**NO_ANSWER, "follow_up": -10})
    assert found is not None
    assert not found.snoozed
    assert found.due == day(-2)


def test_a_meeting_still_ahead_does_not_spend_a_chosen_day() -> None:
    cells = {"stage": "in_talks", "verdict": "incomplete", "meeting": 9, "follow_up": 5}
    found = obligation("vet", cells)
    assert found is not None
    assert found.due == day(5)


def test_a_snooze_may_lie_in_the_past() -> None:
    found = obligation("chase", {**NO_ANSWER, "follow_up": -9})
    assert found is not None
    assert found.due == day(-9)


def test_every_rule_stands_in_the_tables() -> None:
    names = [rule.name for rule in RULES]
    assert {line[0] for line in HOLDS} == set(names)
    assert {line[0] for line in JUST_NOT} == set(names)
    assert [rule.ask.__name__ for rule in RULES] == names


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_is_asked_for_anything_where_nothing_is_filled_in(stage: str) -> None:
    found = find_obligations(partner(stage=stage), context())
    assert set(found) == ({"find_contact"} if stage == "idea" else set())


# Setting, its value, a rule, cells, and the due from today that the value brings.
SETTINGS: tuple[tuple[str, object, str, Cells, int], ...] = (
    ("reply_within", 3, "reply", REPLIED, 2),
    ("reply_within", 0, "reply", REPLIED, -1),
    ("chase_after", (1,), "chase", {**NO_ANSWER, "attempts": 7}, -9),
    ("chase_after", (1, 2), "chase", {**NO_ANSWER, "attempts": 2}, -8),
    ("arrange_within", 1, "arrange_meeting", TALKING, -2),
    ("plan_within", 9, "agree_plan", MET, 5),
    ("keep_in_touch", 5, "keep_in_touch", MET, 1),
    ("publish_before", 1, "publish", TO_PUBLISH, 19),
    ("photo_before_publish", 5, "approve_photo", TO_PUBLISH, 8),
    ("publish_before", 8, "approve_photo", TO_PUBLISH, 9),
    ("thank_within", 3, "thank", THANKABLE, 2),
    ("thank_for", 1, "thank", THANKABLE, 0),
    ("after_event_within", 8, "after_event", THANKED, 0),
    ("first_contact_lead", 1, "first_contact", {**REACHABLE, "event": 50}, 49),
)


@pytest.mark.parametrize(("setting", "value", "rule", "cells", "due"), SETTINGS)
def test_a_setting_moves_the_due(
    setting: str, value: object, rule: str, cells: Cells, due: int
) -> None:
    numbers = PlaybookSettings(**{setting: value})  # type: ignore[arg-type] # a table of settings
    found = find_obligations(partner(**cells), context(numbers=numbers)).get(rule)
    assert found is not None
    assert found.due == day(due)


def test_thanks_are_asked_for_as_long_as_the_setting_says() -> None:
    numbers = PlaybookSettings(thank_for=0)
    assert "thank" not in find_obligations(partner(**THANKABLE), context(numbers=numbers))


def test_today_is_a_wednesday() -> None:
    assert TODAY.isoweekday() == 3
