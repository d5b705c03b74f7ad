"""From two clocks that each have their faults to when a job is due.

The computer's clock may be set, and shows some hours twice or never. The monotonic clock is
right, but on some systems stands still while the computer sleeps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


class Clocks(NamedTuple):
    """The time of day, aware of its zone, and seconds that never run backwards."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]


class SteadyClock:
    """Seconds that pass while the computer sleeps too, and whatever its clock is set to."""

    def __init__(self, clocks: Clocks) -> None:
        """Start at zero."""
        self._clocks = clocks
        self._seen = clocks.now(), clocks.monotonic()
        self._passed = 0.0

    def now(self) -> datetime:
        """What the computer's clock shows."""
        return self._clocks.now()

    def seconds(self) -> float:
        """Seconds since the start: of what both clocks say has passed, each time the greater."""
        wall, steady = self._seen
        self._seen = now, monotonic = self._clocks.now(), self._clocks.monotonic()
        self._passed += max((now - wall).total_seconds(), monotonic - steady)
        return self._passed


class Due(Protocol):
    """When a job is to run. ``longest_pause`` is in seconds, between tries after failures."""

    longest_pause: float

    def is_due(self) -> bool:
        """Whether the job is to run now."""

    def done(self) -> None:
        """Take note that the job has just been done."""


class Every:
    """Due when a period has passed since it was last done; at once when that is not known."""

    def __init__(self, period: timedelta, clock: SteadyClock, *, last: datetime | None) -> None:
        """Count from ``last``, the last success, even before this process started."""
        self.longest_pause = period.total_seconds()
        self._clock = clock
        self._next = 0.0
        ago = (clock.now() - last).total_seconds() if last else -1.0
        if 0 <= ago < self.longest_pause:  # a success in the future says that a clock was wrong
            self._next = clock.seconds() + self.longest_pause - ago

    def is_due(self) -> bool:
        """Whether the period has passed."""
        return self._clock.seconds() >= self._next

    def done(self) -> None:
        """Start a new period."""
        self._next = self._clock.seconds() + self.longest_pause


class Daily:
    """Due once on each of its days, from a time of day on, in a time zone.

    A day on which the computer was off or asleep until midnight is left out: what was to be
    said on it stands in the next day's digest.
    """

    longest_pause = 3600.0

    def __init__(
        self,
        at: time,
        clock: SteadyClock,
        *,
        is_day: Callable[[date], bool],
        zone: Callable[[], tzinfo | None],
        last: date | None,
    ) -> None:
        """``last`` is the last day on which it was done; ``zone`` None: the computer's own."""
        self._at, self._clock, self._is_day, self._zone = at, clock, is_day, zone
        self.last = last

    def is_due(self) -> bool:
        """Whether today is one of its days, its time has come, and it has not been done."""
        now, today = self._clock.now(), self._today()
        if self.last and today <= self.last <= today + _DAY:
            return False  # done; or the clock was set back, or a border crossed, past midnight
        return now >= moment(today, self._at, self._zone()) and self._is_day(today)

    def done(self) -> None:
        """Take note that today is done."""
        self.last = self._today()

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone()).date()


def moment(day: date, at: time, zone: tzinfo | None) -> datetime:
    """The moment, in UTC, of a time of day: the first where the clock shows it twice.

    Where clocks go forward over it, it is as long after midnight as on any other day.
    """
    local = datetime.combine(day, at, tzinfo=zone)
    return (local if zone else local.astimezone()).astimezone(UTC)


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of a name; None, the computer's own, where there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
