"""From what Google or the network answered to an error that says the next click.

Sentences and next steps are ``errors.<kind>`` in the catalogues; here is only which is which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from gspread.exceptions import APIError

from sheets_sync.errors import (
    Forbidden,
    NoSuchTracker,
    Refused,
    SheetChanged,
    SheetsSyncError,
    Unreachable,
)
from sheets_sync.model import Fact, Sentence

BAD, UNAUTHENTICATED, DENIED, NOT_FOUND = 400, 401, 403, 404
TIMEOUT, TOO_MANY, BROKEN = 408, 429, 500

_LINK = re.compile(r"https://[\w./?=&%-]+", re.ASCII)
_GRID = re.compile(
    r"exceeds grid limits|tried writing to (?:row|column)|Unable to parse range|No grid with id"
)
_PROTECTED = re.compile(r"protected (?:cell|range|sheet)", re.IGNORECASE)
_DETAIL_LENGTH = 200


class Asked(NamedTuple):
    """What a call was about: the sheet's id, the account that asked, and whether to write."""

    sheet: str
    account: str | None
    writing: bool

    @property
    def facts(self) -> dict[str, Fact]:
        """Facts for the sentences: the sheet's address, and the account or a word for it."""
        account: Fact = self.account or Sentence("errors.google_this_account")
        return {"tracker": sheet_url(self.sheet), "account": account}


class Answer(NamedTuple):
    """An error of Google's, taken apart; a web page instead of one has no status word."""

    code: int
    status: str
    message: str
    reasons: frozenset[str]
    links: tuple[str, ...]


class CellsProtected(Forbidden):
    """Google refused to touch a protected cell, though perhaps only one that was to stay."""


def sheet_url(sheet: str) -> str:
    """The address of a spreadsheet."""
    return f"https://docs.google.com/spreadsheets/d/{sheet}"


def take_apart(error: APIError) -> Answer:
    """What stands in an error of the interface."""
    code = error.response.status_code
    if error.code == -1:
        return Answer(code, "", f"HTTP {code}", frozenset(), ())
    found: Mapping[str, Any] = error.error
    details = [part for part in found.get("details", ()) if isinstance(part, dict)]
    message = str(found.get("message", ""))
    links = (*_help_links(details), *_LINK.findall(message))
    reasons = frozenset(str(part["reason"]) for part in details if "reason" in part)
    return Answer(code, str(found.get("status", "")), message, reasons, links)


def _help_links(details: list[dict[str, Any]]) -> Iterator[str]:
    for part in details:
        for link in part.get("links", ()):
            yield str(link.get("url", ""))


def explain(problem: Exception, asked: Asked) -> SheetsSyncError:
    """The error that a failed call amounts to."""
    if isinstance(problem, APIError):
        return _explain_answer(take_apart(problem), asked)
    if isinstance(problem, RefreshError):
        return _explain_sign_in(problem, asked)
    if _is_certificate(problem):
        return Unreachable("google_certificate", detail=_short(str(problem)))
    return Unreachable("google_unreachable", detail=_short(_innermost(problem)))


def _explain_answer(answer: Answer, asked: Asked) -> SheetsSyncError:
    facts = {**asked.facts, "detail": _short(answer.message)}
    if _PROTECTED.search(answer.message):
        return CellsProtected("cells_protected", **facts)
    if answer.code == DENIED:
        return _explain_denial(answer, asked, facts)
    if answer.code == BAD:
        return _explain_bad_request(answer, facts)
    if answer.code in _BY_CODE:
        error, kind = _BY_CODE[answer.code]
        return error(kind, **facts)
    return Unreachable("google_unreachable", **facts)


_BY_CODE: Mapping[int, tuple[type[SheetsSyncError], str]] = {
    NOT_FOUND: (NoSuchTracker, "wrong_id"),
    UNAUTHENTICATED: (Forbidden, "sign_in_refused"),
    TOO_MANY: (Unreachable, "google_quota"),
}


def _explain_bad_request(answer: Answer, facts: Mapping[str, Fact]) -> SheetsSyncError:
    if answer.status == "FAILED_PRECONDITION":
        return Refused("office_file", **facts)
    if _GRID.search(answer.message):
        return SheetChanged("changed_meanwhile", **facts)
    return Unreachable("google_refused", **facts)


def _explain_denial(answer: Answer, asked: Asked, facts: Mapping[str, Fact]) -> Forbidden:
    if "SERVICE_DISABLED" in answer.reasons or "has not been used in project" in answer.message:
        link = next(iter(answer.links), "https://console.cloud.google.com/apis/library")
        return Forbidden("api_off", **facts, link=link)
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in answer.reasons or "scopes" in answer.message:
        return Forbidden("scope_missing", **facts)
    if "SECURITY_POLICY_VIOLATED" in answer.reasons or "policy" in answer.message:
        return Forbidden("domain_policy", **facts)
    if answer.reasons:
        return Forbidden("google_forbidden", **facts)
    return Forbidden("viewer_only" if asked.writing else "not_shared", **facts)


_SIGN_IN: Mapping[str, str] = {
    "reasonable timeframe": "clock_wrong",
    "Invalid JWT Signature": "key_revoked",
    "account not found": "account_deleted",
    "deleted_client": "account_deleted",
    "disabled_client": "account_deleted",
    "invalid_scope": "scope_missing",
    "policy": "domain_policy",
    "org_internal": "domain_policy",
    "expired or revoked": "sign_in_expired",
    "invalid_rapt": "sign_in_expired",
}
"""Words in which Google refuses to sign an account in, and what they mean."""


def _explain_sign_in(problem: RefreshError, asked: Asked) -> SheetsSyncError:
    said = " ".join(map(str, problem.args))
    facts = {**asked.facts, "detail": _short(str(problem.args[0]) if problem.args else said)}
    for words, kind in _SIGN_IN.items():
        if words in said:
            return Forbidden(kind, **facts)
    if problem.retryable:
        return Unreachable("google_unreachable", detail=facts["detail"])
    return Forbidden("sign_in_refused", **facts)


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and what it carries, down to the innermost."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [problem]
    while waiting:
        found = waiting.pop()
        if found is None or found in seen:
            continue
        seen.append(found)
        yield found
        carried = [part for part in found.args if isinstance(part, BaseException)]
        reason = getattr(found, "reason", None)
        waiting += [*carried, reason if isinstance(reason, BaseException) else None]
        waiting += [found.__context__, found.__cause__]


def _is_certificate(problem: Exception) -> bool:
    return any(isinstance(cause, requests.exceptions.SSLError) for cause in _causes(problem))


def _innermost(problem: Exception) -> str:
    for cause in _causes(problem):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return str(problem) or type(problem).__name__


def _short(text: str) -> str:
    return text if len(text) <= _DETAIL_LENGTH else text[:_DETAIL_LENGTH] + "…"


EXPECTED = (APIError, GoogleAuthError, requests.RequestException, OSError)
"""What a call may raise when the world is to blame."""
