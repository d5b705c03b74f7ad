"""Doing what ``done_when`` says makes the obligation go away or moves its due.

What each sentence tells people to do stands in ``ways_out.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.columns import STAGES
from sheets_sync.model import (
    LANGUAGES,
    Fact,
    Label,
    Language,
    Obligation,
    Partner,
    PlaybookSettings,
    Sentence,
)
from sheets_sync.playbook import Context, done_when_obligation, find_obligations
from sheets_sync.rules import RULES
from sheets_sync.texts import say
from sheets_sync.workdays import workdays_of
from tests.situations import ALL_COLUMNS, TODAY, context, day, partner, verdict_of
from tests.ways_out import WAYS, Doing, Way

Cells = Mapping[str, object]


def replaced(someone: Partner, cells: Cells) -> Partner:
    """The partner with other cells."""
    return someone._replace(**cells)  # type: ignore[arg-type] # cells of all kinds


def judged(someone: Partner, columns: frozenset[str]) -> Partner:
    """The partner with the verdict that the answers give; columns that are absent count not."""
    filler = {"values_fit": "yes", "reputation": "good", "partner_benefit": "x", "our_benefit": "x"}
    asked = {key: answer for key, answer in filler.items() if key not in columns}
    if len(asked) == len(filler):
        return someone._replace(verdict=None)
    return someone._replace(verdict=verdict_of(replaced(someone, asked)))


def follow(way: Way, doing: Doing, someone: Partner, situation: Context) -> Obligation | None:
    """What the same rule asks after the sentence was followed."""
    changed = judged(replaced(someone, way(doing)), situation.columns)
    return find_obligations(changed, situation).get(doing.obligation.rule)


def days_to_do_it(obligation: Obligation, today: date) -> Iterator[date]:
    """Today, and the day it is due where that is still ahead."""
    yield today
    if obligation.due and obligation.due > today:
        yield obligation.due


def moved_on(before: Obligation, after: Obligation, today: date) -> bool:
    """Whether the due moved.

    Ahead of its day, a clock that started anew may end on the same working day as the old one.
    """
    early = before.due is not None and before.due > today
    return after.due != before.due or (early and after.facts != before.facts)


def assert_clears(rule: str, someone: Partner, situation: Context) -> None:
    """Each way out that the sentence offers clears or moves the obligation, on each day."""
    first = find_obligations(someone, situation)[rule]
    for today in days_to_do_it(first, situation.today):
        then = situation._replace(today=today)
        before = find_obligations(someone, then).get(rule)
        if before is None:
            continue
        sentence = done_when_obligation(before, someone, then)
        for way in WAYS[sentence.id.removeprefix("playbook.done.")]:
            after = follow(way, Doing(today, before, sentence), someone, then)
            assert after is None or moved_on(before, after, today), sentence.id


FAILED: Cells = {"values_fit": "no", "reputation": "good"}
BENEFITS: Cells = {"partner_benefit": "visitors", "our_benefit": "a hall"}
DOUBT: Cells = {**BENEFITS, "values_fit": "partly", "reputation": "good"}
FIT: Cells = {**BENEFITS, "values_fit": "yes", "reputation": "good"}
REPLIED: Cells = {**FIT, "stage": "in_talks", "last_reply": -1}
NO_ANSWER: Cells = {**FIT, "stage": "contacted", "last_contact": -10}
TALKING: Cells = {**FIT, "stage": "in_talks", "last_reply": -4, "last_contact": -3}
MET: Cells = {**FIT, "stage": "in_talks", "last_contact": -9, "meeting": -4}
THANKED: Cells = {**FIT, "stage": "agreed", "event": -9, "thanked": -8, "last_contact": -9}
TO_PUBLISH: Cells = {**FIT, "stage": "planning", "event": 20, "last_contact": -1}
CAME_BACK: Cells = {**FIT, "stage": "paused", "follow_up": 0, "last_contact": -50}

# The id of the sentence, the rule, the cells, and the columns that do not exist.
SITUATIONS: tuple[tuple[str, str, Cells, tuple[str, ...]], ...] = (
    ("stop.values", "stop", FAILED, ()),
    ("stop.reputation", "stop", {"values_fit": "yes", "reputation": "bad"}, ()),
    ("stop.both", "stop", {**FAILED, "reputation": "bad", "stage": "agreed"}, ()),
    ("event_passed", "event_passed", {**FIT, "event": -3}, ()),
    ("event_passed", "event_passed", {**MET, "event": -3, "follow_up": 9}, ()),
    ("reply", "reply", {**REPLIED, "last_contact": -9}, ()),
    ("reply", "reply", {**REPLIED, "attempts": 3}, ("attempts",)),
    ("reply.attempts", "reply", {**REPLIED, "attempts": 3, "last_contact": -9}, ()),
    ("reply.idea", "reply", {**FIT, "last_reply": -1}, ()),
    ("reply.idea.attempts", "reply", {**FIT, "last_reply": -1, "attempts": 2}, ()),
    ("reply", "reply", {**REPLIED, "stage": "paused", "last_reply": 0}, ()),
    ("meet", "meet", {**MET, "meeting": 3, "plan": "we bake"}, ()),
    ("meet", "meet", {**MET, "meeting": 0}, ("plan",)),
    ("meet.plan", "meet", {**MET, "meeting": 0}, ()),
    ("thank", "thank", {**THANKED, "thanked": -30}, ()),
    ("thank", "thank", {**FIT, "stage": "done", "event": 0}, ()),
    ("publish", "publish", TO_PUBLISH, ()),
    ("publish", "publish", {**TO_PUBLISH, "published": -200}, ()),
    ("publish", "publish", {**TO_PUBLISH, "published": -9, "thanked": -3}, ()),
    ("publish.from", "publish", {**TO_PUBLISH, "event": 200}, ()),
    ("publish.from", "publish", {**TO_PUBLISH, "published": 0, "thanked": 0}, ()),
    ("approve_photo", "approve_photo", TO_PUBLISH, ()),
    ("discuss.values.day", "discuss", DOUBT, ()),
    ("discuss.values", "discuss", DOUBT, ("last_contact",)),
    ("discuss.reputation.day", "discuss", {**FIT, "reputation": "unsure"}, ()),
    ("discuss.reputation", "discuss", {**FIT, "reputation": "unsure"}, ("last_contact",)),
    ("discuss.both.day", "discuss", {**DOUBT, "reputation": "unsure", "event": 50}, ()),
    ("discuss.both", "discuss", {**DOUBT, "reputation": "unsure"}, ("last_contact",)),
    ("find_contact.contact", "find_contact", FIT, ()),
    ("find_contact.contact", "find_contact", {**FIT, "type": "community"}, ("link",)),
    ("find_contact.contact", "find_contact", {**FIT, "type": "person", "follow_up": 9}, ()),
    ("find_contact", "find_contact", FIT, ("contact",)),
    ("find_contact", "find_contact", FIT, ("email", "phone", "link")),
    ("first_contact.day.attempts", "first_contact", {**FIT, "contact": "Aino"}, ()),
    ("first_contact.day", "first_contact", {**FIT, "contact": "Aino"}, ("attempts",)),
    ("first_contact", "first_contact", {**FIT, "contact": "Aino"}, ("last_contact",)),
    ("first_contact", "first_contact", {**FIT, "link": "x", "last_reply": -1}, ("last_contact",)),
    ("chase", "chase", NO_ANSWER, ()),
    ("chase", "chase", {**NO_ANSWER, "attempts": 3}, ()),
    ("chase", "chase", {**NO_ANSWER, "follow_up": -2}, ()),
    ("chase.snoozed", "chase", {**NO_ANSWER, "follow_up": 9}, ()),
    ("chase.snoozed", "chase", {**NO_ANSWER, "attempts": 5, "follow_up": 9}, ()),
    ("chase.rest", "chase", {**NO_ANSWER, "attempts": 4}, ()),
    ("chase.rest", "chase", {**NO_ANSWER, "attempts": 1000}, ()),
    ("chase.pause", "chase", {**NO_ANSWER, "attempts": 4}, ("follow_up",)),
    ("chase.day", "chase", NO_ANSWER, ("attempts",)),
    ("chase.day.snoozed", "chase", {**NO_ANSWER, "follow_up": 9}, ("attempts",)),
    ("arrange_meeting.asked", "arrange_meeting", TALKING, ()),
    ("arrange_meeting.asked", "arrange_meeting", {**TALKING, "follow_up": 0}, ()),
    ("arrange_meeting", "arrange_meeting", {**TALKING, "follow_up": 9}, ()),
    (
        "arrange_meeting",
        "arrange_meeting",
        {**TALKING, "last_contact": None},
        ("last_contact",),
    ),
    ("agree_plan.rhythm", "agree_plan", MET, ()),
    ("agree_plan", "agree_plan", {**MET, "keep_in_touch": 14}, ()),
    ("agree_plan", "agree_plan", {**MET, "follow_up": 9}, ("keep_in_touch",)),
    ("after_event.talked", "after_event", THANKED, ()),
    ("after_event.talked", "after_event", {**THANKED, "follow_up": 9}, ()),
    ("after_event", "after_event", THANKED, ("last_contact",)),
    ("after_event", "after_event", {**THANKED, "thanked": 0}, ()),
    ("keep_in_touch", "keep_in_touch", MET, ()),
    ("keep_in_touch", "keep_in_touch", {**THANKED, "follow_up": 0}, ()),
    ("keep_in_touch.snoozed", "keep_in_touch", {**MET, "follow_up": 9}, ()),
    ("vet.dated", "vet", {"values_fit": "yes"}, ()),
    ("vet", "vet", {"stage": "agreed"}, ("vetted_on", "our_benefit")),
    ("vet.dated", "vet", {"follow_up": 4}, ("values_fit", "partner_benefit", "our_benefit")),
    ("follow_up.day", "follow_up", {**MET, "meeting": 3, "follow_up": 4}, ()),
    ("follow_up", "follow_up", {**FIT, "stage": "in_talks", "follow_up": 4}, ("last_contact",)),
    ("follow_up.again.day", "follow_up", CAME_BACK, ()),
    ("follow_up.again.day", "follow_up", {**CAME_BACK, "stage": "declined", "follow_up": 5}, ()),
    ("follow_up.again", "follow_up", {**CAME_BACK, "last_contact": None}, ("last_contact",)),
)


@pytest.mark.parametrize(("message", "rule", "cells", "without"), SITUATIONS)
def test_doing_what_the_sentence_says_clears_or_moves_the_obligation(
    message: str, rule: str, cells: Cells, without: tuple[str, ...]
) -> None:
    situation = context(without=without)
    someone = judged(partner(**cells), situation.columns)
    found = find_obligations(someone, situation)[rule]
    sentence = done_when_obligation(found, someone, situation)
    assert sentence.id == f"playbook.done.{message}"
    assert_clears(rule, someone, situation)


def test_every_rule_and_every_sentence_stands_in_the_tables() -> None:
    assert {line[1] for line in SITUATIONS} == {rule.name for rule in RULES}
    assert {line[0] for line in SITUATIONS} == set(WAYS)


def test_a_meeting_is_done_with_the_day_after_it() -> None:
    someone = judged(partner(**{**MET, "meeting": 0}), ALL_COLUMNS)
    assert "meet" in find_obligations(someone, context())
    assert "meet" not in find_obligations(someone, context(today=day(1)))


def anyone() -> st.SearchStrategy[Partner]:
    """Partners with anything in the cells that rules look at, and no touch today."""
    dates = st.none() | st.integers(-250, 250).map(day)
    past = st.none() | st.integers(-250, -1).map(day)
    return st.builds(
        Partner,
        row=st.just(2),
        partner=st.just("Library"),
        type=st.sampled_from([None, "organisation", "community", "person"]),
        contact=st.sampled_from([None, "Aino"]),
        values_fit=st.sampled_from([None, "yes", "yes", "partly", "no"]),
        partner_benefit=st.sampled_from([None, "visitors", "visitors"]),
        our_benefit=st.sampled_from(["a hall", "a hall", None]),
        reputation=st.sampled_from(["good", "good", "unsure", "bad", None]),
        stage=st.sampled_from(STAGES),
        last_contact=past,
        attempts=st.none() | st.integers(0, 6) | st.just(1000),
        last_reply=past,
        thanked=past,
        follow_up=dates,
        meeting=dates,
        event=dates,
        published=dates,
        plan=st.sampled_from([None, "we bake"]),
        keep_in_touch=st.none() | st.integers(1, 60),
        photo_approved=st.sampled_from([None, False, True]),
        country=st.sampled_from([None, "FI", "IL"]),
    )


missing_columns = st.sets(st.sampled_from(sorted(ALL_COLUMNS - {"partner", "stage", "notes"})))


def without(someone: Partner, missing: set[str]) -> Partner:
    """The partner as read from a sheet that lacks these columns."""
    return judged(replaced(someone, dict.fromkeys(missing)), ALL_COLUMNS - missing)


@given(anyone(), missing_columns)
def test_whatever_stands_in_the_cells_the_sentence_leads_on(
    someone: Partner, missing: set[str]
) -> None:
    situation = context(without=missing)
    someone = without(someone, missing)
    for rule in find_obligations(someone, situation):
        assert_clears(rule, someone, situation)


@given(anyone(), missing_columns)
def test_the_sentence_names_columns_that_exist_only(someone: Partner, missing: set[str]) -> None:
    situation = context(without=missing)
    someone = without(someone, missing)
    for found in find_obligations(someone, situation).values():
        sentence = done_when_obligation(found, someone, situation)
        for language in LANGUAGES:
            named = set(columns_named(sentence, template(sentence, language)))
            assert named <= situation.columns, sentence.id


def template(sentence: Sentence, language: Language) -> str:
    """The sentence in the language with its places left open."""
    places: dict[str, Fact] = {name: f"{{{name}}}" for name in sentence.facts}
    return say(Sentence(sentence.id, places), language)


def columns_named(sentence: Sentence, words: str) -> Iterator[str]:
    """The keys of the columns that a template speaks of."""
    for _, place, _, _ in Formatter().parse(words):
        fact = sentence.facts[place] if place else ()
        for label in fact if isinstance(fact, tuple) else (fact,):
            if isinstance(label, Label) and label.id.startswith("column."):
                yield label.id.removeprefix("column.")


@pytest.mark.parametrize(
    ("kind", "missing", "address"),
    [
        ("organisation", (), "email"),
        ("community", (), "link"),
        ("person", (), "phone"),
        (None, (), "email"),
        ("organisation", ("email",), "link"),
        ("person", ("phone", "link"), "email"),
        ("person", ("email", "phone", "link"), "contact"),
    ],
)
def test_what_was_found_goes_where_such_partners_are_usually_reached(
    kind: str | None, missing: tuple[str, ...], address: str
) -> None:
    situation = context(without=missing)
    someone = partner(type=kind)
    found = find_obligations(someone, situation)["find_contact"]
    sentence = done_when_obligation(found, someone, situation)
    assert sentence.facts["address"] == Label(f"column.{address}")


def test_numbers_of_zero_days_still_move_on() -> None:
    zeros = PlaybookSettings(arrange_within=0, plan_within=0, keep_in_touch=0, after_event_within=0)
    situation = Context(TODAY, zeros, workdays_of(None), ALL_COLUMNS)
    for cells in (TALKING, MET, THANKED):
        someone = judged(partner(**cells), ALL_COLUMNS)
        for rule in find_obligations(someone, situation):
            assert_clears(rule, someone, situation)
