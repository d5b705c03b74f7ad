"""From a tracker's bytes to copies of them in the private state folder, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sheets_sync.stores.files import telling
from sheets_sync.stores.private import key_of, make_folder, read_file, write_file
from sheets_sync.stores.swapping import digest_bytes

_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-([0-9a-f]{32})(-saved)?\.[a-z]+")
_WHEN = "%Y%m%dT%H%M%S.%fZ"
_MOST_RESCUED = 10

Now = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Backup(NamedTuple):
    """A copy: where it is, of when (UTC), and whether it is a person's save that was put aside."""

    path: Path
    when: datetime
    digest: str
    rescued: bool

    def read(self) -> bytes:
        """The bytes of the copy. Raises NoSuchTracker when it is gone by now."""
        with telling(self.path, denied="not_readable"):
            return read_file(self.path)


class Backups:
    """The copies kept of one file: the last ``count`` versions that a write of ours replaced."""

    def __init__(self, state: Path, target: Path, *, count: int, now: Now = _now) -> None:
        """Keep copies of ``target``, a path without links, below the private folder ``state``."""
        self._state = state
        self._target = target
        self._count = count
        self._now = now

    def keep(self, data: bytes, *, least: int = 0) -> None:
        """Keep a version that is about to be replaced, and drop the oldest beyond the count."""
        count = max(self._count, least)
        if count > 0:
            self._add(data, rescued=False, count=count)

    def rescue(self, path: Path) -> None:
        """Keep a person's save that has lost its place, also when no backups are wanted."""
        with telling(path, denied="not_readable"):
            data = read_file(path)
        self._add(data, rescued=True, count=_MOST_RESCUED)

    def kept(self) -> list[Backup]:
        """All copies, the newest first."""
        if not self._state.joinpath("backups", key_of(str(self._target))).exists():
            return []  # to look makes no folders
        with telling(self._state, denied="state_not_writable"):
            found = [backup for path in self._folder().iterdir() if (backup := _parse(path))]
        return sorted(found, key=lambda backup: backup.path.name, reverse=True)

    def _folder(self) -> Path:
        return make_folder(self._state, "backups", key_of(str(self._target)))

    def _add(self, data: bytes, *, rescued: bool, count: int) -> None:
        """Add a copy, unless the newest is the same, and drop the oldest of its sort."""
        digest = digest_bytes(data)
        like = [backup for backup in self.kept() if backup.rescued == rescued]
        if like and like[0].digest == digest:
            return
        mark = "-saved" if rescued else ""
        name = f"{self._now().strftime(_WHEN)}-{digest}{mark}{self._target.suffix.lower()}"
        with telling(self._state, denied="state_not_writable"):
            write_file(self._folder() / name, data)
            for backup in like[max(count - 1, 0) :]:
                backup.path.unlink(missing_ok=True)


def _parse(path: Path) -> Backup | None:
    """What a file's name tells of the copy in it; None for what is none of ours."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    when = datetime.strptime(found[1], _WHEN).replace(tzinfo=UTC)
    return Backup(path, when, found[2], rescued=found[3] is not None)
