"""From the private state folder to folders and files in it that are ours alone.

Nothing here follows a symbolic link below the state folder: whoever could put one there would
otherwise have us write elsewhere. Files are readable by their owner alone, and are put in place
whole.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from pathlib import Path

from sheets_sync.errors import Forbidden

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NAME_LENGTH = 40
_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)


def make_folder(state: Path, *parts: str) -> Path:
    """The folder below the state folder, made where it is missing. A link there: Forbidden."""
    folder = state
    try:
        state.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        for part in parts:
            folder = folder / part
            folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
            if not stat.S_ISDIR(folder.lstat().st_mode):
                raise Forbidden("state_folder_unsafe", folder=str(folder))
    except (FileExistsError, NotADirectoryError):
        raise Forbidden("state_folder_unsafe", folder=str(folder)) from None
    return folder


def write_file(path: Path, data: bytes) -> None:
    """Put a file of ours in place, whole and on the disk, instead of what stands there."""
    temp = path.with_name(f".{secrets.token_hex(8)}.new")
    descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temp.replace(path)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise


def read_file(path: Path) -> bytes:
    """A file of ours; a link in its place is an OSError."""
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY), "rb") as file:
        return file.read()


def identity(state: Path) -> str:
    """Eight letters that tell this state folder from all others, the same at every start."""
    path = make_folder(state) / "id"
    try:
        found = read_file(path).decode("ascii", "replace")
    except FileNotFoundError:
        found = ""
    if re.fullmatch(r"[0-9a-f]{8}", found):
        return found
    fresh = secrets.token_hex(4)
    write_file(path, fresh.encode())
    return fresh


def key_of(tracker: str) -> str:
    """A file name for what is kept of a tracker: readable, and different for each of them."""
    digest = hashlib.sha256(tracker.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    readable = _UNSAFE.sub("_", Path(tracker).stem)[:_NAME_LENGTH].strip("._")
    return f"{readable}-{digest}" if readable else digest
