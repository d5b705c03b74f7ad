"""From the program's own tab Sync to the days it tells, and back to the cells that should differ.

A1 a title with the program's name, A3 and B3 the day of the last check, row 5 two headers,
from row 6 on one line a recipient: the name, and the day of the last digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from sheets_sync import layout
from sheets_sync.model import SYNC_TAB, Cell, Edit, Language, Sentence, Tab
from sheets_sync.texts import say
from sheets_sync.texts.cleaning import fold

PROGRAM = "sheets_sync"
CHECK_ROW = 3
HEADER_ROW = 5
FIRST_ROW = 6
LABEL, DAY = "A", "B"
SILENT_DAYS = 2
"""A tracker that was last checked more days ago than this is not looked after any more."""
_EPOCHS = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_SERIALS = range(20000, 80001)


def is_ours(tab: Tab) -> bool:
    """Whether the program may write there: it says so in A1, or the tab is empty."""
    if all(cell is None or cell == "" for row in tab.rows for cell in row):
        return True
    return layout.is_ours(_cell(tab, 1, LABEL))


def last_check(tab: Tab, *, date_system: int = 1900) -> date | None:
    """The day on which the tracker was last checked, or None."""
    return _day(_cell(tab, CHECK_ROW, DAY), date_system)


def last_digests(tab: Tab, *, date_system: int = 1900) -> Mapping[str, date]:
    """By recipient's name the day of the last digest; the later one where a name stands twice."""
    found: dict[str, date] = {}
    for _, name, day in _lines(tab, date_system):
        if day is not None and day > found.get(name, date.min):
            found[name] = day
    return found


def sync_edits(
    tab: Tab,
    today: date,
    digests: Mapping[str, date],
    *,
    language: Language,
    date_system: int = 1900,
) -> tuple[Edit, ...]:
    """The cells that should say something else; none when the tab is a person's.

    ``digests`` holds by recipient's name the day of the last digest. A day there never moves
    back, for another machine may have written it, and nobody's line is taken away.
    """
    if not is_ours(tab):
        return ()
    edits = [*_missing_words(tab, language)]
    if last_check(tab, date_system=date_system) != today:
        edits.append(Edit(SYNC_TAB, CHECK_ROW, DAY, today))
    return (*edits, *_digest_edits(tab, digests, date_system))


def sync_words(language: Language) -> Mapping[tuple[int, str], str]:
    """The words of the tab, by row and column letter."""
    ids = {
        (1, LABEL): "title",
        (CHECK_ROW, LABEL): "last_check",
        (HEADER_ROW, LABEL): "recipient",
        (HEADER_ROW, DAY): "last_digest",
    }
    return {
        place: say(Sentence(f"guide.sync.{message}", {"program": PROGRAM}), language)
        for place, message in ids.items()
    }


def _missing_words(tab: Tab, language: Language) -> Iterator[Edit]:
    for (row, column), words in sync_words(language).items():
        if _cell(tab, row, column) in {None, ""}:
            yield Edit(SYNC_TAB, row, column, words)


def _digest_edits(tab: Tab, digests: Mapping[str, date], date_system: int) -> Iterator[Edit]:
    lines = [*_lines(tab, date_system)]
    places = {fold(name): row for row, name, _ in lines}
    days = {row: day for row, _, day in lines}
    free = max((row for row, _, _ in lines), default=FIRST_ROW - 1) + 1
    for name, day in sorted(digests.items()):
        row = places.get(fold(name))
        if row is None:
            yield Edit(SYNC_TAB, free, LABEL, name)
            yield Edit(SYNC_TAB, free, DAY, day)
            free += 1
        elif (days[row] or date.min) < day:
            yield Edit(SYNC_TAB, row, DAY, day)


def _lines(tab: Tab, date_system: int) -> Iterator[tuple[int, str, date | None]]:
    """Row, recipient and day of each line that names somebody."""
    for row in range(FIRST_ROW, len(tab.rows) + 1):
        name = _cell(tab, row, LABEL)
        if isinstance(name, str) and fold(name):
            yield row, name.strip(), _day(_cell(tab, row, DAY), date_system)


def _cell(tab: Tab, row: int, column: str) -> Cell:
    cells = tab.rows[row - 1] if row <= len(tab.rows) else ()
    place = ord(column) - ord("A")
    return cells[place] if place < len(cells) else None


def _day(cell: Cell, date_system: int) -> date | None:
    """A cell as a day: a date, a day serial, or text in ISO form."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and int(cell) in _SERIALS:
        return _EPOCHS[date_system] + timedelta(days=int(cell))
    try:
        return date.fromisoformat(cell) if isinstance(cell, str) else None
    except ValueError:
        return None
