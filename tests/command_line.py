"""From words on a command line to what the command printed, answered and left behind."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sheets_sync import cli
from sheets_sync.columns import MANAGED
from sheets_sync.model import Cell, Language
from sheets_sync.texts import label
from tests.stores.workbooks import workbook

ROOT = Path(__file__).parent.parent
MONDAY = date(2026, 11, 23)
TODAY = ("--today", MONDAY.isoformat())

Row = Mapping[str, Cell]

OVERDUE: Row = {
    "partner": "Harbour Choir",
    "stage": "In talks",
    "last_contact": date(2026, 10, 1),
    "last_reply": date(2026, 11, 2),
}
"""They answered three weeks ago."""
FINE: Row = {"partner": "Swimming Hall", "stage": "Paused", "last_contact": date(2026, 11, 20)}


class Outcome(NamedTuple):
    """What a command answered and printed."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All that was printed, without line breaks."""
        return " ".join(f"{self.out} {self.err}".split())

    @property
    def document(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The one JSON document on stdout."""
        return json.loads(self.out)


def command(*words: str | Path) -> Outcome:
    """Run a command in this process."""
    out, err = io.BytesIO(), io.BytesIO()
    with redirect_stdout(_text(out)) as words_out, redirect_stderr(_text(err)) as words_err:
        code = cli.run([str(word) for word in words])
    words_out.flush()
    words_err.flush()
    return Outcome(code, out.getvalue().decode(), err.getvalue().decode())


def process(*words: str | Path, **more: Any) -> Outcome:  # noqa: ANN401 - subprocess's own options
    """Run a command in a process of its own."""
    arguments = [sys.executable, str(ROOT / "run.py"), *map(str, words)]
    done = subprocess.run(arguments, capture_output=True, check=False, timeout=60, **more)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def _text(buffer: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(buffer, encoding="utf-8", newline="")


def tracker(  # noqa: PLR0913 - each is a choice of its own
    path: Path,
    *rows: Row,
    without: Sequence[str] = (),
    language: Language = "en",
    tab: str = "Partners",
    sync_tab: bool = True,
    more_tabs: Mapping[str, Sequence[Sequence[Cell]]] | None = None,
) -> Path:
    """A tracker file with the people's columns that these rows fill, and the program's own."""
    keys = [*dict.fromkeys(["partner", "stage", *(key for row in rows for key in row)])]
    keys += [key for key in MANAGED if key not in keys and key not in without]
    cells: list[list[Cell]] = [[label(f"column.{key}", language) for key in keys]]
    cells += [[row.get(key) for key in keys] for row in rows]
    tabs: dict[str, Sequence[Sequence[Cell]]] = {tab: cells, **(more_tabs or {})}
    if sync_tab:
        tabs[label("tab.sync", language)] = [["sheets_sync"]]
    path.write_bytes(workbook(tabs))
    return path


def settings(folder: Path, text: str, name: str = "settings.toml") -> Path:
    """A settings file in a folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


class Untouched(NamedTuple):
    """A file's bytes and time, to see later whether anybody wrote to it."""

    path: Path
    data: bytes
    modified: int

    @classmethod
    def of(cls, path: Path) -> Untouched:
        """The file as it is now."""
        return cls(path, path.read_bytes(), path.stat().st_mtime_ns)

    def holds(self) -> bool:
        """Whether the file is still the same."""
        return self == Untouched.of(self.path)


def tree(folder: Path) -> Mapping[str, bytes | None]:
    """Everything in a folder: the bytes of each file by its path, None for folders."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def environment(**variables: str) -> dict[str, str]:
    """The environment with these variables, for a process of its own."""
    return {**os.environ, **variables}
