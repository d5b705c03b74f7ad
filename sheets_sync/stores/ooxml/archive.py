"""From a zip file's bytes to its entries, and back with some entries replaced.

Written anew rather than with ``zipfile`` because that can neither copy an entry as it stands nor
keep what it does not know: here whatever lies between two entries stays where it lies.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sheets_sync.errors import Refused

STORED: Final = 0
DEFLATED: Final = 8
MOST_ENTRIES: Final = 5_000

_LOCAL: Final = struct.Struct("<4s2H H 2H 3L 2H")
_CENTRAL: Final = struct.Struct("<4s4H 2H 3L 5H 2L")
_END: Final = struct.Struct("<4s4H 2L H")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_FULL_16: Final = 0xFFFF
_FULL_32: Final = 0xFFFFFFFF
_ZIP64: Final = 1
_ENCRYPTED: Final = 0x2041
"""Flag bits: encrypted, strongly encrypted, directory encrypted."""
_HAS_DESCRIPTOR: Final = 0x08
_IS_UTF8: Final = 0x800
_LONGEST_COMMENT: Final = 0xFFFF
_SLICE: Final = 1 << 14
"""So many packed bytes are unpacked at once: at most 16 MB, as deflate packs 1032 to 1."""


class Entry(NamedTuple):
    """One entry: its name, how it is packed, and where its pieces lie in the file."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    header: int
    data: int
    record: int
    record_size: int

    @property
    def end(self) -> int:
        """Where its packed bytes end."""
        return self.data + self.packed


class NewPart(NamedTuple):
    """What an entry shall hold instead: packed bytes in pieces, and what they unpack to."""

    pieces: Sequence[bytes]
    crc: int
    size: int


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where the directory starts and stops, and the records after it (zip64's, if any) lie."""

    start: int
    stop: int
    end64: int | None
    end: int


class Archive:
    """The entries of a zip file, in the order of its directory."""

    def __init__(self, content: bytes) -> None:
        """Read the directory. Raises Refused for what is no zip file, or a broken or odd one."""
        self.content = content
        self._ends = _find_ends(content)
        self.entries = tuple(_read_directory(content, self._ends))
        self._require_apart()

    def _require_apart(self) -> None:
        """No two entries may share bytes: that is how small files are made to unpack for ever."""
        edge = 0
        for entry in sorted(self.entries, key=lambda entry: entry.header):
            if entry.header < edge or entry.end > self._ends.start:
                raise Refused("broken_zip")
            edge = entry.end

    def unpack(self, entry: Entry, *, most: int) -> bytes:
        """Unpack an entry, which must be as large as it says, and no larger than ``most``."""
        raw = memoryview(self.content)[entry.data : entry.end]
        if entry.size > most:
            raise Refused("part_too_large", part=entry.name, megabytes=most // 1_000_000)
        content = bytes(raw) if entry.method == STORED else _inflate(raw, entry)
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise Refused("broken_part", part=entry.name)
        return content

    def replaced(self, parts: Mapping[Entry, NewPart]) -> bytes:
        """The file with the contents of some entries replaced, and all else as it stands."""
        view = memoryview(self.content)
        pieces: list[bytes | memoryview] = []
        moved: dict[int, int] = {}
        length = position = 0
        ordered = sorted(self.entries, key=lambda entry: entry.header)
        for entry, following in zip(ordered, [*ordered[1:], None], strict=True):
            stop = following.header if following else self._ends.start
            lead = view[position : entry.header]
            moved[entry.header] = length + len(lead)
            part = parts.get(entry)
            body = [view[entry.header : stop]] if part is None else self._body(entry, part, stop)
            position = stop
            pieces += [lead, *body]
            length += len(lead) + sum(map(len, body))
        pieces += self._tail(parts, moved, length)
        return b"".join(pieces)

    def _body(self, entry: Entry, part: NewPart, stop: int) -> list[bytes | memoryview]:
        """An entry's local header with new numbers, its new bytes, and what lay behind the old."""
        fields = list(_LOCAL.unpack_from(self.content, entry.header))
        start = entry.header + _LOCAL.size
        name = self.content[start : start + fields[9]]
        extra = _without_zip64(self.content[start + fields[9] : entry.data])
        fields[2] = entry.flags & ~_HAS_DESCRIPTOR
        fields[6:11] = part.crc, sum(map(len, part.pieces)), part.size, len(name), len(extra)
        # What follows an entry that has a data descriptor is this descriptor: its numbers now
        # stand in the header.
        rest = b"" if entry.flags & _HAS_DESCRIPTOR else self.content[entry.end : stop]
        return [_LOCAL.pack(*fields), name, extra, *part.pieces, rest]

    def _tail(
        self, parts: Mapping[Entry, NewPart], moved: Mapping[int, int], start: int
    ) -> Iterator[bytes]:
        """The directory with entries where they lie now, and the records behind it."""
        size = 0
        last = self._ends.start
        for entry in self.entries:
            record = self._record(entry, parts.get(entry), moved[entry.header])
            size += len(record)
            last = entry.record + entry.record_size
            yield record
        rest = self.content[last : self._ends.stop]
        size += len(rest)
        yield rest
        yield self._trailer(start, size)

    def _record(self, entry: Entry, part: NewPart | None, header: int) -> bytes:
        """An entry's record in the directory."""
        record = self.content[entry.record : entry.record + entry.record_size]
        fields = list(_CENTRAL.unpack_from(record))
        name_end = _CENTRAL.size + fields[10]
        name, extra = record[_CENTRAL.size : name_end], record[name_end : name_end + fields[11]]
        comment = record[name_end + fields[11] :]
        if part is not None:
            extra = _without_zip64(extra)
            fields[3] = entry.flags & ~_HAS_DESCRIPTOR
            fields[7:10] = part.crc, sum(map(len, part.pieces)), part.size
            fields[11] = len(extra)
            if fields[13] == _FULL_16:
                fields[13] = 0
            fields[16] = header
        elif fields[16] == _FULL_32:
            extra = _with_zip64_offset(extra, fields, header)
        else:
            fields[16] = header
        return _CENTRAL.pack(*fields) + name + extra + comment

    def _trailer(self, start: int, size: int) -> bytes:
        """The records behind the directory: those of zip64, if any, and the end."""
        ends = self._ends
        trailer = bytearray(self.content[ends.stop :])
        if ends.end64 is not None:
            fields64 = list(_END64.unpack_from(self.content, ends.end64))
            fields64[8:10] = size, start
            _END64.pack_into(trailer, ends.end64 - ends.stop, *fields64)
            locator = ends.end - _LOCATOR.size
            fields = list(_LOCATOR.unpack_from(self.content, locator))
            fields[2] = start + size + ends.end64 - ends.stop
            _LOCATOR.pack_into(trailer, locator - ends.stop, *fields)
        fields = list(_END.unpack_from(self.content, ends.end))
        fields[5] = fields[5] if fields[5] == _FULL_32 else size
        fields[6] = fields[6] if fields[6] == _FULL_32 else start
        _END.pack_into(trailer, ends.end - ends.stop, *fields)
        return bytes(trailer)


def _inflate(raw: memoryview, entry: Entry) -> bytes:
    """Unpack in slices, so that an entry which unpacks to more than it says is stopped early."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    # A BytesIO hands out its own buffer: no second copy of the whole part.
    content = io.BytesIO()
    try:
        for start in range(0, len(raw), _SLICE):
            content.write(unpacker.decompress(raw[start : start + _SLICE]))
            if content.tell() > entry.size:
                raise Refused("broken_part", part=entry.name)
    except zlib.error as error:
        raise Refused("broken_part", part=entry.name) from error
    if not unpacker.eof or unpacker.unused_data:
        raise Refused("broken_part", part=entry.name)
    return content.getvalue()


def _find_ends(content: bytes) -> _Ends:
    """Find the records that end the file."""
    end = content.rfind(b"PK\5\6", max(0, len(content) - _END.size - _LONGEST_COMMENT))
    if end < 0 or end + _END.size > len(content):
        raise Refused("broken_zip")
    _, disk, start_disk, _, count, size, start, comment = _END.unpack_from(content, end)
    if end + _END.size + comment > len(content):
        raise Refused("broken_zip")
    stop, end64 = end, None
    if end >= _LOCATOR.size and content[end - _LOCATOR.size :][:4] == b"PK\6\7":
        end64, count, size, start = _read_end64(content, end)
        stop = end64
    elif disk or start_disk:
        raise Refused("broken_zip")
    if count > MOST_ENTRIES:
        raise Refused("too_many_parts", most=MOST_ENTRIES)
    # A file that is something else up to some place and a zip from there is read in two ways.
    if start + size != stop:
        raise Refused("broken_zip")
    return _Ends(start=start, stop=stop, end64=end64, end=end)


def _read_end64(content: bytes, end: int) -> tuple[int, int, int, int]:
    """Find the zip64 record: its place, the number of entries, the directory's size and start."""
    _, _, declared, _ = _LOCATOR.unpack_from(content, end - _LOCATOR.size)
    place = end - _LOCATOR.size - _END64.size
    if content[place : place + 4] != b"PK\6\6":
        place = declared
    if place < 0 or place + _END64.size > end or content[place : place + 4] != b"PK\6\6":
        raise Refused("broken_zip")
    fields = _END64.unpack_from(content, place)
    return place, fields[7], fields[8], fields[9]


def _read_directory(content: bytes, ends: _Ends) -> Iterator[Entry]:
    position, count = ends.start, 0
    while position + _CENTRAL.size <= ends.stop and content.startswith(b"PK\1\2", position):
        count += 1
        if count > MOST_ENTRIES:
            raise Refused("too_many_parts", most=MOST_ENTRIES)
        entry = _read_record(content, position, ends)
        yield entry
        position += entry.record_size
    declared = _END.unpack_from(content, ends.end)[4]
    if not count or (ends.end64 is None and declared != count):
        raise Refused("broken_zip")


def _read_record(content: bytes, position: int, ends: _Ends) -> Entry:
    """One record of the directory, held against the local header that it points to."""
    fields = _CENTRAL.unpack_from(content, position)
    name_size, extra_size, comment_size = fields[10:13]
    size = _CENTRAL.size + name_size + extra_size + comment_size
    if position + size > ends.stop:
        raise Refused("broken_zip")
    start = position + _CENTRAL.size
    raw_name = content[start : start + name_size]
    name = _decode_name(raw_name, fields[3])
    extra = content[start + name_size : start + name_size + extra_size]
    unpacked, packed, offset = _zip64_numbers(extra, (fields[9], fields[8], fields[16]))
    if fields[3] & _ENCRYPTED:
        raise Refused("encrypted")
    data = _find_data(content, offset, raw_name)
    return Entry(
        name, fields[3], fields[4], fields[7], packed, unpacked, offset, data, position, size
    )


def _find_data(content: bytes, header: int, raw_name: bytes) -> int:
    """Where an entry's packed bytes begin, behind its local header."""
    if header + _LOCAL.size > len(content):
        raise Refused("broken_zip")
    signature, *_, name_size, extra_size = _LOCAL.unpack_from(content, header)
    start: int = header + _LOCAL.size
    if signature != b"PK\3\4" or content[start : start + name_size] != raw_name:
        raise Refused("broken_zip")
    return start + len(raw_name) + int(extra_size)


def _decode_name(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _IS_UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise Refused("broken_zip") from error


def _extra_fields(extra: bytes) -> Iterator[tuple[int, int, int]]:
    """The extra fields: what each is, and where its content starts and ends."""
    position = 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, position)
        yield kind, position + 4, position + 4 + size
        position += 4 + size


def _without_zip64(extra: bytes) -> bytes:
    for kind, start, stop in _extra_fields(extra):
        if kind == _ZIP64:
            return extra[: start - 4] + extra[stop:]
    return extra


def _zip64_numbers(extra: bytes, numbers: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset, each from the zip64 field where the record has no room."""
    if _FULL_32 not in numbers:
        return numbers
    found = {kind: (start, stop) for kind, start, stop in _extra_fields(extra)}
    start, stop = found.get(_ZIP64, (0, 0))
    full = []
    for number in numbers:
        if number == _FULL_32 and start + 8 <= min(stop, len(extra)):
            full.append(int.from_bytes(extra[start : start + 8], "little"))
            start += 8
        else:
            full.append(number)
    return full[0], full[1], full[2]


def _with_zip64_offset(extra: bytes, fields: Sequence[int], header: int) -> bytes:
    """The extra fields with a new offset in the zip64 one, which holds what has no room."""
    before = 8 * [fields[8], fields[9]].count(_FULL_32)
    for kind, start, stop in _extra_fields(extra):
        if kind == _ZIP64 and start + before + 8 <= min(stop, len(extra)):
            place = start + before
            return extra[:place] + struct.pack("<Q", header) + extra[place + 8 :]
    raise Refused("broken_zip")
