"""The loop: it writes until the sheet says what it should, objects to the odd, and gives way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from sheets_sync.columns import MANAGED, PEOPLE
from sheets_sync.errors import Busy, NotTakenOver, SheetChanged, Suspicious
from sheets_sync.model import Cell, Edit, Settings, Sheet
from sheets_sync.report import changes, report_json, written
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import MAX_ROUNDS, preview, synchronise
from sheets_sync.texts import label
from tests.digest_support import TODAY, overdue, upcoming

KEYS = (*PEOPLE, *MANAGED)
HEADER = [label(f"column.{key}", "en") for key in KEYS]
STATUS = KEYS.index("status")


def today_of(_: str | None) -> date:
    """Every day is that Monday."""
    return TODAY


def store_of(rows: Sequence[Mapping[str, Cell]]) -> MemoryStore:
    """A tracker in memory with every column and these rows."""
    body = [[row.get(key) for key in KEYS] for row in rows]
    return MemoryStore({"Partners": [HEADER, *body]})


def statuses(store: MemoryStore) -> list[Cell]:
    """What stands in the Status column."""
    return [row[STATUS] for row in store.tabs["Partners"][1:]]


def sync(store: MemoryStore, *, force: bool = False) -> None:
    """Sync with default settings."""
    synchronise(store, Settings(), today_of, force=force)


def test_a_sync_writes_what_is_missing() -> None:
    store = store_of([overdue("Choir"), upcoming("Museum")])
    sync(store)

    assert statuses(store) == ["Overdue", "Upcoming"]


def test_a_second_sync_writes_nothing() -> None:
    store = store_of([overdue("Choir"), upcoming("Museum")])
    sync(store)
    report = synchronise(store, Settings(), today_of)

    assert report.writes == []


def test_people_cells_stay_as_they_are() -> None:
    store = store_of([overdue("Choir", notes="mine"), upcoming("Museum")])
    before = [row[: len(PEOPLE)] for row in store.tabs["Partners"]]
    sync(store)

    assert [row[: len(PEOPLE)] for row in store.tabs["Partners"]] == before


def test_a_dry_run_writes_nothing_and_tells_every_cell() -> None:
    store = store_of([overdue("Choir")])
    report = preview(store, Settings(), today_of)

    assert statuses(store) == [None]
    assert written(report) == 0
    assert {change.edit.column for change in changes(report)} >= {"status", "due", "why"}


def test_a_row_without_a_partner_is_cleared() -> None:
    store = store_of([{"status": "Overdue"}, overdue("Choir", status="Overdue")])
    sync(store)

    assert statuses(store) == [None, "Overdue"]


def test_an_edit_in_the_window_is_not_lost() -> None:
    store = store_of([overdue("Choir")])
    answered = once(lambda: put(store, 1, "last_contact", TODAY))
    store.before_write = answered
    sync(store)

    assert store.tabs["Partners"][1][KEYS.index("last_contact")] == TODAY
    assert statuses(store) == ["Upcoming"]


def test_a_tracker_that_changes_again_and_again_is_busy() -> None:
    store = store_of([overdue("Choir")])
    days = iter(range(1, 100))
    store.before_write = lambda: put(store, 1, "notes", f"edit {next(days)}")

    with pytest.raises(Busy, match="keeps_changing"):
        sync(store)
    assert next(days) == MAX_ROUNDS + 1


def test_columns_filled_by_somebody_else_are_not_taken_over() -> None:
    rows = [{**overdue("Choir"), "status": "Call them!", "next_action": "Ask Pia"}]
    store = store_of(rows)

    with pytest.raises(NotTakenOver) as caught:
        sync(store)
    assert len(caught.value.facts["columns"]) == 2  # type: ignore[arg-type] # a tuple of labels
    assert statuses(store) == ["Call them!"]


def test_columns_filled_by_somebody_else_are_taken_over_when_insisted() -> None:
    store = store_of([{**overdue("Choir"), "status": "Call them!"}])
    sync(store, force=True)

    assert statuses(store) == ["Overdue"]


@pytest.mark.parametrize("status", ["Overdue", "myöhässä", "באיחור", " OVERDUE "])
def test_a_status_of_ours_in_any_language_shows_that_the_columns_are_ours(status: str) -> None:
    store = store_of([{**overdue("Choir"), "status": status}, {**overdue("Duo"), "status": "?"}])
    sync(store)

    assert statuses(store) == ["Overdue", "Overdue"]


def test_words_outside_partners_rows_do_not_make_columns_somebody_elses() -> None:
    store = store_of([overdue("Choir"), {"next_action": "my own note"}])
    sync(store)

    assert statuses(store) == ["Overdue", None]


def filled(partners: int, blank: int) -> list[dict[str, Cell]]:
    """Rows with a status, so many of them without a partner any more."""
    ours: dict[str, Cell] = {"status": "Overdue"}
    named = [{**overdue(f"Partner {number}"), **ours} for number in range(partners)]
    return [*named, *(dict(ours) for _ in range(blank))]


@pytest.mark.parametrize(
    ("partners", "blank", "odd"),
    [(9, 11, True), (10, 10, False), (9, 10, False), (0, 20, True), (0, 19, False)],
    ids=["more than half", "just half", "fewer than twenty", "all", "all of nineteen"],
)
def test_blanking_more_than_half_of_twenty_or_more_statuses_is_suspicious(
    *, partners: int, blank: int, odd: bool
) -> None:
    store = store_of(filled(partners, blank))
    if odd:
        with pytest.raises(Suspicious):
            sync(store)
        assert statuses(store).count("Overdue") == partners + blank
        sync(store, force=True)
    else:
        sync(store)
    assert statuses(store).count("Overdue") == partners


def test_the_report_tells_each_cell_with_old_and_new() -> None:
    store = store_of([{**overdue("Choir"), "status": "Upcoming"}])
    report = report_json(synchronise(store, Settings(), today_of), Settings())

    (edit,) = [it for it in report["edits"] if it["column"] == "status"]
    assert edit["before"] == "Upcoming"
    assert edit["after"] == "Overdue"
    assert edit["sheet"] == "Partners"
    assert edit["cell"] == f"{'AF'}2"
    assert report["written"] == len(report["edits"])
    assert report["rounds"] == 1


def test_a_cell_written_twice_is_told_once_and_one_put_back_not_at_all() -> None:
    store = _TurningStore([overdue("Choir"), overdue("Museum")])
    report = synchronise(store, Settings(), today_of)

    told = [change for change in changes(report) if change.edit.column == "status"]
    assert [(change.edit.row, change.before, change.edit.value) for change in told] == [
        (2, None, "Upcoming"),
        (3, None, "Overdue"),
    ]
    assert len(report.writes) == 2


class _TurningStore(MemoryStore):
    """A store whose people edit right after the first write, as on Google."""

    def __init__(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        super().__init__(store_of(rows).tabs)
        self._edit = once(lambda: put(self, 1, "last_contact", TODAY))

    def write(self, edits: Sequence[Edit], *, against: Sheet) -> Sheet:
        super().write(edits, against=against)
        self._edit()
        return self.read()


def put(store: MemoryStore, row: int, key: str, cell: Cell) -> None:
    """A person fills in a cell."""
    store.tabs["Partners"][row][KEYS.index(key)] = cell


def once(do: Callable[[], None]) -> Callable[[], None]:
    """Do it at the first call only."""
    calls: list[None] = []

    def maybe() -> None:
        if not calls:
            calls.append(None)
            do()

    return maybe


def test_a_sheet_that_changed_is_read_again_without_counting_as_a_write() -> None:
    store = store_of([overdue("Choir")])
    store.before_write = once(lambda: put(store, 1, "notes", "new"))
    report = synchronise(store, Settings(), today_of)

    assert len(report.writes) == 1


def test_sheet_changed_is_a_kind_of_busy() -> None:
    assert issubclass(SheetChanged, Busy)
