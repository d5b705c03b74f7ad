"""From the file system's news of a tracker's file to whether people saved it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol, TypeAlias

from sheets_sync.service.log import Log, kind_of
from sheets_sync.service.times import SteadyClock

SETTLE = 2.0
"""Seconds without further news before a saved file is read: programs save in several steps."""

Fingerprint: TypeAlias = tuple[int, int, int] | None


class Changes(Protocol):
    """Tells whether people changed the tracker since it was last synced."""

    def are_there(self) -> bool:
        """Whether there is something to sync, and it has settled."""

    def synced(self) -> None:
        """Take the tracker as it stands for known."""


class NoChanges:
    """For a tracker that tells no news: a Google Sheet is read on schedule alone."""

    def are_there(self) -> bool:
        """Nothing is ever known to have changed."""
        return False

    def synced(self) -> None:
        """Nothing to take note of."""


class FileChanges:
    """News of one file, and of the lock files that say who has it open.

    A change is people's when the file is another than after the last sync; so our own save is
    none. When somebody closes the file the lock goes, and a sync that had to wait is due.
    """

    def __init__(self, file: Path, clock: SteadyClock, log: Log) -> None:
        """Start listening, in a thread that ends with the process."""
        self.news = threading.Event()
        self._file, self._clock, self._log = file, clock, log
        self._known = fingerprint(file)
        self._settled_at: float | None = None
        self._stop = threading.Event()

    def start(self) -> None:
        """Listen until ``stop``."""
        threading.Thread(target=self._listen, name="file changes", daemon=True).start()

    def stop(self) -> None:
        """End the listening."""
        self._stop.set()

    def are_there(self) -> bool:
        """Whether the file is another than at the last sync, and nothing happened for a while."""
        now = self._clock.seconds()
        if self.news.is_set():
            self.news.clear()
            self._settled_at = now + SETTLE
        if self._settled_at is None or now < self._settled_at:
            return False
        self._settled_at = None
        found = fingerprint(self._file)
        return found is not None and found != self._known

    def synced(self) -> None:
        """Take the file as it stands for known."""
        self._known = fingerprint(self._file)

    def _listen(self) -> None:
        from watchfiles import watch

        name = self._file.name
        ours = {name, f"~${name}", f".~lock.{name}#"}
        try:
            for _ in watch(
                self._file.parent,
                watch_filter=lambda _, path: Path(path).name in ours,
                stop_event=self._stop,
                recursive=False,
                debounce=500,
            ):
                self.news.set()
        except Exception as fault:  # noqa: BLE001 - a thread's fault has nowhere to go; the schedule stays
            self._log("not_listening", {"kind": kind_of(fault)})


def fingerprint(file: Path) -> Fingerprint:
    """What changes whenever a file is saved; None while it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
