"""A save in a process of its own, for test_crash to kill; ``--busy`` has a person save as well.

``python -m tests.stores.saver FOLDER [--busy]``
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import sys
from pathlib import Path

from sheets_sync.stores import files, swapping
from sheets_sync.stores.backups import Backups
from sheets_sync.stores.swapping import digest_bytes

OLD, NEW, THEIRS = b"old version", b"our new version", b"a person's save"
TAG = "0123abcd"
IMPORTED = (ctypes, fcntl)
"""Else loaded in the midst of the save, which would be many more calls to be killed at."""
START = "/save-begins-here"
"""Asked for (in vain) right before the save, so that it can be found among the system calls."""


def main(folder: Path, *, busy: bool) -> None:
    """Save NEW over OLD; with ``busy``, THEIRS comes between the last look and the exchange."""
    target = folder / "partners.xlsx"
    backups = Backups(folder.parent / "state", target, count=3)
    if busy:
        let_a_person_save(target)
    os.access(START, os.F_OK)
    backups.keep(OLD)
    files.save(target, NEW, expected=digest_bytes(OLD), tag=TAG, keep=backups.rescue)


def let_a_person_save(target: Path) -> None:
    """Before the first exchange, and that alone."""
    exchange = swapping.exchange

    def after_a_person(one: Path, other: Path) -> None:
        swapping.exchange = exchange
        fresh = target.with_name("person.tmp")
        fresh.write_bytes(THEIRS)
        fresh.replace(target)
        target.with_name("saved").touch()
        exchange(one, other)

    swapping.exchange = after_a_person


if __name__ == "__main__":
    main(Path(sys.argv[1]), busy="--busy" in sys.argv)
