"""From the first rows of a sheet to where its known columns stand, and which tab is the tracker."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from sheets_sync.columns import ALIASES, IDENTIFYING, MANAGED, PEOPLE, REQUIRED_MANAGED, TABS
from sheets_sync.errors import NotATracker
from sheets_sync.model import (
    LANGUAGES,
    SUMMARY_TAB,
    SYNC_TAB,
    TRACKER_TAB,
    Cell,
    Label,
    Language,
    Sentence,
)
from sheets_sync.texts import label, label_names
from sheets_sync.texts.cleaning import fold

HEADER_ROWS = 20
"""The header row is one of the first so many rows."""

PROGRAM_TABS = (SUMMARY_TAB, SYNC_TAB)
"""The tabs whose values the program writes, when they are its own (``is_ours``)."""

_NEARLY = 0.8
"""How alike (difflib's ratio) a header and a known name are when one is taken for a slip."""
_LONGEST_HEADER = 60
_MOST_STRANGERS = 200
"""Bounds of the search for near misses, so that a very wide sheet costs nothing."""

_OUR_MARK = re.compile(r"(?<!\w)sheets_sync(?!\w)")

Rows = Sequence[Sequence[Cell]]
"""The cells of a tab, ``rows[0]`` being row 1; rows may differ in length."""


class Layout(NamedTuple):
    """Where the known columns stand.

    ``header_row`` is the sheet's row number (1-based), ``columns`` gives 0-based column
    indexes and ``headers`` the headers as they read, both by canonical key; ``notes`` names
    headers that are nearly known ones.
    """

    header_row: int
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    notes: tuple[Sentence, ...] = ()


def find_layout(rows: Rows) -> Layout | None:
    """The layout of the first row that holds both partner and stage; None without one.

    Looks at the first 20 rows. Raises NotATracker where two columns mean the same.
    """
    for number, row in enumerate(rows[:HEADER_ROWS], start=1):
        known = _recognised(row)
        if all(key in known for key in IDENTIFYING):
            _refuse_double(row, known)
            columns = {key: indexes[0] for key, indexes in known.items()}
            headers = {key: str(row[index]) for key, index in columns.items()}
            return Layout(number, columns, headers, _near_misses(row, columns))
    return None


def require_managed(layout: Layout) -> None:
    """Raise NotATracker, with the headers to type, where a needed managed column is missing."""
    missing = [key for key in REQUIRED_MANAGED if key not in layout.columns]
    if missing:
        language = language_of(layout.headers)
        raise NotATracker(
            "missing_managed",
            headers=tuple(label(f"column.{key}", language) for key in missing),
            row=layout.header_row,
        )


def language_of(headers: Mapping[str, str]) -> Language:
    """The language that most headers (by canonical key) are labels in; a tie goes in order."""
    votes = labels_by_language(headers)
    return max(LANGUAGES, key=lambda language: votes[language])


def labels_by_language(headers: Mapping[str, str]) -> Mapping[Language, int]:
    """How many headers (by canonical key) are the label of their column, in each language."""
    votes = dict.fromkeys(LANGUAGES, 0)
    for key, header in headers.items():
        folded = fold(header)
        for language, name in label_names(f"column.{key}").items():
            votes[language] += fold(name) == folded
    return votes


def choose_tab(tabs: Sequence[tuple[str, Rows]]) -> tuple[int, Layout]:
    """The index of the tracker among the tabs (name and first rows), and its layout.

    A tab named as the tracker comes before all others, then the only other tab with a header
    row. Raises NotATracker where there is none, several, or two columns mean the same.
    """
    named = [index for index, (name, _) in enumerate(tabs) if own_tab(name) == TRACKER_TAB]
    asked = named or [index for index, (name, _) in enumerate(tabs) if own_tab(name) is None]
    found = [index for index in asked if _has_header_row(tabs[index][1])]
    if len(found) > 1:
        raise NotATracker("several_trackers", tabs=tuple(tabs[index][0] for index in found))
    if found:
        layout = find_layout(tabs[found[0]][1])
        if layout is not None:
            return found[0], layout
    raise _no_header_row([tabs[index] for index in asked] or tabs)


def key_of(header: Cell) -> str | None:
    """The canonical key of the column that a header names, or None."""
    return _header_names().get(fold(header)) if isinstance(header, str) else None


def own_tab(name: str) -> str | None:
    """The canonical key of a tab that has a name of its own (``sync``), else None."""
    return _tab_names().get(fold(name))


def is_ours(a1: Cell) -> bool:
    """Whether a summary or sync tab with this cell A1 is the program's to write."""
    return isinstance(a1, str) and _OUR_MARK.search(a1) is not None


def column_letters(index: int) -> str:
    """A 0-based column index as spreadsheets call it: 0 is ``A``, 29 is ``AD``."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_index(letters: str) -> int:
    """The 0-based index of the column that spreadsheets call by these letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


@cache
def _header_names() -> Mapping[str, str]:
    """Canonical keys by the folded names that a header may have."""
    return MappingProxyType(
        {
            fold(name): key
            for key in (*PEOPLE, *MANAGED)
            for name in (key, *label_names(f"column.{key}").values(), *ALIASES.get(key, ()))
        }
    )


@cache
def _tab_names() -> Mapping[str, str]:
    return MappingProxyType(
        {fold(name): key for key in TABS for name in label_names(f"tab.{key}").values()}
    )


def _recognised(row: Sequence[Cell]) -> dict[str, list[int]]:
    """The indexes of the columns with a known header, by canonical key, in the row's order."""
    names = _header_names()
    found: dict[str, list[int]] = {}
    for index, cell in enumerate(row):
        if isinstance(cell, str) and (key := names.get(fold(cell))):
            found.setdefault(key, []).append(index)
    return found


def _has_header_row(rows: Rows) -> bool:
    return any(
        all(key in known for key in IDENTIFYING) for known in map(_recognised, rows[:HEADER_ROWS])
    )


def _refuse_double(row: Sequence[Cell], known: Mapping[str, Sequence[int]]) -> None:
    for key, indexes in known.items():
        if len(indexes) > 1:
            raise NotATracker(
                "double_column",
                meaning=Label(f"column.{key}"),
                columns=tuple(_place(row, index) for index in indexes),
            )


def _place(row: Sequence[Cell], index: int) -> Sentence:
    facts = {"header": str(row[index]), "letters": column_letters(index)}
    return Sentence("errors.header_place", facts)


def _near_misses(row: Sequence[Cell], columns: Mapping[str, int]) -> tuple[Sentence, ...]:
    """A note for each header that is nearly the name of a column the sheet lacks."""
    names = {name: key for name, key in _header_names().items() if key not in columns}
    taken = frozenset(columns.values())
    strangers = [
        (index, cell)
        for index, cell in enumerate(row)
        if isinstance(cell, str) and 0 < len(cell) <= _LONGEST_HEADER and index not in taken
    ]
    return tuple(
        Sentence(
            "notes.near_header",
            {
                "header": header,
                "letters": column_letters(index),
                "meant": Label(f"column.{names[near]}"),
            },
        )
        for index, header in strangers[:_MOST_STRANGERS]
        for near in get_close_matches(fold(header), names, n=1, cutoff=_NEARLY)
    )


def _no_header_row(tabs: Sequence[tuple[str, Rows]]) -> NotATracker:
    """The error for tabs without a header row: names what half of one lacks, if there is one."""
    for name, rows in tabs:
        for number, row in enumerate(rows[:HEADER_ROWS], start=1):
            known = _recognised(row)
            missing = [key for key in IDENTIFYING if key not in known]
            if len(missing) < len(IDENTIFYING):
                return NotATracker(
                    "half_header_row",
                    tab=name,
                    row=number,
                    missing=tuple(Label(f"column.{key}") for key in missing),
                )
    return NotATracker(
        "no_header_row",
        tabs=tuple(name for name, _ in tabs),
        headers=tuple(Label(f"column.{key}") for key in IDENTIFYING),
    )
