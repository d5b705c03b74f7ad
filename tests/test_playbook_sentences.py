"""The playbook's catalogues: short enough for a cell, whole, and never discouraging."""

from __future__ import annotations

from string import Formatter

import pytest

from sheets_sync.model import LANGUAGES, Language
from tests.playbook_catalogue import longest_fact, templates

LONGEST = 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_fits_its_cell_with_the_longest_facts(language: Language) -> None:
    for message_id, form in templates(language):
        places = [place for _, place, _, _ in Formatter().parse(form) if place]
        facts = {place: longest_fact(place, message_id, language) for place in places}
        assert len(form.format_map(facts)) <= LONGEST, message_id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_begins_with_a_fact_or_ends_without_its_mark(language: Language) -> None:
    for message_id, form in templates(language):
        assert not form.startswith("{")
        assert message_id.startswith("playbook.question.") or form[-1] in ".?!"


def test_nothing_says_give_up() -> None:
    assert not [form for _, form in templates("en") if "give up" in form.casefold()]
