"""The store in memory keeps the contract."""

from __future__ import annotations

import re
from typing import cast

import pytest

from sheets_sync.errors import SheetChanged
from sheets_sync.layout import Rows, column_index
from sheets_sync.model import TRACKER_TAB, Cell, Edit
from sheets_sync.stores import Store
from sheets_sync.stores.memory import MemoryStore
from tests.stores.contract import TABS, Grid, StoreContract, Tabs


class TestMemoryStore(StoreContract):
    """Tabs are lists that everybody may change."""

    def open(self, tabs: Tabs) -> Store:
        return MemoryStore(cast("dict[str, Rows]", tabs))

    def grid(self, store: Store, tab: str) -> Grid:
        return cast("MemoryStore", store).tabs[tab]

    def type_in(self, store: Store, tab: str, place: str, value: Cell) -> None:
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()  # type: ignore[union-attr]  # places are ours
        self.grid(store, tab)[int(row) - 1][column_index(letters)] = value


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(cast("dict[str, Rows]", TABS), name="trial")


def test_what_people_do_in_the_window_raises_sheet_changed(store: MemoryStore) -> None:
    sheet = store.read()
    store.before_write = lambda: store.tabs["Partners"].insert(3, [])
    with pytest.raises(SheetChanged):
        store.write([Edit(TRACKER_TAB, 4, "status", "x")], against=sheet)


def test_people_s_columns_are_never_written(store: MemoryStore) -> None:
    with pytest.raises(ValueError, match="partner"):
        store.write([Edit(TRACKER_TAB, 4, "partner", "x")], against=store.read())


def test_the_tabs_given_are_copied(store: MemoryStore) -> None:
    store.write([Edit(TRACKER_TAB, 4, "status", "x")], against=store.read())
    assert TABS["Partners"][3][7] == "Idle"
