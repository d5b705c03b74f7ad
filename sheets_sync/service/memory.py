"""From what the service did for a tracker to what it knows of that after a restart, and back."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sheets_sync.errors import SheetsSyncError
from sheets_sync.stores.private import key_of, make_folder, read_file, write_file

_FOLDER = "watch"


class Memory:
    """A tracker's last sync, the last day of its digests, and the version that the sync left."""

    def __init__(self, state: Path, tracker: str) -> None:
        """Read what is known; where nothing can be read, nothing is known. Makes no folder."""
        self._state, self._name = state, f"{key_of(tracker)}.json"
        self._known = _read(state / _FOLDER / self._name)

    @property
    def last_sync(self) -> datetime | None:
        """When the tracker was last synced, in UTC."""
        try:
            return datetime.fromisoformat(self._known["last_sync"]).astimezone(UTC)
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def last_digest(self) -> date | None:
        """The last day whose digests went out."""
        try:
            return date.fromisoformat(self._known["last_digest"])
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def version(self) -> str | None:
        """The digest of the tracker's file as the last sync left it."""
        version = self._known.get("version")
        return version if isinstance(version, str) else None

    def note_sync(self, moment: datetime, *, version: str | None) -> None:
        """Remember a sync, and what it left."""
        self._note(last_sync=moment.isoformat(), version=version)

    def note_digest(self, day: date | None, *, version: str | None) -> None:
        """Remember the day of the digests, and what the sync that tells of them left."""
        self._note(last_digest=day.isoformat() if day else None, version=version)

    def _note(self, **what: str | None) -> None:
        """A full disk, or a folder that is not ours, is no reason to end the service."""
        self._known |= what
        with suppress(OSError, SheetsSyncError):
            path = make_folder(self._state, _FOLDER) / self._name
            write_file(path, json.dumps(self._known).encode())


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(read_file(path))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
