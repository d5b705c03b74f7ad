"""From the bytes of a tag to its name and attributes, exactly as they stand.

Where a part holds no comment, CDATA section or processing instruction, each ``<`` starts a tag,
so regular expressions see the same elements as an XML parser. ``Irregular`` is raised where
what they find is not of the shape they know; then expat takes over.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

TAG: Final = re.compile(
    rb"<([^\s<>/=\"']++)((?:\s++[^\s<>/=\"']++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)\s*+(/?)>"
)
"""A start tag: its name, its attributes as they stand, and a slash if it is empty."""

_ATTRIBUTE: Final = re.compile(
    rb"(?<!\s)\s++([^\s<>/=\"']++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')"
)
_ENTITY: Final = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


LONGEST_TAG: Final = 1 << 16
"""Bytes; that of an honest row or cell has some hundred."""


class Irregular(Exception):
    """These bytes are not of the usual shape."""


@lru_cache(maxsize=4096)
def attributes_of(raw: bytes) -> dict[str, str]:
    """Read the attributes of a tag. Do not change what is returned; others have it too."""
    if len(raw) > LONGEST_TAG:
        raise Irregular
    found = {}
    for name, double, single in _ATTRIBUTE.findall(raw):
        found[text_of(name)] = text_of(double or single)
    return found


def pieces_of(raw: bytes) -> list[tuple[bytes, bytes]]:
    """Cut attributes into (name, the bytes as they stand, white space before them included)."""
    return [(match[1], match[0]) for match in _ATTRIBUTE.finditer(raw)]


def with_attribute(tag: bytes, name: bytes, value: bytes) -> bytes:
    """Set an attribute of a start tag; the others stay as they stand."""
    new = b'%b="%b"' % (name, value)
    for match in _ATTRIBUTE.finditer(tag):
        if match[1] == name:
            return tag[: match.start(1)] + new + tag[match.end() :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end] + b" " + new + tag[end:]


def text_of(raw: bytes) -> str:
    """Turn character data into text: entities resolved, each line end a single character."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Irregular from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(_resolve, text) if "&" in text else text


def _resolve(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code > 0x10FFFF:  # noqa: PLR2004 - the last code point there is
        raise Irregular
    return chr(code)


def is_plain(xml: bytes, start: int = 0) -> bool:
    """Whether there is no comment, CDATA section, DTD or instruction from ``start`` on."""
    # Most sheets hold no such character at all, and a single one is found very fast.
    return not any(
        xml.find(mark[1:], start) >= 0 and xml.find(mark, start) >= 0 for mark in (b"<!", b"<?")
    )


def declaration_end(xml: bytes) -> int:
    """Find where the XML declaration ends; 0 without one."""
    start = 3 if xml.startswith(b"\xef\xbb\xbf") else 0
    if not xml.startswith(b"<?xml", start):
        return start
    return xml.find(b"?>", start) + 2


_DECLARED: Final = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")


def is_utf8(xml: bytes) -> bool:
    """Whether a part says, or does not deny, that it is in UTF-8."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in xml[:4]:
        return False
    declared = _DECLARED.match(xml, 3 if xml.startswith(b"\xef\xbb\xbf") else 0, 1000)
    return declared is None or declared[1].lower() == b"utf-8"
