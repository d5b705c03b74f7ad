"""From a workbook's bytes to its Sheet: calamine for values, ooxml.marks for what it hides."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from sheets_sync.columns import MANAGED
from sheets_sync.errors import Refused, SheetsSyncError
from sheets_sync.layout import (
    HEADER_ROWS,
    PROGRAM_TABS,
    Layout,
    Rows,
    choose_tab,
    column_letters,
    own_tab,
    require_managed,
)
from sheets_sync.model import TRACKER_TAB, Cell, Label, Sentence, Sheet
from sheets_sync.stores import ooxml
from sheets_sync.stores.grid import even_columns, program_tabs, sheet_of
from sheets_sync.stores.ooxml import Marks

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

NO_VALUE = "#N/A"
"""What a formula that was never computed counts as."""

_CHUNK = 2000
"""Rows that are turned into columns at once: few enough to stay in the processor's cache."""
_DAY = timedelta(days=1)

_Raw: TypeAlias = "int | float | str | bool | time | date | datetime | timedelta"
"""What calamine gives for a cell; ``""`` is a blank one."""
_STRANGE = frozenset({time, timedelta})
_NUMBERS = frozenset({bool, int, float})


class _Found(NamedTuple):
    """What calamine reads: the tracker's tab, its layout and columns, the program's own tabs."""

    tab: str
    layout: Layout
    columns: dict[str, list[Cell]]
    programs: list[tuple[str, Rows]]


def read_workbook(content: bytes, *, notes: Sequence[Sentence] = (), token: object = None) -> Sheet:
    """The tracker in a workbook. Raises Refused, NotATracker."""
    package = ooxml.Package(content)
    trackers, programs = tabs_to_read(package.sheet_names)
    ooxml.inspect(package, [*trackers, *programs])
    marks = ooxml.marks(package, trackers[0]) if len(trackers) == 1 else None
    package.release()
    found = _read(content, trackers, programs)
    marks = marks or ooxml.marks(package, found.tab, found.layout.columns.values())
    package.release()
    columns, layout = found.columns, found.layout
    _put_marks(columns, marks, layout)
    columns = even_columns(columns)
    formulas = _managed_formulas(marks, layout, height=len(columns["partner"]))
    ours, tab_notes = program_tabs(found.programs)
    return sheet_of(
        columns,
        layout,
        tab=found.tab,
        tabs=ours,
        notes=(*notes, *tab_notes, *_formula_notes(formulas, layout)),
        formulas=formulas,
        date_system=package.date_system,
        token=token,
    )


def tabs_to_read(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The tabs that may be the tracker, and those that may be the program's own."""
    named = [name for name in names if own_tab(name) == TRACKER_TAB]
    others = [name for name in names if own_tab(name) is None]
    return named or others, [name for name in names if own_tab(name) in PROGRAM_TABS]


@contextmanager
def _readable() -> Iterator[None]:
    """Turn whatever goes wrong within into one sentence.

    Damaged files make readers fail in many ways, of which a panic is no Exception even.
    """
    try:
        yield
    except (SheetsSyncError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise Refused("unreadable", detail=str(error)) from error


@_readable()
def _read(content: bytes, trackers: Sequence[str], programs: Sequence[str]) -> _Found:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        own = [(name, _read_rows(book.get_sheet_by_name(name))) for name in programs]
        if len(trackers) != 1:
            heads = [
                (name, _read_rows(book.get_sheet_by_name(name), HEADER_ROWS)) for name in trackers
            ]
            trackers = [trackers[choose_tab(heads)[0]]]
        tab = trackers[0]
        layout, columns = _read_columns(book.get_sheet_by_name(tab), tab)
    return _Found(tab, layout, columns, own)


def _read_rows(sheet: CalamineSheet, most: int | None = None) -> Rows:
    """The rows of a sheet from A1 on, or so many of them."""
    shift = [None] * _first_column(sheet)
    return [shift + [_cell(value) for value in row] for row in islice(sheet.iter_rows(), most)]


def _first_column(sheet: CalamineSheet) -> int:
    """The column in which calamine's rows begin; they begin in row 1 always."""
    return sheet.start[1] if sheet.start else 0


def _read_columns(sheet: CalamineSheet, tab: str) -> tuple[Layout, dict[str, list[Cell]]]:
    """The layout of the tracker and its known columns; the rows are dropped as they come."""
    first = _first_column(sheet)
    rows = sheet.iter_rows()
    head = list(islice(rows, HEADER_ROWS))
    padding: list[Cell] = [None] * first
    layout = choose_tab([(tab, [padding + [_cell(value) for value in row] for row in head])])[1]
    require_managed(layout)
    columns = {key: _Column() for key in layout.columns}
    chunk = head[layout.header_row :]
    while chunk:
        for key, index in layout.columns.items():
            columns[key].extend(list(map(itemgetter(index - first), chunk)))
        chunk = list(islice(rows, _CHUNK))
    return layout, {key: column.cells for key, column in columns.items()}


class _Column:
    """A growing column, in which equal values are one object: it is several times smaller so.

    Numbers that are equal but differ in type (True and 1) are left alone.
    """

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self._known: dict[_Raw, Cell] = {"": None}

    def extend(self, values: list[_Raw]) -> None:
        """Append values as calamine gives them; blank ones become None."""
        types = set(map(type, values))
        if types & _STRANGE or len(types & _NUMBERS) > 1:
            self.cells.extend(map(_cell, values))
            return
        if len(self._known) > _CHUNK:
            self._known = {"": None}
        plain = cast("list[Cell]", values)
        self.cells.extend(map(self._known.setdefault, values, plain))


def _cell(value: _Raw) -> Cell:
    """Blank is None; a time and a duration, which are no Cell, are the numbers they stand for."""
    if isinstance(value, time):
        midnight = datetime.combine(date.min, time())
        return (datetime.combine(date.min, value) - midnight) / _DAY
    if isinstance(value, timedelta):
        return value / _DAY
    return None if value == "" else value


def _put_marks(columns: dict[str, list[Cell]], marks: Marks, layout: Layout) -> None:
    """Put error values where calamine gives blanks: errors, and formulas without a value."""
    first = layout.header_row + 1
    for key, index in layout.columns.items():
        column = columns[key]
        unseen = dict.fromkeys(marks.valueless.get(index, ()), NO_VALUE)
        for row, text in {**unseen, **marks.errors.get(index, {})}.items():
            position = row - first
            if position >= 0:
                column.extend([None] * (position + 1 - len(column)))
                column[position] = text


def _managed_formulas(marks: Marks, layout: Layout, *, height: int) -> dict[str, frozenset[int]]:
    """The positions of formulas in managed columns."""
    first = layout.header_row + 1
    found = {
        key: frozenset(
            row - first
            for row in marks.formulas.get(layout.columns[key], ())
            if first <= row < first + height
        )
        for key in MANAGED
        if key in layout.columns
    }
    return {key: positions for key, positions in found.items() if positions}


def _formula_notes(formulas: Mapping[str, frozenset[int]], layout: Layout) -> Iterator[Sentence]:
    """A note for each managed column in which people's formulas stand."""
    for key, positions in formulas.items():
        letters = column_letters(layout.columns[key])
        cell = f"{letters}{layout.header_row + 1 + min(positions)}"
        yield Sentence(
            "notes.formula_left",
            {"column": Label(f"column.{key}"), "n": len(positions), "cell": cell},
        )
