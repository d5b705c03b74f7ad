"""From a good tracker to bad ones: damaged, hostile, of another kind, or not quite a tracker."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sheets_sync.columns import MANAGED
from sheets_sync.model import Cell
from sheets_sync.texts import label
from tests.command_line import OVERDUE, tracker
from tests.stores.workbooks import workbook

SHEET = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
HEADERS: tuple[str, ...] = ("Partner", "Stage", *(label(f"column.{key}", "en") for key in MANAGED))
MANAGED_HEADERS = HEADERS[2:]
ROW: tuple[Cell, ...] = ("Harbour Choir", "Contacted")

Make = Callable[[Path], object]
"""Puts a bad file at a path."""


def good(folder: Path) -> bytes:
    """The bytes of a tracker with one partner."""
    path = tracker(folder / ".good", OVERDUE)
    data = path.read_bytes()
    path.unlink()
    return data


def holding(data: bytes) -> Make:
    """A file of just these bytes."""
    return lambda path: path.write_bytes(data)


def tabs(**sheets: Sequence[Sequence[Cell]]) -> Make:
    """A workbook with these tabs; an underscore stands for a space."""
    named = {name.replace("_", " "): rows for name, rows in sheets.items()}
    return lambda path: path.write_bytes(workbook(named))


def headed(*headers: str, rows: Sequence[Sequence[Cell]] = (ROW,), above: int = 0) -> Make:
    """A workbook with one tab, these headers, and so many lines above them."""
    lines: list[Sequence[Cell]] = [("about us",)] * above
    return tabs(Partners=[*lines, headers, *rows])


def replaced(name: str, old: bytes, new: bytes) -> Make:
    """A good tracker with something else in one of its parts."""

    def make(path: Path) -> None:
        parts = unzipped(good(path.parent))
        assert old in parts[name]
        path.write_bytes(zipped({**parts, name: parts[name].replace(old, new, 1)}))

    return make


def added(*parts: tuple[str, bytes]) -> Make:
    """A good tracker with further parts in the package, be they there already."""

    def make(path: Path) -> None:
        path.write_bytes(zipped(unzipped(good(path.parent)), parts))

    return make


def cut(share: float) -> Make:
    """The first part of a good tracker."""

    def make(path: Path) -> None:
        data = good(path.parent)
        path.write_bytes(data[: int(len(data) * share)])

    return make


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes], more: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """A package of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand there twice
        for name, part in (*parts.items(), *more):
            info = zipfile.ZipInfo(name, (2026, 11, 21, 8, 30, 0))
            archive.writestr(info, part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def encrypted(path: Path) -> None:
    """A compound file, as Excel keeps a workbook with a password in."""
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(OLE + bytes(504) + name + bytes(1000))


def old_xls(path: Path) -> None:
    """A compound file, as Excel 2003 wrote."""
    path.write_bytes(OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(1000))


def binary(path: Path) -> None:
    """A workbook whose parts are not XML."""
    parts = unzipped(good(path.parent))
    parts["xl/workbook.bin"] = parts.pop("xl/workbook.xml")
    relations = parts["_rels/.rels"].replace(b"workbook.xml", b"workbook.bin")
    path.write_bytes(zipped({**parts, "_rels/.rels": relations}))


def opendocument(path: Path) -> None:
    """A spreadsheet of LibreOffice's own."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    path.write_bytes(zipped({"mimetype": kind, "content.xml": b"<office/>"}))


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
ROWS_END = b"</sheetData>"
FAR_CELL = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
HUGE_MERGE = b'<mergeCells><mergeCell ref="A9:XFD1048576"/></mergeCells>'
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
ARRAY_FORMULA = (
    b'<row r="3"><c r="A3" t="inlineStr"><is><t>Choir</t></is></c>'
    b'<c r="AA3"><f t="array" ref="C2:AA3">A1:A2</f><v>1</v></c></row>'
)

FILES: Mapping[str, tuple[str, Make]] = {
    # Of another kind
    "an empty file": ("empty_file", holding(b"")),
    "a picture": ("not_a_workbook", holding(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)),
    "a text": ("not_a_workbook", holding(b"Aino; 040 123; soittaa\n" * 50)),
    "a web page": ("not_a_workbook", holding(b"<html><body>Sign in</body></html>")),
    "an .xls": ("old_xls", old_xls),
    "a password": ("encrypted", encrypted),
    "an .ods": ("ods", opendocument),
    "an .xlsb": ("xlsb", binary),
    "a Word file": ("not_a_workbook", holding(zipped(WORD))),
    "a zip of pictures": ("not_a_workbook", holding(zipped({"a.png": b"1", "b.png": b"2"}))),
    "a signed workbook": ("signed", added(("_xmlsignatures/origin.sigs", b""))),
    # Damaged
    "half a file": ("broken_zip", cut(0.5)),
    "all but its end": ("broken_zip", cut(0.97)),
    "a sheet cut short": ("broken_part", replaced(SHEET, b"</sheetData>", b"")),
    "a sheet of zeros": ("broken_part", replaced(SHEET, b"<sheetData>", bytes(40))),
    "rows out of order": ("rows_out_of_order", replaced(SHEET, b'<row r="2"', b'<row r="1"')),
    "a sheet in UTF-16": ("odd_encoding", replaced(SHEET, b'"UTF-8"', b'"UTF-16"')),
    # Hostile
    "a zip bomb": ("zip_bomb", replaced(SHEET, ROWS_END, ROWS_END + b" " * 30_000_000)),
    "a DTD": ("has_dtd", replaced(SHEET, b"<worksheet", DTD + b"<worksheet")),
    "a huge merge": ("huge_merge", replaced(SHEET, ROWS_END, ROWS_END + HUGE_MERGE)),
    "a far cell": ("too_wide", replaced(SHEET, ROWS_END, FAR_CELL + ROWS_END)),
    "a part twice": ("double_part", added((SHEET, b"<worksheet/>"))),
    "a part named twice": ("double_part", added(("XL/worksheets/Sheet1.xml", b"<worksheet/>"))),
    "a part that leads out": ("escaping_part", added(("../../etc/cron.d/x", b""))),
    "a part from the root": ("escaping_part", added(("//etc/passwd", b""))),
    "very many parts": ("too_many_parts", added(*((f"x/{number}", b"") for number in range(5001)))),
    # Not quite a tracker
    "no header row": ("no_header_row", tabs(Sheet1=[("Name", "Colour"), ("Aino", "blue")])),
    "no cell at all": ("no_header_row", tabs(Sheet1=[])),
    "a header in row 21": ("no_header_row", headed(*HEADERS, above=20)),
    "no stage": ("half_header_row", headed("Partner", *MANAGED_HEADERS)),
    "two stages": ("double_column", headed(*HEADERS, "Phase")),
    "two of ours": ("double_column", headed(*HEADERS, "Tilanne")),
    "none of ours": ("missing_managed", headed("Partner", "Stage", "Owner")),
    "one of ours missing": ("missing_managed", headed("Partner", "Stage", "Status", "Next action")),
    "two trackers": ("several_trackers", tabs(Spring=[HEADERS, ROW], Autumn=[HEADERS, ROW])),
    "two tabs of that name": (
        "several_trackers",
        tabs(Partners=[HEADERS, ROW], Kumppanit=[HEADERS, ROW]),
    ),
    "a merged cell of ours": (
        "merged_cell",
        lambda path: path.write_bytes(_merged(workbook({"Partners": [HEADERS, ROW, ROW]}))),
    ),
    "an array formula over ours": (
        "array_formula",
        replaced(SHEET, ROWS_END, ARRAY_FORMULA + ROWS_END),
    ),
}  # fmt: skip
"""The kind of refusal and the file, by what it is."""


def _merged(data: bytes) -> bytes:
    """The workbook with the statuses of two partners merged into one cell."""
    parts = unzipped(data)
    merge = b'</sheetData><mergeCells><mergeCell ref="D2:D3"/></mergeCells>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", merge)
    return zipped(parts)
