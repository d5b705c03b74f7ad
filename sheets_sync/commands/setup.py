"""From six questions to a settings file, and to a check of what it leads to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from sheets_sync.commands.check import run as check
from sheets_sync.config import DEFAULT_FILE, settings_file
from sheets_sync.desk import Desk
from sheets_sync.errors import NoSuchTracker, UsageError
from sheets_sync.terminal.console import language_of_environment
from sheets_sync.texts.cleaning import clean
from sheets_sync.wizard import Surroundings, run_setup


def run(desk: Desk) -> bool:
    """Ask, write the settings, and check the tracker; whether rows have problems."""
    if desk.options.as_json:
        raise UsageError("setup_asks")
    language = desk.chosen_language or language_of_environment(desk.environment)
    around = Surroundings(Path.cwd(), desk.environment, language)
    file = desk.options.config or settings_file(None, desk.environment) or DEFAULT_FILE
    written = run_setup(
        _ask, desk.speaker(language).text, file=Path(file).absolute(), around=around
    )
    if written is None:
        return False
    fresh = Desk(replace(desk.options, config=written), desk.environment)
    try:
        return check(fresh, None)
    except NoSuchTracker as error:
        fresh.terminal.sentence(error.sentence)
        return False


def _ask(question: str, proposal: str) -> str:
    words = f"{clean(question)} [{proposal}]" if proposal else clean(question)
    return str(typer.prompt(words, default=proposal, show_default=False, prompt_suffix="\n> "))
