"""From what stands on the command line to what a command works with: settings, store, today."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from sheets_sync.config import google_endpoint, load_settings, state_folder
from sheets_sync.errors import SheetsSyncError, UsageError
from sheets_sync.ledger import Ledger
from sheets_sync.model import LANGUAGES, Language, Report, Settings
from sheets_sync.reading import FIRST_DAY, LAST_DAY
from sheets_sync.stores import Store, open_store
from sheets_sync.sync import TodayOf, synchronise
from sheets_sync.terminal.console import Terminal, language_of_environment
from sheets_sync.texts.cleaning import DIRECTION_MARKS


class Failure(Exception):
    """An error on its way out of a command: in which language to tell it, and what is known.

    ``language`` is None where the error came before that was settled. ``found`` are keys of the
    JSON document that the command could fill in all the same. ``tracker`` is the one in hand.
    """

    def __init__(
        self,
        error: SheetsSyncError,
        language: Language | None,
        found: Mapping[str, Any],
        tracker: str | None,
    ) -> None:
        """Keep the error with what belongs to it."""
        super().__init__(error)
        self.error = error
        self.language = language
        self.found = found
        self.tracker = tracker


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options that every command takes, as they were typed."""

    config: Path | None = None
    today: str | None = None
    as_json: bool = False
    language: str | None = None
    verbose: bool = False


class Desk:
    """What a command works with, made when it is first asked for."""

    def __init__(self, options: Options, environment: Mapping[str, str]) -> None:
        """Keep what was typed; mistakes in it come up when it is used."""
        self._tracker: str | None = None
        self.options = options
        self.environment = environment
        self.found: Mapping[str, Any] = {}

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Send an error on its way with the language to tell it in, and what was found."""
        try:
            yield
        except SheetsSyncError as error:
            raise self._failure(error) from error
        except (KeyboardInterrupt, typer.Abort) as stop:
            raise self._failure(SheetsSyncError("interrupted")) from stop

    def _failure(self, error: SheetsSyncError) -> Failure:
        return Failure(error, self._language, self.found, self._tracker)

    @property
    def _language(self) -> Language | None:
        """What the terminal speaks; None where a mistake keeps that from being known."""
        try:
            return self.terminal.language
        except SheetsSyncError:
            return None

    @cached_property
    def settings(self) -> Settings:
        """The settings file's, or the defaults."""
        return load_settings(self.options.config, self.environment)

    @cached_property
    def chosen_language(self) -> Language | None:
        """The language that was asked for on the command line."""
        language = self.options.language
        if language is None:
            return None
        if language not in LANGUAGES:
            raise UsageError("wrong_language", value=language)
        return language

    @cached_property
    def terminal(self) -> Terminal:
        """Where messages for people go, in their language."""
        language = self.chosen_language or self.settings.language
        return self.speaker(language or language_of_environment(self.environment))

    @cached_property
    def errors(self) -> Terminal:
        """Where reasons for failures go, whatever stdout is for."""
        return Terminal(self.terminal.language, stderr=True)

    def speaker(self, language: Language) -> Terminal:
        """A terminal that speaks this language."""
        return Terminal(language, stderr=self.options.as_json)

    @cached_property
    def today_of(self) -> TodayOf:
        """What answers which day it is: the day that was typed, else the clock."""
        typed = self.options.today
        if typed is None:
            return today_by_clock
        fixed = _day(typed)
        return lambda _: fixed

    @cached_property
    def state(self) -> Path:
        """The private state folder."""
        return state_folder(self.environment)

    def synchronise(
        self, store: Store, *, digests: Mapping[str, date] | None = None, force: bool = False
    ) -> Report:
        """Sync the store with these settings; the Sync tab tells what the ledger knows."""
        if digests is None:
            digests = Ledger(self.state, store.origin.id).last_digests()
        return synchronise(store, self.settings, self.today_of, digests=digests, force=force)

    def store(
        self, tracker: str | None, *, ignore_lock: bool = False, read_only: bool = False
    ) -> Store:
        """The store of the tracker that was named, else of the settings'."""
        named = self.settings.tracker if tracker is None else tracker
        if named is None:
            raise UsageError("no_tracker_named")
        self._tracker = named
        if self.options.verbose:
            _show_calls()
        return open_store(
            named.strip(DIRECTION_MARKS),
            self.settings,
            self.environment,
            state=self.state,
            ignore_lock=ignore_lock,
            read_only=read_only,
            endpoint=google_endpoint(self.environment),
            tell=self.terminal.sentence,
        )


def _show_calls() -> None:
    """Tell on stderr, in outline, what is asked of Google and what it answers."""
    log = logging.getLogger("sheets_sync.google")
    if not log.handlers:
        log.addHandler(_OnStderr())
        log.setLevel(logging.DEBUG)


class _OnStderr(logging.Handler):
    """Prints on what stderr is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one line."""
        print(self.format(record), file=sys.stderr)  # noqa: T201 - asked for with -v


def _day(typed: str) -> date:
    """The day that was typed. Raises UsageError."""
    try:
        day = datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise UsageError("wrong_date", value=typed) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UsageError("wrong_date", value=typed)
    return day


def today_by_clock(timezone: str | None) -> date:
    """Today in a time zone (None: the computer's own)."""
    zone = ZoneInfo(timezone) if timezone else None
    return datetime.now(zone).astimezone(zone).date()
