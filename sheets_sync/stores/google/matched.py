"""From Google's answers to what they show, paired by the filters that they echo.

Answers are not in the order of the request, and leave out what did not match.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sheets_sync.layout import HEADER_ROWS, Rows
from sheets_sync.model import Cell
from sheets_sync.stores.google.survey import Tag
from sheets_sync.stores.google.wire import Block, block_of, quote, turned

Json = Any  # what json.loads gives


class Matched(NamedTuple):
    """One answer: the columns by their tag's id, the first rows, whole tabs by their range."""

    columns: Mapping[int, Block]
    head: Rows
    tabs: Mapping[str, Rows]

    def tab(self, title: str) -> Rows:
        """The cells of a tab that was asked for, none when it is gone."""
        return self.tabs.get(quote(title), ())

    def seen(self, tags: Sequence[Tag]) -> tuple[Tag, ...]:
        """The tags whose columns are still there, with where they now stand."""
        return tuple(
            tag._replace(place=self.columns[tag.id].left) for tag in tags if tag.id in self.columns
        )

    def cells(self, tag: Tag) -> Sequence[Cell]:
        """The cells of a tagged column from row 1 down, blanks at the end left off."""
        columns = self.columns[tag.id].columns
        return columns[0] if columns else ()

    def first_rows(self, tags: Sequence[Tag]) -> Rows:
        """The first rows of the tagged columns alone, each column where it stands."""
        width = max((tag.place for tag in tags), default=0) + 1
        rows: list[list[Cell]] = [[None] * width for _ in range(HEADER_ROWS)]
        for tag in tags:
            for row, cell in zip(rows, self.cells(tag), strict=False):
                row[tag.place] = cell
        return rows


def matched_by_read(reply: Mapping[str, Json]) -> Matched:
    """What the answer to a reading shows."""
    return _pair(
        (data_filter, block_of(each["valueRange"]))
        for each in reply.get("valueRanges", [])
        for data_filter in each["dataFilters"]
    )


def matched_by_write(reply: Mapping[str, Json]) -> Matched | None:
    """What the answer to a write shows; None where that is less than the whole columns."""
    answers = reply.get("responses", [])
    if any("updatedData" not in each for each in answers):
        return None
    found = _pair((each["dataFilter"], block_of(each["updatedData"])) for each in answers)
    spans = {(block.top, block.bottom) for block in found.columns.values()}
    return found if len(spans) == 1 and min(spans)[0] == 0 else None


def _pair(answers: Iterable[tuple[Json, Block]]) -> Matched:
    columns: dict[int, Block] = {}
    head: Rows = ()
    tabs: dict[str, Rows] = {}
    for data_filter, block in answers:
        if "developerMetadataLookup" in data_filter:
            columns[data_filter["developerMetadataLookup"]["metadataId"]] = block
        elif "gridRange" in data_filter:
            head = turned(block.columns)
        else:
            tabs[data_filter["a1Range"]] = turned(block.columns)
    return Matched(columns, head, tabs)
