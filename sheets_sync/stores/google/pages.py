"""From the words of the template to the tabs Guide, Lists and Sync of a Google Sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from sheets_sync import design, sync_tab
from sheets_sync.columns import PEOPLE
from sheets_sync.layout import column_index
from sheets_sync.model import Value
from sheets_sync.stores.google.drawing import (
    ACCENT,
    Span,
    cell,
    draw,
    dress,
    highlight,
    merge,
    resize,
    style,
    widen,
)
from sheets_sync.stores.google.wire import quote
from sheets_sync.template.guide import WIDTHS, write_guide
from sheets_sync.template.words import Words

Json = Any  # what json.dumps takes

LISTS_HEADER, LISTS_FIRST = 4, 5
"""Rows of the tab Lists."""
_LINE, _AIR, _LETTERS_PER_WIDTH = 17, 8, 1.05
"""Pixels of a line of text, and around it; how many letters fit into a width of one."""
_PLAIN = design.Look()
_SYNC_LINES = 60


class GuidePage:
    """The tab Guide, filled from the top down; ``requests`` draws it."""

    def __init__(self, tab: int, words: Words) -> None:
        """Start at the top."""
        self.words = words
        self.requests: list[Json] = []
        self._tab = tab
        self._row = 0

    def title(self, text: str) -> None:
        """The guide's own heading."""
        self._put([cell(text, style(size=20, bold=True, ink=ACCENT, wrap=False))], 44)

    def heading(self, text: str) -> None:
        """A section's heading, with air above it."""
        self._row += 1
        self._put([cell(text, style(size=14, bold=True, ink=ACCENT, wrap=False))], 34)

    def paragraph(self, text: str) -> None:
        """Text across the page."""
        self._join(0)
        self._put([cell(text, style())], _height(text, sum(WIDTHS.values())))

    def entry(self, name: str, text: str, look: design.Look = _PLAIN) -> None:
        """A name in the first column, and what belongs to it."""
        self._join(1)
        first = cell(name, style(bold=True, ink=look.ink or "1F2937", fill=look.fill))
        room = sum(WIDTHS.values()) - WIDTHS["A"]
        height = max(_height(name, WIDTHS["A"]), _height(text, room))
        self._put([first, cell(text, style())], height)

    def header(self, texts: Sequence[str]) -> None:
        """The header of a table."""
        self._put([cell(text, style(bold=True, ink="FFFFFF", fill=ACCENT)) for text in texts], 28)

    def line(self, texts: Sequence[str], *, fill: str = "FFFFFF") -> None:
        """A line of a table, the first cell its name; as high as its longest cell needs."""
        looks = (style(bold=True, fill=fill), *[style()] * 3)
        pairs = zip(texts, WIDTHS.values(), strict=False)
        height = max(_height(text, width) for text, width in pairs)
        self._put([cell(text, look) for text, look in zip(texts, looks, strict=False)], height)

    def _join(self, first: int) -> None:
        self.requests.append(merge(Span(self._tab, self._row, self._row + 1, first, len(WIDTHS))))

    def _put(self, cells: Sequence[Json], height: float) -> None:
        row = Span(self._tab, self._row, self._row + 1, 0, len(cells))
        self.requests += [
            draw(row, [cells]),
            resize(self._tab, "ROWS", self._row, self._row + 1, height),
        ]
        self._row += 1


def _height(text: str, width: float) -> float:
    return ceil(len(text) / (width * _LETTERS_PER_WIDTH)) * _LINE + _AIR


def draw_guide(tab: int, words: Words) -> list[Json]:
    """The requests for the tab Guide."""
    page = GuidePage(tab, words)
    write_guide(page)
    widths = [widen(tab, place, width) for place, width in enumerate(WIDTHS.values())]
    return [*widths, *page.requests]


def offers(rows: Sequence[Mapping[str, Value]], words: Words) -> dict[str, list[str]]:
    """What each dropdown offers, by column: first those that people fill themselves."""
    theirs = {
        key: list(dict.fromkeys(str(row[key]) for row in rows if row.get(key)))
        for key in reversed(design.SUGGESTED)
    }
    return {**theirs, **{key: words.choices(key, found) for key, found in design.DROPDOWNS.items()}}


def draw_lists(tab: int, rows: Sequence[Mapping[str, Value]], words: Words) -> list[Json]:
    """The requests for the tab Lists: a column for each dropdown."""
    found = offers(rows, words)
    title = cell(words.guide("lists.title"), style(size=16, bold=True, ink=ACCENT, wrap=False))
    lead = cell(words.guide("lists.yours"), style(ink="4B5563"))
    heads = [
        cell(words.column(key), style(bold=True, ink="FFFFFF", fill=_list_colour(key)))
        for key in found
    ]
    length = max(map(len, found.values()))
    body = [
        [cell(offered[row] if row < len(offered) else None, style()) for offered in found.values()]
        for row in range(length)
    ]
    return [
        *(widen(tab, place, 18) for place in range(len(found))),
        draw(Span(tab, 0, 2, 0, 1), [[title], [lead]]),
        merge(Span(tab, 1, 2, 0, 7)),
        resize(tab, "ROWS", 1, 2, 44),
        draw(Span(tab, LISTS_HEADER - 1, LISTS_FIRST + length, 0, len(found)), [heads, *body]),
    ]


def _list_colour(key: str) -> str:
    return ACCENT if key in design.SUGGESTED else "4B5563"


def list_range(key: str, rows: Sequence[Mapping[str, Value]], words: Words) -> str:
    """The cells of the tab Lists from which a column that people extend takes its offers."""
    letter = chr(ord("A") + [*offers(rows, words)].index(key))
    last = LISTS_FIRST + design.SUGGESTIONS - 1
    tab = quote(words.label("tab.lists"))
    return f"={tab}!${letter}${LISTS_FIRST}:${letter}${last}"


def draw_sync(tab: int, words: Words) -> list[Json]:
    """The requests for the tab Sync, whose days the program fills in."""
    return [
        widen(tab, 0, 34),
        widen(tab, 1, 20),
        *_sync_words(tab, words),
        *_sync_days(tab, words),
    ]


def _sync_words(tab: int, words: Words) -> Iterator[Json]:
    lead = (2, sync_tab.LABEL)
    texts = {**sync_tab.sync_words(words.language), lead: words.guide("sync.lead")}
    for (row, letter), text in texts.items():
        look = style(bold=row != lead[0], wrap=False)
        if row == 1:
            look = style(size=16, bold=True, ink=ACCENT, wrap=False)
        elif row == sync_tab.HEADER_ROW:
            look = style(bold=True, ink="FFFFFF", fill="374151")
        place = column_index(letter)
        yield draw(Span(tab, row - 1, row, place, place + 1), [[cell(text, look)]])


def _sync_days(tab: int, words: Words) -> Iterator[Json]:
    place = column_index(sync_tab.DAY)
    days = style(wrap=False, pattern=date_pattern(words))
    first, last = sync_tab.FIRST_ROW - 1, sync_tab.FIRST_ROW - 1 + _SYNC_LINES
    check = Span(tab, sync_tab.CHECK_ROW - 1, sync_tab.CHECK_ROW, place, place + 1)
    yield dress(check, days)
    yield dress(Span(tab, first, last, place, place + 1), days)
    formula = design.stale(f"${sync_tab.DAY}${sync_tab.CHECK_ROW}")
    yield highlight([check], formula, design.STALE, index=0)


def date_pattern(words: Words) -> Mapping[str, str]:
    """The number format of days, as the language writes them."""
    return {"type": "DATE", "pattern": design.DATE_FORMATS[words.language]}


def pattern_of(key: str, words: Words) -> Mapping[str, str] | None:
    """The number format of a column's cells, None for the usual one."""
    code = design.number_format(key, words.language)
    if code == design.GENERAL_FORMAT:
        return None
    if code == design.TEXT_FORMAT:
        return {"type": "TEXT"}
    kind = "NUMBER" if code == design.NUMBER_FORMAT else "DATE"
    return {"type": kind, "pattern": code}


def is_short(key: str) -> bool:
    """Whether a column holds days or numbers: such cells are centred."""
    kind = PEOPLE[key].kind.value if key in PEOPLE else None
    return key in {"due", "days_overdue"} or kind in {"date", "number"}
