"""From an openpyxl workbook to bytes that are the same every time."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, time
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

_TIMELESS = date(2026, 1, 1)
_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def to_bytes(workbook: Workbook, today: date | None) -> bytes:
    """The package, dated ``today`` (else a fixed day) instead of now."""
    moment = datetime.combine(today or _TIMELESS, time(), tzinfo=UTC)
    workbook.properties.created = moment.replace(tzinfo=None)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _rezip(buffer, moment)


def _rezip(buffer: io.BytesIO, moment: datetime) -> bytes:
    """The same parts in the same order, without the moment at which they were packed."""
    packed = io.BytesIO()
    with ZipFile(buffer) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _CORE:
                stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            entry = ZipInfo(name)  # dated 1980, as zip counts from there
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return packed.getvalue()
