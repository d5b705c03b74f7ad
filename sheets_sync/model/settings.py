"""The types of settings: frozen, checked, with the defaults of interface.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "fi", "he"]
LANGUAGES: tuple[Language, ...] = ("en", "fi", "he")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookSettings:
    """The numbers of tracker.md 5.2; days, working days where it says so."""

    reply_within: int = 1
    chase_after: tuple[int, ...] = (7, 7, 14, 30)
    arrange_within: int = 7
    plan_within: int = 3
    keep_in_touch: int = 30
    publish_before: int = 7
    photo_before_publish: int = 3
    thank_within: int = 1
    thank_for: int = 60
    after_event_within: int = 14
    first_contact_lead: int = 42
    revet_after: int = 365
    candidates_per_theme: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the team: the only kind of person who ever gets mail."""

    name: str
    email: str
    language: Language | None = None
    max_items: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """When digests go out, and how long they may get.

    ``days`` are 0 (Monday) to 6, or None for the country's working days; ``all_clear`` is such
    a day or None.
    """

    coordinator: str | None = None
    at: time = time(7, 30)
    days: tuple[int, ...] | None = None
    max_items: int = 50
    max_mails: int = 50
    all_clear: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server. ``sender`` is the From header, name and address."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    sender: str
    auth: Literal["password", "xoauth2", "none"] = "password"
    ca_file: str | None = None
    allow_plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Paths are absolute."""

    source: str | None = None
    tracker: str | None = None
    language: Language | None = None
    timezone: str | None = None
    country: str | None = None
    date_formats: tuple[str, ...] = ()
    team: tuple[Member, ...] = ()
    playbook: PlaybookSettings = PlaybookSettings()
    digest: DigestSettings = DigestSettings()
    mail: MailSettings | None = None
    credentials: str | None = None
    every_minutes: int = 15
    ping_url: str | None = None
    backups: int = 10
    fleet: tuple[Settings, ...] = ()
