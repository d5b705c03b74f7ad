"""From answers to the text of a settings file, with a comment on every line that needs one."""

from __future__ import annotations

import json
import os.path
from collections.abc import Iterator
from pathlib import Path

from sheets_sync.model import Fact, Language, Sentence
from sheets_sync.texts import say
from sheets_sync.wizard.answers import Answers, Mail, Person


def settings_text(answers: Answers, *, file: Path, folder: Path, language: Language) -> str:
    """The settings file's text, its comments in ``language``.

    ``file`` is where it will stand, ``folder`` what a relative tracker is relative to now.
    """
    tracker = tracker_beside(answers.tracker, file=file, folder=folder)
    blocks = [
        _comment("head", language),
        f"tracker = {_quoted(tracker)}",
        f"language = {_quoted(answers.language)}",
        *_country(answers.country, language),
    ]
    if answers.team:
        blocks += ["", *_team(answers.team, language), "", *_digest(answers, language)]
    if answers.mail:
        blocks += ["", *_mail(answers.mail, language)]
    return "\n".join(blocks) + "\n"


def tracker_beside(tracker: str, *, file: Path, folder: Path) -> str:
    """The tracker as the settings file must name it: a path from that file, or an address."""
    if not tracker.lower().endswith((".xlsx", ".xlsm")) or "://" in tracker:
        return tracker
    path = Path(tracker).expanduser()
    if path.is_absolute():
        return path.as_posix()
    try:
        return Path(os.path.relpath(folder / path, file.parent)).as_posix()
    except ValueError:  # another drive
        return (folder / path).as_posix()


def _comment(name: str, language: Language, **facts: Fact) -> str:
    return f"# {say(Sentence(f'terminal.setup.file.{name}', facts), language)}"


def _quoted(text: str) -> str:
    """Text as TOML writes it; JSON quotes alike."""
    return json.dumps(text, ensure_ascii=False)


def _country(country: str | None, language: Language) -> Iterator[str]:
    if country is None:
        yield _comment("no_country", language)
    else:
        yield f"country = {_quoted(country)}"


def _team(team: tuple[Person, ...], language: Language) -> Iterator[str]:
    yield _comment("team", language)
    yield "[team]"
    yield from (f"{_quoted(person.name)} = {_quoted(person.address)}" for person in team)


def _digest(answers: Answers, language: Language) -> Iterator[str]:
    yield _comment("digest", language)
    yield "[digest]"
    yield f"coordinator = {_quoted(answers.team[0].name)}"
    yield f"at = {_quoted(answers.at)}"


def _mail(mail: Mail, language: Language) -> Iterator[str]:
    server = mail.server
    signs_in = server.security != "none"
    variable = "TOKEN" if server.auth == "xoauth2" else "PASSWORD"
    if signs_in:
        yield _comment("password", language, variable=f"SHEETS_SYNC_MAIL_{variable}")
    yield "[mail]"
    yield f"host = {_quoted(server.host)}"
    yield f"port = {server.port}"
    yield f"security = {_quoted(server.security)}"
    if signs_in:
        yield f"username = {_quoted(mail.account)}"
    yield f"from = {_quoted(mail.account)}"
    yield f"auth = {_quoted(server.auth if signs_in else 'none')}"
