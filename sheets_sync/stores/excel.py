"""From an .xlsx file that people share to a Sheet, and from edits to the file with these alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, cast

from sheets_sync.errors import Busy, NoSuchTracker, Refused, SheetChanged, SheetsSyncError
from sheets_sync.layout import column_index
from sheets_sync.model import (
    TRACKER_TAB,
    Cell,
    Edit,
    Finding,
    Origin,
    Sentence,
    Sheet,
    Tab,
    Value,
)
from sheets_sync.stores import files, locks, ooxml
from sheets_sync.stores.backups import Backup, Backups
from sheets_sync.stores.files import Snapshot
from sheets_sync.stores.private import identity
from sheets_sync.stores.swapping import digest_bytes
from sheets_sync.stores.workbook import read_workbook, tabs_to_read

MOST_BYTES = 100_000_000
"""No tracker is as large as this; what is larger is not read at all."""
PAUSE = 1.0
"""Seconds before a file that seems broken is read again: somebody may be saving it in place."""

_PASSING = frozenset({"broken_zip", "broken_part", "empty_file", "not_a_workbook", "unreadable"})
"""What a file that is just being written looks like."""


class _Token(NamedTuple):
    """What a Sheet was read from."""

    path: Path
    digest: str


class ExcelStore:
    """A tracker in an .xlsx or .xlsm file.

    ``state`` is the private state folder, ``backups`` how many versions are kept there.
    ``ignore_lock`` goes on in spite of other programs' lock files and conflict copies.
    ``read_only`` leaves the file's folder as it is, leftovers of killed runs included.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self,
        path: Path,
        *,
        state: Path,
        backups: int = 10,
        ignore_lock: bool = False,
        read_only: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep what is given; nothing is looked at yet."""
        self._path = path
        self._state = state
        self._count = backups
        self._ignore_lock = ignore_lock
        self._read_only = read_only
        self._sleep = sleep
        self._version: str | None = None

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self._path)

    @property
    def origin(self) -> Origin:
        """The file, by its path with links followed, so that it has one id."""
        return Origin(id=str(self._target), title=self._path.stem, place=self.name)

    @property
    def version(self) -> str | None:
        """The digest of the file's bytes as last read or written here; None before that."""
        return self._version

    @property
    def _target(self) -> Path:
        return Path(os.path.realpath(self._path))

    @property
    def _backups(self) -> Backups:
        return Backups(self._state, self._target, count=self._count)

    def read(self) -> Sheet:
        """The tracker as it stands now; what killed runs left is cleared away first.

        A file that seems broken, or is gone though it was there, is read once more a second
        later: somebody may be saving it.
        """
        notes = () if self._read_only else self._sweep()
        try:
            return self._read_once(notes)
        except Refused as error:
            if error.kind not in _PASSING:
                raise
        except NoSuchTracker:
            if self._version is None:
                raise
        self._sleep(PAUSE)
        return self._read_once(notes)

    def _read_once(self, notes: Sequence[Sentence]) -> Sheet:
        snapshot = files.read(self._path, most=MOST_BYTES)
        token = _Token(snapshot.path, snapshot.fingerprint.digest)
        self._version = token.digest
        return read_workbook(snapshot.data, notes=notes, token=token)

    def _sweep(self) -> tuple[Sentence, ...]:
        """Clear away what killed runs left, unless another run is at work just now."""
        try:
            with locks.run_lock(self._state, str(self._target)):
                tag = identity(self._state)
                swept = files.sweep(self._target, tag=tag, keep=self._backups.rescue)
        except Busy:
            return ()
        restored = Sentence("notes.save_restored", {"n": swept.restored})
        kept = Sentence("notes.save_kept", {"n": swept.kept})
        return (*[restored][: swept.restored], *[kept][: swept.kept])

    def write(self, edits: Sequence[Edit], *, against: Sheet) -> Sheet:
        """Write the edits, and return the sheet with them; ``people`` is then the same object.

        Raises SheetChanged, having written nothing, when the file is not the one that was read.
        """
        if not edits:
            return against
        token = cast("_Token", against.token)
        with locks.run_lock(self._state, str(token.path)):
            self._refuse_if_open(token.path)
            snapshot = self._read_again(token)
            patched, notes = _patched(snapshot.data, edits, against)
            if patched != snapshot.data:
                self._save(snapshot, patched)
        self._version = digest_bytes(patched)
        fresh = token._replace(digest=self._version)
        return _with_edits(against, edits, notes=notes, token=fresh)

    def _refuse_if_open(self, target: Path) -> None:
        if not self._ignore_lock:
            locks.refuse_if_open(target)

    def _read_again(self, token: _Token) -> Snapshot:
        """The bytes that the sheet was read from, so that they need not be held meanwhile."""
        with suppress(NoSuchTracker):
            snapshot = files.read(self._path, most=MOST_BYTES)
            if (snapshot.path, snapshot.fingerprint.digest) == token:
                return snapshot
        raise SheetChanged("changed_meanwhile", tracker=self.name)

    def _save(self, snapshot: Snapshot, data: bytes) -> None:
        """Keep the old version, and put the new one in its place."""
        self._backups.keep(snapshot.data)
        files.save(
            snapshot.path,
            data,
            expected=snapshot.fingerprint.digest,
            tag=identity(self._state),
            keep=self._backups.rescue,
        )

    def backups(self) -> list[Backup]:
        """The copies kept of the file, the newest first."""
        return self._backups.kept()

    def restore(self, backup: Backup) -> None:
        """Put the file back to a copy; what stands there now is kept first."""
        data = backup.read()
        target = self._target
        with locks.run_lock(self._state, str(target)):
            self._refuse_if_open(target)
            try:
                snapshot = files.read(target, most=MOST_BYTES)
            except NoSuchTracker:
                files.create(target, data)
                return
            self._backups.keep(snapshot.data, least=1)
            self._save(snapshot, data)

    def diagnose(self) -> Sequence[Finding]:
        """Who has the file open, whether it may be written, and how many backups there are."""
        if not os.access(self._target, os.F_OK):
            return ()
        findings: list[Finding] = []
        for look in (locks.refuse_if_open, files.require_writable):
            try:
                look(self._target)
            except SheetsSyncError as error:
                findings.append(Finding("problem", error.sentence, error.next_step))
        kept = Sentence("terminal.check.backups", {"n": len(self.backups())})
        return [*findings, Finding("fine", kept)]


def _patched(
    data: bytes, edits: Sequence[Edit], sheet: Sheet
) -> tuple[bytes, tuple[Sentence, ...]]:
    """The file with the edits in it, looked at as a stranger's would be; and notes."""
    package = ooxml.Package(data)
    wanted = _by_place(edits, sheet)
    headers = {sheet.tab: sheet.header_row}
    recalculate = ooxml.has_formulas(package)
    patched = ooxml.patch(package, wanted, recalculate=recalculate, header_rows=headers)
    if patched == data:
        return data, ()
    ooxml.verify(package, patched, wanted)
    package.release()
    trackers, programs = tabs_to_read(package.sheet_names)
    ooxml.inspect(patched, [*trackers, *programs])
    return patched, (Sentence("notes.recalculate"),) if recalculate else ()


def _by_place(edits: Sequence[Edit], sheet: Sheet) -> dict[str, dict[int, dict[int, Value]]]:
    """The edits by tab name, row and 0-based column."""
    columns = {key: column_index(letters) for key, letters in sheet.letters.items()}
    found: dict[str, dict[int, dict[int, Value]]] = {}
    for tab, row, column, value in edits:
        if tab == TRACKER_TAB:
            if column not in sheet.managed:
                raise ValueError(column)
            name, index = sheet.tab, columns[column]
        else:
            name, index = sheet.tabs[tab].name, column_index(column)
        found.setdefault(name, {}).setdefault(row, {})[index] = value
    return found


def _with_edits(
    sheet: Sheet, edits: Sequence[Edit], *, notes: Sequence[Sentence], token: _Token
) -> Sheet:
    """The sheet with the edits in its managed columns and tabs; people's columns are the same."""
    managed = {key: list(column) for key, column in sheet.managed.items()}
    tabs = {key: [list(row) for row in tab.rows] for key, tab in sheet.tabs.items()}
    for tab, row, column, value in edits:
        if tab == TRACKER_TAB:
            managed[column][row - sheet.first_row] = value
        else:
            _put(tabs[tab], row, column_index(column), value)
    return replace(
        sheet,
        managed=managed,
        tabs={key: Tab(name=sheet.tabs[key].name, rows=rows) for key, rows in tabs.items()},
        notes=(*sheet.notes, *(note for note in notes if note not in sheet.notes)),
        token=token,
    )


def _put(rows: list[list[Cell]], row: int, index: int, value: Value) -> None:
    """Fill one cell, making the tab as large as that takes."""
    rows.extend([] for _ in range(row - len(rows)))
    cells = rows[row - 1]
    cells.extend([None] * (index + 1 - len(cells)))
    cells[index] = value
