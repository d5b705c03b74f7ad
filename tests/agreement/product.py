"""From a grid of cells to the JSON report, by the product's whole way: the one place to adapt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from sheets_sync.model import Cell, Settings
from sheets_sync.report import report_json
from sheets_sync.stores.memory import MemoryStore
from sheets_sync.sync import synchronise

Grid = Sequence[Sequence[Cell]]
TAB = "Partners"


class Synced(NamedTuple):
    """What two syncs on one day reported, and what stood in the sheet after the first."""

    first: dict[str, Any]
    second: dict[str, Any]
    grid: Grid


def judge(
    grid: Grid, *, settings: Settings, today: date, date_system: Literal[1900, 1904] = 1900
) -> dict[str, Any]:
    """Sync a tracker whose only tab is the grid; what ``sync --json`` would print."""
    store = MemoryStore({TAB: grid}, date_system=date_system)
    return _sync(store, settings, today)


def sync_twice(
    grid: Grid, *, settings: Settings, today: date, date_system: Literal[1900, 1904] = 1900
) -> Synced:
    """Sync the same tracker twice on one day."""
    store = MemoryStore({TAB: grid}, date_system=date_system)
    first = _sync(store, settings, today)
    after = [list(row) for row in store.tabs[TAB]]
    return Synced(first, _sync(store, settings, today), after)


def _sync(store: MemoryStore, settings: Settings, today: date) -> dict[str, Any]:
    report: dict[str, Any] = report_json(
        synchronise(store, settings, lambda _zone: today), settings
    )
    return report
