"""From people's text to text that is safe to compare (folded) and safe to show (cleaned)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from sheets_sync.model import Language

INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
"""Zero-width characters and bidi marks: seen by nobody, and in the way of comparing."""

DIRECTION_MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Those of them that come along when a path or a setting is copied out of a sentence."""

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_RIGHT_TO_LEFT = frozenset({"he"})
_LEFTWARD = frozenset({"R", "AL"})


class _PlainCharacters(dict[int, int | str]):
    """A table for ``str.translate``: punctuation becomes a space; filled as it is used."""

    def __missing__(self, code: int) -> int | str:
        """What stands for a character seen for the first time."""
        plain = " " if unicodedata.category(chr(code))[0] == "P" else code
        self[code] = plain
        return plain


_PLAIN = _PlainCharacters()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The form in which names are compared (tracker.md 1).

    NFKC, case folded, zero-width and bidi marks removed, punctuation and white space turned
    into single spaces.
    """
    if text.isascii():
        plain = text.lower()
    else:
        plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
        plain = unicodedata.normalize("NFKC", plain.casefold())
    return plain if plain.isalnum() else " ".join(plain.translate(_PLAIN).split())


class _FoldedWords(dict[str, str]):
    """Words folded, with a space behind each that is not all punctuation."""

    def __missing__(self, word: str) -> str:
        """The folded form of a word seen for the first time."""
        folded = fold.__wrapped__(word)  # past its memory, which a long column would wash out
        self[word] = spaced = folded and f"{folded} "
        return spaced


def fold_all(texts: Iterable[str | None]) -> list[str | None]:
    """Many texts folded, each distinct word once; None stays None."""
    words = _FoldedWords()
    word = words.__getitem__
    return [None if text is None else "".join(map(word, text.split()))[:-1] for text in texts]


def trim(text: str) -> str:
    """Text without white space, NBSP, zero-width and bidi marks at its ends."""
    return text.strip(_TRIMMED)


_TRIMMED = INVISIBLE + "".join(
    chr(code) for code in range(0x3001) if chr(code).isspace() or code < ord(" ")
)


def clean(text: str) -> str:
    """Text on one line, without control, zero-width and bidi characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return _SPACES.sub(" ", _UNSEEN.sub("", _CONTROL.sub(" ", text))).strip()


def shorten(text: str, limit: int) -> str:
    """Text of at most ``limit`` characters, an ellipsis telling that there was more."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip() + "…"


def isolate(text: str, language: Language) -> str:
    """Text wrapped in Unicode isolates where it runs against the language's direction.

    Among right-to-left words that includes what has no direction of its own but is read from
    the left, such as a phone number: its groups of digits would change places.
    """
    if language not in _RIGHT_TO_LEFT and text.isascii():
        return text
    directions = {unicodedata.bidirectional(char) for char in text}
    if language in _RIGHT_TO_LEFT:
        foreign = "L" in directions or ("EN" in directions and not directions & _LEFTWARD)
        foreign = foreign and not text.isdecimal()
    else:
        foreign = bool(directions & _LEFTWARD)
    return f"\u2068{text}\u2069" if foreign else text
