"""From a number of seeds to the damaged workbooks that nobody was ready for.

Run ``python tests/fuzz_ooxml.py [--runs 1000] [--first 0] [--keep FOLDER] [WORKBOOK ...]``.
Guard, marks, patch and check go over each damaged workbook; nothing but Refused may come out,
within 5 seconds and 500 MB each. What does otherwise is told by its seed, and kept in the
folder. Exit code 1 if there is any.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import resource
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sheets_sync.errors import Refused
from sheets_sync.model import Value
from sheets_sync.stores import ooxml
from tests.stores.ooxml.building import parts_of, prefixed, shared_strings, worksheet, zipped
from tests.stores.ooxml.mutating import mutated

SECONDS = 5
MEGABYTES = 500
BATCH = 200


def attempt(content: bytes) -> str:
    """Go over a workbook as a store does: what became of it."""
    try:
        package = ooxml.inspect(content)
        edits: dict[tuple[str, str], Value] = {}
        for name in package.sheet_names:
            ooxml.marks(package, name)
            ooxml.merges(package, name)
            for row in (1, 2, 3, 9):
                cells = zip("ABDF", ("x", 7, date(2026, 11, 21), None), strict=True)
                edits |= {(name, f"{letters}{row}"): value for letters, value in cells}
        recalculate = ooxml.has_formulas(package)
        return _patched_one_by_one(package, edits, recalculate=recalculate)
    except Refused as refusal:
        return refusal.kind


def _patched_one_by_one(
    package: ooxml.Package, edits: dict[tuple[str, str], Value], *, recalculate: bool
) -> str:
    """Patch all cells, or if that is refused, those that can be."""
    try:
        ooxml.verify(package, ooxml.patch(package, edits, recalculate=recalculate), edits)
    except Refused as refusal:
        outcome = refusal.kind
    else:
        return "patched"
    for edit in edits.items():
        try:
            one = dict([edit])
            ooxml.verify(package, ooxml.patch(package, one, recalculate=recalculate), one)
            outcome = "patched in part"
        except Refused:
            continue
    return outcome


def seeds() -> list[bytes]:
    """Workbooks worth damaging."""
    rows = (
        '<row r="1" spans="1:4"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46000</v></c>'
        '<c r="C1"><f>A1</f><v>1</v></c><c r="D1" t="inlineStr"><is><t>a &amp; b</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2" t="b"><v>1</v></c></row><row r="3"/>'
        '<row r="5"><c r="A5"><f t="array" ref="A5:B6">1</f><v>1</v></c></row>'
    )
    before = '<dimension ref="A1:D5"/><cols><col min="2" max="3" style="1"/></cols>'
    after = '<sheetCalcPr/><mergeCells count="1"><mergeCell ref="D2:E3"/></mergeCells>'
    strings = shared_strings("one", "<r><t>two</t></r><rPh sb='0' eb='1'><t>x</t></rPh>")
    small = parts_of(worksheet(rows, before=before, after=after), worksheet(""), strings=strings)
    other = parts_of(prefixed(worksheet(rows)), strings=strings)
    spaced = parts_of(worksheet("<!-- -->" + rows.replace("><", ">\n <")), strings=strings)
    return [*map(zipped, (small, other, spaced)), _from_xlsxwriter()]


def _from_xlsxwriter() -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Partners")
    sheet.add_table("A1:D5", {"columns": [{"header": name} for name in "ABCD"]})
    sheet.merge_range("F1:G2", "merged")
    sheet.write_formula("B7", "=SUM(B2:B5)")
    sheet.write_datetime("D7", date(2026, 11, 21), book.add_format({"num_format": "dd.mm.yyyy"}))
    sheet.data_validation("C2:C9", {"validate": "list", "source": ["a", "b"]})
    sheet.conditional_format("A2:A9", {"type": "cell", "criteria": ">", "value": 1})
    book.close()
    return buffer.getvalue()


def work(first: int, runs: int, paths: list[str]) -> None:
    """Try so many seeds, and print what became of each."""
    books = [Path(path).read_bytes() for path in paths] or seeds()
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES * 1_000_000,) * 2)
    for seed in range(first, first + runs):
        content = mutated(books[seed % len(books)], seed)
        print(seed, end=" ", flush=True)
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        start = time.monotonic()
        outcome = attempt(content)
        faulthandler.cancel_dump_traceback_later()
        print(f"{time.monotonic() - start:.2f}", outcome, flush=True)


def main() -> int:
    """Let processes of their own try the seeds; tell what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("workbooks", nargs="*")
    options = parser.parse_args()
    if options.work:
        work(options.first, options.runs, options.workbooks)
        return 0
    counts: Counter[str] = Counter()
    seed, end, wrong = options.first, options.first + options.runs, 0
    while seed < end:
        runs = min(BATCH, end - seed)
        command = [sys.executable, __file__, "--work"]
        command += ["--first", str(seed), "--runs", str(runs), *options.workbooks]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = [line.split(" ", 2) for line in done.stdout.splitlines()]
        finished = [line for line in lines if len(line) == 3]
        counts.update(line[2] for line in finished)
        seed += runs
        if done.returncode:
            seed = int(lines[-1][0]) + 1
            wrong += 1
            print(f"seed {seed - 1}:\n{done.stderr[-2000:]}")
            keep(options.keep, seed - 1, options.workbooks)
    for name, count in counts.most_common():
        print(f"{count:6} {name}")
    return bool(wrong)


def keep(folder: Path | None, seed: int, paths: list[str]) -> None:
    """Keep a find for a look at it."""
    if folder is not None:
        books = [Path(path).read_bytes() for path in paths] or seeds()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"seed{seed}.xlsx").write_bytes(mutated(books[seed % len(books)], seed))


if __name__ == "__main__":
    sys.exit(main())
