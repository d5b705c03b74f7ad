"""How tabs come out of a printer."""

from __future__ import annotations

from typing import Literal

from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync.template.words import Words
from sheets_sync.texts.cleaning import clean

_A4 = 9
_PARTNERS_PAGES = 3


def partners(sheet: Worksheet, words: Words, *, repeat: str) -> None:
    """A4 lying down, three pages side by side; some rows and the first column on each page."""
    sheet.print_title_rows = repeat
    sheet.print_title_cols = "A:A"
    _fit_width(sheet, words, orientation="landscape", pages=_PARTNERS_PAGES)


def landscape(sheet: Worksheet, words: Words) -> None:
    """A4 lying down, as wide as the paper."""
    _fit_width(sheet, words, orientation="landscape")


def portrait(sheet: Worksheet, words: Words) -> None:
    """A4, as wide as the paper."""
    _fit_width(sheet, words, orientation="portrait")


def _fit_width(
    sheet: Worksheet, words: Words, *, orientation: Literal["landscape", "portrait"], pages: int = 1
) -> None:
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = pages
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = PageMargins(
        left=0.4, right=0.4, top=0.5, bottom=0.75, header=0.3, footer=0.35
    )
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(words.guide("document.title")),
        right=_HeaderFooterPart(clean(words.guide("page", page="&P", pages="&N"))),
    )
