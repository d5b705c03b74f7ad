"""From the demo to the README's pictures: ``python -m tests.pictures docs/pictures``.

Needs LibreOffice (soffice), poppler (pdftoppm) and chromium.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import chdir
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from sheets_sync.commands import demo
from sheets_sync.design import ORDER
from sheets_sync.desk import Desk, Options
from sheets_sync.layout import column_letters
from sheets_sync.model import Language
from sheets_sync.terminal.console import Terminal

SHOWN = (
    "partner theme owner stage last_contact meeting event status next_action due days_overdue why"
)
"""Columns in the picture: all of them side by side would be too small to read."""
ROWS = 15
RESOLUTION = 90
TERMINAL_WIDTH = 100
MAIL_WIDTH, MAIL_HEIGHT = 660, 980
FORMAT = re.sub(r"@font-face {{.*?}}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's own, but no font is fetched from anywhere."""


class Box(NamedTuple):
    """A rectangle of pixels."""

    left: int
    top: int
    width: int
    height: int


def main(folder: Path) -> None:
    """Make the pictures, replacing those of before."""
    folder.mkdir(parents=True, exist_ok=True)
    endings: dict[Language, str] = {"en": "", "he": "-he"}
    for language, ending in endings.items():
        with TemporaryDirectory() as work:
            terminal = run_demo(Path(work), language)
            narrow(Path(work, "demo", "partners.xlsx"))
            photograph(Path(work, "demo", "partners.xlsx"), folder / f"tracker{ending}.png")
            page = next(Path(work, "demo").glob("*.html"))
            photograph_page(page, folder / f"digest{ending}.png")
        if language == "en":
            (folder / "terminal.svg").write_text(terminal, encoding="utf-8")


def run_demo(work: Path, language: Language) -> str:
    """Run the demo in a folder; what it prints, as SVG."""
    console = Console(
        record=True, file=StringIO(), width=TERMINAL_WIDTH, force_terminal=True, highlight=False
    )
    desk = Desk(
        Options(language=language), {**os.environ, "SHEETS_SYNC_STATE": str(work / "state")}
    )
    desk.terminal = Terminal(language, console=console)
    with chdir(work):
        demo.run(desk, Path("demo"))
    return console.export_svg(title="sheets-sync demo", code_format=FORMAT)


def narrow(path: Path) -> None:
    """Leave the columns and rows that the picture shows, on one wide page."""
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    hide_columns(sheet)
    for row in range(sheet.max_row, ROWS + 2, -1):
        sheet.row_dimensions[row].hidden = True
    for other in workbook.worksheets[1:]:
        other.sheet_state = "hidden"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.paperSize = 8
    sheet.HeaderFooter.oddFooter = HeaderFooterItem()
    workbook.save(path)


def hide_columns(sheet: Worksheet) -> None:
    """Hide what is not SHOWN."""
    for index, key in enumerate(ORDER):
        sheet.column_dimensions[column_letters(index)].hidden = key not in SHOWN.split()


def photograph(workbook: Path, picture: Path) -> None:
    """The first page of a workbook, without its empty margins."""
    office = f"-env:UserInstallation={(workbook.parent / 'office').as_uri()}"
    convert = ["soffice", "--headless", office, "--convert-to", "pdf", workbook.name]
    subprocess.run(convert, check=True, capture_output=True, cwd=workbook.parent)
    page = workbook.with_suffix(".pdf")
    draw = ["pdftoppm", "-singlefile", "-r", str(RESOLUTION), "-f", "1", "-l", "1", str(page)]
    box = content_box(subprocess.run(draw, check=True, capture_output=True).stdout)
    crop = ["-x", box.left, "-y", box.top, "-W", box.width, "-H", box.height]
    subprocess.run([*draw, str(picture.with_suffix("")), "-png", *map(str, crop)], check=True)


def photograph_page(page: Path, picture: Path) -> None:
    """The top of a page, as wide as a mail is shown."""
    browser = (
        "chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run "
        "--disable-background-networking --disable-component-update --disable-sync"
    )
    shot = [f"--screenshot={picture.absolute()}", f"--window-size={MAIL_WIDTH},{MAIL_HEIGHT}"]
    profile = f"--user-data-dir={page.parent / 'browser'}"
    command = [*browser.split(), profile, *shot, page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


def content_box(pixels: bytes) -> Box:
    """Where a picture in PPM form is not white."""
    _, size, _, body = pixels.split(b"\n", 3)
    width, height = map(int, size.split())
    lines = [body[start : start + width * 3] for start in range(0, width * height * 3, width * 3)]
    filled = [place for place, line in enumerate(lines) if line.strip(b"\xff")]
    left = min(len(line) - len(line.lstrip(b"\xff")) for line in lines) // 3
    right = max(len(line.rstrip(b"\xff")) for line in lines) // 3 + 1
    return Box(left, filled[0], right - left, filled[-1] - filled[0] + 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
