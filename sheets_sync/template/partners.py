"""From rows to the tab Partners: a table one wants to open, ready for two thousand partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.views import Pane, Selection
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync import design
from sheets_sync.columns import PEOPLE, Kind
from sheets_sync.design import BAND_ROW, FIRST_ROW, HEADER_ROW, LAST_ROW, ORDER
from sheets_sync.model import Value
from sheets_sync.template import paper, styles
from sheets_sync.template.entry import add_entry_rules
from sheets_sync.template.words import Words

LETTERS: Mapping[str, str] = {key: get_column_letter(i) for i, key in enumerate(ORDER, start=1)}
_TABLE = "PartnerTracker"
_ONE_LINE = frozenset(
    {"type", "channel", "email", "phone", "link", "values_fit", "reputation", "role", "stage"}
) | frozenset({"photo_approved", "status", "vetting"})


def fill_partners(sheet: Worksheet, rows: Sequence[Mapping[str, Value]], words: Words) -> None:
    """Lay out the tab and put the rows in it (canonical key to cell value)."""
    _size_columns(sheet, words)
    _write_band(sheet, words)
    _write_headers(sheet, words)
    _format_cells(sheet, words)
    _write_rows(sheet, rows)
    _add_table(sheet, max(1, len(rows)))
    add_entry_rules(sheet, LETTERS, words)
    _highlight(sheet, words)
    _open_at_the_top(sheet)
    paper.partners(sheet, words, repeat=f"{BAND_ROW}:{HEADER_ROW}")


def _size_columns(sheet: Worksheet, words: Words) -> None:
    sheet.column_dimensions.max_outline = 1  # openpyxl works it out only after writing it
    sheet.sheet_properties.outlinePr = Outline(summaryRight=False)
    for key, letter in LETTERS.items():
        column = sheet.column_dimensions[letter]
        column.width = design.width(key, words.language)
        column.outlineLevel = 1 if key in design.FOLDING else 0
        column.number_format = design.number_format(key, words.language)
        column.alignment = _alignment(key, words)
        column.font = _font(key)


def _write_band(sheet: Worksheet, words: Words) -> None:
    """A caption above each group of columns; no merged cells, so that columns can be moved."""
    sheet.row_dimensions[BAND_ROW].height = design.BAND_HEIGHT
    for group in design.GROUPS:
        for key in group.columns:
            cell = sheet[f"{LETTERS[key]}{BAND_ROW}"]
            cell.fill = styles.fill(group.strong)
            cell.font = styles.font(size=10, bold=True, ink="FFFFFF")
            cell.alignment = styles.beginning(words.language, wrap=False)
        sheet[f"{LETTERS[group.columns[0]]}{BAND_ROW}"] = words.guide(f"group.{group.id}")


def _write_headers(sheet: Worksheet, words: Words) -> None:
    sheet.row_dimensions[HEADER_ROW].height = design.HEADER_HEIGHT
    for group in design.GROUPS:
        for key in group.columns:
            cell = sheet[f"{LETTERS[key]}{HEADER_ROW}"]
            cell.value = words.column(key)
            cell.fill = styles.fill(group.soft)
            cell.font = styles.font(bold=True, ink=_header_ink(key, group))
            cell.alignment = _header_alignment(key, words)
            cell.border = styles.underline(group.strong, "medium")
            if design.is_managed(key):
                cell.comment = _note(key, words)


def _header_alignment(key: str, words: Words) -> Alignment:
    if _is_short(key):
        return styles.centred(wrap=True)
    return styles.beginning(words.language)


def _header_ink(key: str, group: design.Group) -> str:
    return "FFFFFF" if design.is_managed(key) else group.strong


def _note(key: str, words: Words) -> Comment:
    """What a column of the program's says, for whoever rests the mouse on its header."""
    text = f"{words.guide(f'column.{key}')}\n\n{words.guide('managed')}"
    return Comment(text, author="sheets_sync", width=260, height=120)


def _format_cells(sheet: Worksheet, words: Words) -> None:
    """Formats in the cells themselves: not every program looks at those of the column."""
    for row in range(FIRST_ROW, LAST_ROW + 1):
        sheet.row_dimensions[row].height = design.ROW_HEIGHT
    for key, letter in LETTERS.items():
        if not _has_own_cells(key, words):
            continue
        column = sheet.column_dimensions[letter]
        for row in range(FIRST_ROW, LAST_ROW + 1):
            styles.copy_style(column, sheet[f"{letter}{row}"])


def _has_own_cells(key: str, words: Words) -> bool:
    plain = design.number_format(key, words.language) == design.GENERAL_FORMAT
    return design.is_managed(key) or not plain


def _write_rows(sheet: Worksheet, rows: Sequence[Mapping[str, Value]]) -> None:
    for position, row in enumerate(rows):
        for key in ORDER:
            _write_cell(sheet, f"{LETTERS[key]}{FIRST_ROW + position}", key, row.get(key))


def _write_cell(sheet: Worksheet, reference: str, key: str, value: Value) -> None:
    cell = sheet[reference]
    if isinstance(value, str):
        styles.put_text(cell, value)
    elif value is not None:
        cell.value = value
    styles.copy_style(sheet.column_dimensions[LETTERS[key]], cell)


def _alignment(key: str, words: Words) -> Alignment:
    if _is_short(key):
        return styles.centred()
    return styles.beginning(words.language, wrap=key not in _ONE_LINE)


def _is_short(key: str) -> bool:
    kind = PEOPLE[key].kind if key in PEOPLE else None
    return key in {"due", "days_overdue"} or kind in {Kind.DATE, Kind.NUMBER}


def _font(key: str) -> Font:
    return styles.font(bold=key == "partner", ink="4B5563" if key == "why" else styles.INK)


def _add_table(sheet: Worksheet, height: int) -> None:
    table = Table(
        displayName=_TABLE, ref=f"A{HEADER_ROW}:{LETTERS[ORDER[-1]]}{HEADER_ROW + height}"
    )
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)


def _highlight(sheet: Worksheet, words: Words) -> None:
    for priority, highlight in enumerate(design.highlights(LETTERS), start=1):
        rule = Rule(
            type="expression",
            dxf=styles.differential(highlight.look, words.language),
            formula=[highlight.formula],
            priority=priority,
        )
        sheet.conditional_formatting.add(_cells(highlight.columns), rule)


def _cells(columns: tuple[str, ...]) -> str:
    """The cells of some columns, neighbours taken together: ``A3:C2002 F3:F2002``."""
    runs: list[list[int]] = []
    for place in sorted(ORDER.index(key) + 1 for key in columns):
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return " ".join(
        f"{get_column_letter(run[0])}{FIRST_ROW}:{get_column_letter(run[-1])}{LAST_ROW}"
        for run in runs
    )


def _open_at_the_top(sheet: Worksheet) -> None:
    """Headers and names stay in view; the first cell to fill is the one selected."""
    view = sheet.sheet_view
    view.zoomScale = 90
    view.tabSelected = True
    view.pane = Pane(
        xSplit=1,
        ySplit=HEADER_ROW,
        topLeftCell=f"B{FIRST_ROW}",
        activePane="bottomLeft",
        state="frozen",
    )
    view.selection = [
        Selection(pane="bottomLeft", activeCell=f"A{FIRST_ROW}", sqref=f"A{FIRST_ROW}")
    ]
