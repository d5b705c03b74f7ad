"""From a tracker held in memory to a Sheet and back: the store for trying things out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from sheets_sync.columns import MANAGED
from sheets_sync.errors import SheetChanged
from sheets_sync.layout import Rows, choose_tab, column_index, require_managed
from sheets_sync.model import TRACKER_TAB, Cell, Edit, Finding, Origin, Sheet
from sheets_sync.stores.grid import columns_of, program_tabs, sheet_of


class MemoryStore:
    """A tracker whose tabs are lists of rows in memory.

    ``tabs`` holds the cells by tab name; people may change them at any time. ``before_write``
    is called at the start of each write: there a test lets people edit in the window.
    """

    def __init__(
        self,
        tabs: Mapping[str, Rows],
        *,
        name: str = "memory",
        timezone: str | None = None,
        date_system: Literal[1900, 1904] = 1900,
    ) -> None:
        """Keep a copy of the tabs, each a list of rows from row 1 down."""
        self.name = name
        self.tabs: dict[str, list[list[Cell]]] = _copied(tabs)
        self.before_write: Callable[[], None] | None = None
        self._timezone = timezone
        self._date_system: Literal[1900, 1904] = date_system

    @property
    def origin(self) -> Origin:
        """Where the tracker is kept: nowhere but here."""
        return Origin(id=self.name, title=self.name, place=self.name)

    def read(self) -> Sheet:
        """The tracker as it stands now. Raises NotATracker."""
        held = _copied(self.tabs)
        tabs = list(held.items())
        index, layout = choose_tab(tabs)
        require_managed(layout)
        ours, notes = program_tabs(tabs)
        tab, rows = tabs[index]
        return sheet_of(
            columns_of(rows, layout),
            layout,
            tab=tab,
            tabs=ours,
            notes=notes,
            timezone=self._timezone,
            date_system=self._date_system,
            token=held,
        )

    def diagnose(self) -> Sequence[Finding]:
        """Nothing can be wrong with this place."""
        return ()

    def write(self, edits: Sequence[Edit], *, against: Sheet) -> Sheet:
        """Write the edits and read again. Raises SheetChanged when people edited meanwhile."""
        if self.before_write is not None:
            self.before_write()
        if self.tabs != against.token:
            raise SheetChanged("changed_meanwhile", tracker=self.name)
        for edit in edits:
            self._put(edit, against)
        return self.read()

    def _put(self, edit: Edit, sheet: Sheet) -> None:
        """Write one cell, making the tab as large as that takes."""
        tab, letters = _target(edit, sheet)
        rows = self.tabs[tab]
        rows.extend([] for _ in range(edit.row - len(rows)))
        row, column = rows[edit.row - 1], column_index(letters)
        row.extend([None] * (column + 1 - len(row)))
        row[column] = edit.value


def _target(edit: Edit, sheet: Sheet) -> tuple[str, str]:
    """The tab's name and the column's letters. Raises ValueError for a column of people."""
    if edit.tab != TRACKER_TAB:
        return sheet.tabs[edit.tab].name, edit.column
    if edit.column not in MANAGED:
        message = f"only managed columns are written, not {edit.column}"
        raise ValueError(message)
    return sheet.tab, sheet.letters[edit.column]


def _copied(tabs: Mapping[str, Rows]) -> dict[str, list[list[Cell]]]:
    return {name: [list(row) for row in rows] for name, rows in tabs.items()}
