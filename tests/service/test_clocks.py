"""Each job at its time, whatever the clocks do: once a slot, none lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from sheets_sync.model import DigestSettings, Settings
from sheets_sync.service import Watched
from sheets_sync.service.memory import Memory
from sheets_sync.service.times import Clocks, SteadyClock, moment, zone_of
from tests.service.computer import (
    DAY,
    HOUR,
    MINUTE,
    Computer,
    Jobs,
    Log,
    gaps,
    moment_in,
    run,
    serve_for,
    watched,
)

pytestmark = pytest.mark.usefixtures("quick_disk")

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
    serve_for(
        [watched(jobs, wanted)], tmp_path, moment_in(JERUSALEM, 2026, 11, 19, 0, 0), lasting=4 * DAY
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
    serve_for([wanted], tmp_path, moment_in("UTC", 2026, 11, 21, 0, 0), lasting=12 * HOUR)
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
    run(tmp_path, start, lasting=4 * DAY, jobs=jobs, at=at, prepare=_slow, every_minutes=60)
    days = [moment.date() for moment in jobs.digests if moment.date() >= first]
    assert days == [first + n * DAY for n in range(len(days))]
    assert len(days) >= 3
    assert set(gaps(jobs.syncs)) == {HOUR}


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
