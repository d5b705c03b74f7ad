"""From the bytes of a cell to what it says, and from a value to the bytes of a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from math import isfinite
from typing import Final, NamedTuple

from sheets_sync.equality import serial_of
from sheets_sync.model import Cell, Value
from sheets_sync.stores.ooxml.lexing import Irregular, attributes_of, pieces_of, text_of
from sheets_sync.stores.ooxml.references import whole

LONGEST_TEXT: Final = 32_767
"""Characters that a cell can hold, as UTF-16 counts them."""

_DROPPED: Final = frozenset({b"t", b"cm", b"vm", b"ph"})
"""Attributes that speak of a cell's old content."""

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NEEDS_ESCAPE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)
_SPECIAL: Final = re.compile("[<>&_\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What may have to be escaped; looked for in every text, so a plain set of characters."""
_SHORT: Final = 24
"""Texts of so many characters, such as statuses, come again and again."""
_MOST_KNOWN: Final = 10_000
_FIRST_SERIAL: Final = 1
_FIRST_DAY: Final = date(1900, 3, 1)
"""Days before are shown one off by one program or another."""


class CellTag(NamedTuple):
    """The attributes of a cell: style, type, and as bytes those that a rewritten cell keeps."""

    style: int
    kind: str
    kept: bytes


class Content(NamedTuple):
    """What is in a cell: whether a formula, and the texts of ``v`` and ``is``, None if absent."""

    formula: bool = False
    value: str | None = None
    text: str | None = None


EMPTY: Final = Content()


@lru_cache(maxsize=4096)
def cell_tag(raw: bytes) -> CellTag:
    """Read the attributes of a cell as they stand in its tag."""
    attributes = attributes_of(raw)
    style = whole(attributes.get("s") or "0")
    if style is None:
        raise Irregular
    pieces = pieces_of(raw)
    if b"".join(piece for _, piece in pieces) != raw.rstrip():
        raise Irregular
    kept = b"".join(piece for name, piece in pieces if name not in _DROPPED)
    return CellTag(style, attributes.get("t", "n"), kept)


@cache
def _usual_content(prefix: bytes) -> re.Pattern[bytes]:
    """What nearly all cells hold."""
    pattern = rb"<%(p)bv>([^<]*)</%(p)bv>|<%(p)bis><%(p)bt>([^<]*)</%(p)bt></%(p)bis>"
    return re.compile(pattern % {b"p": prefix})


@cache
def _content_pattern(prefix: bytes) -> re.Pattern[bytes]:
    pattern = (
        rb"\s*+(<%(p)bf(?:\s[^<>]*)?(?:/>|(?<!/)>[^<]*</%(p)bf\s*>))?+"
        rb"\s*+(?:<%(p)bv(?:\s[^<>]*)?(?:/>|(?<!/)>([^<]*)</%(p)bv\s*>))?+"
        rb"\s*+(?:<%(p)bis(?:\s[^<>]*)?(?:/>|(?<!/)>(.*)</%(p)bis\s*>))?+\s*+"
    )
    return re.compile(pattern % {b"p": prefix}, re.DOTALL)


def content_of(raw: bytes, prefix: bytes) -> Content:
    """Read what stands between the tags of a cell. Raises Irregular for any unknown element."""
    match = _usual_content(prefix).fullmatch(raw)
    if match is not None:
        value, inline = match.groups()
        if value is not None:
            return Content(value=text_of(value))
        return Content(text=run_text(text_of(inline), preserve=False))
    match = _content_pattern(prefix).fullmatch(raw)
    if match is None:
        raise Irregular
    formula, value, inline = match.groups()
    return Content(
        formula is not None,
        None if value is None else text_of(value),
        None if inline is None else rich_text(inline, prefix),
    )


@cache
def _text_patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    phonetic = rb"<%(p)brPh[\s>][^<]*+(?:<(?!/?%(p)brPh[\s>])[^<]*+)*+</%(p)brPh\s*>"
    text = rb"<%(p)bt((?:\s[^<>]*)?)(?:/>|(?<!/)>([^<]*)</%(p)bt\s*>)"
    names = {b"p": prefix}
    return re.compile(phonetic % names, re.DOTALL), re.compile(text % names)


def rich_text(raw: bytes, prefix: bytes) -> str:
    """Read the text of ``is`` or ``si``: all runs, without phonetic hints."""
    phonetic, text = _text_patterns(prefix)
    runs = text.findall(phonetic.sub(b"", raw))
    return "".join(run_text(text_of(run), b"preserve" in attributes) for attributes, run in runs)


def run_text(text: str, preserve: bool) -> str:  # noqa: FBT001 - a fact, no switch
    """One run's text as it is shown: ends trimmed unless preserved, escapes undone."""
    text = text if preserve else text.strip(" \t\n")
    return _ESCAPED.sub(_unescape, text) if "_x" in text else text


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def value_of(kind: str, content: Content, strings: Sequence[str]) -> Cell:
    """Tell what a cell says; a number stays one, whatever its format. None where unreadable."""
    if kind == "inlineStr":
        return content.text
    value = content.value
    if value is None:
        return None
    if kind == "s":
        return _shared(value, strings)
    if kind == "str":
        return run_text(value, preserve=True)
    return _READERS.get(kind, _number)(value) if value else None


def _shared(number: str, strings: Sequence[str]) -> str | None:
    index = whole(number)
    try:
        return None if index is None else strings[index]
    except IndexError:
        return None


def _number(value: str) -> float | str:
    try:
        return float(value) if "_" not in value else value
    except ValueError:
        return value


def _moment(value: str) -> Cell:
    try:
        return date.fromisoformat(value) if "T" not in value else datetime.fromisoformat(value)
    except ValueError:
        return value


def _truth(value: str) -> bool:
    return value.strip() in {"1", "true"}


_READERS: Final[Mapping[str, Callable[[str], Cell]]] = {"b": _truth, "d": _moment, "e": str}


class Wording:
    """How a sheet's cells are written: the prefix of its elements, its dates."""

    def __init__(self, prefix: bytes, date_styles: frozenset[int], date_system: int) -> None:
        """Know the sheet and the workbook."""
        self.prefix = prefix
        self.date_styles = date_styles
        self.date_system = date_system
        self._known: dict[tuple[type, Value, int], bytes] = {}

    def tail(self, value: Value, style: int) -> bytes:
        """Word the rest of a cell behind its place and style: type, content and end tag."""
        if isinstance(value, str) and len(value) > _SHORT:
            return _text_tail(value, self.prefix)
        key = type(value), value, style
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._tail(value, style)
        return self._known[key]

    def _tail(self, value: Value, style: int) -> bytes:
        if value is None or value == "":
            return b"/>"
        if isinstance(value, str):
            return _text_tail(value, self.prefix)
        if isinstance(value, bool):
            return _value_tail(b' t="b"', b"%d" % value, self.prefix)
        if isinstance(value, date):
            return self._date_tail(value, style)
        return _value_tail(b"", number_text(value).encode(), self.prefix)

    def _date_tail(self, day: date, style: int) -> bytes:
        serial = serial_of(day, self.date_system)
        if style not in self.date_styles or serial < _FIRST_SERIAL or day < _FIRST_DAY:
            return _text_tail(day.isoformat(), self.prefix)
        return _value_tail(b"", b"%d" % serial, self.prefix)


def number_text(number: float) -> str:
    """A number as the file writes it: whole ones without decimals. NaN is a ValueError."""
    if not isfinite(number):
        raise ValueError(number)
    return repr(int(number) if number == int(number) else number)


def _value_tail(kind: bytes, value: bytes, prefix: bytes) -> bytes:
    return b"%b><%bv>%b</%bv></%bc>" % (kind, prefix, value, prefix, prefix)


def _text_tail(text: str, prefix: bytes) -> bytes:
    if _SPECIAL.search(text):
        text = escaped(text)
    space = b' xml:space="preserve"' if _is_loose(text) else b""
    return _text_form(prefix) % (space, text.encode())


@cache
def _text_form(prefix: bytes) -> bytes:
    names = {b"p": prefix}
    return b' t="inlineStr"><%(p)bis><%(p)bt%%b>%%b</%(p)bt></%(p)bis></%(p)bc>' % names


def _is_loose(text: str) -> bool:
    """Whether a text has white space that is lost without ``xml:space``."""
    return "  " in text or text != text.strip() or "\n" in text or "\t" in text


def escaped(text: str) -> str:
    """Text as the file writes it: what XML cannot hold as ``_xHHHH_``, the rest as entities."""
    text = _NEEDS_ESCAPE.sub(_escape, text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def text_size(text: str) -> int:
    """The length of a text as UTF-16 counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
