"""What the guard lets pass, and what it stops, before any reader sees it."""

from __future__ import annotations

import pytest

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml import guard, inspect
from sheets_sync.stores.ooxml.guard import Extent, extent_of
from sheets_sync.texts import say
from tests.stores.ooxml.building import parts_of, workbook, worksheet, zipped

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def stopped(book: bytes) -> str:
    """Why a workbook is stopped."""
    with pytest.raises(Refused) as refusal:
        inspect(book)
    assert say(refusal.value.sentence, "en")
    return refusal.value.kind


FAR = [
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c s="1" r="XFD1048576"><v>1</v></c></row>',
    "<row r='1'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="1"><c x=">" r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c\tr="xfd1048576"><v>1</v></c></row>',
    '<row r="1"><c r="XFD1048576" t="inlineStr"><is><t>a</t></is></c></row>',
    '<row r="1"><x:c xmlns:x="x" r="XFD1048576"><v>1</v></x:c></row>',
    '<y:row xmlns:y="y" r="1048576"><c><v>1</v></c><c r="CZ1048576"><v>1</v></c></y:row>',
    '<row r="1048576"><c/><c/><c/><c/><c/><c><v>1</v></c></row>',
    '<row r="1048575"/><row><c r="F1048576"><v>1</v></c></row>',
    '<row r="1"><c r="XFC1"/><c><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
    "<![CDATA[<]]>" + '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c r="XFD9999"><f>1</f></c></row>',
    """<row r="1"><c x=" r='A1'" r="XFD1048576"><v>1</v></c></row>""",
    '<row r="1"><c r="&#88;FD1048576"><v>1</v></c></row>',
]


@pytest.mark.parametrize("rows", FAR)
def test_a_value_far_away_is_stopped_however_it_is_written(rows: str) -> None:
    assert stopped(workbook(ROW + rows)) == "too_wide"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="XFD1048576" s="1"/></row>',
        '<row r="1048576"><c r="XFD1048576" s="1"></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="366"><c r="XFD366"><v>1</v></c></row>',
        '<row r="1048576"><c r="E1048576"><v>1</v></c></row>',
        '<row r="100000"><c r="BH100000"><v>1</v></c></row>',
        '<row r="1048576" ht="12"/>',
    ],
)
def test_what_a_reader_can_hold_passes(rows: str) -> None:
    inspect(workbook(rows))


@pytest.mark.parametrize(
    ("rows", "columns", "reference", "beyond"),
    [
        (100_000, 60, "BH100000", False),
        (100_000, 60, "BI100000", True),
        (100_000, 60, "A100001", True),
        (100_000, 60, "A0", True),
        (100_000, 60, "A099", True),
        (366, 16_384, "XFD366", False),
        (366, 16_384, "XFE1", True),
        (366, 16_384, "A367", True),
        (99, 26, "Z99", False),
        (99, 26, "AA1", True),
        (99, 26, "A100", True),
        (1, 703, "AAA1", False),
        (1, 703, "AAB1", True),
        (1, 703, "ZZ1", False),
        (7, 1, "A7", False),
        (7, 1, "B1", True),
        (7, 1, "A8", True),
    ],
)
def test_the_fast_look_knows_its_bounds(
    rows: int, columns: int, reference: str, *, beyond: bool
) -> None:
    pattern = guard._cell_beyond(rows, columns)  # noqa: SLF001 - a pattern to get wrong
    assert bool(pattern.search(f'<c r="{reference}" s="1">'.encode())) == beyond


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        ("", (0, 0)),
        ('<row r="3"><c r="B3"><v>1</v></c><c r="F3"/></row><row r="9"/>', (3, 2)),
        ("<row><c/><c><v>1</v></c></row><row/><row><c><v>1</v></c></row>", (3, 2)),
        ('<row r="2"><c r="A2"/></row>', (0, 0)),
    ],
)
def test_the_extent_is_that_of_the_values(rows: str, extent: tuple[int, int]) -> None:
    assert extent_of(worksheet(rows).encode(), "sheet") == Extent(*extent)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A99999999"><v>1</v></c></row>',
        '<row r="one"><c s="1" r="A1"><v>1</v></c></row>',
        '<row r="1"><c r=A1><v>1</v></c></row>',
        '<row r="1"><c r=""><v>1</v></c></row>',
        f'<row r="1">{"<c><v>1</v></c>" * 16_385}</row>',
        f'<row r="{"1" * 5000}"/><row r="1048576"><c r="A1" s="1"><v>1</v></c></row>',
    ],
)
def test_a_place_that_is_none_is_stopped(rows: str) -> None:
    assert stopped(workbook(rows)) == "broken_part"


def merged(reference: str) -> bytes:
    """A workbook with one merge."""
    return workbook(ROW, after=f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>')


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A1:A100001", "$A$1:J10001"])
def test_a_huge_merge_is_stopped(reference: str) -> None:
    assert stopped(merged(reference)) == "huge_merge"


@pytest.mark.parametrize("reference", ["A1:A100000", "A1:XFD6", "A1"])
def test_an_honest_merge_passes(reference: str) -> None:
    inspect(merged(reference))


def test_sheets_that_are_not_read_are_not_looked_at() -> None:
    book = zipped(parts_of(worksheet(ROW), worksheet(FAR[0])))
    inspect(book, ["S1"])
    with pytest.raises(Refused, match="too_wide"):
        inspect(book, ["S2"])


def test_a_sheet_of_a_hundred_thousand_rows_passes() -> None:
    rows = "".join(f'<row r="{n}"><c r="BH{n}"><v>1</v></c></row>' for n in range(1, 100_001))
    inspect(workbook(rows))
    more = rows + '<row r="100001"><c r="A100001"><v>1</v></c></row>'
    assert stopped(workbook(more)) == "too_wide"
