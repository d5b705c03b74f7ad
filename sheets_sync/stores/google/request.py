"""From edits to the one call that writes them, and from tags to the one call that reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sheets_sync.errors import Refused
from sheets_sync.layout import HEADER_ROWS, column_index, column_letters
from sheets_sync.model import TRACKER_TAB, Edit, Sheet, Value
from sheets_sync.stores.google.survey import Facts, Tag
from sheets_sync.stores.google.wire import READ, WRITE, quote, sparse

Json = Any  # what json.dumps takes

Values = Mapping[str, Mapping[int, Value]]
"""What is to be written, by column (a managed key, a letter) and row."""


def reading(tab: Facts, tags: Sequence[Tag], own: Sequence[str]) -> Json:
    """Asks for the first rows of the tracker, its tagged columns, and the program's own tabs."""
    head = {"sheetId": tab.id, "startRowIndex": 0, "endRowIndex": min(HEADER_ROWS, tab.height)}
    filters = [{"gridRange": head}, *map(_by_tag, tags)]
    filters += [{"a1Range": quote(title)} for title in own]
    return {"dataFilters": filters, **READ}


def writing(tags: Mapping[str, Tag], sheet: Sheet, edits: Sequence[Edit]) -> Json:
    """Writes the edits. Columns of which nothing changes are a null: they come with the answer."""
    values = by_column(edits, TRACKER_TAB)
    data = [_column(_by_tag(tag), [values.get(key, {})]) for key, tag in tags.items()]
    return {"data": [*data, *_own_tabs(sheet, edits)], **WRITE}


def writing_only(tags: Mapping[str, Tag], sheet: Sheet, edits: Sequence[Edit]) -> Json:
    """Writes the edits and names no other column: a person may have protected one of theirs."""
    values = by_column(edits, TRACKER_TAB)
    return writing({key: tag for key, tag in tags.items() if key in values}, sheet, edits)


def by_column(edits: Sequence[Edit], tab: str) -> Values:
    """The values of a tab's edits, by column and row."""
    found: dict[str, dict[int, Value]] = {}
    for edit in edits:
        if edit.tab == tab:
            found.setdefault(edit.column, {})[edit.row] = edit.value
    return found


def refuse_merged(edits: Sequence[Edit], sheet: Sheet, tab: Facts) -> None:
    """Raise Refused when an edit's cell is part of a merged cell: nobody would see it."""
    for edit in edits if tab.merges else ():
        if edit.tab != TRACKER_TAB:
            continue
        place = (edit.row - 1, column_index(sheet.letters[edit.column]))
        for merge in tab.merges:
            if merge.holds(*place) and place != (merge.top, merge.left):
                cell = f"{column_letters(place[1])}{edit.row}"
                raise Refused("google_merged_cell", cell=cell, tab=tab.title)


def _own_tabs(sheet: Sheet, edits: Sequence[Edit]) -> list[Json]:
    """The program's own tabs, from A1 on; one without edits comes with the answer as well."""
    found = []
    for key, tab in sheet.tabs.items():
        values = {column_index(letters): cells for letters, cells in by_column(edits, key).items()}
        columns = [values.get(index, {}) for index in range(max(values, default=0) + 1)]
        found.append(_column({"a1Range": quote(tab.name)}, columns))
    return found


def _by_tag(tag: Tag) -> Json:
    return {"developerMetadataLookup": {"metadataId": tag.id}}


def _column(data_filter: Json, columns: Sequence[Mapping[int, Value]]) -> Json:
    values = [sparse(cells) for cells in columns]
    return {"dataFilter": data_filter, "majorDimension": "COLUMNS", "values": values}
