"""From sentences and cells to safe lines in the terminal, in the person's language."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from sheets_sync.model import LANGUAGES, Cell, Fact, Language, Sentence
from sheets_sync.report import dump_json
from sheets_sync.texts import say, word_date
from sheets_sync.texts.cleaning import clean, isolate, shorten

STATUS_STYLES: Mapping[str, str] = {
    "fix_data": "magenta",
    "not_a_fit": "dim",
    "overdue": "bold red",
    "due_today": "bold yellow",
    "upcoming": "green",
    "to_do": "cyan",
    "idle": "dim",
    "closed": "dim",
}
_NARROWEST = 20
"""Columns that words get at least, however deep they are indented."""


class _Console(Console):
    """A console that lets whoever prints know that nobody reads any more."""

    def on_broken_pipe(self) -> None:
        """Say so as Python does; Rich would end the program here and now."""
        raise BrokenPipeError


class Terminal:
    """A console that speaks one language; what it prints holds no control characters of a cell."""

    def __init__(
        self, language: Language, *, stderr: bool = False, console: Console | None = None
    ) -> None:
        """Print to stdout, or to stderr when stdout is for a machine."""
        self.language = language
        self.console = console or _Console(stderr=stderr, highlight=False, soft_wrap=False)

    def words(self, message: str, **facts: Fact) -> str:
        """A sentence of the terminal's (``terminal.<message>``) in words."""
        return say(Sentence(f"terminal.{message}", facts), self.language)

    def line(self, message: str, *, style: str = "", indent: int = 0, **facts: Fact) -> None:
        """Print one sentence of the terminal's."""
        self.text(self.words(message, **facts), style=style, indent=indent)

    def sentence(self, sentence: Sentence, *, style: str = "", indent: int = 0) -> None:
        """Print one sentence of any domain."""
        self.text(say(sentence, self.language), style=style, indent=indent)

    def text(self, words: str, *, style: str = "", indent: int = 0, mark: str = "") -> None:
        """Print words, wrapped to the terminal's width; below a mark the lines stay in line."""
        margin = indent + cell_len(mark)
        width = max(_NARROWEST, self.console.width - margin)
        for number, line in enumerate(wrapped(words, width)):
            before = " " * indent + mark if number == 0 else " " * margin
            self._print(Text(before, style).append(line))

    def raw(self, words: str, *, style: str = "") -> None:
        """Print lines as they are but for control characters; a traceback must not be wrapped."""
        for line in words.splitlines():
            indent = len(line) - len(line.lstrip())
            self._print(Text(" " * indent).append(clean(line), style))

    def gap(self) -> None:
        """Print an empty line."""
        self.console.print()

    def fitted(self, cell: Cell, width: int) -> str:
        """A cell in words for a table, in at most so many columns of the terminal.

        A table runs from left to right in every language, so text that does not is isolated:
        neighbours would change places. It is cut before, for a cut that took the end of an
        isolate with it would turn around all that follows.
        """
        words = self._in_words(cell)
        limit = width
        while limit > 1 and cell_len(shorten(words, limit)) > width:
            limit -= 1
        return isolate(shorten(words, limit), "en")

    def _in_words(self, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, date):
            return word_date(cell, self.language)
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return clean(str(cell))

    @contextmanager
    def working(self, message: str, **facts: Fact) -> Iterator[None]:
        """Show a moving sign beside a sentence while something long goes on."""
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(Text(self.words(message, **facts))):
            yield

    def _print(self, text: Text) -> None:
        """Print one line, even one that is longer than the terminal is wide."""
        self.console.print(text, no_wrap=True, overflow="ignore", crop=False)


def wrapped(words: str, width: int) -> Iterator[str]:
    """Words as lines of at most so many columns; a longer word, such as a path, stays whole."""
    line = ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if line and cell_len(longer) > width:
            yield line
            longer = word
        line = longer
    yield line


def language_of_environment(environment: Mapping[str, str]) -> Language:
    """The language of the environment's locale when it is one of ours, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            language = value[:2].lower()
            return language if language in LANGUAGES else "en"
    return "en"


def language_of_arguments(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language to tell an error in, when nothing but the command line can be relied on."""
    asked = [word.partition("=")[2] for word in arguments if word.startswith("--language=")]
    asked += [value for name, value in pairwise(arguments) if name == "--language"]
    if asked and asked[-1] in LANGUAGES:
        return asked[-1]
    return language_of_environment(environment)


def write_document(document: Mapping[str, Any]) -> None:
    """Print one JSON document on a line of its own."""
    write_json(iter([dump_json(document) + "\n"]))


def write_json(pieces: Iterator[str]) -> None:
    """Print a JSON document, in UTF-8 whatever the terminal's own encoding is."""
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
