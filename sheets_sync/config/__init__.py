"""From a settings file and the environment to frozen Settings, or to all mistakes at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sheets_sync.config.environment import (
    google_endpoint,
    mail_password,
    mail_token,
    state_folder,
)
from sheets_sync.config.lines import line_of_fault, lines_of
from sheets_sync.config.mistakes import Mistake, sentence_of
from sheets_sync.errors import SettingsError, UsageError
from sheets_sync.model import Sentence, Settings
from sheets_sync.texts.cleaning import DIRECTION_MARKS

__all__ = [
    "DEFAULT_FILE",
    "google_endpoint",
    "load_settings",
    "mail_password",
    "mail_token",
    "parse_settings",
    "settings_file",
    "state_folder",
]

DEFAULT_FILE = Path("config", "settings.toml")
VARIABLE = "SHEETS_SYNC_CONFIG"
_WITHOUT_MARKS = dict.fromkeys(map(ord, DIRECTION_MARKS))
_LARGEST = 1_000_000
"""Bytes. A settings file has a few thousand; more is some other file."""


def load_settings(path: str | Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of a file, checked; without any file the defaults.

    ``path`` is what ``--config`` says. Raises UsageError for a file that is named but cannot be
    read, SettingsError with all mistakes at once.
    """
    file = settings_file(path, environment)
    return Settings() if file is None else parse_settings(_read(file), file)


def settings_file(path: str | Path | None, environment: Mapping[str, str]) -> Path | None:
    """Which file holds the settings; None where none is named and the usual one is not there."""
    named = path or environment.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return DEFAULT_FILE.absolute() if DEFAULT_FILE.exists() else None


def parse_settings(text: str, file: Path) -> Settings:
    """The settings in a text that stands (or will stand) in ``file``, an absolute path."""
    text = text.replace("\r\n", "\n").translate(_WITHOUT_MARKS)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        sentence = Sentence(_syntax(str(fault)), {"line": line_of_fault(text, fault)})
        raise _refusal(file, [sentence]) from None
    if not tables:
        return Settings(source=str(file))
    from sheets_sync.config.reading import read_tables  # pydantic: only where it is needed

    settings, mistakes = read_tables(tables, file)
    if mistakes:
        raise _refusal(file, _worded(mistakes, text))
    return settings


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(_LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError("settings_missing", path=str(file)) from None
    except (OSError, UnicodeDecodeError):
        raise UsageError("settings_unreadable", path=str(file)) from None


def _worded(mistakes: Sequence[Mistake], text: str) -> list[Sentence]:
    lines = lines_of(text)
    return sorted((sentence_of(mistake, lines) for mistake in mistakes), key=_line)


def _line(sentence: Sentence) -> Any:  # noqa: ANN401 - a fact that is known to be a number
    return sentence.facts["line"]


def _refusal(file: Path, sentences: Sequence[Sentence]) -> SettingsError:
    return SettingsError(
        "settings_invalid", mistakes=tuple(sentences), path=str(file), n=len(sentences)
    )


def _syntax(fault: str) -> str:
    """The message for what tomllib could not read: people make four mistakes."""
    if "Cannot" in fault or "Duplicate" in fault:
        return "settings.written_twice"
    if "hex value" in fault or "Unescaped" in fault:
        return "settings.backslash"
    if "Expected '='" in fault or "Invalid statement" in fault:
        return "settings.bad_key"
    return "settings.syntax"
