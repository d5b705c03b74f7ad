"""``watch`` in a process of its own, a person who edits its tracker, and whether all is right."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from sheets_sync.errors import SheetsSyncError
from sheets_sync.model import Settings
from sheets_sync.stores.excel import ExcelStore
from sheets_sync.sync import preview
from tests.command_line import MONDAY, ROOT, environment

SLOW_DISK = (
    "import os, sys, time; real = os.fsync\n"
    "def slow(descriptor): time.sleep(0.4); real(descriptor)\n"
    "os.fsync = slow\n"
    "from sheets_sync.cli import main\n"
    "main()"
)
"""The program on a disk that needs time: a save lasts long enough to be interrupted."""


class Running:
    """A service, and the lines of its log as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Read its log from now on."""
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.raw.append(line)
            if line.startswith("{"):
                self.lines.append(json.loads(line))

    def count(self, event: str) -> int:
        """How often something was logged."""
        return sum(1 for line in self.lines if line["event"] == event)

    def wait_for(self, event: str, *, times: int = 1, within: float = 20.0) -> None:
        """Wait until something was logged so often."""
        wait_until(lambda: self.count(event) >= times, within=within)

    def end(self, number: int, *, within: float) -> int:
        """Send a signal, and answer the exit code; it must come in time."""
        self.process.send_signal(number)
        code = self.process.wait(within)
        self.read_to_end()
        return code

    def read_to_end(self) -> None:
        """Wait until the last line is read."""
        self._reader.join()


@contextmanager
def running(
    *words: str | Path, state: Path, slow_disk: bool = False, **variables: str
) -> Iterator[Running]:
    """``watch`` with these words, in a folder without settings; it is gone in the end."""
    state.mkdir(exist_ok=True)
    program = ["-c", SLOW_DISK] if slow_disk else [str(ROOT / "run.py")]
    variables |= {"SHEETS_SYNC_STATE": str(state), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, *program, "watch", "--json", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=state,
        env=environment(**variables),
    ) as process:
        service = Running(process)
        try:
            yield service
        finally:
            process.kill()
            service.read_to_end()


def wait_until(done: Callable[[], bool], *, within: float) -> float:
    """Ask again and again; answer how many seconds that took. Fails when it took too long."""
    start = time.monotonic()
    while not done():
        assert time.monotonic() < start + within, f"not within {within} seconds"
        time.sleep(0.02)
    return time.monotonic() - start


def is_right(path: Path, *, today: date = MONDAY) -> bool:
    """Whether every managed cell says what it should on that day."""
    store = ExcelStore(path, state=path.parent / "reader", read_only=True, sleep=lambda _: None)
    with suppress(SheetsSyncError):
        return not preview(store, Settings(), lambda _: today).plan.edits
    return False


def with_partners(path: Path, names: Sequence[str]) -> bytes:
    """The tracker as a person has it after adding partners, in openpyxl's manner."""
    book = openpyxl.load_workbook(path)
    sheet = book["Partners"]
    for name in names:
        row = max(cell.row for cell in sheet["A"] if cell.value) + 1
        sheet[f"A{row}"] = name
        sheet[f"B{row}"] = "In talks"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def drafts(path: Path) -> list[Path]:
    """What a save that is not over yet, or was killed, has beside the file."""
    return sorted(path.parent.glob("~sheets-sync-*"))
