"""On any sheet the fast way and the slow ways change the same bytes, and these bytes alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.errors import Refused
from sheets_sync.model import Value
from sheets_sync.stores.ooxml import patch, patching, verify
from tests.stores.ooxml import checker
from tests.stores.ooxml.building import part, parts_of, shared_strings, worksheet, zipped

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = shared_strings("Overdue", "a &amp; b", "<r><t>Over</t></r><r><t>due</t></r>")
COLUMNS = 8
ROWS = 9

styles = st.sampled_from(["", ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="9"'])
contents = st.sampled_from(
    [
        "/>",
        "></c>",
        "><v>3</v></c>",
        "><v>46347</v></c>",
        ' t="n"><v>3.0</v></c>',
        ' t="s"><v>0</v></c>',
        ' t="s"><v>1</v></c>',
        ' t="s"><v>2</v></c>',
        ' t="str" cm="1"><v>x</v></c>',
        ' t="inlineStr"><is><t>Overdue</t></is></c>',
        ' t="inlineStr"><is><t xml:space="preserve"> a_x000D_</t></is></c>',
        ' t="inlineStr"><is><r><rPr/><t>Over</t></r><r><t>due</t></r></is></c>',
        ' t="b"><v>1</v></c>',
        ' t="e"><v>#N/A</v></c>',
        ' t="d"><v>2026-11-21</v></c>',
        "><f>1+1</f><v>2</v></c>",
    ]
)
cells = st.tuples(styles, contents)
spaces = st.sampled_from(["", "", "", "\n  "])
row_tags = st.sampled_from(["", ' spans="2:3"', ' s="2" customFormat="1"', ' s="2"', ' ht="15"'])
values: st.SearchStrategy[Value] = st.sampled_from(
    [
        None,
        "",
        "Overdue",
        "a & b",
        " a\r",
        "2026-11-21",
        2,
        3,
        -0.5,
        True,
        False,
        date(2026, 11, 21),
    ]
) | st.text(max_size=5)
edits = st.dictionaries(
    st.tuples(st.integers(1, ROWS + 2), st.integers(0, COLUMNS + 2)),
    values,
    min_size=1,
    max_size=20,
)


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """A worksheet in good order, of a few rows."""
    space = draw(spaces)
    rows = "".join(
        draw(rows_of(number, space)) for number in range(1, ROWS + 1) if draw(st.booleans())
    )
    head = draw(
        st.sampled_from(
            ["", '<dimension ref="B2:C3"/>', '<cols><col min="2" max="3" style="4"/></cols>']
        )
    )
    merge = '<mergeCells><mergeCell ref="C2:D3"/></mergeCells>'
    return worksheet(rows, before=head, after=draw(st.sampled_from(["", "", merge])))


@st.composite
def rows_of(draw: st.DrawFn, number: int, space: str) -> str:
    """One row with some of its cells."""
    tag = f'{space}<row r="{number}"{draw(row_tags)}'
    own = draw(st.dictionaries(st.integers(0, COLUMNS), cells, max_size=COLUMNS))
    if not own and draw(st.booleans()):
        return f"{tag}/>"
    texts = []
    for column, (style, content) in sorted(own.items()):
        may_lack_place = not column or column - 1 in own
        named = not may_lack_place or draw(st.integers(0, 9))
        place = f' r="{checker.letters_of(column)}{number}"' if named else ""
        texts.append(f"{space}<c{place}{style}{content}")
    return f"{tag}>{''.join(texts)}{space}</row>"


def outcome(book: bytes, wanted: Mapping[tuple[str, str], Value]) -> bytes | str:
    """The patched workbook, or why it is refused."""
    try:
        return patch(book, wanted, recalculate=True)
    except Refused as refusal:
        return refusal.kind


@given(sheets(), edits)
def test_all_ways_change_the_same_bytes(sheet: str, places: dict[tuple[int, int], Value]) -> None:
    wanted = {("S1", f"{checker.letters_of(c)}{r}"): value for (r, c), value in places.items()}
    book = zipped(parts_of(sheet, strings=STRINGS))
    swift = outcome(book, wanted)
    with pytest.MonkeyPatch.context() as context:
        context.setattr(patching, "swift_splices", lambda *_: None)
        assert outcome(book, wanted) == swift
    commented = zipped(
        parts_of(sheet.replace("<sheetData>", "<sheetData><!---->"), strings=STRINGS)
    )
    parsed = outcome(commented, wanted)
    if isinstance(swift, str) or isinstance(parsed, str):
        assert swift == parsed
        return
    assert part(parsed).replace("<!---->", "") == part(swift)
    assert (parsed is commented) == (swift is book)
    verify(book, swift, wanted)
    verify(commented, parsed, wanted)


@given(sheets(), edits)
def test_nothing_but_the_edits_changes(sheet: str, places: dict[tuple[int, int], Value]) -> None:
    own = {f"{checker.letters_of(c)}{r}": value for (r, c), value in places.items()}
    wanted = {("S1", reference): value for reference, value in own.items()}
    book = zipped(parts_of(sheet, strings=STRINGS))
    after = outcome(book, wanted)
    if isinstance(after, str):
        return
    assert not list(checker.zip_faults(book, after, {SHEET}))
    before, new = part(book).encode(), part(after).encode()
    assert not list(checker.sheet_faults(before, new, own, recalculate=True))
    assert not list(checker.value_faults(new, own))
    assert patch(after, wanted, recalculate=True) is after
