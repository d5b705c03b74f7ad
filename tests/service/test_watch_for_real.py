"""``watch`` in a process of its own, while people save, programs are killed and mail goes out."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.command_line import FINE, OVERDUE, TODAY, process, tracker
from tests.service.running import drafts, is_right, running, wait_until, with_partners
from tests.stores.people import WAYS, at_once

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")

SOON = 5.0
"""Seconds from a person's save to a sheet that is right."""


@pytest.fixture
def path(home: Path) -> Path:
    return tracker(home / "partners.xlsx", OVERDUE, FINE)


def statuses(path: Path) -> list[object]:
    """The Status cells from the first partner on, as another program reads them."""
    sheet = openpyxl.load_workbook(path)["Partners"]
    [column] = [cell.column for cell in sheet[1] if cell.value == "Status"]
    return [sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)]


def test_the_sheet_is_right_soon_after_each_save_and_its_own_saves_wake_nothing(
    path: Path, tmp_path: Path
) -> None:
    with running(path, *TODAY, state=tmp_path / "state") as service:
        service.wait_for("sync_done")
        assert is_right(path)
        for number, way in enumerate(WAYS, start=1):
            at_once(way, path, with_partners(path, [f"Newcomer {number}"]))
            wait_until(lambda: is_right(path), within=SOON)
            assert statuses(path) == ["Overdue", "Nothing now", *["Fix data"] * number]
        service.wait_for("sync_done", times=1 + len(WAYS))
        with pytest.raises(AssertionError):
            service.wait_for("sync_done", times=2 + len(WAYS), within=4.0)
    assert all(line["n"] > 0 for line in service.lines if line["event"] == "sync_done")
    assert service.count("sync_failed") == 0


def test_sigterm_ends_it_within_a_second_when_idle(path: Path, tmp_path: Path) -> None:
    with running(path, *TODAY, state=tmp_path / "state") as service:
        service.wait_for("sync_done")
        assert service.end(signal.SIGTERM, within=1.0) == 0
    assert [line["event"] for line in service.lines] == ["started", "sync_done", "stopped"]


def test_sigterm_in_the_middle_of_a_save_lets_it_finish(path: Path, tmp_path: Path) -> None:
    with running(path, *TODAY, state=tmp_path / "state", slow_disk=True) as service:
        wait_until(lambda: bool(drafts(path)), within=20)
        assert not is_right(path)
        assert service.end(signal.SIGTERM, within=10.0) == 0
    assert [line["event"] for line in service.lines] == ["started", "sync_done", "stopped"]
    assert is_right(path)
    assert drafts(path) == []


def test_after_kill_9_in_the_middle_of_a_save_it_starts_again(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    with running(path, *TODAY, state=tmp_path / "state", slow_disk=True) as service:
        wait_until(lambda: bool(drafts(path)), within=20)
        service.end(signal.SIGKILL, within=10.0)
    assert path.read_bytes() == before
    assert drafts(path)
    with running(path, *TODAY, state=tmp_path / "state") as service:
        service.wait_for("sync_done")
    assert is_right(path)
    assert drafts(path) == []


def test_after_kill_9_what_people_saved_meanwhile_is_synced_at_once(
    path: Path, tmp_path: Path
) -> None:
    with running(path, *TODAY, state=tmp_path / "state") as service:
        service.wait_for("sync_done")
        service.end(signal.SIGKILL, within=10.0)
    path.write_bytes(with_partners(path, ["Newcomer"]))
    with running(path, *TODAY, state=tmp_path / "state") as service:
        service.wait_for("sync_done")
    assert is_right(path)


def test_a_second_service_exits_with_75_and_a_sync_by_hand_goes_on(
    path: Path, tmp_path: Path
) -> None:
    with running(path, *TODAY, state=tmp_path / "state") as service:
        service.wait_for("sync_done")
        second = process("watch", path, "--json")
        assert (second.code, second.document["error"]["kind"]) == (75, "another_service")
        once = process("watch", path, "--once", "--json")
        assert (once.code, once.document["kind"]) == (75, "another_service")
        assert process("sync", path, *TODAY).code == 0
        assert service.process.poll() is None


def test_a_file_that_somebody_has_open_is_synced_soon_after_they_close_it(
    path: Path, tmp_path: Path
) -> None:
    lock = path.with_name(f".~lock.{path.name}#")
    with running(path, *TODAY, state=tmp_path / "state") as service:
        service.wait_for("sync_done")
        lock.write_text("Aino Virtanen,aino,computer,23.11.2026 12:00,file:///profile;")
        path.write_bytes(with_partners(path, ["Newcomer"]))
        service.wait_for("sync_failed")
        assert not is_right(path)
        lock.unlink()
        wait_until(lambda: is_right(path), within=SOON)
    [failed] = [line for line in service.lines if line["event"] == "sync_failed"]
    assert failed["kind"] == "open_elsewhere"
    assert "Aino" not in "".join(service.raw)
