"""From the choices of the columns to the tab Lists and the names that the dropdowns use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync import design
from sheets_sync.model import Value
from sheets_sync.template import paper, styles
from sheets_sync.template.entry import list_name
from sheets_sync.template.words import Words

_TITLE_ROW, _LEAD_ROW, _HEADER_ROW = 1, 2, 4
_FIRST_ROW = _HEADER_ROW + 1
_LEAST_WIDTH, _MOST_WIDTH = 18, 30
_TEXT_WIDTH = 7
"""So many columns does the explanation run across."""


def fill_lists(
    workbook: Workbook, sheet: Worksheet, rows: Sequence[Mapping[str, Value]], words: Words
) -> None:
    """A column for each dropdown: first those that people fill, then the program's."""
    _write_title(sheet, words)
    offers = [(key, _spoken(rows, key), design.SUGGESTIONS) for key in reversed(design.SUGGESTED)]
    for key, choices in design.DROPDOWNS.items():
        offers.append((key, words.choices(key, choices), len(choices)))
    for place, (key, offered, room) in enumerate(offers, start=1):
        _write_list(sheet, place, key, offered, words)
        workbook.defined_names[list_name(key)] = _name(sheet, place, key, room)
    sheet.freeze_panes = f"A{_FIRST_ROW}"
    sheet.sheet_view.showGridLines = False
    paper.portrait(sheet, words)


def _write_title(sheet: Worksheet, words: Words) -> None:
    title, lead = sheet.cell(_TITLE_ROW, 1), sheet.cell(_LEAD_ROW, 1)
    title.value, lead.value = words.guide("lists.title"), words.guide("lists.yours")
    title.font = styles.font(size=16, bold=True, ink=styles.ACCENT)
    lead.font = styles.font(ink="4B5563")
    title.alignment = styles.beginning(words.language, wrap=False)
    lead.alignment = styles.beginning(words.language)
    sheet.merge_cells(
        start_row=_LEAD_ROW, end_row=_LEAD_ROW, start_column=1, end_column=_TEXT_WIDTH
    )
    sheet.row_dimensions[_LEAD_ROW].height = 34


def _spoken(rows: Sequence[Mapping[str, Value]], key: str) -> list[str]:
    """What the rows already say in a column, each once."""
    found = dict.fromkeys(row[key] for row in rows if row.get(key))
    return [value for value in found if isinstance(value, str)][: design.SUGGESTIONS]


def _write_list(
    sheet: Worksheet, place: int, key: str, offered: Sequence[str], words: Words
) -> None:
    theirs = key in design.SUGGESTED
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = _width([words.column(key), *offered])
    header = sheet[f"{letter}{_HEADER_ROW}"]
    header.value = words.column(key)
    header.font = styles.font(bold=True, ink="FFFFFF")
    header.fill = styles.fill(styles.ACCENT if theirs else "4B5563")
    header.alignment = styles.beginning(words.language)
    for row in range(_FIRST_ROW, _FIRST_ROW + (design.SUGGESTIONS if theirs else len(offered))):
        cell = sheet[f"{letter}{row}"]
        cell.font = styles.font()
        cell.alignment = styles.beginning(words.language)
        cell.border = styles.underline()
        if row - _FIRST_ROW < len(offered):
            styles.put_text(cell, offered[row - _FIRST_ROW])


def _width(texts: Sequence[str]) -> int:
    """As wide as the longest text, within limits."""
    return min(max(_LEAST_WIDTH, *(len(text) + 3 for text in texts)), _MOST_WIDTH)


def _name(sheet: Worksheet, place: int, key: str, room: int) -> DefinedName:
    letter = get_column_letter(place)
    cells = f"${letter}${_FIRST_ROW}:${letter}${_FIRST_ROW + room - 1}"
    return DefinedName(list_name(key), attr_text=f"{quote_sheetname(sheet.title)}!{cells}")
