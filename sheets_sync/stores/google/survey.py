"""From a spreadsheet's metadata and first rows to what the store must know of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.layout import HEADER_ROWS
from sheets_sync.model import Cell
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.stores.google.wire import READ, Area, area_of, block_of, quote, turned

Json = Any  # what json.loads gives

TAG_KEY = "sheets_sync.column"

FIELDS = (
    "properties(title,timeZone),"
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),"
    "merges,protectedRanges(range,warningOnly,requestingUserCanEdit),"
    "tables(range,columnProperties(columnIndex,columnType)),"
    "data.columnMetadata.developerMetadata)"
)


class Tag(NamedTuple):
    """What hangs on a known column and goes where it goes.

    ``id`` is its number at Google, ``key`` the column's canonical key, ``header`` its header
    as it read when it was tagged, ``place`` the
    column, from 0, where it was last seen.
    """

    id: int
    key: str
    header: str
    place: int


class Facts(NamedTuple):
    """One tab: its number, title and size, and what stands in the way of writing there.

    ``barred`` are the areas that are protected from us; ``types`` are the types of the columns
    that belong to a table, by index.
    """

    id: int
    title: str
    height: int
    width: int
    merges: tuple[Area, ...]
    barred: tuple[Area, ...]
    types: Mapping[int, str]
    tags: tuple[Tag, ...]


class Survey(NamedTuple):
    """A spreadsheet: its title, its time zone if it is known here, its tabs."""

    title: str
    timezone: str | None
    tabs: tuple[Facts, ...]


def take_survey(client: SheetsClient, sheet: str) -> Survey:
    """All that the store must know; one read."""
    found = client.get(sheet, "", {"fields": FIELDS})
    tabs = found.get("sheets", [])
    properties = found.get("properties", {})
    return Survey(
        properties.get("title", ""),
        _known_zone(properties.get("timeZone")),
        tuple(_facts(tab) for tab in tabs if tab["properties"].get("sheetType", "GRID") == "GRID"),
    )


def read_tops(
    client: SheetsClient, sheet: str, tabs: Sequence[Facts]
) -> list[tuple[str, list[list[Cell]]]]:
    """The titles of the tabs with their first 20 rows; one read."""
    ranges = [f"{quote(tab.title)}!1:{min(HEADER_ROWS, tab.height)}" for tab in tabs]
    found = client.get(sheet, "/values:batchGet", {"ranges": ranges, **READ})
    blocks = map(block_of, found["valueRanges"])
    return [(tab.title, turned(block.columns)) for tab, block in zip(tabs, blocks, strict=True)]


def _facts(tab: Mapping[str, Json]) -> Facts:
    properties = tab["properties"]
    size = properties.get("gridProperties", {})
    barred = [
        area_of(found.get("range", {}))
        for found in tab.get("protectedRanges", [])
        if not (found.get("warningOnly") or found.get("requestingUserCanEdit"))
    ]
    return Facts(
        id=properties.get("sheetId", 0),
        title=properties["title"],
        height=size.get("rowCount", 1),
        width=size.get("columnCount", 1),
        merges=tuple(area_of(found) for found in tab.get("merges", [])),
        barred=tuple(barred),
        types=dict(_types(tab)),
        tags=tuple(_tags(tab)),
    )


def _types(tab: Mapping[str, Json]) -> Iterator[tuple[int, str]]:
    """The type of each column of each table, by the column's index in the tab."""
    for table in tab.get("tables", []):
        left = table.get("range", {}).get("startColumnIndex", 0)
        for column in table.get("columnProperties", []):
            yield left + column.get("columnIndex", 0), column.get("columnType", "")


def _tags(tab: Mapping[str, Json]) -> Iterator[Tag]:
    for data in tab.get("data", []):
        for column in data.get("columnMetadata", []):
            for found in column.get("developerMetadata", []):
                if found.get("metadataKey") == TAG_KEY:
                    yield from read_tag(found)


def read_tag(found: Mapping[str, Json]) -> Iterator[Tag]:
    """The tag that a DeveloperMetadata is; nothing for one that is not ours."""
    span = found.get("location", {}).get("dimensionRange", {})
    try:
        value = json.loads(found.get("metadataValue", ""))
        yield Tag(found["metadataId"], value["column"], value["header"], span.get("startIndex", 0))
    except (ValueError, KeyError, TypeError):
        return


def tag_value(key: str, header: str) -> str:
    """What a tag says: the canonical key, and the header as it reads."""
    return json.dumps({"column": key, "header": header}, ensure_ascii=False)


def _known_zone(name: str | None) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None
