"""Headers, tabs and languages are recognised as people write them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sheets_sync.columns import ALIASES, IDENTIFYING, MANAGED, PEOPLE
from sheets_sync.errors import NotATracker
from sheets_sync.layout import (
    Layout,
    choose_tab,
    column_index,
    column_letters,
    find_layout,
    is_ours,
    language_of,
    own_tab,
    require_managed,
)
from sheets_sync.model import LANGUAGES, Cell, Fact, Label, Language, Sentence
from sheets_sync.texts import label, say

COLUMNS = (*PEOPLE, *MANAGED)
HEADER = ("Partner", "Stage", "Status", "Next action", "Due")


def layout_of(*header: Cell) -> Layout:
    found = find_layout([header])
    assert found is not None
    return found


def labels(language: Language) -> list[str]:
    return [label(f"column.{key}", language) for key in COLUMNS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_found(language: Language) -> None:
    assert layout_of(*labels(language)).columns == {key: i for i, key in enumerate(COLUMNS)}


def test_every_canonical_key_is_found() -> None:
    assert layout_of(*COLUMNS).columns == {key: i for i, key in enumerate(COLUMNS)}


@pytest.mark.parametrize(("key", "alias"), [(k, a) for k, all_ in ALIASES.items() for a in all_])
def test_every_alias_is_found(key: str, alias: str) -> None:
    header = [alias, *(other for other in IDENTIFYING if other != key)]
    assert layout_of(*header).columns[key] == 0


@pytest.mark.parametrize(
    "written",
    ["LAST CONTACT", " last\ncontact ", "Last\u00a0contact:", "\u200fLast contact\u200e",
     "last_contact", "Last  -  contact", "Ｌａｓｔ contact", "Viimeisin yhteydenotto",
     "Last\u200bcontact".replace("\u200b", " \u200b")],
)  # fmt: skip
def test_headers_are_compared_folded(written: str) -> None:
    assert layout_of(*HEADER, written).columns["last_contact"] == 5


@pytest.mark.parametrize(
    "written", ["Next step", "Due date", "Action", "Reason", "Seuraava", "State"]
)
def test_a_person_s_own_column_is_never_taken_for_a_managed_one(written: str) -> None:
    assert set(layout_of("Partner", "Stage", written).columns) == {"partner", "stage"}


def test_headers_are_kept_as_they_read_and_managed_ones_too() -> None:
    layout = layout_of("STAGE ", "Company", None, 7, "due")
    assert layout.headers == {"stage": "STAGE ", "partner": "Company", "due": "due"}
    assert layout.columns == {"stage": 0, "partner": 1, "due": 4}


@pytest.mark.parametrize(("row", "found"), [(1, True), (20, True), (21, False)])
def test_the_header_row_is_among_the_first_twenty(row: int, *, found: bool) -> None:
    layout = find_layout([[]] * (row - 1) + [HEADER])
    assert (layout is not None) == found
    assert layout is None or layout.header_row == row


def test_the_first_row_with_both_partner_and_stage_is_the_header() -> None:
    rows = [["Partner", "Theme"], ["Stage"], ["Partner", "Stage"], HEADER]
    layout = find_layout(rows)
    assert layout is not None
    assert (layout.header_row, set(layout.columns)) == (3, {"partner", "stage"})


def test_two_columns_of_one_meaning_are_an_error_that_names_both() -> None:
    with pytest.raises(NotATracker) as caught:
        find_layout([("Partner", "Stage", "Company")])
    assert caught.value.kind == "double_column"
    said = say(caught.value.sentence, "en")
    assert "“Partner” in column A" in said
    assert "“Company” in column C" in said


def test_two_managed_columns_of_one_meaning_are_an_error_too() -> None:
    with pytest.raises(NotATracker):
        find_layout([(*HEADER, "Tilanne")])


def test_a_double_column_above_the_header_row_is_nobody_s_business() -> None:
    layout = find_layout([("Partner", "Company"), HEADER])
    assert layout is not None
    assert layout.header_row == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Last contct", "last_contact"), ("Ownr", "owner"), ("Teema.", None), ("Themes", "theme"),
     ("Why?", None), ("Shoe size", None), ("Problms", "problems")],
)  # fmt: skip
def test_a_near_miss_is_noted_and_not_taken(written: str, meant: str | None) -> None:
    layout = layout_of(*HEADER, written)
    facts: dict[str, Fact] = {
        "header": written,
        "letters": "F",
        "meant": Label(f"column.{meant}"),
    }
    assert layout.notes == ((Sentence("notes.near_header", facts),) if meant else ())
    assert meant not in layout.columns


def test_a_near_miss_of_a_column_that_is_there_is_no_slip() -> None:
    assert layout_of(*HEADER, "Partner 2").notes == ()


def test_a_very_wide_header_row_is_searched_within_bounds() -> None:
    layout = layout_of(*HEADER, *(f"own column number {n}" for n in range(16_000)), "Ownr")
    assert layout.notes == ()


@pytest.mark.parametrize("missing", ["Status", "Next action", "Due"])
def test_a_needed_managed_column_is_asked_for_by_name(missing: str) -> None:
    layout = layout_of(*(header for header in HEADER if header != missing))
    with pytest.raises(NotATracker) as caught:
        require_managed(layout)
    assert caught.value.facts["headers"] == (missing,)
    assert missing in say(caught.value.next_step, "en")


def test_missing_headers_are_named_in_the_tracker_s_language() -> None:
    with pytest.raises(NotATracker) as caught:
        require_managed(layout_of("Kumppani", "Vaihe"))
    assert caught.value.facts["headers"] == ("Tilanne", "Seuraava askel", "Määräpäivä")


def test_the_other_managed_columns_may_be_absent() -> None:
    require_managed(layout_of(*HEADER))


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"partner": "Kumppani", "stage": "Vaihe", "owner": "Owner"}, "fi"),
        ({"partner": "Kumppani", "stage": "Stage"}, "en"),
        ({"partner": "שותף", "stage": "Vaihe"}, "fi"),
        ({"partner": "שותף", "stage": "שלב", "status": "Status"}, "he"),
        ({"partner": "Kumppani", "owner": "Responsible", "email": "Mail", "link": "Web"}, "fi"),
        ({"partner": "Company", "stage": "Phase"}, "en"),
        ({"partner": "Yhteistyökumppani", "stage": "Phase"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_most_labels(headers: dict[str, str], language: Language) -> None:
    assert language_of(headers) == language


TRACKER: Sequence[Sequence[Cell]] = [HEADER]
OTHER: Sequence[Sequence[Cell]] = [["Name", "Age"]]


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["Sheet1"], 0),
        (["Archive", "Partners"], 1),
        (["Archive", "KUMPPANIT "], 1),
        (["שותפים", "Archive"], 0),
        (["Guide", "Lists", "Partner summary", "Sync", "Mine"], 4),
        (["Ohje", "Listat", "Kumppanien yhteenveto", "Synkronointi", "Oma"], 4),
        (["הנחיות", "רשימות", "סיכום שותפים", "סנכרון", "שלי"], 4),
    ],
)
def test_the_tracker_is_the_tab_by_that_name_else_the_only_one(
    names: list[str], chosen: int
) -> None:
    index, layout = choose_tab([(name, TRACKER) for name in names])
    assert (index, layout.header_row) == (chosen, 1)


def test_a_tab_without_a_header_row_is_passed_over() -> None:
    assert choose_tab([("A", OTHER), ("B", TRACKER), ("C", [])])[0] == 1


def test_several_trackers_are_an_error_that_names_them() -> None:
    with pytest.raises(NotATracker) as caught:
        choose_tab([("2025", TRACKER), ("Ideas", OTHER), ("2026", TRACKER)])
    assert caught.value.kind == "several_trackers"
    assert caught.value.facts["tabs"] == ("2025", "2026")


def test_a_tab_named_as_the_tracker_must_have_the_header_row_itself() -> None:
    with pytest.raises(NotATracker) as caught:
        choose_tab([("Partners", OTHER), ("2026", TRACKER)])
    assert caught.value.kind == "no_header_row"
    assert caught.value.facts["tabs"] == ("Partners",)


def test_half_a_header_row_is_an_error_that_names_the_other_half() -> None:
    with pytest.raises(NotATracker) as caught:
        choose_tab([("A", [[], ["Partner", "Owner"]])])
    assert caught.value.kind == "half_header_row"
    assert caught.value.facts["missing"] == (Label("column.stage"),)
    assert "row 2" in say(caught.value.sentence, "en")


def test_no_tab_at_all_is_an_error() -> None:
    with pytest.raises(NotATracker):
        choose_tab([("Guide", TRACKER)])


@pytest.mark.parametrize(
    ("name", "key"),
    [("Sync", "sync"), ("synkronointi", "sync"), ("סיכום שותפים", "summary"), ("Lists", "lists"),
     ("Sync 2", None), ("summary", None)],
)  # fmt: skip
def test_tabs_have_names_in_three_languages(name: str, key: str | None) -> None:
    assert own_tab(name) == key


@pytest.mark.parametrize(
    ("a1", "ours"),
    [("sheets_sync", True), ("Written by sheets_sync.", True), ("my_sheets_sync2", False),
     ("Sync", False), (None, False), (1, False)],
)  # fmt: skip
def test_a_tab_is_ours_by_the_word_in_a1(a1: Cell, *, ours: bool) -> None:
    assert is_ours(a1) == ours


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (29, "AD"), (701, "ZZ"), (16383, "XFD")]
)
def test_columns_are_called_by_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters
    assert column_index(letters) == index


def test_no_two_columns_share_a_name() -> None:
    for key in COLUMNS:
        others = [other for other in IDENTIFYING if other != key]
        assert layout_of(label(f"column.{key}", "en"), *others).columns[key] == 0
