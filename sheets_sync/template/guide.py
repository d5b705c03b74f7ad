"""From the words of the guide to the tab Guide: first steps, questions, playbook, columns."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync import design
from sheets_sync.columns import STATUSES
from sheets_sync.template import paper, styles
from sheets_sync.template.words import Words

WIDTHS = {"A": 24, "B": 46, "C": 56, "D": 50}
_LINE_HEIGHT = 15.5
_LETTERS_PER_WIDTH = 1.05
START_STEPS = 6
QUESTIONS = 3
RULES = (
    "stop",
    "event_passed",
    "reply",
    "meet",
    "thank",
    "publish",
    "approve_photo",
    "discuss",
    "find_contact",
    "first_contact",
    "chase",
    "arrange_meeting",
    "agree_plan",
    "after_event",
    "keep_in_touch",
    "vet",
    "follow_up",
)
"""In the playbook's own order."""


class Page:
    """A sheet filled from the top down; ``row`` is the next free one."""

    def __init__(self, sheet: Worksheet, words: Words) -> None:
        """Start at the top of the sheet."""
        self.sheet = sheet
        self.words = words
        self.row = 1

    def title(self, text: str) -> None:
        """The sheet's own heading."""
        self._put("A", text).font = styles.font(
            self.words.language, size=20, bold=True, ink="0F4C5C"
        )
        self.sheet.row_dimensions[self.row].height = 32
        self.row += 1

    def heading(self, text: str) -> None:
        """A section's heading, with air above it."""
        self.row += 1
        self._put("A", text).font = styles.font(
            self.words.language, size=14, bold=True, ink="0F4C5C"
        )
        self.sheet.row_dimensions[self.row].height = 24
        self.row += 1

    def paragraph(self, text: str, *, start: str = "A") -> None:
        """Text across the page from a column on, its row as high as it needs."""
        cell = self._put(start, text)
        cell.font = styles.font(self.words.language)
        cell.alignment = styles.WRAPPED
        self.sheet.merge_cells(f"{start}{self.row}:D{self.row}")
        width = sum(WIDTHS[letter] for letter in WIDTHS if letter >= start)
        lines = ceil(len(text) / (width * _LETTERS_PER_WIDTH))
        self.sheet.row_dimensions[self.row].height = lines * _LINE_HEIGHT + 3
        self.row += 1

    def entry(self, name: str | int, text: str, look: design.Look | None = None) -> None:
        """A name or number in the first column, and what belongs to it."""
        cell = self._put("A", name)
        cell.font = styles.font(self.words.language, bold=True)
        cell.alignment = Alignment(
            vertical="top", wrap_text=True, horizontal="center" if type(name) is int else None
        )
        if look is not None:
            cell.fill = styles.fill(look.fill or "FFFFFF")
            cell.font = styles.font(self.words.language, bold=True, ink=look.ink or "1F2937")
        self.paragraph(text, start="B")

    def header(self, texts: Sequence[str]) -> None:
        """The header of a table."""
        for letter, text in zip(WIDTHS, texts, strict=False):
            cell = self._put(letter, text)
            cell.font = styles.font(self.words.language, bold=True, ink="FFFFFF")
            cell.fill = styles.fill("0F4C5C")
            cell.alignment = styles.HEADER
        self.sheet.row_dimensions[self.row].height = 20
        self.row += 1

    def line(self, texts: Sequence[str], *, fill: str | None = None) -> None:
        """A line of a table, the first cell its name."""
        for letter, text in zip(WIDTHS, texts, strict=False):
            cell = self._put(letter, text)
            cell.font = styles.font(self.words.language, bold=letter == "A")
            cell.alignment = styles.WRAPPED
            cell.border = styles.underline()
            if fill and letter == "A":
                cell.fill = styles.fill(fill)
        self.row += 1

    def _put(self, letter: str, value: str | int) -> Cell:
        cell: Cell = self.sheet[f"{letter}{self.row}"]
        cell.value = value
        return cell


def fill_guide(sheet: Worksheet, words: Words) -> None:
    """Lay out the tab."""
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    page = Page(sheet, words)
    page.title(words.guide("title"))
    page.paragraph(words.guide("lead"))
    _start(page)
    _questions(page)
    _statuses(page)
    _playbook(page)
    _columns(page)
    sheet.sheet_view.showGridLines = False
    paper.wide(sheet, words)


def _start(page: Page) -> None:
    page.heading(page.words.guide("heading.start"))
    for step in range(1, START_STEPS + 1):
        page.entry(step, page.words.guide(f"start.{step}"))


def _questions(page: Page) -> None:
    page.heading(page.words.guide("heading.questions"))
    page.paragraph(page.words.guide("questions.lead"))
    for number in range(1, QUESTIONS + 1):
        question = page.words.guide(f"question.{number}")
        page.entry(question, page.words.guide(f"question.{number}.help"))


def _statuses(page: Page) -> None:
    page.heading(page.words.guide("heading.statuses"))
    for status in STATUSES:
        look = design.STATUS_LOOKS[status]
        name = f"{look.sign} {page.words.label(f'status.{status}')}"
        page.entry(name, page.words.guide(f"status.{status}"), look)


def _playbook(page: Page) -> None:
    page.heading(page.words.guide("heading.playbook"))
    page.paragraph(page.words.guide("playbook.lead"))
    parts = ("name", "when", "do", "done")
    page.header([page.words.guide(f"playbook.{part}") for part in ("rule", "when", "do", "done")])
    for rule in RULES:
        page.line([page.words.guide(f"rule.{rule}.{part}") for part in parts])


def _columns(page: Page) -> None:
    words = page.words
    page.heading(words.guide("heading.columns"))
    page.header([words.guide(f"columns.{part}") for part in ("column", "meaning", "choices")])
    for group in design.GROUPS:
        for key in group.columns:
            choices = words.choices(key, design.DROPDOWNS.get(key, ()))
            fill = "E5E7EB" if design.is_managed(key) else group.soft
            page.line(
                [words.column(key), words.guide(f"column.{key}"), ", ".join(choices)], fill=fill
            )
