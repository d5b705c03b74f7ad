"""How tabs come out of a printer."""

from __future__ import annotations

from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync.template.words import Words

_A3, _A4 = 8, 9


def landscape(sheet: Worksheet, words: Words, *, repeat: str) -> None:
    """As wide as the paper, some rows and the first column on each page. A3 shrinks well to A4."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A3
    sheet.print_title_rows = repeat
    sheet.print_title_cols = "A:A"
    _fit_width(sheet, words)


def wide(sheet: Worksheet, words: Words) -> None:
    """A4 lying down, as wide as the paper."""
    portrait(sheet, words)
    sheet.page_setup.orientation = "landscape"


def portrait(sheet: Worksheet, words: Words) -> None:
    """A4, as wide as the paper."""
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = _A4
    _fit_width(sheet, words)


def _fit_width(sheet: Worksheet, words: Words) -> None:
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(words.guide("document.title")),
        right=_HeaderFooterPart(words.guide("page", page="&P", pages="&N")),
    )
