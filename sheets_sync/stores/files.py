"""From a path to a file's bytes and fingerprint, and from new bytes to that path, losing no save.

Knows nothing of workbooks. The new bytes are written beside the file, made durable, and then
change places with it (``swapping``). The name of the file beside tells what it was made from and
of what, so that after a crash the next start can tell whether what it finds there is ours, the
old version, or the save of a person that came out of the exchange.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import (
    Busy,
    Forbidden,
    NoSuchTracker,
    Refused,
    SheetChanged,
    SheetsSyncError,
    Unreachable,
    UsageError,
)
from sheets_sync.stores import swapping
from sheets_sync.stores.metadata import copy_metadata
from sheets_sync.stores.swapping import BINARY, NO_FOLLOW, Gone, digest_bytes, digest_of

Keep = Callable[[Path], None]
"""Copies a person's save that would else be lost to where it can be found."""

_UNFINISHED = ".part.tmp"
_FINISHED = ".tmp"
_DRAFT = re.compile(
    r"~sheets-sync-(?P<tag>[0-9a-f]{8})-(?P<file>[0-9a-f]{8})-(?P<old>[0-9a-f]{32})"
    r"-(?P<new>[0-9a-f]{32})-[0-9a-f]{8}(?:-old)?(?P<kind>\.part\.tmp|\.tmp)"
)
"""A name like ``~….tmp`` is one that Dropbox, OneDrive and Nextcloud do not carry around."""
_ABANDONED = 24 * 60 * 60
"""Seconds after which another computer's draft is certainly nobody's work in hand."""

_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_IN_USE = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EAGAIN, errno.EDEADLK})


class Fingerprint(NamedTuple):
    """What tells a version of a file from all others; the digest alone decides."""

    inode: int
    size: int
    mtime_ns: int
    digest: str


class Snapshot(NamedTuple):
    """A file as it was read: its path with links followed, its bytes, its fingerprint."""

    path: Path
    data: bytes
    fingerprint: Fingerprint


class Swept(NamedTuple):
    """What a run that was killed had left behind: saves put back in place, saves put aside."""

    restored: int = 0
    kept: int = 0


def read(path: Path, *, most: int) -> Snapshot:
    """Read a file of at most ``most`` bytes, once. Raises NoSuchTracker, Refused, Forbidden."""
    with telling(path, denied="not_readable"):
        target = Path(os.path.realpath(path, strict=True))
        _require_file(target, target.stat(), most)
        flags = os.O_RDONLY | BINARY | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(target, flags), "rb") as file:
            found = os.fstat(file.fileno())
            _require_file(target, found, most)
            data = file.read(most + 1)
    if len(data) > most:
        raise _too_large(target, most)
    return Snapshot(target, data, _fingerprint(found, data))


def _require_file(path: Path, found: os.stat_result, most: int) -> None:
    """A folder, a pipe or a giant is refused before it is opened, and again once it is open."""
    if stat.S_ISDIR(found.st_mode):
        raise Refused("is_a_folder", file=str(path))
    if not stat.S_ISREG(found.st_mode):
        raise Refused("not_a_file", file=str(path))
    if found.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> Refused:
    return Refused("file_too_large", file=str(path), megabytes=most // 1_000_000)


def _fingerprint(found: os.stat_result, data: bytes) -> Fingerprint:
    return Fingerprint(found.st_ino, found.st_size, found.st_mtime_ns, digest_bytes(data))


def create(path: Path, data: bytes) -> None:
    """Put a new file in place, whole; UsageError where there is one already."""
    part = path.with_name(f"~sheets-sync-{secrets.token_hex(8)}{_UNFINISHED}")
    with telling(path, denied="folder_not_writable"):
        try:
            _write(part, data, like=None)
            _name_finally(part, path)
        except FileExistsError as error:
            raise UsageError("exists", path=str(path)) from error
        finally:
            part.unlink(missing_ok=True)
        _make_durable(path.parent)


def _name_finally(part: Path, path: Path) -> None:
    """Give a finished file its name, unless that is taken; not every file system knows links."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        if _is_there(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        part.rename(path)


def save(target: Path, data: bytes, *, expected: str, tag: str, keep: Keep) -> Fingerprint:
    """Put ``data`` in the place of the file whose digest is ``expected``, and tell what it is then.

    ``target`` is a path without links, ``tag`` what tells our drafts from those of others. Owner,
    mode and attributes stay. Raises SheetChanged, with the newest version in place, when another
    file stands there, and Forbidden.
    """
    digest = digest_bytes(data)
    draft = _draft_path(target, tag=tag, old=expected, new=digest)
    with telling(target, denied="folder_not_writable"):
        try:
            require_writable(target)
            written = _write_draft(draft, target, data)
            stands = _require_unchanged(target, expected) and swapping.swap(
                draft, target, expected=expected, digest=digest
            )
            _make_durable(target.parent)
        except (Gone, FileNotFoundError) as error:
            raise SheetChanged("changed_meanwhile", tracker=str(target)) from error
        finally:
            _clear(draft, target, keep)
    if not stands:
        raise SheetChanged("changed_meanwhile", tracker=str(target))
    return Fingerprint(*written, digest)


def require_writable(target: Path) -> None:
    """Raise Forbidden where the file, or its folder, may not be written.

    A file that its owner made read-only is not to be changed, though it could be replaced.
    """
    if not os.access(target.parent, os.W_OK):
        raise Forbidden("folder_not_writable", file=str(target), folder=str(target.parent))
    if not os.access(target, os.W_OK):
        target.stat()
        if not os.access(target, os.W_OK):  # it had not merely been away for a moment
            raise Forbidden("not_writable", file=str(target))


def _require_unchanged(target: Path, expected: str) -> bool:
    """Look once more; a program that has the file open for writing is about to change it."""
    found = swapping.settled_digest(target)
    if found is None:
        raise SheetChanged("open_for_writing", tracker=str(target))
    return found == expected


def _draft_path(target: Path, *, tag: str, old: str, new: str) -> Path:
    unique = secrets.token_hex(4)
    name = f"~sheets-sync-{tag}-{_file_tag(target)}-{old}-{new}-{unique}{_FINISHED}"
    return target.with_name(name)


def _file_tag(target: Path) -> str:
    return digest_bytes(os.fsencode(target.name))[:8]


def _unfinished(draft: Path) -> Path:
    return draft.with_name(draft.name.removesuffix(_FINISHED) + _UNFINISHED)


def _write_draft(draft: Path, target: Path, data: bytes) -> tuple[int, int, int]:
    """Write the draft by a name that says it is unfinished, and only then by its own."""
    found = _write(_unfinished(draft), data, like=target)
    _unfinished(draft).rename(draft)
    return found.st_ino, found.st_size, found.st_mtime_ns


def _write(path: Path, data: bytes, *, like: Path | None) -> os.stat_result:
    """Make a new file, with what ``like`` has beside its bytes, and have it on the disk."""
    mode = 0o666 if like is None else 0o600
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | BINARY
    with os.fdopen(os.open(path, flags, mode), "wb", buffering=0) as file:
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        if like is not None:
            copy_metadata(like, file.fileno())
        os.fsync(file.fileno())
        return os.fstat(file.fileno())


def _make_durable(folder: Path) -> None:
    """Have a folder's names on the disk; some network file systems do that by themselves."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(descriptor)


def _clear(draft: Path, target: Path, keep: Keep) -> None:
    """Leave nothing behind; what cannot be cleared now is swept at the next start."""
    for path in (_unfinished(draft), draft, swapping.aside_of(draft)):
        with suppress(OSError, SheetsSyncError):
            _settle(path, target, keep)


def sweep(target: Path, *, tag: str, keep: Keep) -> Swept:
    """Clear away what killed runs left beside the file; a person's save among it comes first.

    Only drafts of this file are touched: those with our own ``tag``, which nobody can be working
    on while the caller holds the lock of the run, and those of others after a day.
    """
    restored = kept = 0
    for path in _drafts_of(target):
        found = _DRAFT.fullmatch(path.name)
        if found and (found["tag"] == tag or _is_abandoned(path)):
            with suppress(OSError):
                more = _settle(path, target, keep)
                restored, kept = restored + more.restored, kept + more.kept
    return Swept(restored, kept)


def _drafts_of(target: Path) -> Iterator[Path]:
    with suppress(OSError):
        for path in sorted(target.parent.iterdir()):
            found = _DRAFT.fullmatch(path.name)
            if found and found["file"] == _file_tag(target):
                yield path


def _is_abandoned(path: Path) -> bool:
    return time.time() - path.lstat().st_ctime > _ABANDONED


def _settle(draft: Path, target: Path, keep: Keep) -> Swept:
    """Remove a draft, but see to it first when it is a person's save that came out of a swap.

    Where our version still stands in its place, it goes back there. Where something newer does, it
    is kept aside. While somebody still writes into it, it stays for another day.
    """
    found = _DRAFT.fullmatch(draft.name)
    if found is None or not _is_there(draft):
        return Swept()
    settled = Swept()
    if found["kind"] == _FINISHED and stat.S_ISREG(draft.lstat().st_mode):
        known = {found["old"], found["new"]}
        digest = swapping.settled_digest(draft)
        if digest is None:
            return Swept()
        if digest not in known:
            settled = _give_back(draft, target, known=known, new=found["new"], keep=keep)
    draft.unlink(missing_ok=True)
    return settled


def _give_back(draft: Path, target: Path, *, known: set[str], new: str, keep: Keep) -> Swept:
    """Put a person's save back in place of ours; kept aside if that is no longer the newest."""
    digest = digest_of(draft)
    standing = digest_of(target) if _is_there(target) else None
    if standing == new:
        with suppress(Gone):
            if swapping.swap(draft, target, expected=new, digest=digest):
                _settle(swapping.aside_of(draft), target, keep)
                return Swept(restored=1)
    if digest_of(draft) in {*known, standing}:
        return Swept()
    keep(draft)
    return Swept(kept=1)


def _is_there(path: Path) -> bool:
    with suppress(FileNotFoundError):
        path.lstat()
        return True
    return False


@contextmanager
def telling(path: Path, *, denied: str) -> Iterator[None]:
    """Turn what the system says into our errors; ``denied`` is the kind for no permission."""
    try:
        yield
    except OSError as error:
        raise in_words(error, path, denied=denied) from error


def in_words(error: OSError, path: Path, *, denied: str) -> SheetsSyncError:
    """The error of ours that says what an OSError means for the file at ``path``."""
    file, code = str(path), error.errno
    if code in _IN_USE or getattr(error, "winerror", None) in {32, 33}:
        return Busy("busy_file", file=file)
    if code in _DENIED:
        return Forbidden(denied, file=file, folder=str(path.parent))
    if code in _MISSING:
        return NoSuchTracker("no_such_file", file=file)
    if code in _FULL:
        return Unreachable("disk_full", file=file, folder=str(path.parent))
    return Unreachable("disk_failed", file=file, detail=error.strerror or str(error))
