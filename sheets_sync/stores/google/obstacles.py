"""From what hangs on a tab to what stands in the way of writing there."""

from __future__ import annotations

from collections.abc import Mapping

from sheets_sync.columns import MANAGED
from sheets_sync.errors import Forbidden
from sheets_sync.layout import Layout
from sheets_sync.model import Fact, Label, Sentence
from sheets_sync.stores.google.survey import Facts
from sheets_sync.stores.google.wire import Area

_ANY = frozenset({"", "COLUMN_TYPE_UNSPECIFIED"})
_FITTING: Mapping[str, frozenset[str]] = {
    "due": _ANY | {"DATE", "DATE_TIME"},
    "days_overdue": _ANY | {"DOUBLE"},
}
_TEXT = _ANY | {"TEXT"}
"""The types that a table's column may have for what is written there."""


def obstacles(layout: Layout, tab: Facts, *, account: Fact | None) -> tuple[Sentence, ...]:
    """Notes on columns of tables that want other values.

    Raises Forbidden when managed cells are protected from the account; without one (nothing is
    to be written) that is a note as well.
    """
    managed = {key: index for key, index in layout.columns.items() if key in MANAGED}
    barred = tuple(
        Label(f"column.{key}")
        for key, index in managed.items()
        if any(_bars(area, index, layout.header_row) for area in tab.barred)
    )
    if barred and account is not None:
        raise Forbidden("columns_protected", columns=barred, tab=tab.title, account=account)
    typed = [
        Sentence("notes.google_table", {"column": Label(f"column.{key}"), "tab": tab.title})
        for key, index in managed.items()
        if tab.types.get(index, "") not in _FITTING.get(key, _TEXT)
    ]
    if barred:
        return (*typed, Sentence("notes.google_protected", {"columns": barred, "tab": tab.title}))
    return tuple(typed)


def _bars(area: Area, column: int, header_row: int) -> bool:
    """Whether a protected area reaches cells of the column below the header."""
    below = area.bottom is None or area.bottom > header_row
    return below and area.holds(area.top, column)
