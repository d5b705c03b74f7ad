"""The requests of ``spreadsheets.batchUpdate``, one function each; all are applied or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.google.asking import Asking
from tests.google.ranges import Area, RefusalError, grid_range
from tests.google.schema import Json, parse_mask
from tests.google.spreadsheet import Content, Formula, Spreadsheet, Tab
from tests.google.tags import create_tag, delete_tag, span_of, update_tag

Body = Mapping[str, Json]
Reply = dict[str, Json]
Request = Callable[[Spreadsheet, Body, str], "Reply | None"]

DECORATIONS = (
    "setDataValidation",
    "addBanding",
    "updateBorders",
    "addDimensionGroup",
    "updateDimensionGroup",
    "addConditionalFormatRule",
    "autoResizeDimensions",
    "addChart",
)
"""What is only kept as it was asked for: it changes how cells look, not what they hold."""


def batch_update(sheet: Spreadsheet, asking: Asking) -> Reply:
    """Answer ``spreadsheets.batchUpdate``."""
    requests = asking.body.get("requests") or []
    if not requests:
        message = "Must specify at least one request."
        raise RefusalError(message)
    before = [tab.copy() for tab in sheet.tabs], list(sheet.tags)
    replies = []
    for position, request in enumerate(requests):
        ((name, inner),) = request.items()
        try:
            reply = _requests()[name](sheet, inner, asking.account)
        except RefusalError as refusal:
            sheet.tabs, sheet.tags = before
            message = f"Invalid requests[{position}].{name}: {refusal.message}"
            raise RefusalError(message) from refusal
        replies.append({name: reply} if reply else {})
    return {"spreadsheetId": sheet.id, "replies": replies}


def _requests() -> Mapping[str, Request]:
    known: dict[str, Request] = {
        "createDeveloperMetadata": create_tag,
        "updateDeveloperMetadata": update_tag,
        "deleteDeveloperMetadata": delete_tag,
        "addSheet": add_tab,
        "deleteSheet": delete_tab,
        "updateSheetProperties": update_tab,
        "updateSpreadsheetProperties": update_spreadsheet,
        "updateCells": update_cells,
        "repeatCell": repeat_cell,
        "mergeCells": merge_cells,
        "unmergeCells": unmerge_cells,
        "setBasicFilter": set_filter,
        "clearBasicFilter": clear_filter,
        "addProtectedRange": protect,
        "addTable": add_table,
        "insertDimension": insert_dimension,
        "deleteDimension": delete_dimension,
        "moveDimension": move_dimension,
        "sortRange": sort_range,
        "updateDimensionProperties": _decorate("updateDimensionProperties"),
    }
    return known | {name: _decorate(name) for name in DECORATIONS}


def add_tab(sheet: Spreadsheet, body: Body, _: str) -> Reply:
    """Add a tab, at the end or where it was asked for."""
    asked = body.get("properties", {})
    title = asked.get("title") or f"Sheet{len(sheet.tabs) + 1}"
    if any(tab.title.casefold() == title.casefold() for tab in sheet.tabs):
        message = f'A sheet with the name "{title}" already exists. Please enter another name.'
        raise RefusalError(message)
    grid = asked.get("gridProperties", {})
    tab = sheet.add_tab(title, height=grid.get("rowCount", 1000), width=grid.get("columnCount", 26))
    if asked.get("sheetId"):
        tab.id = asked["sheetId"]
    _set_properties(tab, asked)
    if "index" in asked:
        sheet.tabs.insert(asked["index"], sheet.tabs.pop())
    return {"properties": word_tab(sheet, tab)}


def delete_tab(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Take a tab away."""
    sheet.tabs.remove(sheet.tab_of(body.get("sheetId")))


def update_tab(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Change the title, size, frozen rows and the like of a tab."""
    asked = body["properties"]
    parse_mask(body["fields"], "SheetProperties")
    tab = sheet.tab_of(asked.get("sheetId"))
    _set_properties(tab, asked)
    if "index" in asked:
        sheet.tabs.remove(tab)
        sheet.tabs.insert(asked["index"], tab)


def _set_properties(tab: Tab, asked: Body) -> None:
    grid = dict(asked.get("gridProperties", {}))
    tab.resize(grid.pop("rowCount", tab.height), grid.pop("columnCount", tab.width))
    tab.grid.update(grid)
    tab.title = asked.get("title", tab.title)
    others = asked.keys() - {"gridProperties", "title", "sheetId", "index", "sheetType"}
    tab.properties.update({name: asked[name] for name in others})


def word_tab(sheet: Spreadsheet, tab: Tab) -> Reply:
    """A tab's SheetProperties."""
    size = {"rowCount": tab.height, "columnCount": tab.width}
    return {
        "sheetId": tab.id,
        "title": tab.title,
        "index": sheet.tabs.index(tab),
        "sheetType": "GRID",
        "gridProperties": size | {name: value for name, value in tab.grid.items() if value},
        **{name: value for name, value in tab.properties.items() if value},
    }


def update_spreadsheet(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Change the title, locale or time zone."""
    parse_mask(body["fields"], "SpreadsheetProperties")
    asked = body["properties"]
    sheet.title = asked.get("title", sheet.title)
    sheet.locale = asked.get("locale", sheet.locale)
    sheet.timezone = asked.get("timeZone", sheet.timezone)


def update_cells(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Put values and formats into cells, from a corner on or within a range."""
    mask = parse_mask(body["fields"], "CellData")
    if "start" in body:
        start = body["start"]
        tab = sheet.tab_of(start.get("sheetId"))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    else:
        tab, area = sheet.find_grid_range(body["range"])
        top, left = area.top, area.left
    tab.decorations.setdefault("updateCells", []).append(dict(body))
    if "userEnteredValue" not in mask:
        return
    for row, asked in enumerate(body.get("rows", []), top):
        for column, cell in enumerate(asked.get("values", []), left):
            if row >= tab.height or column >= tab.width:
                message = "Attempting to write outside the grid."
                raise RefusalError(message)
            tab.rows[row][column] = _content(cell.get("userEnteredValue") or {})


def repeat_cell(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Put one cell's value or format into all cells of a range."""
    mask = parse_mask(body["fields"], "CellData")
    tab, area = sheet.find_grid_range(body["range"])
    if "userEnteredFormat" in mask and "numberFormat" in mask["userEnteredFormat"]:
        _refuse_typed_columns(tab, area)
    tab.decorations.setdefault("repeatCell", []).append(dict(body))
    if "userEnteredValue" in mask:
        value = _content(body["cell"].get("userEnteredValue") or {})
        for row in tab.rows[area.top : area.bottom]:
            row[area.left : area.right] = [value] * (area.right - area.left)


def _refuse_typed_columns(tab: Tab, area: Area) -> None:
    for table in tab.tables:
        if table["area"].overlaps(area):
            message = "This operation is not allowed on cells in typed columns."
            raise RefusalError(message)


def _content(value: Body) -> Content:
    if "formulaValue" in value:
        return Formula(value["formulaValue"], 0)
    for name in ("stringValue", "numberValue", "boolValue"):
        if name in value:
            return value[name] if value[name] != "" else None
    return None


def merge_cells(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Merge the cells of a range."""
    tab, area = sheet.find_grid_range(body["range"])
    tab.merges.append(area)


def unmerge_cells(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Undo the merges within a range."""
    tab, area = sheet.find_grid_range(body["range"])
    tab.merges = [merged for merged in tab.merges if not merged.overlaps(area)]


def set_filter(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Give a tab its filter."""
    tab, _area = sheet.find_grid_range(body["filter"]["range"])
    tab.decorations["setBasicFilter"] = [dict(body)]


def clear_filter(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Take a tab's filter away."""
    sheet.tab_of(body.get("sheetId")).decorations.pop("setBasicFilter", None)


def protect(sheet: Spreadsheet, body: Body, account: str) -> Reply:
    """Protect a range; who asks for it may still edit it."""
    asked = body["protectedRange"]
    tab, area = sheet.find_grid_range(asked["range"])
    warning = bool(asked.get("warningOnly"))
    if warning and asked.get("editors"):
        message = "ProtectedRange is warningOnly. Editors cannot be set on it."
        raise RefusalError(message)
    found = {
        "id": sheet.new_id(),
        "area": area,
        "warningOnly": warning,
        "users": (account,),
        "description": asked.get("description"),
    }
    tab.protected.append(found)
    return {"protectedRange": word_protection(tab, found, account)}


def word_protection(tab: Tab, protection: Body, account: str) -> Reply:
    """A ProtectedRange as the account sees it; a false flag is left out."""
    found: Reply = {
        "protectedRangeId": protection["id"],
        "range": grid_range(tab.id, protection["area"]),
    }
    if protection.get("warningOnly"):
        found["warningOnly"] = True
    if protection.get("warningOnly") or account in protection.get("users", ()):
        found["requestingUserCanEdit"] = True
    return found


def add_table(sheet: Spreadsheet, body: Body, _: str) -> Reply:
    """Make a range a table with typed columns."""
    asked = dict(body["table"])
    tab, area = sheet.find_grid_range(asked["range"])
    asked |= {"area": area, "tableId": asked.get("tableId") or str(sheet.new_id())}
    tab.tables.append(asked)
    return {"table": {name: value for name, value in asked.items() if name != "area"}}


def insert_dimension(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Insert rows or columns."""
    asked = body["range"]
    tab = sheet.tab_of(asked.get("sheetId"))
    first, count = asked.get("startIndex", 0), asked["endIndex"] - asked.get("startIndex", 0)
    insert = tab.insert_rows if asked["dimension"] == "ROWS" else tab.insert_columns
    insert(first, count)


def delete_dimension(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Delete rows or columns."""
    asked = body["range"]
    tab, first, last = span_of(sheet, asked, asked["dimension"])
    delete = tab.delete_rows if asked["dimension"] == "ROWS" else tab.delete_columns
    delete(first, last - first)


def move_dimension(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Move rows or columns."""
    asked = body["source"]
    tab, first, last = span_of(sheet, asked, asked["dimension"])
    move = tab.move_rows if asked["dimension"] == "ROWS" else tab.move_columns
    move(first, last - first, body["destinationIndex"])


def sort_range(sheet: Spreadsheet, body: Body, _: str) -> None:
    """Sort the rows of a range by its columns."""
    tab, area = sheet.find_grid_range(body["range"])
    for spec in reversed(body["sortSpecs"]):
        down = spec.get("sortOrder") == "DESCENDING"
        tab.sort_rows(area, spec.get("dimensionIndex", 0), descending=down)


def _decorate(name: str) -> Request:
    def keep(sheet: Spreadsheet, body: Body, _: str) -> None:
        ranged = body.get("range") or body.get("rule", {}).get("ranges", [{}])[0]
        tab = sheet.tab_of(ranged.get("sheetId"))
        tab.decorations.setdefault(name, []).append(dict(body))

    return keep
