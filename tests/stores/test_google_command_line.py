"""The commands work on a Google Sheet as they do on a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sheets_sync.layout import column_index
from tests.command_line import TODAY, Outcome, command
from tests.google import faults
from tests.google.place import Place, cells_of, type_in
from tests.google.spreadsheet import Spreadsheet
from tests.google.trackers import TAB, letters, tracker


@pytest.fixture(autouse=True)
def home(google: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings that name the key, and the server in Google's place."""
    settings = tmp_path / "settings.toml"
    settings.write_text(f"[google]\ncredentials = '{google.key_file}'\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHEETS_SYNC_CONFIG", str(settings))
    monkeypatch.setenv("SHEETS_SYNC_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("SHEETS_SYNC_GOOGLE_ENDPOINT", google.server.address)
    return tmp_path


@pytest.fixture
def sheet(google: Place) -> Spreadsheet:
    return google.put_up(tracker(6))


def url(sheet: Spreadsheet) -> str:
    return f"https://docs.google.com/spreadsheets/d/{sheet.id}/edit#gid=0"


def test_a_sync_tells_what_it_wrote_and_the_next_one_nothing(sheet: Spreadsheet) -> None:
    first = command("sync", url(sheet), "--json", *TODAY).document
    assert first["tracker"] == url(sheet)
    assert first["written"] == len(first["edits"]) > 0
    again = command("sync", sheet.id, "--json", *TODAY).document
    assert (again["edits"], again["written"], again["rounds"]) == ([], 0, 0)


def test_a_dry_run_and_a_check_write_nothing(google: Place, sheet: Spreadsheet) -> None:
    before = cells_of(sheet, TAB)
    dry = command("sync", url(sheet), "--dry-run", "--json", *TODAY).document
    check = command("check", url(sheet), "--json", *TODAY).document
    assert dry["edits"] == check["edits"] != []
    assert cells_of(sheet, TAB) == before
    assert {call.method for call in google.server.calls} == {
        "spreadsheets.get",
        "spreadsheets.values.batchGet",
    }
    kinds = {finding["kind"] for finding in check["findings"]}
    assert {"check.google.signed_in", "check.google.opened", "check.google.editing"} <= kinds


def test_a_header_that_is_put_back_is_reported(sheet: Spreadsheet) -> None:
    command("sync", url(sheet), *TODAY)
    type_in(sheet, TAB, f"{letters('Why')}2", "Oops")
    (edit,) = command("sync", url(sheet), "--json", *TODAY).document["edits"]
    assert (edit["cell"], edit["column"]) == (f"{letters('Why')}2", "why")
    assert (edit["before"], edit["after"]) == ("Oops", "Why")


def test_checking_aloud_shows_the_calls(sheet: Spreadsheet) -> None:
    outcome = command("check", url(sheet), "-v", *TODAY)
    assert "GET values:batchGet" in outcome.err
    assert "GET spreadsheet:" in outcome.err
    assert sheet.id[-20:] not in outcome.err
    assert "answered: spreadsheetId, 3 valueRanges" in outcome.err or "valueRanges" in outcome.err


def failed(outcome: Outcome) -> tuple[int, str]:
    error = outcome.document["error"]
    assert error["message"]
    assert error["next"]
    assert outcome.code == error["exit"]
    return error["exit"], error["kind"]


def found(outcome: Outcome) -> list[str]:
    """What a check that failed had found by then, of Google."""
    kinds = [finding["kind"] for finding in outcome.document["findings"]]
    return [kind.removeprefix("check.google.") for kind in kinds if ".google." in kind]


def test_a_check_that_fails_tells_how_far_it_came(google: Place, sheet: Spreadsheet) -> None:
    empty = google.put_up({"Sheet1": []})
    assert found(command("check", url(empty), "--json", *TODAY)) == ["signed_in", "opened"]
    sheet.shared.clear()
    calls = len(google.server.calls)
    outcome = command("check", url(sheet), "--json", *TODAY)
    assert found(outcome) == ["signed_in"]
    assert len(google.server.calls) == calls + 1
    assert failed(outcome) == (77, "not_shared")
    assert "Signed in to Google as" in command("check", url(sheet), *TODAY).out
    google.account.key = None
    assert found(command("check", url(sheet), "--json", *TODAY)) == []


@pytest.mark.parametrize("name", ["sync", "check", "explain"])
def test_a_sheet_that_is_not_shared_is_no_permission(sheet: Spreadsheet, name: str) -> None:
    sheet.shared.clear()
    more = ["Partner 1"] if name == "explain" else []
    assert failed(command(name, url(sheet), *more, "--json", *TODAY)) == (77, "not_shared")


def test_other_failures_have_the_exits_that_are_settled(
    google: Place, sheet: Spreadsheet, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(address: str = url(sheet)) -> tuple[int, str]:
        return failed(command("sync", address, "--json", *TODAY))

    assert sync("x" * 44) == (66, "wrong_id")
    assert sync("https://docs.google.com/spreadsheets/") == (66, "google_address")
    google.server.faults.append(faults.api_off())
    assert sync() == (77, "api_off")
    google.server.faults.clear()
    sheet.office = True
    assert sync() == (65, "office_file")
    google.account.key = None
    assert sync() == (77, "key_revoked")
    (home / "settings.toml").write_text("[google]\ncredentials = 'none.json'\n", "utf-8")
    assert sync() == (2, "key_missing")
    monkeypatch.setenv("SHEETS_SYNC_GOOGLE_ENDPOINT", "http://sheets.example.org")
    assert sync() == (2, "endpoint_not_loopback")


def test_init_lays_a_tracker_out_that_can_be_synced(google: Place) -> None:
    sheet = google.put_up({"Sheet1": []})
    made = command("init", "--google", url(sheet), "--sample", "--language", "fi", "--json", *TODAY)
    assert made.document == {"tracker": url(sheet), "language": "fi"}
    synced = command("sync", url(sheet), "--json", *TODAY).document
    assert (synced["language"], len(synced["rows"]) > 10) == ("fi", True)
    assert failed(command("init", "--google", url(sheet), "--json")) == (65, "google_not_empty")


def test_init_wants_one_place(google: Place, home: Path) -> None:
    sheet = google.put_up({"Sheet1": []})
    outcome = command("init", home / "new.xlsx", "--google", url(sheet), "--json")
    assert failed(outcome) == (2, "init_where")
    assert not (home / "new.xlsx").exists()


def test_the_day_of_the_check_is_written_on_the_sync_tab_once(sheet: Spreadsheet) -> None:
    command("sync", url(sheet), *TODAY)
    row = cells_of(sheet, "Sync")[2]
    assert row[column_index("B")] == 46349
    assert json.loads(command("sync", url(sheet), "--json", *TODAY).out)["written"] == 0
