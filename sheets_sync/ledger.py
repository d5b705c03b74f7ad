"""From accepted mails to a ledger in the state folder: by member the day of the last digest.

Each accepted mail is noted at once and put on the disk, so that a run that dies between two
mails sends neither of them twice. The tracker's Sync tab tells other machines the same later.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from sheets_sync.stores.files import telling
from sheets_sync.stores.private import key_of, make_folder, read_file, write_file

_LONG = 1000
"""Lines after which only each member's last day is kept."""


class Ledger:
    """The days of the last digests of one tracker."""

    def __init__(self, state: Path, tracker: str) -> None:
        """Name the file; nothing is made before the first mail is noted."""
        self._state = state
        self._name = f"{key_of(tracker)}.jsonl"

    def last_digests(self) -> Mapping[str, date]:
        """By member's name the day of the last digest; a line that tells none is passed over.

        Raises Forbidden or Unreachable where the ledger itself cannot be read.
        """
        found: dict[str, date] = {}
        for line in self._lines():
            name, day = _parse(line)
            if name and day > found.get(name, date.min):
                found[name] = day
        return found

    def prepare(self) -> None:
        """See that it can be written, before a mail goes out that could not be noted.

        Raises Forbidden or Unreachable.
        """
        with self._telling():
            if len(self._lines()) >= _LONG:
                kept = self.last_digests().items()
                write_file(self._path(), "".join(_line(*entry) for entry in kept).encode())
            self._append(b"")

    def note(self, name: str, day: date) -> None:
        """Write down that a member got their digest of a day; on the disk when this returns.

        Raises Forbidden or Unreachable.
        """
        with self._telling():
            # A line that a crash cut short must not swallow the next.
            self._append(b"\n" + _line(name, day).encode())

    def _append(self, data: bytes) -> None:
        descriptor = os.open(self._path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _telling(self) -> AbstractContextManager[None]:
        return telling(self._state / "digests" / self._name, denied="state_not_writable")

    def _path(self) -> Path:
        return make_folder(self._state, "digests") / self._name

    def _lines(self) -> list[bytes]:
        with self._telling():
            try:
                return read_file(self._state / "digests" / self._name).splitlines()
            except (FileNotFoundError, NotADirectoryError):
                return []


def _line(name: str, day: date) -> str:
    return json.dumps({"member": name, "day": day.isoformat()}) + "\n"


def _parse(line: bytes) -> tuple[str, date]:
    try:
        entry = json.loads(line)
        return str(entry["member"]), date.fromisoformat(entry["day"])
    except (ValueError, KeyError, TypeError):
        return "", date.min
