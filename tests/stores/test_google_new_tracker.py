"""A tracker laid out in an empty Google Sheet is like the one from the Excel template."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import openpyxl
import pytest

from sheets_sync import design
from sheets_sync.columns import EXTRA, MANAGED, PEOPLE
from sheets_sync.errors import Forbidden, Refused, Unreachable
from sheets_sync.model import LANGUAGES, SYNC_TAB, Language, Settings
from sheets_sync.sample import sample_rows
from sheets_sync.stores.google.new_tracker import lay_out
from sheets_sync.sync import synchronise
from sheets_sync.template import build
from sheets_sync.texts import label
from tests.google import faults
from tests.google.place import Place, cells_of, in_words
from tests.google.spreadsheet import Spreadsheet, Tab
from tests.google.trackers import TODAY, today_of


@pytest.fixture
def empty(google: Place) -> Spreadsheet:
    sheet = google.put_up({"Sheet1": []})
    sheet.tabs[0].resize(1000, 26)
    return sheet


@cache
def template(language: Language) -> openpyxl.Workbook:
    """The workbook with the same partners."""
    rows = sample_rows(TODAY, language)
    return openpyxl.load_workbook(io.BytesIO(build(language, rows=rows)))


def laid_out(google: Place, sheet: Spreadsheet, language: Language = "en") -> Tab:
    """The tracker's tab once it has been laid out with the sample partners."""
    rows = sample_rows(TODAY, language)
    lay_out(google.client(), sheet.id, language, rows=rows)
    return sheet.tabs[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_tracker_can_be_synced_at_once(
    google: Place, empty: Spreadsheet, language: Language
) -> None:
    laid_out(google, empty, language)
    store = google.store(empty)
    report = synchronise(store, Settings(), today_of)
    sheet = report.sheet
    assert report.plan.language == language
    assert set(sheet.people) == set(PEOPLE) - EXTRA
    assert set(sheet.managed) == set(MANAGED)
    assert set(sheet.tabs) == {SYNC_TAB}
    assert len(report.plan.decisions) == len(sample_rows(TODAY, language))
    assert not synchronise(store, Settings(), today_of).writes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tracker_s_tab_says_what_the_template_says(
    google: Place, empty: Spreadsheet, language: Language
) -> None:
    laid_out(google, empty, language)
    book = template(language)
    assert [tab.title for tab in empty.tabs] == book.sheetnames
    name = book.sheetnames[0]
    wanted = [[cell.value for cell in row] for row in book[name].iter_rows(max_row=2)]
    assert cells_of(empty, name)[:2] == wanted


@pytest.mark.parametrize("key", ["guide", "lists", "sync"])
def test_the_further_tabs_say_what_the_template_s_say(
    google: Place, empty: Spreadsheet, key: str
) -> None:
    laid_out(google, empty)
    name = label(f"tab.{key}", "en")
    tab = template("en")[name]
    said = {str(cell.value) for row in tab.iter_rows() for cell in row if cell.value}
    assert {str(cell) for row in cells_of(empty, name) for cell in row if cell} == said


def test_it_takes_one_write(google: Place, empty: Spreadsheet) -> None:
    laid_out(google, empty)
    assert google.server.methods() == ["get", "values.batchGet", "batchUpdate"]


def asked(tab: Tab, name: str) -> list[Any]:
    return tab.decorations.get(name, [])


def rule_of(tab: Tab, key: str) -> Any:  # noqa: ANN401 - JSON
    """What may be typed into a column."""
    place = design.ORDER.index(key)
    (found,) = [
        each["rule"]
        for each in asked(tab, "setDataValidation")
        if each["range"]["startColumnIndex"] == place
    ]
    return found


def test_choices_are_dropdowns_and_yes_or_no_a_checkbox(google: Place, empty: Spreadsheet) -> None:
    tab = laid_out(google, empty, "fi")
    stage = rule_of(tab, "stage")
    assert (stage["condition"]["type"], stage["strict"]) == ("ONE_OF_LIST", True)
    offered = [each["userEnteredValue"] for each in stage["condition"]["values"]]
    assert offered == [label(f"choice.stage.{each}", "fi") for each in PEOPLE["stage"].choices]
    assert rule_of(tab, "photo_approved")["condition"]["type"] == "BOOLEAN"
    owner = rule_of(tab, "owner")
    assert (owner["condition"]["type"], owner["strict"]) == ("ONE_OF_RANGE", False)
    (source,) = owner["condition"]["values"]
    _, area = empty.find(source["userEnteredValue"].removeprefix("=").replace("$", ""))
    lists = empty.tab(label("tab.lists", "fi"))
    assert lists.rows[area.top - 1][area.left] == label("column.owner", "fi")


def test_managed_columns_warn_and_no_more(google: Place, empty: Spreadsheet) -> None:
    tab = laid_out(google, empty)
    (found,) = tab.protected
    assert found["warningOnly"] is True
    places = {design.ORDER.index(key) for key in MANAGED}
    assert places == set(range(found["area"].left, found["area"].right))


def test_headers_and_names_stay_in_view_and_can_be_filtered(
    google: Place, empty: Spreadsheet
) -> None:
    tab = laid_out(google, empty)
    assert (tab.grid["frozenRowCount"], tab.grid["frozenColumnCount"]) == (2, 1)
    (found,) = asked(tab, "setBasicFilter")
    assert found["filter"]["range"]["startRowIndex"] == design.HEADER_ROW - 1


def test_the_colours_hold_in_every_locale(google: Place, empty: Spreadsheet) -> None:
    tab = laid_out(google, empty)
    rules = [each["rule"]["booleanRule"] for each in asked(tab, "addConditionalFormatRule")]
    formulas = [each["condition"]["values"][0]["userEnteredValue"] for each in rules]
    assert all(formula.startswith("=") for formula in formulas)
    outside = "".join("".join(formula.split('"')[::2]) for formula in formulas)
    assert "," not in outside
    assert any("TODAY()" in formula for formula in formulas)
    assert all(each["format"] for each in rules)


def test_a_hebrew_tracker_runs_from_the_right(google: Place, empty: Spreadsheet) -> None:
    laid_out(google, empty, "he")
    assert all(tab.properties["rightToLeft"] for tab in empty.tabs)


def test_a_tab_that_says_anything_is_left_alone(google: Place, empty: Spreadsheet) -> None:
    other = empty.add_tab("Ideas", [[None, None, 0]])
    with pytest.raises(Refused) as caught:
        laid_out(google, empty)
    assert caught.value.kind == "google_not_empty"
    assert "Ideas" in in_words(caught.value)
    assert "batchUpdate" not in google.server.methods()
    other.rows[0][2] = False
    assert laid_out(google, empty).title == "Partners"


def test_a_sheet_that_may_only_be_looked_at_is_told(google: Place, empty: Spreadsheet) -> None:
    empty.shared = dict.fromkeys(empty.shared, "reader")
    with pytest.raises(Forbidden) as caught:
        laid_out(google, empty)
    assert caught.value.kind == "viewer_only"


def test_an_answer_that_got_lost_is_looked_for(google: Place, empty: Spreadsheet) -> None:
    google.server.faults.append(faults.dropped(on=".batchUpdate", late=True))
    assert laid_out(google, empty).title == "Partners"
    assert google.server.methods().count("batchUpdate") == 1


def test_what_was_never_done_is_not_called_done(google: Place, empty: Spreadsheet) -> None:
    google.server.faults.append(faults.dropped(on=".batchUpdate"))
    with pytest.raises(Unreachable):
        laid_out(google, empty)
    assert [tab.title for tab in empty.tabs] == ["Sheet1"]
