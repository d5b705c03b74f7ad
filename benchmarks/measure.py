"""From a command to what one run of it cost: seconds, processor seconds and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple


class Cost(NamedTuple):
    """What one process took: wall clock and processor seconds, peak memory in MB."""

    seconds: float
    cpu: float
    memory: float


def measure(command: Sequence[str], *, environment: dict[str, str] | None = None) -> Cost:
    """Run a command to its end as a process of its own; raises when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    scale = 1 if sys.platform == "darwin" else 1024
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 1e6)


def best(costs: Sequence[Cost]) -> Cost:
    """The least of each figure over several runs."""
    return Cost(*(min(figures) for figures in zip(*costs, strict=True)))
