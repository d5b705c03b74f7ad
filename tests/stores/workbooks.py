"""From tabs of plain cells to the bytes of a workbook, as people's programs would write it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import openpyxl
import xlsxwriter

from sheets_sync.model import Cell
from tests.stores.contract import Formula, Grid

FORMATS = ("d.m.yyyy", "h:mm", "[h]:mm")


def workbook(tabs: Mapping[str, Sequence[Sequence[Cell | Formula]]], **options: object) -> bytes:
    """A workbook with these tabs; ``options`` are XlsxWriter's."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        formats = {form: book.add_format({"num_format": form}) for form in FORMATS}
        for name, rows in tabs.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    _put(sheet, (row, column), cell, formats)
    return buffer.getvalue()


def _put(
    sheet: Any,  # noqa: ANN401 - XlsxWriter has no types
    place: tuple[int, int],
    cell: Cell | Formula | time | timedelta,
    formats: Mapping[str, Any],
) -> None:
    if isinstance(cell, Formula):
        sheet.write_formula(*place, cell.text, None, cell.result)
    elif isinstance(cell, bool):
        sheet.write_boolean(*place, cell)
    elif isinstance(cell, str):
        sheet.write_string(*place, cell)
    elif isinstance(cell, date | datetime):
        sheet.write_datetime(*place, cell, formats["d.m.yyyy"])
    elif isinstance(cell, time):
        sheet.write_datetime(*place, cell, formats["h:mm"])
    elif isinstance(cell, timedelta):
        sheet.write_datetime(*place, cell, formats["[h]:mm"])
    elif cell is not None:
        sheet.write_number(*place, cell)


def cells(content: bytes, tab: str) -> Grid:
    """The cells of a tab as openpyxl reads them."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    rows = cast("Iterable[tuple[Cell, ...]]", book[tab].iter_rows(values_only=True))
    found = [[_unescaped(cell) for cell in row] for row in rows]
    book.close()
    return found


def _unescaped(cell: Cell) -> Cell:
    """What openpyxl leaves as it stands in the file."""
    return cell.replace("_x005F_", "_") if isinstance(cell, str) else cell


def typed(content: bytes, tab: str, place: str, value: Cell) -> bytes:
    """The workbook after a person has filled a cell and saved."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[tab][place] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
