"""The contract on Google itself: skipped unless SHEETS_SYNC_TEST_SHEET names a sheet to fill.

Everything in that spreadsheet is thrown away, again and again. Sign in as for the program:
GOOGLE_APPLICATION_CREDENTIALS names the key of an account that may edit it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

import pytest

from sheets_sync.config import google_endpoint
from sheets_sync.equality import serial_of
from sheets_sync.model import TRACKER_TAB, Cell, Edit, Settings
from sheets_sync.stores import Store
from sheets_sync.stores.google import connect, spreadsheet_id
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.stores.google.request import writing
from sheets_sync.stores.google.store import GoogleStore, Held
from sheets_sync.stores.google.survey import take_survey
from sheets_sync.stores.google.wire import quote, turned
from tests.google.place import content_of
from tests.stores.contract import TABS, Formula, Grid, StoreContract, Tabs

SHEET = os.environ.get("SHEETS_SYNC_TEST_SHEET", "")
pytestmark = [
    pytest.mark.real_google,
    pytest.mark.skipif(not SHEET, reason="SHEETS_SYNC_TEST_SHEET names no sheet"),
]
WIDTH, ROOM = 26, 30


@pytest.fixture(scope="module")
def client() -> Iterator[SheetsClient]:
    found = connect(Settings(), os.environ, endpoint=google_endpoint(os.environ))
    yield found
    found.close()


class TestGoogleItself(StoreContract):
    """The spreadsheet's tabs are replaced for each test."""

    @pytest.fixture(autouse=True)
    def _at(self, client: SheetsClient) -> None:
        self.client = client
        self.sheet = spreadsheet_id(SHEET)

    def open(self, tabs: Tabs) -> Store:
        """A store of the sheet, filled anew."""
        survey = take_survey(self.client, self.sheet)
        first = 1 + max(tab.id for tab in survey.tabs) % 1_000_000
        numbers = dict(enumerate(tabs, start=first))
        spare = {"sheetId": first + len(tabs), "title": f"spare {first}"}
        requests: list[Any] = [{"addSheet": {"properties": spare}}]
        requests += [{"deleteSheet": {"sheetId": tab.id}} for tab in survey.tabs]
        for number, title in numbers.items():
            requests += _filled(number, title, tabs)
        requests.append({"deleteSheet": {"sheetId": spare["sheetId"]}})
        self.client.post(self.sheet, ":batchUpdate", {"requests": requests})
        return GoogleStore(self.client, self.sheet)

    def grid(self, store: Store, tab: str) -> Grid:
        """The cells by the plainest of Google's methods."""
        del store
        params = {"ranges": [quote(tab)], "valueRenderOption": "UNFORMATTED_VALUE"}
        found = self.client.get(self.sheet, "/values:batchGet", params)
        return turned(turned(found["valueRanges"][0].get("values", [])))

    def type_in(self, store: Store, tab: str, place: str, value: Cell) -> None:
        """Write one cell by its A1 notation."""
        del store
        wire = serial_of(value) if isinstance(value, date) else value
        data = [{"range": f"{quote(tab)}!{place}", "values": [["" if wire is None else wire]]}]
        body = {"valueInputOption": "RAW", "data": data}
        self.client.post(self.sheet, "/values:batchUpdate", body)

    def test_tells_what_a_write_answers(self, capsys: pytest.CaptureFixture[str]) -> None:
        store = cast("GoogleStore", self.open(TABS))
        sheet = store.read()
        body = writing(
            cast("Held", sheet.token).tags, sheet, [Edit(TRACKER_TAB, 5, "status", "Overdue")]
        )
        reply = self.client.post(self.sheet, "/values:batchUpdateByDataFilter", body)
        with capsys.disabled():
            print()
            for each in reply["responses"]:
                data = each.get("updatedData", {})
                print(each.get("updatedRange"), data.get("range"), data.get("majorDimension"))


def _filled(number: int, title: str, tabs: Tabs) -> list[Any]:
    """The requests for a tab with these cells."""
    rows = [{"values": [_cell(cell) for cell in row]} for row in tabs[title]]
    grid = {"rowCount": len(rows) + ROOM, "columnCount": WIDTH}
    properties = {"sheetId": number, "title": title, "gridProperties": grid}
    start = {"sheetId": number, "rowIndex": 0, "columnIndex": 0}
    cells = {"start": start, "rows": rows, "fields": "userEnteredValue"}
    return [{"addSheet": {"properties": properties}}, {"updateCells": cells}]


def _cell(cell: Cell | Formula) -> dict[str, Any]:
    if isinstance(cell, Formula):
        return {"userEnteredValue": {"formulaValue": cell.text}}
    value = content_of(cell)
    if value is None:
        return {}
    kind = {bool: "boolValue", str: "stringValue"}.get(type(value), "numberValue")
    return {"userEnteredValue": {kind: value}}
