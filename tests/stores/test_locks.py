"""Who has a file open is read from the lock files of other programs; our own lock is for a run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sheets_sync.errors import Busy, Forbidden, NoSuchTracker, Unreachable
from sheets_sync.stores import locks
from sheets_sync.stores.locks import holder_of, refuse_if_open, run_lock


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "Kumppanit 2026.xlsx"
    path.write_bytes(b"x")
    return path


def excel_owner_file(name: str, *, wide: bool = True) -> bytes:
    """The 165 bytes that Excel writes beside a workbook."""
    narrow = name.encode("cp1252", "replace")
    content = bytes([len(narrow)]) + narrow.ljust(54, b" ")
    if wide:
        content += len(name).to_bytes(2, "little") + name.encode("utf-16-le")
        content += b" \0" * (54 - len(name))
    return content


OFFICE = ",aino,desk-7,21.11.2026 09:15,file:///home/aino/.config/libreoffice/4;"


@pytest.mark.parametrize(
    ("name", "content", "who"),
    [
        ("~${name}", excel_owner_file("Aino Virtanen"), "Aino Virtanen"),
        ("~${name}", excel_owner_file("דנה לוי"), "דנה לוי"),
        ("~${name}", excel_owner_file("Väinö", wide=False), "Väinö"),
        ("~${name}", b"", None),
        ("~${name}", b"\xff\xff", "ÿ"),
        ("~${name}", b"\0" * 165, None),
        ("~${name}", b"\x05Aino " + b" " * 49 + b"\xff\xff", "Aino"),
        (".~lock.{name}#", f"Aino Virtanen{OFFICE}".encode(), "Aino Virtanen"),
        (".~lock.{name}#", OFFICE.encode(), "aino"),
        (".~lock.{name}#", rb"Virtanen\, Aino\;,aino,desk-7,now,x;", "Virtanen, Aino;"),
        (".~lock.{name}#", b",,desk-7,now,x;", "desk-7"),
        (".~lock.{name}#", b"", None),
        (".~lock.{name}#", b"\xff\xfe,;", "\ufffd\ufffd"),
    ],
)
def test_the_holder_is_read_from_the_lock_file(
    target: Path, name: str, content: bytes, who: str | None
) -> None:
    lock = target.with_name(name.format(name=target.name))
    lock.write_bytes(content)
    assert holder_of(target) == (lock, who)


def test_a_file_without_lock_files_has_no_holder(target: Path) -> None:
    assert holder_of(target) is None
    refuse_if_open(target)


def test_an_open_file_is_busy_with_who_has_it_and_which_lock_says_so(target: Path) -> None:
    lock = target.with_name(f"~${target.name}")
    lock.write_bytes(excel_owner_file("Aino Virtanen"))
    with pytest.raises(Busy) as caught:
        refuse_if_open(target)
    assert caught.value.kind == "open_elsewhere"
    assert caught.value.facts == {"file": target.name, "lock": str(lock), "who": "Aino Virtanen"}


def test_a_lock_of_nobody_in_particular_is_busy_too(target: Path) -> None:
    target.with_name(f".~lock.{target.name}#").write_bytes(b"")
    with pytest.raises(Busy) as caught:
        refuse_if_open(target)
    assert caught.value.kind == "open_by_somebody"


def test_a_lock_file_that_is_a_link_or_a_pipe_counts_and_is_not_read(
    target: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret,secret,secret;")
    lock = target.with_name(f".~lock.{target.name}#")
    lock.symlink_to(tmp_path / "secret")
    assert holder_of(target) == (lock, None)
    lock.unlink()
    os.mkfifo(lock)
    assert holder_of(target) == (lock, None)


@pytest.mark.parametrize(
    "name",
    [
        "Kumppanit 2026 (Aino's conflicted copy 2026-11-21).xlsx",
        "Kumppanit 2026 (Aino (work)'s conflicted copy 2026-11-21).xlsx",
        "Kumppanit 2026 (conflicted copy 2026-11-21 093612).xlsx",
        "Kumppanit 2026 (conflicted copy aino 2026-11-21 093612).xlsx",
        "Kumppanit 2026_conflict-20261121-093612.xlsx",
        "Kumppanit 2026.sync-conflict-20261121-093612-ABCDEFG.xlsx",
        "kumppanit 2026.sync-conflict-20261121-093612.xlsx",
    ],
)
def test_a_conflict_copy_is_busy_and_named(target: Path, name: str) -> None:
    target.with_name(name).write_bytes(b"x")
    with pytest.raises(Busy) as caught:
        refuse_if_open(target)
    assert (caught.value.kind, caught.value.facts["copies"]) == ("conflict_copy", (name,))


@pytest.mark.parametrize(
    "name",
    [
        "Kumppanit 2026 (1).xlsx",
        "Kumppanit (conflicted copy 2026-11-21 093612).xlsx",
        "Kumppanit 2026 (conflicted copy 2026-11-21 093612).txt",
        "Kumppanit 2026 on conflicts.xlsx",
        "~$Kumppanit 2025.xlsx",
        ".~lock.Kumppanit 2025.xlsx#",
    ],
)
def test_other_files_are_no_reason(target: Path, name: str) -> None:
    target.with_name(name).write_bytes(b"x")
    refuse_if_open(target)


def test_a_run_may_hold_its_tracker_twice_and_lets_it_go(tmp_path: Path) -> None:
    for _ in range(2):
        with run_lock(tmp_path / "state", "tracker"), run_lock(tmp_path / "state", "tracker"):
            pass


def test_another_run_is_busy(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from sheets_sync.stores.locks import run_lock\n"
        "with run_lock(Path(sys.argv[1]), 'tracker'): print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Busy) as caught, run_lock(tmp_path, "tracker"):
            pass
        with run_lock(tmp_path, "another tracker"):
            pass
        other.communicate("\n")
    assert caught.value.kind == "another_run"
    with run_lock(tmp_path, "tracker"):
        pass


def test_a_link_in_the_place_of_our_lock_is_not_followed(tmp_path: Path) -> None:
    with run_lock(tmp_path, "tracker"):
        lock = next((tmp_path / "locks").iterdir())
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    lock.unlink()
    lock.symlink_to(victim)
    with pytest.raises((Unreachable, NoSuchTracker)), run_lock(tmp_path, "tracker"):
        pass
    assert victim.read_bytes() == b"precious"


def test_a_link_in_the_place_of_our_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "locks").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Forbidden), run_lock(tmp_path / "state", "tracker"):
        pass
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_folder_with_our_locks_is_ours_alone(tmp_path: Path) -> None:
    with locks.run_lock(tmp_path / "state", "tracker"):
        assert (tmp_path / "state").stat().st_mode & 0o77 == 0
        assert (tmp_path / "state" / "locks").stat().st_mode & 0o77 == 0
