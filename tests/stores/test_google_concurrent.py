"""People edit in the very moment of writing: whatever they do, theirs stays and ours ends right."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from sheets_sync.errors import Busy, SheetsSyncError
from sheets_sync.model import TRACKER_TAB, Edit, Settings, Sheet
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.stores.google.store import GoogleStore
from sheets_sync.stores.google.wire import quote, to_wire
from sheets_sync.sync import synchronise
from tests.google.people import Watch, some_edit
from tests.google.place import Place, cells_of
from tests.google.spreadsheet import Spreadsheet
from tests.google.trackers import TAB, says_what_it_should, today_of, tracker

RUNS, AT_ONCE = 500, 25
MOST_VISITS = 4


class Outcome(NamedTuple):
    """How a run ended: whether the tracker was right, and how many of people's cells differed."""

    right: bool
    harmed: int


class PlainStore(GoogleStore):
    """What one would write first: cells by A1 notation, and reading again after each write."""

    def write(self, edits: Sequence[Edit], *, against: Sheet) -> Sheet:
        """Write each cell where it stood when the sheet was read."""
        data = [
            {
                "range": f"{quote(against.tab)}!{against.letters[edit.column]}{edit.row}",
                "values": [[to_wire(edit.value)]],
            }
            for edit in edits
            if edit.tab == TRACKER_TAB
        ]
        body = {"valueInputOption": "RAW", "data": data}
        self._client.post(self._sheet, "/values:batchUpdate", body)
        return self.read()


@pytest.fixture
def client(google: Place) -> SheetsClient:
    return google.client()


def run(
    google: Place, client: SheetsClient, seed: int, kind: Callable[..., GoogleStore]
) -> Outcome:
    """Sync once while people visit, and once more when they have gone."""
    chance = random.Random(seed)  # noqa: S311 - not secret
    above = chance.randrange(3)
    sheet = google.put_up(tracker(chance.randrange(3, 9), seed=seed, above=above))
    watch = Watch(sheet)
    store = kind(client, sheet.id)
    store.read()
    for _ in range(chance.randrange(1, MOST_VISITS + 1)):
        sheet.visitors.append(watch.around(some_edit(chance)))
    try:
        _sync_in_company_then_alone(store, sheet)
        right = says_what_it_should(cells_of(sheet, TAB))
    except SheetsSyncError:
        right = False
    watch.look()
    del google.server.spreadsheets[sheet.id]
    google.server.calls.clear()
    return Outcome(right, watch.harmed)


def _sync_in_company_then_alone(store: GoogleStore, sheet: Spreadsheet) -> None:
    with contextlib.suppress(Busy):
        synchronise(store, Settings(), today_of)
    if sheet.visitors or not says_what_it_should(cells_of(sheet, TAB)):
        sheet.visitors.clear()
        synchronise(store, Settings(), today_of)


@pytest.mark.parametrize("first", range(0, RUNS, AT_ONCE))
def test_no_cell_of_people_s_differs_and_ours_are_right(
    google: Place, client: SheetsClient, first: int
) -> None:
    seeds = range(first, first + AT_ONCE)
    outcomes = {seed: run(google, client, seed, GoogleStore) for seed in seeds}
    assert [seed for seed, found in outcomes.items() if found.harmed or not found.right] == []


def test_the_same_people_are_the_undoing_of_writing_by_a1_notation(
    google: Place, client: SheetsClient
) -> None:
    outcomes = [run(google, client, seed, PlainStore) for seed in range(40)]
    assert sum(found.harmed > 0 for found in outcomes) >= 5
    assert sum(not found.right for found in outcomes) >= 3
