"""The methods that tell about a spreadsheet, not its values: get, and the search for tags."""

from __future__ import annotations

from tests.google.asking import Asking
from tests.google.ranges import Area, grid_range
from tests.google.requests import word_protection, word_tab
from tests.google.schema import Json
from tests.google.spreadsheet import Content, Formula, Spreadsheet, Tab, value_of
from tests.google.tags import place_of, word_tag
from tests.google.values import matches, trim


def get(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``spreadsheets.get``; the field mask is applied by the caller.

    Grid data comes when it is asked for, or when the mask names it.
    """
    query, mask = asking.query, asking.mask
    with_data = query.get("includeGridData") == ["true"] or "data" in mask.get("sheets", {})
    asked = [sheet.find(a1) for a1 in query.get("ranges", [])]
    tabs = [tab for tab in sheet.tabs if not asked or any(tab is found for found, _ in asked)]
    sheets = []
    for tab in tabs:
        found = _word_sheet(sheet, tab, asking.account)
        if with_data:
            areas = [area for other, area in asked if other is tab] or [tab.whole]
            with_cells = not mask or "rowData" in mask["sheets"]["data"]
            found["data"] = [_grid_data(tab, area, with_cells=with_cells) for area in areas]
        sheets.append(found)
    properties = {"title": sheet.title, "locale": sheet.locale, "timeZone": sheet.timezone}
    return {
        "spreadsheetId": sheet.id,
        "properties": {**properties, "autoRecalc": "ON_CHANGE"},
        "sheets": sheets,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{sheet.id}/edit",
    }


def _word_sheet(sheet: Spreadsheet, tab: Tab, account: str) -> dict[str, Json]:
    found: dict[str, Json] = {"properties": word_tab(sheet, tab)}
    if tab.merges:
        found["merges"] = [grid_range(tab.id, area) for area in tab.merges]
    if tab.protected:
        found["protectedRanges"] = [word_protection(tab, each, account) for each in tab.protected]
    if tab.tables:
        found["tables"] = [
            {name: value for name, value in each.items() if name != "area"} for each in tab.tables
        ]
    if "setBasicFilter" in tab.decorations:
        _, area = sheet.find_grid_range(tab.decorations["setBasicFilter"][0]["filter"]["range"])
        found["basicFilter"] = {"range": grid_range(tab.id, area)}
    return found


def _grid_data(tab: Tab, area: Area, *, with_cells: bool) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if area.top:
        found["startRow"] = area.top
    if area.left:
        found["startColumn"] = area.left
    if with_cells:
        rows = [row[area.left : area.right] for row in tab.rows[area.top : area.bottom]]
        lines = trim([trim([_cell(cell) for cell in row], {}) for row in rows], [])
        found |= {"rowData": [{"values": line} if line else {} for line in lines]} if lines else {}
    found["columnMetadata"] = [_column(tab, column) for column in range(area.left, area.right)]
    return found


def _column(tab: Tab, column: int) -> dict[str, Json]:
    tags = [word_tag(tag, place_of(tab, column)) for tag in tab.tags[column]]
    return {"pixelSize": 100, **({"developerMetadata": tags} if tags else {})}


def _cell(cell: Content) -> dict[str, Json]:
    if cell is None:
        return {}
    value = value_of(cell)
    kind = {bool: "boolValue", str: "stringValue"}.get(type(value), "numberValue")
    entered = {"formulaValue": cell.text} if isinstance(cell, Formula) else {kind: value}
    return {"userEnteredValue": entered, "effectiveValue": {kind: value}}


def search(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``developerMetadata.search``."""
    found = []
    for tab, column, tag in sheet.column_tags():
        filters = [
            each
            for each in asking.body.get("dataFilters", [])
            if matches(tag, each["developerMetadataLookup"])
        ]
        if filters:
            words = word_tag(tag, place_of(tab, column))
            found.append({"developerMetadata": words, "dataFilters": filters})
    return {"matchedDeveloperMetadata": found} if found else {}
