"""A file that people save is synced soon; one that the program saves is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from sheets_sync.model import Settings
from sheets_sync.service import Stop, Watched, serve
from sheets_sync.service.changes import FileChanges
from sheets_sync.stores.swapping import digest_bytes
from tests.service.computer import Log


class News:
    """A file, and what is heard of it."""

    def __init__(self, file: Path) -> None:
        """The file as it stands is what the last sync left."""
        self.file = file
        file.write_bytes(b"first")
        self.changes = FileChanges(file, Log(), known=digest_bytes(b"first"))

    def save(self, content: bytes) -> None:
        """Save the file, by putting a new one in its place."""
        fresh = self.file.with_suffix(".tmp")
        fresh.write_bytes(content)
        fresh.replace(self.file)
        self.changes.news.set()

    def looks(self, times: int) -> list[bool]:
        """What so many looks find."""
        return [self.changes.are_there() for _ in range(times)]


@pytest.fixture
def news(tmp_path: Path) -> News:
    return News(tmp_path / "p.xlsx")


def test_without_news_there_are_no_changes(news: News) -> None:
    assert news.looks(3) == [False, False, False]


def test_a_saved_file_is_due_once_it_has_settled(news: News) -> None:
    news.save(b"second")
    assert news.looks(1) == [False]
    news.save(b"third")
    assert news.looks(4) == [False, True, False, False]


def test_our_own_save_is_no_change(news: News) -> None:
    news.save(b"ours")
    news.changes.synced(digest_bytes(b"ours"))
    assert news.looks(3) == [False, False, False]


def test_a_save_right_after_ours_is_a_change_though_the_sync_had_ended(news: News) -> None:
    news.save(b"ours")
    news.save(b"theirs")
    news.changes.synced(digest_bytes(b"ours"))
    assert news.looks(2) == [False, True]


def test_a_save_that_leaves_every_byte_as_it_was_is_no_change(news: News) -> None:
    news.save(b"first")
    assert news.looks(3) == [False, False, False]


def test_a_file_that_is_away_for_a_moment_is_no_change(news: News) -> None:
    news.file.unlink()
    news.changes.news.set()
    assert news.looks(2) == [False, False]


def test_news_of_a_lock_that_went_makes_a_waiting_change_due(news: News) -> None:
    news.save(b"theirs")
    assert news.looks(2) == [False, True]  # the sync finds it open, and fails
    news.changes.news.set()
    assert news.looks(2) == [False, True]


@pytest.mark.parametrize(("left", "found"), [("first", False), ("other", True), (None, True)])
def test_what_people_saved_while_no_service_ran_is_found_at_the_first_look(
    tmp_path: Path, left: str | None, *, found: bool
) -> None:
    file = tmp_path / "p.xlsx"
    file.write_bytes(b"first")
    changes = FileChanges(file, Log(), known=digest_bytes(left.encode()) if left else None)
    assert changes.are_there() is found


class Patient(Stop):
    """Really waits, until something has happened or ten seconds are over."""

    def __init__(self, enough: Callable[[], bool]) -> None:
        """Stop when there is enough."""
        super().__init__()
        self.enough, self.end = enough, time.monotonic() + 10

    def wait(self, seconds: float) -> None:
        """Wait for real, in small steps."""
        super().wait(min(seconds, 0.05))
        if self.enough() or time.monotonic() > self.end:
            self.ask()


class Saving:
    """A job that replaces its file, and notes what stood there."""

    def __init__(self, file: Path) -> None:
        """Nothing has been done yet."""
        self.file, self.found, self.version = file, list[bytes](), ""

    def sync(self) -> int:
        """Save."""
        self.found.append(self.file.read_bytes())
        ours = b"ours"
        fresh = self.file.with_name("fresh")
        fresh.write_bytes(ours)
        fresh.replace(self.file)
        self.version = digest_bytes(ours)
        return 1

    def watched(self) -> Watched:
        """The job, and what tells when it is due."""
        version = lambda: self.version  # noqa: E731 - short
        return Watched(
            tracker="t", settings=Settings(), sync=self.sync, file=self.file, version=version
        )


def test_what_people_save_is_heard_of_and_what_we_save_is_not_taken_for_theirs(
    tmp_path: Path,
) -> None:
    file = tmp_path / "p.xlsx"
    file.write_bytes(b"0")
    job = Saving(file)
    saver = threading.Timer(1.0, file.write_bytes, [b"theirs"])
    saver.start()
    looked: list[float] = []

    def enough() -> bool:
        if len(job.found) >= 2 and not looked:
            looked.append(time.monotonic())
        return bool(looked) and time.monotonic() > looked[0] + 2.5

    serve([job.watched()], state=tmp_path / "state", log=Log(), stop=Patient(enough))
    assert job.found == [b"0", b"theirs"]


def test_a_service_that_starts_again_leaves_a_file_alone_that_is_as_it_was_left(
    tmp_path: Path,
) -> None:
    file = tmp_path / "p.xlsx"
    file.write_bytes(b"0")
    job = Saving(file)
    for _ in range(2):
        waits = count()
        stop = Patient(lambda waits=waits: next(waits) > 3)  # type: ignore[misc] # its type is known
        serve([job.watched()], state=tmp_path / "state", log=Log(), stop=stop)
    assert job.found == [b"0"]


def test_a_folder_that_cannot_be_listened_to_leaves_the_schedule(tmp_path: Path) -> None:
    log = Log()
    file = tmp_path / "nowhere" / "p.xlsx"
    it = Watched(tracker="t", settings=Settings(), sync=lambda: 0, file=file)
    serve([it], state=tmp_path, log=log, stop=Patient(lambda: "not_listening" in log.names()))
    assert "not_listening" in log.names()
    assert "sync_done" in log.names()
