"""From a workbook and a random number generator to a damaged workbook."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

from tests.stores.ooxml.building import zipped

Mutation = Callable[[bytes, random.Random], bytes]

SCRAPS = (
    "<![CDATA[", "]]>", "<!--", "-->", "<?x?>", "&#x0;", "&amp;", "&bogus;", "<!DOCTYPE a>",
    '"', "'", "<", ">", "/>", "</c>", "</row>", "</sheetData>", "<sheetData>", "<c/>", "<row>",
    '<c r="XFD1048576"><v>1</v></c>', '<row r="1048577"/>', "<mc:AlternateContent>", "\x00",
    '<c r="A1"><f t="array" ref="A1:Z9">1</f></c>', '<mergeCell ref="A1:XFD1048576"/>', "\xa0",
    "<x:c>", ' r="B7"', ' t="e"', ' s="99999999999999999999"', ' t="s"', " r='A1'", 'xmlns="x"',
    "\ud800", ' spans="9:1"', "-1", "1e999", "<!-- -->", "<v/>", "<is/>", "<f/>",
)  # fmt: skip


def mutated(book: bytes, seed: int) -> bytes:
    """A workbook damaged in a way that the seed alone decides."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    mutate = chance.choice(MUTATIONS)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        book = mutate(book, chance)
    return book


def flip_bits(book: bytes, chance: random.Random) -> bytes:
    """Change some bytes anywhere."""
    damaged = bytearray(book)
    for _ in range(chance.choice([1, 1, 3, 30])):
        if damaged:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def truncate(book: bytes, chance: random.Random) -> bytes:
    """Cut the file off, or something out of it, or double something."""
    start, end = sorted(chance.randrange(len(book) + 1) for _ in range(2))
    return chance.choice([book[:start], book[:start] + book[end:], book[:end] + book[start:]])


def damage_directory(book: bytes, chance: random.Random) -> bytes:
    """Change bytes of the zip directory, which is read first and believed."""
    start = max(book.rfind(b"PK\1\2", 0, len(book) * 2 // 3), book.find(b"PK\1\2"), 0)
    damaged = bytearray(book)
    for _ in range(chance.choice([1, 2, 8])):
        if start < len(damaged):
            place = chance.randrange(start, len(damaged))
            damaged[place] = chance.choice([0, 1, 0xFF, 0x7F, chance.randrange(256)])
    return bytes(damaged)


def damage_headers(book: bytes, chance: random.Random) -> bytes:
    """Change bytes near the start of an entry."""
    places = [match.start() for match in re.finditer(b"PK[\1\3\5\6][\2\4\6\7]", book)]
    damaged = bytearray(book)
    if places:
        place = chance.choice(places) + chance.randrange(60)
        damaged[min(place, len(damaged) - 1)] = chance.randrange(256)
    return bytes(damaged)


def change_members(book: bytes, chance: random.Random) -> bytes:
    """Drop, swap, rename, double or empty a part."""
    parts = members(book)
    if not parts:
        return book
    one, other = (chance.choice(list(parts)) for _ in range(2))
    content = parts[one]
    change = chance.randrange(5)
    if change == 0:
        del parts[one]
    elif change == 1:
        parts[one], parts[other] = parts[other], parts[one]
    elif change == 2:
        name = chance.choice(
            [one.upper(), "/" + one, one.replace("/", "\\"), "../" + one, "xl/x.bin"]
        )
        parts = {name if key == one else key: value for key, value in parts.items()}
    elif change == 3:
        parts[chance.choice([one.upper(), "xl/worksheets/sheet9.xml"])] = content
    else:
        parts[one] = chance.choice([b"", b"<", b"<a/>", b"\xff\xfe<\0a\0/\0>\0", content[::-1]])
    return zipped(parts)


def change_xml(book: bytes, chance: random.Random) -> bytes:
    """Put scraps into a part, or take, double or swap pieces of it."""
    parts = members(book)
    if not parts:
        return book
    sheets = [name for name in parts if "sheet" in name.lower()]
    name = (
        chance.choice(sheets or list(parts))
        if chance.random() < 0.7
        else chance.choice(list(parts))
    )
    xml = parts[name]
    for _ in range(chance.choice([1, 1, 2, 4])):
        xml = chance.choice([_insert, _cut, _swap_tags, _edit_value])(xml, chance)
    return zipped(parts | {name: xml})


def members(book: bytes) -> dict[str, str | bytes]:
    """The parts of a workbook; none if it is too damaged to tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - zipfile raises many kinds
        return {}


def _bytes(xml: str | bytes) -> bytes:
    return xml.encode("utf-8", "surrogatepass") if isinstance(xml, str) else xml


def _insert(xml: str | bytes, chance: random.Random) -> bytes:
    raw = _bytes(xml)
    edges = [match.start() for match in re.finditer(rb"[<> ]", raw)] or [0]
    place = chance.choice(edges) + chance.randrange(2)
    return raw[:place] + _bytes(chance.choice(SCRAPS)) + raw[place:]


def _cut(xml: str | bytes, chance: random.Random) -> bytes:
    raw = _bytes(xml)
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + raw[place + chance.choice([1, 2, 10, 100]) :]


def _swap_tags(xml: str | bytes, chance: random.Random) -> bytes:
    tags = re.split(rb"(<[^>]*>)", _bytes(xml))
    if len(tags) > 3:
        one, other = (chance.randrange(1, len(tags), 2) for _ in range(2))
        if chance.random() < 0.5:
            tags[one], tags[other] = tags[other], tags[one]
        else:
            tags[one] = chance.choice([b"", tags[one] * 2, tags[other] + tags[one]])
    return b"".join(tags)


def _edit_value(xml: str | bytes, chance: random.Random) -> bytes:
    raw = _bytes(xml)
    values = list(re.finditer(rb"\"([^\"<>]*)\"|>([^<]+)<", raw))
    if not values:
        return raw
    match = chance.choice(values)
    group = 1 if match[1] is not None else 2
    odd = (
        b"",
        b"-1",
        b"99999999999",
        b"XFD1048577",
        b"a\x00",
        b"\xff",
        b"1" * 5000,
        b"A1:B",
        b"nan",
    )
    return raw[: match.start(group)] + chance.choice(odd) + raw[match.end(group) :]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, truncate, damage_directory, damage_headers, change_members, change_xml, change_xml,
    change_xml,
)  # fmt: skip
