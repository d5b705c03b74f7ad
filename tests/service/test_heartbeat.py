"""Whether a tracker is looked after can be seen: in its Sync tab, by ``check``, and at a glance."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import time_machine
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync.model import SYNC_TAB
from sheets_sync.stores.excel import ExcelStore
from sheets_sync.sync_tab import last_check
from sheets_sync.texts import label
from tests.command_line import OVERDUE, command, settings, tracker

MONDAY = date(2026, 11, 23)
RED = "C81E1E"


def day_told(path: Path) -> date | None:
    """The day of the last check, as the program reads it."""
    store = ExcelStore(path, state=path.parent / "reader", read_only=True)
    return last_check(store.read().tabs[SYNC_TAB])


@pytest.mark.parametrize("words", [["sync"], ["watch", "--once"], ["watch", "--once", "--json"]])
def test_every_sync_tells_its_day_in_the_tracker(home: Path, words: list[str]) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    for day in (MONDAY, MONDAY, MONDAY + timedelta(days=1)):
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
            assert command(*words, path).code == 0
        assert day_told(path) == day


def test_in_the_template_it_is_a_day_for_every_program(home: Path) -> None:
    command("init", home / "partners.xlsx")
    command("sync", home / "partners.xlsx", "--today", str(MONDAY))
    sheet = openpyxl.load_workbook(home / "partners.xlsx")[label("tab.sync", "en")]
    assert isinstance(sheet, Worksheet)
    assert sheet["B3"].value == datetime(2026, 11, 23)  # noqa: DTZ001 - workbooks know no time zone


def test_the_day_is_written_once_a_day(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    command("sync", path, "--today", str(MONDAY))
    before = path.read_bytes()
    command("sync", path, "--today", str(MONDAY))
    assert path.read_bytes() == before


def test_check_tells_of_the_last_sync_in_the_tracker_and_by_the_service(home: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    config = settings(home, 'timezone = "Europe/Helsinki"\n')
    words: list[str | Path] = ["check", path, "--config", config]
    with time_machine.travel(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), tick=False):
        assert "ast synced" not in command(*words).out
        assert "service" not in command(*words).out
        command("sync", path, "--config", config)
        assert "Last synced on 23 Nov 2026" in command(*words).out
        assert "The service on this computer" not in command(*words).out
        command("watch", path, "--once", "--config", config)
        service = "The service on this computer last synced it on 23 Nov 2026 at 14:00."
        assert service in command(*words).out
        assert not (home / "watch").exists()


@pytest.mark.parametrize(("days", "silent"), [(0, False), (2, False), (3, True), (400, True)])
def test_check_says_when_nobody_has_synced_for_more_than_two_days(
    home: Path, days: int, *, silent: bool
) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    command("sync", path, "--today", str(MONDAY))
    later = str(MONDAY + timedelta(days=days))
    found = command("check", path, "--today", later, "--json").document["findings"]
    assert ("check.silent" in {it["kind"] for it in found}) is silent


def test_check_leaves_the_state_folder_as_it_is(home: Path, tmp_path: Path) -> None:
    path = tracker(home / "partners.xlsx", OVERDUE)
    command("check", path)
    assert not (tmp_path / "state" / "watch").exists()


# The colour, as LibreOffice shows it


def test_the_day_turns_red_after_two_days_of_silence(home: Path) -> None:
    require_libreoffice()
    today = datetime.now(UTC).astimezone().date()
    for days in (0, 2, 3):
        path = home / f"{days}.xlsx"
        command("init", path)
        assert command("sync", path, "--today", str(today - timedelta(days=days))).code == 0
        keep_sync_tab(path)
    show_as_html(home)
    red = {days: RED in (home / f"{days}.html").read_text().upper() for days in (0, 2, 3)}
    assert red == {0: False, 2: False, 3: True}


def keep_sync_tab(path: Path) -> None:
    """Take the other tabs away, which have red of their own."""
    book = openpyxl.load_workbook(path)
    for name in set(book.sheetnames) - {label("tab.sync", "en")}:
        del book[name]
    book.save(path)


def show_as_html(folder: Path) -> None:
    """Have LibreOffice make a page of each workbook, its conditional formats applied."""
    convert = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}"]
    convert += ["--convert-to", "html", "--outdir", str(folder), *map(str, folder.glob("*.xlsx"))]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)


def require_libreoffice() -> None:
    """Skip where LibreOffice is not installed; on CI it must be."""
    if shutil.which("soffice") is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice (soffice) is missing")
        pytest.skip("LibreOffice (soffice) is not installed")
