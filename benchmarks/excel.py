"""From big trackers to a table of ratios: a whole sync against openpyxl doing the same edits.

Run ``python benchmarks/excel.py [--rows 10000 100000] [--pairs 2]``. Both sides run as processes
of their own, by turns, on the same file; openpyxl is handed the edits and neither judges nor
verifies, while sync reads, judges, writes, keeps a backup and checks what it wrote.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.measure import Cost, best, measure
from benchmarks.tracker_file import TODAY, people_columns, write_tracker

ROOT = Path(__file__).parent.parent
RUN = [sys.executable, str(ROOT / "run.py")]

OPENPYXL = """
import json, sys
from datetime import date
import openpyxl
path, edits = sys.argv[1], json.load(open(sys.argv[2]))
book = openpyxl.load_workbook(path)
tab = book["Partners"]
for cell, value, is_date in edits:
    tab[cell] = date.fromisoformat(value) if is_date else value
book.save(path)
"""

CALAMINE = """
import sys
from python_calamine import CalamineWorkbook
for row in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_name("Partners").iter_rows():
    pass
"""


def main() -> None:
    """Measure every size and share of changing rows, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--pairs", type=int, default=2)
    options = parser.parse_args()
    print(
        f"{'rows':>8} {'changing':>8} | {'openpyxl':>18} | {'sync':>18}"
        f" | {'faster':>7} {'memory':>7}"
    )
    for rows in options.rows:
        for share in (0.1, 1.0):
            with tempfile.TemporaryDirectory() as folder:
                compare(rows, share, options.pairs, Path(folder))


def compare(rows: int, share: float, pairs: int, folder: Path) -> None:
    """Print one line of the table, and after all rows changed what a quiet sync costs."""
    original = folder / "original.xlsx"
    write_tracker(original, people_columns(rows), fresh=1 - share)
    edits = folder / "edits.json"
    edits.write_text(json.dumps(wanted_edits(original, folder)))
    copy = folder / "partners.xlsx"
    theirs, ours = [], []
    for _ in range(pairs):
        shutil.copy(original, copy)
        theirs.append(measure([sys.executable, "-c", OPENPYXL, str(copy), str(edits)]))
        shutil.copy(original, copy)
        ours.append(sync(copy, folder))
    report(f"{rows:>8} {share:>8.0%}", best(theirs), best(ours))
    if share == 1:
        quiet = best([sync(copy, folder) for _ in range(pairs)])
        floor = best([measure([sys.executable, "-c", CALAMINE, str(copy)]) for _ in range(pairs)])
        print(
            f"{rows:>8}  nothing | calamine read {floor.seconds:5.2f} s"
            f" | sync {quiet.seconds:5.2f} s"
        )


def sync(path: Path, folder: Path) -> Cost:
    """What a whole sync of the file costs."""
    command = [*RUN, "sync", str(path), "--today", TODAY.isoformat()]
    return measure(command, environment={"SHEETS_SYNC_STATE": str(folder / "state")})


def wanted_edits(path: Path, folder: Path) -> list[tuple[str, Any, bool]]:
    """The edits that a sync would make, as cell, value, and whether the value is a day."""
    command = [*RUN, "sync", str(path), "--today", TODAY.isoformat(), "--dry-run", "--json"]
    state = {"SHEETS_SYNC_STATE": str(folder / "state"), "PATH": ""}
    output = subprocess.run(command, check=True, capture_output=True, env=state).stdout
    return [
        (edit["cell"], edit["after"], edit["column"] == "due" and edit["after"] is not None)
        for edit in json.loads(output)["edits"]
    ]


def report(head: str, theirs: Cost, ours: Cost) -> None:
    """Print both costs and their ratios."""
    print(
        f"{head} | {theirs.seconds:7.2f} s {theirs.memory:5.0f} MB"
        f" | {ours.seconds:7.2f} s {ours.memory:5.0f} MB"
        f" | {theirs.seconds / ours.seconds:6.1f}x {ours.memory / theirs.memory:6.2f}x",
        flush=True,
    )


if __name__ == "__main__":
    main()
