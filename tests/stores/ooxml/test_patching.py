"""What the patcher writes, what it leaves, and what it refuses; one fact each."""

from __future__ import annotations

from datetime import date

import pytest

from sheets_sync.errors import Refused
from sheets_sync.model import Value
from sheets_sync.stores.ooxml import CellEdits, Package, SheetEdits, patch
from tests.stores.ooxml.building import (
    part,
    parts_of,
    prefixed,
    rows_in,
    shared_strings,
    workbook,
    worksheet,
    zipped,
)

DAY = date(2026, 11, 21)
ROW = '<row r="5"><c r="A5" s="4"><v>1</v></c><c r="B5" s="1"/><c r="D5" t="s"><v>0</v></c></row>'
STRINGS = shared_strings("zero", "<r><t>rich</t></r><r><t xml:space='preserve'> text</t></r>")


def rows_after(rows: str, reference: str, value: Value, *, strings: str = STRINGS) -> str:
    """The rows of a sheet with one cell edited."""
    return rows_in(patch(workbook(rows, strings=strings), {("S1", reference): value}))


def text(value: str) -> str:
    """How a text stands in a cell."""
    return f' t="inlineStr"><is><t>{value}</t></is></c>'


# Writing


@pytest.mark.parametrize(
    ("reference", "value", "old", "new"),
    [
        ("A5", 7, '<c r="A5" s="4"><v>1</v></c>', '<c r="A5" s="4"><v>7</v></c>'),
        ("A5", 7.0, '<c r="A5" s="4"><v>1</v></c>', '<c r="A5" s="4"><v>7</v></c>'),
        ("A5", 0.1, '<c r="A5" s="4"><v>1</v></c>', '<c r="A5" s="4"><v>0.1</v></c>'),
        ("A5", True, '<c r="A5" s="4"><v>1</v></c>', '<c r="A5" s="4" t="b"><v>1</v></c>'),
        ("A5", None, '<c r="A5" s="4"><v>1</v></c>', '<c r="A5" s="4"/>'),
        ("A5", "", '<c r="A5" s="4"><v>1</v></c>', '<c r="A5" s="4"/>'),
        ("A5", "Hei", '<c r="A5" s="4"><v>1</v></c>', f'<c r="A5" s="4"{text("Hei")}'),
        ("D5", "one", '<c r="D5" t="s"><v>0</v></c>', f'<c r="D5"{text("one")}'),
        ("D5", 3, '<c r="D5" t="s"><v>0</v></c>', '<c r="D5"><v>3</v></c>'),
        ("B5", DAY, '<c r="B5" s="1"/>', '<c r="B5" s="1"><v>46347</v></c>'),
        ("A5", DAY, '<c r="A5" s="4"><v>1</v></c>', f'<c r="A5" s="4"{text("2026-11-21")}'),
    ],
)
def test_a_cell_says_what_it_shall_and_all_else_stays(
    reference: str, value: Value, old: str, new: str
) -> None:
    assert rows_after(ROW, reference, value) == ROW.replace(old, new)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ('<c r="A1" s="2" t="b" cm="1" vm="1" ph="1"><v>1</v></c>', '<c r="A1" s="2"'),
        ("<c t='b' s='2' r='A1'><v>1</v></c>", "<c s='2' r='A1'"),
        ('<c\n r = "A1"\n t="b"><v>1</v></c>', '<c\n r = "A1"'),
        ('<c s="2"><v>1</v></c>', '<c s="2"'),
        ('<c r="A1" s=""><v>1</v></c>', '<c r="A1" s=""'),
    ],
)
def test_a_rewritten_cell_keeps_its_place_and_style_alone(cell: str, kept: str) -> None:
    assert (
        rows_after(f'<row r="1">{cell}</row>', "A1", "x") == f'<row r="1">{kept}{text("x")}</row>'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("a\x00\x1fb", "a_x0000__x001F_b"),
        ("a\rb", "a_x000D_b"),
        ("_x000D_", "_x005F_x000D_"),
        ("_xyz", "_xyz"),
        ("\ud800", "_xD800_"),
        ("\uffff", "_xFFFF_"),
        ("שלום 🌳", "שלום 🌳"),
    ],
)
def test_what_xml_cannot_hold_is_escaped(value: str, written: str) -> None:
    assert rows_after(ROW, "D5", value) == ROW.replace(
        '<c r="D5" t="s"><v>0</v></c>', f'<c r="D5"{text(written)}'
    )


@pytest.mark.parametrize("value", [" a", "a ", "a  b", "a\nb", "\t", "\xa0a"])
def test_white_space_that_would_be_lost_is_preserved(value: str) -> None:
    assert f'<t xml:space="preserve">{value}</t>' in rows_after(ROW, "D5", value)


# Leaving alone


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"/>', None),
        ('<c r="A1"/>', ""),
        ('<c r="A1" t="inlineStr"><is><t></t></is></c>', None),
        ('<c r="A1"><v>3.0</v></c>', 3),
        ('<c r="A1"><v>3</v></c>', 3.0),
        ('<c r="A1" t="n"><v> 3 </v></c>', 3),
        ('<c r="A1" s="1"><v>46347</v></c>', DAY),
        ('<c r="A1" s="2"><v>46347</v></c>', "2026-11-21"),
        ('<c r="A1"><is><t>x</t></is></c>', None),
        ('<c r="A1" t="inlineStr"><is><t>2026-11-21</t></is></c>', DAY),
        ('<c r="A1" s="1" t="inlineStr"><is><t>2026-11-21</t></is></c>', DAY),
        ('<c r="A1" t="d"><v>2026-11-21</v></c>', DAY),
        ('<c r="A1" t="d"><v>2026-11-21T00:00:00</v></c>', DAY),
        ('<c r="A1" t="s"><v>0</v></c>', "zero"),
        ('<c r="A1" t="s"><v>1</v></c>', "rich text"),
        ('<c r="A1" t="str"><v>zero</v></c>', "zero"),
        ('<c r="A1" t="inlineStr"><is><t>a &amp; b_x000D_</t></is></c>', "a & b\r"),
        ('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
        ('<c r="A1" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></is></c>', "a"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>false</v></c>', False),
        ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!"),
    ],
)
def test_the_same_bytes_come_back_where_a_cell_says_so_already(cell: str, value: Value) -> None:
    before = workbook(f'<row r="1">{cell}</row>', strings=STRINGS)
    assert patch(before, {("S1", "A1"): value}, recalculate=True) is before


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="b"><v>1</v></c>', 1),
        ('<c r="A1"><v>1</v></c>', True),
        ('<c r="A1"><v>1</v></c>', "1"),
        ('<c r="A1" t="inlineStr"><is><t>1</t></is></c>', 1),
        ('<c r="A1" s="4"><v>46347</v></c>', DAY),
        ('<c r="A1" s="3"><v>46347</v></c>', DAY),
        ('<c r="A1" s="1"><v>46347.5</v></c>', DAY),
        ('<c r="A1" t="s"><v>9</v></c>', "zero"),
        ('<c r="A1" t="inlineStr"><is><t> x </t></is></c>', " x "),
    ],
)
def test_what_only_looks_the_same_is_written(cell: str, value: Value) -> None:
    before = workbook(f'<row r="1">{cell}</row>', strings=STRINGS)
    after = patch(before, {("S1", "A1"): value})
    assert after != before
    assert patch(after, {("S1", "A1"): value}) is after


def test_nothing_to_do_gives_the_same_bytes() -> None:
    before = workbook(ROW, strings=STRINGS)
    assert patch(before, {}) is before
    assert patch(before, {("S1", "Z99"): None}) is before


def test_a_day_counts_from_1904_where_the_workbook_says_so() -> None:
    parts = parts_of(worksheet(ROW), properties='<workbookPr date1904="1"/>', strings=STRINGS)
    after = patch(zipped(parts), {("S1", "B5"): DAY})
    assert '<c r="B5" s="1"><v>44885</v></c>' in rows_in(after)
    assert patch(after, {("S1", "B5"): DAY}) is after


def test_a_day_that_programs_show_one_off_is_written_as_text() -> None:
    assert text("1900-02-28") in rows_after(ROW, "B5", date(1900, 2, 28))


# New cells, new rows


@pytest.mark.parametrize(
    ("reference", "place"), [("C5", '<c r="D5"'), ("E5", "</row>"), ("AA5", "</row>")]
)
def test_a_new_cell_stands_in_its_order(reference: str, place: str) -> None:
    new = f'<c r="{reference}"><v>7</v></c>'
    assert rows_after(ROW, reference, 7) == ROW.replace(place, new + place)


def test_several_new_cells_stand_in_their_order() -> None:
    edits: CellEdits = {("S1", f"{c}5"): n for n, c in enumerate("FCAEB", 10)}
    rows = rows_in(patch(workbook(ROW, strings=STRINGS), edits))
    assert [cell[:2] for cell in rows.split('<c r="')[1:]] == ["A5", "B5", "C5", "D5", "E5", "F5"]


@pytest.mark.parametrize("row", ['<row r="5"/>', '<row r="5"></row>'])
def test_a_row_without_cells_takes_one(row: str) -> None:
    assert rows_after(row, "B5", 7) == '<row r="5"><c r="B5"><v>7</v></c></row>'


@pytest.mark.parametrize(
    ("reference", "rows"),
    [
        ("A4", '<row r="4"><c r="A4"><v>7</v></c></row>' + ROW),
        ("A6", ROW + '<row r="6"><c r="A6"><v>7</v></c></row>'),
    ],
)
def test_a_new_row_stands_in_its_order(reference: str, rows: str) -> None:
    assert rows_after(ROW, reference, 7).replace(' s="4"><v>7', "><v>7") == rows


@pytest.mark.parametrize("data", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
def test_an_empty_sheet_takes_a_row(data: str) -> None:
    sheet = worksheet("").replace("<sheetData></sheetData>", data)
    after = patch(zipped(parts_of(sheet)), {("S1", "B2"): "x"})
    row = f'<row r="2"><c r="B2"{text("x")}</row>'
    opening = "<sheetData >" if " />" in data else "<sheetData>"
    assert part(after) == sheet.replace(data, f"{opening}{row}</sheetData>")


@pytest.mark.parametrize(
    ("spans", "reference", "wider"),
    [
        ("1:4", "F5", "1:6"),
        ("2:4", "A5", "1:4"),
        ("1:9", "F5", "1:9"),
        ("1:2 3:4", "F5", "1:2 3:4"),
        ("x", "F5", "x"),
    ],
)
def test_a_row_spans_its_new_cells(spans: str, reference: str, wider: str) -> None:
    row = f'<row r="5" spans="{spans}" ht="12"><c r="B5"/></row>'
    assert f'<row r="5" spans="{wider}" ht="12">' in rows_after(row, reference, 7)


def test_what_only_looks_like_spans_stays() -> None:
    row = """<row r="5" x=" spans='1:2'" spans='1:2'><c r="B5"/></row>"""
    assert """ x=" spans='1:2'" spans="1:6">""" in rows_after(row, "F5", 7)


@pytest.mark.parametrize(
    ("before", "reference", "after"),
    [
        ("A1:D5", "F5", "A1:F5"),
        ("B5:D5", "A9", "A5:D9"),
        ("A5", "C5", "A5:C5"),
        ("A1:D5", "C5", "A1:D5"),
        ("nonsense", "F5", "nonsense"),
    ],
)
def test_the_dimension_grows_with_new_cells(before: str, reference: str, after: str) -> None:
    book = workbook(ROW, before=f'<dimension ref="{before}"/>', strings=STRINGS)
    assert f'<dimension ref="{after}"/>' in part(patch(book, {("S1", reference): 7}))


def test_the_dimension_stays_when_no_cell_is_new() -> None:
    book = workbook(ROW, before='<dimension ref="A1"/>', strings=STRINGS)
    assert '<dimension ref="A1"/>' in part(patch(book, {("S1", "D5"): 7}))


# The style of new cells

STYLED = (
    '<row r="1"><c r="B1" s="4"/><c r="C1" s="4"/></row>'
    '<row r="2"><c r="B2" s="3"/></row>'
    '<row r="3" s="2" customFormat="1"/><row r="4" s="2"/>'
)


@pytest.mark.parametrize(
    ("reference", "columns", "style"),
    [
        ("B3", "", 2),
        ("B3", '<cols><col min="2" max="2" style="1"/></cols>', 2),
        ("B4", '<cols><col min="1" max="3" style="1"/></cols>', 1),
        ("B4", '<cols><col min="3" max="3" style="1"/></cols>', 3),
        ("B4", '<cols><col min="2" max="2" width="9"/></cols>', 3),
        ("B4", "", 3),
        ("B9", "", 3),
        ("C4", "", 0),
        ("D4", "", 0),
    ],
)
def test_a_new_cell_is_styled_like_its_row_column_or_neighbour_above(
    reference: str, columns: str, style: int
) -> None:
    after = patch(workbook(STYLED, before=columns), {("S1", reference): 7})
    styled = f' s="{style}"' if style else ""
    assert f'<c r="{reference}"{styled}><v>7</v></c>' in rows_in(after)


def test_the_header_is_no_model_for_new_cells_wherever_it_stands() -> None:
    rows = '<row r="3"><c r="A3" s="4"/></row><row r="4"/>'
    after = patch(workbook(rows), {("S1", "A4"): 7}, header_rows={"S1": 3})
    assert '<c r="A4"><v>7</v></c>' in rows_in(after)


def test_many_new_cells_take_the_style_that_is_nearest_each() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"/>'
        + (f'<c r="B{n}" s="{n % 3}"/>' if n % 4 == 2 else "")
        + "</row>"
        for n in range(1, 20)
    )
    edits: CellEdits = {("S1", f"B{n}"): n for n in range(1, 22)}
    after = rows_in(patch(workbook(rows), edits))
    styles = [cell.partition(" s=")[2][1:2] for cell in after.split('<c r="B')[1:]]
    assert (
        "".join(style or "0" for style in styles)
        == "0" + "2222" + "0000" + "1111" + "2222" + "0000"
    )


# Recalculation


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<sheetProtection/>", '<sheetCalcPr fullCalcOnLoad="1"/><sheetProtection/>'),
        ("", '<sheetCalcPr fullCalcOnLoad="1"/>'),
        ("<sheetCalcPr/><a/>", '<sheetCalcPr fullCalcOnLoad="1"/><a/>'),
        ("<sheetCalcPr fullCalcOnLoad='0'/>", '<sheetCalcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_a_changed_sheet_asks_to_be_recalculated(before: str, after: str) -> None:
    book = workbook(ROW, after=before, strings=STRINGS)
    patched = part(patch(book, {("S1", "A5"): 2}, recalculate=True))
    assert patched.endswith(f"</sheetData>{after}</worksheet>")


def test_a_sheet_is_not_recalculated_unless_asked() -> None:
    assert "sheetCalcPr" not in part(patch(workbook(ROW, strings=STRINGS), {("S1", "A5"): 2}))


# Odd but valid


def test_a_prefix_is_kept() -> None:
    xml = worksheet('<row r="1"><c r="A1" t="str"><v>x</v></c></row><row r="2"/>')
    edits: CellEdits = {("S1", "A1"): "y", ("S1", "B2"): 2, ("S1", "A3"): True}
    after = part(patch(zipped(parts_of(prefixed(xml))), edits, recalculate=True))
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t>y</x:t></x:is></x:c>' in after
    assert '<x:row r="2"><x:c r="B2"><x:v>2</x:v></x:c></x:row>' in after
    assert '<x:row r="3"><x:c r="A3" t="b"><x:v>1</x:v></x:c></x:row>' in after
    assert '</x:sheetData><x:sheetCalcPr fullCalcOnLoad="1"/>' in after


@pytest.mark.parametrize(
    "rows",
    [
        "<row><c><v>1</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>",
        '<row r="1"><c><v>1</v></c></row><row><c><v>3</v></c><c r="B2"><v>4</v></c></row>',
        "<row>\n <c><v>1</v></c>\n</row>\n<row>\n <c><v>3</v></c> <c><v>4</v></c></row>",
        "<row><!-- 1 --><c><v>1</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>",
    ],
)
def test_rows_and_cells_without_a_place_stand_behind_the_one_before(rows: str) -> None:
    assert rows_after(rows, "B2", 9) == rows.replace("<v>4</v>", "<v>9</v>")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("<v><![CDATA[5]]></v>", 5),
        ("<!-- <v>4</v> --><v>5</v>", 5),
        ("<v>5<?say hello?></v>", 5),
        ("<is><t><![CDATA[a<b]]>c</t></is>", "a<bc"),
    ],
)
def test_comments_and_cdata_are_read_through(content: str, value: Value) -> None:
    kind = ' t="inlineStr"' if isinstance(value, str) else ""
    before = workbook(f'<row r="1"><c r="A1"{kind}>{content}</c></row>')
    assert patch(before, {("S1", "A1"): value}) is before
    assert rows_in(patch(before, {("S1", "A1"): 6})) == '<row r="1"><c r="A1"><v>6</v></c></row>'


@pytest.mark.parametrize("space", ["", "\n"])
def test_a_cell_without_a_place_is_found_beside_one_that_has_one(space: str) -> None:
    rows = f'<row r="5"><c><v>1</v></c>{space}<c r="B5"><v>2</v></c></row>'
    styled = '<cols><col min="1" max="2" style="1"/></cols>'
    after = patch(workbook(rows, before=styled), {("S1", "A5"): 3, ("S1", "B5"): 4})
    assert rows_in(after) == rows.replace("<v>1", "<v>3").replace("<v>2", "<v>4")


def test_a_cell_in_a_comment_is_no_cell() -> None:
    rows = '<!-- <row r="1"><c r="A1"/></row> --><row r="1"><c r="B1"/></row>'
    assert rows_after(rows, "A1", 7) == rows.replace(
        '<row r="1"><c r="B1"/>', '<row r="1"><c r="A1"><v>7</v></c><c r="B1"/>'
    )


def test_a_byte_order_mark_stays() -> None:
    parts = parts_of(worksheet(ROW))
    parts["xl/worksheets/sheet1.xml"] = "\ufeff" + str(parts["xl/worksheets/sheet1.xml"])
    assert part(patch(zipped(parts), {("S1", "A5"): 2})).startswith("\ufeff<?xml")


# Refusing


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("A1", "formula_cell"),
        ("B1", "array_formula"),
        ("B2", "array_formula"),
        ("D1", "merged_cell"),
        ("C2", "merged_cell"),
        ("F2", "array_formula"),
    ],
)
def test_a_cell_that_cannot_be_changed_alone_is_refused(reference: str, kind: str) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>1</v></c><c r="B1"><v>1</v></c>'
        '<c r="C1"><v>1</v></c><c r="D1"><v>1</v></c>'
        '<c r="F1"><f t="dataTable" ref="F1:F3" r1="A1"/><v>1</v></c></row>'
    )
    book = workbook(rows, after='<mergeCells count="1"><mergeCell ref="C1:D2"/></mergeCells>')
    with pytest.raises(Refused) as refusal:
        patch(book, {("S1", reference): 7})
    assert (refusal.value.kind, refusal.value.facts["cell"]) == (kind, reference)
    assert '<c r="C1"><v>7</v></c>' in rows_in(patch(book, {("S1", "C1"): 7}))


def test_a_blank_that_stays_blank_in_a_merged_cell_is_no_change() -> None:
    book = workbook(ROW, after='<mergeCells><mergeCell ref="A5:C5"/></mergeCells>', strings=STRINGS)
    assert patch(book, {("S1", "B5"): None, ("S1", "C5"): None}) is book


def test_a_formula_is_refused_whatever_it_says() -> None:
    book = workbook('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')
    with pytest.raises(Refused, match="formula_cell"):
        patch(book, {("S1", "A1"): 2})


def table_book(header_rows: str = "") -> bytes:
    """A workbook with a table at A1:B3."""
    sheet = worksheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Due</t></is></c></row>',
        after='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
    )
    parts = parts_of(sheet)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = parts["_rels/.rels"]
    assert isinstance(relation, str)
    relation = relation.replace('officeDocument" T', 'table" T').replace("xl/workbook", "../t/t1")
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relation
    parts["xl/t/t1.xml"] = f'<table xmlns="{main}" ref="A1:B3"{header_rows}/>'
    return zipped(parts)


def test_a_table_s_header_is_refused() -> None:
    with pytest.raises(Refused, match="table_header"):
        patch(table_book(), {("S1", "A1"): "Other"})
    assert patch(table_book(), {("S1", "A1"): "Due"}) == table_book()
    assert patch(table_book(), {("S1", "A2"): "Other"}) != table_book()


def test_a_table_without_header_has_none() -> None:
    book = table_book(' headerRowCount="0"')
    assert patch(book, {("S1", "A1"): "Other"}) != book


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="1048577"/>',
        '<row r="1"><c r="D1"/><c r="A1"/><c r="E1"/></row>',
        '<row r="1"><c r="D1"/><c r="D1"/></row>',
        '<row r="1"><c r="D2"/></row>',
        '<row r="x"/>',
    ],
)
@pytest.mark.parametrize("comment", ["", "<!-- -->"])
def test_rows_and_cells_out_of_order_are_refused(rows: str, comment: str) -> None:
    with pytest.raises(Refused, match=r"rows_out_of_order|unusual_sheet"):
        patch(workbook(comment + rows), {("S1", "C1"): 7, ("S1", "C2"): 7})


def test_cells_in_the_wrong_order_are_not_taken_for_missing() -> None:
    rows = '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>'
    with pytest.raises(Refused, match="rows_out_of_order"):
        patch(workbook(rows), {("S1", "A1"): 7, ("S1", "B1"): 8})


@pytest.mark.parametrize(
    "rows",
    [
        '<m:AlternateContent xmlns:m="m"><m:Choice><row r="1"/></m:Choice></m:AlternateContent>',
        '<row r="1"><mc:AlternateContent xmlns:mc="m"><c r="A1"/></mc:AlternateContent></row>',
        '<row r="1"><c r="A1"><extLst/></c></row>',
    ],
)
def test_what_does_not_belong_among_cells_is_refused(rows: str) -> None:
    with pytest.raises(Refused, match="unusual_sheet"):
        patch(workbook(rows), {("S1", "A1"): 7})


def test_an_unknown_sheet_is_refused() -> None:
    with pytest.raises(Refused, match="no_such_tab"):
        patch(workbook(ROW), {("Elsewhere", "A1"): 7})


@pytest.mark.parametrize(("length", "letter"), [(32768, "a"), (16384, "🌳")])
def test_a_text_longer_than_a_cell_holds_is_refused(length: int, letter: str) -> None:
    book = workbook(ROW, strings=STRINGS)
    assert patch(book, {("S1", "A5"): letter * (length - 1)}) != book
    with pytest.raises(Refused, match="text_too_long"):
        patch(book, {("S1", "A5"): letter * length})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_a_mistake_of_the_caller(value: float) -> None:
    with pytest.raises(ValueError, match=r"nan|inf"):
        patch(workbook(ROW, strings=STRINGS), {("S1", "A5"): value})


@pytest.mark.parametrize("reference", ["", "5", "A0", "XFE1", "A1048577", "A1:B2", "$A$1"])
def test_a_reference_that_is_none_is_a_mistake_of_the_caller(reference: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the reference alone
        patch(workbook(ROW, strings=STRINGS), {("S1", reference): 1})


# Both forms of edits, an open package


def test_edits_may_come_by_row_and_column() -> None:
    book = workbook(ROW, strings=STRINGS)
    by_cell: CellEdits = {("S1", "A5"): 2, ("S1", "E6"): "x"}
    by_row: SheetEdits = {"S1": {6: {4: "x"}, 5: {0: 2}}}
    assert patch(Package(book), by_row) == patch(book, by_cell)


def test_several_sheets_are_patched_at_once() -> None:
    book = zipped(parts_of(worksheet(ROW), worksheet(""), worksheet(ROW), strings=STRINGS))
    after = patch(book, {("S1", "A5"): 2, ("S2", "A1"): 3, ("S3", "A5"): 1})
    assert '<c r="A5" s="4"><v>2</v></c>' in rows_in(after)
    assert rows_in(after, "xl/worksheets/sheet2.xml") == '<row r="1"><c r="A1"><v>3</v></c></row>'
    assert rows_in(after, "xl/worksheets/sheet3.xml") == ROW
