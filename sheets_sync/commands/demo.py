"""From nothing to a folder with a synced sample tracker."""

from __future__ import annotations

from pathlib import Path

from sheets_sync.commands.init import make_tracker
from sheets_sync.commands.sync import tell
from sheets_sync.desk import Desk
from sheets_sync.errors import Forbidden

NAME = "partners.xlsx"


def run(desk: Desk, folder: Path) -> None:
    """Make the sample tracker unless there is one, sync it and show what that did."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Forbidden("cannot_create", path=str(folder), detail=str(error)) from error
    kept = path.exists()
    if not kept:
        language = desk.chosen_language or desk.settings.language or desk.terminal.language
        make_tracker(desk, path, language, sample=True)
    report = desk.synchronise(desk.store(str(path)))
    tell(desk, report, everything=desk.options.verbose)
    if not desk.options.as_json:
        desk.terminal.gap()
        desk.terminal.line("demo.kept" if kept else "demo.made", path=str(path))
