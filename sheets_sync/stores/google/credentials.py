"""From a key file or what this computer offers to credentials that Google may accept."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import google.auth
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError

from sheets_sync.errors import UsageError
from sheets_sync.model import Fact, Sentence

SCOPE = "https://www.googleapis.com/auth/spreadsheets"
"""The one thing that is asked for: to read and write spreadsheets that were shared."""

KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
Json = Mapping[str, Any]


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
        with warnings.catch_warnings():
            # That a person's own sign-in has no quota of its own is nothing to print here.
            warnings.simplefilter("ignore", UserWarning)
            credentials, _project = google.auth.default(scopes=[SCOPE])
    except GoogleAuthError as error:
        raise UsageError("no_credentials", variable=KEY_FILE) from error
    return Signed(credentials, _account(credentials, {}))


def read_key_file(path: Path) -> Signed:
    """The credentials in a key file, whatever kind it is."""
    info = _load(path)
    load = _LOADERS.get(str(info.get("type")))
    if load is None:
        raise UsageError("key_wrong_kind", path=str(path), found=_word_kind(info))
    if "\\n" in str(info.get("private_key", "")):
        raise UsageError("key_escaped", path=str(path))
    try:
        credentials = load(info)
    except (ValueError, KeyError, TypeError, GoogleAuthError) as error:
        raise UsageError("key_damaged", path=str(path), detail=_first_line(error)) from error
    return Signed(credentials, _account(credentials, info))


def _load(path: Path) -> Json:
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


def _word_kind(info: Json) -> Fact:
    """What a file is that is no key."""
    if "installed" in info or "web" in info:
        return Sentence("errors.google_oauth_client")
    return Sentence("errors.google_other_json")


def _from_external(info: Json) -> Credentials:
    """Workload identity: what this computer can show of itself stands for a key.

    google-auth's general loader is passed by: it asks further hosts for the name of a project.
    """
    from google.auth import aws, identity_pool, pluggable

    kind: Any = identity_pool
    if str(info.get("subject_token_type")).endswith(":aws4_request"):
        kind = aws
    elif "executable" in info.get("credential_source", {}):
        kind = pluggable
    found: Credentials = kind.Credentials.from_info(info, scopes=[SCOPE])
    return found


def _from_service_account(info: Json) -> Credentials:
    from google.oauth2.service_account import Credentials as Key

    found: Credentials = Key.from_service_account_info(info, scopes=[SCOPE])
    return found


def _from_person(info: Json) -> Credentials:
    from google.oauth2.credentials import Credentials as Person

    found: Credentials = Person.from_authorized_user_info(info, scopes=[SCOPE])
    return found


def _from_impersonation(info: Json) -> Credentials:
    from google.auth.impersonated_credentials import Credentials as Impersonated

    found: Credentials = Impersonated.from_impersonated_service_account_info(info, scopes=[SCOPE])
    return found


_LOADERS: Mapping[str, Callable[[Json], Credentials]] = {
    "service_account": _from_service_account,
    "authorized_user": _from_person,
    "external_account": _from_external,
    "impersonated_service_account": _from_impersonation,
}
"""The kinds of key files."""


def _account(credentials: Credentials, info: Json) -> str | None:
    """The account's address; a computer in Google's cloud learns its own only when it signs in."""
    found = getattr(credentials, "service_account_email", None) or info.get("client_email")
    return found if isinstance(found, str) and "@" in found else None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
