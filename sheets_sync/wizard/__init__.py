"""From six questions to a settings file: the tracker, language, country, team, mail and hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from sheets_sync.config import parse_settings
from sheets_sync.errors import Forbidden
from sheets_sync.model import Fact, Language, Sentence
from sheets_sync.texts import say
from sheets_sync.wizard.answers import (
    Answers,
    Mail,
    Objection,
    Person,
    read_account,
    read_country,
    read_hour,
    read_language,
    read_person,
    read_server,
    read_tracker,
    read_yes,
)
from sheets_sync.wizard.file import settings_text
from sheets_sync.wizard.proposals import propose_country, propose_tracker, server_for

Ask = Callable[[str, str], str]
"""Puts a question and a proposal (may be "") to a person: the answer, the proposal for none."""

_Answer = TypeVar("_Answer")


class Surroundings(NamedTuple):
    """Where the questions are asked: the folder, the environment, the language spoken.

    ``headers_of`` tells the language of a tracker's headers, or None where that cannot be told.
    """

    folder: Path
    environment: Mapping[str, str]
    language: Language
    headers_of: Callable[[str], Language | None] = lambda _: None


def run_setup(
    ask: Ask, tell: Callable[[str], None], *, file: Path, around: Surroundings
) -> Path | None:
    """Ask, and write the settings to ``file``; None when the person wants to keep what is there.

    An existing file is only replaced after asking. Raises Forbidden where it cannot be written.
    """
    wizard = _Wizard(ask, tell, around)
    if file.exists() and not wizard.once("replace", "n", read_yes, path=str(file)):
        wizard.say("kept", path=str(file))
        return None
    answers = wizard.answers()
    text = settings_text(answers, file=file, folder=around.folder, language=around.language)
    parse_settings(text, file)  # a mistake here would be the wizard's own
    _write(file, text)
    wizard.farewell(answers, file)
    return file


class _Wizard:
    """The questions, each asked again until its answer can be right."""

    def __init__(self, ask: Ask, tell: Callable[[str], None], around: Surroundings) -> None:
        self._ask, self._tell, self._around = ask, tell, around

    def answers(self) -> Answers:
        """The answers to all six."""
        self.say("welcome")
        environment = self._around.environment
        tracker = self.once("tracker", propose_tracker(self._around.folder), read_tracker)
        spoken = self._around.headers_of(tracker) or self._around.language
        language = self.once("language", spoken, read_language)
        country = self.once("country", propose_country(environment) or "", read_country)
        team = self._team()
        mail = self._mail(team[0]) if team else None
        at = self.once("hour", "07:30", read_hour) if team else "07:30"
        return Answers(tracker, language, country, team, mail, at)

    def once(
        self, name: str, proposal: str, read: Callable[[str], _Answer], **facts: Fact
    ) -> _Answer:
        """The answer to one question."""
        while True:
            try:
                return read(self._ask(self._words(name, **facts), proposal))
            except Objection as objection:
                self._tell(say(objection.sentence, self._around.language))

    def say(self, name: str, **facts: Fact) -> None:
        """Tell the person something."""
        self._tell(self._words(name, **facts))

    def farewell(self, answers: Answers, file: Path) -> None:
        """Say what was written and what is still to do."""
        self.say("written", path=str(file))
        if answers.tracker.lower().endswith((".xlsx", ".xlsm")):
            path = self._around.folder / Path(answers.tracker).expanduser()
            if not path.exists():
                self.say("make_tracker", path=str(path))
        else:
            self.say("share")
        if answers.mail and answers.mail.server.security != "none":
            self.say(f"secret.{answers.mail.server.auth}")

    def _words(self, name: str, **facts: Fact) -> str:
        return say(Sentence(f"terminal.setup.{name}", facts), self._around.language)

    def _team(self) -> tuple[Person, ...]:
        team: list[Person] = []
        while True:
            person = self.once("team.next" if team else "team", "", partial(read_person, team=team))
            if person is None:
                return tuple(team)
            team.append(person)

    def _mail(self, coordinator: Person) -> Mail | None:
        proposed = server_for(coordinator.address)
        server = self.once("mail", proposed.host if proposed else "", read_server)
        if server is None:
            return None
        return Mail(server, self.once("mail.account", coordinator.address, read_account))


def _write(file: Path, text: str) -> None:
    """Put the file in place whole, to be read by its owner alone."""
    from sheets_sync.stores.private import write_file

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(file, text.encode())
    except OSError as error:
        raise Forbidden("cannot_create", path=str(file), detail=str(error)) from error
