"""The store in an Excel file keeps the contract, and takes care of the file people share."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import cast

import pytest

from sheets_sync.errors import (
    Busy,
    Forbidden,
    NoSuchTracker,
    NotATracker,
    Refused,
    SheetChanged,
)
from sheets_sync.model import TRACKER_TAB, Cell, Edit, Settings
from sheets_sync.stores import Store, files, locks, ooxml, open_store
from sheets_sync.stores.excel import PAUSE, ExcelStore
from sheets_sync.stores.private import identity
from sheets_sync.stores.swapping import digest_bytes
from tests.stores.busy_person import sync_meanwhile
from tests.stores.contract import TABS, Formula, Grid, StoreContract, Tabs, with_cell
from tests.stores.workbooks import cells, typed, workbook

EDIT = Edit(TRACKER_TAB, 5, "status", "Overdue")


class TestExcelStore(StoreContract):
    """People save the file behind our back."""

    spares_formulas = True

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def open(self, tabs: Tabs) -> Store:
        """A file with these tabs."""
        return Place(self.folder, tabs).store()

    def grid(self, store: Store, tab: str) -> Grid:
        """What openpyxl reads."""
        return cells(Path(store.name).read_bytes(), tab)

    def type_in(self, store: Store, tab: str, place: str, value: Cell) -> None:
        """A person saves with openpyxl."""
        path = Path(store.name)
        path.write_bytes(typed(path.read_bytes(), tab, place, value))


class Place:
    """A folder with a tracker in it, and a state folder beside."""

    def __init__(self, folder: Path, tabs: Tabs = TABS, **options: object) -> None:
        """Put a workbook with these tabs into the folder."""
        self.state = folder / "state"
        self.path = folder / "share" / "partners.xlsx"
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_bytes(workbook(tabs, **options))
        self.slept: list[float] = []

    def store(
        self,
        path: Path | None = None,
        *,
        ignore_lock: bool = False,
        read_only: bool = False,
        sleep: Callable[[float], None] | None = None,
    ) -> ExcelStore:
        """A store of the file, or of the path given."""
        return ExcelStore(
            path or self.path,
            state=self.state,
            backups=3,
            ignore_lock=ignore_lock,
            read_only=read_only,
            sleep=sleep or self.slept.append,
        )

    @property
    def names(self) -> list[str]:
        """All files in the folder."""
        return sorted(path.name for path in self.path.parent.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# Reading


def test_columns_further_right_are_found_by_their_letters(tmp_path: Path) -> None:
    rows = [[None] * 30 + list(row) for row in TABS["Partners"]]
    sheet = Place(tmp_path, {"Partners": rows}).store().read()
    assert (sheet.letters["partner"], sheet.letters["due"]) == ("AF", "AN")
    assert sheet.people["partner"][0] == "Martha ry"


def test_of_several_tabs_the_one_with_a_header_row_is_the_tracker(tmp_path: Path) -> None:
    tabs = {"Cover": (("x",),), "Wide": ((None,) * 40 + ("y",),), "Ours": TABS["Partners"]}
    store = Place(tmp_path, tabs).store()
    sheet = store.read()
    assert (sheet.tab, sheet.height) == ("Ours", 3)
    assert store.write([EDIT], against=sheet).managed["status"][1] == "Overdue"


def test_a_workbook_without_a_header_row_is_no_tracker(tmp_path: Path) -> None:
    with pytest.raises(NotATracker):
        Place(tmp_path, {"Cover": (("x",),), "Empty": ()}).store().read()


@pytest.mark.parametrize(
    ("text", "result", "read"),
    [
        ("=1/0", "#DIV/0!", "#DIV/0!"),
        ("=NA()", "#N/A", "#N/A"),
        ("=#REF!", "#REF!", "#REF!"),
        ("=1+1", 2, 2),
        ('="a"', "a", "a"),
    ],
)
def test_a_formula_reads_as_its_last_value(
    tmp_path: Path, text: str, result: Cell, read: Cell
) -> None:
    tabs = with_cell(TABS, "Partners", "E5", Formula(text, result))
    assert Place(tmp_path, tabs).store().read().people["attempts"][1] == read


def test_a_formula_that_was_never_computed_reads_as_an_error(place: Place) -> None:
    place.path.write_bytes(typed(place.path.read_bytes(), "Partners", "E5", "=1+1"))
    assert place.store().read().people["attempts"][1] == "#N/A"


def test_a_formula_without_value_below_all_rows_makes_a_row(place: Place) -> None:
    place.path.write_bytes(typed(place.path.read_bytes(), "Partners", "E9", "=1+1"))
    sheet = place.store().read()
    assert list(sheet.people["attempts"]) == [2, 0, 1, None, None, "#N/A"]
    assert len(sheet.managed["status"]) == sheet.height == 6


def test_a_person_s_formula_in_a_managed_column_is_noted(tmp_path: Path) -> None:
    tabs = with_cell(TABS, "Partners", "K5", Formula("=1+2", 3))
    notes = Place(tmp_path, tabs).store().read().notes
    assert [(note.id, note.facts["n"], note.facts["cell"]) for note in notes] == [
        ("notes.formula_left", 1, "K5")
    ]


def test_what_stands_above_the_header_row_is_no_business_of_ours(tmp_path: Path) -> None:
    fault = Formula("=1/0", "#DIV/0!")
    tabs = with_cell(with_cell(TABS, "Partners", "E1", fault), "Partners", "K1", fault)
    sheet = Place(tmp_path, tabs).store().read()
    assert (list(sheet.people["attempts"]), sheet.formulas, sheet.notes) == ([2, 0, 1], {}, ())


def test_the_date_system_is_the_workbook_s(tmp_path: Path) -> None:
    sheet = Place(tmp_path, TABS, date_1904=True).store().read()
    assert sheet.date_system == 1904
    assert sheet.people["last_contact"][0] == date(2026, 11, 2)


def test_times_and_durations_are_the_numbers_they_stand_for(tmp_path: Path) -> None:
    tabs = with_cell(TABS, "Partners", "E5", cast("Cell", time(18, 0)))
    tabs = with_cell(tabs, "Partners", "E6", cast("Cell", timedelta(hours=30)))
    assert list(Place(tmp_path, tabs).store().read().people["attempts"]) == [2, 0.75, 1.25]


def test_what_is_equal_but_of_another_type_stays_what_it_is(tmp_path: Path) -> None:
    tabs = with_cell(TABS, "Partners", "E4", 1)
    tabs = with_cell(tabs, "Partners", "E5", Formula("=TRUE()", True))  # noqa: FBT003 - a cell
    found = Place(tmp_path, tabs).store().read().people["attempts"]
    assert [type(cell) for cell in found] == [float, bool, float]


def test_a_file_that_is_being_saved_is_read_again_a_second_later(place: Place) -> None:
    whole = place.path.read_bytes()
    place.path.write_bytes(whole[: len(whole) // 2])

    def sleep(seconds: float) -> None:
        place.slept.append(seconds)
        place.path.write_bytes(whole)

    assert place.store(sleep=sleep).read().height == 3
    assert place.slept == [PAUSE]


@pytest.mark.parametrize("content", [b"", b"PK\3\4 and no more", b"plain text"])
def test_a_broken_file_is_refused_after_a_second_look(place: Place, content: bytes) -> None:
    place.path.write_bytes(content)
    with pytest.raises(Refused):
        place.store().read()
    assert place.slept == [PAUSE]


def test_a_file_that_is_away_for_a_moment_is_looked_for_again(place: Place) -> None:
    content = place.path.read_bytes()
    store = place.store(sleep=lambda _: cast("None", place.path.write_bytes(content)))
    store.read()
    place.path.unlink()
    assert store.read().height == 3


def test_a_file_that_was_never_there_is_not_waited_for(place: Place) -> None:
    with pytest.raises(NoSuchTracker):
        place.store(place.path.with_name("other.xlsx")).read()
    assert place.slept == []


class Panic(BaseException):
    """As the reader's language raises when it gives up."""


@pytest.mark.parametrize("fault", [ValueError("x"), MemoryError(), Panic("y")])
def test_whatever_goes_wrong_in_the_reader_is_one_sentence(
    place: Place, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    monkeypatch.setattr("python_calamine.CalamineWorkbook", Failing(fault))
    with pytest.raises(Refused) as caught:
        place.store().read()
    assert caught.value.kind == "unreadable"


def test_who_interrupts_is_heard(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("python_calamine.CalamineWorkbook", Failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        place.store().read()


class Failing:
    """Stands in for calamine."""

    def __init__(self, fault: BaseException) -> None:
        """Fail like this."""
        self.fault = fault

    def from_filelike(self, _file: object) -> object:
        """Fail."""
        raise self.fault


# Writing


def test_after_a_write_people_s_columns_are_the_same_object(place: Place) -> None:
    store = place.store()
    sheet = store.read()
    after = store.write([EDIT], against=sheet)
    assert after.people is sheet.people
    assert sheet.managed["status"][1] is None


def test_nothing_but_the_sheet_s_own_part_changes(place: Place) -> None:
    before = zipfile.ZipFile(io.BytesIO(place.path.read_bytes()))
    store = place.store()
    store.write([EDIT], against=store.read())
    after = zipfile.ZipFile(io.BytesIO(place.path.read_bytes()))
    assert after.namelist() == before.namelist()
    changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    assert changed == ["xl/worksheets/sheet2.xml"]


def test_without_edits_the_file_is_not_touched(place: Place) -> None:
    before = place.path.stat()
    store = place.store()
    sheet = store.read()
    assert store.write([], against=sheet) is sheet
    assert place.path.stat() == before
    assert store.backups() == []


def test_edits_that_say_what_stands_there_do_not_touch_the_file(place: Place) -> None:
    before = place.path.stat()
    store = place.store()
    store.write([Edit(TRACKER_TAB, 4, "status", "Idle")], against=store.read())
    assert (place.path.stat().st_ino, place.path.stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )


def test_formulas_are_computed_anew_with_a_note(tmp_path: Path) -> None:
    tabs = {**TABS, "Charts": ((Formula("=COUNTA(Partners!H:H)", 1),),)}
    place = Place(tmp_path, tabs)
    store = place.store()
    after = store.write([EDIT], against=store.read())
    assert [note.id for note in after.notes] == ["notes.recalculate"]
    with zipfile.ZipFile(place.path) as package:
        assert b"fullCalcOnLoad" in package.read("xl/worksheets/sheet2.xml")
    again = store.write([Edit(TRACKER_TAB, 5, "status", "Idle")], against=after)
    assert [note.id for note in again.notes] == ["notes.recalculate"]


def test_a_merged_cell_is_refused_and_nothing_written(place: Place) -> None:
    book = place.path.read_bytes()
    import openpyxl

    loaded = openpyxl.load_workbook(io.BytesIO(book))
    loaded["Partners"].merge_cells("G5:H5")
    loaded.save(place.path)
    before = place.path.read_bytes()
    store = place.store()
    with pytest.raises(Refused):
        store.write([EDIT], against=store.read())
    assert (place.path.read_bytes(), place.names) == (before, ["partners.xlsx"])


def test_people_s_columns_are_never_written(place: Place) -> None:
    store = place.store()
    with pytest.raises(ValueError, match="partner"):
        store.write([Edit(TRACKER_TAB, 4, "partner", "x")], against=store.read())


def test_a_link_stays_a_link_and_its_target_is_written(place: Place) -> None:
    link = place.path.parent.parent / "link.xlsx"
    link.symlink_to(place.path)
    store = place.store(link)
    store.write([EDIT], against=store.read())
    assert link.is_symlink()
    assert cells(place.path.read_bytes(), "Partners")[4][7] == "Overdue"
    assert store.origin.id == str(place.path.resolve())


def test_an_inexact_patch_is_not_saved(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    store = place.store()
    sheet = store.read()
    wrong = typed(place.path.read_bytes(), "Partners", "B5", "somebody else")
    monkeypatch.setattr(ooxml, "patch", lambda *_args, **_options: wrong)
    before = place.path.read_bytes()
    with pytest.raises(Refused):
        store.write([EDIT], against=sheet)
    assert place.path.read_bytes() == before


@pytest.mark.parametrize("function", ["patch", "verify", "inspect"])
def test_a_save_made_while_we_build_ours_stays(
    place: Place, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    store = place.store()
    sheet = store.read()
    theirs = typed(place.path.read_bytes(), "Partners", "C5", "Planning")
    real = getattr(ooxml, function)

    def meanwhile(*arguments: object, **options: object) -> object:
        place.path.write_bytes(theirs)
        return real(*arguments, **options)

    monkeypatch.setattr(ooxml, function, meanwhile)
    with pytest.raises(SheetChanged):
        store.write([EDIT], against=sheet)
    assert (place.path.read_bytes(), place.names) == (theirs, ["partners.xlsx"])


def test_a_file_that_went_away_is_a_changed_sheet(place: Place) -> None:
    store = place.store()
    sheet = store.read()
    place.path.unlink()
    with pytest.raises(SheetChanged):
        store.write([EDIT], against=sheet)
    assert place.names == []


# Other programs and other runs


def test_an_open_file_is_read_but_not_written(place: Place) -> None:
    store = place.store()
    sheet = store.read()
    lock = place.path.with_name(f".~lock.{place.path.name}#")
    lock.write_text("Aino Virtanen,aino,desk,now,profile;")
    before = place.path.read_bytes()
    assert store.read().height == 3
    with pytest.raises(Busy) as caught:
        store.write([EDIT], against=sheet)
    assert (caught.value.kind, caught.value.facts["who"]) == ("open_elsewhere", "Aino Virtanen")
    assert place.path.read_bytes() == before
    after = place.store(ignore_lock=True).write([EDIT], against=sheet)
    assert after.managed["status"][1] == "Overdue"


def test_ignoring_locks_does_not_ignore_rights(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = place.store(ignore_lock=True)
    sheet = store.read()
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).is_dir())
    with pytest.raises(Forbidden):
        store.write([EDIT], against=sheet)


def test_two_runs_do_not_write_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def another_run(*_arguments: object) -> None:
        raise Busy("another_run", tracker="x")

    store = place.store()
    sheet = store.read()
    monkeypatch.setattr(locks, "run_lock", another_run)
    assert store.read().height == 3
    with pytest.raises(Busy) as caught:
        store.write([EDIT], against=sheet)
    assert caught.value.kind == "another_run"


# Backups and leftovers


def test_the_old_version_is_kept_and_can_be_restored(place: Place) -> None:
    old = place.path.read_bytes()
    store = place.store()
    store.write([EDIT], against=store.read())
    new = place.path.read_bytes()
    store.restore(store.backups()[0])
    assert place.path.read_bytes() == old
    assert [backup.read() for backup in store.backups()] == [new, old]


def test_a_restored_file_is_kept_even_where_no_backups_are(place: Place) -> None:
    store = place.store()
    store.write([EDIT], against=store.read())
    new, backup = place.path.read_bytes(), store.backups()[0]
    without = ExcelStore(place.path, state=place.state, backups=0)
    without.restore(backup)
    assert new in [kept.read() for kept in without.backups()]


def test_a_deleted_file_can_be_restored(place: Place) -> None:
    old = place.path.read_bytes()
    store = place.store()
    store.write([EDIT], against=store.read())
    place.path.unlink()
    store.restore(store.backups()[0])
    assert place.path.read_bytes() == old


def test_an_open_file_is_not_restored(place: Place) -> None:
    store = place.store()
    store.write([EDIT], against=store.read())
    new = place.path.read_bytes()
    place.path.with_name(f"~${place.path.name}").write_bytes(b"")
    with pytest.raises(Busy):
        store.restore(store.backups()[0])
    assert place.path.read_bytes() == new


def left_by_a_killed_run(place: Place, *, theirs: bytes) -> Path:
    """What stands there after a kill between the exchange and the look at what came out."""
    old, new = b"what was read", place.path.read_bytes()
    draft = files._draft_path(  # noqa: SLF001 - the name is the point
        place.path.resolve(),
        tag=identity(place.state),
        old=digest_bytes(old),
        new=digest_bytes(new),
    )
    draft.write_bytes(theirs)
    return draft


def test_a_save_that_a_killed_run_took_out_goes_back_at_the_next_start(place: Place) -> None:
    theirs = typed(place.path.read_bytes(), "Partners", "B5", "Theirs")
    left_by_a_killed_run(place, theirs=theirs)
    sheet = place.store().read()
    assert sheet.people["partner"][1] == "Theirs"
    assert [note.id for note in sheet.notes] == ["notes.save_restored"]
    assert place.names == ["partners.xlsx"]
    assert place.store().read().notes == ()


def test_a_save_that_was_overtaken_is_kept_as_a_backup(place: Place) -> None:
    left_by_a_killed_run(place, theirs=b"theirs")
    place.path.write_bytes(typed(place.path.read_bytes(), "Partners", "B5", "Later"))
    store = place.store()
    sheet = store.read()
    assert [note.id for note in sheet.notes] == ["notes.save_kept"]
    assert [backup.read() for backup in store.backups()] == [b"theirs"]
    assert sheet.people["partner"][1] == "Later"


def test_looking_alone_leaves_everything_as_it_is(place: Place) -> None:
    draft = left_by_a_killed_run(place, theirs=b"theirs")
    place.store(read_only=True).read()
    assert draft.exists()
    assert not any((place.state / "locks").glob("*"))


# What check says, and which store a name means


def test_check_tells_who_has_the_file_and_how_many_backups_there_are(place: Place) -> None:
    store = place.store()
    assert [finding.level for finding in store.diagnose()] == ["fine"]
    place.path.with_name(f"~${place.path.name}").write_bytes(b"")
    assert [(finding.level, finding.sentence.id) for finding in store.diagnose()] == [
        ("problem", "errors.open_by_somebody"),
        ("fine", "terminal.check.backups"),
    ]


ID = "1aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-abcdE"


@pytest.mark.parametrize(
    ("tracker", "kind"),
    [
        ("partners.xlsx", "ExcelStore"),
        ("Partners.XLSM", "ExcelStore"),
        ("folder/partners", "ExcelStore"),
        ("there", "ExcelStore"),
        ("t" * 30, "ExcelStore"),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0", "GoogleStore"),
        (f"docs.google.com/spreadsheets/d/{ID}", "GoogleStore"),
        (ID, "GoogleStore"),
        ("partners", None),
        ("a" * 24, None),
        ("a" * 5000, "GoogleStore"),
        ("nul\0byte", None),
        ("", None),
    ],
)
def test_a_name_means_one_kind_of_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tracker: str, kind: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    (tmp_path / ("t" * 30)).touch()
    monkeypatch.setattr("sheets_sync.stores.google.open_google", lambda *_, **__: GoogleStore())

    def named() -> str:
        return type(open_store(tracker, Settings(), {}, state=tmp_path / "state")).__name__

    if kind is None:
        with pytest.raises(NoSuchTracker):
            named()
    else:
        assert named() == kind


class GoogleStore:
    """Stands in for the real one."""


@pytest.mark.skipif(sys.platform != "linux", reason="the exchange is Linux's own")
def test_a_person_who_saves_twenty_times_a_second_loses_nothing(tmp_path: Path) -> None:
    _, wrote, lost = sync_meanwhile(tmp_path.resolve(), saves=40, pace=0.05)
    assert lost == 0
    assert wrote > 0
