"""From a key file or what this computer offers to credentials that Google may accept."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import google.auth
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import service_account

from sheets_sync.errors import UsageError
from sheets_sync.model import Fact, Sentence

SCOPE = "https://www.googleapis.com/auth/spreadsheets"
"""The one thing that is asked for: to read and write spreadsheets that were shared."""

KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
_SERVICE_ACCOUNT = "service_account"
_KINDS = frozenset(
    {
        "authorized_user",
        "external_account",
        "external_account_authorized_user",
        "impersonated_service_account",
    }
)
"""Kinds of key files beside those of service accounts; workload identity is the second."""


class Signed(NamedTuple):
    """Credentials, and the address of the account to share the sheet with, if it is known."""

    credentials: Credentials
    account: str | None


def find_credentials(path: str | None, environment: Mapping[str, str]) -> Signed:
    """The credentials in the key file, else in the one the environment names, else this computer's.

    Raises UsageError when a file is missing, damaged or of the wrong kind, or there is nothing.
    """
    named = path or environment.get(KEY_FILE, "").strip()
    if named:
        return read_key_file(Path(named).expanduser())
    try:
        credentials, _project = google.auth.default(scopes=[SCOPE])
    except GoogleAuthError as error:
        raise UsageError("no_credentials", variable=KEY_FILE) from error
    return Signed(credentials, _account(credentials, {}))


def read_key_file(path: Path) -> Signed:
    """The credentials in a key file, whatever kind it is."""
    info = _load(path)
    kind = info.get("type")
    if kind != _SERVICE_ACCOUNT and kind not in _KINDS:
        raise UsageError("key_wrong_kind", path=str(path), found=_word_kind(info))
    if "\\n" in str(info.get("private_key", "")):
        raise UsageError("key_escaped", path=str(path))
    try:
        credentials = _from_info(info)
    except (ValueError, GoogleAuthError) as error:
        raise UsageError("key_damaged", path=str(path), detail=_first_line(error)) from error
    return Signed(credentials, _account(credentials, info))


def _load(path: Path) -> Mapping[str, Any]:
    try:
        info = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise UsageError("key_missing", path=str(path)) from error
    except OSError as error:
        detail = error.strerror or str(error)
        raise UsageError("key_unreadable", path=str(path), detail=detail) from error
    except ValueError as error:
        found = Sentence("errors.google_no_json")
        raise UsageError("key_wrong_kind", path=str(path), found=found) from error
    if not isinstance(info, dict):
        found = Sentence("errors.google_no_json")
        raise UsageError("key_wrong_kind", path=str(path), found=found)
    return info


def _word_kind(info: Mapping[str, Any]) -> Fact:
    """What a file is that is no key."""
    if "installed" in info or "web" in info:
        return Sentence("errors.google_oauth_client")
    return Sentence("errors.google_other_json")


def _from_info(info: Mapping[str, Any]) -> Credentials:
    if info["type"] == _SERVICE_ACCOUNT:
        found: Credentials = service_account.Credentials.from_service_account_info(
            info, scopes=[SCOPE]
        )
        return found
    with warnings.catch_warnings():
        # The general loader warns that any kind of file is taken; the kinds were checked above.
        warnings.simplefilter("ignore", DeprecationWarning)
        found, _project = google.auth.load_credentials_from_dict(info, scopes=[SCOPE])
    return found


def _account(credentials: Credentials, info: Mapping[str, Any]) -> str | None:
    """The account's address; a computer in Google's cloud learns its own only when it signs in."""
    found = getattr(credentials, "service_account_email", None) or info.get("client_email")
    return found if isinstance(found, str) and "@" in found else None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
