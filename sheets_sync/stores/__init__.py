"""From a tracker's address to a store: what reads a Sheet and writes the managed cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sheets_sync.model import Edit, Finding, Origin, Sheet


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
