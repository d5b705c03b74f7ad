"""A pretended computer for the service to run on, jobs that note when they were done, and a log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

from sheets_sync.model import LANGUAGES, DigestSettings, Settings
from sheets_sync.service import Stop, Watched, serve
from sheets_sync.service.log import Facts, words_log
from sheets_sync.service.log import Log as AnyLog
from sheets_sync.service.times import Clocks

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Computer(Stop):
    """A computer whose clock only moves while the service waits; it ends after ``until``.

    ``events`` are things that happen when so much time has passed: the clock is set, or the
    computer sleeps, which its monotonic clock does not see.
    """

    def __init__(self, traveller: time_machine.Traveller, *, lasting: timedelta) -> None:
        """Start at the traveller's time."""
        super().__init__()
        self.traveller, self.lasting = traveller, lasting
        self.passed = timedelta()
        self.clocks = Clocks(now=lambda: datetime.now(UTC), monotonic=self.monotonic)
        self.events: list[tuple[timedelta, Callable[[], None]]] = []
        self.step = MINUTE

    def monotonic(self) -> float:
        """Seconds that the computer was awake."""
        return self.passed.total_seconds()

    def wait(self, seconds: float) -> None:
        """Let a minute pass instead of a second or two: the computer is slow."""
        del seconds
        self.passed += self.step
        self.traveller.shift(self.step)
        while self.events and self.passed >= self.events[0][0]:
            self.events.pop(0)[1]()
        if self.passed >= self.lasting:
            self.ask()

    def at(self, when: timedelta, shift: timedelta) -> None:
        """Move the clock alone: it is set, or the computer sleeps."""
        self.events.append((when, lambda: self.traveller.shift(shift)))


class Jobs:
    """Jobs that note when they were done, in the local time of a zone; some calls may fail."""

    def __init__(self, zone: str = "UTC") -> None:
        """Nothing has been done yet."""
        self.zone = ZoneInfo(zone)
        self.syncs: list[datetime] = []
        self.digests: list[datetime] = []
        self.faults: dict[str, Exception] = {}

    def sync(self) -> int:
        """Note a sync."""
        self.syncs.append(datetime.now(self.zone))
        if "sync" in self.faults:
            raise self.faults["sync"]
        return 3

    def digest(self) -> int:
        """Note a digest."""
        self.digests.append(datetime.now(self.zone))
        if "digest" in self.faults:
            raise self.faults["digest"]
        return 2

    def hours(self) -> list[str]:
        """When the digests went out."""
        return [f"{moment:%d. %H:%M}" for moment in self.digests]


class Log:
    """The events of a log."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self.lines: list[tuple[str, Facts]] = []

    def __call__(self, event: str, facts: Facts) -> None:
        """Keep an event, and make sure that it can be worded."""
        self.lines.append((event, facts))
        for language in LANGUAGES:
            words_log(str, language)(event, facts)

    def names(self) -> list[str]:
        """The events' names."""
        return [event for event, _ in self.lines]


def settings(zone: str, at: str = "07:30", **more: object) -> Settings:
    hour = DigestSettings(at=time.fromisoformat(at), days=tuple(range(7)))
    return Settings(timezone=zone, digest=hour, **more)  # type: ignore[arg-type] # any field


def serve_for(  # noqa: PLR0913 - what a test says of its computer
    watched: Sequence[Watched],
    state: Path,
    start: datetime,
    *,
    lasting: timedelta,
    log: AnyLog | None = None,
    prepare: Callable[[Computer], object] = id,
) -> None:
    """Let the service run on a pretended computer that stands in the time zone of ``start``."""
    with time_machine.travel(start, tick=False) as traveller:
        computer = Computer(traveller, lasting=lasting)
        prepare(computer)
        serve(watched, state=state, log=log or Log(), clocks=computer.clocks, stop=computer)


def run(  # noqa: PLR0913 - what a test says of its computer
    state: Path,
    start: datetime,
    *,
    lasting: timedelta,
    jobs: Jobs,
    log: AnyLog | None = None,
    prepare: Callable[[Computer], object] = id,
    **more: object,
) -> None:
    """Let the service do these jobs; ``more`` are settings."""
    options = {"at": "07:30", **more}
    wanted = settings(str(jobs.zone), **options)  # type: ignore[arg-type] # any field
    serve_for([watched(jobs, wanted)], state, start, lasting=lasting, log=log, prepare=prepare)


def watched(jobs: Jobs, wanted: Settings, tracker: str = "partners.xlsx") -> Watched:
    return Watched(tracker=tracker, settings=wanted, sync=jobs.sync, digest=jobs.digest)


def moment_in(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc] # year to minute


def gaps(moments: list[datetime]) -> list[timedelta]:
    """How long after the one before each thing happened, by UTC."""
    utc = [moment.astimezone(UTC) for moment in moments]
    return [after - before for before, after in pairwise(utc)]
