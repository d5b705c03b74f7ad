"""From what is wrong with a setting to the sentence that says where, and what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sheets_sync.config.lines import KeyPath, line_at
from sheets_sync.model import Fact, Sentence

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_NAMES = {
    "string_type": "need_text",
    "string_sub_type": "need_text",
    "int_type": "need_number",
    "int_from_float": "need_number",
    "bool_type": "need_yes_no",
    "list_type": "need_list",
    "tuple_type": "need_list",
    "dict_type": "need_table",
    "model_type": "need_table",
    "model_attributes_type": "need_table",
    "missing": "missing_key",
    "literal_error": "not_a_choice",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "too_short": "wrong_length",
    "too_long": "wrong_length",
}
"""What pydantic calls a mistake, and what the catalogue calls it."""


KnownKeys: TypeAlias = Mapping[tuple[str, ...], tuple[str, ...]]
"""The keys that each table may have, by the table's path."""


class Mistake(NamedTuple):
    """What is wrong (a message of the domain ``settings``), where, and the facts of it."""

    path: KeyPath
    name: str
    facts: Mapping[str, Fact] = {}


def sentence_of(mistake: Mistake, lines: Mapping[KeyPath, int]) -> Sentence:
    """The mistake as a sentence with its line and key."""
    key = ".".join(part for part in mistake.path if isinstance(part, str))
    line = line_at(lines, mistake.path)
    return Sentence(f"settings.{mistake.name}", {"line": line, "key": key, **mistake.facts})


def mistake_of(error: ErrorDetails, tables: KnownKeys) -> Mistake:
    """A pydantic error as a mistake. ``tables`` holds the keys that each table may have."""
    path, value, found = error["loc"], error["input"], error["type"]
    if found == "extra_forbidden":
        return unknown_key(path, tables)
    context = error.get("ctx", {})
    name = _NAMES.get(found, found)
    if name == "not_a_choice":
        return not_a_choice(path, str(value), _choices(context))
    facts = dict(context) if name == found else {}
    text = show(value) if name.startswith("need_") else str(value)
    return Mistake(path, name, {"value": text, **facts})


def _choices(context: Mapping[str, Any]) -> tuple[str, ...]:
    """The choices that a pydantic literal error names: ``'a', 'b' or 'c'``."""
    return tuple(str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", "))


def not_a_choice(path: KeyPath, value: str, choices: Iterable[str]) -> Mistake:
    """A text that is none of the choices, with the one that was probably meant."""
    choices = tuple(choices)
    facts: dict[str, Fact] = {"value": value, "choices": choices}
    meant = near(value, choices)
    if meant is None:
        return Mistake(path, "not_a_choice", facts)
    return Mistake(path, "not_a_choice_near", {**facts, "meant": meant})


def unknown_key(path: KeyPath, tables: KnownKeys) -> Mistake:
    """A key that nobody knows there: it belongs elsewhere, is misspelt, or is a mystery."""
    table, key = tuple(part for part in path[:-1] if isinstance(part, str)), str(path[-1])
    known = tables.get(table[:1] if table[:1] == ("team",) else table, ())
    meant = near(key, known)
    if meant is not None:
        return Mistake(path, "unknown_key_near", {"meant": meant})
    if key in tables[()]:
        return Mistake(path, "key_below_table", {"name": key})
    for home, keys in tables.items():
        if key in keys and home != ("team",):
            return Mistake(path, "misplaced_key", {"name": key, "table": f"[{'.'.join(home)}]"})
    return Mistake(path, "unknown_key", {"choices": known})


def near(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant by a word, or None."""
    folded = {choice.casefold().replace("-", "_"): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold().replace("-", "_"), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def show(value: object) -> str:
    """A value as the file has it; of a table or a list nothing, since secrets may be inside."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower()
