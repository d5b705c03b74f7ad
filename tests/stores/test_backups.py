"""The last versions are kept, privately, and people's rescued saves apart from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sheets_sync.errors import Forbidden, NoSuchTracker
from sheets_sync.stores.backups import Backups
from sheets_sync.stores.private import identity, key_of

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def clock(*, step: timedelta) -> Iterator[datetime]:
    now = START
    while True:
        yield now
        now += step


def backups(
    tmp_path: Path, *, count: int = 3, name: str = "partners.xlsx", hours: int = 1
) -> Backups:
    ticks = clock(step=timedelta(hours=hours))
    return Backups(tmp_path / "state", tmp_path / name, count=count, now=lambda: next(ticks))


def test_the_last_versions_are_kept_newest_first(tmp_path: Path) -> None:
    kept = backups(tmp_path)
    for version in (b"1", b"2", b"3", b"4", b"5"):
        kept.keep(version)
    assert [backup.read() for backup in kept.kept()] == [b"5", b"4", b"3"]
    assert [backup.when for backup in kept.kept()] == [
        START + timedelta(hours=hours) for hours in (4, 3, 2)
    ]


def test_the_same_version_is_kept_once(tmp_path: Path) -> None:
    kept = backups(tmp_path)
    kept.keep(b"1")
    kept.keep(b"1")
    assert len(kept.kept()) == 1


def test_nothing_is_kept_where_nothing_is_wanted(tmp_path: Path) -> None:
    kept = backups(tmp_path, count=0)
    kept.keep(b"1")
    assert kept.kept() == []
    kept.keep(b"1", least=1)
    assert len(kept.kept()) == 1


def test_rescued_saves_are_kept_always_and_not_crowded_out(tmp_path: Path) -> None:
    kept = backups(tmp_path, count=0)
    draft = tmp_path / "draft"
    draft.write_bytes(b"theirs")
    kept.rescue(draft)
    kept = backups(tmp_path, count=2)
    for version in (b"1", b"2", b"3"):
        kept.keep(version)
    assert [b.read() for b in kept.kept() if b.rescued] == [b"theirs"]
    assert len(kept.kept()) == 3


def test_a_clock_that_goes_back_does_not_drop_the_newest(tmp_path: Path) -> None:
    kept = backups(tmp_path, hours=-1)
    for version in (b"1", b"2", b"3", b"4"):
        kept.keep(version)
    assert b"4" in [backup.read() for backup in kept.kept()]
    assert len(kept.kept()) == 3


def test_each_file_has_backups_of_its_own(tmp_path: Path) -> None:
    backups(tmp_path).keep(b"1")
    assert backups(tmp_path, name="other.xlsx").kept() == []


def test_backups_are_readable_by_us_alone(tmp_path: Path) -> None:
    kept = backups(tmp_path)
    kept.keep(b"1")
    path = kept.kept()[0].path
    assert path.stat().st_mode & 0o77 == 0
    assert path.parent.stat().st_mode & 0o77 == 0
    assert path.suffix == ".xlsx"


def test_what_is_no_backup_is_not_listed(tmp_path: Path) -> None:
    kept = backups(tmp_path)
    kept.keep(b"1")
    (kept.kept()[0].path.parent / "notes.xlsx").write_bytes(b"x")
    assert len(kept.kept()) == 1


def test_a_backup_that_is_gone_is_told(tmp_path: Path) -> None:
    kept = backups(tmp_path)
    kept.keep(b"1")
    backup = kept.kept()[0]
    backup.path.unlink()
    with pytest.raises(NoSuchTracker):
        backup.read()


def test_a_link_in_the_place_of_a_backup_is_not_followed(tmp_path: Path) -> None:
    kept = backups(tmp_path)
    kept.keep(b"1")
    backup = kept.kept()[0]
    backup.path.unlink()
    backup.path.symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_bytes(b"secret")
    with pytest.raises(NoSuchTracker):
        backup.read()


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "backups").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Forbidden):
        backups(tmp_path).keep(b"1")


@pytest.mark.parametrize(
    ("tracker", "readable"),
    [("/srv/Partners 2026.xlsx", "Partners_2026-"), ("/srv/שותפים.xlsx", ""), ("../..", "")],
)
def test_names_of_what_we_keep_are_readable_and_harmless(tracker: str, readable: str) -> None:
    key = key_of(tracker)
    assert key.startswith(readable)
    assert "/" not in key
    assert not key.startswith(".")
    assert key != key_of(f"{tracker}x")


def test_a_state_folder_is_told_from_others_at_every_start(tmp_path: Path) -> None:
    one, other = identity(tmp_path / "one"), identity(tmp_path / "other")
    assert one == identity(tmp_path / "one") != other
    (tmp_path / "one" / "id").write_text("broken")
    assert len(identity(tmp_path / "one")) == 8
