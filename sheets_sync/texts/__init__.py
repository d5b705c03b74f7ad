"""From a sentence (message id and facts) or a label to words in one of three languages.

Message ids are ``domain.name``; each domain is a gettext catalogue of its own under
``catalogues/<language>/LC_MESSAGES/<domain>.po``, English being the source of the other two.
A sentence whose facts hold ``n`` may have plural forms.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from sheets_sync.model import LANGUAGES, Fact, Label, Language, Sentence
from sheets_sync.texts.cleaning import clean, isolate, shorten

CATALOGUES = Path(__file__).parent / "catalogues"
DOMAINS = tuple(sorted(path.stem for path in (CATALOGUES / "en" / "LC_MESSAGES").glob("*.mo")))

_DATE_PATTERNS: Mapping[Language, str] = {"en": "d MMM y", "fi": "d.M.y", "he": "d.M.y"}
_FACT_LENGTH = {"playbook": 40, "problems": 40}
"""The longest a fact from a cell may be, so that a sentence in a cell stays readable."""
_DEFAULT_FACT_LENGTH = 200
_HEBREW = re.compile("[א-ת]")
_MAQAF = "־"
"""Joins the Hebrew "and", a prefix, to a word in other letters or digits."""


def say(sentence: Sentence, language: Language) -> str:
    """The sentence in words, its facts filled in. An unknown id is a KeyError."""
    message, facts = sentence
    if not facts:
        return _template(message, language, None)
    count = facts.get("n")
    template = _template(message, language, count if isinstance(count, int) else None)
    limit = _FACT_LENGTH.get(message.partition(".")[0], _DEFAULT_FACT_LENGTH)
    return template.format_map(
        {name: word_fact(fact, language, limit) for name, fact in facts.items()}
    )


def word_fact(fact: Fact, language: Language, limit: int = _DEFAULT_FACT_LENGTH) -> str:
    """One fact in words: people's text cleaned, cut to ``limit`` and kept in its direction."""
    if type(fact) is str:
        return _word_text(fact, language, limit)
    if isinstance(fact, Label):
        return label(fact.id, language)
    if isinstance(fact, Sentence):
        return say(fact, language)
    if isinstance(fact, date):
        return word_date(fact, language)
    if isinstance(fact, tuple):
        return _word_list(tuple(word_fact(part, language, limit) for part in fact), language)
    return str(fact)


@lru_cache(maxsize=65536)
def _word_text(text: str, language: Language, limit: int) -> str:
    return isolate(shorten(clean(text), limit), language)


@lru_cache(maxsize=8192)
def word_date(day: date, language: Language) -> str:
    """A day as people write it in the language: ``21 Nov 2026``, ``21.11.2026``."""
    from babel.dates import format_date

    return format_date(day, _DATE_PATTERNS[language], locale=language)


def _word_list(parts: tuple[str, ...], language: Language) -> str:
    from babel.lists import format_list

    joined = format_list(list(parts), locale=language)
    if language != "he" or not parts[1:] or _HEBREW.match(parts[-1]):
        return joined
    return f"{joined.removesuffix(parts[-1])}{_MAQAF}{parts[-1]}"


def label(message: str, language: Language) -> str:
    """The word for a label id such as ``column.due`` or ``choice.stage.idea``."""
    return _template(f"labels.{message}", language, None)


@cache
def label_names(message: str) -> Mapping[Language, str]:
    """The words for a label id in all languages."""
    return {language: label(message, language) for language in LANGUAGES}


def known(message: str) -> bool:
    """Whether there is a sentence of that id."""
    domain = message.partition(".")[0]
    if domain not in DOMAINS:
        return False
    catalogue = _catalogue(domain, "en")
    return catalogue.gettext(message) != message or catalogue.ngettext(message, "", 2) != ""


@lru_cache(maxsize=4096)
def _template(message: str, language: Language, count: int | None) -> str:
    catalogue = _catalogue(message.partition(".")[0], language)
    found = message if count is None else catalogue.ngettext(message, message, count)
    if found == message:
        found = catalogue.gettext(message)
    if found != message:
        return found
    if language == "en":
        raise KeyError(message)
    return _template(message, "en", count)


@cache
def _catalogue(domain: str, language: Language) -> gettext.GNUTranslations:
    path = CATALOGUES / language / "LC_MESSAGES" / f"{domain}.mo"
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)
