"""The store on Google Sheets keeps the contract, and its own protocol."""

from __future__ import annotations

from typing import cast

import pytest

from sheets_sync.model import Cell
from sheets_sync.stores import Store
from sheets_sync.stores.google.store import GoogleStore
from tests.google.place import Place, cells_of, type_in
from tests.google.spreadsheet import Spreadsheet
from tests.stores.contract import Grid, StoreContract, Tabs


class TestGoogleStore(StoreContract):
    """A spreadsheet on a server that speaks Google's interface."""

    @pytest.fixture(autouse=True)
    def _at(self, google: Place) -> None:
        self.place = google

    def open(self, tabs: Tabs) -> Store:
        """A store of a new spreadsheet, which has never been tagged."""
        return self.place.store(self.place.put_up(tabs))

    def _sheet(self, store: Store) -> Spreadsheet:
        return self.place.server.spreadsheets[cast("GoogleStore", store).origin.id]

    def grid(self, store: Store, tab: str) -> Grid:
        """The server's own cells."""
        return cells_of(self._sheet(store), tab)

    def type_in(self, store: Store, tab: str, place: str, value: Cell) -> None:
        """Change the server's own cells."""
        type_in(self._sheet(store), tab, place, value)
