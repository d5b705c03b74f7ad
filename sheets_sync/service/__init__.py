"""From jobs and settings to the background service: each job at its time, until told to stop."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING

from sheets_sync.errors import Busy
from sheets_sync.model import Settings
from sheets_sync.service.changes import Changes, FileChanges, NoChanges
from sheets_sync.service.log import Log
from sheets_sync.service.memory import Memory
from sheets_sync.service.ping import Pinger
from sheets_sync.service.tasks import Job, Task
from sheets_sync.service.times import Clocks, Daily, Every, SteadyClock, zone_of
from sheets_sync.stores.locks import run_lock
from sheets_sync.stores.private import key_of
from sheets_sync.workdays import workdays_of

if TYPE_CHECKING:
    from schedule import Scheduler

TICK = 1
"""Seconds from one look at what is due to the next."""
_LONGEST_WAIT = 0.5 if sys.platform == "win32" else TICK
"""Seconds. On Windows a signal is only handled when a wait is over."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A tracker that the service looks after.

    ``tracker`` is its resolved path or its id. ``sync`` and ``digest`` do the work and answer
    how many cells they wrote, how many mails they sent; ``digest`` is None where no mail is set
    up. ``timezone`` tells the tracker's own time zone, as far as known. ``file`` is listened to;
    ``version`` tells the digest of its content as the last job left it.
    """

    tracker: str
    settings: Settings
    sync: Job
    digest: Job | None = None
    timezone: Callable[[], str | None] = lambda: None
    file: Path | None = None
    version: Callable[[], str | None] = lambda: None


class Stop:
    """Waits, and tells when to end. Signals may ask for it at any moment.

    A SimpleQueue may be filled inside a signal handler; an Event may not: its lock could be
    held by the very code that the signal interrupted.
    """

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.asked = False
        self._asks: SimpleQueue[None] = SimpleQueue()

    def ask(self, *_: int | FrameType | None) -> None:
        """End as soon as the job in hand is done."""
        self.asked = True
        self._asks.put(None)

    def wait(self, seconds: float) -> None:
        """Wait, but not on when asked to stop."""
        try:
            self._asks.get(timeout=min(seconds, _LONGEST_WAIT))
        except Empty:
            return


COMPUTER = Clocks(now=lambda: datetime.now(UTC), monotonic=time.monotonic)


def serve(
    watched: Sequence[Watched],
    *,
    state: Path,
    log: Log,
    clocks: Clocks = COMPUTER,
    stop: Stop | None = None,
) -> None:
    """Look after trackers until asked to stop, by SIGTERM or SIGINT or through ``stop``.

    Raises Busy, before anything is done, when another service looks after one of them.
    """
    stop = stop or Stop()
    clock = SteadyClock(clocks)
    with ExitStack() as held, stopped_by_signals(stop):
        for each in watched:
            held.enter_context(_alone(state, each.tracker))
        duties = [Duty(each, state=state, clock=clock, log=log) for each in watched]
        for duty in duties:
            held.callback(duty.start())
        _run(duties, stop, log)
        log("stopped", {})


def run_once(
    watched: Sequence[Watched], *, state: Path, log: Log, clocks: Clocks = COMPUTER
) -> None:
    """Sync each tracker now, and send what digests are due: for an outside scheduler.

    One fault does not keep the other jobs from running; the first is raised in the end.
    """
    faults: list[Exception] = []
    stop = Stop()
    with stopped_by_signals(stop):
        for each in watched:
            try:
                with _alone(state, each.tracker):
                    duty = Duty(each, state=state, clock=SteadyClock(clocks), log=log, once=True)
                    faults += _do_once(duty, stop)
            except Busy as busy:
                name_in_log(log, each)("sync_not_done", {"kind": busy.kind})
                faults.append(busy)
    if faults:
        raise faults[0]


def _do_once(duty: Duty, stop: Stop) -> list[Exception]:
    if not stop.asked:
        duty.look_at_sync(hurry=True)
    if not stop.asked:
        duty.look_at_digest()
    duty.ping.finish()
    return [task.fault for task in duty.tasks if task.fault]


class Duty:
    """What the service does for one tracker."""

    def __init__(
        self, watched: Watched, *, state: Path, clock: SteadyClock, log: Log, once: bool = False
    ) -> None:
        """Take up where the last service of this tracker left off; ``once`` tries nothing again."""
        self._watched, self._clock = watched, clock
        self._log = name_in_log(log, watched)
        self._memory = Memory(state, watched.tracker)
        self._changes: Changes = NoChanges()
        self.ping = Pinger(watched.settings.ping_url, self._log)
        period = timedelta(minutes=watched.settings.every_minutes)
        every = Every(period, clock, last=self._memory.last_sync)
        make_task = partial(Task, clock=clock, log=self._log, once=once)
        self._sync = make_task("sync", watched.sync, every)
        self._daily = self._make_daily()
        self._digest = watched.digest and make_task("digest", watched.digest, self._daily)
        self.tasks = [task for task in (self._sync, self._digest) if task]

    def start(self) -> Callable[[], None]:
        """Start listening to the file; the answer ends that."""
        self._log("started", {"n": self._watched.settings.every_minutes})
        if self._watched.file is None:
            return lambda: None
        changes = FileChanges(self._watched.file, self._log, known=self._memory.version)
        changes.start()
        self._changes = changes
        return changes.stop

    def look_at_sync(self, *, hurry: bool = False) -> None:
        """Sync if it is time, if people saved the file, or in a hurry."""
        if self._sync.look(hurry=hurry or self._changes.are_there()):
            version = self._watched.version()
            self._changes.synced(version)
            self._memory.note_sync(self._clock.now(), version=version)
            self.ping.start()

    def look_at_digest(self) -> None:
        """Send the digests if it is time."""
        if self._digest and self._digest.look():
            version = self._watched.version()
            self._changes.synced(version)
            self._memory.note_digest(self._daily.last, version=version)

    def _make_daily(self) -> Daily:
        settings, timezone = self._watched.settings, self._watched.timezone
        return Daily(
            settings.digest.at,
            self._clock,
            is_day=lambda day: _is_digest_day(day, settings),
            zone=lambda: zone_of(settings.timezone or timezone()),
            last=self._memory.last_digest,
        )


def _run(duties: Sequence[Duty], stop: Stop, log: Log) -> None:
    """Let ``schedule`` ask each duty, every tick, whether something is due."""
    from schedule import Scheduler

    scheduler = Scheduler()
    looks = [look for duty in duties for look in (duty.look_at_sync, duty.look_at_digest)]
    _begin(scheduler, looks, stop)
    while not stop.asked:
        stop.wait(max(0.0, min(scheduler.idle_seconds or 0.0, TICK)))
        scheduler.run_pending()
        if (scheduler.idle_seconds or 0.0) > 2 * TICK:
            # The clock went back, be it by an hour in autumn; schedule would wait until it is
            # as late again.
            log("clock_went_back", {})
            _begin(scheduler, looks, stop)


def _begin(scheduler: Scheduler, looks: Sequence[Callable[[], None]], stop: Stop) -> None:
    """Look now, and from now on every tick."""

    def unless_stopped(look: Callable[[], None]) -> None:
        if not stop.asked:
            look()

    scheduler.clear()
    for look in looks:
        scheduler.every(TICK).seconds.do(unless_stopped, look)
    scheduler.run_all()


def _is_digest_day(day: date, settings: Settings) -> bool:
    if settings.digest.days is not None:
        return day.weekday() in settings.digest.days
    return workdays_of(settings.country).is_working(day)


def name_in_log(log: Log, watched: Watched) -> Log:
    """The log, with the tracker on each line; a Google Sheet's id may open it, so its hash is."""
    key = key_of(watched.tracker)
    tracker = key if watched.file else key.rpartition("-")[2]
    return lambda event, facts: log(event, {"tracker": tracker, **facts})


@contextmanager
def _alone(state: Path, tracker: str) -> Iterator[None]:
    """Hold the tracker for this service. Single runs have a lock of their own, and may go on."""
    with ExitStack() as held:
        try:
            held.enter_context(run_lock(state, f"{tracker}#watch"))
        except Busy as busy:
            raise Busy("another_service", tracker=tracker) from busy
        yield


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """SIGTERM and SIGINT ask to stop; a second SIGINT, from somebody impatient, ends at once."""

    def interrupted(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop.ask(number, frame)

    handlers: dict[int, Callable[[int, FrameType | None], None]] = {
        signal.SIGTERM: stop.ask,
        signal.SIGINT: interrupted,
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
