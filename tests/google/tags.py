"""The requests on developer metadata: tags that go where their column goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.google.ranges import RefusalError
from tests.google.schema import Json, parse_mask
from tests.google.spreadsheet import Spreadsheet, Tab, Tag
from tests.google.values import matches

Body = Mapping[str, Json]
Reply = dict[str, Json]


def create_tag(sheet: Spreadsheet, body: Body, _: str) -> Reply:
    """Hang developer metadata on a column or on the spreadsheet."""
    asked = body["developerMetadata"]
    if not asked.get("metadataKey") or not asked.get("visibility"):
        message = "developerMetadata must have a key and a visibility"
        raise RefusalError(message)
    taken = {tag.id for _, _, tag in sheet.column_tags()}
    number = asked.get("metadataId") or sheet.new_id()
    if number in taken:
        message = f"developerMetadata with id {number} already exists."
        raise RefusalError(message)
    tag = Tag(number, asked["metadataKey"], asked.get("metadataValue"), asked["visibility"])
    location = asked["location"]
    if location.get("spreadsheet"):
        sheet.tags.append(tag)
        return {"developerMetadata": word_tag(tag, {"spreadsheet": True})}
    tab, first, last = span_of(sheet, location["dimensionRange"], "COLUMNS")
    if last - first != 1:
        message = "the dimension range must be of a single column"
        raise RefusalError(message)
    tab.tags[first].append(tag)
    return {"developerMetadata": word_tag(tag, place_of(tab, first))}


def update_tag(sheet: Spreadsheet, body: Body, _: str) -> Reply:
    """Change the value of the metadata that a filter finds."""
    parse_mask(body["fields"], "DeveloperMetadata")
    found = _tags(sheet, body["dataFilters"])
    for *_place, tag in found:
        tag.value = body["developerMetadata"].get("metadataValue", tag.value)
    words = [word_tag(tag, place_of(tab, column)) for tab, column, tag in found]
    return {"developerMetadata": words}


def delete_tag(sheet: Spreadsheet, body: Body, _: str) -> Reply:
    """Take away the metadata that a filter finds."""
    found = _tags(sheet, [body["dataFilter"]])
    for tab, column, tag in found:
        tab.tags[column].remove(tag)
    words = [word_tag(tag, place_of(tab, column)) for tab, column, tag in found]
    return {"deletedDeveloperMetadata": words}


def _tags(sheet: Spreadsheet, filters: Sequence[Body]) -> list[tuple[Tab, int, Tag]]:
    return [
        found
        for found in list(sheet.column_tags())
        if any(matches(found[2], each["developerMetadataLookup"]) for each in filters)
    ]


def word_tag(tag: Tag, location: Body) -> Reply:
    """A tag as DeveloperMetadata."""
    value = {} if tag.value is None else {"metadataValue": tag.value}
    return {
        "metadataId": tag.id,
        "metadataKey": tag.key,
        **value,
        "location": location,
        "visibility": tag.visibility,
    }


def place_of(tab: Tab, column: int) -> Reply:
    """A column as the location of metadata."""
    span: Reply = {"sheetId": tab.id} if tab.id else {}
    span |= {"dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    return {"locationType": "COLUMN", "dimensionRange": span}


def span_of(sheet: Spreadsheet, span: Body, dimension: str) -> tuple[Tab, int, int]:
    """The tab, the first and the end of a DimensionRange; one beyond the grid is refused."""
    tab = sheet.tab_of(span.get("sheetId"))
    size = tab.height if dimension == "ROWS" else tab.width
    first, last = span.get("startIndex") or 0, span.get("endIndex") or size
    if span["dimension"] != dimension or not 0 <= first < last <= size:
        message = f"range is out of bounds: {first}-{last} of {size}"
        raise RefusalError(message)
    return tab, first, last
