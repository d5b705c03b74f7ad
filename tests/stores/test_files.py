"""Saving a file loses nobody's save, whatever happens at whichever step."""

from __future__ import annotations

import errno
import itertools
import os
import random
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from sheets_sync.errors import (
    Forbidden,
    NoSuchTracker,
    Refused,
    SheetChanged,
    SheetsSyncError,
    Unreachable,
    UsageError,
)
from sheets_sync.stores import files, swapping
from sheets_sync.stores.swapping import CannotExchange, digest_bytes
from tests.stores.people import (
    WAYS,
    Steps,
    Way,
    at_once,
    by_renaming,
    in_place,
    in_place_at_leisure,
)

OLD, NEW, THEIRS, LATER = b"old version", b"our new version", b"a person's save", b"a later save"
TAG = "0123abcd"
MOST = 1_000_000

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="an exchange is Linux's own")


class Folder:
    """A folder with a tracker in it, and what was kept aside."""

    def __init__(self, path: Path) -> None:
        """Make the folder, or clear it."""
        path.mkdir(exist_ok=True)
        for left in path.iterdir():
            left.unlink()
        self.target = path.resolve() / "partners.xlsx"
        self.target.write_bytes(OLD)
        self.kept: list[bytes] = []

    def keep(self, path: Path) -> None:
        """Stand in for the backups."""
        self.kept.append(path.read_bytes())

    def save(self, data: bytes = NEW, *, expected: bytes = OLD) -> files.Fingerprint:
        """Save our version over the old one."""
        return files.save(
            self.target, data, expected=digest_bytes(expected), tag=TAG, keep=self.keep
        )

    def sweep(self, tag: str = TAG) -> files.Swept:
        """Clear away what killed runs left."""
        return files.sweep(self.target, tag=tag, keep=self.keep)

    def draft(self, content: bytes, *, old: bytes = OLD, new: bytes = NEW, tag: str = TAG) -> Path:
        """What a run that was killed left behind."""
        path = files._draft_path(  # noqa: SLF001 - the name is the point
            self.target, tag=tag, old=digest_bytes(old), new=digest_bytes(new)
        )
        path.write_bytes(content)
        return path

    @property
    def live(self) -> bytes:
        """What people find now."""
        return self.target.read_bytes()

    @property
    def names(self) -> list[str]:
        """All files in the folder."""
        return sorted(path.name for path in self.target.parent.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "share")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    return Steps(monkeypatch)


def cannot_exchange(_one: Path, _other: Path) -> NoReturn:
    raise CannotExchange


def fails(code: int) -> Callable[..., NoReturn]:
    def failing(*_arguments: object, **_keywords: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return failing


def _exchanges(_monkeypatch: pytest.MonkeyPatch) -> None:
    """As local file systems of Linux do."""


def _replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS and NFS do."""
    monkeypatch.setattr(swapping, "exchange", cannot_exchange)


def _copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """As network folders without hard links do."""
    monkeypatch.setattr(swapping, "exchange", cannot_exchange)
    monkeypatch.setattr(os, "link", fails(errno.EPERM))


FILE_SYSTEMS = (_exchanges, _replaces, _copies)


# Reading


def test_reading_gives_the_bytes_and_the_path_behind_links(folder: Folder) -> None:
    link = folder.target.with_name("link.xlsx")
    link.symlink_to(folder.target.name)
    snapshot = files.read(link, most=MOST)
    assert (snapshot.path, snapshot.data) == (folder.target, OLD)
    assert snapshot.fingerprint.digest == digest_bytes(OLD)
    assert snapshot.fingerprint.size == len(OLD)


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(NoSuchTracker) as caught:
        files.read(tmp_path / "none.xlsx", most=MOST)
    assert caught.value.kind == "no_such_file"


def test_links_in_a_circle_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(NoSuchTracker):
        files.read(tmp_path / "a", most=MOST)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        files.read(tmp_path, most=MOST)
    assert caught.value.kind == "is_a_folder"


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(Refused) as caught:
        files.read(tmp_path / "pipe.xlsx", most=MOST)
    assert caught.value.kind == "not_a_file"


def test_a_giant_is_refused_unread(folder: Folder) -> None:
    os.truncate(folder.target, 10**12)
    with pytest.raises(Refused) as caught:
        files.read(folder.target, most=MOST)
    assert caught.value.kind == "file_too_large"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.EACCES, "not_readable"),
        (errno.EBUSY, "busy_file"),
        (errno.EIO, "disk_failed"),
        (errno.ENOENT, "no_such_file"),
    ],
)
def test_what_the_system_says_is_put_into_our_words(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, code: int, kind: str
) -> None:
    monkeypatch.setattr(os, "open", fails(code))
    with pytest.raises(SheetsSyncError) as caught:
        files.read(folder.target, most=MOST)
    assert caught.value.kind == kind


# Saving, nobody else about


@pytest.mark.parametrize("file_system", FILE_SYSTEMS)
def test_saving_replaces_the_file_and_leaves_nothing_behind(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, file_system: Callable[..., None]
) -> None:
    file_system(monkeypatch)
    fingerprint = folder.save()
    assert folder.live == NEW
    assert folder.names == ["partners.xlsx"]
    assert fingerprint == files.read(folder.target, most=MOST).fingerprint


@pytest.mark.parametrize("file_system", FILE_SYSTEMS)
def test_a_file_that_is_not_the_one_read_stays(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, file_system: Callable[..., None]
) -> None:
    file_system(monkeypatch)
    folder.target.write_bytes(THEIRS)
    with pytest.raises(SheetChanged):
        folder.save()
    assert (folder.live, folder.names, folder.kept) == (THEIRS, ["partners.xlsx"], [])


@pytest.mark.parametrize("file_system", FILE_SYSTEMS)
def test_a_file_that_has_gone_is_not_made_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, file_system: Callable[..., None]
) -> None:
    file_system(monkeypatch)
    folder.target.unlink()
    with pytest.raises(SheetChanged):
        folder.save()
    assert folder.names == []


def test_mode_and_times_of_access_stay(folder: Folder) -> None:
    folder.target.chmod(0o640)
    folder.save()
    assert stat.S_IMODE(folder.target.stat().st_mode) == 0o640


@linux_only
def test_attributes_stay_and_acls_with_them(folder: Folder) -> None:
    acl = bytes.fromhex("0200000001000600ffffffff02000600010000000400040"
                        "0ffffffff10000600ffffffff20000400ffffffff")  # fmt: skip
    os.setxattr(folder.target, "user.colour", b"green")
    os.setxattr(folder.target, "system.posix_acl_access", acl)
    folder.save()
    assert os.getxattr(folder.target, "user.colour") == b"green"
    assert os.getxattr(folder.target, "system.posix_acl_access") == acl


@linux_only
def test_an_acl_that_new_files_inherit_is_not_put_on_the_tracker(folder: Folder) -> None:
    acl = bytes.fromhex("0200000001000600ffffffff02000600010000000400040"
                        "0ffffffff10000600ffffffff20000400ffffffff")  # fmt: skip
    os.setxattr(folder.target.parent, "system.posix_acl_default", acl)
    folder.save()
    assert os.listxattr(folder.target) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(folder: Folder) -> None:
    os.chown(folder.target, 1234, 2345)
    folder.save()
    found = folder.target.stat()
    assert (found.st_uid, found.st_gid) == (1234, 2345)


def test_a_group_that_would_lose_its_rights_is_not_left_behind(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.target.chmod(0o660)
    os.chown(folder.target, os.getuid(), 2345)
    monkeypatch.setattr(os, "fchown", fails(errno.EPERM))
    with pytest.raises(Forbidden) as caught:
        folder.save()
    assert caught.value.kind == "group_not_kept"
    assert (folder.live, folder.names) == (OLD, ["partners.xlsx"])


def test_a_file_made_read_only_is_not_written(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).is_dir())
    with pytest.raises(Forbidden) as caught:
        folder.save()
    assert caught.value.kind == "not_writable"


@pytest.mark.parametrize("call", ["open", "access", "rename"])
def test_a_folder_that_may_not_be_written_is_told(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setattr(os, call, fails(errno.EACCES))
    with pytest.raises(Forbidden) as caught:
        folder.save()
    assert caught.value.kind == "folder_not_writable"


@pytest.mark.parametrize("file_system", [_exchanges, _copies])
def test_creating_never_replaces(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, file_system: Callable[..., None]
) -> None:
    file_system(monkeypatch)
    with pytest.raises(UsageError):
        files.create(folder.target, NEW)
    files.create(folder.target.with_name("new.xlsx"), NEW)
    assert folder.live == OLD
    assert folder.names == ["new.xlsx", "partners.xlsx"]


# Saving while people save


@linux_only
def test_a_file_that_is_open_for_writing_is_left_alone(folder: Folder) -> None:
    with folder.target.open("r+b"), pytest.raises(SheetChanged) as caught:
        folder.save()
    assert caught.value.kind == "open_for_writing"
    assert folder.live == OLD


def count_steps(steps: Steps, tmp_path: Path) -> list[str]:
    folder = Folder(tmp_path / "count")
    with steps.counted():
        folder.save()
    return steps.names


@pytest.mark.parametrize("way", WAYS)
@linux_only
def test_a_save_before_any_step_stays_the_newest_and_is_told(
    tmp_path: Path, steps: Steps, way: Way
) -> None:
    names = count_steps(steps, tmp_path)
    for step, name in enumerate(names):
        folder, told = Folder(tmp_path / "share"), False
        saving = partial(at_once, way, folder.target, THEIRS)
        with steps.counted({step: saving}):
            try:
                folder.save()
            except SheetChanged:
                told = True
        assert (folder.live, folder.names) == (THEIRS, ["partners.xlsx"]), (step, name)
        assert told or step > names.index("exchange"), (step, name)


@linux_only
def test_a_file_that_goes_away_before_any_step_is_a_changed_sheet(
    tmp_path: Path, steps: Steps
) -> None:
    for step in range(count_steps(steps, tmp_path).index("exchange") + 1):
        folder = Folder(tmp_path / "share")
        with steps.counted({step: folder.target.unlink}), pytest.raises(SheetChanged):
            folder.save()
        assert (folder.names, folder.kept) == ([], []), step


@linux_only
def test_of_two_saves_before_any_two_steps_the_later_stays(tmp_path: Path, steps: Steps) -> None:
    count = len(count_steps(steps, tmp_path))
    for one, two in itertools.combinations(range(count + 5), 2):
        folder = Folder(tmp_path / "share")
        happens = {
            step: partial(at_once, by_renaming, folder.target, data)
            for step, data in ((one, THEIRS), (two, LATER))
        }
        with steps.counted(happens), suppress(SheetChanged):
            folder.save()
        newest = THEIRS if two in steps.happens else LATER
        if one not in steps.happens:
            assert (folder.live, folder.names) == (newest, ["partners.xlsx"]), (one, two)


@pytest.mark.parametrize(
    ("file_system", "way", "danger"),
    [
        (_replaces, by_renaming, ["replace"]),
        (_copies, by_renaming, ["replace"]),
        (_replaces, in_place, []),
        (_replaces, in_place_at_leisure, []),
    ],
)
def test_without_exchange_a_save_is_lost_only_just_before_the_replacing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file_system: Callable[..., None],
    way: Way,
    danger: Sequence[str],
) -> None:
    file_system(monkeypatch)
    steps, lost = Steps(monkeypatch), []
    for step, name in enumerate(count_steps(steps, tmp_path)):
        folder = Folder(tmp_path / "share")
        saving = partial(at_once, way, folder.target, THEIRS)
        with steps.counted({step: saving}), suppress(SheetChanged):
            folder.save()
        assert folder.names == ["partners.xlsx"], (step, name)
        if folder.live != THEIRS:
            lost.append(name)
    assert lost == danger


def test_without_exchange_the_newer_of_two_saves_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One goes into the old file just before it is replaced, the other comes over ours."""
    _replaces(monkeypatch)
    steps = Steps(monkeypatch)
    replacing, lost = count_steps(steps, tmp_path).index("replace"), []
    for step in range(replacing + 1, replacing + 12):
        folder = Folder(tmp_path / "share")
        happens = {
            replacing: partial(at_once, in_place, folder.target, THEIRS),
            step: partial(at_once, by_renaming, folder.target, LATER),
        }
        with steps.counted(happens), pytest.raises(SheetChanged):
            folder.save()
        if folder.live != LATER:
            lost.append(steps.names[step])
    assert lost == ["read", "read", "replace"]


@linux_only
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_random_crowds_find_what_they_would_without_us(
    tmp_path: Path, steps: Steps, seed: int
) -> None:
    """Up to three people save in any way, their steps and ours in any order."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(100):
        ways = [chance.choice(WAYS) for _ in range(chance.randint(1, 3))]
        turns = [chance.random() for _ in range(12)]
        alone = Crowd(Folder(tmp_path / "without"), ways, turns)
        alone.finish()
        crowd = Crowd(Folder(tmp_path / "with"), ways, turns)
        happens = dict.fromkeys(chance.sample(range(45), chance.randint(1, 9)), crowd.go_on)
        with steps.counted(happens), suppress(SheetChanged, NoSuchTracker):
            crowd.folder.save()
        crowd.finish()
        crowd.folder.sweep()
        wanted, found = alone.folder.live, crowd.folder
        assert (NEW if wanted == OLD else wanted) in (found.live, *found.kept), number
        assert found.names == alone.folder.names, number


class Crowd:
    """People who save, each in their way, one step of one of them at a time.

    ``turns`` (from 0 to 1) tell whose turn it is.
    """

    def __init__(self, folder: Folder, ways: Sequence[Way], turns: Sequence[float]) -> None:
        """Let one person start in each of the ways, as soon as it is their turn."""
        self.folder = folder
        self.turns = list(turns)
        names = (b"one", b"two", b"three")
        self.saving = [way(folder.target, name) for way, name in zip(ways, names, strict=False)]

    def go_on(self) -> None:
        """Somebody does the next step of theirs; who finds no file gives up."""
        if self.saving:
            saving = self.saving[int(self.turns.pop(0) * len(self.saving))]
            try:
                next(saving)
            except (StopIteration, FileNotFoundError):
                self.saving.remove(saving)

    def finish(self) -> None:
        """Everybody comes to the end of theirs."""
        while self.saving:
            self.go_on()


# Faults


@pytest.mark.parametrize("file_system", FILE_SYSTEMS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR])
def test_a_fault_at_any_step_leaves_the_old_file_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_system: Callable[..., None], code: int
) -> None:
    file_system(monkeypatch)
    steps = Steps(monkeypatch)
    for step, name in enumerate(count_steps(steps, tmp_path)):
        folder = Folder(tmp_path / "share")
        saved = False
        with steps.counted({step: fails(code)}), suppress(SheetsSyncError):
            folder.save()
            saved = True
        assert folder.live in ((NEW,) if saved else (OLD, NEW)), (step, name)
        folder.sweep()
        assert folder.live in (OLD, NEW), (step, name)
        assert (folder.names, folder.kept) == (["partners.xlsx"], []), (step, name)


@linux_only
def test_a_fault_at_any_step_loses_no_save_that_came_in_between(
    tmp_path: Path, steps: Steps
) -> None:
    exchange = count_steps(steps, tmp_path).index("exchange")
    for step in range(exchange + 1, exchange + 30):
        folder = Folder(tmp_path / "share")
        saving = partial(at_once, by_renaming, folder.target, THEIRS)
        with steps.counted({exchange: saving, step: fails(errno.EIO)}), suppress(SheetsSyncError):
            folder.save()
        folder.sweep()
        assert THEIRS in (folder.live, *folder.kept), step
        assert folder.names == ["partners.xlsx"], step


def test_a_full_disk_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", fails(errno.ENOSPC))
    with pytest.raises(Unreachable) as caught:
        folder.save()
    assert caught.value.kind == "disk_full"


@linux_only
def test_what_came_out_but_cannot_be_read_goes_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = swapping.settled_digest

    def digest(path: Path) -> str | None:
        return real(path) if path == folder.target else fails(errno.EIO)()

    with monkeypatch.context() as patched:
        patched.setattr(swapping, "settled_digest", digest)
        with pytest.raises(Unreachable):
            folder.save()
    assert folder.live == OLD
    folder.sweep()
    assert folder.names == ["partners.xlsx"]


def test_the_new_name_is_on_the_disk_before_the_old_version_goes(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, unlink = os.fsync, os.unlink

    def noted_fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def noted_unlink(path: Path) -> None:
        done.append("unlink")
        unlink(path)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "unlink", noted_unlink)
    folder.save()
    assert done == ["file", "folder", "unlink"]


def test_folders_that_cannot_be_made_durable_are_no_fault(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "network file systems say so")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    folder.save()
    assert folder.live == NEW


# Sweeping


@pytest.mark.parametrize("content", [OLD, NEW])
def test_a_draft_that_is_ours_or_the_old_version_is_swept(folder: Folder, content: bytes) -> None:
    folder.draft(content)
    assert folder.sweep() == (0, 0)
    assert (folder.names, folder.live) == (["partners.xlsx"], OLD)


def test_an_unfinished_draft_is_swept(folder: Folder) -> None:
    draft = folder.draft(b"half of")
    draft.rename(draft.with_name(draft.name.removesuffix(".tmp") + ".part.tmp"))
    assert folder.sweep() == (0, 0)
    assert folder.names == ["partners.xlsx"]


@pytest.mark.parametrize("file_system", FILE_SYSTEMS)
def test_a_person_s_save_goes_back_where_ours_still_stands(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, file_system: Callable[..., None]
) -> None:
    file_system(monkeypatch)
    folder.target.write_bytes(NEW)
    folder.draft(THEIRS)
    assert folder.sweep() == (1, 0)
    assert (folder.live, folder.names, folder.kept) == (THEIRS, ["partners.xlsx"], [])


def test_a_person_s_save_is_kept_where_something_newer_stands(folder: Folder) -> None:
    folder.target.write_bytes(LATER)
    folder.draft(THEIRS)
    assert folder.sweep() == (0, 1)
    assert (folder.live, folder.names, folder.kept) == (LATER, ["partners.xlsx"], [THEIRS])


def test_a_save_that_is_in_place_need_not_be_kept(folder: Folder) -> None:
    folder.target.write_bytes(THEIRS)
    folder.draft(THEIRS)
    assert folder.sweep() == (0, 0)
    assert (folder.live, folder.names, folder.kept) == (THEIRS, ["partners.xlsx"], [])


def test_a_person_s_save_is_kept_where_nothing_stands(folder: Folder) -> None:
    folder.target.unlink()
    folder.draft(THEIRS)
    assert folder.sweep() == (0, 1)
    assert (folder.names, folder.kept) == ([], [THEIRS])


def test_a_save_that_cannot_be_kept_stays_where_it_is(folder: Folder) -> None:
    folder.target.write_bytes(LATER)
    draft = folder.draft(THEIRS)
    with suppress(OSError):
        files.sweep(folder.target, tag=TAG, keep=fails(errno.ENOSPC))
    assert draft.read_bytes() == THEIRS


@linux_only
def test_a_draft_that_somebody_still_writes_into_stays(folder: Folder) -> None:
    draft = folder.draft(OLD)
    with draft.open("r+b"):
        folder.sweep()
        assert draft.exists()
    folder.sweep()
    assert folder.names == ["partners.xlsx"]


def test_drafts_of_another_computer_wait_a_day(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.draft(NEW, tag="ffffffff")
    folder.sweep()
    assert len(folder.names) == 2
    monkeypatch.setattr(files, "_ABANDONED", -1)
    folder.sweep()
    assert folder.names == ["partners.xlsx"]


def test_drafts_of_other_files_and_what_is_only_named_alike_stay(folder: Folder) -> None:
    draft = folder.draft(NEW)
    other = draft.with_name(draft.name.replace(draft.name.split("-")[3], "00000000"))
    strange = [draft.rename(other), folder.target.with_name("~sheets-sync-notes.tmp")]
    strange[1].write_bytes(NEW)
    folder.sweep()
    assert all(path.exists() for path in strange)


def test_a_link_that_poses_as_a_draft_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    draft = folder.draft(NEW)
    draft.unlink()
    draft.symlink_to(secret)
    folder.sweep()
    assert (folder.names, folder.kept) == (["partners.xlsx"], [])
    assert secret.read_bytes() == b"secret"
