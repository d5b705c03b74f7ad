"""A sync of a workbook with everything in it: each part and cell of people's stays as it was."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from sheets_sync.columns import MANAGED
from sheets_sync.texts import label
from tests import rich_workbook
from tests.command_line import TODAY, command
from tests.rich_workbook import HEADERS, PARTNERS, TRACKER

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
"""openpyxl tells that it would lose things; it only reads here."""
OURS = frozenset(label(f"column.{key}", "en") for key in MANAGED)


class Synced(NamedTuple):
    """The workbook before and after a sync, where it lies, and the report."""

    before: bytes
    after: bytes
    path: Path
    report: Any


@pytest.fixture
def synced(home: Path) -> Synced:
    path = rich_workbook.make(home / "partners.xlsx")
    before = path.read_bytes()
    report = command("sync", path, *TODAY, "--json").document
    return Synced(before, path.read_bytes(), path, report)


def test_there_is_something_to_lose(synced: Synced) -> None:
    names = " ".join(zipfile.ZipFile(BytesIO(synced.before)).namelist())
    kinds = (
        "charts/",
        "chartsheets/",
        "comments",
        "vmlDrawing",
        "media/image",
        "tables/",
        "drawing",
    )
    assert [kind for kind in kinds if kind not in names] == []
    assert synced.report["written"] > 4 * PARTNERS


def test_every_other_part_is_byte_identical_as_it_lies_in_the_file(synced: Synced) -> None:
    before, after = (dict(raw_parts(data)) for data in (synced.before, synced.after))
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"xl/worksheets/sheet{number}.xml" for number in (1, 4)}
    sheets = {edit["sheet"] for edit in synced.report["edits"]}
    assert sheets == {TRACKER, "Sync"}


def raw_parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each part as it lies in the file: its local header, packed bytes and all."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            start = entry.header_offset
            names = int.from_bytes(data[start + 26 : start + 28], "little")
            extra = int.from_bytes(data[start + 28 : start + 30], "little")
            yield entry.filename, data[start : start + 30 + names + extra + entry.compress_size]


def test_all_of_the_tracker_s_own_part_but_our_cells_is_identical(synced: Synced) -> None:
    before, after = (sheet_xml(data) for data in (synced.before, synced.after))
    assert before.partition("<sheetData>")[0] == re.sub(
        r"<dimension[^>]*>", re.search(r"<dimension[^>]*>", before)[0],  # type: ignore[index]
        after.partition("<sheetData>")[0],
    )  # fmt: skip
    tail = before.partition("</sheetData>")[2]
    assert (
        after.partition("</sheetData>")[2].replace('<sheetCalcPr fullCalcOnLoad="1"/>', "") == tail
    )
    ours = {letters(HEADERS.index(header)) for header in OURS}
    assert cells(before, ours) == cells(after, ours)


def sheet_xml(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def letters(index: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index]


def cells(xml: str, ours: set[str]) -> list[str]:
    """Every cell as it is written, but those in columns of ours."""
    found = re.findall(r"<c [^>]*?(?:/>|>.*?</c>)", xml)
    column = re.compile(r'r="([A-Z]+)')
    kept = [cell for cell in found if column.search(cell)[1] not in ours]  # type: ignore[index]
    assert len(kept) > len(HEADERS) + 6 * PARTNERS
    return [*kept, *re.findall(r"<row [^>]*>", re.sub(r' spans="[^"]*"', "", xml))]


def test_people_s_cells_and_styles_read_the_same(synced: Synced) -> None:
    before, after = (
        openpyxl.load_workbook(BytesIO(data)) for data in (synced.before, synced.after)
    )
    ours = {edit["cell"] for edit in synced.report["edits"]}
    assert before.sheetnames == after.sheetnames
    for old_row, new_row in zip(before[TRACKER], after[TRACKER], strict=True):
        for old, new in zip(old_row, new_row, strict=True):
            if old.coordinate not in ours:
                assert told(old) == told(new), old.coordinate


def told(cell: Any) -> tuple[object, ...]:  # noqa: ANN401 - openpyxl's cells are of several types
    """A cell's value, style, comment and link."""
    comment, link = cell.comment, cell.hyperlink
    return cell.value, cell.style_id, comment and comment.text, link and link.target


def test_our_cells_take_the_look_that_people_gave_their_columns(synced: Synced) -> None:
    book = openpyxl.load_workbook(BytesIO(synced.after))
    due = letters(HEADERS.index("Due"))
    formats = {cell.number_format for cell in book[TRACKER][due][1:] if cell.value}
    assert formats <= {"d mmm yyyy", "General"}
    assert "d mmm yyyy" in formats


def test_another_sync_leaves_the_file_alone(synced: Synced) -> None:
    assert command("sync", synced.path, *TODAY, "--json").document["edits"] == []
    assert synced.path.read_bytes() == synced.after


def test_restoring_gives_the_very_file_back(synced: Synced) -> None:
    assert command("restore", synced.path).code == 0
    assert synced.path.read_bytes() == synced.before


def test_libreoffice_opens_it_and_sees_what_the_report_says(synced: Synced) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        assert not os.environ.get("CI"), "soffice is missing: apt-get install libreoffice-calc"
        pytest.skip("needs LibreOffice")
    folder = synced.path.parent.parent
    words = [soffice, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless"]
    words += ["--convert-to", "csv:Text - txt - csv (StarCalc):9,34,76,1", "--outdir", str(folder)]
    subprocess.run([*words, str(synced.path)], check=True, capture_output=True, timeout=90)
    with (folder / "partners.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t"))
    seen = {line["Partner"]: line["Status"] for line in lines[:PARTNERS]}
    assert seen == {
        row["partner"]: label(f"status.{row['status']}", "en") for row in synced.report["rows"]
    }
