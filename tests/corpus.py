"""From a folder of real workbooks to a table of how the patcher fares with each.

Run ``python tests/corpus.py FOLDER [part of a file's name]``. Each workbook is patched in a
process of its own kind, with limits of time and memory, in every sheet and in many ways; every
result is held against the checker of the tests, against calamine's reading, and patched again,
which must change nothing. Exit code 1 if any result is wrong, or anything but Refused is raised.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import select
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sheets_sync.errors import Refused
from sheets_sync.stores import ooxml
from tests.stores.ooxml import checker

SECONDS = 120
MEGABYTES = 2_000
ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm")
MOST_SHEETS = 6
LARGE = 200_000
"""Bytes of a sheet from which on only all edits together are checked: the checker is slow."""
FARTHEST = 10_000
"""New cells far below the others could make a sheet larger than the guard lets pass."""
TARGETS = {"formula_cell", "array_formula", "merged_cell", "table_header"}
"""Refusals of single cells, which are right: another cell is tried."""
VALUES: tuple[checker.Value, ...] = (
    "Overdue", "  <&> ünïcode _x0041_ \n\r\t", 42, -3.25, True, False, date(2026, 11, 21), None,
    "2026-11-21", 1e21, "", date(1904, 1, 5),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Try all workbooks of a folder; print the table."""
    folder = Path(arguments[0])
    wanted = arguments[1] if len(arguments) > 1 else ""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    files = [path for path in files if wanted in str(path)]
    counts: Counter[str] = Counter()
    worker = start_worker()
    for path in files:
        outcome = ask(worker, path)
        if outcome is None:
            worker.kill()
            worker.wait()
            worker = start_worker()
            outcome = {"outcome": "WRONG: crash, or too slow, or too large", "detail": []}
        counts[outcome["outcome"]] += 1
        if outcome["outcome"] != "exact":
            lines = (outcome["outcome"], path.relative_to(folder), *outcome["detail"][:3])
            print(*lines, sep="\n    ", flush=True)
    worker.kill()
    print()
    for name, count in counts.most_common():
        print(f"{count:6} {name}")
    return any("WRONG" in name for name in counts)


def start_worker() -> subprocess.Popen[str]:
    """Start the process that opens workbooks."""
    command = [sys.executable, __file__, "--worker"]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def ask(worker: subprocess.Popen[str], path: Path) -> dict[str, Any] | None:
    """Let the worker try one workbook; None if it dies or takes too long."""
    assert worker.stdin
    assert worker.stdout
    try:
        worker.stdin.write(f"{path}\n")
        worker.stdin.flush()
    except BrokenPipeError:
        return None
    ready, _, _ = select.select([worker.stdout], [], [], SECONDS)
    line = worker.stdout.readline() if ready else ""
    return dict(json.loads(line)) if line else None


def work() -> None:
    """Try the workbooks named on standard input, one answer each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 1_000_000,) * 2)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(outcome_of(Path(line.strip()).read_bytes())), file=answers, flush=True)


def outcome_of(content: bytes) -> dict[str, object]:
    """Try one workbook: exact, refused, unreadable, or WRONG and why."""
    try:
        package = ooxml.inspect(content)
        before = grids(content)
        if before is None:
            return {"outcome": "unreadable by calamine", "detail": []}
        faults: list[str] = []
        refused: Counter[str] = Counter()
        for name in package.sheet_names[:MOST_SHEETS]:
            ooxml.marks(package, name)
            faults += try_sheet(package, name, before, refused)
        if faults:
            return {"outcome": "WRONG", "detail": faults}
        if refused:
            return {"outcome": f"refused: {', '.join(sorted(refused))}", "detail": []}
        return {"outcome": "exact", "detail": []}  # noqa: TRY300 - reads in order
    except Refused as refusal:
        readable = "" if refusal.kind not in {"broken_zip", "broken_part"} else " (damaged)"
        return {"outcome": f"refused: {refusal.kind}{readable}", "detail": [str(refusal.facts)]}
    except Exception:  # noqa: BLE001 - what else is raised is what we look for
        return {"outcome": "WRONG: exception", "detail": traceback.format_exc().splitlines()[-8:]}


def grids(content: bytes) -> Mapping[str, list[list[object]]] | None:
    """All sheets as calamine reads them; None if it cannot."""
    from python_calamine import CalamineWorkbook, WorksheetNotFound

    found: dict[str, list[list[object]]] = {}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            try:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                found[name] = [list(row) for row in rows]
            except WorksheetNotFound:
                continue
    except Exception:  # noqa: BLE001 - calamine raises many kinds
        return None
    return found


def try_sheet(
    package: ooxml.Package,
    name: str,
    before: Mapping[str, list[list[object]]],
    refused: Counter[str],
) -> Iterator[str]:
    """Patch one sheet cell by cell, then all cells at once; tell what is wrong."""
    part = package.sheet(name)
    xml = package.unpacked(part)
    accepted: dict[tuple[str, str], checker.Value] = {}
    refusals: list[Refused] = []
    for reference, value in edits_for(xml):
        edit = {(name, reference): value}
        try:
            after = ooxml.patch(package, edit, recalculate=True)
        except Refused as refusal:
            refusals.append(refusal)
            continue
        if len(xml) < LARGE:
            yield from faults_of(package, after, edit)
        accepted |= edit
    others = [refusal.kind for refusal in refusals if refusal.kind not in TARGETS]
    if others or not accepted:
        refused.update(others or [refusals[-1].kind])
        return
    try:
        after = ooxml.patch(package, accepted)
    except Refused as refusal:
        if refusal.kind not in TARGETS:
            yield f"all edits together are refused: {refusal}"
        return
    yield from faults_of(package, after, accepted)
    yield from reading_faults(before, after, accepted, name)


def edits_for(xml: bytes) -> Iterator[tuple[str, checker.Value]]:
    """Edits of all kinds: cells that are there, new ones in their rows, and new rows."""
    chance = random.Random(len(xml))  # noqa: S311 - to choose cells
    sheet = checker.read_sheet(xml)
    numbers = [number for number in sheet.rows if number <= FARTHEST]
    existing = [f"{letters}{number}" for number in numbers for letters in sheet.rows[number].cells]
    for value in VALUES * 2:
        if existing:
            yield chance.choice(existing), value
    for value in VALUES:
        if numbers:
            number = chance.choice(numbers)
            columns = [checker.column_of(letters) for letters in sheet.rows[number].cells]
            column = chance.choice([0, chance.randrange(30), max([*columns, 0]) + 1])
            yield f"{checker.letters_of(min(column, 200))}{number}", value
    for value in VALUES[:6]:
        last = max([*numbers, 0])
        yield f"{checker.letters_of(chance.randrange(30))}{chance.randrange(1, last + 5)}", value


def faults_of(
    package: ooxml.Package, after: bytes, edits: Mapping[tuple[str, str], checker.Value]
) -> Iterator[str]:
    """What is wrong with a patched workbook."""
    (name,) = {tab for tab, _ in edits}
    part = package.sheet(name)
    own = {reference: value for (_, reference), value in edits.items()}
    try:
        patched = ooxml.Package(after)
        xml = patched.unpacked(patched.sheet(name))
        yield from checker.zip_faults(package.content, after, {part.name})
        yield from checker.sheet_faults(package.unpacked(part), xml, own)
        yield from checker.value_faults(xml, own)
        if ooxml.patch(patched, edits) is not after:
            yield f"patched again, it changed again: {own}"
        ooxml.verify(package, after, edits)
    except Refused as refusal:
        yield f"the patched workbook is refused: {refusal} {own}"


def reading_faults(
    before: Mapping[str, list[list[object]]],
    after: bytes,
    edits: Mapping[tuple[str, str], checker.Value],
    name: str,
) -> Iterator[str]:
    """What calamine sees that was not asked for, or does not see that was."""
    read = grids(after)
    if read is None or read.keys() != before.keys():
        yield "calamine cannot read the patched workbook"
        return
    if name not in read:
        return
    places = {checker.split(reference): value for (_, reference), value in edits.items()}
    wanted = {(row - 1, checker.column_of(letters)): v for (letters, row), v in places.items()}
    for other in read.keys() - {name}:
        if read[other] != before[other]:
            yield f"calamine sees changes in the sheet {other}"
    yield from grid_faults(before[name], read[name], wanted)


def grid_faults(
    old: list[list[object]],
    new: list[list[object]],
    wanted: Mapping[tuple[int, int], checker.Value],
) -> Iterator[str]:
    """What is wrong in one sheet as calamine sees it."""
    height = max(len(old), len(new))
    width = max(len(row) for row in [*old, *new, []])
    for row in range(height):
        for column in range(width):
            seen = at(new, row, column)
            if (row, column) in wanted:
                if not agrees(wanted[row, column], seen):
                    yield f"calamine sees {seen!r}, not {wanted[row, column]!r}"
            elif seen != at(old, row, column) and seen == seen:  # noqa: PLR0124 - nan is not itself
                yield f"calamine sees {seen!r} in place of {at(old, row, column)!r}"


def at(grid: list[list[object]], row: int, column: int) -> object:
    """One cell of a grid."""
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else ""


def agrees(value: checker.Value, seen: object) -> bool:
    """Whether what calamine sees can be what was asked for."""
    if value is None or value == "":
        return seen == ""
    if isinstance(value, date):
        return seen in {value, value.isoformat()} or (
            isinstance(seen, datetime) and seen == datetime.combine(value, time())
        )
    if isinstance(value, str) and isinstance(seen, str):
        return seen.split() == value.split()
    if isinstance(value, bool) or isinstance(seen, bool):
        return seen is value
    # Numbers in cells with a date format are dates to calamine; the checker has seen to them.
    return seen == value or not isinstance(seen, str | float | int)


if __name__ == "__main__":
    if "--worker" in sys.argv:
        work()
    else:
        sys.exit(main(sys.argv[1:]))
