"""From a finished file beside another to the same two files with their places changed.

The one thing that may never happen is that a save made by a person in the meantime is lost.
So where the system can exchange two names in one step, we do that and look at what came out:
if it is not the file that was read, it goes back. Where it cannot, a second name is kept for the
old file while the new one takes its place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from pathlib import Path

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
BINARY = getattr(os, "O_BINARY", 0)
_NON_BLOCKING = getattr(os, "O_NONBLOCK", 0)
_CHUNK = 1 << 20
_DIGEST_LENGTH = 32
"""Half of a SHA-256: two of them must fit into a file's name."""
_EXCHANGE_UNKNOWN = frozenset(
    {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.ENOTTY}
)
"""The answers of systems and file systems that cannot exchange names (SMB, NFS, old kernels)."""


class CannotExchange(Exception):
    """This file system cannot exchange two names in one step; nothing was changed."""


class Gone(Exception):
    """The file whose place was to be taken is not there; nothing was changed."""


def swap(ours: Path, target: Path, *, expected: str, digest: str) -> bool:
    """Put ``ours`` in the place of the file whose content has the digest ``expected``.

    Answers whether it stands there now; if not, the newest save of a person does. What is left
    at ``ours`` and ``aside_of(ours)`` is for the caller to look at: the old file or ours as a
    rule, a person's save in unlucky moments. Raises Gone.
    """
    try:
        return by_exchange(ours, target, expected=expected, digest=digest)
    except CannotExchange:
        return by_replacing(ours, target, expected=expected, digest=digest)


def by_exchange(ours: Path, target: Path, *, expected: str, digest: str) -> bool:
    """Swap in one step; what came out tells whether somebody had saved, and then goes back.

    Somebody may save again between the two steps: then that, being newer, comes out, and goes
    back in turn. It ends when what comes out is what went in the time before.
    """
    exchange(ours, target)
    came_out = _look_or_undo(ours, target)
    awaited: str | None = expected
    went_in: str | None = digest
    while came_out != awaited:
        exchange(ours, target)
        awaited, went_in, came_out = went_in, came_out, settled_digest(ours)
    return went_in == digest


def _look_or_undo(ours: Path, target: Path) -> str | None:
    """The digest of what came out; what cannot be read might be anything, so it goes back."""
    try:
        return settled_digest(ours)
    except OSError:
        exchange(ours, target)
        raise


def by_replacing(ours: Path, target: Path, *, expected: str, digest: str) -> bool:
    """Swap where names cannot be exchanged: keep the old file by a second name, look, replace.

    A save made between the last look and the replacing is lost to all but the backups; that
    is some microseconds, and the reason why the exchange is tried first.
    """
    aside = aside_of(ours)
    try:
        _keep_aside(target, aside)
        if settled_digest(aside) != expected or _moved_on(target, aside):
            return False
        ours.replace(target)
        if settled_digest(aside) == expected:
            return True
        if digest_of(target) == digest:  # somebody wrote into the old file while we replaced it
            aside.replace(target)
    except FileNotFoundError as error:
        raise Gone from error
    return False


def aside_of(ours: Path) -> Path:
    """The second name that the old file goes by for a moment."""
    return ours.with_name(f"{ours.stem}-old{ours.suffix}")


def _keep_aside(target: Path, aside: Path) -> None:
    """Give the file at the target a second name; where there are no such links, a copy."""
    try:
        os.link(target, aside)
    except FileNotFoundError:
        raise
    except OSError:
        import shutil

        with aside.open("xb") as copy, target.open("rb") as original:
            shutil.copyfileobj(original, copy)
        shutil.copystat(target, aside)


def _moved_on(target: Path, aside: Path) -> bool:
    """Whether the target is no longer what was kept aside, as far as a glance can tell."""
    kept, now = aside.stat(), target.stat()
    same = (now.st_size, now.st_mtime_ns) == (kept.st_size, kept.st_mtime_ns)
    return not same or (kept.st_nlink > 1 and now.st_ino != kept.st_ino)


def digest_of(path: Path) -> str:
    """The digest of a file's bytes; a link in its place is an OSError."""
    with os.fdopen(os.open(path, _reading()), "rb") as file:
        return _digest(file.fileno())


def settled_digest(path: Path) -> str | None:
    """The digest of a file's bytes, or None while somebody has it open for writing."""
    with os.fdopen(os.open(path, _reading()), "rb") as file:
        return None if _is_being_written(file.fileno()) else _digest(file.fileno())


def _reading() -> int:
    return os.O_RDONLY | NO_FOLLOW | BINARY | _NON_BLOCKING


def _digest(descriptor: int) -> str:
    found = hashlib.sha256()
    while chunk := os.read(descriptor, _CHUNK):
        found.update(chunk)
    return found.hexdigest()[:_DIGEST_LENGTH]


def digest_bytes(data: bytes) -> str:
    """The digest that a file with these bytes has."""
    return hashlib.sha256(data).hexdigest()[:_DIGEST_LENGTH]


if sys.platform == "linux":

    def _is_being_written(descriptor: int) -> bool:
        """Whether any process has the file open for writing: a read lease is refused then.

        Where leases cannot be had (another's file, a network) the answer is no. Taking the lease
        away again, which a third program's opening the file does, would by default kill us.
        """
        import fcntl
        import signal

        try:
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        return False

    def exchange(one: Path, other: Path) -> None:
        """Let two names change places in one step. Raises CannotExchange, Gone."""
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        try:
            call = library.renameat2
        except AttributeError:  # an old or small C library
            raise CannotExchange from None
        at_cwd, rename_exchange = -100, 2
        if call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), rename_exchange) == 0:
            return
        code = ctypes.get_errno()
        if code in _EXCHANGE_UNKNOWN:
            raise CannotExchange
        if code == errno.ENOENT:
            raise Gone
        raise OSError(code, os.strerror(code), str(other))

elif sys.platform == "win32":

    def _is_being_written(_descriptor: int) -> bool:
        """Windows itself keeps two programs from writing at once."""
        return False

    def exchange(one: Path, other: Path) -> None:
        """Let two names change places by ReplaceFileW, which keeps the replaced file's rights.

        Raises Gone, and OSError when another program keeps the file open.
        """
        aside = aside_of(one)
        _replace_file(other, one, aside)
        aside.rename(one)

    def _replace_file(replaced: Path, replacement: Path, backup: Path) -> None:
        """Retry what another program's passing look at the file prevents: errors 5, 32, 33."""
        import ctypes
        import time

        ignore_merge_errors, unable_to_move_replacement = 2, 1177
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        code = 0
        for attempt in range(_WINDOWS_ATTEMPTS):
            if kernel.ReplaceFileW(
                str(replaced), str(replacement), str(backup), ignore_merge_errors, None, None
            ):
                return
            code = ctypes.get_last_error()
            if code not in _WINDOWS_SHARING:
                break
            time.sleep(_WINDOWS_PAUSE * (attempt + 1))
        if code == unable_to_move_replacement:
            backup.rename(replaced)
        if code in _WINDOWS_MISSING:
            raise Gone
        raise ctypes.WinError(code)

    _WINDOWS_ATTEMPTS = 10
    _WINDOWS_PAUSE = 0.05
    _WINDOWS_SHARING = frozenset({5, 32, 33})
    _WINDOWS_MISSING = frozenset({2, 3})

else:

    def _is_being_written(_descriptor: int) -> bool:
        """Cannot be told here."""
        return False

    def exchange(_one: Path, _other: Path) -> None:
        """Not to be had here."""
        raise CannotExchange
