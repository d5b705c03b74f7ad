"""From a job that may fail to one that is done when it is due, and tried again when it failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from sheets_sync.service.log import Log, kind_of
from sheets_sync.service.times import Due, SteadyClock
from sheets_sync.stores.private import key_of, make_folder, read_file, write_file

Job: TypeAlias = Callable[[], int]
"""Does its work and answers how many cells were written or mails sent."""

_FIRST_PAUSE = 60.0
"""Seconds; each further failure doubles it."""
_MOST_DOUBLINGS = 10


class Task:
    """A job, when it is due, and how it fared.

    Its faults end here: one that came out of a scheduler's ``run_pending`` would keep the other
    jobs from running.
    """

    def __init__(self, name: str, job: Job, due: Due, *, clock: SteadyClock, log: Log) -> None:
        """``name`` is ``sync`` or ``digest``; it starts the names of the log's events."""
        self.name = name
        self.fault: Exception | None = None
        self._job, self._due, self._clock, self._log = job, due, clock, log
        self._failures = 0
        self._not_before = 0.0

    def look(self, *, hurry: bool = False) -> bool:
        """Do the job if it is time, or in a hurry; whether it was done, and well."""
        try:
            if not hurry and not self._is_time():
                return False
            n = self._job()
        except Exception as fault:  # noqa: BLE001 - the service never ends because one job failed
            self._failed(fault)
            return False
        self._succeeded(n)
        return True

    def _is_time(self) -> bool:
        if self._failures and self._clock.seconds() < self._not_before:
            return False
        return self._due.is_due()

    def _failed(self, fault: Exception) -> None:
        pause = _FIRST_PAUSE * 2 ** min(self._failures, _MOST_DOUBLINGS)
        pause = min(pause, self._due.longest_pause)
        self.fault = fault
        self._failures += 1
        self._not_before = self._clock.seconds() + pause
        facts = {"kind": kind_of(fault), "failures": self._failures, "n": round(pause / 60)}
        self._log(f"{self.name}_failed", facts)

    def _succeeded(self, n: int) -> None:
        self.fault = None
        self._failures = 0
        self._due.done()
        self._log(f"{self.name}_done", {"n": n})


class Memory:
    """What the service knows of a tracker after a restart: its last sync, its last digest."""

    def __init__(self, state: Path, tracker: str) -> None:
        """Read what is known; where nothing can be read, nothing is known."""
        self._path = make_folder(state, "watch") / f"{key_of(tracker)}.json"
        self._known = _read(self._path)

    @property
    def last_sync(self) -> datetime | None:
        """When the tracker was last synced, in UTC."""
        try:
            return datetime.fromisoformat(self._known["last_sync"]).astimezone(UTC)
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def last_digest(self) -> date | None:
        """The last day whose digests went out."""
        try:
            return date.fromisoformat(self._known["last_digest"])
        except (KeyError, TypeError, ValueError):
            return None

    def note(self, **what: date | None) -> None:
        """Remember a moment or a day; a full disk is no reason to end the service."""
        self._known |= {name: day.isoformat() for name, day in what.items() if day}
        with suppress(OSError):
            write_file(self._path, json.dumps(self._known).encode())


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(read_file(path))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
