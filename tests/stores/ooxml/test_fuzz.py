"""Damaged workbooks: a few of those that ``tests/fuzz_ooxml.py`` tries by the thousand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz_ooxml import attempt, seeds
from tests.stores.ooxml.mutating import mutated

BOOKS = seeds()


@given(st.integers(min_value=0, max_value=10**6))
def test_nothing_but_refused_comes_of_a_damaged_workbook(seed: int) -> None:
    assert attempt(mutated(BOOKS[seed % len(BOOKS)], seed))


@pytest.mark.parametrize("seed", [668])
def test_what_was_found_once_stays_mended(seed: int) -> None:
    assert attempt(mutated(BOOKS[seed % len(BOOKS)], seed))


@pytest.mark.parametrize("book", BOOKS, ids=range(len(BOOKS)))
def test_the_workbooks_to_be_damaged_are_sound(book: bytes) -> None:
    assert attempt(book) in {"patched", "patched in part"}
