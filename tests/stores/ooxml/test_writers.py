"""Workbooks as other programs write them keep all they hold, and read as was asked for."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sheets_sync.model import Value
from sheets_sync.stores.ooxml import Package, has_formulas, inspect, marks, patch, verify
from tests.stores.ooxml import checker

TAB = "Partners"
DAY = date(2026, 11, 21)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "000002000001e221bc330000000049454e44ae426082"
)
EDITS: dict[tuple[str, str], Value] = {
    (TAB, "C2"): "Overdue",
    (TAB, "C3"): None,
    (TAB, "C4"): "plain & <simple>\n_x000D_",
    (TAB, "D2"): DAY,
    (TAB, "D3"): DAY,
    (TAB, "E2"): 12,
    (TAB, "E3"): 0.25,
    (TAB, "F2"): True,
    (TAB, "Z2"): "new cell",
    (TAB, "C40"): "new row",
}


def from_xlsxwriter() -> bytes:
    """A workbook with much that other libraries lose."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    bold = book.add_format({"bold": True, "bg_color": "#ddeeff"})
    day = book.add_format({"num_format": "d.m.yyyy"})
    sheet = book.add_worksheet(TAB)
    sheet.write_row("A1", ["Partner", "Stage", "Status", "Due", "Days", "Photo"], bold)
    for row in range(1, 9):
        sheet.write_row(row, 0, [f"Partner {row}", "Idea", "people's", None, row, row % 2 == 0])
        sheet.write_datetime(row, 3, datetime(2026, 11, row), day)  # noqa: DTZ001 - a cell's
    sheet.write_rich_string("B5", "rich ", bold, "text", " here")
    sheet.write_formula("H2", "=SUM(E2:E9)", None, 36)
    sheet.write_comment("A2", "a comment")
    sheet.write_url("A3", "https://example.org", string="a link")
    sheet.data_validation("B2:B99", {"validate": "list", "source": ["Idea", "Agreed"]})
    sheet.conditional_format("C2:C99", {"type": "text", "criteria": "containing", "value": "Over"})
    sheet.conditional_format("E2:E9", {"type": "data_bar", "data_bar_2010": True})
    sheet.add_sparkline("I2", {"range": f"{TAB}!E2:E9"})
    sheet.insert_image("K2", "pixel.png", {"image_data": io.BytesIO(PIXEL)})
    sheet.insert_textbox("M2", "a text box")
    sheet.freeze_panes(1, 1)
    sheet.autofilter("A1:F9")
    sheet.protect("password")
    sheet.merge_range("P1:Q2", "merged", bold)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={TAB}!$E$2:$E$9"})
    other = book.add_worksheet("Other")
    other.insert_chart("A1", chart)
    other.add_table("A20:B22", {"columns": [{"header": "One"}, {"header": "Two"}]})
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": f"={TAB}!$E$2:$E$9"})
    book.add_chartsheet("Chart").set_chart(pie)
    book.define_name("Stages", f"={TAB}!$B$2:$B$9")
    book.close()
    return buffer.getvalue()


def from_openpyxl() -> bytes:
    """The same kind of table by openpyxl, in its own way of writing."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = TAB
    sheet.append(["Partner", "Stage", "Status", "Due", "Days", "Photo"])
    for row in range(2, 10):
        sheet.append([f"Partner {row}", "Idea", "people's", date(2026, 11, row), row, row % 2 == 0])
    sheet["H2"] = "=SUM(E2:E9)"
    sheet.merge_cells("P1:Q2")
    sheet.column_dimensions["Z"].width = 30
    book.create_sheet("Other")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


BOOKS = {"XlsxWriter": from_xlsxwriter(), "openpyxl": from_openpyxl()}
both = pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)


@both
def test_nothing_but_the_edits_changes(book: bytes) -> None:
    package = inspect(book)
    after = patch(package, EDITS, recalculate=True)
    verify(book, after, EDITS)
    patched = Package(after)
    part = package.sheet(TAB)
    own = {reference: value for (_, reference), value in EDITS.items()}
    new = patched.unpacked(patched.sheet(TAB))
    assert not list(checker.zip_faults(book, after, {part.name}))
    assert not list(checker.sheet_faults(package.unpacked(part), new, own, recalculate=True))
    assert not list(checker.value_faults(new, own))


@both
def test_calamine_reads_what_was_asked_for(book: bytes) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(patch(book, EDITS))).get_sheet_by_name(TAB)
    grid = rows.to_python()
    assert [grid[row][2] for row in (1, 2, 3, 39)] == ["Overdue", "", EDITS[TAB, "C4"], "new row"]
    assert [grid[1][column] for column in (3, 4, 5, 25)] == [DAY, 12, True, "new cell"]
    assert (grid[2][3], grid[2][4]) == (DAY, 0.25)


@both
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_openpyxl_reads_what_was_asked_for(book: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(patch(book, EDITS)))[TAB]
    assert [sheet[name].value for name in ("C2", "C3", "E2", "F2", "Z2", "C40")] == [
        "Overdue", None, 12, True, "new cell", "new row",
    ]  # fmt: skip
    due = sheet["D2"].value
    assert isinstance(due, datetime)
    assert due.date() == DAY


@both
def test_its_formulas_are_seen(book: bytes) -> None:
    assert has_formulas(book)
    assert marks(book, TAB).formulas == {7: {2}}


@both
def test_a_second_patch_finds_nothing_to_do(book: bytes) -> None:
    after = patch(book, EDITS, recalculate=True)
    assert patch(after, EDITS, recalculate=True) is after
