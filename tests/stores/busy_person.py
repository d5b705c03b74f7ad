"""A person who saves a tracker again and again, in a process of their own, while we sync it.

``python -m tests.stores.busy_person`` lets a person save 6,000 times, 20 times a second, while
this process syncs without a pause, and tells how many saves were lost (none must be).
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sheets_sync.errors import Busy, NoSuchTracker, Refused
from sheets_sync.model import TRACKER_TAB, Edit
from sheets_sync.stores.excel import ExcelStore
from tests.stores.contract import TABS
from tests.stores.people import at_once, by_moving_away, by_renaming, in_place
from tests.stores.workbooks import workbook

ROOT = Path(__file__).parents[2]
WAYS = (by_renaming, in_place, by_moving_away)
ATTEMPTS = "Partners", 3, 4
"""Where the person counts their saves: a cell of people's, in the first partner's row."""


def version(number: int) -> bytes:
    """What the person saves for the so manieth time."""
    tab, row, column = ATTEMPTS
    rows = [list(cells) for cells in TABS[tab]]
    rows[row][column] = number
    return workbook({**TABS, tab: rows})


def save_again_and_again(path: Path, *, saves: int, pace: float) -> int:
    """Save so many times, one each ``pace`` seconds; answers how many saves did not stay.

    A save stays when the file holds it, by the count in its cell, until the next one.
    """
    chance = random.Random(1)  # noqa: S311 - no secret
    look = ExcelStore(path, state=path.parent.parent / "person", read_only=True)
    lost = 0
    for number in range(1, saves + 1):
        at_once(chance.choice(WAYS), path, version(number))
        time.sleep(pace * chance.uniform(0.5, 1.5))
        found = look.read().people["attempts"][0]
        lost += found != number
    return lost


def sync_meanwhile(folder: Path, *, saves: int, pace: float) -> tuple[int, int, int]:
    """Sync without a pause while a person saves: how many syncs, how many of them wrote, lost."""
    path = folder / "share" / "partners.xlsx"
    path.parent.mkdir()
    path.write_bytes(version(0))
    store = ExcelStore(path, state=folder / "state", sleep=lambda _: time.sleep(0.01))
    syncs = wrote = 0
    command = [sys.executable, "-m", "tests.stores.busy_person", str(path)]
    options = [f"--saves={saves}", f"--pace={pace}"]
    with subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE) as person:
        while person.poll() is None:
            syncs += 1
            try:
                sheet = store.read()
                status = "Overdue" if sheet.managed["status"][0] == "Idle" else "Idle"
                store.write([Edit(TRACKER_TAB, 4, "status", status)], against=sheet)
                wrote += 1
            except (Busy, Refused, NoSuchTracker):  # half a file or none, twice in a moment
                continue
        lost = person.communicate()[0]
    return syncs, wrote, int(lost)


def main() -> None:
    """Be the person, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, nargs="?")
    parser.add_argument("--saves", type=int, default=6000)
    parser.add_argument("--pace", type=float, default=0.05)
    options = parser.parse_args()
    if options.path:
        print(save_again_and_again(options.path, saves=options.saves, pace=options.pace))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = sync_meanwhile(Path(folder).resolve(), saves=options.saves, pace=options.pace)
    print("syncs: {}, of which wrote: {}, saves lost: {}".format(*found))


if __name__ == "__main__":
    main()
