"""Which formats show day and month, and so may hold a date as a number."""

from __future__ import annotations

import pytest

from sheets_sync.stores.ooxml.styles import is_date


@pytest.mark.parametrize(
    "code",
    [
        "dd.mm.yyyy",
        "d/m",
        "yyyy-mm-dd",
        "[$-40B]d. mmmm yyyy;@",
        "mmm d",
        "dddd d.m.",
        "DD/MM/YYYY",
        "d-m-yyyy h:mm",
        '"Due "dd\\.mm\\.yy',
        "[Red]dd/mm/yy;General",
        "m/d/yy h:mm AM/PM",
    ],
)
def test_day_and_month_are_shown(code: str) -> None:
    assert is_date(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "General",
        "0.00",
        "@",
        "mmm yyyy",
        "dddd",
        "d",
        "h:mm",
        "mm:ss",
        "[h]:mm:ss",
        "d h:mm",
        "hh:mm:ss AM/PM",
        '0 "dm"',
        "0\\d\\m",
        "[Red]0;d/m",
        "[$dm-40B]0",
        "yyyy",
    ],
)
def test_day_and_month_are_not_both_shown(code: str) -> None:
    assert not is_date(code)
