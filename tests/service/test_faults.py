"""What fails is tried again and keeps nothing else back; each run looks after a tracker alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import time_machine

from sheets_sync.errors import Busy, Forbidden, Unreachable
from sheets_sync.model import DigestSettings, Settings
from sheets_sync.service import Stop, Watched, run_once, serve
from sheets_sync.service.ping import Pinger
from sheets_sync.service.tasks import Task
from sheets_sync.service.times import Clocks, Every, SteadyClock
from tests.service.computer import (
    HOUR,
    MINUTE,
    Computer,
    Jobs,
    Log,
    gaps,
    moment_in,
    run,
    serve_for,
    settings,
    watched,
)

pytestmark = pytest.mark.usefixtures("quick_disk")
ROOT = Path(__file__).parents[2]

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
    both = [watched(bad, settings("UTC"), "a"), watched(good, settings("UTC"), "b")]
    serve_for(both, tmp_path, moment_in("UTC", 2026, 11, 21, 0, 0), lasting=HOUR)
    assert len(good.syncs) == 4


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device"), Forbidden("state_folder_unsafe", folder="x")]
)
def test_a_disk_that_takes_no_notes_does_not_end_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("sheets_sync.service.memory.write_file", fail)
    jobs = Jobs()
    run(tmp_path, moment_in("UTC", 2026, 11, 21, 0, 0), lasting=HOUR, jobs=jobs)
    assert len(jobs.syncs) == 4


def test_a_sync_that_failed_after_people_saved_is_tried_again_soon() -> None:
    jobs, seconds = Jobs(), [0.0]
    epoch = datetime(2026, 1, 1, tzinfo=UTC)
    clock = SteadyClock(Clocks(now=lambda: epoch, monotonic=lambda: seconds[0]))
    due = Every(15 * MINUTE, clock, last=epoch - MINUTE)
    task = Task("sync", jobs.sync, due, clock=clock, log=Log())
    done = []
    for moment, saved, fault in [
        (0, False, None),
        (5, True, Busy("open_elsewhere")),
        (30, False, None),
        (65, False, None),
        (125, False, None),
        (970, False, None),
    ]:
        seconds[0] = moment
        jobs.faults = {"sync": fault} if fault else {}
        task.look(hurry=saved)
        done.append(len(jobs.syncs))
    assert done == [0, 1, 1, 2, 2, 3]


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
                    timeout=30,
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


def test_once_promises_no_further_try(tmp_path: Path) -> None:
    jobs, log = Jobs(), Log()
    jobs.faults = {"sync": Busy("open_elsewhere"), "digest": Unreachable("x")}
    with time_machine.travel(moment_in("UTC", 2026, 11, 21, 8, 0)), pytest.raises(Busy):
        run_once([watched(jobs, settings("UTC"))], state=tmp_path, log=log)
    assert [event for event, _ in log.lines] == ["sync_not_done", "digest_not_done"]
    assert all("n" not in facts for _, facts in log.lines)


def test_once_that_is_told_to_end_finishes_its_sync_and_sends_nothing(tmp_path: Path) -> None:
    jobs = Jobs()

    def sync() -> int:
        signal.raise_signal(signal.SIGTERM)
        return jobs.sync()

    it = replace(watched(jobs, settings("UTC")), sync=sync)
    with time_machine.travel(moment_in("UTC", 2026, 11, 21, 8, 0)):
        run_once([it], state=tmp_path, log=Log())
    assert (len(jobs.syncs), len(jobs.digests)) == (1, 0)


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
