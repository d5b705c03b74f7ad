"""The order of the house: each module imports only from those above it, and judging does no I/O."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "sheets_sync"

ORDER = (
    "model.settings", "model", "errors", "columns", "texts.cleaning", "texts", "equality",
    "layout", "workdays", "countries", "addresses", "reading", "problems", "vetting",
    "case", "rules", "wording", "done", "playbook", "summary", "sync_tab", "plan", "report",
    "explain", "checkup", "digest", "design", "template", "sample",
    "stores.ooxml", "stores", "sync", "config", "ledger", "mail", "wizard", "service",
    "terminal", "desk", "commands", "options", "cli",
)  # fmt: skip
"""From the nouns to the door; a name stands for a module or for a whole subpackage."""

PURE_UNTIL = ORDER.index("digest")
WORLDLY = {
    "os", "io", "sys", "time", "socket", "subprocess", "shutil", "tempfile", "urllib.request",
    "http", "smtplib", "requests", "gspread", "openpyxl", "python_calamine", "logging",
}  # fmt: skip
CLOCKS = {"today", "now", "utcnow", "fromtimestamp"}


def modules() -> list[tuple[str, Path]]:
    """Every module of the package by its name below ``sheets_sync``."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        if name and not name.endswith("__main__"):
            found.append((name, path))
    return found


def place(name: str) -> int:
    """Where a module stands in the order; the longest name that fits decides."""
    fitting = [entry for entry in ORDER if name == entry or name.startswith(f"{entry}.")]
    assert fitting, f"{name} has no place in the order of the house"
    return ORDER.index(max(fitting, key=len))


def imports(path: Path) -> Iterator[str]:
    """The modules that a module imports, at its top and inside its functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within_package(imported: str) -> str | None:
    """The name below ``sheets_sync`` of an imported module, or None for other packages."""
    known = {name for name, _ in modules()}
    name = imported.removeprefix("sheets_sync.")
    return name if imported.startswith("sheets_sync.") and name in known else None


@pytest.mark.parametrize(("name", "path"), modules(), ids=[name for name, _ in modules()])
def test_a_module_imports_only_from_modules_above_it(name: str, path: Path) -> None:
    below = [
        imported
        for full in imports(path)
        if (imported := within_package(full)) and place(imported) > place(name)
    ]

    assert below == []


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name, path in modules() if place(name) <= PURE_UNTIL],
    ids=[name for name, _ in modules() if place(name) <= PURE_UNTIL],
)
def test_judging_reads_no_file_no_clock_and_no_environment(name: str, path: Path) -> None:
    worldly = {
        full for full in imports(path) for it in WORLDLY if full == it or full.startswith(f"{it}.")
    }
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert name
    assert worldly == set()
    assert calls & CLOCKS == set()


@pytest.mark.parametrize(("name", "path"), modules(), ids=[name for name, _ in modules()])
def test_a_module_says_from_what_to_what_and_fits_a_screenful_or_few(name: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert ast.get_docstring(ast.parse(text)), f"{name} has no docstring"
    assert text.count("\n") <= 350, f"{name} has grown two subjects"
