"""From looks to the requests that draw them: cells, formats, widths, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sheets_sync.design import FONT, Look
from sheets_sync.equality import serial_of
from sheets_sync.model import Value

Json = Any  # what json.dumps takes

INK, ACCENT = "1F2937", "0F4C5C"
PIXELS_PER_LETTER, PIXELS_OF_EDGES = 7, 12
ALL = "userEnteredValue,userEnteredFormat,note"
"""What a cell that is drawn may say and look like."""


class Span(NamedTuple):
    """A rectangle of a tab's cells: the tab's number; rows and columns from 0, ends exclusive."""

    tab: int
    top: int
    bottom: int
    left: int
    right: int

    @property
    def grid(self) -> Json:
        """The rectangle as a GridRange."""
        return {
            "sheetId": self.tab,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }


def colour(rgb: str) -> Json:
    """A colour from its six hexadecimal digits."""
    parts = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {"rgbColor": dict(zip(("red", "green", "blue"), parts, strict=True))}


def style(  # noqa: PLR0913 - one argument for each thing that a cell looks like
    *,
    size: int = 10,
    bold: bool = False,
    ink: str = INK,
    fill: str | None = None,
    wrap: bool = True,
    centred: bool = False,
    pattern: Mapping[str, str] | None = None,
) -> Json:
    """How a cell looks; ``pattern`` is its number format."""
    text = {"fontFamily": FONT, "fontSize": size, "bold": bold}
    found: dict[str, Json] = {
        "textFormat": {**text, "foregroundColorStyle": colour(ink)},
        "wrapStrategy": "WRAP" if wrap else "OVERFLOW_CELL",
        "verticalAlignment": "MIDDLE",
    }
    if fill:
        found["backgroundColorStyle"] = colour(fill)
    if centred:
        found["horizontalAlignment"] = "CENTER"
    if pattern:
        found["numberFormat"] = dict(pattern)
    return found


def cell(value: Value = None, look: Json = None, note: str | None = None) -> Json:
    """One cell: what it says, how it looks, and a note for whoever rests the mouse on it."""
    found: dict[str, Json] = {}
    if value is not None:
        found["userEnteredValue"] = _entered(value)
    if look:
        found["userEnteredFormat"] = look
    if note:
        found["note"] = note
    return found


def _entered(value: Value) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, date):
        return {"numberValue": serial_of(value)}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


def draw(span: Span, rows: Iterable[Sequence[Json]], *, fields: str = ALL) -> Json:
    """Fill cells row by row from the first of a span on."""
    start = {"sheetId": span.tab, "rowIndex": span.top, "columnIndex": span.left}
    lines = [{"values": list(row)} for row in rows]
    return {"updateCells": {"start": start, "rows": lines, "fields": fields}}


def dress(span: Span, look: Json) -> Json:
    """Give all cells of a span one look."""
    found = {"range": span.grid, "cell": {"userEnteredFormat": look}}
    return {"repeatCell": {**found, "fields": "userEnteredFormat"}}


def merge(span: Span) -> Json:
    """Make one cell of a span."""
    return {"mergeCells": {"range": span.grid, "mergeType": "MERGE_ALL"}}


def resize(tab: int, dimension: str, first: int, end: int, pixels: float) -> Json:
    """Set how wide columns or how high rows are."""
    span = {"sheetId": tab, "dimension": dimension, "startIndex": first, "endIndex": end}
    properties = {"pixelSize": round(pixels)}
    return {
        "updateDimensionProperties": {
            "range": span,
            "properties": properties,
            "fields": "pixelSize",
        }
    }


def widen(tab: int, column: int, letters: float) -> Json:
    """Make a column wide enough for so many letters."""
    pixels = letters * PIXELS_PER_LETTER + PIXELS_OF_EDGES
    return resize(tab, "COLUMNS", column, column + 1, pixels)


def highlight(spans: Sequence[Span], formula: str, look: Look, *, index: int) -> Json:
    """Colour cells while a formula (without "=") holds; the lower index wins.

    Semicolons part arguments in every locale, commas only in some.
    """
    text: dict[str, Json] = {}
    if look.ink:
        text["foregroundColorStyle"] = colour(look.ink)
    if look.bold:
        text["bold"] = True
    if look.italic:
        text["italic"] = True
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f"={_parted(formula)}"}]}
    shown: dict[str, Json] = {"textFormat": text} if text else {}
    if look.fill:
        shown["backgroundColorStyle"] = colour(look.fill)
    rule = {
        "ranges": [span.grid for span in spans],
        "booleanRule": {"condition": condition, "format": shown},
    }
    return {"addConditionalFormatRule": {"rule": rule, "index": index}}


def _parted(formula: str) -> str:
    parts = formula.split('"')
    return '"'.join(
        part if within % 2 else part.replace(",", ";") for within, part in enumerate(parts)
    )


def entry_rule(
    span: Span, kind: str, values: Sequence[str] = (), *, strict: bool, message: str | None = None
) -> Json:
    """Offer or demand what may be typed into the cells of a span."""
    condition: dict[str, Json] = {"type": kind}
    if values:
        condition["values"] = [{"userEnteredValue": value} for value in values]
    rule: dict[str, Json] = {"condition": condition, "strict": strict, "showCustomUi": True}
    if message:
        rule["inputMessage"] = message
    return {"setDataValidation": {"range": span.grid, "rule": rule}}
