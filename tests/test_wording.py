"""The playbook's sentences: whole whatever is blank, short whatever is long, true to the rule."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.columns import STAGES
from sheets_sync.model import LANGUAGES, Language, Partner, Sentence
from sheets_sync.playbook import decide, done_when, done_when_obligation, find_obligations
from sheets_sync.texts import say
from sheets_sync.wording import action, nothing_to_do_why, why
from tests.everything_said import everything_said
from tests.playbook_catalogue import message_ids
from tests.situations import context, day, partner

Cells = Mapping[str, object]

LONGEST = 300
ISOLATES = "\u2068\u2069"
FIT: Cells = {"values_fit": "yes", "reputation": "good"}


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    """One sentence of each id and set of facts."""
    found = {(one.id, *sorted(one.facts)): one for one in everything_said()}
    return list(found.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_finds_its_words_and_facts(
    sentences: list[Sentence], language: Language
) -> None:
    for sentence in sentences:
        words = say(sentence, language)
        assert words
        assert "{" not in words
        assert "None" not in words
        assert "…" not in words


def test_every_sentence_of_the_catalogue_is_said_of_somebody(sentences: list[Sentence]) -> None:
    said = {sentence.id for sentence in sentences}
    asked = {
        fact.id
        for sentence in sentences
        for part in sentence.facts.values()
        for fact in (part if isinstance(part, tuple) else ())
        if isinstance(fact, Sentence)
    }
    assert message_ids() == said | asked


long_text = st.none() | st.text("aא{}%\u202e\n ,.", max_size=90).map(lambda text: f"x{text}x")


def anyone() -> st.SearchStrategy[Partner]:
    """Partners with long and odd words in every cell that a sentence may speak of."""
    dates = st.none() | st.integers(-60, 60).map(day)
    past = st.none() | st.integers(-60, 0).map(day)
    return st.builds(
        Partner,
        row=st.just(2),
        partner=long_text.filter(bool),
        type=st.sampled_from([None, "organisation", "community", "person"]),
        channel=st.sampled_from([None, "phone", "email", "chat", "meeting"]),
        theme=long_text,
        contact=long_text,
        introduced_by=long_text,
        partner_benefit=long_text,
        values_fit=st.sampled_from([None, "yes", "partly", "no"]),
        reputation=st.sampled_from([None, "good", "unsure", "bad"]),
        stage=st.sampled_from(STAGES),
        country=st.sampled_from([None, "FI", "IL"]),
        last_contact=past,
        attempts=st.none() | st.integers(0, 6),
        last_reply=past,
        follow_up=dates,
        meeting=dates,
        event=dates,
        thanked=past,
        keep_in_touch=st.none() | st.integers(1, 60),
        verdict=st.sampled_from([None, "incomplete", "passed"]),
    )


@given(anyone(), st.sampled_from(LANGUAGES))
def test_whatever_people_write_the_sentences_stay_short_and_on_one_line(
    someone: Partner, language: Language
) -> None:
    found = decide(someone, (), context())
    for sentence in filter(None, (found.action, found.why, done_when(found, context()))):
        words = say(sentence, language)
        assert len(words) <= LONGEST
        assert all(char.isprintable() or char in ISOLATES for char in words)


def words_of(rule: str, cells: Cells, about: str = "action") -> str:
    """What is said in English of a rule: action, why or done."""
    situation = context()
    someone = partner(**cells)
    found = find_obligations(someone, situation)[rule]
    worded = {"action": action, "why": why, "done": done_when_obligation}[about]
    return say(worded(found, someone, situation), "en")


NO_ANSWER: Cells = {"stage": "contacted", "last_contact": -10}
REACHABLE: Cells = {"email": "a@example.org"}

# Rule, cells, and words that the action must hold.
ACTIONS: tuple[tuple[str, Cells, tuple[str, ...]], ...] = (
    ("stop", {"verdict": "failed", "values_fit": "no"}, ("values", "not to start", "Declined")),
    (
        "stop",
        {"verdict": "failed", "reputation": "bad", "stage": "agreed"},
        ("reputation", "kindly", "thank them"),
    ),
    ("event_passed", {"event": -1}, ("17 Nov 2026", "Agreed", "Done", "Paused", "Event date")),
    ("reply", {"stage": "in_talks", "last_reply": -1, "type": "organisation"}, ("by email",)),
    ("reply", {"stage": "in_talks", "last_reply": -1, "type": "person"}, ("by phone",)),
    (
        "reply",
        {"stage": "in_talks", "last_reply": -1, "type": "person", "channel": "chat"},
        ("chat", "Library"),
    ),
    (
        "meet",
        {"stage": "agreed", "meeting": 2, "contact": "Aino"},
        ("Aino", "20 Nov 2026", "who does what"),
    ),
    ("thank", {"stage": "agreed", "event": -1}, ("thank", "wish them well", "who else")),
    ("publish", {"stage": "agreed", "event": 20}, ("at least 7 days", "picture", "few words")),
    ("approve_photo", {"stage": "agreed", "event": 20}, ("picture", "words", "approve")),
    ("discuss", {"verdict": "concern", "values_fit": "partly"}, ("values", "colleague")),
    ("discuss", {"verdict": "concern", "reputation": "unsure"}, ("light", "colleague")),
    ("find_contact", {"type": "organisation"}, ("right person", "email")),
    ("find_contact", {"type": "community"}, ("right person", "chat")),
    ("find_contact", {"type": "person"}, ("phone",)),
    (
        "first_contact",
        {**REACHABLE, "channel": "phone", "introduced_by": "Dana", "partner_benefit": "visitors"},
        ("Call", "Dana", "short hello", "who we are", "good about", "visitors", "time to"),
    ),
    ("chase", {**NO_ANSWER, "type": "organisation", "phone": "+358 40"}, ("call",)),
    ("chase", {**NO_ANSWER, "type": "person", **REACHABLE, "phone": "+358 40"}, ("email",)),
    ("chase", {**NO_ANSWER, "channel": "email", **REACHABLE, "link": "example.org"}, ("website",)),
    ("chase", {**NO_ANSWER, "channel": "email", **REACHABLE}, ("another way",)),
    ("chase", {**NO_ANSWER, "attempts": 2, "introduced_by": "Dana"}, ("ask Dana",)),
    ("chase", {**NO_ANSWER, "attempts": 2}, ("network",)),
    ("chase", {**NO_ANSWER, "attempts": 3}, ("colleague", "person", "angle", "role")),
    ("chase", {**NO_ANSWER, "attempts": 9, "theme": "Food"}, ("for Food", "come back", "later")),
    ("chase", {**NO_ANSWER, "attempts": 4}, ("other candidates", "come back", "later")),
    ("arrange_meeting", {"stage": "in_talks", "last_contact": -1}, ("together", "times to meet")),
    ("agree_plan", {"stage": "planning", "last_contact": -1}, ("who does what", "how often")),
    ("after_event", {"stage": "agreed", "event": -9, "thanked": -8}, ("next", "who else", "Done")),
    ("keep_in_touch", {"stage": "agreed", "last_contact": -9}, ("9 Nov 2026",)),
    (
        "vet",
        {"verdict": "incomplete", "partner_benefit": "visitors", "reputation": "good"},
        ("before you contact them", "do their values fit ours", "what do we gain", "?"),
    ),
    ("vet", {"verdict": "incomplete", "stage": "agreed"}, ("before you go further",)),
    ("follow_up", {"stage": "paused", "follow_up": 0}, ("18 Nov 2026", "pick it up")),
    ("follow_up", {"stage": "declined", "follow_up": 0}, ("18 Nov 2026", "once more")),
)

# Rule, cells, and the reason word for word.
REASONS: tuple[tuple[str, Cells, str], ...] = (
    (
        "reply",
        {"stage": "in_talks", "last_reply": -6},
        "They replied on 12 Nov 2026; an answer is due within 1 working day.",
    ),
    (
        "chase",
        {**NO_ANSWER, "attempts": 3, "follow_up": 9},
        (
            "You chose to come back on 27 Nov 2026; otherwise it would be due on 23 Nov 2026. "
            "You last contacted them on 8 Nov 2026, attempt 3, and no answer has come."
        ),
    ),
    (
        "keep_in_touch",
        {"stage": "agreed", "last_contact": -9, "keep_in_touch": 1},
        (
            "You were last in touch on 9 Nov 2026; with them a word is due every 1 day, "
            "as this row says."
        ),
    ),
    (
        "first_contact",
        {**REACHABLE, "event": 50},
        (
            "They have not been contacted yet, and the event is on 7 Jan 2027: "
            "first contact is best made 42 days before it or earlier."
        ),
    ),
)


@pytest.mark.parametrize(("rule", "cells", "parts"), ACTIONS)
def test_the_action_says_what_the_playbook_advises(
    rule: str, cells: Cells, parts: tuple[str, ...]
) -> None:
    words = words_of(rule, cells)
    assert [part for part in parts if part not in words] == []


# Published and thanked, and the words that tell why the publication does not count.
PUBLISHED: tuple[tuple[Cells, str], ...] = (
    ({}, "is blank"),
    ({"published": -190}, "too long ago"),
    ({"published": -190, "thanked": -8}, "too long ago"),
    ({"published": -9, "thanked": -8}, "you thanked for on 10 Nov 2026"),
)


@pytest.mark.parametrize(("cells", "part"), PUBLISHED)
def test_publishing_again_is_explained(cells: Cells, part: str) -> None:
    assert part in words_of("publish", {"stage": "planning", "event": 20, **cells}, "why")


@pytest.mark.parametrize(("rule", "cells", "reason"), REASONS)
def test_the_reason_tells_the_dates_and_the_setting(rule: str, cells: Cells, reason: str) -> None:
    assert words_of(rule, cells, "why") == reason


def test_only_the_questions_without_an_answer_are_asked() -> None:
    cells = {"verdict": "incomplete", "partner_benefit": "visitors", "reputation": "good"}
    assert "light" not in words_of("vet", cells)


def test_a_question_whose_column_is_missing_is_not_asked() -> None:
    situation = context(without=["reputation"])
    someone = partner(verdict="incomplete")
    found = find_obligations(someone, situation)["vet"]
    assert "light" not in say(action(found, someone, situation), "en")


def test_somebody_else_is_looked_for_at_the_partner_not_at_the_person() -> None:
    cells = {**NO_ANSWER, "attempts": 3, "partner": "City Choir", "contact": "Judith Bell"}
    said = words_of("chase", cells)
    assert "at City Choir" in said
    assert "Judith Bell" not in said


def test_a_chase_says_the_number_to_put_into_attempts() -> None:
    words = words_of("chase", {**NO_ANSWER, "attempts": 2}, "done")
    expected = "Put the day in “Last contact” and add one to “Attempts”, which makes it 3."
    assert words == expected


# Cells, and the reason why there is nothing to do.
NOTHING: tuple[tuple[Cells, str], ...] = (
    ({"stage": "paused"}, "It is on pause"),
    ({"stage": "agreed"}, "Nothing that is filled in here asks for a step now."),
    ({"stage": "done"}, "It took place, and nothing is left to do."),
    ({"stage": "done", "thanked": -9}, "you thanked them on 9 Nov 2026"),
    ({"stage": "declined", "thanked": -9}, "It did not come about this time, and"),
    ({"stage": "declined", "last_contact": -9}, "you last contacted them on 9 Nov 2026"),
)


@pytest.mark.parametrize(("cells", "part"), NOTHING)
def test_the_reason_for_nothing_to_do_goes_by_the_stage(cells: Cells, part: str) -> None:
    assert part in say(nothing_to_do_why(partner(**cells), context()), "en")


def test_an_idle_row_points_to_follow_up_only_where_there_is_such_a_column() -> None:
    paused = partner(stage="paused")
    assert "Follow up on" in say(nothing_to_do_why(paused, context()), "en")
    without = context(without=["follow_up"])
    assert "Follow up on" not in say(nothing_to_do_why(paused, without), "en")
