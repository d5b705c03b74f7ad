"""From headers and tags to one layout: which column is which, what to tag, what to put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheets_sync.columns import MANAGED
from sheets_sync.layout import Layout, Rows, choose_tab, key_of
from sheets_sync.model import TRACKER_TAB, Change, Edit
from sheets_sync.stores.google.client import SheetsClient
from sheets_sync.stores.google.survey import TAG_KEY, Facts, Tag, read_tag, tag_value

Json = Any  # what json.loads gives

DATE_FORMAT = {"numberFormat": {"type": "DATE"}}
"""The day as the sheet's own locale writes it."""


class Settled(NamedTuple):
    """The layout, with the managed headers as they should read, and those that do not."""

    layout: Layout
    mends: tuple[Change, ...]


def settle(
    title: str, rows: Rows, tags: Sequence[Tag], *, fresh: frozenset[int] = frozenset()
) -> Settled:
    """Read the first rows of a tab in the light of its tags.

    A tagged managed column keeps its meaning when its header has been written over: the header
    is to be put back. Not so where the header stands in another column or says the same in
    another language (the tag follows it), where it names another known column, and for tags
    that are ``fresh``: columns may have moved while they were tagged. Raises NotATracker.
    """
    _, raw = choose_tab([(title, rows)])
    header_row = list(rows[raw.header_row - 1])
    mends = []
    for tag in tags:
        found = header_row[tag.place] if tag.place < len(header_row) else None
        if tag.key in raw.columns or tag.key not in MANAGED or tag.id in fresh or key_of(found):
            continue
        mends.append(Change(Edit(TRACKER_TAB, raw.header_row, tag.key, tag.header), found))
        header_row.extend([None] * (tag.place + 1 - len(header_row)))
        header_row[tag.place] = tag.header
    mended = [*rows[: raw.header_row - 1], header_row, *rows[raw.header_row :]]
    _, layout = choose_tab([(title, mended)])
    return Settled(layout, tuple(mends))


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


def tag_requests(
    layout: Layout, tags: Sequence[Tag], tab: Facts, *, fresh: frozenset[int] = frozenset()
) -> list[Json]:
    """The requests after which each known column has its tag; none when all have theirs."""
    right = tags_by_key(layout, tags)
    return [
        *map(_deleting, _stale(layout, tags, fresh)),
        *(
            _updating(tag, layout.headers[key])
            for key, tag in right.items()
            if tag.header != layout.headers[key]
        ),
        *_creating(layout, right, tab),
    ]


def _stale(layout: Layout, tags: Sequence[Tag], fresh: frozenset[int]) -> list[Tag]:
    """The tags that must not speak for their column any more.

    Their column is known by another name now, another column has the name, or they landed on
    it only because columns moved while they were made.
    """
    right = {tag.id for tag in tags_by_key(layout, tags).values()}
    places = set(layout.columns.values())
    return [
        tag
        for tag in tags
        if tag.id not in right
        and (tag.key in layout.columns or tag.place in places or tag.id in fresh)
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


def send_tags(
    client: SheetsClient, sheet: str, requests: Sequence[Json], tags: Sequence[Tag]
) -> tuple[Tag, ...]:
    """Make, change and take off tags in one call; gives those that then are there."""
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
