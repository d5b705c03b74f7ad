"""From what the service does to a line in its log: in words, or as JSON.

A line tells kinds, numbers and the tracker's key, never what an error says: that may hold
somebody's name, an address or a secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TextIO, TypeAlias

from sheets_sync.errors import SheetsSyncError
from sheets_sync.model import Fact, Language, Sentence
from sheets_sync.texts import say

Facts: TypeAlias = Mapping[str, str | int]
Log: TypeAlias = Callable[[str, Facts], None]
"""Takes the name of an event (a message of the domain ``service``) and its facts."""


def json_log(stream: TextIO, *, now: Callable[[], datetime]) -> Log:
    """A log of JSON lines: the time in UTC, the event, its facts."""

    def log(event: str, facts: Facts) -> None:
        moment = now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        line = json.dumps({"time": moment, "event": event, **facts}, ensure_ascii=False)
        print(line, file=stream, flush=True)

    return log


def words_log(tell: Callable[[str], object], language: Language) -> Log:
    """A log of sentences."""

    def log(event: str, facts: Facts) -> None:
        worded: dict[str, Fact] = dict(facts)
        tell(say(Sentence(f"service.{event}", worded), language))

    return log


def kind_of(fault: BaseException) -> str:
    """What may be told of a fault: its kind, for the unexpected the name of its class."""
    return fault.kind if isinstance(fault, SheetsSyncError) else type(fault).__name__
