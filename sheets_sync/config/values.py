"""From one value of a settings file to whether it can be right, and what was probably meant."""

from __future__ import annotations

import difflib
import ipaddress
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sheets_sync.countries import country_codes, country_names
from sheets_sync.texts.cleaning import fold

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SENDER = re.compile(r'"?(?P<name>[^"<>\x00-\x1f]*?)"?\s*<(?P<address>[^<>]+)>')
_HOST = re.compile(r"[\w](?:[\w.-]*[\w])?\.?")
_NEEDS_QUOTES = re.compile(r'[(),.:;<>@\[\]\\"]')


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address (nothing is looked up)."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def sender_of(text: str) -> str | None:
    """A From header, ``Name <address>`` or an address alone, its name quoted if need be."""
    found = _SENDER.fullmatch(text.strip())
    if found is None:
        return text.strip() if is_address(text.strip()) else None
    name, address = found["name"].strip(), found["address"].strip()
    if not is_address(address):
        return None
    if not name:
        return address
    return f'"{name}" <{address}>' if _NEEDS_QUOTES.search(name) else f"{name} <{address}>"


def is_host(text: str) -> bool:
    """Whether a text is the name or the number of a server: no port, no ``https://``."""
    return bool(_HOST.fullmatch(text)) or _ip_address(text) is not None


def is_loopback(host: str) -> bool:
    """Whether a host is this computer, by its name or number alone (nothing is looked up)."""
    address = _ip_address(host.strip("[]"))
    return host.rstrip(".").casefold() == "localhost" if address is None else address.is_loopback


def is_ping(text: str) -> bool:
    """Whether a text is an https address; http is for this computer alone."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    if not host or not text.isprintable() or " " in text:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_timezone(name: str) -> bool:
    """Whether a text is a time zone's name, ``Europe/Helsinki``."""
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):  # unknown; no such name can be; a folder of zones
        return False


def near_timezone(name: str) -> str | None:
    """The zone that was probably meant: written alike, or a city named without its continent."""
    word = name.strip().casefold().replace(" ", "_")
    zones = {zone.casefold(): zone for zone in sorted(available_timezones(), reverse=True)}
    cities = {folded.rpartition("/")[2]: zone for folded, zone in zones.items() if "/" in folded}
    if word in cities:
        return cities[word]
    found = difflib.get_close_matches(word, zones, n=1, cutoff=0.75)
    return zones[found[0]] if found else None


def country_code(text: str) -> str | None:
    """The code of two letters, upper case, of a country whose holidays are known."""
    code = text.upper()
    return code if country_codes().get(text.casefold()) == code else None


def near_country(text: str) -> str | None:
    """The code of the country that was probably meant by a name, in any language."""
    names = country_names()
    found = difflib.get_close_matches(fold(text), names, n=1, cutoff=0.7)
    return names[found[0]] if found else None


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
