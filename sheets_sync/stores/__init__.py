"""From a tracker's address to a store: what reads a Sheet and writes the managed cells."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from sheets_sync.errors import NoSuchTracker
from sheets_sync.model import Edit, Finding, Origin, Sentence, Settings, Sheet

_SUFFIXES = (".xlsx", ".xlsm")


class Store(Protocol):
    """Where a tracker is kept. ``tests/stores/contract.py`` holds what every store must do."""

    @property
    def name(self) -> str:
        """How people call the tracker: a path, a title or an address."""

    @property
    def origin(self) -> Origin:
        """Where the tracker is kept, for digests and for what is noted of it."""

    def read(self) -> Sheet:
        """The tracker as it stands now.

        Raises NotATracker where needed columns are missing or double, Refused, NoSuchTracker,
        Unreachable, Busy or Forbidden.
        """

    def diagnose(self) -> Sequence[Finding]:
        """What there is to say of the place itself: locks, backups, rights. Writes nothing."""

    def write(self, edits: Sequence[Edit], *, against: Sheet) -> Sheet:
        """Write the edits, made for the sheet ``against``, and return the sheet as it then stands.

        Writes nothing but these cells. Raises SheetChanged, having written nothing, when the
        store can tell that the tracker is no longer ``against``; a store that cannot tell
        returns a sheet that shows what moved.
        """


def open_store(  # noqa: PLR0913 - three things that belong together, and choices
    tracker: str,
    settings: Settings,
    environment: Mapping[str, str],
    *,
    state: Path,
    ignore_lock: bool = False,
    read_only: bool = False,
    endpoint: str | None = None,
    tell: Callable[[Sentence], None] | None = None,
) -> Store:
    """The store for what people call a tracker; nothing is looked at yet.

    ``state`` is the private state folder. ``ignore_lock`` goes on in spite of the lock files of
    other programs, ``read_only`` writes nothing at all. ``endpoint`` is another base address than
    Google's, ``tell`` takes what people may want to know while they wait. Raises NoSuchTracker
    for what is neither a file nor a Google Sheet.
    """
    from sheets_sync.stores.google import is_google, open_google

    google = is_google(tracker)
    if _is_there(tracker) or (names_a_file(tracker) and not google):
        from sheets_sync.stores.excel import ExcelStore

        return ExcelStore(
            Path(tracker),
            state=state,
            backups=settings.backups,
            ignore_lock=ignore_lock,
            read_only=read_only,
        )
    if not google:
        raise NoSuchTracker("no_such_tracker", tracker=tracker)
    return open_google(
        tracker, settings, environment, endpoint=endpoint, read_only=read_only, tell=tell
    )


def names_a_file(tracker: str) -> bool:
    """Whether a name can only be a file's: by its ending, or by a folder in it."""
    separators = (os.sep, os.altsep or os.sep)
    return tracker.lower().endswith(_SUFFIXES) or any(mark in tracker for mark in separators)


def _is_there(tracker: str) -> bool:
    try:
        return bool(tracker) and Path(tracker).exists()
    except (OSError, ValueError):  # no name that a file could have
        return False
