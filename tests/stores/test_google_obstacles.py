"""What else hangs on a Google Sheet - protection, merged cells, tables - and what Google may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sheets_sync.errors import Busy, Forbidden, Refused
from sheets_sync.layout import column_index
from sheets_sync.model import TRACKER_TAB, Edit, Report, Settings, Sheet
from sheets_sync.stores.google.store import GoogleStore
from sheets_sync.sync import synchronise
from tests.google.asking import Manner
from tests.google.place import Place, cells_of
from tests.google.ranges import Area
from tests.google.spreadsheet import Spreadsheet
from tests.google.trackers import (
    HEADER,
    TAB,
    in_the_window,
    letters,
    says_what_it_should,
    today_of,
    tracker,
)

FIRST = 3
"""The row of the first partner: a title and the header stand above."""
READ, WRITE = "values.batchGetByDataFilter", "values.batchUpdateByDataFilter"


@pytest.fixture
def sheet(google: Place) -> Spreadsheet:
    return google.put_up(tracker(8))


@pytest.fixture
def store(google: Place, sheet: Spreadsheet) -> GoogleStore:
    return google.store(sheet)


def sync(store: GoogleStore) -> Report:
    return synchronise(store, Settings(), today_of)


def sent_by_key(google: Place) -> dict[str, Any]:
    """The values of the last write, by column or tab."""
    (*_, last) = [call for call in google.server.calls if call.method.endswith(WRITE)]
    tags = {
        tag.id: json.loads(tag.value or "")["column"]
        for sheet in google.server.spreadsheets.values()
        for _, _, tag in sheet.column_tags()
    }
    found = {}
    for each in last.body["data"]:
        lookup = each["dataFilter"].get("developerMetadataLookup")
        found[tags[lookup["metadataId"]] if lookup else "Sync"] = each["values"]
    return found


@pytest.mark.parametrize(
    "manner",
    [Manner(answers_narrowly=True), Manner(answers_in_rows=True), Manner(guards_untouched=True)],
)
def test_nothing_depends_on_what_nobody_has_seen_google_do(
    google: Place, sheet: Spreadsheet, store: GoogleStore, manner: Manner
) -> None:
    google.server.manner = manner
    in_the_window(sheet, lambda tab: tab.insert_rows(FIRST + 1), lambda tab: tab.insert_rows(0))
    sync(store)
    assert says_what_it_should(cells_of(sheet, TAB))


@pytest.mark.parametrize("strict", [False, True])
def test_a_person_s_own_protected_column_does_not_bar_the_way(
    google: Place, sheet: Spreadsheet, store: GoogleStore, *, strict: bool
) -> None:
    google.server.manner = Manner(guards_untouched=strict)
    _protect(sheet, Area(0, 30, 0, 2))
    sync(store)
    assert says_what_it_should(cells_of(sheet, TAB))


def _protect(sheet: Spreadsheet, area: Area) -> None:
    found = {"id": 1, "area": area, "warningOnly": False, "users": ("aino@example.org",)}
    sheet.tab(TAB).protected.append(found)


def test_protected_managed_columns_are_named_before_anything_is_written(
    google: Place, sheet: Spreadsheet, store: GoogleStore
) -> None:
    column = column_index(letters("Due"))
    _protect(sheet, Area(2, 20, column, column + 2))
    with pytest.raises(Forbidden) as caught:
        store.read()
    assert caught.value.kind == "columns_protected"
    assert [found.id for found in caught.value.facts["columns"]] == [  # type: ignore[union-attr]  # labels
        "column.due",
        "column.days_overdue",
    ]
    assert google.server.methods() == ["get", "values.batchGet"]


def test_a_dry_run_notes_that_managed_columns_are_protected(
    google: Place, sheet: Spreadsheet
) -> None:
    _protect(sheet, Area(0, 20, 0, 20))
    notes = google.store(sheet, read_only=True).read().notes
    assert [note.id for note in notes] == ["notes.google_protected"]


def test_a_cell_that_nobody_would_see_is_refused(sheet: Spreadsheet, store: GoogleStore) -> None:
    column = column_index(letters("Why"))
    sheet.tab(TAB).merges.append(Area(4, 7, column, column + 1))
    with pytest.raises(Refused) as caught:
        sync(store)
    assert (caught.value.kind, caught.value.facts["cell"]) == (
        "google_merged_cell", f"{letters('Why')}6",
    )  # fmt: skip


def test_a_cell_merged_since_is_refused_as_soon_as_writing_had_no_end(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    store.read()
    column = column_index(letters("Why"))
    sheet.tab(TAB).merges.append(Area(4, 7, column, column + 1))
    with pytest.raises(Busy):
        sync(store)
    with pytest.raises(Refused) as caught:
        sync(store)
    assert caught.value.kind == "google_merged_cell"


def test_days_are_shown_as_days_once_and_not_in_a_table_s_column(
    google: Place, sheet: Spreadsheet
) -> None:
    store = google.store(sheet)
    sync(store)
    sync(google.store(sheet))
    (asked,) = sheet.tab(TAB).decorations["repeatCell"]
    assert asked["cell"]["userEnteredFormat"]["numberFormat"]["type"] == "DATE"
    other = google.put_up(tracker(3))
    columns = [{"columnIndex": index, "columnType": "TEXT"} for index in range(len(HEADER))]
    area = Area(1, 5, 0, len(HEADER))
    span = {"startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 17}
    other.tab(TAB).tables.append({"range": span, "columnProperties": columns, "area": area})
    notes = sync(google.store(other)).sheet.notes
    assert "repeatCell" not in other.tab(TAB).decorations
    assert [note.facts["column"].id for note in notes] == ["column.due", "column.days_overdue"]  # type: ignore[union-attr]  # labels


@pytest.mark.parametrize(
    ("zone", "known"), [("Asia/Jerusalem", "Asia/Jerusalem"), ("Moon/Base", None), ("", None)]
)
def test_the_sheet_s_own_time_zone_counts_where_it_is_known(
    google: Place, sheet: Spreadsheet, zone: str, known: str | None
) -> None:
    sheet.timezone = zone
    assert google.store(sheet).read().timezone == known


def test_a_place_knows_its_title_and_links_to_rows(sheet: Spreadsheet, store: GoogleStore) -> None:
    store.read()
    origin = store.origin
    assert (origin.id, origin.title) == (sheet.id, "Partners")
    assert origin.row_url is not None
    assert origin.row_url.format(row=7).endswith(f"/d/{sheet.id}/edit#gid=0&range=A7")


def test_a_column_is_due_by_day_whatever_it_is_shown_as(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    due = store.read().managed["due"]
    shown = [row[column_index(letters("Due"))] for row in cells_of(sheet, TAB)[FIRST - 1 :]]
    assert {type(cell) for cell in shown if cell} == {int}
    assert not any(isinstance(cell, int) for cell in due)


def test_unseen_sheets_of_other_kinds_are_passed_over(google: Place) -> None:
    sheet = google.put_up({"Cover": [["Welcome"]], **tracker(2)})
    sheet.tabs[0].properties["hidden"] = True
    assert google.store(sheet).read().tab == TAB


def test_a_sheet_read_earlier_can_be_written_against(store: GoogleStore) -> None:
    before: Sheet = store.read()
    store.read()
    after = store.write([Edit(TRACKER_TAB, FIRST, "why", "x")], against=before)
    assert after.managed["why"][0] == "x"
