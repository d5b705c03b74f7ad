"""The background service: each job at its time, whatever clocks, files and servers do."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time as real_time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from sheets_sync.errors import Busy, Unreachable
from sheets_sync.model import LANGUAGES, DigestSettings, Settings
from sheets_sync.service import Stop, Watched, run_once, serve
from sheets_sync.service.changes import SETTLE, FileChanges
from sheets_sync.service.log import Facts, json_log, words_log
from sheets_sync.service.ping import Pinger
from sheets_sync.service.tasks import Memory
from sheets_sync.service.times import Clocks, SteadyClock, moment, zone_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROOT = Path(__file__).parent.parent


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


def run(  # noqa: PLR0913 - what a test says of its computer
    state: Path,
    start: datetime,
    *,
    lasting: timedelta,
    jobs: Jobs,
    log: Log | None = None,
    prepare: Callable[[Computer], object] = id,
    **more: object,
) -> None:
    """Let the service run on a pretended computer that stands in the time zone of ``start``."""
    options = {"at": "07:30", **more}
    with time_machine.travel(start, tick=False) as traveller:
        computer = Computer(traveller, lasting=lasting)
        prepare(computer)
        serve(
            [watched(jobs, settings(str(jobs.zone), **options))],  # type: ignore[arg-type] # any field
            state=state,
            log=log or Log(),
            clocks=computer.clocks,
            stop=computer,
        )


def watched(jobs: Jobs, wanted: Settings, tracker: str = "partners.xlsx") -> Watched:
    return Watched(tracker=tracker, settings=wanted, sync=jobs.sync, digest=jobs.digest)


def moment_in(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc] # year to minute


def gaps(moments: list[datetime]) -> list[timedelta]:
    """How long after the one before each thing happened, by UTC."""
    utc = [moment.astimezone(UTC) for moment in moments]
    return [after - before for before, after in pairwise(utc)]


HELSINKI, JERUSALEM = "Europe/Helsinki", "Asia/Jerusalem"


# An ordinary day, and a restart


def test_on_a_quiet_day_there_is_a_sync_a_period_and_one_digest(tmp_path: Path) -> None:
    jobs = Jobs(HELSINKI)
    run(tmp_path, moment_in(HELSINKI, 2026, 11, 21, 0, 0), lasting=DAY, jobs=jobs)
    assert set(gaps(jobs.syncs)) == {15 * MINUTE}
    assert len(jobs.syncs) == 96
    assert jobs.hours() == ["21. 07:30"]


def test_at_the_first_start_there_is_a_sync_at_once(tmp_path: Path) -> None:
    jobs = Jobs()
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 5, 0), lasting=MINUTE, jobs=jobs)
    assert len(jobs.syncs) == 1


@pytest.mark.parametrize(
    ("away", "minutes_to_sync"), [(timedelta(), 10), (4 * MINUTE, 6), (11 * MINUTE, 0), (DAY, 0)]
)
def test_after_a_restart_it_catches_up_once_with_what_is_older_than_its_period(
    tmp_path: Path, away: timedelta, minutes_to_sync: int
) -> None:
    start = moment_in("UTC", 2026, 11, 21, 8, 0)
    run(tmp_path, start, lasting=MINUTE, jobs=Jobs(), every_minutes=10)
    jobs = Jobs()
    run(tmp_path, start + away, lasting=11 * MINUTE, jobs=jobs, every_minutes=10)
    first = start + away + minutes_to_sync * MINUTE
    assert jobs.syncs[0] == first
    assert jobs.syncs[1:] in ([], [first + 10 * MINUTE])


def test_a_success_in_the_future_says_nothing(tmp_path: Path) -> None:
    run(tmp_path, moment_in("UTC", 2027, 1, 1, 8, 0), lasting=MINUTE, jobs=Jobs())
    jobs = Jobs()
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 8, 0), lasting=MINUTE, jobs=jobs)
    assert len(jobs.syncs) == len(jobs.digests) == 1


def test_a_restart_sends_no_second_digest_that_day(tmp_path: Path) -> None:
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 7, 0), lasting=HOUR, jobs=Jobs())
    jobs = Jobs()
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 9, 0), lasting=DAY, jobs=jobs)
    assert jobs.hours() == ["22. 07:30"]


def test_a_digest_whose_hour_passed_while_the_computer_was_off_goes_out_that_day(
    tmp_path: Path,
) -> None:
    jobs = Jobs()
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 11, 0), lasting=HOUR, jobs=jobs)
    assert jobs.hours() == ["21. 11:00"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"last_sync": 3, "last_digest": "x"}'])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 8, 0), lasting=MINUTE, jobs=Jobs())
    [kept] = (tmp_path / "watch").glob("*.json")
    kept.write_text(content)
    memory = Memory(tmp_path, "partners.xlsx")
    assert (memory.last_sync, memory.last_digest) == (None, None)


# Days of digests


def test_digests_go_out_on_the_working_days_of_the_country(tmp_path: Path) -> None:
    jobs = Jobs(JERUSALEM)
    wanted = Settings(timezone=JERUSALEM, country="IL", digest=DigestSettings())
    with time_machine.travel(moment_in(JERUSALEM, 2026, 11, 19, 0, 0), tick=False) as traveller:
        computer = Computer(traveller, lasting=4 * DAY)
        serve(
            [watched(jobs, wanted)],
            state=tmp_path,
            log=Log(),
            clocks=computer.clocks,
            stop=computer,
        )
    assert jobs.hours() == ["19. 07:30", "22. 07:30"]  # Thursday and Sunday


def test_the_hour_is_that_of_the_tracker_not_of_the_computer(tmp_path: Path) -> None:
    jobs = Jobs(JERUSALEM)
    run(tmp_path, moment_in("America/New_York", 2026, 11, 20, 18, 0), lasting=DAY, jobs=jobs)
    assert jobs.hours() == ["21. 07:30"]


def test_a_time_zone_that_the_tracker_tells_later_counts_from_then_on(tmp_path: Path) -> None:
    jobs, known = Jobs(HELSINKI), [None, HELSINKI]
    wanted = Watched(
        tracker="t",
        settings=Settings(digest=DigestSettings(days=tuple(range(7)))),
        sync=jobs.sync,
        digest=jobs.digest,
        timezone=lambda: known[bool(jobs.syncs)],
    )
    with time_machine.travel(moment_in("UTC", 2026, 11, 21, 0, 0), tick=False) as traveller:
        computer = Computer(traveller, lasting=12 * HOUR)
        serve([wanted], state=tmp_path, log=Log(), clocks=computer.clocks, stop=computer)
    assert jobs.hours() == ["21. 07:30"]


# Clocks that are set, and computers that sleep


def test_three_days_asleep_are_one_sync_and_one_digest(tmp_path: Path) -> None:
    jobs = Jobs(HELSINKI)
    run(
        tmp_path,
        moment_in(HELSINKI, 2026, 11, 21, 7, 0),
        lasting=3 * HOUR,
        jobs=jobs,
        prepare=lambda computer: computer.at(HOUR, 3 * DAY),
    )
    assert jobs.hours() == ["21. 07:30", "24. 08:00"]
    assert max(gaps(jobs.syncs)) == 3 * DAY + 15 * MINUTE
    assert len(jobs.syncs) == 12


def test_a_clock_set_back_two_hours_neither_stops_nor_doubles_anything(tmp_path: Path) -> None:
    jobs, log = Jobs(), Log()
    run(
        tmp_path,
        moment_in("UTC", 2026, 11, 21, 7, 0),
        lasting=4 * HOUR,
        jobs=jobs,
        log=log,
        prepare=lambda computer: computer.at(HOUR, -2 * HOUR),
    )
    assert len(jobs.syncs) == 16
    assert jobs.hours() == ["21. 07:30"]
    assert log.names().count("clock_went_back") == 1


def test_a_clock_set_back_over_midnight_sends_no_second_digest(tmp_path: Path) -> None:
    jobs = Jobs()
    run(
        tmp_path,
        moment_in("UTC", 2026, 11, 21, 0, 0),
        lasting=12 * HOUR,
        jobs=jobs,
        at="00:30",
        prepare=lambda computer: computer.at(HOUR, -2 * HOUR),
    )
    assert jobs.hours() == ["21. 00:30"]


def test_a_clock_set_forward_two_hours_is_one_sync_and_no_lost_digest(tmp_path: Path) -> None:
    jobs = Jobs()
    run(
        tmp_path,
        moment_in("UTC", 2026, 11, 21, 6, 0),
        lasting=4 * HOUR,
        jobs=jobs,
        prepare=lambda computer: computer.at(65 * MINUTE, 2 * HOUR),
    )
    assert jobs.hours() == ["21. 09:05"]
    assert set(gaps(jobs.syncs)) == {15 * MINUTE, 2 * HOUR + 5 * MINUTE}


def test_a_clock_that_was_years_ahead_when_set_right_does_not_silence_the_digest(
    tmp_path: Path,
) -> None:
    jobs = Jobs()
    run(
        tmp_path,
        moment_in("UTC", 2030, 1, 1, 8, 0),
        lasting=2 * HOUR,
        jobs=jobs,
        prepare=lambda computer: computer.at(HOUR, -1000 * DAY),
    )
    assert len(jobs.digests) == 2


def test_a_clock_set_back_and_forth_all_day_keeps_the_period(tmp_path: Path) -> None:
    def prepare(computer: Computer) -> None:
        for hour in range(1, 24):
            computer.at(hour * HOUR, 2 * HOUR if hour % 2 else -2 * HOUR)

    jobs = Jobs()
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 0, 0), lasting=DAY, jobs=jobs, prepare=prepare)
    assert 96 <= len(jobs.syncs) <= 96 + 12
    assert len(jobs.digests) == 1


NIGHTS = [
    (HELSINKI, (2026, 3, 28, 12, 0)),
    (HELSINKI, (2026, 10, 24, 12, 0)),
    (JERUSALEM, (2026, 3, 26, 12, 0)),
    (JERUSALEM, (2026, 10, 24, 12, 0)),
]
"""The noons before the clocks change."""


@pytest.mark.parametrize(("zone", "noon"), NIGHTS)
@pytest.mark.parametrize("at", ["01:30", "02:30", "03:30", "07:30"])
@pytest.mark.parametrize("here", ["same", "UTC"])
def test_when_the_clocks_change_each_day_has_one_digest_and_no_sync_is_lost(
    tmp_path: Path, zone: str, noon: tuple[int, ...], at: str, here: str
) -> None:
    jobs = Jobs(zone)
    start = moment_in(zone, *noon)
    first = start.date() + DAY
    if here == "UTC":
        start = start.astimezone(ZoneInfo("UTC"))
    run(tmp_path, start, lasting=4 * DAY, jobs=jobs, at=at, prepare=_slow)
    days = [moment.date() for moment in jobs.digests if moment.date() >= first]
    assert days == [first + n * DAY for n in range(len(days))]
    assert len(days) >= 3
    assert set(gaps(jobs.syncs)) == {15 * MINUTE}


def _slow(computer: Computer) -> None:
    computer.step = 5 * MINUTE


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        (HELSINKI, date(2026, 3, 29), "03:30", "01:30"),  # there is no 03:30: it is 04:30
        (HELSINKI, date(2026, 3, 29), "04:00", "01:00"),
        (HELSINKI, date(2026, 10, 25), "03:30", "00:30"),  # the first of two
        (JERUSALEM, date(2026, 3, 27), "02:30", "00:30"),
        (JERUSALEM, date(2026, 10, 25), "01:30", "22:30"),
    ],
)
def test_an_hour_that_is_not_there_or_there_twice_is_one_moment(
    zone: str, day: date, at: str, utc: str
) -> None:
    assert f"{moment(day, time.fromisoformat(at), ZoneInfo(zone)):%H:%M}" == utc


def test_without_a_time_zone_the_computers_own_counts() -> None:
    with time_machine.travel(moment_in(JERUSALEM, 2026, 11, 21, 0, 0), tick=False):
        assert f"{moment(date(2026, 11, 21), time(7, 30), zone_of(None)):%H:%M}" == "05:30"
    assert zone_of("Nowhere/At_All") is None


def test_the_steady_clock_never_goes_back_and_sees_sleep() -> None:
    shown = [0.0, 0.0]
    epoch = datetime(2026, 1, 1, tzinfo=UTC)
    clock = SteadyClock(
        Clocks(now=lambda: epoch + timedelta(seconds=shown[0]), monotonic=lambda: shown[1])
    )
    seen = []
    for wall, steady in [(10, 10), (-7200, 20), (-7190, 30), (4000, 31), (4001, 40)]:
        shown[:] = [wall, steady]
        seen.append(clock.seconds())
    assert seen == [10, 20, 30, 30 + 11190, 30 + 11190 + 9]


# Faults


def test_a_failing_job_pauses_longer_each_time_up_to_its_period(tmp_path: Path) -> None:
    jobs = Jobs()
    jobs.faults["sync"] = Busy("open_elsewhere", who="Somebody")
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 0, 0), lasting=HOUR, jobs=jobs)
    assert gaps(jobs.syncs) == [n * MINUTE for n in (1, 2, 4, 8, 15, 15)]


def test_a_failing_sync_does_not_keep_the_digest_back(tmp_path: Path) -> None:
    jobs = Jobs()
    jobs.faults["sync"] = RuntimeError("x")
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 7, 0), lasting=HOUR, jobs=jobs)
    assert jobs.hours() == ["21. 07:30"]


def test_a_failing_digest_is_tried_again_that_day_and_keeps_no_sync_back(tmp_path: Path) -> None:
    jobs = Jobs()
    jobs.faults["digest"] = Unreachable("x")

    def prepare(computer: Computer) -> None:
        computer.events.append((40 * MINUTE, jobs.faults.clear))

    start = moment_in("UTC", 2026, 11, 21, 7, 0)
    run(tmp_path, start, lasting=2 * HOUR, jobs=jobs, prepare=prepare)
    assert jobs.hours() == [f"21. 07:{minute}" for minute in (30, 31, 33, 37, 45)]
    assert set(gaps(jobs.syncs)) == {15 * MINUTE}


def test_after_a_success_the_pauses_start_anew(tmp_path: Path) -> None:
    jobs = Jobs()
    busy = Busy("open_elsewhere")
    jobs.faults["sync"] = busy

    def prepare(computer: Computer) -> None:
        computer.events.append((5 * MINUTE, jobs.faults.clear))
        computer.events.append((10 * MINUTE, lambda: jobs.faults.update(sync=busy)))

    start = moment_in("UTC", 2026, 11, 21, 0, 0)
    run(tmp_path, start, lasting=30 * MINUTE, jobs=jobs, prepare=prepare)
    assert gaps(jobs.syncs) == [n * MINUTE for n in (1, 2, 4, 15, 1, 2, 4)]


def test_a_failing_tracker_does_not_keep_the_others_back(tmp_path: Path) -> None:
    bad, good = Jobs(), Jobs()
    bad.faults["sync"] = RuntimeError("x")
    with time_machine.travel(moment_in("UTC", 2026, 11, 21, 0, 0), tick=False) as traveller:
        computer = Computer(traveller, lasting=HOUR)
        serve(
            [watched(bad, settings("UTC"), "a"), watched(good, settings("UTC"), "b")],
            state=tmp_path,
            log=Log(),
            clocks=computer.clocks,
            stop=computer,
        )
    assert len(good.syncs) == 4


def test_a_full_disk_does_not_end_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sheets_sync.service.tasks.write_file", full)
    jobs = Jobs()
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 0, 0), lasting=HOUR, jobs=jobs)
    assert len(jobs.syncs) == 4


# The log


def test_the_log_tells_kinds_and_numbers_but_nothing_that_an_error_says(tmp_path: Path) -> None:
    stream = io.StringIO()
    jobs = Jobs()
    jobs.faults["sync"] = Busy("open_elsewhere", who="CANARY")
    jobs.faults["digest"] = RuntimeError("CANARY")
    with time_machine.travel(moment_in("UTC", 2026, 11, 21, 8, 0), tick=False) as traveller:
        computer = Computer(traveller, lasting=10 * MINUTE)
        serve(
            [watched(jobs, settings("UTC"), "https://docs.google.com/spreadsheets/d/CANARY/edit")],
            state=tmp_path,
            log=json_log(stream, now=computer.clocks.now),
            clocks=computer.clocks,
            stop=computer,
        )
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert "CANARY" not in stream.getvalue()
    assert [line["event"] for line in lines[:3]] == ["started", "sync_failed", "digest_failed"]
    assert (lines[1]["kind"], lines[1]["n"]) == ("open_elsewhere", 1)
    assert lines[2]["kind"] == "RuntimeError"
    assert lines[1]["time"] == "2026-11-21T08:00:00Z"
    assert lines[-1]["event"] == "stopped"


def test_the_log_in_words_counts(tmp_path: Path) -> None:
    del tmp_path
    told: list[str] = []
    words_log(told.append, "en")("sync_done", {"tracker": "t", "n": 1})
    words_log(told.append, "en")("sync_done", {"tracker": "t", "n": 4})
    assert told == ["Synced; 1 cell was written.", "Synced; 4 cells were written."]


# One service a tracker


def test_a_second_service_for_a_tracker_is_turned_away(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from sheets_sync.errors import Busy; from sheets_sync.model import Settings;"
        "from sheets_sync.service import Watched, serve;"
        "it = Watched(tracker='t', settings=Settings(), sync=lambda: 0)\n"
        "try: serve([it], state=Path(sys.argv[1]), log=print)\n"
        "except Busy as busy: sys.exit(busy.kind)"
    )
    ran: list[subprocess.CompletedProcess[str]] = []

    class Once(Stop):
        def wait(self, seconds: float) -> None:
            del seconds
            ran.append(
                subprocess.run(
                    [sys.executable, "-c", code, str(tmp_path)],
                    capture_output=True,
                    text=True,
                    check=False,
                    cwd=ROOT,
                )
            )
            self.ask()

    it = Watched(tracker="t", settings=Settings(), sync=lambda: 0)
    serve([it], state=tmp_path, log=Log(), stop=Once())
    assert ran[0].stderr.strip() == "another_service"
    assert ran[0].stdout == ""


def test_a_run_by_hand_may_go_on_beside_the_service(tmp_path: Path) -> None:
    from sheets_sync.stores.locks import run_lock

    def sync() -> int:
        with run_lock(tmp_path, "t"):
            return 1

    log = Log()
    run_once([Watched(tracker="t", settings=Settings(), sync=sync)], state=tmp_path, log=log)
    assert log.names() == ["sync_done"]


# --once


def test_once_syncs_whatever_was_done_before_and_sends_what_is_due(tmp_path: Path) -> None:
    jobs = Jobs()
    for hour in (7, 8, 8, 9):
        with time_machine.travel(moment_in("UTC", 2026, 11, 21, hour, 0), tick=False):
            run_once([watched(jobs, settings("UTC"))], state=tmp_path, log=Log())
    assert len(jobs.syncs) == 4
    assert jobs.hours() == ["21. 08:00"]


def test_once_does_all_jobs_and_then_raises_the_first_fault(tmp_path: Path) -> None:
    bad, good = Jobs(), Jobs()
    bad.faults["sync"] = Busy("open_elsewhere")
    both = [watched(bad, settings("UTC"), "a"), watched(good, settings("UTC"), "b")]
    with (
        time_machine.travel(moment_in("UTC", 2026, 11, 21, 8, 0), tick=False),
        pytest.raises(Busy) as caught,
    ):
        run_once(both, state=tmp_path, log=Log())
    assert caught.value.kind == "open_elsewhere"
    assert [len(bad.digests), len(good.syncs), len(good.digests)] == [1, 1, 1]


# Files that people save


class News:
    """A file, what is heard of it, and a clock in seconds."""

    def __init__(self, file: Path) -> None:
        """The file as it stands is known."""
        self.file, self.seconds = file, 0.0
        file.write_bytes(b"first")
        epoch = datetime(2026, 1, 1, tzinfo=UTC)
        clock = SteadyClock(Clocks(now=lambda: epoch, monotonic=lambda: self.seconds))
        self.changes = FileChanges(file, clock, Log())

    def save(self, content: bytes) -> None:
        """Save the file, by putting a new one in its place."""
        fresh = self.file.with_suffix(".tmp")
        fresh.write_bytes(content)
        fresh.replace(self.file)
        self.changes.news.set()

    def after(self, seconds: float) -> bool:
        """Whether there are changes when so much time has passed."""
        self.changes.are_there()
        self.seconds += seconds
        return self.changes.are_there()


def test_a_saved_file_is_due_once_it_has_settled(tmp_path: Path) -> None:
    news = News(tmp_path / "p.xlsx")
    assert not news.after(10)
    news.save(b"second")
    assert not news.after(SETTLE - 0.5)
    news.save(b"third")
    assert not news.after(SETTLE - 0.5)
    assert news.after(0.5)
    assert not news.after(10)


def test_our_own_save_is_no_change(tmp_path: Path) -> None:
    news = News(tmp_path / "p.xlsx")
    news.save(b"ours")
    news.changes.synced()
    assert not news.after(SETTLE)


def test_a_file_that_is_away_for_a_moment_is_no_change(tmp_path: Path) -> None:
    news = News(tmp_path / "p.xlsx")
    news.file.unlink()
    news.changes.news.set()
    assert not news.after(SETTLE)


def test_news_of_a_lock_that_went_makes_a_waiting_change_due(tmp_path: Path) -> None:
    news = News(tmp_path / "p.xlsx")
    news.save(b"theirs")
    assert news.after(SETTLE)  # the sync finds it open, and fails
    news.changes.news.set()
    assert news.after(SETTLE)


class Patient(Stop):
    """Really waits, until something has happened or ten seconds are over."""

    def __init__(self, enough: Callable[[], bool]) -> None:
        """Stop when there is enough."""
        super().__init__()
        self.enough, self.end = enough, real_time.monotonic() + 10

    def wait(self, seconds: float) -> None:
        """Wait for real, in small steps."""
        super().wait(min(seconds, 0.05))
        if self.enough() or real_time.monotonic() > self.end:
            self.ask()


def test_a_file_is_synced_a_few_seconds_after_people_save_it_and_not_after_our_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheets_sync.service.TICK", 1)
    monkeypatch.setattr("sheets_sync.service.changes.SETTLE", 0.2)
    file = tmp_path / "folder" / "p.xlsx"
    file.parent.mkdir()
    file.write_bytes(b"0")
    done: list[bytes] = []

    def sync() -> int:
        done.append(file.read_bytes())
        fresh = file.with_name("fresh")
        fresh.write_bytes(b"ours")
        fresh.replace(file)
        return 1

    saver = threading.Timer(1.0, file.write_bytes, [b"theirs"])
    saver.start()
    it = Watched(tracker="t", settings=Settings(), sync=sync, file=file)
    started = real_time.monotonic()
    after_last: list[float] = []

    def enough() -> bool:
        if len(done) >= 2 and not after_last:
            after_last.append(real_time.monotonic())
        return bool(after_last) and real_time.monotonic() > after_last[0] + 2.5

    serve([it], state=tmp_path / "state", log=Log(), stop=Patient(enough))
    assert done == [b"0", b"theirs"]
    assert real_time.monotonic() - started < 10


def test_a_folder_that_cannot_be_listened_to_leaves_the_schedule(tmp_path: Path) -> None:
    log = Log()
    file = tmp_path / "nowhere" / "p.xlsx"
    done: list[int] = []
    it = Watched(tracker="t", settings=Settings(), sync=lambda: len(done) or 0, file=file)
    serve([it], state=tmp_path, log=log, stop=Patient(lambda: "not_listening" in log.names()))
    assert "not_listening" in log.names()
    assert "sync_done" in log.names()


# Signals


SERVICE = (
    "import sys, time; from pathlib import Path; from sheets_sync.model import Settings;"
    "from sheets_sync.service import Watched, serve\n"
    "def sync():\n"
    "    print('syncing', flush=True); time.sleep(float(sys.argv[2])); print('saved', flush=True)\n"
    "    return 0\n"
    "serve([Watched(tracker='t', settings=Settings(), sync=sync)], state=Path(sys.argv[1]),"
    " log=lambda event, facts: print(event, flush=True))\n"
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVICE, str(tmp_path), str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def lines_until(process: subprocess.Popen[str], last: str) -> list[str]:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if lines[-1] == last:
            break
    return lines


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_an_idle_service_within_a_second(
    service: Callable[[float], subprocess.Popen[str]], number: signal.Signals
) -> None:
    process = service(0.0)
    lines_until(process, "sync_done")
    asked = real_time.monotonic()
    os.kill(process.pid, number)
    assert process.wait(5) == 0
    assert real_time.monotonic() - asked < 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_a_signal_in_the_middle_of_a_save_waits_for_it(
    service: Callable[[float], subprocess.Popen[str]],
) -> None:
    process = service(0.5)
    lines_until(process, "syncing")
    os.kill(process.pid, signal.SIGTERM)
    assert lines_until(process, "stopped") == ["saved", "sync_done", "stopped"]
    assert process.wait(5) == 0


# The dead man's switch


@pytest.fixture
def switch() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server calls
            asked.append(self.path)
            self.send_response(500 if "bad" in self.path else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_good_sync_pings_and_a_bad_one_does_not(
    tmp_path: Path, switch: tuple[str, list[str]]
) -> None:
    address, asked = switch
    jobs = Jobs()
    wanted = [watched(jobs, Settings(ping_url=f"{address}/good", digest=DigestSettings()))]
    run_once(wanted, state=tmp_path, log=Log())
    jobs.faults["sync"] = Busy("open_elsewhere")
    with pytest.raises(Busy):
        run_once(wanted, state=tmp_path, log=Log())
    assert asked == ["/good"]


@pytest.mark.parametrize("path", ["/bad", None])
def test_a_ping_that_fails_is_logged_without_its_address(
    switch: tuple[str, list[str]], path: str | None
) -> None:
    address = f"{switch[0]}{path}" if path else "http://127.0.0.1:1/"
    log = Log()
    pinger = Pinger(address, log)
    pinger.start()
    pinger.finish()
    [(event, facts)] = log.lines
    assert event == "ping_failed"
    assert address not in str(facts)
