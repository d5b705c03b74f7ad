"""The report: what of a run is told to machines, and that it is always one JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.layout import column_letters
from sheets_sync.model import (
    SYNC_TAB,
    TRACKER_TAB,
    Cell,
    Change,
    Edit,
    Report,
    Sentence,
    Settings,
    Sheet,
    Tab,
    Write,
)
from sheets_sync.plan import make_plan
from sheets_sync.report import (
    change_json,
    changed,
    changes,
    dump_json,
    plain,
    report_json,
    standing,
    stream_json,
    written,
)
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import preview
from sheets_sync.texts import label
from tests.digest_support import overdue, sheet_of
from tests.report_shape import REPORT, agreement_faults, faults

TODAY = date(2026, 11, 23)
SETTINGS = Settings(language="en")


def report_of(*rows: Mapping[str, Cell], settings: Settings = SETTINGS) -> Report:
    """The report of a dry run over these rows."""
    sheet = sheet_of(rows)
    places = {key: column_letters(index) for index, key in enumerate(sheet.headers)}
    sheet = replace(sheet, letters=places)
    plan = make_plan(sheet, settings, TODAY)
    return Report(
        tracker="p.xlsx", dry_run=True, plan=plan, sheet=sheet, writes=[Write(plan.edits, sheet)]
    )


def test_a_row_is_told_with_all_there_is_to_say_of_it() -> None:
    report = report_of(overdue("Harbour Choir", email="choir(at)example.org"))
    (row,) = report_json(report, SETTINGS)["rows"]
    assert row.pop("next_action")
    assert row.pop("why")
    assert row.pop("done_when")
    (problem,) = row.pop("problems")
    assert problem.pop("message")
    assert problem == {
        "column": "email",
        "code": "not_an_email",
        "value": "choir(at)example.org",
        "blocking": False,
    }
    assert row == {
        "row": 2, "partner": "Harbour Choir", "stage": "in_talks", "vetting": "passed",
        "status": "overdue", "rule": "reply", "due": "2026-11-03", "days_overdue": 20,
        "also": [],
    }  # fmt: skip


def test_what_is_also_to_do_is_told_in_the_order_of_the_choice() -> None:
    event = date(2026, 12, 20)
    partner = overdue("Choir", stage="Planning", event=event, plan="they bake")
    (row,) = report_json(report_of(partner), SETTINGS)["rows"]
    assert (row["rule"], row["also"]) == (
        "reply",
        [
            {"rule": "approve_photo", "due": "2026-12-10"},
            {"rule": "publish", "due": "2026-12-11"},
        ],
    )


def test_what_is_not_there_is_null() -> None:
    blocked = {"stage": "In talks", "last_contact": "soon"}
    closed = {"partner": "Hall", "stage": "Done"}
    first, second = report_json(report_of(blocked, closed), SETTINGS)["rows"]
    assert (first["partner"], first["rule"], first["done_when"], first["due"]) == (None,) * 4
    assert (second["next_action"], second["rule"], second["days_overdue"]) == (None,) * 3
    assert (first["status"], second["status"]) == ("fix_data", "closed")
    assert first["next_action"]
    assert second["why"]


def test_vetting_is_null_where_no_vetting_column_is() -> None:
    store = MemoryStore(
        {"Partners": [("Partner", "Stage", "Status", "Next action", "Due"), ("Choir", "Idea")]}
    )
    report = preview(store, SETTINGS, lambda _: TODAY)
    assert report_json(report, SETTINGS)["rows"][0]["vetting"] is None


def test_a_thin_theme_is_told_in_its_first_spelling() -> None:
    rows = [{"partner": "A", "theme": "Repair Café"}, {"partner": "A", "theme": "repair  café"}]
    assert report_json(report_of(*rows), SETTINGS)["themes"] == [
        {"theme": "Repair Café", "code": "thin_theme", "live": 1}
    ]


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.booleans(), st.integers(-9, 90_000), st.floats(),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(["Idea", "Done", "Contacted"]),
)  # fmt: skip


@given(
    st.lists(
        st.fixed_dictionaries(
            dict.fromkeys(("partner", "stage", "theme", "email", "last_contact", "event"), CELLS)
        ),
        max_size=4,
    )
)
def test_the_document_has_its_shape_whatever_stands_in_the_sheet(
    rows: Sequence[Mapping[str, Cell]],
) -> None:
    document = report_json(report_of(*rows), SETTINGS)
    assert list(faults(document, REPORT)) == []
    assert list(agreement_faults(document)) == []


def test_the_document_comes_in_pieces_and_takes_further_keys() -> None:
    report = report_of(*[overdue(f"P{number}") for number in range(50)])
    pieces = list(stream_json(report, SETTINGS, more={"findings": [1]}))
    assert len(pieces) > 50
    document = json.loads("".join(pieces))
    assert document.pop("findings") == [1]
    assert document == report_json(report, SETTINGS)


@pytest.mark.parametrize("rows", [[], [overdue("Choir")]])
def test_a_report_of_nothing_or_little_is_whole_too(rows: Sequence[Mapping[str, Cell]]) -> None:
    report = replace(report_of(*rows), writes=[])
    document = report_json(report, SETTINGS)
    assert (document["edits"], document["written"], document["rounds"]) == ([], 0, 0)
    assert list(faults(document, REPORT)) == []


@pytest.mark.parametrize(
    "char", ["\x00", "\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066", "\u200b"]
)
def test_json_holds_no_character_that_a_terminal_would_obey(char: str) -> None:
    written_out = dump_json({"partner": f"a{char}b"})
    assert char not in written_out
    assert json.loads(written_out) == {"partner": f"a{char}b"}


@pytest.mark.parametrize("text", ["מקהלה", "Käpylä", "🙂", "“näin”"])
def test_json_keeps_letters_readable(text: str) -> None:
    assert text in dump_json(text)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (None, None),
        ("", None),
        (3.0, 3),
        (3.5, 3.5),
        (True, True),
        (False, False),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23), "2026-11-23"),  # noqa: DTZ001 - cells have no zone
        (datetime(2026, 11, 23, 9, 30), "2026-11-23T09:30:00"),  # noqa: DTZ001
        ("#REF!", "#REF!"),
    ],
)
def test_a_cell_is_told_as_json_knows_it(cell: Cell, told: object) -> None:
    assert plain(cell) == told
    assert type(plain(cell)) is type(told)


# Changes


def tabbed(*, status: Cell = None) -> Sheet:
    """A sheet with one partner, a Sync tab, and a header to be put right."""
    sheet = sheet_of([{"partner": "Choir"}])
    return replace(
        sheet,
        letters={"status": "H", "due": "J"},
        managed={**sheet.managed, "status": [status]},
        tabs={SYNC_TAB: Tab(name="Synkronointi", rows=[["sheets_sync"], [], ["checked", "x"]])},
        mends=(Change(Edit(TRACKER_TAB, 1, "status", "Status"), "Oops"),),
    )


@pytest.mark.parametrize(
    ("edit", "stood", "sheet", "cell"),
    [
        (Edit(TRACKER_TAB, 2, "status", "Overdue"), "Idle", "Partners", "H2"),
        (Edit(TRACKER_TAB, 1, "status", "Status"), "Oops", "Partners", "H1"),
        (Edit(TRACKER_TAB, 1, "due", "Due"), None, "Partners", "J1"),
        (Edit(SYNC_TAB, 3, "B", "y"), "x", "Synkronointi", "B3"),
        (Edit(SYNC_TAB, 2, "A", "y"), None, "Synkronointi", "A2"),
        (Edit(SYNC_TAB, 9, "A", "y"), None, "Synkronointi", "A9"),
    ],
)
def test_an_edit_is_told_with_its_place_and_what_stood_there(
    edit: Edit, stood: Cell, sheet: str, cell: str
) -> None:
    before = tabbed(status="Idle")
    assert standing(before, edit) == stood
    told = change_json(Change(edit, stood), before)
    assert (told["sheet"], told["cell"], told["before"]) == (sheet, cell, stood)


def test_a_cell_is_told_once_with_its_first_and_last_value() -> None:
    first, second = tabbed(status="Idle"), tabbed(status="Overdue")
    write = [Edit(TRACKER_TAB, 2, "status", value) for value in ("Overdue", "To do")]
    report = replace(
        report_of(), dry_run=False, writes=[Write([write[0]], first), Write([write[1]], second)]
    )
    assert list(changes(report)) == [Change(write[1], "Idle")]
    assert (changed(report), written(report)) == (1, 1)


def test_a_cell_that_went_back_and_forth_is_not_told() -> None:
    first, second = tabbed(status="Idle"), tabbed(status="Overdue")
    there, back = (Edit(TRACKER_TAB, 2, "status", value) for value in ("Overdue", "Idle"))
    report = replace(
        report_of(), dry_run=False, writes=[Write([there], first), Write([back], second)]
    )
    assert (list(changes(report)), changed(report)) == ([], 0)
    assert report_json(report, SETTINGS)["rounds"] == 2


def test_notes_are_told_in_the_tracker_s_language() -> None:
    note = Sentence("notes.tab_not_ours", {"tab": "Sync"})
    report = report_of()
    report = replace(report, plan=replace(report.plan, notes=[note], language="he"))
    (told,) = report_json(report, SETTINGS)["notes"]
    assert "Sync" in told
    assert "left alone" not in told
    assert label("column.status", "he") not in told
