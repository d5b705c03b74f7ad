"""From sentences and cells to safe lines in the terminal, in the person's language."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sheets_sync.model import LANGUAGES, Cell, Fact, Language, Sentence
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


class Terminal:
    """A console that speaks one language; what it prints holds no control characters of a cell."""

    def __init__(
        self, language: Language, *, stderr: bool = False, console: Console | None = None
    ) -> None:
        """Print to stdout, or to stderr when stdout is for a machine."""
        self.language = language
        self.console = console or Console(stderr=stderr, highlight=False, soft_wrap=False)

    def words(self, message: str, **facts: Fact) -> str:
        """A sentence of the terminal's (``terminal.<message>``) in words."""
        return say(Sentence(f"terminal.{message}", facts), self.language)

    def line(self, message: str, *, style: str = "", indent: int = 0, **facts: Fact) -> None:
        """Print one sentence of the terminal's."""
        self.text(self.words(message, **facts), style=style, indent=indent)

    def sentence(self, sentence: Sentence, *, style: str = "", indent: int = 0) -> None:
        """Print one sentence of any domain."""
        self.text(say(sentence, self.language), style=style, indent=indent)

    def text(self, words: str, *, style: str = "", indent: int = 0) -> None:
        """Print words as they are, wrapped to the terminal's width."""
        self.console.print(Padding(Text(words, style=style), (0, 0, 0, indent), expand=False))

    def gap(self) -> None:
        """Print an empty line."""
        self.console.print()

    def cell(self, cell: Cell, limit: int = 60) -> str:
        """A cell in words: days worded, text cleaned, cut and kept in its direction."""
        if cell is None:
            return ""
        if isinstance(cell, date):
            return word_date(cell, self.language)
        return isolate(shorten(clean(str(cell)), limit), self.language)

    @contextmanager
    def working(self, message: str, **facts: Fact) -> Iterator[None]:
        """Show a moving sign beside a sentence while something long goes on."""
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(Text(self.words(message, **facts))):
            yield


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


def write_json(pieces: Iterator[str]) -> None:
    """Print a JSON document, in UTF-8 whatever the terminal's own encoding is."""
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
