"""The template is a valid workbook, the same every time, and a tracker that one can work in."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync import design
from sheets_sync.columns import PEOPLE, Kind
from sheets_sync.design import FIRST_ROW, HEADER_ROW, LAST_ROW, ORDER
from sheets_sync.layout import choose_tab, column_letters, find_layout, language_of
from sheets_sync.model import LANGUAGES, Cell, Language, Sentence, Tab, Value
from sheets_sync.rules import RULES
from sheets_sync.sample import sample_rows
from sheets_sync.stores.ooxml import has_formulas, inspect, patch
from sheets_sync.sync_tab import is_ours, last_check
from sheets_sync.template import build
from sheets_sync.template.guide import RULES as GUIDE_RULES
from sheets_sync.texts import label, say
from tests import catalogues

COMMITTED = Path(__file__).parent.parent / "templates" / "partner_tracker.xlsx"
TODAY = date(2026, 11, 24)
LETTERS = {key: column_letters(index) for index, key in enumerate(ORDER)}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)

WORKSHEET_ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
    protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins
    pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors
    smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems
    tableParts extLst
"""
"""CT_Worksheet of ECMA-376: Excel calls a workbook damaged that has another order."""
STYLES_ORDER = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs"]
STYLES_ORDER += ["cellStyles", "dxfs", "tableStyles", "colors", "extLst"]
DXF_ORDER = ["font", "numFmt", "fill", "alignment", "border", "protection"]


@cache
def built(language: Language, *, sample: bool = True) -> bytes:
    """The workbook, with the sample partners or empty."""
    rows = sample_rows(TODAY, language) if sample else ()
    return build(language, rows=rows)


@cache
def opened(language: Language, *, sample: bool = True) -> Workbook:
    """The workbook as openpyxl reads it: to look at, not to change."""
    return load_workbook(io.BytesIO(built(language, sample=sample)))


def partners(language: Language, *, sample: bool = True) -> Worksheet:
    return tab(opened(language, sample=sample), "partners", language)


def tab(workbook: Workbook, key: str, language: Language) -> Worksheet:
    sheet = workbook[label(f"tab.{key}", language)]
    assert isinstance(sheet, Worksheet)
    return sheet


def parts(content: bytes) -> Mapping[str, bytes]:
    with ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def elements(language: Language, folder: str) -> Iterator[ET.Element]:
    """The root element of each part whose name starts so."""
    for name, content in parts(built(language)).items():
        if name.startswith(folder) and name.endswith(".xml"):
            yield ET.fromstring(content)  # noqa: S314 - our own workbook


def children(element: ET.Element) -> list[str]:
    return [child.tag.removeprefix(MAIN) for child in element]


def values(sheet: Worksheet) -> Sequence[Sequence[Cell]]:
    """The cells of a tab as a store would read them."""
    return [list(row) for row in sheet.iter_rows(values_only=True)]  # type: ignore[arg-type]  # openpyxl also knows cell types that no template holds


# The file.


def canonical(package: bytes) -> dict[str, str]:
    """Each part as canonical XML: openpyxl spells it another way where lxml is installed."""
    return {name: ET.canonicalize(content) for name, content in parts(package).items()}


def test_the_committed_template_is_the_one_that_would_be_built() -> None:
    ours, built_now = canonical(COMMITTED.read_bytes()), canonical(build("en"))

    assert list(ours) == list(built_now)
    assert [name for name in ours if ours[name] != built_now[name]] == []


def test_building_twice_gives_the_same_bytes() -> None:
    first = build("en")
    assert first == build("en")
    with ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_day_given_dates_the_file() -> None:
    core = parts(build("en", today=TODAY))["docProps/core.xml"]
    assert core.count(b"2026-11-24T00:00:00Z") == 2


@EACH_LANGUAGE
def test_worksheets_hold_their_parts_in_the_order_of_the_schema(language: Language) -> None:
    found = [children(root) for root in elements(language, "xl/worksheets/sheet")]
    assert len(found) == 4
    for tags in found:
        assert tags == sorted(tags, key=WORKSHEET_ORDER.split().index)


def test_styles_hold_their_parts_in_the_order_of_the_schema() -> None:
    (styles,) = elements("en", "xl/styles")
    assert children(styles) == sorted(children(styles), key=STYLES_ORDER.index)
    for dxf in styles.iter(f"{MAIN}dxf"):
        assert children(dxf) == sorted(children(dxf), key=DXF_ORDER.index)


def test_every_conditional_format_has_a_style_and_a_priority_of_its_own() -> None:
    (styles,) = elements("en", "xl/styles")
    known = len(styles.findall(f"{MAIN}dxfs/{MAIN}dxf"))
    for sheet in elements("en", "xl/worksheets/sheet"):
        rules = list(sheet.iter(f"{MAIN}cfRule"))
        assert all(int(rule.attrib["dxfId"]) < known for rule in rules)
        assert len({rule.attrib["priority"] for rule in rules}) == len(rules)


@EACH_LANGUAGE
def test_texts_stay_within_what_excel_takes(language: Language) -> None:
    workbook = opened(language)
    assert all(len(name) <= 31 for name in workbook.sheetnames)
    for rule in partners(language).data_validations.dataValidation:
        assert len(rule.promptTitle or "") <= 32
        assert len(rule.errorTitle or "") <= 32
        assert len(rule.prompt or "") <= 255
        assert len(rule.error or "") <= 225
        assert len(str(rule.formula1 or "")) <= 255


@EACH_LANGUAGE
def test_no_cell_holds_a_formula(language: Language) -> None:
    for sheet in opened(language).worksheets:
        for row in sheet.iter_rows():
            assert not [cell.coordinate for cell in row if cell.data_type == "f"]


def test_opening_and_closing_it_asks_nobody_to_save() -> None:
    assert opened("en").calculation.fullCalcOnLoad in {None, False}


# The table of partners.


@EACH_LANGUAGE
def test_the_program_finds_its_tracker_in_it(language: Language) -> None:
    workbook = opened(language)
    tabs = [(sheet.title, values(sheet)[:20]) for sheet in workbook.worksheets]
    index, layout = choose_tab(tabs)
    assert tabs[index][0] == label("tab.partners", language)
    assert layout.header_row == HEADER_ROW
    assert set(layout.columns) == set(ORDER)
    assert layout.notes == ()
    assert language_of(layout.headers) == language


@EACH_LANGUAGE
def test_the_rows_stand_below_the_headers_as_given(language: Language) -> None:
    grid = values(partners(language))
    for position, row in enumerate(sample_rows(TODAY, language)):
        found = [in_day_form(cell) for cell in grid[HEADER_ROW + position]]
        assert found == [row.get(key) for key in ORDER]


def in_day_form(cell: Cell) -> Cell:
    return cell.date() if isinstance(cell, datetime) else cell


def test_text_that_looks_like_a_formula_stays_text() -> None:
    rows: list[Mapping[str, Value]] = [{"partner": "=1+1", "theme": "=2+2"}]
    workbook = load_workbook(io.BytesIO(build("en", rows=rows)))
    cells = [tab(workbook, "partners", "en")["A3"], tab(workbook, "lists", "en")["A5"]]
    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s"), ("=2+2", "s")]


@pytest.mark.parametrize("sample", [True, False])
def test_the_table_covers_headers_and_rows(*, sample: bool) -> None:
    sheet = partners("en", sample=sample)
    (table,) = sheet.tables.values()
    height = len(sample_rows(TODAY, "en")) if sample else 1
    assert table.ref == f"A{HEADER_ROW}:{LETTERS[ORDER[-1]]}{HEADER_ROW + height}"
    assert table.autoFilter.ref == table.ref
    headers = [cell.value for cell in sheet[HEADER_ROW]]
    assert [column.name for column in table.tableColumns] == headers


@EACH_LANGUAGE
@pytest.mark.parametrize("row", [FIRST_ROW, LAST_ROW])
def test_days_and_numbers_are_formatted_down_the_whole_column(language: Language, row: int) -> None:
    sheet = partners(language)
    for key in ORDER:
        expected = design.number_format(key, language)
        assert sheet[f"{LETTERS[key]}{row}"].number_format == expected or expected == "General"


@pytest.mark.parametrize("key", [key for key in ORDER if key in design.DROPDOWNS])
@EACH_LANGUAGE
def test_a_dropdown_offers_the_choices_of_the_language(key: str, language: Language) -> None:
    workbook = opened(language)
    rule = rule_for(tab(workbook, "partners", language), key)
    assert rule.type == "list"
    offered = named_cells(workbook, str(rule.formula1))
    assert offered == [label(f"choice.{key}.{choice}", language) for choice in PEOPLE[key].choices]


def rule_for(sheet: Worksheet, key: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - openpyxl's own type
    """The one data validation of a column; it covers all rows."""
    cells = f"{LETTERS[key]}{FIRST_ROW}:{LETTERS[key]}{LAST_ROW}"
    (rule,) = [r for r in sheet.data_validations.dataValidation if str(r.sqref) == cells]
    return rule


def named_cells(workbook: Workbook, name: str) -> list[object]:
    ((title, cells),) = workbook.defined_names[name].destinations
    return [cell.value for (cell,) in workbook[title][cells]]


def test_the_team_and_the_themes_in_use_are_offered() -> None:
    workbook = opened("en")
    rows = sample_rows(TODAY, "en")
    for key in design.SUGGESTED:
        offered = [value for value in named_cells(workbook, f"list_{key}") if value]
        assert offered == [*dict.fromkeys(row[key] for row in rows if row.get(key))]
        assert not rule_for(partners("en"), key).showErrorMessage


@pytest.mark.parametrize("key", [key for key, spec in PEOPLE.items() if spec.kind is Kind.DATE])
def test_a_day_column_takes_the_days_that_the_program_takes(key: str) -> None:
    rule = rule_for(partners("en"), key)
    assert (rule.type, rule.formula1, rule.formula2) == ("date", "20000", "80000")
    assert rule.showErrorMessage


@pytest.mark.parametrize("key", ["values_fit", "partner_benefit", "reputation"])
def test_the_three_questions_are_asked_on_a_click(key: str) -> None:
    rule = rule_for(partners("en"), key)
    assert rule.showInputMessage
    assert "?" in rule.prompt or "in it for" in rule.prompt


@EACH_LANGUAGE
def test_every_column_of_the_programs_says_so(language: Language) -> None:
    sheet = partners(language)
    noted = {key for key in ORDER if sheet[f"{LETTERS[key]}{HEADER_ROW}"].comment}
    assert noted == {key for key in ORDER if design.is_managed(key)}


def test_the_colours_reach_down_all_rows() -> None:
    for found in partners("en").conditional_formatting:
        for cells in found.sqref.ranges:
            assert (cells.min_row, cells.max_row) == (FIRST_ROW, LAST_ROW)


@EACH_LANGUAGE
def test_names_and_headers_stay_in_view(language: Language) -> None:
    sheet = partners(language)
    pane = sheet.sheet_view.pane
    assert pane is not None
    assert (pane.xSplit, pane.ySplit, pane.topLeftCell) == (1, HEADER_ROW, f"B{FIRST_ROW}")
    assert sheet.print_title_rows == f"$1:${HEADER_ROW}"
    assert sheet.print_title_cols == "$A:$A"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_details_fold_away() -> None:
    dimensions = partners("en").column_dimensions
    folding = {key for key in ORDER if dimensions[LETTERS[key]].outlineLevel}
    assert folding == design.FOLDING
    assert b'outlineLevelCol="1"' in parts(built("en"))["xl/worksheets/sheet1.xml"]


@EACH_LANGUAGE
def test_sheets_run_in_the_direction_of_the_language(language: Language) -> None:
    found = {bool(sheet.sheet_view.rightToLeft) for sheet in opened(language).worksheets}
    assert found == {language == "he"}


@EACH_LANGUAGE
def test_signs_stand_where_a_line_of_the_language_starts(language: Language) -> None:
    (styles,) = elements(language, "xl/styles")
    formats = [f.attrib["formatCode"] for f in styles.findall(f"{MAIN}dxfs/{MAIN}dxf/{MAIN}numFmt")]
    assert len(formats) == len(design.STATUS_LOOKS)
    assert all(("\u200f" in code) == (language == "he") for code in formats)


# The other tabs.


def test_the_guide_knows_every_rule() -> None:
    assert list(GUIDE_RULES) == [rule.name for rule in RULES]


@EACH_LANGUAGE
def test_the_guide_tells_of_every_column_and_status(language: Language) -> None:
    first = [str(row[0]) for row in values(tab(opened(language), "guide", language))]
    assert {label(f"column.{key}", language) for key in ORDER} <= set(first)
    for status in design.STATUS_LOOKS:
        assert any(line.endswith(label(f"status.{status}", language)) for line in first)


@EACH_LANGUAGE
def test_the_guide_and_the_lists_are_no_trackers(language: Language) -> None:
    for key in ("guide", "lists", "sync"):
        assert find_layout(values(tab(opened(language), key, language))[:20]) is None


@EACH_LANGUAGE
def test_the_sync_tab_is_the_programs_and_waits_for_its_first_check(language: Language) -> None:
    sheet = tab(opened(language), "sync", language)
    found = Tab(name=sheet.title, rows=values(sheet))
    assert is_ours(found)
    assert last_check(found) is None


def test_an_old_check_turns_red_by_itself() -> None:
    (found,) = tab(opened("en"), "sync", "en").conditional_formatting
    assert str(found.sqref) == "B3"
    assert "TODAY()-$B$3>2" in found.rules[0].formula[0]


def test_every_sentence_of_the_guide_is_shown_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()

    def remember(sentence: Sentence, language: Language) -> str:
        said.add(sentence.id)
        return say(sentence, language)

    monkeypatch.setattr("sheets_sync.template.words.say", remember)
    monkeypatch.setattr("sheets_sync.sync_tab.say", remember)
    build("en")
    written = {str(message.id) for message in catalogues.load("en", "guide") if message.id}
    assert written == said


# With the patcher.


@EACH_LANGUAGE
@pytest.mark.parametrize("row", [FIRST_ROW, FIRST_ROW + 100, LAST_ROW + 5])
def test_what_the_program_writes_takes_the_format_that_waits_for_it(
    language: Language, row: int
) -> None:
    wanted: dict[str, Value]
    wanted = {"status": label("status.overdue", language), "due": TODAY, "days_overdue": 3}
    title = label("tab.partners", language)
    edits: dict[tuple[str, str], Value] = {
        (title, f"{LETTERS[key]}{row}"): value for key, value in wanted.items()
    }
    changed = patch(inspect(built(language)), edits, header_rows={title: HEADER_ROW})
    sheet = tab(load_workbook(io.BytesIO(changed)), "partners", language)
    cells = {key: sheet[f"{LETTERS[key]}{row}"] for key in wanted}
    assert {key: in_day_form(cell.value) for key, cell in cells.items()} == wanted
    for key, cell in cells.items():
        assert cell.number_format == design.number_format(key, language)
        assert cell.style_id == sheet[f"{LETTERS[key]}{LAST_ROW}"].style_id


@EACH_LANGUAGE
def test_the_sync_tab_takes_its_days_as_days(language: Language) -> None:
    title = label("tab.sync", language)
    changed = patch(built(language), {(title, "B3"): TODAY, (title, "B6"): TODAY})
    sheet = tab(load_workbook(io.BytesIO(changed)), "sync", language)
    for reference in ("B3", "B6"):
        assert in_day_form(sheet[reference].value) == TODAY
        assert sheet[reference].number_format == design.DATE_FORMATS[language]


def test_the_program_finds_no_formula_to_recompute() -> None:
    assert not has_formulas(built("en"))


# With LibreOffice.


@EACH_LANGUAGE
def test_libreoffice_opens_it_and_keeps_every_header(language: Language, tmp_path: Path) -> None:
    require_libreoffice()
    source = tmp_path / "tracker.xlsx"
    source.write_bytes(built(language))
    target = tmp_path / "again"
    convert = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"]
    convert += ["--convert-to", "xlsx", "--outdir", str(target), str(source)]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    again = tab(load_workbook(target / "tracker.xlsx"), "partners", language)
    before = partners(language)
    for row in range(HEADER_ROW, FIRST_ROW + 5):
        assert [c.value for c in again[row]][: len(ORDER)] == [c.value for c in before[row]]


def require_libreoffice() -> None:
    """Skip where LibreOffice is not installed; on CI it must be."""
    if shutil.which("soffice") is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice (soffice) is missing")
        pytest.skip("LibreOffice (soffice) is not installed")


def test_groups_are_told_apart_by_a_column_that_stays() -> None:
    for left, right in pairwise(ORDER):
        if left in design.FOLDING and right in design.FOLDING:
            assert any({left, right} <= set(group.folding) for group in design.GROUPS)
