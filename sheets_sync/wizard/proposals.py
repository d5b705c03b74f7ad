"""From where the program runs to answers that are probably right."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_LOCAL_TIME = Path("/etc/localtime")
_NOWHERE = frozenset({"001", "ZZ"})
"""What stands for the world, and for none of it (UTC)."""


class MailServer(NamedTuple):
    """Where mail is handed in. ``auth`` is how a provider lets programs sign in."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    auth: Literal["password", "xoauth2"] = "password"


_GMAIL = MailServer("smtp.gmail.com", 587, "starttls")
_OUTLOOK = MailServer("smtp-mail.outlook.com", 587, "starttls", "xoauth2")
_MICROSOFT = MailServer("smtp.office365.com", 587, "starttls", "xoauth2")
_ICLOUD = MailServer("smtp.mail.me.com", 587, "starttls")
_YAHOO = MailServer("smtp.mail.yahoo.com", 465, "tls")
_PROVIDERS: Mapping[str, MailServer] = {
    "gmail.com": _GMAIL,
    "googlemail.com": _GMAIL,
    "outlook.com": _OUTLOOK,
    "hotmail.com": _OUTLOOK,
    "live.com": _OUTLOOK,
    "onmicrosoft.com": _MICROSOFT,
    "icloud.com": _ICLOUD,
    "me.com": _ICLOUD,
    "yahoo.com": _YAHOO,
    "fastmail.com": MailServer("smtp.fastmail.com", 465, "tls"),
    "gmx.com": MailServer("mail.gmx.com", 587, "starttls"),
    "gmx.net": MailServer("mail.gmx.net", 587, "starttls"),
    "walla.co.il": MailServer("out.walla.co.il", 587, "starttls"),
    "zoho.com": MailServer("smtp.zoho.com", 587, "starttls"),
}
"""By the end of an address; each provider's own help pages say so."""


def server_for(address: str) -> MailServer | None:
    """The mail server of an address's provider, when that is a well-known one."""
    domain = address.rpartition("@")[2].casefold()
    return next(
        (server for end, server in _PROVIDERS.items() if f".{domain}".endswith(f".{end}")), None
    )


def known_server(host: str) -> MailServer | None:
    """What is known of a server by its name."""
    return next((server for server in _PROVIDERS.values() if server.host == host.casefold()), None)


def propose_tracker(folder: Path) -> str:
    """The only workbook in a folder, else the name that a new one would get."""
    found = [path for path in folder.glob("*.xlsx") if not path.name.startswith("~$")]
    return found[0].name if len(found) == 1 else "partners.xlsx"


def propose_country(environment: Mapping[str, str]) -> str | None:
    """The country of the environment's locale, else of this computer's time zone."""
    name = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "")
    territory = name.partition(".")[0].partition("@")[0].partition("_")[2]
    return territory.upper() if territory else country_of_zone(local_zone(environment))


def local_zone(environment: Mapping[str, str]) -> str | None:
    """The name of this computer's time zone where it can be told."""
    given = environment.get("TZ", "").lstrip(":")
    if given:
        return given
    return os.path.realpath(_LOCAL_TIME).partition("/zoneinfo/")[2] or None


def country_of_zone(zone: str | None) -> str | None:
    """The country that a time zone is named for."""
    from babel.core import get_global

    found = get_global("zone_territories").get(zone or "")
    return str(found) if found and found not in _NOWHERE else None
