"""From accepted mails to a ledger in the state folder: by member the day of the last digest.

Each accepted mail is noted at once and put on the disk, so that a run that dies between two
mails sends neither of them twice. The tracker's Sync tab tells other machines the same later.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

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
        """By member's name the day of the last digest; what cannot be read is passed over."""
        found: dict[str, date] = {}
        for line in self._lines():
            name, day = _parse(line)
            if name and day > found.get(name, date.min):
                found[name] = day
        return found

    def note(self, name: str, day: date) -> None:
        """Write down that a member got their digest of a day; on the disk when this returns."""
        if len(self._lines()) >= _LONG:
            kept = self.last_digests().items()
            write_file(self._path(), "".join(_line(*entry) for entry in kept).encode())
        with self._path().open("ab") as file:
            # A line that a crash cut short must not swallow the next.
            file.write(b"\n" + _line(name, day).encode())
            file.flush()
            os.fsync(file.fileno())

    def _path(self) -> Path:
        return make_folder(self._state, "digests") / self._name

    def _lines(self) -> list[bytes]:
        try:
            return read_file(self._state / "digests" / self._name).splitlines()
        except FileNotFoundError:
            return []


def _line(name: str, day: date) -> str:
    return json.dumps({"member": name, "day": day.isoformat()}) + "\n"


def _parse(line: bytes) -> tuple[str, date]:
    try:
        entry = json.loads(line)
        return str(entry["member"]), date.fromisoformat(entry["day"])
    except (ValueError, KeyError, TypeError):
        return "", date.min
