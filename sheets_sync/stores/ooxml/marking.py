"""From a worksheet to what a reader of values does not see: formulas, and error values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Final, NamedTuple

from sheets_sync.stores.ooxml.cells import Content, cell_tag, content_of
from sheets_sync.stores.ooxml.lexing import LONGEST_TAG, TAG, Irregular, attributes_of
from sheets_sync.stores.ooxml.parsing import DEEPEST, Reader, plain_name
from sheets_sync.stores.ooxml.parts import Package, opened
from sheets_sync.stores.ooxml.references import Range, cell_at, column_of, whole
from sheets_sync.stores.ooxml.rows import CONTENT
from sheets_sync.stores.ooxml.scan import Frame

_ANY_FORMULA: Final = re.compile(rb"<(?:[^\s<>/:]++:)?+f(?=[\s/>])")
_USUAL_FORMULA: Final = re.compile(rb"<f(?=[\s/>])")
_ERROR_TYPES: Final = (re.compile(rb"\"e\""), re.compile(rb"'e'"))
_ANY_PREFIX: Final = re.compile(rb":f(?=[\s/>])")


class Marks(NamedTuple):
    """What a reader of values does not see, by column (from 0), then the rows (from 1).

    ``formulas`` are all formula cells; ``valueless`` those of them without a computed value;
    ``errors`` the cells that show an error, with its text (``#REF!``).
    """

    formulas: Mapping[int, frozenset[int]]
    valueless: Mapping[int, frozenset[int]]
    errors: Mapping[int, Mapping[int, str]]


class Mark(NamedTuple):
    """One cell that has a formula or shows an error: where, its type, and what is in it."""

    row: int
    column: int
    kind: str
    content: Content


def marks(package: bytes | Package, sheet: str, columns: Collection[int] | None = None) -> Marks:
    """Find the formulas and errors of a sheet, or of some of its columns. Raises Refused."""
    package = opened(package)
    part = package.sheet(sheet)
    xml = package.unpacked(part)
    frame = package.frame(part)
    found = _plain_marks(xml, frame)
    if found is None:
        found = _MarkPass(xml, part.name).found
    return _gathered(mark for mark in found if columns is None or mark.column in columns)


def merges(package: bytes | Package, sheet: str) -> tuple[Range, ...]:
    """Find the merged ranges of a sheet."""
    package = opened(package)
    return package.frame(package.sheet(sheet)).merges


def has_formulas(package: bytes | Package) -> bool:
    """Whether any worksheet of the workbook holds a formula."""
    package = opened(package)
    return any(_holds_formula(package.unpacked(entry)) for entry in package.sheets.values())


def _holds_formula(xml: bytes) -> bool:
    # Two searches for something definite take a tenth of the time of one for any prefix.
    usual = _USUAL_FORMULA.search(xml) is not None
    return usual or (_ANY_PREFIX.search(xml) is not None and _ANY_FORMULA.search(xml) is not None)


def _gathered(found: Iterable[Mark]) -> Marks:
    formulas: dict[int, set[int]] = defaultdict(set)
    valueless: dict[int, set[int]] = defaultdict(set)
    errors: dict[int, dict[int, str]] = defaultdict(dict)
    for row, column, kind, content in found:
        if content.formula:
            formulas[column].add(row)
            if content.value is None or (not content.value and kind != "str"):
                valueless[column].add(row)
        if kind == "e" and content.value:
            errors[column][row] = content.value
    return Marks(_frozen(formulas), _frozen(valueless), dict(errors))


def _frozen(rows: Mapping[int, set[int]]) -> Mapping[int, frozenset[int]]:
    return {column: frozenset(found) for column, found in rows.items()}


def _plain_marks(xml: bytes, frame: Frame) -> list[Mark] | None:
    """Find the marks by regular expressions; None where the sheet is not of the usual shape."""
    try:
        return list(_find_marks(xml, frame)) if frame.plain else None
    except Irregular:
        return None


def _find_marks(xml: bytes, frame: Frame) -> Iterator[Mark]:
    """Find the cells by the formula's tag, and by the type that errors have."""
    formula = re.compile(rb"<%bf(?=[\s/>])" % frame.prefix)
    found = formula.finditer(xml, frame.start, frame.stop)
    # Searching for each in turn takes a tenth of the time of searching for either.
    quoted = chain.from_iterable(
        error.finditer(xml, frame.start, frame.stop) for error in _ERROR_TYPES
    )
    return chain(
        (_mark_at(xml, frame, match.start()) for match in found),
        (mark for match in quoted for mark in _error_at(xml, frame, match.start())),
    )


def _before(xml: bytes, frame: Frame, place: int) -> int:
    """Find the tag before a place, not farther off than a tag may be long."""
    found = xml.rfind(b"<", max(frame.start, place - LONGEST_TAG), place)
    if found < 0:
        raise Irregular
    return found


@cache
def _usual_cell(prefix: bytes) -> re.Pattern[bytes]:
    """A cell that names its place first: letters, digits, other attributes, content."""
    start = rb"<%(p)bc r=\"([A-Z]{1,3})([1-9][0-9]{0,6})\"([^<>/]*)>("
    return re.compile((start + CONTENT + rb")</%(p)bc>") % {b"p": prefix})


def _mark_at(xml: bytes, frame: Frame, place: int) -> Mark:
    """Read the cell whose formula's tag stands at a place."""
    start = _before(xml, frame, place)
    usual = _usual_cell(frame.prefix).match(xml, start)
    if usual and usual.start(4) <= place < usual.end(4):
        return _usual_mark(usual, frame)
    tag = TAG.match(xml, start)
    if tag is None or tag[1] != frame.prefix + b"c" or xml[tag.end() : place].strip():
        raise Irregular
    return _mark(xml, frame, tag)


def _error_at(xml: bytes, frame: Frame, place: int) -> Iterator[Mark]:
    """Read the cell whose type stands at a place, if it is a cell's type at all."""
    start = _before(xml, frame, place)
    usual = _usual_cell(frame.prefix).match(xml, start)
    if usual and place < usual.end(3) and cell_tag(usual[3]).kind == "e":
        yield _usual_mark(usual, frame)
        return
    tag = TAG.match(xml, start)
    if tag is None:
        raise Irregular
    if tag.end() > place and tag[1] == frame.prefix + b"c" and cell_tag(tag[2]).kind == "e":
        yield _mark(xml, frame, tag)


def _usual_mark(cell: re.Match[bytes], frame: Frame) -> Mark:
    letters, digits, attributes, raw = cell.groups()
    try:
        column = column_of(letters.decode())
    except ValueError:
        raise Irregular from None
    return Mark(int(digits), column, cell_tag(attributes).kind, content_of(raw, frame.prefix))


def _mark(xml: bytes, frame: Frame, tag: re.Match[bytes]) -> Mark:
    stop = tag.end() if tag[3] else xml.find(b"</%bc" % frame.prefix, tag.end(), frame.stop)
    if stop < 0:
        raise Irregular
    try:
        row, column = cell_at(attributes_of(tag[2])["r"])
    except (KeyError, ValueError):
        raise Irregular from None
    content = content_of(xml[tag.end() : stop], frame.prefix)
    return Mark(row, column, cell_tag(tag[2]).kind, content)


class _MarkPass:
    """One pass of expat over a sheet of any shape, for its formulas and errors."""

    def __init__(self, xml: bytes, part: str) -> None:
        """Read the whole sheet."""
        self.found: list[Mark] = []
        self._path: list[str] = []
        self._place = (0, -1)
        self._kind = ""
        self._formula = False
        self._pieces: list[str] = []
        self._value: str | None = None
        self._reader = Reader(part)
        parser = self._reader.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._pieces.append
        self._reader.feed(xml)
        self._reader.close()

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        named = plain_name(name)
        self._path.append(named)
        if len(self._path) > DEEPEST:
            raise self._reader.damaged()
        self._pieces.clear()
        if named == "row":
            self._place = (_number(attributes.get("r"), self._place[0] + 1), -1)
        elif named == "c":
            self._place = self._place_of(attributes.get("r"))
            self._kind = attributes.get("t", "n")
            self._formula, self._value = False, None
        elif named == "f" and self._path[-2:-1] == ["c"]:
            self._formula = True

    def _place_of(self, reference: str | None) -> tuple[int, int]:
        row, column = self._place
        if reference is None:
            return row, column + 1
        try:
            return cell_at(reference)
        except ValueError:
            raise self._reader.damaged() from None

    def _end(self, _: str) -> None:
        name = self._path.pop()
        if name == "v":
            self._value = "".join(self._pieces)
        elif name == "c" and (self._formula or self._kind == "e"):
            content = Content(self._formula, self._value)
            self.found.append(Mark(*self._place, self._kind, content))


def _number(text: str | None, default: int) -> int:
    number = None if text is None else whole(text)
    return default if number is None else number
