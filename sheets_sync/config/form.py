"""From the tables of a settings file to checked values: the shape of every table, for pydantic.

Defaults are those of ``model``; here every key may be left out. Checks across tables are in
``checks``, since pydantic stops at them when anything else is wrong. Importing this costs a tenth
of a second: it is done only when there is a settings file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, LiteralString

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
)
from pydantic_core import PydanticCustomError

from sheets_sync.config.mistakes import near
from sheets_sync.config.values import (
    DAYS,
    country_code,
    is_address,
    is_host,
    is_ping,
    is_timezone,
    near_country,
    near_timezone,
    sender_of,
)
from sheets_sync.model import Language
from sheets_sync.texts.cleaning import trim

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_NEEDED = {"%d": ("%d",), "%m": ("%m", "%b", "%B"), "%Y": ("%y", "%Y")}
"""What a form of dates must hold: the day, the month, the year."""


def _wrong(name: LiteralString, **facts: object) -> PydanticCustomError:
    return PydanticCustomError(name, name, facts)


def _text(value: str) -> str:
    if not trim(value):
        raise _wrong("blank")
    return trim(value)


def _address(value: str) -> str:
    if not is_address(value):
        raise _wrong("not_an_address")
    return value


def _sender(value: str) -> str:
    sender = sender_of(value)
    if sender is None:
        raise _wrong("not_a_sender")
    return sender


def _host(value: str) -> str:
    if not is_host(value):
        raise _wrong("not_a_host")
    return value


def _ping(value: str) -> str:
    if not is_ping(value):
        raise _wrong("not_a_ping")
    return value


def _timezone(value: str) -> str:
    if is_timezone(value):
        return value
    meant = near_timezone(value)
    raise _wrong("unknown_timezone_near", meant=meant) if meant else _wrong("unknown_timezone")


def _country(value: str) -> str:
    code = country_code(value)
    if code is not None:
        return code
    meant = near_country(value)
    raise _wrong("unknown_country_near", meant=meant) if meant else _wrong("unknown_country")


def _date_format(value: str) -> str:
    for directive, ways in _NEEDED.items():
        if not any(way in value for way in ways):
            raise _wrong("date_format_lacks", directive=directive)
    try:
        datetime.strptime(date(2026, 11, 21).strftime(value), value)  # noqa: DTZ007 - a form
    except ValueError:
        raise _wrong("date_format_odd") from None
    return value


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    hour, minute = map(int, found.groups()) if found else (24, 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise _wrong("not_a_time") from None


def _day(value: object) -> int:
    if value in DAYS:
        return DAYS.index(str(value))
    raise _odd_day("not_a_day", "not_a_day_near", value, DAYS)


def _days(value: object) -> tuple[int, ...] | None:
    if value == "working":
        return None
    if isinstance(value, list) and value and all(day in DAYS for day in value):
        return tuple(sorted({DAYS.index(day) for day in value}))
    days = value if isinstance(value, list) else [value]
    odd = next((day for day in days if day not in DAYS), value)
    raise _odd_day("not_days", "not_days_near", odd, DAYS)


def _odd_day(
    name: LiteralString, name_near: LiteralString, value: object, days: tuple[str, ...]
) -> PydanticCustomError:
    word = str(value).casefold()
    meant = word[:3] if word[:3] in days else near(word, days)
    facts = {"value": str(value), "choices": days}
    return _wrong(name_near, meant=meant, **facts) if meant else _wrong(name, **facts)


def _member(value: object) -> object:
    """A person given as an address alone is a table with that address."""
    return {"email": value} if isinstance(value, str) else value


def _within(name: LiteralString, least: int, most: int) -> Callable[[int], int]:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise _wrong(name, least=least, most=most)
        return value

    return check


def _chase_after(value: list[int]) -> tuple[int, ...]:
    if not 1 <= len(value) <= 10:  # noqa: PLR2004 - tracker.md's own limit: one to ten
        raise _wrong("wrong_length", least=1, most=10)
    return tuple(value)


Text = Annotated[str, AfterValidator(_text)]
Days = Annotated[int, AfterValidator(_within("out_of_range", 0, 3650))]
Wait = Annotated[int, AfterValidator(_within("out_of_range", 1, 3650))]
Amount = Annotated[int, AfterValidator(_within("out_of_range", 1, 10_000))]


class Table(BaseModel):
    """A table of the file: no key but those below, no value turned from one type to another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def given(self) -> dict[str, Any]:
        """The values that the file sets, by the names of ``model``."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class MemberTable(Table):
    """``[team]``: a person, as a table."""

    email: Annotated[str, AfterValidator(_address)]
    language: Language | None = None
    max_items: Amount | None = None


class PlaybookTable(Table):
    """``[playbook]``: the numbers of the rules."""

    reply_within: Days = 0
    chase_after: Annotated[list[Wait], AfterValidator(_chase_after)] = []
    arrange_within: Days = 0
    plan_within: Days = 0
    keep_in_touch: Days = 0
    publish_before: Days = 0
    photo_before_publish: Days = 0
    thank_within: Days = 0
    thank_for: Days = 0
    after_event_within: Days = 0
    first_contact_lead: Days = 0
    revet_after: Days = 0
    candidates_per_theme: Days = 0


class DigestTable(Table):
    """``[digest]``: who gets all of it, and when."""

    coordinator: Text | None = None
    at: Annotated[time, PlainValidator(_clock)] | None = None
    days: Annotated[tuple[int, ...] | None, PlainValidator(_days)] = None
    max_items: Amount = 0
    max_mails: Amount = 0
    all_clear: Annotated[int, PlainValidator(_day)] | None = None


class MailTable(Table):
    """``[mail]``: the server and the sender."""

    host: Annotated[str, AfterValidator(_host)]
    port: Annotated[int, AfterValidator(_within("out_of_range", 1, 65535))] = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Text | None = None
    sender: Annotated[str, AfterValidator(_sender)] | None = Field(default=None, alias="from")
    auth: Literal["password", "xoauth2", "none"] = "password"
    ca_file: Text | None = None
    allow_plain: bool = False


class GoogleTable(Table):
    """``[google]``: where the key file is."""

    credentials: Text | None = None


class WatchTable(Table):
    """``[watch]``: how often, and whom to tell that it still runs."""

    every_minutes: Annotated[int, AfterValidator(_within("out_of_range", 1, 1440))] = 0
    ping: Annotated[str, AfterValidator(_ping)] | None = None


class FilesTable(Table):
    """``[files]``: what is kept of a tracker that is a file."""

    backups: Annotated[int, AfterValidator(_within("out_of_range", 0, 1000))] = 0


class TrackerTable(Table):
    """All that may be said about one tracker."""

    tracker: Text | None = None
    language: Language | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] | None = None
    country: Annotated[str, AfterValidator(_country)] | None = None
    date_formats: list[Annotated[str, AfterValidator(_date_format)]] = []
    team: dict[str, Annotated[MemberTable, BeforeValidator(_member)]] = {}
    playbook: PlaybookTable = PlaybookTable()
    digest: DigestTable = DigestTable()
    mail: MailTable | None = None
    google: GoogleTable = GoogleTable()
    watch: WatchTable = WatchTable()
    files: FilesTable = FilesTable()


class FleetTable(Table):
    """``[fleet]``: further trackers, checked one by one with what they inherit."""

    tracker: list[dict[str, Any]] = []


class FileTable(TrackerTable):
    """The whole file."""

    fleet: FleetTable = FleetTable()
