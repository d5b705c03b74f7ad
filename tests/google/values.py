"""The methods on values: reading and writing cells by range or by filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tests.google.asking import Asking
from tests.google.ranges import Area, RefusalError, letters, word_area
from tests.google.schema import Json
from tests.google.spreadsheet import Content, Formula, Spreadsheet, Tab, Tag

Body = Mapping[str, Json]


class Target(NamedTuple):
    """One matched range of a write, and the values to be written there, row by row."""

    tab: Tab
    area: Area
    data: Body
    rows: list[list[Json]]
    data_filter: Body | None = None


def batch_get(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``values.batchGet``."""
    found = [_read(*sheet.find(a1), asking.options) for a1 in asking.query["ranges"]]
    return {"spreadsheetId": sheet.id, "valueRanges": found}


def get(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``values.get``."""
    return _read(*sheet.find(asking.range), asking.options)


def batch_get_by_filter(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``values.batchGetByDataFilter``: not in the order asked, matches only."""
    found = [
        {"valueRange": _read(tab, area, asking.body), "dataFilters": [data_filter]}
        for data_filter in reversed(asking.body.get("dataFilters") or [])
        for tab, area in resolve(sheet, data_filter)
    ]
    return {"spreadsheetId": sheet.id, **({"valueRanges": found} if found else {})}


def batch_update_by_filter(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``values.batchUpdateByDataFilter``."""
    targets = [
        Target(tab, area, data, _as_rows(data), data["dataFilter"])
        for data in asking.body.get("data") or []
        for tab, area in resolve(sheet, data["dataFilter"])
    ]
    answers = _write(targets, asking.body["valueInputOption"], asking)
    return {"spreadsheetId": sheet.id, **_totals(targets), "responses": answers[::-1]}


def batch_update(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``values.batchUpdate``."""
    targets = [
        Target(*sheet.find(data["range"]), data, _as_rows(data))
        for data in asking.body.get("data") or []
    ]
    answers = _write(targets, asking.body["valueInputOption"], asking)
    answers = [{"spreadsheetId": sheet.id, **answer} for answer in answers]
    return {"spreadsheetId": sheet.id, **_totals(targets), "responses": answers}


def update(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``values.update``."""
    target = Target(*sheet.find(asking.range), asking.body, _as_rows(asking.body))
    (answer,) = _write([target], asking.options["valueInputOption"], asking)
    return {"spreadsheetId": sheet.id, **answer}


def clear(sheet: Spreadsheet, asking: Asking) -> Json:
    """Answer ``values.clear``."""
    tab, area = sheet.find(asking.range)
    for row in tab.rows[area.top : area.bottom]:
        row[area.left : area.right] = [None] * (area.right - area.left)
    return {"spreadsheetId": sheet.id, "clearedRange": word_area(tab.title, area)}


def resolve(sheet: Spreadsheet, data_filter: Body) -> list[tuple[Tab, Area]]:
    """The areas that a filter matches now; by tag that is the whole column."""
    if "a1Range" in data_filter:
        return [sheet.find(data_filter["a1Range"])]
    if "gridRange" in data_filter:
        return [sheet.find_grid_range(data_filter["gridRange"])]
    lookup = data_filter["developerMetadataLookup"]
    return [
        (tab, Area(0, tab.height, column, column + 1))
        for tab, column, tag in sheet.column_tags()
        if matches(tag, lookup)
    ]


def matches(tag: Tag, lookup: Body) -> bool:
    """Whether a column's tag is what a lookup asks for."""
    found = {
        "metadataId": tag.id,
        "metadataKey": tag.key,
        "metadataValue": tag.value,
        "visibility": tag.visibility,
        "locationType": "COLUMN",
    }
    return all(found[name] == wanted for name, wanted in lookup.items())


def _read(tab: Tab, area: Area, options: Body) -> dict[str, Json]:
    major = options.get("majorDimension") or "ROWS"
    rows = [row[area.left : area.right] for row in tab.rows[area.top : area.bottom]]
    lines: Iterable[Sequence[Content]] = zip(*rows, strict=True) if major == "COLUMNS" else rows
    render = options.get("valueRenderOption") or options.get("responseValueRenderOption")
    values = [trim([_render(cell, render) for cell in line], "") for line in lines]
    values = trim(values, [])
    found: dict[str, Json] = {"range": word_area(tab.title, area), "majorDimension": major}
    return {**found, "values": values} if values else found


def trim(line: list[Json], blank: object) -> list[Json]:
    """A line without the blanks at its end."""
    end = len(line)
    while end and line[end - 1] == blank and type(line[end - 1]) is type(blank):
        end -= 1
    return line[:end]


def _render(cell: Content, render: str | None) -> Json:
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return cell.text if render == "FORMULA" else _render(cell.value, render)
    if render in ("UNFORMATTED_VALUE", "FORMULA"):
        return cell
    return str(cell).upper() if isinstance(cell, bool) else str(cell)


def _as_rows(data: Body) -> list[list[Json]]:
    values = data.get("values") or []
    if data.get("majorDimension") != "COLUMNS":
        return values
    height = max(map(len, values), default=0)
    return [
        [column[place] if place < len(column) else None for column in values]
        for place in range(height)
    ]


def _write(targets: Sequence[Target], option: str, asking: Asking) -> list[dict[str, Json]]:
    """Write all targets or none; gives what is answered for each."""
    if option != "RAW":
        message = f"this server takes RAW values only, not {option}"
        raise NotImplementedError(message)
    written = [_fit(target) for target in targets]
    for target, area in zip(targets, written, strict=True):
        _guard(target, area, asking)
    for target in targets:
        lines = enumerate(zip(target.tab.rows[target.area.top :], target.rows, strict=False))
        for at, (line, row) in lines:
            for place, value in enumerate(row, target.area.left):
                if value is not None and not _swallowed(target.tab, target.area.top + at, place):
                    line[place] = None if value == "" else value
    return [_answer(*each, asking) for each in zip(targets, written, strict=True)]


def _swallowed(tab: Tab, row: int, column: int) -> bool:
    """Whether a cell is part of a merged one and not its first: what is put there is gone."""
    cell = Area(row, row + 1, column, column + 1)
    return any(
        merged.overlaps(cell) and (row, column) != (merged.top, merged.left)
        for merged in tab.merges
    )


def _fit(target: Target) -> Area:
    """The area that the values cover; they must not reach beyond the matched range."""
    tab, area, rows = target.tab, target.area, target.rows
    bottom = area.top + len(rows)
    right = area.left + max(map(len, rows), default=0)
    single = target.data_filter is None and (area.bottom, area.right) == (
        area.top + 1,
        area.left + 1,
    )
    limit = tab.whole if single else area
    asked = word_area(tab.title, area)
    if bottom > limit.bottom:
        message = f"Requested writing within range [{asked}], but tried writing to row [{bottom}]"
        raise RefusalError(message)
    if right > limit.right:
        message = f"Requested writing within range [{asked}],"
        message += f" but tried writing to column [{letters(right - 1)}]"
        raise RefusalError(message)
    return Area(area.top, max(bottom, area.top + 1), area.left, max(right, area.left + 1))


def _guard(target: Target, area: Area, asking: Asking) -> None:
    """Refuse to touch cells that are protected from the account."""
    for protection in target.tab.protected:
        if protection["area"].overlaps(area) and not may_edit(protection, asking.account):
            touched = asking.manner.guards_untouched or any(
                value is not None and protection["area"].overlaps(Area(row, row + 1, col, col + 1))
                for row, line in enumerate(target.rows, area.top)
                for col, value in enumerate(line, area.left)
            )
            if touched:
                message = "You are trying to edit a protected cell or object. Please contact the"
                message += " spreadsheet owner to remove protection if you need to edit."
                raise RefusalError(message)


def may_edit(protection: Body, account: str) -> bool:
    """Whether a protection lets the account through."""
    return bool(protection.get("warningOnly")) or account in protection.get("users", ())


def _answer(target: Target, area: Area, asking: Asking) -> dict[str, Json]:
    rows = sum(any(value is not None for value in row) for row in target.rows)
    touched = [at for row in target.rows for at, value in enumerate(row) if value is not None]
    cells, columns = len(touched), len(set(touched))
    found: dict[str, Json] = {"updatedRange": word_area(target.tab.title, area)}
    if cells:
        found |= {
            "updatedRows": rows,
            "updatedColumns": columns,
            "updatedCells": cells,
        }
    if target.data_filter is not None:
        found["dataFilter"] = target.data_filter
    if asking.body.get("includeValuesInResponse"):
        major = "ROWS" if asking.manner.answers_in_rows else target.data.get("majorDimension")
        options = {**asking.body, "majorDimension": major}
        shown = area if asking.manner.answers_narrowly else target.area
        found["updatedData"] = _read(target.tab, shown, options)
    return found


def _totals(targets: Sequence[Target]) -> dict[str, int]:
    written = {
        (target.tab.id, row, column)
        for target in targets
        for row, line in enumerate(target.rows, target.area.top)
        for column, value in enumerate(line, target.area.left)
        if value is not None
    }
    if not written:
        return {}
    return {
        "totalUpdatedRows": len({cell[:2] for cell in written}),
        "totalUpdatedColumns": len({(cell[0], cell[2]) for cell in written}),
        "totalUpdatedCells": len(written),
        "totalUpdatedSheets": len({cell[0] for cell in written}),
    }
