"""Formulas, formulas without a value, and errors are found however a sheet is written."""

from __future__ import annotations

import pytest

from sheets_sync.errors import Refused
from sheets_sync.stores.ooxml import Range, marks, merges
from tests.stores.ooxml.building import (
    parts_of,
    prefixed,
    shared_strings,
    workbook,
    worksheet,
    zipped,
)

ROWS = (
    '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c>'
    '<c r="C2"><f>NOW()</f></c><c r="D2"><f>NOW()</f><v/></c><c r="E2" t="e"><v>#REF!</v></c></row>'
    '<row r="3"><c r="A3" t="e"><f t="shared" si="0"/><v>#N/A</v></c>'
    '<c r="B3" t="str"><v>"e"</v></c><c r="C3" s="1"/><c r="D3"><v>5</v></c>'
    '<c r="E3" t="inlineStr"><is><t>t="e" a&lt;f</t></is></c></row>'
)


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        ROWS.replace("><", ">\n  <"),
        ROWS.replace('"e"', "'e'"),
        ROWS.replace(' t="', '\tt = "'),
        "<!-- -->" + ROWS,
        ROWS.replace("<v>2</v>", "<v><![CDATA[2]]></v>"),
        ROWS.replace("<row", '<row xmlns:x="x"').replace("</row>", "<x:extLst/></row>"),
    ],
)
def test_marks_are_found(rows: str) -> None:
    found = marks(workbook(rows), "S1")
    assert found.formulas == {0: {2, 3}, 1: {2}, 2: {2}, 3: {2}}
    assert found.valueless == {2: {2}, 3: {2}}
    assert found.errors == {4: {2: "#REF!"}, 0: {3: "#N/A"}}


def test_marks_are_found_where_cells_have_no_place() -> None:
    rows = "<row><c/><c><f>1</f></c></row><row/><row><c t='e'><v>#N/A</v></c></row>"
    found = marks(workbook(rows), "S1")
    assert found.formulas == {1: {1}}
    assert found.errors == {0: {3: "#N/A"}}


def test_marks_are_found_behind_a_prefix() -> None:
    found = marks(zipped(parts_of(prefixed(worksheet(ROWS)))), "S1")
    assert found.formulas == {0: {2, 3}, 1: {2}, 2: {2}, 3: {2}}
    assert found.errors == {4: {2: "#REF!"}, 0: {3: "#N/A"}}


def test_some_columns_alone_may_be_asked_for() -> None:
    found = marks(workbook(ROWS), "S1", {2, 4})
    assert set(found.formulas) == {2}
    assert set(found.errors) == {4}


def test_a_sheet_without_any_has_none() -> None:
    book = workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=shared_strings("a"))
    assert marks(book, "S1") == ({}, {}, {})


def test_merges_are_told_by_row_and_column() -> None:
    after = '<mergeCells><mergeCell ref="B2:AD5"/><mergeCell ref="oops"/></mergeCells>'
    assert merges(workbook("", after=after), "S1") == (Range(2, 1, 5, 29),)


@pytest.mark.parametrize("ask", [marks, merges])
def test_an_unknown_sheet_is_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(Refused, match="no_such_tab"):
        ask(workbook(""), "Elsewhere")
