"""Cells are read by their column's kind, and never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_sync.columns import PEOPLE, Kind
from sheets_sync.model import LANGUAGES, Cell, Language
from sheets_sync.reading import (
    ERROR_VALUES,
    FIRST_DAY,
    LAST_DAY,
    Customs,
    Read,
    as_shown,
    choice_names,
    is_error,
    read_column,
)
from sheets_sync.texts import label

UNREADABLE = "unreadable"


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A date-time as a workbook holds it: without a zone."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - workbooks know no zones


DAY = date(2026, 11, 21)
CUSTOMS = Customs(country="FI")


def read(key: str, cell: Cell, customs: Customs = CUSTOMS) -> Read:
    """What one cell of a column is read as; UNREADABLE where it cannot be."""
    values, unreadable = read_column(PEOPLE[key], [cell], customs)
    if unreadable:
        assert values == [None]
        return UNREADABLE
    return values[0]


BLANK: Sequence[Cell] = [None, "", "  ", "\u00a0", "\u200b\u200e", "\n\t", "\ufeff"]


@pytest.mark.parametrize("key", [key for key in PEOPLE if key != "notes"])
@pytest.mark.parametrize("cell", BLANK)
def test_nothing_to_be_seen_is_blank_in_every_column(key: str, cell: Cell) -> None:
    assert read(key, cell) is None


@pytest.mark.parametrize("key", [key for key in PEOPLE if key not in ("notes", "photo_approved")])
def test_a_box_nobody_ticked_is_blank_in_every_other_column(key: str) -> None:
    assert read(key, cell=False) is None


@pytest.mark.parametrize("key", [k for k, spec in PEOPLE.items() if spec.kind is not Kind.IGNORED])
@pytest.mark.parametrize("error", sorted(ERROR_VALUES))
def test_an_error_value_is_unreadable_where_a_value_is_needed_and_blank_elsewhere(
    key: str, error: str
) -> None:
    strict = PEOPLE[key].kind in {Kind.DATE, Kind.CHOICE, Kind.NUMBER, Kind.YES_NO}
    assert read(key, f" {error}") == (UNREADABLE if strict else None)
    assert is_error(error)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("\u200f Martha ry\u00a0", "Martha ry"), ("two\nlines", "two\nlines"), ("#1", "#1"),
        (7, "7"), (7.0, "7"), (0, "0"), (2.5, "2.5"), (1e14, "100000000000000"), (1e300, "1e+300"),
        (True, "TRUE"), ("FALSE", "FALSE"), (DAY, "46347"),
        (moment(2026, 11, 21, 12), "46347.5"), ("=1+1", "=1+1"),
    ],
)  # fmt: skip
def test_everything_is_text_in_a_text_column(cell: Cell, text: str) -> None:
    assert read("partner", cell) == text


@pytest.mark.parametrize(
    ("cell", "system", "text"),
    [
        (date(1900, 1, 1), 1900, "1"), (date(1900, 2, 28), 1900, "59"),
        (date(1900, 3, 1), 1900, "61"), (date(1904, 1, 2), 1904, "1"),
        (DAY, 1904, str(46347 - 1462)),
    ],
)  # fmt: skip
def test_a_day_is_its_serial_outside_date_columns(
    cell: Cell, system: Literal[1900, 1904], text: str
) -> None:
    assert read("theme", cell, Customs(date_system=system)) == text


def test_true_and_one_are_told_apart_in_one_column() -> None:
    cells: list[Cell] = [1, True, 1.0, False, "1", 0]
    assert read_column(PEOPLE["plan"], cells, CUSTOMS).values == ["1", "TRUE", "1", None, "1", "0"]
    assert tuple(read_column(PEOPLE["attempts"], cells, CUSTOMS)) == ([1, None, 1, None, 1, 0], {1})


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        (DAY, "en"), (moment(2026, 11, 21, 23, 59), "en"),
        (datetime(2026, 11, 21, tzinfo=UTC), "en"), (46347, "en"), (46347.0, "en"),
        (46347.99, "en"), ("2026-11-21", "en"), (" 2026-11-21\u200e", "he"), ("21.11.2026", "fi"),
        ("21.11.2026", "he"), ("21/11/2026", "he"),
    ],
)  # fmt: skip
def test_a_day_is_read_in_each_form(cell: Cell, language: Language) -> None:
    assert read("meeting", cell, Customs(language=language)) == DAY


@pytest.mark.parametrize("text", ["1.2.2026", "01.02.2026", "1.02.2026", "01.2.2026"])
def test_leading_zeros_may_be_there_or_not(text: str) -> None:
    assert read("meeting", text, Customs(language="fi")) == date(2026, 2, 1)
    slashed = text.replace(".", "/")
    assert read("meeting", slashed, Customs(language="he")) == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("21.11.2026", "en"), ("21/11/2026", "en"), ("21/11/2026", "fi"), ("11/21/2026", "he"),
        ("21.11.26", "fi"), ("2026-11-1", "en"), ("2026-02-30", "en"), ("30.2.2026", "fi"),
        ("21. 11. 2026", "fi"), ("21.11.2026 klo 9", "fi"), ("2026-11-21T09:00", "en"),
        ("20261121", "en"), ("46347", "en"), ("soon", "en"), ("٢٠٢٦-١١-٢١", "he"), (True, "en"),
        (19_999, "en"), (80_001, "en"), (-1, "en"), (2026, "en"), (float("nan"), "en"),
        (float("inf"), "en"), (0, "en"),
    ],
)  # fmt: skip
def test_anything_else_is_a_problem_never_a_guess(cell: Cell, language: Language) -> None:
    assert read("meeting", cell, Customs(language=language)) == UNREADABLE


@pytest.mark.parametrize(
    ("day", "right"),
    [
        (FIRST_DAY, True), (LAST_DAY, True), (FIRST_DAY - timedelta(days=1), False),
        (LAST_DAY + timedelta(days=1), False), (date(26, 11, 21), False),
    ],
)  # fmt: skip
def test_every_form_must_fall_in_the_days_allowed(day: date, *, right: bool) -> None:
    customs = Customs("fi", date_formats=("%Y/%m/%d",))
    forms: list[Cell] = [
        day, moment(day.year, day.month, day.day, 5), day.isoformat(),
        f"{day.day}.{day.month}.{day.year:04}", f"{day.year:04}/{day.month}/{day.day}",
    ]  # fmt: skip
    assert [read("event", form, customs) for form in forms] == [day if right else UNREADABLE] * 5


@pytest.mark.parametrize(("serial", "day"), [(20_000, FIRST_DAY), (80_000, LAST_DAY)])
def test_the_serials_allowed_are_the_days_allowed(serial: int, day: date) -> None:
    assert read("event", serial) == day


@pytest.mark.parametrize(
    ("serial", "read_as"),
    [(46347 - 1462, DAY), (20_000, date(1958, 10, 4)), (80_000, UNREADABLE), (19_999, UNREADABLE)],
)
def test_serials_count_in_the_workbook_s_own_system(serial: int, read_as: Read) -> None:
    assert read("event", serial, Customs(date_system=1904)) == read_as


@pytest.mark.parametrize(
    ("text", "formats", "read_as"),
    [
        ("21.11.26", ("%d.%m.%y",), DAY),
        ("21 Nov 2026", ("%d.%m.%y", "%d %b %Y"), DAY),
        ("21.11.26!", ("%d.%m.%y",), UNREADABLE),
        ("x21.11.26", ("%d.%m.%y",), UNREADABLE),
        ("5/6/2026", ("%d/%m/%Y", "%m/%d/%Y"), UNREADABLE),
        ("5/5/2026", ("%d/%m/%Y", "%m/%d/%Y"), date(2026, 5, 5)),
        ("25/6/2026", ("%d/%m/%Y", "%m/%d/%Y"), date(2026, 6, 25)),
        ("21.11.", ("%d.%m.",), UNREADABLE),
        ("x", ("%Q",), UNREADABLE),
    ],
)
def test_listed_forms_are_read_exactly_and_only_in_one_way(
    text: str, formats: tuple[str, ...], read_as: Read
) -> None:
    assert read("event", text, Customs(date_formats=formats)) == read_as


@settings(max_examples=80, deadline=None)
@given(st.dates(FIRST_DAY, LAST_DAY), st.sampled_from(LANGUAGES))
def test_a_day_reads_the_same_however_it_is_written(day: date, language: Language) -> None:
    serial = (day - date(1899, 12, 30)).days
    cells: list[Cell] = [day, moment(day.year, day.month, day.day, 7), serial, day.isoformat()]
    if language != "en":
        cells.append(f"{day.day}.{day.month}.{day.year}")
    reading = read_column(PEOPLE["event"], cells, Customs(language=language))
    assert set(reading.values) == {day}


@pytest.mark.parametrize("key", [k for k, s in PEOPLE.items() if s.kind is Kind.CHOICE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_is_read_in_any_language_and_by_its_key(key: str, language: Language) -> None:
    for choice in PEOPLE[key].choices:
        written = label(f"choice.{key}.{choice}", language)
        assert read(key, f" {written.upper()} ") == choice
        assert read(key, choice) == choice


@pytest.mark.parametrize(
    ("key", "cell", "choice"),
    [
        ("type", "organization", "organisation"), ("role", "Co organizer", "co_organiser"),
        ("channel", "e-mail", "email"), ("channel", 'דוא"ל', "email"), ("channel", "צ'אט", "chat"),
        ("stage", "In\u00a0talks", "in_talks"), ("stage", "\u200fבשיחות", "in_talks"),
        ("stage", "Sovitu", UNREADABLE), ("stage", 3, UNREADABLE), ("stage", DAY, UNREADABLE),
        ("values_fit", True, UNREADABLE), ("values_fit", "-", UNREADABLE),
    ],
)  # fmt: skip
def test_a_choice_is_read_folded(key: str, cell: Cell, choice: str) -> None:
    assert read(key, cell) == choice


def test_no_choice_has_two_meanings() -> None:
    for key, spec in PEOPLE.items():
        if spec.choices:
            assert set(choice_names(key).values()) == set(spec.choices)


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        (True, True), (False, False), ("TRUE", True), ("false", False), ("Kyllä", True),
        ("לא", False), ("Yes", True), ("no", False), ("maybe", UNREADABLE), (1, UNREADABLE),
    ],
)  # fmt: skip
def test_yes_and_no_are_boxes_words_and_true_and_false(cell: Cell, *, answer: Read) -> None:
    assert read("photo_approved", cell) == answer


@pytest.mark.parametrize(
    ("key", "cell", "number"),
    [
        ("attempts", 3, 3), ("attempts", 3.0, 3), ("attempts", "3", 3), ("attempts", " 03 ", 3),
        ("attempts", 0, 0), ("attempts", 1000, 1000), ("attempts", 1001, UNREADABLE),
        ("attempts", -1, UNREADABLE), ("attempts", "-1", UNREADABLE), ("attempts", 2.5, UNREADABLE),
        ("attempts", "3.0", UNREADABLE), ("attempts", "three", UNREADABLE),
        ("attempts", True, UNREADABLE), ("attempts", "٣", UNREADABLE),
        ("attempts", float("nan"), UNREADABLE), ("attempts", DAY, UNREADABLE),
        ("attempts", "9" * 5000, UNREADABLE), ("keep_in_touch", 0, UNREADABLE),
        ("keep_in_touch", 3650, 3650), ("keep_in_touch", 3651, UNREADABLE),
        ("keep_in_touch", date(1900, 1, 30), 30),
        ("keep_in_touch", moment(1900, 1, 30, 6), UNREADABLE),
    ],
)  # fmt: skip
def test_a_number_is_whole_and_in_range(key: str, cell: Cell, number: Read) -> None:
    result = read(key, cell)
    assert result == number
    assert type(result) is type(number)


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("email", "\u200eaino@example.org ", "aino@example.org"), ("email", "aino", UNREADABLE),
        ("email", 12, UNREADABLE), ("email", True, UNREADABLE), ("phone", 401234567, "401234567"),
        ("phone", 401234567.0, "401234567"), ("phone", "040 123 4567", "040 123 4567"),
        ("phone", 12, UNREADABLE), ("link", "example.org", "example.org"),
        ("link", 12.5, UNREADABLE),
    ],
)  # fmt: skip
def test_an_address_is_kept_as_it_is_written(key: str, cell: Cell, value: Read) -> None:
    assert read(key, cell) == value


def test_the_readable_cells_of_a_column_keep_their_places() -> None:
    cells: list[Cell] = ["x", DAY, None, "2026-11-21", "soon"]
    assert tuple(read_column(PEOPLE["event"], cells, CUSTOMS)) == (
        [None, DAY, None, DAY, None],
        {0, 4},
    )
    emails: list[Cell] = ["x", "a@example.org", None, "x"]
    assert tuple(read_column(PEOPLE["email"], emails, CUSTOMS)) == (
        [None, "a@example.org", None, None],
        {0, 3},
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, None), ("", None), (" x ", "x"), ("\u200e", None), (3, "3"), (3.0, "3"),
        (2.5, "2.5"), (True, "TRUE"), (False, "FALSE"), (DAY, "2026-11-21"),
        (moment(2026, 11, 21), "2026-11-21"),
        (moment(2026, 11, 21, 9, 30), "2026-11-21 09:30:00"),
        (datetime(2026, 11, 21, tzinfo=UTC), "2026-11-21"),
    ],
)  # fmt: skip
def test_what_stood_in_a_cell_is_shown_as_text(cell: Cell, shown: str | None) -> None:
    assert as_shown(cell) == shown
