"""From headers and tags to one layout: which column is which, what to tag, what to put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheets_sync.columns import MANAGED
from sheets_sync.layout import Layout, Rows, choose_tab
from sheets_sync.model import TRACKER_TAB, Cell, Change, Edit
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.stores.google.survey import TAG_KEY, Facts, Tag, read_tag, tag_value
from sheets_sync.texts import label_names
from sheets_sync.texts.cleaning import fold

Json = Any  # what json.loads gives

DATE_FORMAT = {"numberFormat": {"type": "DATE"}}
"""The day as the sheet's own locale writes it."""


class Settled(NamedTuple):
    """The layout, with the managed headers as they should read, and those that do not."""

    layout: Layout
    mends: tuple[Change, ...]


def settle(title: str, rows: Rows, tags: Sequence[Tag]) -> Settled:
    """Read the first rows of a tab in the light of its tags.

    A tagged managed column keeps its meaning when its header has been written over: the header
    is to be put back. Where the header stands in another column, or says the same in another
    language, the tag follows it. Raises NotATracker.
    """
    managed = {tag.place: tag for tag in tags if tag.key in MANAGED}
    _, bare = choose_tab([(title, _without(rows, managed))])
    header_row = list(rows[bare.header_row - 1])
    taken = set(bare.columns)
    taken |= {tag.key for tag in managed.values() if _reads_as(tag.key, _at(header_row, tag.place))}
    mends = []
    for index, tag in managed.items():
        if tag.key not in taken:
            edit = Edit(TRACKER_TAB, bare.header_row, tag.key, tag.header)
            mends.append(Change(edit, _at(header_row, index)))
            header_row.extend([None] * (index + 1 - len(header_row)))
            header_row[index] = tag.header
    mended = [*rows[: bare.header_row - 1], header_row, *rows[bare.header_row :]]
    _, layout = choose_tab([(title, mended)])
    return Settled(layout, tuple(mends))


def _without(rows: Rows, columns: Mapping[int, Tag]) -> Rows:
    return [[None if at in columns else cell for at, cell in enumerate(row)] for row in rows]


def _at(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else None


def _reads_as(key: str, cell: Cell) -> bool:
    """Whether a header is one of the names of a managed column."""
    if not isinstance(cell, str):
        return False
    return fold(cell) in {fold(name) for name in (key, *label_names(f"column.{key}").values())}


def tags_by_key(layout: Layout, tags: Sequence[Tag]) -> dict[str, Tag]:
    """The tag of each known column that has its own, the oldest where there are several."""
    found: dict[str, Tag] = {}
    for tag in sorted(tags):
        if layout.columns.get(tag.key) == tag.place:
            found.setdefault(tag.key, tag)
    return found


def columns_by_key(layout: Layout, tags: Sequence[Tag]) -> dict[str, Tag]:
    """The tag by which to address each known column, though it may be that of another key."""
    at_index = {tag.place: tag for tag in sorted(tags, reverse=True)}
    right = tags_by_key(layout, tags)
    return {
        key: right.get(key, at_index[index])
        for key, index in layout.columns.items()
        if index in at_index
    }


def tag_requests(layout: Layout, tags: Sequence[Tag], tab: Facts) -> list[Json]:
    """The requests after which each known column has its tag; none when all have theirs."""
    right = tags_by_key(layout, tags)
    kept = {tag.id for tag in right.values()}
    stale = [tag for tag in tags if tag.key in layout.columns and tag.id not in kept]
    return [
        *(_deleting(tag) for tag in stale),
        *(
            _updating(tag, layout.headers[key])
            for key, tag in right.items()
            if tag.header != layout.headers[key]
        ),
        *_creating(layout, right, tab),
    ]


def _creating(layout: Layout, right: Mapping[str, Tag], tab: Facts) -> Iterator[Json]:
    for key, index in layout.columns.items():
        if key in right:
            continue
        span = {"sheetId": tab.id, "dimension": "COLUMNS"}
        span |= {"startIndex": index, "endIndex": index + 1}
        tag = {
            "metadataKey": TAG_KEY,
            "metadataValue": tag_value(key, layout.headers[key]),
            "location": {"dimensionRange": span},
            "visibility": "PROJECT",
        }
        yield {"createDeveloperMetadata": {"developerMetadata": tag}}
        if key == "due" and index not in tab.types and tab.height > layout.header_row:
            yield _showing_days(layout.header_row, index, tab)


def _showing_days(header_row: int, index: int, tab: Facts) -> Json:
    """The request that has a column's numbers shown as days."""
    cells = {"sheetId": tab.id, "startRowIndex": header_row}
    cells |= {"startColumnIndex": index, "endColumnIndex": index + 1}
    cell = {"userEnteredFormat": DATE_FORMAT}
    return {
        "repeatCell": {
            "range": cells,
            "cell": cell,
            "fields": "userEnteredFormat.numberFormat",
        }
    }


def _updating(tag: Tag, header: str) -> Json:
    lookup = {"developerMetadataLookup": {"metadataId": tag.id}}
    changed = {"metadataValue": tag_value(tag.key, header)}
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [lookup],
            "developerMetadata": changed,
            "fields": "metadataValue",
        }
    }


def _deleting(tag: Tag) -> Json:
    lookup = {"developerMetadataLookup": {"metadataId": tag.id}}
    return {"deleteDeveloperMetadata": {"dataFilter": lookup}}


def tag_columns(
    client: SheetsClient, sheet: str, layout: Layout, tags: tuple[Tag, ...], tab: Facts
) -> tuple[Tag, ...]:
    """The tags once each known column has its own: the same object when nothing was to be done."""
    requests = tag_requests(layout, tags, tab)
    if not requests:
        return tags
    reply = client.post(sheet, ":batchUpdate", {"requests": requests})
    now = {tag.id: tag for tag in tags}
    for name, answer in (pair for each in reply["replies"] for pair in each.items()):
        found = answer.get("developerMetadata") or answer.get("deletedDeveloperMetadata") or []
        for tag in _tags_in(found if isinstance(found, list) else [found]):
            now[tag.id] = tag
            if name == "deleteDeveloperMetadata":
                del now[tag.id]
    return tuple(now.values())


def _tags_in(found: Sequence[Json]) -> Iterator[Tag]:
    for each in found:
        yield from read_tag(each)
