"""How the store on Google Sheets lives with people's edits: what it asks, and what it mends."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sheets_sync.errors import Busy, NotATracker
from sheets_sync.layout import column_index
from sheets_sync.model import TRACKER_TAB, Cell, Edit, Report, Settings
from sheets_sync.stores.google.store import GoogleStore
from sheets_sync.sync import preview, synchronise
from tests.google.place import Place, cells_of, type_in
from tests.google.spreadsheet import Spreadsheet, Tab
from tests.google.trackers import (
    HEADER,
    TAB,
    in_the_window,
    letters,
    right_cells,
    says_what_it_should,
    today_of,
    tracker,
    with_days,
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


@pytest.mark.parametrize("rows", [10, 10_000])
def test_a_run_takes_one_call_when_nothing_changed_and_two_when_something_did(
    google: Place, rows: int
) -> None:
    sheet = google.put_up(tracker(rows))
    store = google.store(sheet)
    store.read()
    assert google.server.methods() == ["get", "values.batchGet", "batchUpdate", READ]
    for calls, edit in (([READ, WRITE], "A7"), ([READ], None), ([READ, WRITE], "C9")):
        google.server.calls.clear()
        if edit:
            type_in(sheet, TAB, edit, None)
        sync(store)
        assert google.server.methods() == calls


def test_a_new_process_finds_the_tags_and_asks_twice_before_it_reads(
    google: Place, sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    google.server.calls.clear()
    sync(google.store(sheet))
    assert google.server.methods() == ["get", "values.batchGet", READ]


def test_the_sheet_ends_as_one_in_memory_does(sheet: Spreadsheet, store: GoogleStore) -> None:
    sync(store)
    assert says_what_it_should(cells_of(sheet, TAB))
    wanted = with_days(right_cells(tracker(8)))
    found = with_days(cells_of(sheet, TAB))
    assert wanted == [row[: len(want)] for row, want in zip(found, wanted, strict=False)]


def test_people_s_cells_are_never_in_a_request(google: Place, store: GoogleStore) -> None:
    sync(store)
    assert {key for key, values in sent_by_key(google).items() if values != [[None]]} == {
        "vetting",
        "status",
        "next_action",
        "due",
        "days_overdue",
        "why",
        "problems",
        "Sync",
    }


def test_a_cell_that_stays_is_null(google: Place, store: GoogleStore) -> None:
    sync(store)
    sheet = store.read()
    google.server.calls.clear()
    store.write([Edit(TRACKER_TAB, 5, "status", None)], against=sheet)
    assert {key: values for key, values in sent_by_key(google).items() if values != [[None]]} == {
        "status": [[*[None] * 4, ""]]
    }


def test_reading_only_writes_nothing_and_needs_no_tags(google: Place, sheet: Spreadsheet) -> None:
    sheet.shared = dict.fromkeys(sheet.shared, "reader")
    before = cells_of(sheet, TAB)
    report = preview(google.store(sheet, read_only=True), Settings(), today_of)
    assert report.plan.edits
    assert google.server.methods() == ["get", "values.batchGet", "values.batchGet"]
    assert (cells_of(sheet, TAB), list(sheet.column_tags())) == (before, [])


def test_reading_only_tells_the_same_as_reading(google: Place, sheet: Spreadsheet) -> None:
    plain = google.store(sheet, read_only=True).read()
    tagged = google.store(sheet).read()
    assert (plain.people, plain.managed, plain.tabs, plain.letters) == (
        tagged.people,
        tagged.managed,
        tagged.tabs,
        tagged.letters,
    )


def test_a_header_written_over_in_the_window_is_put_back(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    store.read()
    in_the_window(sheet, lambda tab: tab.insert_rows(0))
    report = sync(store)
    assert len(report.writes) == 2
    assert says_what_it_should(cells_of(sheet, TAB))


def test_what_landed_above_the_header_is_cleared(sheet: Spreadsheet, store: GoogleStore) -> None:
    store.read()
    in_the_window(sheet, lambda tab: tab.insert_rows(0, 5))
    sync(store)
    assert [[cell for cell in row if cell] for row in cells_of(sheet, TAB)[:6]] == [
        [], [], [], [], [], ["Our partners"],
    ]  # fmt: skip
    assert says_what_it_should(cells_of(sheet, TAB))


def test_a_header_that_was_broken_before_is_put_back_by_the_next_process(
    google: Place, sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    type_in(sheet, TAB, f"{letters('Why')}2", "Overdue")
    report = sync(google.store(sheet))
    assert [edit for (edit,) in _edits(report)] == [Edit(TRACKER_TAB, 2, "why", "Why")]
    assert says_what_it_should(cells_of(sheet, TAB))


def _edits(report: Report) -> list[tuple[Edit]]:
    return [(edit,) for write in report.writes for edit in write.edits]


def test_a_dry_run_shows_the_header_that_would_be_put_back(
    google: Place, sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    type_in(sheet, TAB, f"{letters('Why')}2", None)
    report = preview(google.store(sheet, read_only=True), Settings(), today_of)
    assert report.plan.edits == [Edit(TRACKER_TAB, 2, "why", "Why")]


def test_a_managed_header_in_another_language_stays_and_its_tag_follows(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    type_in(sheet, TAB, f"{letters('Status')}2", "Tilanne")
    assert not sync(store).writes
    assert store.read().headers["status"] == "Tilanne"
    assert any("Tilanne" in (tag.value or "") for _, _, tag in sheet.column_tags())


def test_a_column_moved_by_cut_and_paste_is_found_by_its_header(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    tab, old = sheet.tab(TAB), column_index(letters("Why"))
    for row in tab.rows:
        row[20], row[old] = row[old], None
    assert not sync(store).writes
    assert store.read().letters["why"] == "U"
    assert sum('"why"' in (tag.value or "") for _, _, tag in sheet.column_tags()) == 1


def test_a_column_added_meanwhile_is_tagged_and_read(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    type_in(sheet, TAB, "V2", "Notes")
    type_in(sheet, TAB, "V4", "hello")
    assert store.read().people["notes"][1] == "hello"


def test_columns_are_followed_wherever_people_move_them(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    store.read()

    def visit(tab: Tab) -> None:
        tab.insert_columns(0, 2)
        tab.move_columns(16, 1, 3)

    in_the_window(sheet, visit)
    sync(store)
    assert says_what_it_should(cells_of(sheet, TAB))


@pytest.mark.parametrize("at", range(len(HEADER)))
def test_columns_that_move_while_they_are_tagged_are_tagged_again(
    sheet: Spreadsheet, store: GoogleStore, at: int
) -> None:
    own = [[cell for cell in row[:11] if cell is not None] for row in cells_of(sheet, TAB)]
    in_the_window(sheet, lambda tab: tab.insert_columns(at), lambda tab: tab.insert_columns(at))
    sync(store)
    cells = cells_of(sheet, TAB)
    assert says_what_it_should(cells)
    assert [
        [cell for cell in row[: 11 + 2 * (at < 12)] if cell is not None] for row in cells
    ] == own


def test_a_tag_that_landed_on_somebody_s_column_is_taken_off_again(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    last = len(HEADER)
    for row, cell in enumerate(["Colour", "red", "blue"], start=1):
        sheet.tab(TAB).rows[row][last] = cell
    in_the_window(sheet, lambda tab: tab.delete_columns(last - 1))
    sync(store)
    assert [row[last - 1] for row in cells_of(sheet, TAB)[:5]] == [
        None, "Colour", "red", "blue", None,
    ]  # fmt: skip
    assert "problems" not in store.read().managed


def test_a_managed_column_that_a_person_makes_theirs_by_its_header_is_let_go(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    type_in(sheet, TAB, f"{letters('Why')}2", "Notes")
    type_in(sheet, TAB, f"{letters('Why')}4", "my own words")
    found = sync(store).sheet
    assert "why" not in found.managed
    assert found.people["notes"][1] == "my own words"
    type_in(sheet, TAB, f"{letters('Why')}2", "My remarks")
    sync(store)
    assert column_of(sheet, "Why")[1:4:2] == ["My remarks", "my own words"]


def column_of(sheet: Spreadsheet, header: str) -> list[Cell]:
    """The cells of the column that had this header at first."""
    return [row[HEADER.index(header)] for row in cells_of(sheet, TAB)]


def test_a_managed_column_deleted_in_the_window_is_named(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    store.read()
    in_the_window(sheet, lambda tab: tab.delete_columns(column_index(letters("Next action"))))
    with pytest.raises(NotATracker) as caught:
        sync(store)
    assert caught.value.kind == "columns_gone"
    assert [column.id for column in caught.value.facts["columns"]] == ["column.next_action"]  # type: ignore[union-attr]  # labels


def test_a_column_of_people_deleted_in_the_window_is_simply_gone(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    store.read()
    in_the_window(sheet, lambda tab: tab.delete_columns(column_index("H")))
    assert "event" not in sync(store).sheet.people
    assert says_what_it_should(cells_of(sheet, TAB))


def test_rows_deleted_below_what_is_written_mean_reading_again(
    google: Place, sheet: Spreadsheet, store: GoogleStore
) -> None:
    store.read()
    in_the_window(sheet, lambda tab: tab.delete_rows(5, tab.height - 5))
    sync(store)
    assert 400 in {call.status for call in google.server.calls}
    assert says_what_it_should(cells_of(sheet, TAB))


def test_a_grid_cut_short_since_the_last_run_is_read_anew(
    sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    tab = sheet.tab(TAB)
    tab.delete_rows(6, tab.height - 6)
    assert store.read().height == 4


def test_a_tracker_that_keeps_moving_is_busy(sheet: Spreadsheet, store: GoogleStore) -> None:
    in_the_window(sheet, *[lambda tab: tab.insert_rows(FIRST)] * 20)
    with pytest.raises(Busy) as caught:
        sync(store)
    assert caught.value.kind == "keeps_changing"


def test_a_tab_renamed_meanwhile_is_followed(sheet: Spreadsheet, store: GoogleStore) -> None:
    sync(store)
    sheet.tab(TAB).title = "Our partners'"
    sheet.tab("Sync").title = "Old"
    type_in(sheet, "Our partners'", "A7", None)
    report = sync(store)
    assert (report.sheet.tab, report.sheet.tabs) == ("Our partners'", {})


def test_tags_that_came_along_with_a_copied_tab_are_left_alone(
    google: Place, sheet: Spreadsheet, store: GoogleStore
) -> None:
    sync(store)
    copy = sheet.tab(TAB).copy()
    copy.id, copy.title = 99, "Lists"
    copy.tags = [[replace(tag, id=tag.id + 1) for tag in tags] for tags in copy.tags]
    sheet.tabs.append(copy)
    type_in(sheet, TAB, "A5", None)
    before = [list(row) for row in copy.rows]
    sync(google.store(sheet))
    assert copy.rows == before
    assert says_what_it_should(cells_of(sheet, TAB))
