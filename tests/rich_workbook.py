"""From nothing to a tracker with all that people put into workbooks: charts, dropdowns, images."""

from __future__ import annotations

import struct
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from sheets_sync.columns import MANAGED
from sheets_sync.texts import label

PEOPLE = ("Partner", "Type", "Owner", "Contact person", "Email address", "Stage", "Last contact")
HEADERS = ("Remark", *PEOPLE, "Budget", *(label(f"column.{key}", "en") for key in MANAGED))
STAGES = ("Idea", "Contacted", "In talks", "Planning", "Agreed", "Done", "Paused", "Declined")
PARTNERS = 12
TRACKER = "Partners"


def make(path: Path) -> Path:
    """Write the workbook."""
    picture = path.with_suffix(".png")
    picture.write_bytes(png())
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(TRACKER)
        _fill(book, sheet)
        _decorate(book, sheet, picture)
        _more_tabs(book, picture)
        book.define_name("People", f"={TRACKER}!$B$2:$B$13")
        book.set_properties({"title": "Partners", "comments": "kept by hand"})
    picture.unlink()
    return path


def _fill(book: Any, sheet: Any) -> None:  # noqa: ANN401 - XlsxWriter has no types
    day = book.add_format({"num_format": "d.m.yyyy", "bg_color": "#FFF2CC", "border": 1})
    money = book.add_format({"num_format": "#,##0.00 €", "italic": True})
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.write_row(0, 0, HEADERS, book.add_format({"bold": True, "bg_color": "#1D5D8C"}))
    for row in range(1, PARTNERS + 1):
        sheet.write_rich_string(row, 0, "see ", bold, "minutes", red, f" no. {row}")
        sheet.write_string(row, 1, f"Partner & <Sons> {row}" if row % 3 else f"קהילה {row}")
        sheet.write_string(row, 2, "Organisation")
        sheet.write_string(row, 4, f"Contact {row}", red)
        sheet.write_url(row, 5, f"mailto:p{row}@example.org", string=f"p{row}@example.org")
        sheet.write_string(row, 6, STAGES[row % len(STAGES)], bold)
        sheet.write_datetime(row, 7, date(2026, 11, row), day)
        sheet.write_formula(row, 8, f"={row}*100+LEN(B{row + 1})", money, row * 100 + 9)
        sheet.write_comment(row, 1, f"Met in {2000 + row}", {"visible": row == 3})
    sheet.write_blank(PARTNERS + 5, 3, None, day)
    sheet.write_string(PARTNERS + 8, 1, "", bold)


def _decorate(book: Any, sheet: Any, picture: Path) -> None:  # noqa: ANN401 - as above
    rows = (1, PARTNERS + 50)
    late = book.add_format({"bg_color": "#F8CBAD", "bold": True})
    sheet.data_validation(rows[0], 6, rows[1], 6, {"validate": "list", "source": list(STAGES)})
    sheet.data_validation(
        rows[0], 7, rows[1], 7,
        {"validate": "date", "criteria": ">", "value": date(2020, 1, 1), "error_title": "Day?"},
    )  # fmt: skip
    sheet.conditional_format(
        rows[0], 10, rows[1], 10,
        {"type": "cell", "criteria": "==", "value": '"Overdue"', "format": late},
    )  # fmt: skip
    sheet.conditional_format(rows[0], 8, rows[1], 8, {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(
        rows[0], 13, rows[1], 13, {"type": "icon_set", "icon_style": "3_flags"}
    )
    sheet.autofilter(0, 0, PARTNERS, len(HEADERS) - 1)
    sheet.freeze_panes(1, 2)
    sheet.set_column(1, 1, 34)
    sheet.set_column(12, 12, 14, book.add_format({"num_format": "d mmm yyyy"}))
    sheet.set_row(4, 30, late)
    sheet.set_row(6, 15, None, {"hidden": True})
    sheet.insert_image("S2", str(picture), {"x_offset": 3, "description": "our picture"})
    sheet.insert_textbox("S12", "Ask Aino before calling the choir")
    sheet.insert_button("S18", {"caption": "Press"})
    sheet.add_sparkline(1, 17, {"range": f"{TRACKER}!I2:I13"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={TRACKER}!$I$2:$I$13", "categories": f"={TRACKER}!$B$2:$B$13"})
    sheet.insert_chart("S20", chart)
    sheet.merge_range(PARTNERS + 20, 0, PARTNERS + 20, 3, "All numbers are estimates", late)
    sheet.protect("", {"format_cells": True})
    sheet.set_header("&LPartners&R&D")
    sheet.print_area(0, 0, PARTNERS, 10)


def _more_tabs(book: Any, picture: Path) -> None:  # noqa: ANN401 - as above
    table = book.add_worksheet("Budget")
    table.add_table(
        0, 0, 5, 2,
        {"name": "Money", "style": "Table Style Medium 9", "total_row": True,
         "columns": [{"header": "What", "total_string": "Sum"}, {"header": "€"},
                     {"header": "With tax", "formula": "=[@€]*1.24"}],
         "data": [["Room", 100], ["Coffee", 40], ["Poster", 60], ["Sound", 90]]},
    )  # fmt: skip
    table.set_background(str(picture))
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": "=Budget!$B$2:$B$5", "categories": "=Budget!$A$2:$A$5"})
    book.add_chartsheet("Cake").set_chart(chart)
    hidden = book.add_worksheet("Secret")
    hidden.write_array_formula("A1:A3", "{=TRANSPOSE(Budget!B2:D2)}", None, 100)
    hidden.hide()
    book.add_worksheet("Sync").write_string(0, 0, "sheets_sync")


def png() -> bytes:
    """A picture of eight times eight points."""
    lines = b"".join(b"\0" + bytes([30 * y, 90, 160] * 8) for y in range(8))

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
