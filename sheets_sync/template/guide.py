"""From the words of the guide to the tab Guide: first steps, questions, playbook, columns."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Protocol

from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync import design
from sheets_sync.columns import STATUSES
from sheets_sync.template import paper, styles
from sheets_sync.template.styles import ACCENT
from sheets_sync.template.words import Words

_PLAIN = design.Look()
WIDTHS = {"A": 30, "B": 46, "C": 56, "D": 50}
_LINE_HEIGHT = 13
_AIR = 5
_LETTERS_PER_WIDTH = 1.15
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


class Book(Protocol):
    """What the guide is written into, from the top down."""

    words: Words

    def title(self, text: str) -> None:
        """The guide's own heading."""

    def heading(self, text: str) -> None:
        """A section's heading."""

    def paragraph(self, text: str) -> None:
        """Text across the page."""

    def entry(self, name: str, text: str, look: design.Look = _PLAIN) -> None:
        """A name, and what belongs to it."""

    def header(self, texts: Sequence[str]) -> None:
        """The header of a table."""

    def line(self, texts: Sequence[str], *, fill: str = "FFFFFF") -> None:
        """A line of a table, the first cell its name."""


class Page:
    """A sheet filled from the top down; ``row`` is the next free one."""

    def __init__(self, sheet: Worksheet, words: Words) -> None:
        """Start at the top of the sheet."""
        self.sheet = sheet
        self.words = words
        self.row = 1

    def title(self, text: str) -> None:
        """The sheet's own heading."""
        self._put("A", text, wrap=False).font = styles.font(size=20, bold=True, ink=ACCENT)
        self._end_row(height=34)

    def heading(self, text: str) -> None:
        """A section's heading, with air above it."""
        self.row += 1
        self._put("A", text, wrap=False).font = styles.font(size=14, bold=True, ink=ACCENT)
        self._end_row(height=26)

    def paragraph(self, text: str) -> None:
        """Text across the page."""
        self._end_row(height=self._spread(text, "A"))

    def entry(self, name: str, text: str, look: design.Look = _PLAIN) -> None:
        """A name in the first column, and what belongs to it."""
        cell = self._put("A", name)
        cell.font = styles.font(bold=True, ink=look.ink or styles.INK)
        if look.fill:
            cell.fill = styles.fill(look.fill)
        self._end_row(height=max(_height(name, WIDTHS["A"]), self._spread(text, "B")))

    def header(self, texts: Sequence[str]) -> None:
        """The header of a table."""
        for letter, text in zip(WIDTHS, texts, strict=False):
            cell = self._put(letter, text)
            cell.font = styles.font(bold=True, ink="FFFFFF")
            cell.fill = styles.fill(ACCENT)
        self._end_row(height=20)

    def line(self, texts: Sequence[str], *, fill: str = "FFFFFF") -> None:
        """A line of a table, the first cell its name; as high as its longest cell needs."""
        for letter, text in zip(WIDTHS, texts, strict=False):
            cell = self._put(letter, text)
            cell.border = styles.underline()
            if letter == "A":
                cell.font, cell.fill = styles.font(bold=True), styles.fill(fill)
        pairs = zip(texts, WIDTHS.values(), strict=False)
        self._end_row(height=max(_height(text, width) for text, width in pairs))

    def _put(self, letter: str, text: str, *, wrap: bool = True) -> Cell:
        cell: Cell = self.sheet[f"{letter}{self.row}"]
        cell.value = text
        cell.font = styles.font()
        cell.alignment = styles.beginning(self.words.language, wrap=wrap)
        return cell

    def _spread(self, text: str, start: str) -> float:
        """Put text across the page from a column on; answers the height that it needs."""
        self._put(start, text)
        self.sheet.merge_cells(f"{start}{self.row}:D{self.row}")
        return _height(text, sum(width for letter, width in WIDTHS.items() if letter >= start))

    def _end_row(self, *, height: float) -> None:
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1


def _height(text: str, width: float) -> float:
    """Points that a text needs in so wide a cell: not every program works it out by itself."""
    return ceil(len(text) / (width * _LETTERS_PER_WIDTH)) * _LINE_HEIGHT + _AIR


def fill_guide(sheet: Worksheet, words: Words) -> None:
    """Lay out the tab."""
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    write_guide(Page(sheet, words))
    sheet.sheet_view.showGridLines = False
    paper.landscape(sheet, words)


def write_guide(page: Book) -> None:
    """Write all there is to say, wherever it is read."""
    page.title(page.words.guide("title"))
    page.paragraph(page.words.guide("lead"))
    _start(page)
    _questions(page)
    _statuses(page)
    _playbook(page)
    _columns(page)


def _start(page: Book) -> None:
    page.heading(page.words.guide("heading.start"))
    for step in range(1, START_STEPS + 1):
        page.paragraph(f"{step}.  {page.words.guide(f'start.{step}')}")


def _questions(page: Book) -> None:
    page.heading(page.words.guide("heading.questions"))
    page.paragraph(page.words.guide("questions.lead"))
    for number in range(1, QUESTIONS + 1):
        question = page.words.guide(f"question.{number}")
        page.entry(question, page.words.guide(f"question.{number}.help"))


def _statuses(page: Book) -> None:
    page.heading(page.words.guide("heading.statuses"))
    for status in STATUSES:
        look = design.STATUS_LOOKS[status]
        sign = styles.before(look.sign, page.words.language) if look.sign else ""
        name = f"{sign}{page.words.label(f'status.{status}')}"
        page.entry(name, page.words.guide(f"status.{status}"), look)


def _playbook(page: Book) -> None:
    page.heading(page.words.guide("heading.playbook"))
    page.paragraph(page.words.guide("playbook.lead"))
    parts = ("name", "when", "do", "done")
    page.header([page.words.guide(f"playbook.{part}") for part in ("rule", "when", "do", "done")])
    for rule in RULES:
        page.line([page.words.guide(f"rule.{rule}.{part}") for part in parts])


def _columns(page: Book) -> None:
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
