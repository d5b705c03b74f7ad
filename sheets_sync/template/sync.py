"""From the words of the Sync tab to its looks: the day of the last check, red when it is old."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync import design, sync_tab
from sheets_sync.template import paper, styles
from sheets_sync.template.styles import ACCENT
from sheets_sync.template.words import Words

_HEIGHTS = {1: 34, 2: 20, sync_tab.CHECK_ROW: 26, sync_tab.HEADER_ROW: 22}
_LINES = 60
"""So many recipients find their line laid out."""


def fill_sync(sheet: Worksheet, words: Words) -> None:
    """Lay out the tab; the program fills in the days."""
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 20
    for (row, column), text in sync_tab.sync_words(words.language).items():
        sheet[f"{column}{row}"] = text
    _dress(sheet, words)
    _format_days(sheet, words)
    _warn_when_stale(sheet, words)
    sheet.sheet_view.showGridLines = False
    paper.portrait(sheet, words)


def _dress(sheet: Worksheet, words: Words) -> None:
    sheet["A2"] = words.guide("sync.lead")
    for row, height in _HEIGHTS.items():
        sheet.row_dimensions[row].height = height
        for column in (sync_tab.LABEL, sync_tab.DAY):
            cell = sheet[f"{column}{row}"]
            cell.alignment = styles.beginning(words.language, wrap=False)
            cell.font = styles.font(bold=True)
    sheet["A1"].font = styles.font(size=16, bold=True, ink=ACCENT)
    sheet["A2"].font = styles.font(ink="4B5563")
    for column in (sync_tab.LABEL, sync_tab.DAY):
        header = sheet[f"{column}{sync_tab.HEADER_ROW}"]
        header.font = styles.font(bold=True, ink="FFFFFF")
        header.fill = styles.fill("374151")


def _format_days(sheet: Worksheet, words: Words) -> None:
    """Ready cells for the days, and for the names beside them."""
    rows = [sync_tab.FIRST_ROW + line for line in range(_LINES)]
    for row in (sync_tab.CHECK_ROW, *rows):
        day, name = sheet[f"{sync_tab.DAY}{row}"], sheet[f"{sync_tab.LABEL}{row}"]
        day.number_format = design.DATE_FORMATS[words.language]
        day.font = styles.font(bold=row == sync_tab.CHECK_ROW)
        day.alignment = name.alignment = styles.beginning(words.language, wrap=False)
    for row in rows:
        sheet[f"{sync_tab.LABEL}{row}"].font = styles.font()


def _warn_when_stale(sheet: Worksheet, words: Words) -> None:
    cell = f"{sync_tab.DAY}{sync_tab.CHECK_ROW}"
    rule = Rule(
        type="expression",
        dxf=styles.differential(design.STALE, words.language),
        formula=[design.stale(f"${sync_tab.DAY}${sync_tab.CHECK_ROW}")],
    )
    sheet.conditional_formatting.add(cell, rule)
