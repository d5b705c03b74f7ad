"""A service that is told to end finishes what it has in hand, and is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time as real_time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

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
    guards: list[threading.Timer] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVICE, str(tmp_path), str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        guards.append(threading.Timer(30, process.kill))
        guards[-1].start()
        return process

    yield start
    for guard in guards:
        guard.cancel()
        guard.join()
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
