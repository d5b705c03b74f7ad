"""From a Google Sheet's address to a store of it, to a new tracker there, and to what bars the way.

What is heavy to import is imported when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sheets_sync.errors import NoSuchTracker
from sheets_sync.model import Sentence, Settings

if TYPE_CHECKING:
    from sheets_sync.stores.google.client import SheetsClient
    from sheets_sync.stores.google.store import GoogleStore

Tell = Callable[[Sentence], None]
"""Takes what people may want to know while they wait."""

_ADDRESS = re.compile(
    r"(?:https?://)?docs\.google\.com/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?(?:d/(?!e/)([\w-]{20,}))?.*",
    re.ASCII | re.DOTALL,
)
_ID = re.compile(r"[\w-]{25,}", re.ASCII)


def is_google(tracker: str) -> bool:
    """Whether text is a Google Sheet's address or could be its id."""
    return _ADDRESS.fullmatch(tracker) is not None or _ID.fullmatch(tracker) is not None


def spreadsheet_id(tracker: str) -> str:
    """The id in a Google Sheet's address, or the id itself. Raises NoSuchTracker without one."""
    match = _ADDRESS.fullmatch(tracker.strip())
    found = match[1] if match else tracker.strip()
    if found is None or (match is None and not _ID.fullmatch(found)):
        raise NoSuchTracker("google_address", tracker=tracker)
    return found


def open_google(  # noqa: PLR0913 - three things that belong together, three choices
    tracker: str,
    settings: Settings,
    environment: Mapping[str, str],
    *,
    endpoint: str | None = None,
    read_only: bool = False,
    tell: Tell | None = None,
) -> GoogleStore:
    """The store of a Google Sheet; nothing is asked of Google yet.

    ``endpoint`` is another base address than Google's. ``read_only`` writes nothing at all, not
    even tags. Raises NoSuchTracker for an address
    without an id, UsageError for a key file that is none.
    """
    from sheets_sync.stores.google.store import GoogleStore

    sheet = spreadsheet_id(tracker)
    client = connect(settings, environment, endpoint=endpoint, tell=tell)
    return GoogleStore(client, sheet, name=tracker, read_only=read_only)


def connect(
    settings: Settings,
    environment: Mapping[str, str],
    *,
    endpoint: str | None = None,
    tell: Tell | None = None,
) -> SheetsClient:
    """A client that signs in as the settings and the environment say, when it first needs to."""
    from sheets_sync.stores.google.client import SheetsClient
    from sheets_sync.stores.google.credentials import find_credentials

    signed = find_credentials(settings.credentials, environment)
    return SheetsClient(signed.credentials, account=signed.account, endpoint=endpoint, tell=tell)
