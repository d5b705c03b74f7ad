"""The same tracker is judged and filled in alike, wherever it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_sync.model import Cell, Sentence, Settings
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.texts import say
from tests.agreement.trackers import Tracker, trackers
from tests.google.place import Place
from tests.stores.trackers_everywhere import (
    Outcome,
    Program,
    as_it_is,
    dressed_up,
    in_excel,
    in_google,
    in_memory,
    without_doubt,
)

EXAMPLES = max(40, settings().max_examples // 4)
SEEDS = st.integers(0, 10**6)
PROGRAMS: st.SearchStrategy[Program] = st.sampled_from(("openpyxl", "XlsxWriter"))
ALIKE = ("today", "language", "rows", "themes", "counts", "edits", "written", "rounds")


@pytest.fixture(scope="module")
def client(google_server: Place) -> SheetsClient:
    """One sign-in for all: reading a key takes longer than a sync."""
    return google_server.client()


def check_alike(found: Outcome, wanted: Outcome) -> None:
    """Both tell and write the same, and have nothing to write the second time."""
    assert {key: found.first[key] for key in ALIKE} == {key: wanted.first[key] for key in ALIKE}
    assert notes_of(found.first) == notes_of(wanted.first)
    assert found.cells == wanted.cells
    assert (found.second["edits"], found.second["written"], found.second["rounds"]) == ([], 0, 0)
    for key in ("rows", "themes", "counts"):
        assert found.second[key] == wanted.second[key]


def notes_of(report: Mapping[str, Any]) -> list[str]:
    """The notes but the one on formulas, which Excel computes again when it opens the file."""
    recalculate = say(Sentence("notes.recalculate"), report["language"])
    return [note for note in report["notes"] if note != recalculate]


@settings(max_examples=EXAMPLES)
@given(tracker=trackers(), seed=SEEDS, program=PROGRAMS)
def test_memory_excel_and_google_give_the_same_report_and_cells(  # noqa: PLR0913, PLR0917 - fixtures, draws
    google_server: Place,
    client: SheetsClient,
    tmp_path_factory: pytest.TempPathFactory,
    tracker: Tracker,
    seed: int,
    program: Program,
) -> None:
    tracker = without_doubt(tracker)
    tabs = dressed_up(tracker, Random(seed))  # noqa: S311 - not secret
    wanted = in_memory(tracker, tabs)
    check_alike(in_excel(tracker, tabs, tmp_path_factory.mktemp("share"), program), wanted)
    check_alike(in_google(tracker, tabs, google_server, client), wanted)


@settings(max_examples=EXAMPLES // 2)
@given(tracker=trackers(), seed=SEEDS, program=PROGRAMS)
def test_memory_and_excel_agree_on_every_cell_in_both_date_systems(
    tmp_path_factory: pytest.TempPathFactory, tracker: Tracker, seed: int, program: Program
) -> None:
    tabs = dressed_up(tracker, Random(seed))  # noqa: S311 - not secret
    found = in_excel(tracker, tabs, tmp_path_factory.mktemp("share"), program)
    check_alike(found, in_memory(tracker, tabs))


@pytest.mark.parametrize(
    ("header", "cell", "codes", "shown", "in_google_shown"),
    [
        ("Last contact", date(1950, 1, 1), ["unreadable_date"], "1950-01-01", "1950-01-01"),
        ("Last contact", date(2119, 1, 12), ["unreadable_date"], "2119-01-12", "2119-01-12"),
        ("Last contact", date(1900, 2, 1), ["unreadable_date"], "1900-02-01", "33"),
        ("Last contact", 2026, ["unreadable_date"], "2026", "2026"),
        ("Last contact", 46400, ["future_date"], "2027-01-13", "2027-01-13"),
        ("Attempts", date(2026, 11, 21), ["not_a_number"], "2026-11-21", "46347"),
        ("Attempts", date(1900, 1, 3), [], None, None),
    ],
)
def test_days_that_google_cannot_tell_from_numbers_are_judged_alike_all_the_same(  # noqa: PLR0913, PLR0917 - fixtures, a table
    google_server: Place,
    client: SheetsClient,
    tmp_path: Path,
    header: str,
    cell: Cell,
    codes: list[str],
    shown: str | None,
    in_google_shown: str | None,
) -> None:
    headers: list[Cell] = ["Partner", "Stage", header, "Status", "Next action", "Due"]
    row: list[Cell] = ["Harbour Choir", "Idea", cell]
    tracker = Tracker([headers, row], Settings(), date(2026, 11, 21), 1900)
    tabs = as_it_is(tracker)
    outcomes = (
        in_memory(tracker, tabs),
        in_excel(tracker, tabs, tmp_path, "XlsxWriter"),
        in_google(tracker, tabs, google_server, client),
    )
    rows = [outcome.first["rows"][0] for outcome in outcomes]
    for found in rows:
        problems = found.pop("problems")
        values = [problem["value"] for problem in problems if problem["code"] in codes]
        assert [problem["code"] for problem in problems if problem["column"] != "stage"] == codes
        wanted = in_google_shown if found is rows[-1] else shown
        assert values == [wanted][: len(codes)]
    assert rows[0] == rows[1] == rows[2]


@pytest.mark.parametrize("date_system", [1900, 1904])
@pytest.mark.parametrize("days", [17, 60])
def test_a_number_in_an_excel_cell_that_shows_days_is_written_once(
    tmp_path: Path, date_system: Literal[1900, 1904], days: int
) -> None:
    today = date(2026, 11, 23)
    headers: list[Cell] = ["Partner", "Stage", "Follow up on", "Status", "Next action", "Due"]
    row: list[Cell] = ["Harbour Choir", "Paused", today - timedelta(days), "Overdue", None, None]
    grid = [[*headers, "Days overdue"], [*row, date(2026, 1, 1)]]
    tracker = Tracker(grid, Settings(), today, date_system)
    tabs = as_it_is(tracker)
    found = in_excel(tracker, tabs, tmp_path, "XlsxWriter")
    assert found.first["rows"][0]["days_overdue"] == days
    check_alike(found, in_memory(tracker, tabs))
