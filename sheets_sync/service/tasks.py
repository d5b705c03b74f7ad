"""From a job that may fail to one that is done when it is due, and tried again when it failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sheets_sync.service.log import Log, kind_of
from sheets_sync.service.times import Due, SteadyClock

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

    def __init__(  # noqa: PLR0913 - what it does, when, and whom it tells
        self, name: str, job: Job, due: Due, *, clock: SteadyClock, log: Log, once: bool = False
    ) -> None:
        """``name`` is ``sync`` or ``digest``; it starts the names of the log's events.

        With ``once`` nothing is tried again.
        """
        self.name = name
        self.fault: Exception | None = None
        self._job, self._due, self._clock, self._log = job, due, clock, log
        self._once = once
        self._failures = 0
        self._not_before = 0.0
        self._hurry = False

    def look(self, *, hurry: bool = False) -> bool:
        """Do the job if it is time, or in a hurry; whether it was done, and well."""
        self._hurry |= hurry
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
        return self._hurry or self._due.is_due()

    def _failed(self, fault: Exception) -> None:
        self.fault = fault
        if self._once:
            self._log(f"{self.name}_not_done", {"kind": kind_of(fault)})
            return
        pause = _FIRST_PAUSE * 2 ** min(self._failures, _MOST_DOUBLINGS)
        pause = min(pause, self._due.longest_pause)
        self._failures += 1
        self._not_before = self._clock.seconds() + pause
        facts = {"kind": kind_of(fault), "failures": self._failures, "n": round(pause / 60)}
        self._log(f"{self.name}_failed", facts)

    def _succeeded(self, n: int) -> None:
        self.fault = None
        self._failures = 0
        self._hurry = False
        self._due.done()
        self._log(f"{self.name}_done", {"n": n})
