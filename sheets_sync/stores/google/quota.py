"""From calls to calls at a pace that Google's quota allows."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal

MINUTE = 60.0
PER_MINUTE = 54
"""Google allows an account 60 reads and 60 writes a minute; a tenth is left to others."""

Kind = Literal["read", "write"]


class Quota:
    """Lets so many calls of each kind through in any minute, and has the next one wait."""

    def __init__(
        self,
        per_minute: int = PER_MINUTE,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Start with nothing used up."""
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._times: Mapping[Kind, deque[float]] = {
            "read": deque(maxlen=per_minute),
            "write": deque(maxlen=per_minute),
        }

    def take(self, kind: Kind) -> None:
        """Wait until a call of the kind may be made."""
        with self._lock:
            times = self._times[kind]
            if len(times) == times.maxlen:
                wait = times[0] + MINUTE - self._clock()
                if wait > 0:
                    self._sleep(wait)
            times.append(self._clock())


@cache
def quota_of(account: str | None) -> Quota:
    """The quota of an account; all its trackers share it."""
    del account
    return Quota()
