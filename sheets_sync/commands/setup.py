"""From six questions to a settings file, and to a check of what it leads to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from sheets_sync.commands.check import run as check
from sheets_sync.config import DEFAULT_FILE, settings_file
from sheets_sync.desk import Desk
from sheets_sync.errors import NoSuchTracker, SheetsSyncError, UsageError
from sheets_sync.layout import language_of
from sheets_sync.model import Language, Settings
from sheets_sync.stores import open_store
from sheets_sync.terminal.console import language_of_environment, wrapped
from sheets_sync.texts.cleaning import clean
from sheets_sync.wizard import Surroundings, run_setup


def run(desk: Desk) -> bool:
    """Ask, write the settings, and check the tracker; whether rows have problems."""
    if desk.options.as_json:
        raise UsageError("setup_asks")
    language = desk.chosen_language or language_of_environment(desk.environment)
    around = Surroundings(Path.cwd(), desk.environment, language, partial(_headers_of, desk))
    file = desk.options.config or settings_file(None, desk.environment) or DEFAULT_FILE
    speaker = desk.speaker(language)
    ask = partial(_ask, speaker.console.width)
    written = run_setup(ask, speaker.text, file=Path(file).absolute(), around=around)
    if written is None:
        return False
    fresh = Desk(replace(desk.options, config=written), desk.environment)
    try:
        return check(fresh, None)
    except NoSuchTracker:  # the wizard has said how to make it
        return False


def _headers_of(desk: Desk, tracker: str) -> Language | None:
    """The language of a tracker that is a file and there already; others are not waited for."""
    path = Path(tracker).expanduser()
    if not path.is_file():
        return None
    store = open_store(str(path), Settings(), desk.environment, state=desk.state, read_only=True)
    try:
        return language_of(store.read().headers)
    except SheetsSyncError:
        return None


def _ask(width: int, question: str, proposal: str) -> str:
    words = f"{clean(question)} [{proposal}]" if proposal else clean(question)
    lines = "\n".join(wrapped(words, width))
    return str(typer.prompt(lines, default=proposal, show_default=False, prompt_suffix="\n> "))
