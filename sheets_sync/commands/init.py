"""From a path to a new tracker there, empty or with sample partners."""

from __future__ import annotations

from pathlib import Path

from sheets_sync.desk import Desk
from sheets_sync.errors import Forbidden, NoSuchTracker, UsageError
from sheets_sync.model import Language
from sheets_sync.terminal.console import write_document


def run(desk: Desk, path: Path, *, sample: bool) -> None:
    """Make the tracker and say what to do next."""
    language = desk.chosen_language or desk.settings.language or desk.terminal.language
    make_tracker(desk, path, language, sample=sample)
    if desk.options.as_json:
        write_document({"tracker": str(path), "language": language})
    else:
        desk.terminal.line("init.made", path=str(path))


def make_tracker(desk: Desk, path: Path, language: Language, *, sample: bool) -> None:
    """Write a new tracker; whatever stands at the path already is left as it is."""
    from sheets_sync.sample import sample_rows
    from sheets_sync.template import build

    if path.suffix.lower() != ".xlsx":
        raise UsageError("not_xlsx", path=str(path))
    today = desk.today_of(desk.settings.timezone)
    rows = sample_rows(today, language) if sample else ()
    if path.exists() or path.is_symlink():
        raise UsageError("exists", path=str(path))
    _write_new(path, build(language, rows=rows))


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there, whole or not at all."""
    try:
        with path.open("xb") as file:
            try:
                file.write(data)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise UsageError("exists", path=str(path)) from None
    except (FileNotFoundError, NotADirectoryError):
        raise NoSuchTracker("no_such_folder", path=str(path.parent)) from None
    except OSError as error:
        detail = error.strerror or str(error)
        raise Forbidden("cannot_create", path=str(path), detail=detail) from error
