"""Zip files and parts: what stays as it stands, what is found anywhere, what is refused."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml import Package, has_formulas, inspect, patch, verify
from sheets_sync.texts import say
from tests.stores.ooxml import checker
from tests.stores.ooxml.building import (
    content_types,
    part,
    parts_of,
    relationships,
    rows_in,
    shared_strings,
    workbook,
    workbook_part,
    worksheet,
    zipped,
)

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
EDIT = {("S1", "A1"): "changed"}
CHANGED = '<row r="1"><c r="A1" t="inlineStr"><is><t>changed</t></is></c></row>'


def refusal(content: bytes) -> str:
    """Why a workbook is refused; its words are there as well."""
    with pytest.raises(Refused) as caught:
        inspect(content)
    assert say(caught.value.sentence, "en")
    assert say(caught.value.next_step, "en")
    return caught.value.kind


def changed(book: bytes, name: str = SHEET) -> bytes:
    """The workbook with its first cell changed, and nothing else."""
    after = patch(book, EDIT)
    assert not list(checker.zip_faults(book, after, {name}))
    verify(book, after, EDIT)
    assert patch(after, EDIT) is after
    return after


# Zip


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_part_stays_packed_the_way_it_was(method: int) -> None:
    book = zipped(parts_of(worksheet(ROW)), method)
    with zipfile.ZipFile(io.BytesIO(changed(book))) as archive:
        assert archive.getinfo(SHEET).compress_type == method


@pytest.mark.parametrize("place", [0, -1])
def test_the_sheet_may_be_the_first_entry_or_the_last(place: int) -> None:
    parts = parts_of(worksheet(ROW))
    sheet = parts.pop(SHEET)
    items = list(parts.items())
    items.insert(place if place == 0 else len(items), (SHEET, sheet))
    assert rows_in(changed(zipped(dict(items)))) == CHANGED


class _Unseekable(io.BytesIO):
    """A stream that makes zipfile write data descriptors."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def streamed(*, zip64: bool) -> bytes:
    """A workbook as a program writes it that cannot go back in the file."""
    stream = _Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(worksheet(ROW)).items():
            with archive.open(name, "w", force_zip64=zip64) as entry:
                entry.write(content if isinstance(content, bytes) else content.encode())
    return stream.getvalue()


@pytest.mark.parametrize("zip64", [False, True])
def test_data_descriptors_and_zip64_entries_are_understood(zip64: bool) -> None:  # noqa: FBT001
    after = changed(streamed(zip64=zip64))
    assert rows_in(after) == CHANGED
    header = entry_of(after).header_offset
    assert not after[header + 6] & 8
    assert after[header + 14 : header + 26] != bytes(12)


def with_zip64_directory(book: bytes) -> bytes:
    """The workbook with the records at its end as zip64 has them, numbers moved to them."""
    end = book.rindex(b"PK\5\6")
    fields = struct.unpack("<4s4H2LH", book[end : end + 22])
    count, size, start = fields[4], fields[5], fields[6]
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return book[:end] + record + locator + last


def test_a_zip64_directory_is_kept_up_to_date() -> None:
    after = changed(with_zip64_directory(workbook(ROW)))
    assert rows_in(after) == CHANGED
    end = after.rindex(b"PK\5\6")
    place = struct.unpack("<Q", after[end - 12 : end - 4])[0]
    assert after[place : place + 4] == b"PK\6\6"


def test_what_lies_between_entries_stays() -> None:
    book = workbook(ROW)
    first = book.index(b"PK\3\4", 4)
    end = book.index(b"PK\1\2")
    gap = b"between"
    moved = book[:first] + gap + book[first:end] + gap + shifted(book[end:], len(gap), 2 * len(gap))
    assert changed(moved).count(gap) == 2


def shifted(directory: bytes, offset: int, start: int) -> bytes:
    """A zip directory whose entries but the first lie further on, and itself too."""
    new = bytearray(directory)
    place = 0
    while new[place : place + 4] == b"PK\1\2":
        sizes = struct.unpack_from("<3H", new, place + 28)
        if place:
            old = struct.unpack_from("<L", new, place + 42)[0]
            struct.pack_into("<L", new, place + 42, old + offset)
        place += 46 + sum(sizes)
    old = struct.unpack_from("<L", new, place + 16)[0]
    struct.pack_into("<L", new, place + 16, old + start)
    return bytes(new)


def test_comments_and_extra_fields_stay() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"a comment"
        for name, content in parts_of(worksheet(ROW)).items():
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.comment = b"of an entry"
            info.extra = struct.pack("<2H", 0xCAFE, 3) + b"xyz"
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    after = changed(buffer.getvalue())
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        info = archive.getinfo(SHEET)
        assert (info.extra[4:], info.comment, archive.comment) == (
            b"xyz",
            b"of an entry",
            b"a comment",
        )


def test_a_large_sheet_is_packed_in_pieces_that_make_one_stream() -> None:
    text = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 1000003}</v></c></row>' for n in range(1, 60_000)
    )
    book = workbook(text)
    edits = {("S1", f"A{n}"): n for n in range(1, 60_000, 7)}
    after = patch(book, edits)
    verify(book, after, edits)
    assert len(after) < 1.2 * len(book)
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_workbook"),
        (b"partner,stage\n", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "old_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\3\4", "broken_zip"),
        (b"PK\5\6" + bytes(18), "broken_zip"),
        (workbook(ROW)[:-30], "broken_zip"),
        (workbook(ROW)[:300], "broken_zip"),
        (workbook(ROW)[300:], "not_a_workbook"),
        (workbook(ROW) + workbook(ROW), "broken_zip"),
        (zipped({"word/document.xml": "<a/>"}), "not_a_workbook"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "ods"),
        (bytes(100_000_001), "workbook_too_large"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(content: bytes, kind: str) -> None:
    assert refusal(content) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil.xml", "escaping_part"),
        ("xl/../../evil.xml", "escaping_part"),
        ("xl\\..\\evil.xml", "escaping_part"),
        ("C:/evil.xml", "escaping_part"),
        ("//server/evil.xml", "escaping_part"),
        ("XL/Workbook.xml", "double_part"),
        ("xl\\workbook.xml", "double_part"),
        ("/xl/workbook.xml", "double_part"),
        ("_xmlsignatures/origin.sigs", "signed"),
    ],
)
def test_a_part_by_a_wrong_name_is_refused(name: str, kind: str) -> None:
    assert refusal(zipped(parts_of(worksheet(ROW)) | {name: "<a/>"})) == kind


def test_too_many_parts_are_refused() -> None:
    assert refusal(zipped({f"p{n}": "" for n in range(5_001)})) == "too_many_parts"


def entry_of(book: bytes, name: str = SHEET) -> zipfile.ZipInfo:
    """An entry's record."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.getinfo(name)


def with_record(book: bytes, place: int, value: int, form: str, name: str = SHEET) -> bytes:
    """The workbook with a number changed in an entry's record in the directory."""
    start = book.index(name.encode(), book.index(b"PK\1\2")) - 46
    new = bytearray(book)
    struct.pack_into(form, new, start + place, value)
    return bytes(new)


@pytest.mark.parametrize(
    ("place", "value", "form", "kind"),
    [
        (8, 1, "<H", "encrypted"),
        (10, 12, "<H", "odd_packing"),
        (16, 5, "<L", "broken_part"),
        (20, 10, "<L", "broken_part"),
        (24, 10, "<L", "broken_part"),
        (24, 700_000_000, "<L", "zip_bomb"),
        (42, 0, "<L", "broken_zip"),
        (42, 3, "<L", "broken_zip"),
        (42, 0xFFFFFFFF, "<L", "broken_zip"),
        (28, 0xFFFF, "<H", "broken_zip"),
    ],
)
def test_a_record_that_lies_is_refused(place: int, value: int, form: str, kind: str) -> None:
    assert refusal(with_record(workbook(ROW), place, value, form)) == kind


def test_entries_that_share_bytes_are_refused() -> None:
    book = workbook(ROW)
    packed = entry_of(book, "xl/workbook.xml").compress_size
    assert refusal(with_record(book, 20, packed + 1, "<L", "xl/workbook.xml")) == "broken_zip"
    assert refusal(with_record(book, 20, len(book), "<L")) == "broken_zip"


def test_a_header_that_names_another_part_is_refused() -> None:
    book = workbook(ROW)
    assert refusal(book.replace(b"xl/styles.xml", b"xl/stylez.xml", 1)) == "broken_zip"


def test_a_damaged_byte_is_noticed() -> None:
    book = bytearray(workbook(ROW))
    place = entry_of(bytes(book)).header_offset + 30 + len(SHEET) + 20
    book[place] ^= 1
    assert refusal(bytes(book)) == "broken_part"


def test_a_part_that_unpacks_to_far_more_than_itself_is_refused() -> None:
    sheet = worksheet(ROW, after="<!--" + " " * 3_000_000 + "-->")
    assert refusal(zipped(parts_of(sheet))) == "zip_bomb"


def test_a_part_that_unpacks_to_more_than_it_says_is_stopped() -> None:
    book = zipped(parts_of(worksheet(ROW + " " * 100_000_000)))
    packed = entry_of(book).compress_size
    tracemalloc.start()
    assert refusal(with_record(book, 24, packed * 100, "<L")) == "broken_part"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


# Parts


def test_the_workbook_may_be_anywhere_and_written_in_any_case() -> None:
    parts = {
        "[Content_Types].xml": content_types(),
        "_RELS/.RELS": relationships(("officeDocument", "/Other/Book%201.xml")),
        "other/book 1.xml": workbook_part(("S1",)),
        "Other/_rels/BOOK 1.xml.rels": relationships(("worksheet", "..\\Sheet.xml")),
        "sheet.XML": worksheet(ROW),
    }
    book = zipped(parts)
    assert Package(book).sheet_names == ("S1",)
    assert part(changed(book, "sheet.XML"), "sheet.XML").count("changed") == 1


def test_names_may_have_backslashes() -> None:
    parts = {name.replace("/", "\\"): content for name, content in parts_of(worksheet(ROW)).items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert (
        rows_in(changed(buffer.getvalue(), SHEET.replace("/", "\\")), SHEET.replace("/", "\\"))
        == CHANGED
    )


def test_strict_workbooks_are_understood() -> None:
    parts = {
        name: str(content)
        .replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, content in parts_of(worksheet(ROW)).items()
    }  # fmt: skip
    assert rows_in(changed(zipped(parts))) == CHANGED


def test_other_kinds_of_sheets_are_not_among_the_sheets() -> None:
    parts = parts_of(worksheet(ROW), worksheet(""), names=("Chart", "S1"))
    links = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = links.replace('/worksheet"', '/chartsheet"', 1)
    assert Package(zipped(parts)).sheet_names == ("S1",)


def test_a_sheet_of_two_names_cannot_be_changed_under_both() -> None:
    parts = parts_of(worksheet(ROW), worksheet(""))
    links = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = links.replace("sheet2.xml", "sheet1.xml")
    book = zipped(parts)
    assert patch(book, {("S2", "A1"): 7}) == patch(book, {("S1", "A1"): 7})
    with pytest.raises(Refused, match="unusual_sheet"):
        patch(book, {("S1", "A1"): 7, ("S2", "A1"): 8})


def test_the_binary_format_is_refused() -> None:
    parts = parts_of(worksheet(ROW))
    parts["_rels/.rels"] = relationships(("officeDocument", "xl/workbook.bin"))
    parts["xl/workbook.bin"] = "x"
    assert refusal(zipped(parts)) == "xlsb"


def test_a_document_of_another_kind_is_refused() -> None:
    parts = {
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": '<w:document xmlns:w="w"/>',
    }
    assert refusal(zipped(parts)) == "not_a_workbook"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/workbook.xml", "<workbook"),
        ("xl/workbook.xml", ""),
        ("_rels/.rels", "\x00"),
        (SHEET, "<worksheet/>"),
        (SHEET, ""),
        (SHEET, worksheet(ROW)[:-5]),
        (SHEET, worksheet(ROW).replace("</sheetData>", "")),
        ("xl/styles.xml", ""),
        ("xl/workbook.xml", "<a>" * 500 + "</a>" * 500),
        ("xl/workbook.xml", f"<a b='{'x' * 6_000_000}'/>"),
    ],
)
def test_a_damaged_part_is_refused(name: str, content: str) -> None:
    book = zipped(parts_of(worksheet(ROW)) | {name: content}, zipfile.ZIP_STORED)
    assert refusal(book) in {"broken_part", "unusual_sheet"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize(
    "name", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]
)
def test_a_dtd_is_refused_in_any_encoding(name: str, encoding: str) -> None:
    parts = parts_of(worksheet(ROW), strings=shared_strings("a"))
    content = str(parts[name]).replace("UTF-8", encoding)
    start = content.index("?>") + 2
    dtd = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    parts[name] = (content[:start] + dtd + content[start:]).encode(encoding)
    assert refusal(zipped(parts)) in ({"has_dtd", "odd_encoding"} if name == SHEET else {"has_dtd"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_a_sheet_that_is_not_utf_8_is_refused(encoding: str) -> None:
    sheet = worksheet(ROW).replace("UTF-8", encoding).encode(encoding)
    assert refusal(zipped(parts_of(worksheet(ROW)) | {SHEET: sheet})) == "odd_encoding"


def test_shared_strings_may_be_in_another_encoding() -> None:
    strings = shared_strings("täti").replace("UTF-8", "utf-16").encode("utf-16")
    cell = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    book = zipped(parts_of(worksheet(cell), strings="") | {"xl/sharedStrings.xml": strings})
    assert patch(book, {("S1", "A1"): "täti"}) is book


@pytest.mark.parametrize(
    ("cell", "found"), [("<f>1</f>", True), ("<v>1</v>", False), ("<f/>", True)]
)
def test_formulas_are_found_in_any_sheet(cell: str, found: bool) -> None:  # noqa: FBT001
    other = worksheet(f'<row r="1"><c r="A1">{cell}</c></row>')
    assert has_formulas(zipped(parts_of(worksheet(ROW), other))) is found
    assert has_formulas(zipped(parts_of(other.replace("<f", "<x:f")))) is found


def test_released_parts_come_back() -> None:
    package = inspect(workbook(ROW))
    package.release()
    assert rows_in(patch(package, EDIT)) == CHANGED


def test_our_own_packing_is_what_zlib_says_it_is() -> None:
    after = changed(workbook(ROW))
    info = entry_of(after)
    start = info.header_offset + 30 + len(SHEET)
    content = zlib.decompress(after[start : start + info.compress_size], -15)
    assert (zlib.crc32(content), len(content)) == (info.CRC, info.file_size)
