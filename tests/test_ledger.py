"""The ledger: what is noted is there after a crash, and what cannot be read does no harm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sheets_sync.ledger import Ledger

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def file_of(state: Path) -> Path:
    """The one file that a ledger keeps."""
    (path,) = (state / "digests").iterdir()
    return path


def test_nothing_is_made_before_the_first_mail(tmp_path: Path) -> None:
    assert Ledger(tmp_path / "state", "partners").last_digests() == {}
    assert not (tmp_path / "state").exists()


def test_what_was_noted_is_known_to_the_next_run(tmp_path: Path) -> None:
    Ledger(tmp_path, "partners").note("Aino Virtanen", MONDAY)

    assert Ledger(tmp_path, "partners").last_digests() == {"Aino Virtanen": MONDAY}


def test_the_latest_day_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "partners")
    for day in (MONDAY, TUESDAY, MONDAY):
        ledger.note("Aino Virtanen", day)

    assert ledger.last_digests() == {"Aino Virtanen": TUESDAY}


def test_each_tracker_has_its_own(tmp_path: Path) -> None:
    Ledger(tmp_path, "partners").note("Aino Virtanen", MONDAY)

    assert Ledger(tmp_path, "others").last_digests() == {}


def test_a_line_that_a_crash_cut_short_swallows_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "partners")
    ledger.note("Aino Virtanen", MONDAY)
    with file_of(tmp_path).open("ab") as file:
        file.write(b'{"member": "Dana Le')
    ledger.note("Dana Levi", TUESDAY)

    assert ledger.last_digests() == {"Aino Virtanen": MONDAY, "Dana Levi": TUESDAY}


def test_a_long_ledger_keeps_the_last_day_of_each(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "partners")
    ledger.note("Dana Levi", MONDAY)
    line = b'{"member": "Aino Virtanen", "day": "2026-11-23"}\n'
    with file_of(tmp_path).open("ab") as file:
        file.write(line * 2000)
    ledger.prepare()
    ledger.note("Aino Virtanen", TUESDAY)

    assert ledger.last_digests() == {"Aino Virtanen": TUESDAY, "Dana Levi": MONDAY}
    assert file_of(tmp_path).read_bytes().count(b"\n") < 10


def test_no_address_stands_in_the_ledger(tmp_path: Path) -> None:
    Ledger(tmp_path, "partners").note("Aino Virtanen", MONDAY)

    assert b"@" not in file_of(tmp_path).read_bytes()
