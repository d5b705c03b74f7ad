"""From the shared strings part to the texts that cells refer to by number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, overload

from sheets_sync.stores.ooxml.cells import rich_text, run_text
from sheets_sync.stores.ooxml.lexing import Irregular, declaration_end, is_plain, is_utf8, text_of
from sheets_sync.stores.ooxml.parsing import DEEPEST, Reader, plain_name

_ROOT: Final = re.compile(rb"<([^\s<>/:]++:)?+sst(?=[\s/>])")


class SharedStrings(Sequence[str]):
    """The texts by number. Nothing is read before the first is asked for, and then that alone."""

    def __init__(self, unpack: Callable[[], tuple[bytes, str]]) -> None:
        """Know how to get the part: its bytes (none if there is none) and its name."""
        self._unpack = unpack

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """The text of that number."""
        return self._texts[index]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._texts)

    @cached_property
    def _texts(self) -> Sequence[str]:
        xml, part = self._unpack()
        if not xml:
            return ()
        try:
            return _PlainStrings(xml)
        except Irregular:
            return _parse(xml, part)


class _PlainStrings(Sequence[str]):
    """The texts of a part without comments and the like: places only, until a text is needed."""

    def __init__(self, xml: bytes) -> None:
        """Find where each text starts. Raises Irregular for what only expat can read."""
        root = _ROOT.search(xml, 0, 4096)
        if root is None or not is_utf8(xml) or not is_plain(xml, declaration_end(xml)):
            raise Irregular
        self._xml = xml
        self._prefix = root[1] or b""
        names = {b"p": self._prefix}
        self._usual = re.compile(rb"<%(p)bsi><%(p)bt>([^<]*)</%(p)bt></%(p)bsi>\s*" % names)
        pattern = re.compile(rb"<%bsi(?=[\s/>])" % self._prefix)
        self._starts = [match.start() for match in pattern.finditer(xml, root.end())]
        self._starts.append(len(xml))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        start, stop = self._starts[index], self._starts[index + 1]
        usual = self._usual.fullmatch(self._xml, start, stop)
        if usual:
            return run_text(text_of(usual[1]), preserve=False)
        return rich_text(self._xml[start:stop], self._prefix)

    def __len__(self) -> int:
        return len(self._starts) - 1


def _parse(xml: bytes, part: str) -> Sequence[str]:
    """Read all texts by expat."""
    reader = Reader(part)
    texts: list[str] = []
    path: list[str] = []
    runs: list[str] = []
    pieces: list[str] = []
    preserve = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal preserve
        path.append(plain_name(name))
        if len(path) > DEEPEST:
            raise reader.damaged()
        preserve = "preserve" in attributes.values()
        pieces.clear()

    def end(_: str) -> None:
        ended = path.pop()
        if ended == "t" and "rPh" not in path:
            runs.append(run_text("".join(pieces), preserve))
        elif ended == "si" and len(path) == 1:
            texts.append("".join(runs))
            runs.clear()

    reader.parser.StartElementHandler = start
    reader.parser.EndElementHandler = end
    reader.parser.CharacterDataHandler = pieces.append
    reader.feed(xml)
    reader.close()
    return texts
