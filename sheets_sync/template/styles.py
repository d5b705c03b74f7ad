"""From the plain looks of the design to openpyxl's fonts, fills and differential styles."""

from __future__ import annotations

from typing import Any, Literal

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from sheets_sync.design import FONTS, Look
from sheets_sync.model import Language

WRAPPED = Alignment(vertical="top", wrap_text=True)
SINGLE = Alignment(vertical="top")
CENTRED = Alignment(vertical="top", horizontal="center")
HEADER = Alignment(vertical="center", wrap_text=True)
_SIGNED_FORMAT_ID = 200
"""Ids of number formats from 164 up are a workbook's own; these stay clear of openpyxl's."""


def font(
    language: Language,
    *,
    size: float = 11,
    bold: bool = False,
    italic: bool = False,
    ink: str = "1F2937",
) -> Font:
    """A font of the language's family."""
    return Font(name=FONTS[language], sz=size, b=bold, i=italic, color=ink)


def fill(colour: str) -> PatternFill:
    """A plain background."""
    return PatternFill("solid", fgColor=colour)


def underline(colour: str = "D1D5DB", style: Literal["thin", "medium"] = "thin") -> Border:
    """A line below the cell."""
    return Border(bottom=Side(style=style, color=colour))


def differential(look: Look) -> DifferentialStyle:
    """What a conditional format changes about a cell."""
    return DifferentialStyle(
        font=_differential_font(look),
        fill=PatternFill(bgColor=look.fill) if look.fill else None,
        border=underline(look.line) if look.line else None,
        numFmt=_signed(look.sign) if look.sign else None,
    )


def _differential_font(look: Look) -> Font | None:
    if not (look.ink or look.bold or look.italic or look.struck):
        return None
    return Font(
        name=None,
        sz=None,
        family=None,
        b=look.bold or None,
        i=look.italic or None,
        strike=look.struck or None,
        color=look.ink,
    )


def _signed(sign: str) -> NumberFormat:
    """A format that shows a sign before the text and leaves the text as it is."""
    return NumberFormat(numFmtId=_SIGNED_FORMAT_ID + ord(sign) % 1000, formatCode=f'"{sign} "@')


def put_text(cell: Cell, text: str) -> None:
    """Text that stays text, also when it starts with an equals sign."""
    cell.value = text
    cell.data_type = "s"


def copy_style(source: Any, target: Any) -> None:  # noqa: ANN401 - openpyxl's columns and cells
    """Give a cell the looks of a column or cell, 20 times faster than part by part."""
    target._style = source._style  # noqa: SLF001 - openpyxl has no public way
