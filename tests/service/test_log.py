"""The log tells kinds and numbers, never what an error says."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sheets_sync.errors import Busy
from sheets_sync.model import Settings
from sheets_sync.service import Watched, name_in_log
from sheets_sync.service.log import json_log, words_log
from tests.service.computer import MINUTE, Jobs, Log, moment_in, run

pytestmark = pytest.mark.usefixtures("quick_disk")


def test_the_log_tells_kinds_and_numbers_but_nothing_that_an_error_says(tmp_path: Path) -> None:
    stream = io.StringIO()
    jobs = Jobs()
    jobs.faults["sync"] = Busy("open_elsewhere", who="CANARY")
    jobs.faults["digest"] = RuntimeError("CANARY")
    log = json_log(stream, now=lambda: datetime.now(UTC))
    start = moment_in("UTC", 2026, 11, 21, 8, 0)
    run(tmp_path, start, lasting=10 * MINUTE, jobs=jobs, log=log)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert "CANARY" not in stream.getvalue()
    assert [line["event"] for line in lines[:3]] == ["started", "sync_failed", "digest_failed"]
    assert (lines[1]["kind"], lines[1]["n"]) == ("open_elsewhere", 1)
    assert lines[2]["kind"] == "RuntimeError"
    assert lines[1]["time"] == "2026-11-21T08:00:00Z"
    assert lines[-1]["event"] == "stopped"


def test_the_log_in_words_counts() -> None:
    told: list[str] = []
    words_log(told.append, "en")("sync_done", {"tracker": "t", "n": 1})
    words_log(told.append, "en")("sync_done", {"tracker": "t", "n": 4})
    assert told == ["Synced; 1 cell was written.", "Synced; 4 cells were written."]


@pytest.mark.parametrize(
    ("tracker", "file", "readable"),
    [("/home/them/partners.xlsx", True, "partners"), ("1aBcD-id_of_a_sheet", False, "")],
)
def test_a_line_names_a_file_but_not_the_id_that_opens_a_google_sheet(
    tracker: str, *, file: bool, readable: str
) -> None:
    log = Log()
    path = Path(tracker) if file else None
    it = Watched(tracker=tracker, settings=Settings(), sync=lambda: 0, file=path)
    name_in_log(log, it)("sync_done", {"n": 1})
    told = str(log.lines[0][1]["tracker"])
    assert told.rpartition("-")[0] == readable
    assert len(told.rpartition("-")[2]) == 12
    assert tracker not in told
