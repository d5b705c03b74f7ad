"""The container file: what it says, and what is there when its steps have been followed."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.command_line import FINE, OVERDUE, tracker
from tests.service.containerfile import FILE, ROOT, build, instructions
from tests.service.running import Running, is_right

INSTRUCTIONS = [*instructions(FILE.read_text(encoding="utf-8"))]


def test_it_watches_as_a_user_without_rights() -> None:
    found = dict(INSTRUCTIONS)
    assert set(found) == {
        *("FROM", "COPY", "RUN", "USER", "WORKDIR", "VOLUME", "ENV", "ENTRYPOINT", "CMD"),
    }
    assert found["USER"] == "10001"
    command = json.loads(found["ENTRYPOINT"]) + json.loads(found["CMD"])
    assert command == ["sheets-sync", "watch", "--json"]


def test_what_it_copies_is_there() -> None:
    copied = [name for word, rest in INSTRUCTIONS if word == "COPY" for name in rest.split()[:-1]]
    assert copied
    assert all((ROOT / name).exists() for name in copied)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user may look into."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(not os.environ.get("CI"), reason="downloads every package anew; only on CI")
def test_its_steps_leave_a_service_that_syncs_and_ends_when_told(folder: Path) -> None:
    image = build(folder)
    assert not (folder / "source").exists()
    assert "--uid 10001 --no-create-home" in (folder / "users").read_text()
    assert (folder / "state").stat().st_mode & 0o777 == 0o700
    path = tracker(image.place / "partners.xlsx", OVERDUE, FINE)
    (image.place / "settings.toml").write_text('tracker = "partners.xlsx"\ntimezone = "UTC"\n')
    if image.user is not None:
        for it in (image.place, *image.place.iterdir()):
            os.chown(it, image.user, image.user)
    with image.start() as process:
        service = Running(process)
        try:
            service.wait_for("sync_done", within=60)
            assert service.end(signal.SIGTERM, within=5) == 0
        finally:
            process.kill()
            service.read_to_end()
    assert is_right(path, today=datetime.now(UTC).date())
    assert path.stat().st_uid == (image.user or os.getuid())
