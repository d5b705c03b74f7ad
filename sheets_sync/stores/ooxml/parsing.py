"""From the bytes of an XML part to its elements, one call each, with nothing that can do harm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final, NamedTuple
from xml.parsers import expat

from sheets_sync.errors import Refused

_SHEETS: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    }
)
_RELATIONS: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
)
_PACKAGE: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/package/2006/relationships",
        "http://schemas.openxmlformats.org/package/2006/content-types",
    }
)
_PREFIXES: Final = (
    dict.fromkeys(_SHEETS, "")
    | dict.fromkeys(_PACKAGE, "")
    | dict.fromkeys(_RELATIONS, "r:")
)  # fmt: skip

DEEPEST: Final = 200
_MOST_ELEMENTS: Final = 5_000_000
_MOST_KEPT: Final = 300_000
"""More elements than honest parts have, and than can be gone through in some seconds."""
_STEP: Final = 1 << 20
_LONGEST_TOKEN: Final = 4 * _STEP
"""A longer tag or comment is no honest one, and reading it takes time squared."""


class Element(NamedTuple):
    """A start tag: its name, attributes, where it starts, and the names around it.

    Names of the spreadsheet's own namespace (either edition) stand bare, ``r:id`` is a
    relationship's, and all others have their namespace before them.
    """

    name: str
    attributes: Mapping[str, str]
    start: int
    parents: tuple[str, ...]


@lru_cache(maxsize=1024)
def plain_name(name: str) -> str:
    """Turn expat's ``namespace name`` into a name as Element tells it."""
    space, _, local = name.rpartition(" ")
    if not space:
        return name
    prefix = _PREFIXES.get(space)
    return f"{{{space}}}{local}" if prefix is None else prefix + local


class Reader:
    """An expat parser that refuses DTDs, depth and endless tags, as a damaged part."""

    def __init__(self, part: str) -> None:
        """Read the part of that name; feed it with ``feed``, then ``close``."""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_dtd
        self.part = part
        self._fed = 0

    def _refuse_dtd(self, *_: object) -> None:
        raise Refused("has_dtd", part=self.part)

    def feed(self, content: bytes | memoryview) -> None:
        """Read on."""
        for start in range(0, len(content), _STEP):
            step = content[start : start + _STEP]
            self._parse(step, final=False)
            self._fed += len(step)
            if self._fed - self.parser.CurrentByteIndex > _LONGEST_TOKEN:
                raise self.damaged()

    def close(self) -> None:
        """Say that the part ends here."""
        self._parse(b"", final=True)

    def _parse(self, content: bytes | memoryview, *, final: bool) -> None:
        try:
            self.parser.Parse(content, final)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise self.damaged() from error

    def damaged(self) -> Refused:
        """Make the error that says the part is not what it should be."""
        return Refused("broken_part", part=self.part)


def elements(content: bytes | memoryview, part: str, names: AbstractSet[str]) -> list[Element]:
    """Find the root of a part, and all elements of some names, in order."""
    gathering = _Gathering(part, names)
    gathering.reader.feed(content)
    gathering.reader.close()
    return gathering.found


class _Gathering:
    """The elements found so far, and where the reader is."""

    def __init__(self, part: str, names: AbstractSet[str]) -> None:
        self.reader = Reader(part)
        self.found: list[Element] = []
        self._names = names
        self._path: list[str] = []
        self._count = 0
        self.reader.parser.StartElementHandler = self._start
        self.reader.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        named = plain_name(name)
        if named in self._names or not self._path:
            self._keep(named, attributes)
        self._path.append(named)
        self._count += 1
        if len(self._path) > DEEPEST or self._count > _MOST_ELEMENTS:
            raise self.reader.damaged()

    def _keep(self, name: str, attributes: Mapping[str, str]) -> None:
        own = {plain_name(key): value for key, value in attributes.items()}
        place = self.reader.parser.CurrentByteIndex
        self.found.append(Element(name, own, place, tuple(self._path)))
        if len(self.found) > _MOST_KEPT:
            raise self.reader.damaged()

    def _end(self, _: str) -> None:
        self._path.pop()


class _Begun(Exception):
    """The first element was reached."""


def require_no_dtd(content: bytes | memoryview, part: str) -> None:
    """Read a part up to its first element; a DTD can stand nowhere else."""
    reader = Reader(part)

    def stop(*_: object) -> None:
        raise _Begun

    reader.parser.StartElementHandler = stop
    try:
        for piece in _growing(content):
            reader.feed(piece)
        reader.close()
    except _Begun:
        return
    raise reader.damaged()


def _growing(content: bytes | memoryview) -> Iterator[memoryview]:
    """Pieces of a part, the first ones small, as the first element mostly stands in them."""
    view, start, size = memoryview(content), 0, 1 << 10
    while start < len(view):
        yield view[start : start + size]
        start, size = start + size, min(2 * size, _STEP)
