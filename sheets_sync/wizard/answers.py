"""From what a person typed to an answer that can be right, or an objection that says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sheets_sync.config.values import country_code, is_address, is_host, is_loopback, near_country
from sheets_sync.model import LANGUAGES, Fact, Language, Sentence
from sheets_sync.texts import label_names
from sheets_sync.texts.cleaning import clean, fold
from sheets_sync.wizard.proposals import MailServer, known_server

_PERSON = re.compile(r"(?P<name>[^@<>]*?)[\s,;:]*<?(?P<address>[^\s<>,;]+@[^\s<>,;]+)>?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_GOOGLE = re.compile(r"(https://)?docs\.google\.com/spreadsheets/.+|[\w-]{25,}", re.ASCII)
_HOST_AND_PORT = re.compile(r"(?P<host>.+?)(?::(?P<port>\d{1,5}))?")
_TLS_PORT = 465
_NATIVE: Mapping[Language, str] = {"en": "english", "fi": "suomi", "he": "עברית"}
NOTHING = "-"
"""What people type to leave a question open where something is proposed."""


class Objection(Exception):
    """Why an answer cannot be right, as a sentence."""

    def __init__(self, name: str, **facts: Fact) -> None:
        """Object with ``terminal.setup.<name>``."""
        super().__init__(name)
        self.sentence = Sentence(f"terminal.setup.{name}", facts)


class Person(NamedTuple):
    """Somebody of the team."""

    name: str
    address: str


class Mail(NamedTuple):
    """The mail server, and the account that signs in there and sends; None: no signing in."""

    server: MailServer
    account: str


class Answers(NamedTuple):
    """All that the questions ask for. The first of the team is the coordinator."""

    tracker: str
    language: Language
    country: str | None
    team: tuple[Person, ...] = ()
    mail: Mail | None = None
    at: str = "07:30"


def read_tracker(text: str) -> str:
    """A Google Sheet's address or id, or the path of an Excel file."""
    text = clean(text).strip("\"'")
    if _GOOGLE.fullmatch(text) or text.lower().endswith((".xlsx", ".xlsm")):
        return text
    raise Objection("tracker.bad", value=text)


def read_language(text: str) -> Language:
    """One of the three languages, by its code or its name in any of them."""
    word = fold(text)
    for language in LANGUAGES:
        if word in {language, _NATIVE[language]}:
            return language
    raise Objection("language.bad", value=text, choices=LANGUAGES)


def read_country(text: str) -> str | None:
    """A country's code in upper case, or None for Monday to Friday."""
    text = clean(text)
    if text in {"", NOTHING}:
        return None
    code = country_code(text)
    if code is not None:
        return code
    meant = near_country(text)
    if meant is None:
        raise Objection("country.bad", value=text)
    raise Objection("country.near", value=text, meant=meant)


def read_person(text: str, *, team: Sequence[Person]) -> Person | None:
    """One more of the team, ``Name <address>`` in any writing; None: there is nobody else."""
    text = clean(text)
    if text in {"", NOTHING}:
        return None
    found = _PERSON.fullmatch(text)
    name = found["name"].strip("\"' ") if found else ""
    if found is None or not fold(name):
        raise Objection("team.bad", value=text)
    if not is_address(found["address"]):
        raise Objection("team.no_address", value=found["address"])
    for other in team:
        if (
            fold(other.name) == fold(name)
            or other.address.casefold() == found["address"].casefold()
        ):
            raise Objection("team.twice", other=other.name)
    return Person(name, found["address"])


def read_server(text: str) -> MailServer | None:
    """A mail server by its name, with or without a port; None: no mail for now."""
    text = clean(text)
    if text in {"", NOTHING}:
        return None
    found = _HOST_AND_PORT.fullmatch(text)
    if found is None or not is_host(found["host"]):
        raise Objection("mail.bad", value=text)
    host, port = found["host"], int(found["port"] or 0)
    if is_loopback(host):
        return MailServer(host, port or 25, "none")
    if not port:
        return known_server(host) or MailServer(host, 587, "starttls")
    return MailServer(host, port, "tls" if port == _TLS_PORT else "starttls")


def read_account(text: str) -> str:
    """The address that sends."""
    text = clean(text)
    if not is_address(text):
        raise Objection("team.no_address", value=text)
    return text


def read_hour(text: str) -> str:
    """A time of day as ``07:30``; "7" and "7.30" are understood too."""
    found = _CLOCK.fullmatch(clean(text))
    hour, minute = (int(part or 0) for part in found.groups()) if found else (24, 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 - the clock's own numbers
        raise Objection("hour.bad", value=text)
    return f"{hour:02}:{minute:02}"


def read_yes(text: str) -> bool:
    """Whether the answer is a yes, in any of the three languages."""
    return fold(text) in {"y", "k", *map(fold, label_names("choice.values_fit.yes").values())}
