"""From whole tabs (lists of rows) to the columns of a Sheet: what all stores read alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from sheets_sync.columns import MANAGED, PEOPLE
from sheets_sync.layout import PROGRAM_TABS, Layout, Rows, column_letters, is_ours, own_tab
from sheets_sync.model import Cell, Column, Sentence, Sheet, Tab


def columns_of(rows: Rows, layout: Layout) -> dict[str, list[Cell]]:
    """The known columns by canonical key, from the row below the header down.

    All are equally long; rows in which no known cell is filled are left off at the end, and
    empty text is None.
    """
    body = rows[layout.header_row :]
    width = 1 + max(layout.columns.values())
    if any(len(row) < width for row in body):
        body = [[*row, *[None] * (width - len(row))] for row in body]
    columns = {key: [row[index] for row in body] for key, index in layout.columns.items()}
    return even_columns(columns)


def even_columns(columns: Mapping[str, Sequence[Cell]]) -> dict[str, list[Cell]]:
    """Columns of any length made equally long: blanks None, and no blank rows at the end."""
    height = max((_filled_height(column) for column in columns.values()), default=0)
    return {key: _fit(column, height) for key, column in columns.items()}


def _filled_height(column: Sequence[Cell]) -> int:
    """The number of cells down to the last one that is filled."""
    for position in range(len(column) - 1, -1, -1):
        if column[position] is not None and column[position] != "":
            return position + 1
    return 0


def _fit(column: Sequence[Cell], height: int) -> list[Cell]:
    cells = [*column[:height], *[None] * (height - len(column))]
    return [None if cell == "" else cell for cell in cells] if "" in cells else cells


def sheet_of(  # noqa: PLR0913 - one argument for each thing that a sheet is made of
    columns: Mapping[str, Column],
    layout: Layout,
    *,
    tab: str,
    tabs: Mapping[str, Tab] | None = None,
    notes: Sequence[Sentence] = (),
    formulas: Mapping[str, frozenset[int]] | None = None,
    timezone: str | None = None,
    date_system: Literal[1900, 1904] = 1900,
    token: object = None,
) -> Sheet:
    """The Sheet of the known columns (by key) of the tab named ``tab``."""
    return Sheet(
        tab=tab,
        header_row=layout.header_row,
        first_row=layout.header_row + 1,
        headers=layout.headers,
        letters={key: column_letters(index) for key, index in layout.columns.items()},
        people={key: columns[key] for key in PEOPLE if key in columns},
        managed={key: columns[key] for key in MANAGED if key in columns},
        formulas=formulas or {},
        tabs=tabs or {},
        notes=(*layout.notes, *notes),
        timezone=timezone,
        date_system=date_system,
        token=token,
    )


def program_tabs(tabs: Iterable[tuple[str, Rows]]) -> tuple[dict[str, Tab], tuple[Sentence, ...]]:
    """The program's own tabs among all (name and rows), by key, and a note for each that is not.

    Of two tabs of one meaning the first that is the program's counts.
    """
    ours: dict[str, Tab] = {}
    notes = []
    for name, rows in tabs:
        key = own_tab(name)
        if key not in PROGRAM_TABS:
            continue
        if not is_ours(rows[0][0] if rows and rows[0] else None):
            notes.append(Sentence("notes.tab_not_ours", {"tab": name}))
        elif key not in ours:
            ours[key] = Tab(name=name, rows=rows)
    return ours, tuple(notes)
