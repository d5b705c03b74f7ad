"""From ids to the words of the guide, with every column and choice at hand as a fact."""

from __future__ import annotations

from collections.abc import Mapping

from sheets_sync.columns import MANAGED, PEOPLE, TABS
from sheets_sync.model import Fact, Label, Language, Sentence
from sheets_sync.texts import label, say

_FACTS: Mapping[str, Fact] = {
    **{key: Label(f"column.{key}") for key in (*PEOPLE, *MANAGED)},
    **{
        f"{spec.key}_{choice}": Label(f"choice.{spec.key}.{choice}")
        for spec in PEOPLE.values()
        for choice in spec.choices
    },
    **{f"tab_{tab}": Label(f"tab.{tab}") for tab in TABS},
    "program": "sheets_sync",
}


class Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        """Keep the language."""
        self.language = language

    def guide(self, message: str, **facts: Fact) -> str:
        """A sentence of the guide; it may name any column, choice or tab."""
        return say(Sentence(f"guide.{message}", {**_FACTS, **facts}), self.language)

    def label(self, message: str) -> str:
        """A label such as ``column.due``."""
        return label(message, self.language)

    def column(self, key: str) -> str:
        """A column's header."""
        return label(f"column.{key}", self.language)

    def choices(self, key: str, choices: tuple[str, ...]) -> list[str]:
        """The words to choose from in a column."""
        return [label(f"choice.{key}.{choice}", self.language) for choice in choices]
