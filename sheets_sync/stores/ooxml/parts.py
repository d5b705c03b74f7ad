"""From a workbook's bytes to a Package: its parts, found through relationships, unpacked once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from posixpath import join, normpath
from typing import Final, Literal, NamedTuple
from urllib.parse import unquote

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml.archive import DEFLATED, STORED, Archive, Entry
from sheets_sync.stores.ooxml.parsing import Element, elements
from sheets_sync.stores.ooxml.scan import Frame, Rows, frame_of, rows_of
from sheets_sync.stores.ooxml.strings import SharedStrings
from sheets_sync.stores.ooxml.styles import date_styles

MOST_PACKED: Final = 100_000_000
MOST_PART: Final = 600_000_000
MOST_UNPACKED: Final = 900_000_000
MOST_RATIO: Final = 200
MOST_SMALL_PART: Final = 100_000_000
"""No honest part that is not a sheet or the shared strings is as large as this."""
_SMALL: Final = 1_000_000
_LONGEST_MIMETYPE: Final = 200
_MOST_KEPT: Final = 200_000_000
"""Unpacked parts that are kept at the same time; the newest always is."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = (b"PK\3\4", b"PK\5\6")
_ESCAPING: Final = re.compile(r"(?:^|/)\.\.(?:/|$)|^[A-Za-z]:|^//|[\x00-\x1f]")
_TRUE: Final = frozenset({"1", "true", "on"})


class Relation(NamedTuple):
    """A relationship: the last word of its type, and the part it leads to (None: outside)."""

    kind: str
    target: Entry | None


class Package:
    """A workbook's bytes, its zip directory, and each part unpacked at most once.

    ``content`` are the bytes, ``sheet_names`` the worksheets in the workbook's order (hidden
    ones too, chart sheets not), ``date_system`` the year that day serials count from.
    """

    def __init__(self, content: bytes) -> None:
        """Read the directory and find the workbook and its sheets. Raises Refused."""
        _require_zip(content)
        self.content = content
        self.archive = Archive(content)
        self._entries = _by_name(self.archive.entries)
        self._kept: dict[Entry, bytes] = {}
        self._counted: dict[Entry, int] = {}
        self._frames: dict[Entry, Frame] = {}
        self._rows: dict[Entry, Rows] = {}
        self._require_kind()
        self.workbook = self._find_workbook()
        self._elements = self._read_workbook()
        self.date_system = self._date_system()
        self.sheets = self._find_sheets()
        self.sheet_names = tuple(self.sheets)

    def entry(self, name: str) -> Entry | None:
        """Find the entry of that name; capitals and the kind of slash do not matter."""
        return self._entries.get(_folded(name))

    def unpacked(self, entry: Entry) -> bytes:
        """Unpack a part, and keep it for the next who asks. Raises Refused past any limit."""
        kept = self._kept.get(entry)
        if kept is None:
            self._require_within_limits(entry)
            if sum(map(len, self._kept.values())) + entry.size > _MOST_KEPT:
                self.release()
            kept = self._kept[entry] = self.archive.unpack(entry, most=MOST_PART)
        return kept

    def _require_within_limits(self, entry: Entry) -> None:
        if entry.method not in {STORED, DEFLATED}:
            raise Refused("odd_packing", part=entry.name)
        if entry.size > _SMALL and entry.size > MOST_RATIO * entry.packed:
            raise Refused("zip_bomb", part=entry.name, most=MOST_RATIO)
        self._counted[entry] = entry.size
        if sum(self._counted.values()) > MOST_UNPACKED:
            raise Refused("unpacks_too_large", megabytes=MOST_UNPACKED // 1_000_000)

    def release(self) -> None:
        """Forget the unpacked parts; they are unpacked again when asked for."""
        self._kept.clear()
        self.__dict__.pop("strings", None)

    def frame(self, sheet: Entry) -> Frame:
        """Find all of a worksheet but its rows."""
        if sheet not in self._frames:
            self._frames[sheet] = frame_of(self.unpacked(sheet), sheet.name)
        return self._frames[sheet]

    def rows(self, sheet: Entry) -> Rows:
        """Find the rows of a plain worksheet. Raises Irregular where a tag is of unknown shape."""
        if sheet not in self._rows:
            self._rows[sheet] = rows_of(self.unpacked(sheet), self.frame(sheet))
        return self._rows[sheet]

    def elements(self, entry: Entry, *names: str) -> list[Element]:
        """Find the root of one of the smaller parts, and all its elements of some names."""
        if entry.size > MOST_SMALL_PART:
            megabytes = MOST_SMALL_PART // 1_000_000
            raise Refused("part_too_large", part=entry.name, megabytes=megabytes)
        return elements(self.unpacked(entry), entry.name, frozenset(names))

    @cached_property
    def date_styles(self) -> frozenset[int]:
        """The cell styles that show numbers as dates, with day and month."""
        part = self.related("styles")
        return frozenset() if part is None else date_styles(self.elements(part, "numFmt", "xf"))

    @cached_property
    def strings(self) -> SharedStrings:
        """The texts that cells refer to by number."""
        part = self.related("sharedStrings")
        return SharedStrings(lambda: (self.unpacked(part), part.name) if part else (b"", ""))

    def sheet(self, name: str) -> Entry:
        """Find the part of the worksheet of that name, or refuse."""
        found = self.sheets.get(name)
        if found is None:
            raise Refused("no_such_tab", tab=name)
        return found

    def relations(self, entry: Entry | None) -> Mapping[str, Relation]:
        """Look up the relationships of a part, or of the package (None), by their ids."""
        folder, _, name = (_folded(entry.name) if entry else "").rpartition("/")
        source = self.entry(join(folder, "_rels", f"{name}.rels"))
        if source is None:
            return {}
        return {
            element.attributes.get("Id", ""): self._relation(element.attributes, folder)
            for element in self.elements(source, "Relationship")
            if element.name == "Relationship"
        }

    def _relation(self, attributes: Mapping[str, str], folder: str) -> Relation:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode") == "External":
            return Relation(kind, None)
        target = attributes.get("Target", "").replace("\\", "/").partition("#")[0]
        path = normpath(join("/", folder, target))
        return Relation(kind, self.entry(path) or self.entry(unquote(path)))

    def related(self, kind: str) -> Entry | None:
        """Find the part that the workbook is related to in that way, such as ``styles``."""
        parts = (one.target for one in self._workbook_relations.values() if one.kind == kind)
        return next(filter(None, parts), None)

    def _require_kind(self) -> None:
        """Refuse other things that are zip files, and what cannot stay what it is: signed ones."""
        if any(name.startswith("_xmlsignatures/") for name in self._entries):
            raise Refused("signed")
        mimetype = self.entry("mimetype")
        if mimetype is None or mimetype.size > _LONGEST_MIMETYPE:
            return
        if b"opendocument.spreadsheet" in self.unpacked(mimetype):
            raise Refused("ods")

    def _find_workbook(self) -> Entry:
        relations = self.relations(None).values()
        if any(relation.kind == "origin" for relation in relations):
            raise Refused("signed")
        targets = (one.target for one in relations if one.kind == "officeDocument")
        workbook = next(filter(None, targets), None)
        if workbook is None:
            raise Refused("not_a_workbook")
        if workbook.name.lower().endswith(".bin"):
            raise Refused("xlsb")
        return workbook

    def _read_workbook(self) -> list[Element]:
        found = self.elements(self.workbook, "workbookPr", "sheet")
        if found[0].name != "workbook":
            raise Refused("not_a_workbook")
        return found

    def _date_system(self) -> Literal[1900, 1904]:
        for element in self._elements:
            if element.name == "workbookPr" and element.attributes.get("date1904") in _TRUE:
                return 1904
        return 1900

    @cached_property
    def _workbook_relations(self) -> Mapping[str, Relation]:
        return self.relations(self.workbook)

    def _find_sheets(self) -> Mapping[str, Entry]:
        return dict(self._worksheets())

    def _worksheets(self) -> Iterator[tuple[str, Entry]]:
        for element in self._elements:
            if element.name == "sheet" and element.parents[-1:] == ("sheets",):
                relation = self._workbook_relations.get(element.attributes.get("r:id", ""))
                if relation and relation.target and relation.kind == "worksheet":
                    yield element.attributes.get("name", ""), relation.target


def opened(package: bytes | Package) -> Package:
    """Open a workbook's bytes, unless they are open already."""
    return package if isinstance(package, Package) else Package(package)


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _by_name(entries: tuple[Entry, ...]) -> Mapping[str, Entry]:
    """Index the entries by folded name. Raises Refused for names that are double or lead away."""
    found: dict[str, Entry] = {}
    for entry in entries:
        name = _folded(entry.name)
        if _ESCAPING.search(entry.name.replace("\\", "/")):
            raise Refused("escaping_part", part=entry.name)
        if name in found:
            raise Refused("double_part", part=entry.name)
        found[name] = entry
    return found


def _require_zip(content: bytes) -> None:
    """Refuse by name what people put in a workbook's place."""
    if not content:
        raise Refused("empty_file")
    if content.startswith(_OLE):
        raise Refused(_ole_kind(content))
    if len(content) > MOST_PACKED:
        raise Refused("workbook_too_large", megabytes=MOST_PACKED // 1_000_000)
    if not content.startswith(_ZIP):
        raise Refused("not_a_workbook")


def _ole_kind(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "encrypted"
    names = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    return "old_xls" if any(name in content for name in names) else "not_a_workbook"
