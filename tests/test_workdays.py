"""Working days of countries, and the days around them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_sync.workdays import Workdays, workdays_of

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
COUNTRIES = st.sampled_from([None, "FI", "IL"])


@pytest.mark.parametrize(
    ("country", "day", "working"),
    [
        (None, date(2026, 12, 6), False),  # a Sunday
        (None, date(2026, 12, 5), False),
        (None, date(2026, 12, 25), True),  # no country, no holidays
        ("FI", date(2026, 12, 25), False),
        ("FI", date(2026, 12, 23), True),
        ("FI", date(2027, 1, 6), False),  # Epiphany
        ("FI", date(2026, 11, 20), True),
        ("FI", date(2026, 11, 21), False),
        ("IL", date(2026, 11, 20), False),  # a Friday
        ("IL", date(2026, 11, 21), False),
        ("IL", date(2026, 11, 22), True),  # a Sunday
        ("IL", date(2026, 9, 21), False),  # Yom Kippur
        ("IL", date(2026, 12, 25), False),  # a Friday, not Christmas
        ("IL", date(2028, 12, 25), True),
    ],
)
def test_a_country_has_its_weekend_and_holidays(
    country: str | None, day: date, *, working: bool
) -> None:
    assert Workdays(country).is_working(day) == working


@pytest.mark.parametrize(
    ("country", "day", "forward", "back"),
    [
        (None, date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 20)),
        (None, date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 20)),
        ("FI", date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 23)),
        ("FI", date(2027, 1, 1), date(2027, 1, 4), date(2026, 12, 31)),
        ("IL", date(2026, 9, 11), date(2026, 9, 14), date(2026, 9, 10)),  # Rosh Hashanah
    ],
)
def test_forward_and_back_go_to_the_nearest_working_day(
    country: str | None, day: date, forward: date, back: date
) -> None:
    workdays = Workdays(country)
    assert (workdays.forward(day), workdays.back(day)) == (forward, back)


@pytest.mark.parametrize(
    ("country", "day", "n", "result"),
    [
        (None, date(2026, 11, 20), 0, date(2026, 11, 20)),
        (None, date(2026, 11, 21), 0, date(2026, 11, 23)),
        (None, date(2026, 11, 20), 1, date(2026, 11, 23)),
        (None, date(2026, 11, 21), 1, date(2026, 11, 23)),
        (None, date(2026, 11, 23), 5, date(2026, 11, 30)),
        ("FI", date(2026, 12, 22), 3, date(2026, 12, 29)),
        ("IL", date(2026, 11, 19), 1, date(2026, 11, 22)),
        (None, date(2026, 11, 20), 3650, date(2040, 11, 16)),
    ],
)
def test_plus_counts_working_days_after_the_day(
    country: str | None, day: date, n: int, result: date
) -> None:
    assert Workdays(country).plus(day, n) == result


# Israel works from Sunday to Thursday, Finland from Monday to Friday: together from Monday to
# Thursday. In April 2026 Pesach is Thursday 2 and Wednesday 8, Easter from Friday 3 to Monday 6.
@pytest.mark.parametrize(
    ("ours", "theirs", "day", "forward", "back"),
    [
        ("IL", "FI", date(2026, 11, 19), date(2026, 11, 19), date(2026, 11, 19)),  # Thursday
        ("IL", "FI", date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 19)),  # Friday
        ("IL", "FI", date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 19)),  # Saturday
        ("IL", "FI", date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 19)),  # Sunday
        ("IL", "FI", date(2026, 9, 18), date(2026, 9, 22), date(2026, 9, 17)),  # and Yom Kippur
        ("IL", "FI", date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 23)),  # Christmas Eve
        ("IL", "FI", date(2026, 4, 2), date(2026, 4, 7), date(2026, 4, 1)),
        ("IL", "FI", date(2026, 4, 6), date(2026, 4, 7), date(2026, 4, 1)),
        ("IL", "FI", date(2026, 4, 8), date(2026, 4, 9), date(2026, 4, 7)),
        ("FI", "IL", date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 19)),
        ("FI", "SE", date(2027, 12, 6), date(2027, 12, 7), date(2027, 12, 3)),  # Finland's day
        ("FI", "SE", date(2028, 6, 6), date(2028, 6, 7), date(2028, 6, 5)),  # Sweden's, a Tuesday
        (None, "IL", date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 19)),
        (None, "IL", date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 17)),
    ],
)
def test_a_day_off_on_either_side_is_skipped(
    ours: str | None, theirs: str, day: date, forward: date, back: date
) -> None:
    workdays = workdays_of(ours, theirs)
    assert (workdays.forward(day), workdays.back(day)) == (forward, back)


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        (date(2026, 11, 18), 1, date(2026, 11, 19)),
        (date(2026, 11, 19), 1, date(2026, 11, 23)),  # Thursday, due on Monday
        (date(2026, 11, 22), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 4, date(2026, 11, 30)),
        (date(2026, 4, 1), 1, date(2026, 4, 7)),
        (date(2026, 4, 1), 2, date(2026, 4, 9)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
    ],
)
def test_only_days_that_both_sides_work_are_counted(day: date, n: int, result: date) -> None:
    assert workdays_of("IL", "FI").plus(day, n) == result


@settings(max_examples=60, deadline=None)
@given(DAYS, COUNTRIES, st.sampled_from(["FI", "IL", "SE", "AE", "NP"]))
def test_two_countries_work_together_when_each_of_them_works(
    day: date, ours: str | None, theirs: str
) -> None:
    both = Workdays(ours).is_working(day) and Workdays(theirs).is_working(day)
    assert workdays_of(ours, theirs).is_working(day) == both


@settings(max_examples=60, deadline=None)
@given(DAYS, COUNTRIES, st.integers(0, 12))
def test_plus_lands_on_a_working_day_with_n_of_them_on_the_way(
    day: date, country: str | None, n: int
) -> None:
    workdays = workdays_of(country)
    landed = workdays.plus(day, n)
    way = [day + timedelta(days=step) for step in range(1, (landed - day).days + 1)]
    assert workdays.is_working(landed)
    if n:
        assert sum(map(workdays.is_working, way)) == n
    else:
        assert landed == workdays.forward(day)


@pytest.mark.parametrize("day", [date(1954, 10, 3), date(2119, 1, 11)])
def test_the_first_and_last_day_that_can_be_written_have_neighbours(day: date) -> None:
    workdays = workdays_of("IL")
    assert workdays.back(day) <= day <= workdays.forward(day)


def test_the_working_days_of_a_country_are_made_once() -> None:
    assert workdays_of("FI") is workdays_of("FI")
    assert workdays_of("FI", "IL") is workdays_of("FI", "IL")


def test_a_partner_in_our_own_country_changes_nothing() -> None:
    assert workdays_of("FI", "FI") is workdays_of("FI", None) is workdays_of("FI")


def test_importing_loads_no_holidays() -> None:
    code = "import sys, sheets_sync.workdays; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
