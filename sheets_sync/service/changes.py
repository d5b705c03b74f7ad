"""From the file system's news of a tracker's file to whether people saved it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from sheets_sync.service.log import Log, kind_of
from sheets_sync.stores.swapping import digest_of


class Changes(Protocol):
    """Tells whether people changed the tracker since it was last synced."""

    def are_there(self) -> bool:
        """Whether there is something to sync, and it has settled. Asked at every look."""

    def synced(self, version: str | None) -> None:
        """Take note of the version that the last sync left."""


class NoChanges:
    """For a tracker that tells no news: a Google Sheet is read on schedule alone."""

    def are_there(self) -> bool:
        """Nothing is ever known to have changed."""
        return False

    def synced(self, version: str | None) -> None:
        """Nothing to take note of."""


class FileChanges:
    """News of one file, and of the lock files that say who has it open.

    A change is people's when the file holds something else than the last sync left there; so our
    own save is none, and a save in the midst of a sync is one. When somebody closes the file its
    lock goes, and a sync that had to wait is due. Programs save in several steps: a change has
    settled when there was no news from one look to the next.
    """

    def __init__(self, file: Path, log: Log, *, known: str | None) -> None:
        """``known`` is what the last sync left; people may have saved since, so look once."""
        self.news = threading.Event()
        self._file, self._log, self._known = file, log, known
        self._waiting = True
        self._stop = threading.Event()

    def start(self) -> None:
        """Listen until ``stop``, in a thread that ends with the process."""
        threading.Thread(target=self._listen, name="file changes", daemon=True).start()

    def stop(self) -> None:
        """End the listening."""
        self._stop.set()

    def are_there(self) -> bool:
        """Whether the file is another than the last sync left, and there is no more news of it."""
        if self.news.is_set():
            self.news.clear()
            self._waiting = True
            return False
        if not self._waiting:
            return False
        self._waiting = False
        found = _digest(self._file)
        return found is not None and found != self._known

    def synced(self, version: str | None) -> None:
        """Take note of the digest of the file as the last sync left it."""
        self._known = version

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


def _digest(file: Path) -> str | None:
    """The digest of the file's content; None while it is not there or cannot be read."""
    try:
        return digest_of(file)
    except OSError:
        return None
