"""From what was written to what of it ended above the header, because rows came in meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sheets_sync.columns import MANAGED
from sheets_sync.model import TRACKER_TAB, Cell, Change, Edit
from sheets_sync.stores.google.request import by_column
from sheets_sync.stores.google.wire import to_wire


class Strays:
    """Remembers the last write, and what of earlier ones is known to stand above the header.

    A person's own words above a managed column are not taken for ours: only what stands in the
    very row that was written counts, and then whatever became of it.
    """

    def __init__(self) -> None:
        """Nothing was written yet."""
        self._written: Mapping[str, Mapping[int, object]] = {}
        self._known: frozenset[tuple[str, Cell]] = frozenset()

    def note(self, edits: Sequence[Edit]) -> None:
        """Remember a write whose outcome has not been seen."""
        self._written = {
            key: {row: to_wire(value) for row, value in values.items() if value is not None}
            for key, values in by_column(edits, TRACKER_TAB).items()
        }

    def find(self, columns: Mapping[str, Sequence[Cell]], header_row: int) -> tuple[Change, ...]:
        """The cells above the header to be cleared; ``columns`` are whole, by key."""
        found = tuple(self._find(columns, header_row))
        self._written = {}
        self._known = frozenset((change.edit.column, change.before) for change in found)
        return found

    def _find(self, columns: Mapping[str, Sequence[Cell]], header_row: int) -> Iterator[Change]:
        for key in MANAGED:
            written = self._written.get(key, {})
            for row, cell in enumerate(columns.get(key, ())[: header_row - 1], start=1):
                if cell in (None, ""):
                    continue
                if written.get(row) == cell or (key, cell) in self._known:
                    yield Change(Edit(TRACKER_TAB, row, key, None), cell)
