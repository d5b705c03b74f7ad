"""What can go wrong between here and Google, as replies and silences made to order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.google.schema import Json

PROJECT = "123456789012"
ACTIVATION = f"https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project={PROJECT}"


@dataclass
class Fault:
    """One thing that goes wrong: on which method (None: any), and how often.

    ``body`` is what is answered instead, None for a connection that is dropped without a word;
    ``late`` means after the request was applied. ``pause`` holds the reply back so many seconds.
    """

    on: str | None = None
    times: int = 1
    status: int = 503
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    pause: float = 0


def error_body(code: int, status: str, message: str, *details: Mapping[str, Json]) -> bytes:
    """An error as Google words it."""
    error: dict[str, Json] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = list(details)
    return json.dumps({"error": error}, indent=2).encode()


def error(code: int, status: str, message: str, **more: Json) -> Fault:
    """An error in Google's form."""
    return Fault(status=code, body=error_body(code, status, message), **more)


def quota(retry_after: str | None = None, **more: Json) -> Fault:
    """Too many requests this minute."""
    message = "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute"
    message += (
        f" per user' of service 'sheets.googleapis.com' for consumer 'project_number:{PROJECT}'."
    )
    reason = _reason("RATE_LIMIT_EXCEEDED", service="sheets.googleapis.com")
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    body = error_body(429, "RESOURCE_EXHAUSTED", message, reason)
    return Fault(status=429, body=body, headers=headers, **more)


def unavailable(**more: Json) -> Fault:
    """Google itself is in trouble, and says so."""
    return error(503, "UNAVAILABLE", "The service is currently unavailable.", **more)


def bad_gateway(**more: Json) -> Fault:
    """A web page instead of an answer."""
    page = b"<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title></html>"
    headers = {"Content-Type": "text/html; charset=UTF-8"}
    return Fault(status=502, body=page, headers=headers, **more)


def dropped(*, late: bool = False, **more: Json) -> Fault:
    """The connection breaks, before or after the request was applied."""
    return Fault(late=late, **more)


def slow(seconds: float, **more: Json) -> Fault:
    """The reply takes its time."""
    return Fault(pause=seconds, late=True, **more)


def api_off() -> Fault:
    """Nobody has turned the Sheets API on in the account's project."""
    message = f"Google Sheets API has not been used in project {PROJECT} before or it is disabled."
    message += f" Enable it by visiting {ACTIVATION} then retry. If you enabled this API recently,"
    message += " wait a few minutes for the action to propagate to our systems and retry."
    link = {"description": "Google developers console API activation", "url": ACTIVATION}
    kind = "type.googleapis.com/google.rpc.Help"
    reason = _reason("SERVICE_DISABLED", consumer=f"projects/{PROJECT}")
    body = error_body(403, "PERMISSION_DENIED", message, {"@type": kind, "links": [link]}, reason)
    return Fault(status=403, body=body, times=99)


def scope_missing() -> Fault:
    """The token was not given for spreadsheets."""
    message = "Request had insufficient authentication scopes."
    reason = _reason("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service="sheets.googleapis.com")
    return Fault(status=403, body=error_body(403, "PERMISSION_DENIED", message, reason), times=99)


def policy() -> Fault:
    """The organisation does not let the account in."""
    message = "Request is prohibited by organization's policy."
    reason = _reason("SECURITY_POLICY_VIOLATED", service="sheets.googleapis.com")
    return Fault(status=403, body=error_body(403, "PERMISSION_DENIED", message, reason), times=99)


def _reason(reason: str, **metadata: str) -> Mapping[str, Json]:
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": reason, "domain": "googleapis.com", "metadata": metadata}
