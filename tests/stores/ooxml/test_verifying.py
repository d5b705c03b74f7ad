"""A patched workbook that is anything but what was asked for does not pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sheets_sync.errors import Refused
from sheets_sync.model import Value
from sheets_sync.stores.ooxml import patch, verify
from tests.stores.ooxml.building import parts_of, shared_strings, worksheet, zipped

SHEET = "xl/worksheets/sheet1.xml"
ROWS = "".join(
    f'<row r="{n}" spans="1:3"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"/>'
    f'<c r="C{n}"><v>{n}</v></c></row>'
    for n in range(1, 6)
)
EDITS: dict[tuple[str, str], Value] = {
    ("S1", "B2"): "Overdue",
    ("S1", "C2"): 7,
    ("S1", "B3"): "a & b",
    ("S1", "B4"): "end ",
    ("S1", "C3"): None,
    ("S1", "E4"): True,
    ("S1", "B9"): "new",
    ("S1", "Z99"): None,
}
BEFORE = '<dimension ref="A1:C5"/>'
AFTER = '<pageMargins left="1"/>'


def book(rows: str, *, before: str = BEFORE, after: str = AFTER) -> bytes:
    """A workbook of these rows."""
    strings = shared_strings("people's own")
    return zipped(parts_of(worksheet(rows, before=before, after=after), strings=strings))


def damaged(change: Callable[[str], str], comment: str) -> tuple[bytes, bytes]:
    """A workbook, and its patched form with a change that nobody asked for."""
    one = book(comment + ROWS)
    sheet = _sheet(patch(one, EDITS))
    changed = change(sheet)
    assert changed != sheet
    parts = parts_of(worksheet(""), strings=shared_strings("people's own"))
    return one, zipped(parts | {SHEET: changed})


def _sheet(package: bytes) -> str:
    from tests.stores.ooxml.building import part

    return part(package)


@pytest.mark.parametrize("comment", ["", "<!-- -->"])
@pytest.mark.parametrize("recalculate", [True, False])
def test_an_exact_patch_passes(comment: str, *, recalculate: bool) -> None:
    one = book(comment + ROWS)
    verify(one, patch(one, EDITS, recalculate=recalculate), EDITS)


def _moved_up(sheet: str, reference: str) -> str:
    """The cell put into the row above its own."""
    start = sheet.index(f'<c r="{reference}"')
    end = sheet.index("</c>", start) + 4
    row = sheet.rindex("</row>", 0, start)
    return sheet[:row] + sheet[start:end] + sheet[row:start] + sheet[end:]


CHANGES: list[Callable[[str], str]] = [
    lambda sheet: sheet.replace('<c r="A2" t="s"><v>0</v>', '<c r="A2" t="s"><v>1</v>'),
    lambda sheet: sheet.replace('<c r="A5" t="s"><v>0</v>', '<c r="A5" t="s"><v>1</v>'),
    lambda sheet: sheet.replace('<c r="B1"/>', '<c r="B1" s="1"/>'),
    lambda sheet: sheet.replace('<row r="2" ', '<row r="2" ht="3" '),
    lambda sheet: sheet.replace('<row r="9">', '<row r="9" ht="3">'),
    lambda sheet: sheet.replace('<row r="9">', '<row r="9"><c r="A9"/>'),
    lambda sheet: sheet.replace("Overdue", "Overdrawn"),
    lambda sheet: sheet.replace("<v>7</v>", "<v>8</v>"),
    lambda sheet: sheet.replace("a &amp; b", "a &amp;amp; b"),
    lambda sheet: sheet.replace("a &amp; b", "a & b"),
    lambda sheet: sheet.replace(' xml:space="preserve"', ""),
    lambda sheet: _moved_up(sheet, "B3"),
    lambda sheet: sheet.replace('<c r="C3"/>', '<c r="C3"><v>3</v></c>'),
    lambda sheet: sheet.replace('<c r="C3"/>', '<c r="C3"/><c r="C3"/>'),
    lambda sheet: sheet.replace('<c r="E4" t="b">', '<c r="E4">'),
    lambda sheet: sheet.replace('<c r="E4" t="b"><v>1</v></c>', ""),
    lambda sheet: sheet.replace('<c r="E4"', '<c r="F4"'),
    lambda sheet: sheet.replace('<c r="B2"', '<c r="B3"', 1),
    lambda sheet: sheet.replace('left="1"', 'left="2"'),
    lambda sheet: sheet.replace("<dimension", "<sheetPr/><dimension"),
    lambda sheet: sheet.replace('<row r="9">', "<row>"),
    lambda sheet: sheet.replace('</row><row r="5"', '</row> <row r="5"'),
]


@pytest.mark.parametrize("comment", ["", "<!-- -->"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_nobody_asked_for_does_not_pass(
    change: Callable[[str], str], comment: str
) -> None:
    one, other = damaged(change, comment)
    with pytest.raises(Refused):
        verify(one, other, EDITS)


def test_a_missing_edit_does_not_pass() -> None:
    one = book(ROWS)
    with pytest.raises(Refused, match="inexact"):
        verify(one, patch(one, EDITS), EDITS | {("S1", "A1"): "x"})
    with pytest.raises(Refused, match="inexact"):
        verify(one, one, EDITS)


@pytest.mark.parametrize("name", ["xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_another_part_that_changed_does_not_pass(name: str) -> None:
    parts = parts_of(worksheet(ROWS), strings=shared_strings("a"))
    one = zipped(parts)
    after = patch(one, EDITS)
    other = zipped(parts | {name: str(parts[name]) + " ", SHEET: _sheet(after)})
    with pytest.raises(Refused, match="inexact"):
        verify(one, other, EDITS)


def test_a_part_that_came_or_went_does_not_pass() -> None:
    parts = parts_of(worksheet(ROWS), strings=shared_strings("a"))
    after = _sheet(patch(zipped(parts), EDITS))
    with pytest.raises(Refused, match="inexact"):
        verify(zipped(parts), zipped(parts | {SHEET: after, "new.xml": ""}), EDITS)


def test_the_limits_hold_for_what_is_about_to_be_saved() -> None:
    one = book('<row r="1"><c r="A1"/></row>')
    edits: dict[tuple[str, str], Value] = {("S1", "XFD1"): 1, ("S1", "A1048576"): 1}
    with pytest.raises(Refused, match="too_wide"):
        verify(one, patch(one, edits), edits)


def test_nothing_to_do_passes() -> None:
    one = book(ROWS)
    edits: dict[tuple[str, str], Value] = {("S1", "C2"): 2, ("S1", "Z9"): None}
    verify(one, patch(one, edits), edits)
