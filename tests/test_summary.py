"""Counts, and the themes that have nobody agreed and too few candidates."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sheets_sync.columns import STATUSES
from sheets_sync.model import Decision, PlaybookSettings, Problem, Settings, Theme
from sheets_sync.playbook import decide
from sheets_sync.summary import count, thin_themes
from tests.situations import context, partner

Cells = Mapping[str, object]

BLOCKING = Problem(2, "event", "unreadable_date", "soon", blocking=True)


def decisions(*rows: Cells) -> list[Decision]:
    """The decisions on these rows; without further cells they share a theme."""
    return [decide(partner(**{"theme": "Food", **row}), (), context()) for row in rows]


def thin(*rows: Cells, enough: int = 2) -> tuple[Theme, ...]:
    settings = Settings(playbook=PlaybookSettings(candidates_per_theme=enough))
    return thin_themes(decisions(*rows), settings)


def test_partners_are_counted_by_status() -> None:
    found = decisions({"stage": "paused"}, {"stage": "paused"}, {"stage": "done"}, {})
    expected = {"partners": 4, "idle": 2, "closed": 1, "to_do": 1}
    assert count(found) == {**dict.fromkeys(STATUSES, 0), **expected}


def test_an_empty_tracker_counts_nothing() -> None:
    assert count([]) == {"partners": 0, **dict.fromkeys(STATUSES, 0)}
    assert thin_themes([], Settings()) == ()


# Rows, and how many live partners the theme is thin with; None where it is not thin.
THEMES: tuple[tuple[tuple[Cells, ...], int | None], ...] = (
    (({},), 1),
    (({}, {"partner": "Bakery"}), None),
    (({"stage": "paused"}, {"partner": "Bakery", "stage": "planning"}), None),
    (({}, {"partner": "Bakery", "stage": "declined"}), 1),
    (({"stage": "declined"},), 0),
    (({"verdict": "failed"}, {"partner": "Bakery"}), 1),
    (({"stage": "agreed"},), None),
    (({"stage": "done"},), None),
    (({"stage": "declined"}, {"partner": "Bakery", "stage": "done"}), None),
    (({}, {"partner": "LIBRARY!"}), 1),
    (({}, {"partner": None}), 1),
    (({"partner": None},), None),
    (({}, {"partner": None, "stage": "agreed"}), 1),
    (({"theme": None},), None),
    (({"theme": "--"},), None),
    (({"stage": "idea", "last_contact": -3},), 1),
)


@pytest.mark.parametrize(("rows", "live"), THEMES)
def test_a_theme_is_thin_with_nobody_agreed_and_too_few_live_partners(
    rows: tuple[Cells, ...], live: int | None
) -> None:
    assert [theme.live for theme in thin(*rows)] == ([] if live is None else [live])


def test_a_row_to_fix_counts_as_live() -> None:
    found = [decide(partner(theme="Food"), (BLOCKING,), context())]
    assert thin_themes(found, Settings()) == (Theme("Food", 1),)


def test_themes_keep_their_first_spelling_and_the_order_of_the_sheet() -> None:
    rows = ({"theme": "Old songs"}, {"theme": "Food-waste"}, {"theme": "old  songs."})
    assert thin(*rows) == (Theme("Old songs", 1), Theme("Food-waste", 1))


@pytest.mark.parametrize(("enough", "is_thin"), [(0, False), (1, False), (2, True)])
def test_how_many_candidates_are_enough_is_a_setting(enough: int, *, is_thin: bool) -> None:
    assert bool(thin({}, enough=enough)) is is_thin
