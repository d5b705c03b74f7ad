"""From the tables of a settings file to Settings and to all mistakes: the fleet's entries too."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sheets_sync.config import checks
from sheets_sync.config.form import FileTable, MailTable, MemberTable, Table, TrackerTable
from sheets_sync.config.lines import KeyPath
from sheets_sync.config.mistakes import KnownKeys, Mistake, mistake_of
from sheets_sync.model import DigestSettings, MailSettings, Member, PlaybookSettings, Settings
from sheets_sync.texts.cleaning import fold, trim

_Form = TypeVar("_Form", bound=TrackerTable)
_USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_FLEET = ("fleet", "tracker")


def read_tables(tables: Mapping[str, Any], file: Path) -> tuple[Settings, list[Mistake]]:
    """The settings of a file, and all mistakes in it; with mistakes, the settings are empty."""
    form, mistakes = _checked(tables, FileTable)
    forms: list[TrackerTable | None] = [form]
    for position, entry in enumerate(_entries(tables)):
        entry_form, found = _checked(_merged(tables, entry), TrackerTable)
        mistakes += _own_mistakes(position, entry, found, mistakes)
        forms.append(entry_form)
    mistakes += _trackers_twice(tables)
    whole = [form for form in forms if form is not None]
    if mistakes or not whole:
        return Settings(), mistakes
    top, *fleet = [_settings(form, file) for form in whole]
    return _with_fleet(top, tuple(fleet)), []


def _with_fleet(settings: Settings, fleet: tuple[Settings, ...]) -> Settings:
    return replace(settings, fleet=fleet) if fleet else settings


def _checked(tables: Mapping[str, Any], form: type[_Form]) -> tuple[_Form | None, list[Mistake]]:
    """The tables as a form, or None, and what is wrong in them; a secret is only told as one."""
    mistakes = list(checks.secrets(tables))
    hidden = {mistake.path for mistake in mistakes}
    found = list(checks.across(tables))
    checked = None
    try:
        checked = form.model_validate(tables)
    except ValidationError as error:
        known = _keys(form)
        details = error.errors(include_url=False)
        found += [_placed(mistake_of(detail, known), tables) for detail in details]
    mistakes += [each for each in found if not _is_below(each.path, hidden)]
    return checked, mistakes


def _placed(mistake: Mistake, tables: Mapping[str, Any]) -> Mistake:
    """The mistake on the path that the file itself has: a member may be an address alone."""
    path: KeyPath = ()
    inner: object = tables
    for part in mistake.path:
        if isinstance(part, int) or not isinstance(inner, dict):
            break
        path, inner = (*path, part), inner.get(part)
    if len(path) == 2 and path[0] == "team" and path[1] in FileTable.model_fields:  # noqa: PLR2004
        return Mistake(path, "key_below_table", {"name": path[1]})
    if path == _FLEET and mistake.name == "need_list":
        return Mistake(path, "fleet_brackets")
    return mistake._replace(path=path)


def _is_below(path: KeyPath, places: set[KeyPath]) -> bool:
    return any(path[: len(place)] == place for place in places)


def _keys(form: type[Table], table: tuple[str, ...] = ()) -> KnownKeys:
    """The keys that each table of a form may have."""
    fields = form.model_fields
    keys = {table: tuple(field.alias or name for name, field in fields.items())}
    for name, field in fields.items():
        inner = MailTable if name == "mail" else field.annotation
        if isinstance(inner, type) and issubclass(inner, Table):
            keys.update(_keys(inner, (*table, name)))
    if "team" in fields:
        keys["team",] = tuple(MemberTable.model_fields)
    return keys


def _entries(tables: Mapping[str, Any]) -> list[dict[str, Any]]:
    fleet = tables.get("fleet")
    entries = fleet.get("tracker") if isinstance(fleet, dict) else None
    if not isinstance(entries, list):
        return []
    return [entry for entry in entries if isinstance(entry, dict)]


def _merged(tables: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the fleet with what it inherits; a team of its own stands alone."""
    inherited = {key: value for key, value in tables.items() if key not in {"fleet", "tracker"}}
    return inherited | {
        key: inherited[key] | value
        if key != "team" and isinstance(value, dict) and isinstance(inherited.get(key), dict)
        else value
        for key, value in entry.items()
    }


def _own_mistakes(
    position: int, entry: Mapping[str, Any], found: list[Mistake], told: list[Mistake]
) -> Iterator[Mistake]:
    """The mistakes of an entry itself, not those that it inherits, on its own path."""
    here = (*_FLEET, position)
    if "tracker" not in entry:
        yield Mistake((*here, "tracker"), "missing_key")
    inherited = {(mistake.path, mistake.name) for mistake in told}
    for mistake in found:
        if (mistake.path, mistake.name) not in inherited or _has(entry, mistake.path):
            yield mistake._replace(path=here + mistake.path)


def _has(tables: object, path: KeyPath) -> bool:
    for part in path:
        if not isinstance(tables, dict) or part not in tables:
            return False
        tables = tables[part]
    return True


def _trackers_twice(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    first = tables.get("tracker")
    seen = {trim(first)} if isinstance(first, str) else set()
    for position, entry in enumerate(_entries(tables)):
        tracker = entry.get("tracker")
        if isinstance(tracker, str):
            if trim(tracker) in seen:
                yield Mistake((*_FLEET, position, "tracker"), "tracker_twice", {"value": tracker})
            seen.add(trim(tracker))


def _settings(form: TrackerTable, file: Path) -> Settings:
    folder = file.parent
    top = {"language", "timezone", "country"} & form.model_fields_set
    return Settings(
        source=str(file),
        tracker=_tracker(form.tracker, folder),
        **{name: getattr(form, name) for name in top},
        date_formats=tuple(form.date_formats),
        team=tuple(Member(name=trim(name), **form.team[name].given()) for name in form.team),
        playbook=PlaybookSettings(**form.playbook.given()),
        digest=DigestSettings(**form.digest.given() | _coordinator(form)),
        mail=_mail(form.mail, folder) if form.mail else None,
        credentials=_beside(form.google.credentials, folder),
        ping_url=form.watch.ping,
        **{
            name: value
            for name, value in (form.watch.given() | form.files.given()).items()
            if name != "ping"
        },
    )


def _coordinator(form: TrackerTable) -> dict[str, str | None]:
    """The coordinator's name as the team spells it."""
    wanted = form.digest.coordinator
    names = (trim(name) for name in form.team if wanted and fold(name) == fold(wanted))
    return {"coordinator": next(names, None)}


def _mail(form: MailTable, folder: Path) -> MailSettings:
    """The mail server; what the file leaves out follows from what it says."""
    given = form.given()
    given.setdefault("port", _USUAL_PORTS[form.security])
    given.setdefault("auth", "password" if form.username else "none")
    given["sender"] = form.sender or form.username
    return MailSettings(**given | {"ca_file": _beside(form.ca_file, folder)})


def _beside(text: str | None, folder: Path) -> str | None:
    """A path, relative ones taken from the settings file's folder."""
    return None if text is None else os.path.normpath(folder / Path(text).expanduser())


def _tracker(text: str | None, folder: Path) -> str | None:
    """The tracker: a file's whole path, or a Google Sheet's address or id as it is."""
    if text is None or "://" in text or text.startswith("docs.google.com/"):
        return text
    path = _beside(text, folder) or text
    is_file = text.lower().endswith((".xlsx", ".xlsm")) or "/" in text or "\\" in text
    return path if is_file or Path(path).exists() else text
