"""From a call of Google's interface to its answer: signed, paced, repeated where that is safe."""

from __future__ import annotations

import email.utils
import logging
import string
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import requests
from google.auth.exceptions import RefreshError, TransportError
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_URL
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from sheets_sync.errors import Unreachable
from sheets_sync.model import Fact, Sentence
from sheets_sync.stores.google.quota import Kind, Quota, quota_of
from sheets_sync.stores.google.refusals import (
    BROKEN,
    EXPECTED,
    TIMEOUT,
    TOO_MANY,
    Asked,
    explain,
)
from sheets_sync.stores.google.session import SignedSession

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

    from sheets_sync.stores.google import Tell

GOOGLE = "https://sheets.googleapis.com"
TIME_LIMITS = (10.0, 60.0)
"""Seconds to wait for a connection, and for an answer."""
TRIES, WITHIN = 4, 30
"""So often, and for so many seconds, a call that the network broke is tried again."""
QUOTA_WAITS, QUOTA_PAUSE, LONGEST_PAUSE = 2, 30.0, 120.0
"""So often a run waits when the quota is used up, and for how many seconds."""

_OF_IDS = string.ascii_letters + string.digits + "-_"
_WRITES = (":batchUpdate", "values:batchUpdateByDataFilter")
_log = logging.getLogger("sheets_sync.google")

Json = Any  # what json.loads gives: the store takes it apart field by field


class OutcomeUnknownError(Unreachable):
    """Something that must not be done twice was sent, and no answer says whether it was done."""


class Pace(NamedTuple):
    """What waits before calls, and how to wait."""

    quota: Quota
    sleep: Callable[[float], None]


class SheetsClient(HTTPClient):
    """gspread's client with a base address, time limits, patience and a count of calls.

    ``endpoint`` stands for Google's base address. ``tell`` is told of waiting. Raises the
    errors of ``sheets_sync.errors``, never those of gspread, requests or google-auth.
    """

    def __init__(  # noqa: PLR0913 - the first two are gspread's, the others named
        self,
        auth: Credentials,
        session: requests.Session | None = None,
        *,
        account: str | None = None,
        endpoint: str | None = None,
        tell: Tell | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Ask nothing of Google yet."""
        super().__init__(auth, session or SignedSession(auth, endpoint))
        self.set_timeout(TIME_LIMITS)
        self.account = account
        self.calls = 0
        self._endpoint = endpoint or GOOGLE
        self._tell = tell
        self._pace = pace or Pace(quota_of(account), time.sleep)
        self._quota_waits = 0

    @property
    def account_fact(self) -> Fact:
        """Who signs in, for sentences: the account's address, or words for it."""
        return self._known_account() or Sentence("errors.google_this_account")

    @property
    def is_signed_in(self) -> bool:
        """Whether Google has let the account in, and it needs no new token yet."""
        return isinstance(self.session, SignedSession) and bool(self.session.credentials.valid)

    def sign_in(self) -> None:
        """Sign in now rather than with the first call."""
        try:
            if isinstance(self.session, SignedSession):
                self.session.sign_in(TIME_LIMITS[0])
        except EXPECTED as error:
            raise explain(error, Asked("", self.account, writing=False)) from error

    def begin_run(self) -> None:
        """Be as patient with the quota as at the start."""
        self._quota_waits = 0

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def get(self, sheet: str, path: str, params: Mapping[str, Json]) -> Json:
        """The answer to a GET below a spreadsheet's address."""
        return _read(self.request("get", SPREADSHEET_URL % sheet + path, params=dict(params)))

    def post(self, sheet: str, path: str, body: Mapping[str, Json]) -> Json:
        """The answer to a POST below a spreadsheet's address."""
        return _read(self.request("post", SPREADSHEET_URL % sheet + path, json=body))

    def request(self, method: str, endpoint: str, *args: Json, **kwargs: Json) -> requests.Response:
        """Make one call, again where the network broke it and repeating does no harm."""
        address = endpoint.replace(GOOGLE, self._endpoint, 1)
        sheet = endpoint.partition("/spreadsheets/")[2].partition("/")[0].partition(":")[0]
        asked = Asked(sheet, self._known_account(), endpoint.endswith(_WRITES))
        while True:
            try:
                return self._try_patiently(method, address, asked, *args, **kwargs)
            except APIError as error:
                if error.response.status_code != TOO_MANY or not self._wait_for_quota(error):
                    raise explain(error, asked) from error
            except EXPECTED as error:
                raise explain(error, asked) from error

    def _try_patiently(
        self, method: str, address: str, asked: Asked, *args: Json, **kwargs: Json
    ) -> requests.Response:
        once = address.endswith(":batchUpdate")
        retrying = Retrying(
            stop=stop_after_attempt(TRIES) | stop_after_delay(WITHIN),
            wait=wait_random_exponential(multiplier=0.5, max=8),
            retry=retry_if_exception(lambda error: _was_broken(error) and not _done(error, once)),
            before_sleep=_note_retry,
            sleep=self._pace.sleep,
            reraise=True,
        )
        try:
            return retrying(self._send, method, address, asked, *args, **kwargs)
        except EXPECTED as error:
            if once and _was_broken(error) and _done(error, once):
                unsure = explain(error, asked)
                raise OutcomeUnknownError(unsure.kind, **unsure.facts) from error
            raise

    def _send(
        self, method: str, address: str, asked: Asked, *args: Json, **kwargs: Json
    ) -> requests.Response:
        kind: Kind = "write" if asked.writing else "read"
        self._pace.quota.take(kind)
        self.calls += 1
        started = time.monotonic()
        try:
            response = super().request(method, address, *args, **kwargs)
        except EXPECTED as error:
            _log.debug("%s %s: %s", method.upper(), _outline(address), error)
            raise
        seconds = time.monotonic() - started
        size = len(response.content)
        _log.debug("%s %s: %d bytes in %.2f s", method.upper(), _outline(address), size, seconds)
        return response

    def _wait_for_quota(self, error: APIError) -> bool:
        """Wait until Google may take more; False when this run has waited often enough."""
        if self._quota_waits >= QUOTA_WAITS:
            return False
        self._quota_waits += 1
        pause = _pause(error.response.headers.get("Retry-After"))
        if self._tell is not None:
            self._tell(Sentence("notes.google_quota_wait", {"n": round(pause)}))
        self._pace.sleep(pause)
        return True

    def _known_account(self) -> str | None:
        """The account's address; some credentials learn it when they sign in."""
        credentials = getattr(self.session, "credentials", None)
        found = getattr(credentials, "service_account_email", None)
        return self.account or (found if found and "@" in found else None)


def _read(response: requests.Response) -> Json:
    try:
        found = response.json()
    except requests.exceptions.JSONDecodeError as error:
        raise Unreachable("google_strange_answer") from error
    if _log.isEnabledFor(logging.DEBUG) and isinstance(found, dict):
        parts = (
            f"{len(part)} {name}" if isinstance(part, list) else name
            for name, part in found.items()
        )
        _log.debug("  answered: %s", ", ".join(parts))
    return found


def _was_broken(error: BaseException) -> bool:
    """Whether the network or Google's own trouble kept a call from being answered."""
    if isinstance(error, APIError):
        code = error.response.status_code
        return code == TIMEOUT or code >= BROKEN
    if isinstance(error, requests.exceptions.SSLError):
        return False
    if isinstance(error, RefreshError):
        return bool(error.retryable)
    broken = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, (*broken, TransportError))


def _done(error: BaseException, once: bool) -> bool:  # noqa: FBT001 - a condition, not a switch
    """Whether a call that is to be made once may have been carried out after all."""
    never_sent = isinstance(error, (requests.ConnectTimeout, TransportError, RefreshError))
    refused = isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error)
    return once and not (never_sent or refused)


def _pause(retry_after: str | None) -> float:
    """The seconds that a Retry-After header asks for: a number, or a point in time."""
    if not retry_after:
        return QUOTA_PAUSE
    try:
        asked = float(retry_after)
    except ValueError:
        moment = email.utils.parsedate_tz(retry_after)
        asked = email.utils.mktime_tz(moment) - time.time() if moment else QUOTA_PAUSE
    return min(max(asked, 1.0), LONGEST_PAUSE)


def _note_retry(state: RetryCallState) -> None:
    _log.debug("try %d failed, once more", state.attempt_number)


def _outline(address: str) -> str:
    """The end of an address: what was asked, not of which sheet."""
    path = address.partition("/spreadsheets/")[2].partition("?")[0]
    return path.lstrip(_OF_IDS).lstrip(":/") or "spreadsheet"
