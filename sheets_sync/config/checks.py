"""From a settings file as read to the mistakes that no single value shows.

Works on the plain tables, whatever else may be wrong in them, so that all mistakes are told
at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sheets_sync.config.lines import KeyPath
from sheets_sync.config.mistakes import Mistake, near
from sheets_sync.config.values import is_address, is_loopback
from sheets_sync.texts.cleaning import fold

_SECRET_KEY = re.compile(
    r"pass(word|wd|phrase|code)|^pwd$|^pass$|secret|token|private_?key|api_?key|(^|_)key$"
)
_SECRET_VALUE = re.compile(r'-----BEGIN|"private_key"|^\s*\{|^ya29\.|^AIza')
_TOKEN = re.compile(r"token")
_GOOGLE = re.compile(r"key|secret")


def secrets(tables: Mapping[str, Any], path: KeyPath = ()) -> Iterator[Mistake]:
    """The secrets that stand in the file. What they are is never said."""
    for key, value in tables.items():
        here = (*path, key)
        if _is_secret_value(value):
            yield Mistake(here, "secret_key")
        elif _is_secret_key(here):
            yield Mistake(here, _secret_name(key))
        elif isinstance(value, dict):
            yield from secrets(value, here)
        elif isinstance(value, list):
            for position, part in enumerate(value):
                if isinstance(part, dict):
                    yield from secrets(part, (*here, position))


def _is_secret_value(value: object) -> bool:
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and _SECRET_VALUE.search(text) for text in texts)


def _is_secret_key(path: KeyPath) -> bool:
    is_name = len(path) > 1 and path[-2] == "team"
    return not is_name and bool(_SECRET_KEY.search(str(path[-1]).casefold().replace("-", "_")))


def _secret_name(key: str) -> str:
    folded = key.casefold()
    if _TOKEN.search(folded):
        return "secret_token"
    return "secret_key" if _GOOGLE.search(folded) else "secret_password"


def across(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    """The mistakes between keys: of the team, of its coordinator, of the mail server."""
    team = tables.get("team")
    names = tuple(team) if isinstance(team, dict) else ()
    yield from _team(team if isinstance(team, dict) else {})
    digest = tables.get("digest")
    if isinstance(digest, dict) and isinstance(digest.get("coordinator"), str):
        yield from _coordinator(digest["coordinator"], names)
    mail = tables.get("mail")
    if isinstance(mail, dict):
        yield from _mail(mail)


def _team(team: Mapping[str, Any]) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for name, member in team.items():
        if not fold(name):
            yield Mistake(("team", name), "nameless")
        address = member.get("email") if isinstance(member, dict) else member
        for mark, mistake in ((fold(name), "name_twice"), (_mark(address), "address_twice")):
            if mark and seen.setdefault(mark, name) != name:
                yield Mistake(("team", name), mistake, {"other": seen[mark]})


def _mark(address: object) -> str:
    return address.casefold() if isinstance(address, str) and "@" in address else ""


def _coordinator(name: str, team: tuple[str, ...]) -> Iterator[Mistake]:
    if not fold(name) or fold(name) in map(fold, team):
        return
    path = ("digest", "coordinator")
    meant = near(name, team)
    if meant is None:
        yield Mistake(path, "coordinator_unknown", {"value": name})
    else:
        yield Mistake(path, "coordinator_near", {"value": name, "meant": meant})


def _mail(mail: Mapping[str, Any]) -> Iterator[Mistake]:
    username, sender = mail.get("username"), mail.get("from")
    if sender is None and not (isinstance(username, str) and is_address(username)):
        yield Mistake(("mail", "from"), "missing_from")
    if username is None and mail.get("auth") in {"password", "xoauth2"}:
        yield Mistake(("mail", "auth"), "missing_username", {"value": mail["auth"]})
    host = mail.get("host")
    if mail.get("security") == "none" and isinstance(host, str) and not is_loopback(host):
        yield from _in_clear(mail)


def _in_clear(mail: Mapping[str, Any]) -> Iterator[Mistake]:
    path = ("mail", "security")
    signs_in = mail.get("auth") != "none" and ("auth" in mail or "username" in mail)
    if mail.get("allow_plain") is not True:
        yield Mistake(path, "no_encryption")
    elif signs_in:
        yield Mistake(path, "password_in_clear")
