"""From a path or an empty Google Sheet to a new tracker there, empty or with sample partners.

Without either, the tracker is made where the settings name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sheets_sync.desk import Desk
from sheets_sync.errors import Forbidden, NoSuchTracker, UsageError
from sheets_sync.model import Language, Value
from sheets_sync.terminal.console import write_document


def run(desk: Desk, path: Path | None, *, sample: bool, google: str | None = None) -> None:
    """Make the tracker, as a file or in a Google Sheet, and say what to do next."""
    language = desk.chosen_language or desk.settings.language or desk.terminal.language
    if path is not None and google is not None:
        raise UsageError("init_where")
    if path is None and google is None:
        path, google = _named_in_settings(desk)
    if google is not None:
        lay_out_tracker(desk, google, language, sample=sample)
    elif path is not None:
        make_tracker(desk, path, language, sample=sample)
    place = google or str(path)
    if desk.options.as_json:
        write_document({"tracker": place, "language": language})
    else:
        desk.terminal.line("init.made" if google is None else "init.laid_out", path=place)


def _named_in_settings(desk: Desk) -> tuple[Path | None, str | None]:
    """The path or the Google Sheet that the settings name. Raises UsageError for neither."""
    from sheets_sync.stores.google import is_google

    tracker = desk.settings.tracker
    if tracker is None:
        raise UsageError("init_nowhere")
    return (None, tracker) if is_google(tracker) else (Path(tracker), None)


def lay_out_tracker(desk: Desk, address: str, language: Language, *, sample: bool) -> None:
    """Lay the tracker out in a Google Sheet in which nothing stands."""
    from sheets_sync.config import google_endpoint
    from sheets_sync.stores.google import connect, spreadsheet_id
    from sheets_sync.stores.google.new_tracker import lay_out

    sheet = spreadsheet_id(address)
    endpoint = google_endpoint(desk.environment)
    tell = desk.terminal.sentence
    client = connect(desk.settings, desk.environment, endpoint=endpoint, tell=tell)
    try:
        with desk.terminal.working("reading", tracker=address):
            lay_out(client, sheet, language, rows=_rows(desk, language, sample=sample))
    finally:
        client.close()


def make_tracker(desk: Desk, path: Path, language: Language, *, sample: bool) -> None:
    """Write a new tracker; whatever stands at the path already is left as it is."""
    from sheets_sync.template import build

    if path.suffix.lower() != ".xlsx":
        raise UsageError("not_xlsx", path=str(path))
    rows = _rows(desk, language, sample=sample)
    if path.exists() or path.is_symlink():
        raise UsageError("exists", path=str(path))
    team = [member.name for member in desk.settings.team]
    _write_new(path, build(language, rows=rows, team=team))


def _rows(desk: Desk, language: Language, *, sample: bool) -> Sequence[Mapping[str, Value]]:
    """The partners that a new tracker starts with."""
    from sheets_sync.sample import sample_rows

    today = desk.today_of(desk.settings.timezone)
    return sample_rows(today, language) if sample else ()


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
