"""What counts as the same: the one rule of plan and patcher."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.equality import date_of, same, serial_of
from sheets_sync.model import Cell, Value

MIDNIGHT = datetime(2026, 11, 21)  # noqa: DTZ001 - cells have no time zone
MORNING = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - as above
DAY = date(2026, 11, 21)
SERIAL = 46347

SAME: list[tuple[Value, Cell]] = [
    (None, None),
    (None, ""),
    ("", None),
    ("", ""),
    ("Overdue", "Overdue"),
    ("two\nlines", "two\r\nlines"),
    ("two\rlines", "two\nlines"),
    (3, 3.0),
    (3.0, 3),
    (0, 0),
    (True, True),
    (False, False),
    (DAY, DAY),
    (DAY, MIDNIGHT),
    (DAY, SERIAL),
    (DAY, float(SERIAL)),
    (DAY, "2026-11-21"),
    ("2026-11-21", DAY),
    ("2026-11-21", MIDNIGHT),
    ("2026-11-21", SERIAL),
    (SERIAL, DAY),
    (SERIAL, MIDNIGHT),
    (59, date(1900, 2, 28)),
    (60, date(1900, 2, 28)),
    (61, date(1900, 3, 1)),
    ("#REF!", "#REF!"),
]

DIFFERENT: list[tuple[Value, Cell]] = [
    (None, 0),
    (None, False),
    (None, " "),
    (None, DAY),
    ("", 0),
    (0, None),
    (0, ""),
    (False, None),
    ("Overdue", None),
    ("Overdue", "overdue"),
    ("Overdue", "Overdue "),
    ("3", 3),
    (3, "3"),
    (1, True),
    (True, 1),
    (0, False),
    (False, 0),
    (True, "TRUE"),
    ("TRUE", True),
    (True, False),
    (DAY, date(2026, 11, 22)),
    (DAY, MORNING),
    (DAY, SERIAL + 1),
    (DAY, SERIAL + 0.5),
    (DAY, "21.11.2026"),
    (DAY, True),
    (SERIAL, MORNING),
    ("21 Nov 2026", DAY),
    (DAY, None),
    (61, date(1900, 2, 28)),
    (58, date(1900, 2, 28)),
    (60, date(1900, 3, 1)),
    (DAY, float("inf")),
    (DAY, 1e300),
    (DAY, float("nan")),
]


@pytest.mark.parametrize(("wanted", "found"), SAME)
def test_a_cell_says_so_already(wanted: Value, found: Cell) -> None:
    assert same(wanted, found)


@pytest.mark.parametrize(("wanted", "found"), DIFFERENT)
def test_a_cell_says_something_else(wanted: Value, found: Cell) -> None:
    assert not same(wanted, found)


@pytest.mark.parametrize("wanted", [DAY, "2026-11-21"])
def test_a_number_is_no_date_where_it_is_not_shown_as_one(wanted: Value) -> None:
    assert not same(wanted, SERIAL, date_format=False)


def test_the_date_system_tells_what_day_a_number_is() -> None:
    assert same(DAY, SERIAL - 1462, date_system=1904)
    assert not same(DAY, SERIAL, date_system=1904)
    assert same(SERIAL - 1462, DAY, date_system=1904)


@pytest.mark.parametrize(
    ("day", "serial"),
    [
        (date(1900, 1, 1), 1),
        (date(1900, 2, 28), 59),
        (date(1900, 3, 1), 61),
        (DAY, SERIAL),
        (date(9999, 12, 31), 2958465),
    ],
)
def test_serials_count_the_leap_day_of_1900_that_never_was(day: date, serial: int) -> None:
    assert (serial_of(day), date_of(serial)) == (serial, day)


def test_the_leap_day_of_1900_is_no_date() -> None:
    assert date_of(60) is None


@given(st.dates(min_value=date(1904, 1, 1)), st.sampled_from([1900, 1904]))
def test_a_day_and_its_serial_are_each_other_s(day: date, system: int) -> None:
    assert date_of(serial_of(day, system), system) == day
    assert same(day, serial_of(day, system), date_system=system)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.dates()))
def test_every_value_is_the_same_as_itself(value: Value) -> None:
    assert same(value, value)
