"""From a workbook before and after a patch to a list of everything that is wrong with it.

Shares no code with the patcher: zip entries come from the standard library, cells from expat's
byte offsets, texts from a reading of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from xml.parsers import expat

Value = None | bool | int | float | str | date
Edits = Mapping[tuple[str, str], Value]

_LOCAL_HEADER = 30
_TAG = re.compile(rb"<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")


@dataclass
class Cell:
    """A cell element: where it stands, its attributes, and the text of what is in it."""

    start: int
    end: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)
    value: str = ""
    text: str = ""


@dataclass
class Row:
    """A row element: where it, its start tag and its cells stand."""

    start: int
    tag_end: int = 0
    end: int = 0
    number: int = 0
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass
class Sheet:
    """A worksheet as expat sees it."""

    xml: bytes
    rows: dict[int, Row] = field(default_factory=dict)
    dimension: tuple[int, int, str] | None = None
    calculation: tuple[int, int] | None = None
    calculates: bool = False
    data: tuple[int, int] = (0, 0)


@lru_cache(maxsize=4)
def read_sheet(xml: bytes) -> Sheet:  # noqa: C901, PLR0915 - handlers that share what they know
    """Read a worksheet part."""
    sheet = Sheet(xml)
    parser = expat.ParserCreate(namespace_separator="|")
    parser.buffer_text = True
    path: list[str] = []
    after = 0
    row: list[Row] = []
    cell: list[Cell] = []

    def tag_end(start: int) -> int:
        match = _TAG.match(xml, start)
        assert match
        return match.end()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal after
        local = name.rpartition("|")[2]
        place = parser.CurrentByteIndex
        if path == ["worksheet"]:
            if local == "dimension":
                sheet.dimension = (place, tag_end(place), attributes.get("ref", ""))
            if local == "sheetCalcPr":
                sheet.calculation = (place, tag_end(place))
                sheet.calculates = attributes.get("fullCalcOnLoad") in {"1", "true"}
            if local == "sheetData":
                sheet.data = (place, 0)
        if path == ["worksheet", "sheetData"] and local == "row":
            last = row[-1].number if row else 0
            row.append(Row(place, tag_end(place), number=int(attributes.get("r", last + 1))))
            sheet.rows[row[-1].number] = row[-1]
            after = 0
        if path == ["worksheet", "sheetData", "row"] and local == "c":
            reference = attributes.get("r", "").upper()
            letters = reference.rstrip("0123456789") or letters_of(after)
            after = column_of(letters) + 1
            cell.append(Cell(place, attributes=attributes))
            row[-1].cells[letters] = cell[-1]
        if path == ["worksheet", "sheetData", "row", "c"]:
            cell[-1].children.append(local)
        path.append(local)

    def end(_: str) -> None:
        local = path.pop()
        place = parser.CurrentByteIndex
        stop = xml.find(b">", place) + 1
        begun = {"c": [one.start for one in cell[-1:]], "row": [one.start for one in row[-1:]]}
        for place in begun.get(local, [sheet.data[0]] if local == "sheetData" else []):
            opening = tag_end(place)
            stop = opening if xml[opening - 2 : opening] == b"/>" else stop
        if path == ["worksheet", "sheetData", "row"] and local == "c":
            cell[-1].end = stop
        if path == ["worksheet", "sheetData"] and local == "row":
            row[-1].end = stop
        if path == ["worksheet"] and local == "sheetData":
            sheet.data = (sheet.data[0], stop)

    def data(text: str) -> None:
        if path[3:5] == ["c", "v"]:
            cell[-1].value += text
        if path[3:5] == ["c", "is"] and path[-1] == "t" and "rPh" not in path:
            cell[-1].text += text

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.Parse(xml, True)  # noqa: FBT003 - the end of the input
    return sheet


def column_of(letters: str) -> int:
    """The index of a column, A being 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """The letters of a column."""
    return (letters_of(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def zip_faults(before: bytes, after: bytes, changed: set[str]) -> Iterator[str]:
    """What is wrong with the entries of the package, apart from the contents of changed ones."""
    with zipfile.ZipFile(io.BytesIO(before)) as one, zipfile.ZipFile(io.BytesIO(after)) as other:
        if one.comment != other.comment:
            yield "the zip comment changed"
        names = [info.filename for info in one.infolist()]
        if names != [info.filename for info in other.infolist()]:
            yield "the entries changed"
            return
        if other.testzip() is not None and one.testzip() is None:
            yield "an entry does not unpack"
        for old, new in zip(one.infolist(), other.infolist(), strict=True):
            kept = ("date_time", "compress_type", "comment", "create_system", "external_attr")
            if any(getattr(old, name) != getattr(new, name) for name in kept):
                yield f"the record of {old.filename} changed"
            if old.filename in changed:
                continue
            if (old.extra, old.flag_bits) != (new.extra, new.flag_bits):
                yield f"the record of {old.filename} changed"
            if raw(before, old) != raw(after, new):
                yield f"the bytes of {old.filename} changed"


def raw(package: bytes, info: zipfile.ZipInfo) -> bytes:
    """An entry's local header and packed bytes."""
    start = info.header_offset
    sizes = package[start + 26 : start + 30]
    lead = _LOCAL_HEADER + int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")
    return package[start : start + lead + info.compress_size]


def sheet_faults(
    before: bytes, after: bytes, edits: Mapping[str, Value], *, recalculate: bool = False
) -> Iterator[str]:
    """What is wrong with a changed sheet part; ``edits`` by cell reference."""
    old, new = read_sheet(before), read_sheet(after)
    places = {split(reference) for reference in edits}
    if skeleton(old, places, set()) != skeleton(new, places, new.rows.keys() - old.rows.keys()):
        yield "something beside the edited cells changed"
    for number in new.rows.keys() - old.rows.keys():
        strangers = {(letters, number) for letters in new.rows[number].cells} - places
        if strangers or not new.rows[number].cells:
            yield f"the new row {number} holds more than the edits"
    if list(new.rows) != sorted(new.rows):
        yield "the rows are out of order"
    for number in {number for _, number in places} & new.rows.keys():
        columns = [column_of(letters) for letters in new.rows[number].cells]
        if columns != sorted(columns):
            yield f"the cells of row {number} are out of order"
    for letters, number in places:
        yield from cell_faults(cell_in(old, letters, number), cell_in(new, letters, number))
    if recalculate and before != after and not new.calculates:
        yield "the sheet is not recalculated"
    yield from dimension_faults(old, new)


def split(reference: str) -> tuple[str, int]:
    """The letters and the number of a reference."""
    letters = reference.rstrip("0123456789")
    return letters, int(reference[len(letters) :])


def cell_in(sheet: Sheet, letters: str, number: int) -> Cell | None:
    """A cell, if it is there."""
    row = sheet.rows.get(number)
    return row.cells.get(letters) if row else None


def cell_faults(old: Cell | None, new: Cell | None) -> Iterator[str]:
    """What is wrong with the attributes of an edited cell."""
    if old is None:
        return
    if new is None:
        yield "an edited cell is gone"
        return
    dropped = {"t", "cm", "vm", "ph"}
    kept = [{k: v for k, v in cell.attributes.items() if k not in dropped} for cell in (old, new)]
    if kept[0] != kept[1]:
        yield f"the attributes of an edited cell changed: {kept}"
    if "f" in old.children and old != new:
        yield "a formula was changed"


def skeleton(sheet: Sheet, places: set[tuple[str, int]], added: set[int]) -> bytes:
    """The part without what may change: edited cells, added rows, spans, dimension, sheetCalcPr."""
    cuts = []
    if sheet.dimension:
        cuts.append((*sheet.dimension[:2], b"<dimension/>"))
    if sheet.calculation:
        cuts.append((*sheet.calculation, b""))
    for number, row in sheet.rows.items():
        if number in added:
            cuts.append((row.start, row.end, b""))
            continue
        edited = [
            row.cells[letters] for letters, at in places if at == number and letters in row.cells
        ]
        cuts += [(cell.start, cell.end, b"") for cell in edited]
        if any(at == number for _, at in places):
            tag = re.sub(
                rb"\sspans\s*=\s*[\"'][^\"']*[\"']", b"", sheet.xml[row.start : row.tag_end]
            )
            if tag.endswith(b"/>"):
                name = re.match(rb"<([^\s/>]+)", tag)
                assert name
                tag = tag[:-2] + b"></" + name[1] + b">"
            cuts.append((row.start, row.tag_end, tag))
    data = sheet.xml[slice(*sheet.data)]
    if data.endswith(b"/>"):
        name = re.match(rb"<([^\s/>]+)", data)
        assert name
        cuts.append((*sheet.data, data[:-2] + b"></" + name[1] + b">"))
    pieces = []
    position = 0
    for start, end, new in sorted(cuts):
        pieces += [sheet.xml[position:start], new]
        position = end
    return b"".join([*pieces, sheet.xml[position:]])


def dimension_faults(old: Sheet, new: Sheet) -> Iterator[str]:
    """What is wrong with what a sheet says of its size."""
    if (old.dimension is None) != (new.dimension is None):
        yield "the dimension came or went"
    if old.dimension is None or new.dimension is None:
        return
    one, other = box(old.dimension[2]), box(new.dimension[2])
    if one is None or other is None:
        if old.dimension[2] != new.dimension[2]:
            yield "an odd dimension changed"
        return
    places = [
        (column_of(letters), number)
        for number, row in new.rows.items()
        for letters in row.cells
        if cell_in(old, letters, number) is None
    ]
    columns = [column for column, _ in places]
    rows = [row for _, row in places]
    wanted = (
        min([one[0], *columns]), min([one[1], *rows]), max([one[2], *columns]), max([one[3], *rows])
    )  # fmt: skip
    if other != wanted:
        yield f"the dimension is {other}, not {wanted}"


def box(reference: str) -> tuple[int, int, int, int] | None:
    """The corners of a range."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?", reference)
    if not found:
        return None
    first = column_of(found[1]), int(found[2])
    last = (column_of(found[3]), int(found[4])) if found[3] else first
    return (*first, *last)


def value_faults(after: bytes, edits: Mapping[str, Value]) -> Iterator[str]:
    """Which edited cells of a part do not say what they shall; dates may be serials or ISO text."""
    sheet = read_sheet(after)
    for reference, value in edits.items():
        cell = cell_in(sheet, *split(reference))
        if not says(cell, value):
            yield f"{reference} is {cell}, not {value!r}"


def says(cell: Cell | None, value: Value) -> bool:  # noqa: PLR0911 - one answer a kind
    """Whether a cell says a value, as far as can be told from the sheet part alone."""
    kind = cell.attributes.get("t", "n") if cell else ""
    if value is None or value == "":
        return cell is None or kind == "s" or (not cell.value and not cell.text.strip())
    if cell is None:
        return False
    if kind == "s":
        return not isinstance(value, bool | int | float)
    if isinstance(value, bool):
        return kind == "b" and cell.value in {str(int(value)), str(value).lower()}
    if isinstance(value, int | float):
        return kind == "n" and float(cell.value) == value
    text = cell.text if kind == "inlineStr" else cell.value
    if isinstance(value, date):
        return text == value.isoformat() or (kind == "n" and day(text, value))
    return unescaped(text) == value and kind in {"inlineStr", "str", "e"}


def day(serial: str, value: date) -> bool:
    """Whether a serial number stands for a day, in either date system."""
    epochs = date(1899, 12, 30), date(1904, 1, 1)
    return value in {epoch + timedelta(days=float(serial)) for epoch in epochs}


def unescaped(text: str) -> str:
    """Text with ``_xHHHH_`` undone."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
