"""From a file's name to who has it open, and one run at a time for each tracker."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import Busy
from sheets_sync.stores.files import telling
from sheets_sync.stores.private import key_of, make_folder

_MOST_READ = 4096
_WIDE_NAME = 55
"""Where an Excel owner file holds the length of the user's name, and the name in UTF-16."""
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Holder(NamedTuple):
    """The lock file that another program put beside a file, and whose it says it is, if it does."""

    lock: Path
    who: str | None


def holder_of(target: Path) -> Holder | None:
    """Who has the file open, by the lock file of Excel (``~$…``) or LibreOffice (``.~lock.…#``)."""
    for name, parse in (
        (f"~${target.name}", _excel_user),
        (f".~lock.{target.name}#", _office_user),
    ):
        lock = target.with_name(name)
        if os.path.lexists(lock):
            return Holder(lock, parse(_start_of(lock)))
    return None


def refuse_if_open(target: Path) -> None:
    """Raise Busy when somebody has the file open, or a sync client left two versions of it."""
    holder = holder_of(target)
    if holder is not None:
        facts = {"file": target.name, "lock": str(holder.lock)}
        if holder.who:
            raise Busy("open_elsewhere", who=holder.who, **facts)
        raise Busy("open_by_somebody", **facts)
    copies = conflict_copies(target)
    if copies:
        raise Busy("conflict_copy", file=target.name, copies=tuple(path.name for path in copies))


def conflict_copies(target: Path) -> list[Path]:
    """The second versions that Dropbox, Nextcloud or Syncthing put beside the file."""
    stem, suffix = re.escape(target.stem), re.escape(target.suffix)
    copy = re.compile(
        rf"{stem}(?: \([^()]*conflicted copy[^()]*\)| \(.*'s conflicted copy .*\)"
        rf"|_conflict-\d{{8}}-\d{{6}}|\.sync-conflict-\d{{8}}-\d{{6}}(?:-\w+)?){suffix}",
        re.IGNORECASE,
    )
    with telling(target.parent, denied="not_readable"):
        return sorted(path for path in target.parent.iterdir() if copy.fullmatch(path.name))


def _start_of(lock: Path) -> bytes:
    """What a lock file says; nothing where it may not be read or is no plain file."""
    with suppress(OSError), os.fdopen(os.open(lock, os.O_RDONLY | _NO_FOLLOW), "rb") as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file.read(_MOST_READ)
    return b""


def _excel_user(owner_file: bytes) -> str | None:
    """The name in an Excel owner file: first in the computer's code page, then in UTF-16."""
    length = int.from_bytes(owner_file[_WIDE_NAME : _WIDE_NAME + 2], "little")
    wide = owner_file[_WIDE_NAME + 2 :][: 2 * length]
    if 0 < length < _WIDE_NAME and len(wide) == 2 * length:
        name = wide.decode("utf-16-le", "replace")
    else:
        name = owner_file[1 : 1 + sum(owner_file[:1])].decode("cp1252", "replace")
    return name.strip("\0 ") or None


def _office_user(lock_file: bytes) -> str | None:
    """The name in a LibreOffice lock: ``name,login,computer,day and time,profile;``."""
    text = lock_file.decode("utf-8", "replace")
    fields = [re.sub(r"\\(.)", r"\1", field).strip() for field in re.split(r"(?<!\\)[,;]", text)]
    name, login, computer = (*fields, "", "", "")[:3]
    return name or login or computer or None


@contextmanager
def run_lock(state: Path, tracker: str) -> Iterator[None]:
    """Hold the tracker for one run; Busy when another run has it. May be held twice by one."""
    from filelock import FileLock, Timeout

    with telling(state, denied="state_not_writable"):
        path = make_folder(state, "locks") / f"{key_of(tracker)}.lock"
        lock = FileLock(path, mode=0o600, is_singleton=True)
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise Busy("another_run", tracker=tracker) from error
    try:
        yield
    finally:
        lock.release()
