"""From a few pieces of XML to the bytes of a small workbook."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="h:mm"/>'
    '</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="1"/></cellXfs></styleSheet>'
)
"""Styles 1 and 2 are dates, 3 is a time, 4 a number."""


def content_types(sheets: int = 1, workbook: str = "xl/workbook.xml") -> str:
    """What kind each part is of."""
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{base}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{DECLARATION}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="{relations}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{workbook}" ContentType="{base}.sheet.main+xml"/>{overrides}'
        f'<Override PartName="/xl/styles.xml" ContentType="{base}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{base}.sharedStrings+xml"/>'
        "</Types>"
    )


def relationships(*targets: tuple[str, str]) -> str:
    """A relationships part: the last word of each type, and the target; ids are rId1, rId2 ..."""
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{links}</Relationships>'


def workbook_part(names: tuple[str, ...], properties: str = "") -> str:
    """The workbook part, with sheets of these names."""
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
    )
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def worksheet(rows: str, *, before: str = "", after: str = "") -> str:
    """A worksheet part with these rows, and what stands before and after them."""
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def prefixed(sheet: str) -> str:
    """The same worksheet part with a prefix before the names of its elements."""
    return re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", sheet).replace("xmlns=", "xmlns:x=")


def shared_strings(*texts: str) -> str:
    """The shared strings part; a text that starts with ``<`` is put in as it is."""
    items = "".join(
        f"<si>{text}</si>" if text.startswith("<") else f"<si><t>{text}</t></si>" for text in texts
    )
    return f'{DECLARATION}<sst xmlns="{MAIN}">{items}</sst>'


def parts_of(
    *sheets: str, strings: str | None = None, names: tuple[str, ...] = (), properties: str = ""
) -> dict[str, str | bytes]:
    """The parts of a workbook with these worksheet parts, named S1, S2 ... unless told."""
    names = names or tuple(f"S{n}" for n in range(1, len(sheets) + 1))
    links = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    links += [("styles", "styles.xml")]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(len(sheets)),
        "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook_part(names, properties),
        "xl/styles.xml": STYLES,
    }
    if strings is not None:
        links.append(("sharedStrings", "sharedStrings.xml"))
        parts["xl/sharedStrings.xml"] = strings
    parts["xl/_rels/workbook.xml.rels"] = relationships(*links)
    parts |= {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, 1)}
    return parts


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The zip file of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, (2026, 11, 21, 8, 30, 0))
            info.compress_type = method
            archive.writestr(info, part)
    return buffer.getvalue()


def workbook(rows: str, *, before: str = "", after: str = "", strings: str | None = None) -> bytes:
    """A workbook with one sheet, S1, of these rows."""
    return zipped(parts_of(worksheet(rows, before=before, after=after), strings=strings))


def part(package: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    """The text of a part, by the standard library's reading."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(name).decode()


def rows_in(package: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    """What stands between the sheetData tags of a sheet."""
    _, _, rest = part(package, name).partition("<sheetData>")
    return rest.partition("</sheetData>")[0]
