"""From a language, and rows if there are any, to the bytes of a new tracker workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync.design import RIGHT_TO_LEFT
from sheets_sync.model import Language, Value
from sheets_sync.template.guide import fill_guide
from sheets_sync.template.lists import fill_lists
from sheets_sync.template.package import to_bytes
from sheets_sync.template.partners import fill_partners
from sheets_sync.template.styles import ACCENT
from sheets_sync.template.sync import fill_sync
from sheets_sync.template.words import Words

_TAB_COLOURS = {"partners": ACCENT, "guide": "5B4A8A", "lists": "1D5D8C", "sync": "374151"}


def build(
    language: Language,
    *,
    rows: Sequence[Mapping[str, Value]] = (),
    team: Sequence[str] = (),
    today: date | None = None,
) -> bytes:
    """A tracker with the tabs Partners, Guide, Lists and Sync.

    ``rows`` map canonical keys to what the cells say (choices as words of the language);
    ``team`` are names to offer as owners; ``today`` dates the file. The same arguments give the
    same bytes.
    """
    words = Words(language)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.calculation.fullCalcOnLoad = False
    workbook.properties.creator = "sheets_sync"
    workbook.properties.title = words.guide("document.title")
    fill_partners(_tab(workbook, "partners", words), rows, words)
    fill_guide(_tab(workbook, "guide", words), words)
    owners = [{"owner": name} for name in team]
    fill_lists(workbook, _tab(workbook, "lists", words), [*owners, *rows], words)
    fill_sync(_tab(workbook, "sync", words), words)
    return to_bytes(workbook, today)


def _tab(workbook: Workbook, key: str, words: Words) -> Worksheet:
    sheet: Worksheet = workbook.create_sheet(words.label(f"tab.{key}"))
    sheet.sheet_properties.tabColor = _TAB_COLOURS[key]
    sheet.sheet_view.rightToLeft = words.language in RIGHT_TO_LEFT
    return sheet
