"""From a country, or two that work together, and a day to the working days around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_SATURDAY = 5


class Workdays:
    """The working days of a country (an ISO code such as ``FI``); None: Monday to Friday.

    With another country, the days on which people work in both. Weekends and public holidays
    come from the package ``holidays``, which is loaded when a day is first asked for and works
    out one year at a time. Answers are remembered. An unknown country is a NotImplementedError
    then.
    """

    def __init__(self, country: str | None = None, other: str | None = None) -> None:
        """Remember the countries; nothing is loaded yet."""
        self.country = country
        self.other = other
        self._judge: Callable[[date], bool] | None = None
        self._known: dict[date, bool] = {}
        self._steps: dict[tuple[date, int], date] = {}

    def is_working(self, day: date) -> bool:
        """Whether people work on that day."""
        known = self._known.get(day)
        if known is None:
            if self._judge is None:
                self._judge = _judge_of(self.country, self.other)
            known = self._known[day] = self._judge(day)
        return known

    def forward(self, day: date) -> date:
        """The day itself, or the next working day."""
        while not self.is_working(day):
            day += _DAY
        return day

    def back(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def plus(self, day: date, n: int) -> date:
        """The n-th working day after ``day``; with n = 0 the same as ``forward``."""
        found = self._steps.get((day, n))
        if found is None:
            found = self._steps[day, n] = self._walk(day, n)
        return found

    def _walk(self, day: date, n: int) -> date:
        if n == 0:
            return self.forward(day)
        for _ in range(n):
            day = self.forward(day + _DAY)
        return day


def workdays_of(country: str | None, other: str | None = None) -> Workdays:
    """The working days of a country, or those it shares with another one.

    One object a country or pair, so that its memory is shared.
    """
    return _made(country, None if other == country else other)


@cache
def _made(country: str | None, other: str | None) -> Workdays:
    return Workdays(country, other)


def _judge_of(country: str | None, other: str | None) -> Callable[[date], bool]:
    """What tells whether a day is a working day, on both sides if there are two."""
    if other is not None:
        ours, theirs = workdays_of(country), workdays_of(other)
        return lambda day: ours.is_working(day) and theirs.is_working(day)
    if country is None:
        return lambda day: day.weekday() < _SATURDAY
    from holidays import country_holidays

    return country_holidays(country).is_working_day
