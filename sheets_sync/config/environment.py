"""From the environment to what must not stand in a file: secrets, and where state is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sheets_sync.config.values import is_loopback
from sheets_sync.errors import UsageError

MAIL_PASSWORD = "SHEETS_SYNC_MAIL_PASSWORD"  # noqa: S105 - the variable's name
MAIL_TOKEN = "SHEETS_SYNC_MAIL_TOKEN"  # noqa: S105 - the variable's name
GOOGLE_ENDPOINT = "SHEETS_SYNC_GOOGLE_ENDPOINT"
STATE = "SHEETS_SYNC_STATE"


def mail_password(environment: Mapping[str, str]) -> str | None:
    """The password for the mail server, or None."""
    return _secret(MAIL_PASSWORD, environment)


def mail_token(environment: Mapping[str, str]) -> str | None:
    """The token for signing in to the mail server by XOAUTH2, or None."""
    return _secret(MAIL_TOKEN, environment)


def google_endpoint(environment: Mapping[str, str]) -> str | None:
    """Another base address for the Google client; only this computer is accepted."""
    address = environment.get(GOOGLE_ENDPOINT, "").strip()
    if not address:
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise UsageError("endpoint_not_loopback", variable=GOOGLE_ENDPOINT) from None
    if parts.scheme not in {"http", "https"} or not is_loopback(host):
        raise UsageError("endpoint_not_loopback", variable=GOOGLE_ENDPOINT)
    return address.rstrip("/")


def state_folder(environment: Mapping[str, str]) -> Path:
    """The private folder for backups, the ledger of mails, and locks. It may not exist yet."""
    given = environment.get(STATE, "").strip()
    if given:
        return Path(given).expanduser().absolute()
    from platformdirs import user_state_path

    return user_state_path("sheets-sync", appauthor=False)


def _secret(variable: str, environment: Mapping[str, str]) -> str | None:
    """A secret from its variable, else from the file that the variable with _FILE names."""
    if environment.get(variable):
        return environment[variable]
    variable += "_FILE"
    path = environment.get(variable, "").strip()
    return _secret_file(variable, Path(path).expanduser()) if path else None


def _secret_file(variable: str, path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").rstrip("\r\n")
    except FileNotFoundError:
        raise UsageError("secret_file_missing", variable=variable, path=str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise UsageError("secret_file_unreadable", variable=variable, path=str(path)) from None
    if not secret:
        raise UsageError("secret_file_unreadable", variable=variable, path=str(path))
    return secret
