"""The tracker's layout is complete, and its colours follow the words of every language."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sheets_sync import design
from sheets_sync.columns import EXTRA, MANAGED, PEOPLE, STATUSES, VERDICTS, Kind
from sheets_sync.layout import column_letters
from sheets_sync.model import LANGUAGES, Language
from sheets_sync.texts import known, label, label_names

LETTERS = {key: column_letters(index) for index, key in enumerate(design.ORDER)}
HIGHLIGHTS = design.highlights(LETTERS, 3)


def test_every_column_but_the_extra_ones_stands_in_the_layout_once() -> None:
    assert sorted((*design.ORDER, *EXTRA)) == sorted((*PEOPLE, *MANAGED))


def test_the_programs_columns_come_last_and_together() -> None:
    assert set(design.ORDER[-len(MANAGED) :]) == set(MANAGED)


def test_every_column_has_a_width() -> None:
    assert set(design.WIDTHS) == set(design.ORDER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_header_or_choice_is_cut(language: Language) -> None:
    for key in design.ORDER:
        words = label(f"column.{key}", language).split()
        words += [label(f"choice.{key}.{c}", language) for c in design.DROPDOWNS.get(key, ())]
        assert design.width(key, language) >= max(map(len, words)) + 3


def test_folding_columns_never_touch_those_of_the_next_group() -> None:
    for left, right in pairwise(design.GROUPS):
        assert right.keys, (left, right)


def test_every_choice_column_has_a_dropdown() -> None:
    assert set(design.DROPDOWNS) == {key for key, spec in PEOPLE.items() if spec.choices}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_date_column_has_a_format_that_shows_day_month_and_year(
    language: Language,
) -> None:
    days = [key for key, spec in PEOPLE.items() if spec.kind is Kind.DATE]
    for key in (*days, "due"):
        assert set("dmy") <= set(design.number_format(key, language))


def test_phone_numbers_are_kept_as_typed() -> None:
    assert design.number_format("phone", "en") == "@"


def test_every_status_and_verdict_has_a_look() -> None:
    assert set(design.STATUS_LOOKS) == set(STATUSES)
    assert set(design.VERDICT_LOOKS) == set(VERDICTS)


def test_every_status_can_be_told_without_colour() -> None:
    signs = {look.sign for look in design.STATUS_LOOKS.values()}
    assert None not in signs
    assert len(signs) == len(STATUSES)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_status_is_coloured_in_every_language(status: str, language: Language) -> None:
    word = label_names(f"status.{status}")[language]
    cell = f"${LETTERS['status']}3"
    formulas = [found.formula for found in HIGHLIGHTS if found.columns == ("status",)]
    assert any(f'{cell}="{word}"' in formula for formula in formulas)


def test_the_stronger_day_comes_first() -> None:
    due = [found for found in HIGHLIGHTS if found.columns == ("due",)]
    assert [found.look for found in due] == [design.LATE, design.TODAY, design.SOON]


def test_a_quotation_mark_in_a_label_stays_inside_the_formula(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(design, "label_names", lambda _: {"en": 'so "called"'})
    assert design.says("$A1", "status.idle") == 'OR($A1="so ""called""")'


@pytest.mark.parametrize("key", design.ASKING)
def test_a_column_that_asks_has_its_question(key: str) -> None:
    assert known(f"guide.ask.{key}")


@pytest.mark.parametrize("group", design.GROUPS, ids=lambda group: group.id)
def test_a_group_has_its_caption(group: design.Group) -> None:
    assert known(f"guide.group.{group.id}")
