"""A save that is killed at any system call leaves the old file or the new one, and no save lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheets_sync.stores import files
from sheets_sync.stores.backups import Backups
from tests.stores.saver import NEW, OLD, START, TAG, THEIRS

ROOT = Path(__file__).parents[2]
CHANGING = (
    "openat", "write", "fsync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "link",
    "linkat", "mkdir", "fchmod", "fchown", "fsetxattr", "fremovexattr", "ftruncate",
)  # fmt: skip
"""To be killed before any other call is to be killed before the next of these."""

if shutil.which("strace") is None:
    if os.environ.get("CI"):
        pytest.fail("strace is missing here, and no test of crashes would run", pytrace=False)
    pytest.skip("strace is missing", allow_module_level=True)


def save_under_strace(folder: Path, *options: str, busy: bool) -> int:
    """Run the saver under strace; answers how it ended (137 when it was killed)."""
    mode = ["--busy"] if busy else []
    command = ["strace", *options, sys.executable, "-m", "tests.stores.saver"]
    return subprocess.run(
        [*command, str(folder), *mode], cwd=ROOT, check=False, capture_output=True
    ).returncode


def share(folder: Path) -> Path:
    """A folder with the old version in it."""
    (folder / "share").mkdir(parents=True)
    (folder / "share" / "partners.xlsx").write_bytes(OLD)
    return folder / "share"


def calls(folder: Path, *, busy: bool) -> Iterator[tuple[str, int]]:
    """The changing calls of a save: the name, and which one of that name in the process."""
    trace = folder / "trace"
    names = ",".join((*CHANGING, "access"))
    save_under_strace(share(folder), "-o", str(trace), "-e", f"trace={names}", busy=busy)
    count: Counter[str] = Counter()
    started = False
    for line in trace.read_text().splitlines():
        if found := re.match(r"(?:\d+ +)?(\w+)\(", line):
            count[found[1]] += 1
            started = started or START in line
            if started and found[1] in CHANGING:
                yield found[1], count[found[1]]


def swept(folder: Path) -> Backups:
    """What is kept of a share after the next start has swept it."""
    target = folder / "partners.xlsx"
    backups = Backups(folder.parent / "state", target, count=3)
    files.sweep(target, tag=TAG, keep=backups.rescue)
    return backups


@pytest.mark.parametrize("busy", [False, True], ids=["alone", "with a person"])
def test_a_kill_at_any_call_loses_nothing(tmp_path: Path, *, busy: bool) -> None:
    found = list(calls(tmp_path / "count", busy=busy))
    assert {"renameat2", "rename", "fsync", "unlink"} <= {name for name, _ in found}
    for name, number in found:
        folder = share(tmp_path / f"{name}-{number}")
        kill = f"inject={name}:signal=KILL:when={number}"
        ended = save_under_strace(folder, "-e", f"trace={name}", "-e", kill, busy=busy)
        assert ended in {137, -9}, (name, number)
        live = folder / "partners.xlsx"
        assert live.read_bytes() in {OLD, NEW, THEIRS}, (name, number)
        before = live.read_bytes()
        backups = swept(folder)
        assert {path.name for path in folder.iterdir()} <= {live.name, "person.tmp", "saved"}
        if (folder / "saved").exists():
            rescued = [backup.read() for backup in backups.kept() if backup.rescued]
            assert THEIRS in (live.read_bytes(), *rescued), (name, number)
        if not busy:
            assert live.read_bytes() == before, (name, number)
