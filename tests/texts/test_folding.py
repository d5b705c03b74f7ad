"""Names are compared folded, however they are written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sheets_sync.texts.cleaning import INVISIBLE, fold, fold_all

WRITTEN = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(INVISIBLE + "\u0301\u00a0.-״׳ "),
    max_size=12,
)


def folded_by_definition(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(char for char in plain if char not in INVISIBLE).casefold()
    plain = unicodedata.normalize("NFKC", plain)
    return " ".join(
        "".join(" " if unicodedata.category(char)[0] == "P" else char for char in plain).split()
    )


@settings(max_examples=300, deadline=None)
@given(WRITTEN)
@example("\x1c\x85 İ ß ﬁ")
def test_folding_is_what_it_is_defined_to_be(text: str) -> None:
    assert fold(text) == folded_by_definition(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(WRITTEN | st.none(), max_size=4))
def test_folding_many_is_folding_each(texts: list[str | None]) -> None:
    assert fold_all(texts) == [None if text is None else fold(text) for text in texts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E-mail", "e mail"),
        ("Tapaaminen (pvm)", "tapaaminen pvm"),
        ("צ׳אט", "צ'אט"),
        ("דוא״ל", 'דוא"ל'),
        ("\u200eOwner\u200f", "OWNER"),
        ("Vastuu\nhenkilö", "vastuu henkilo\u0308"),
        ("Ｐａｒｔｎｅｒ\u00a0", "partner"),
        ("STRASSE", "straße"),
    ],
)
def test_names_that_people_take_for_the_same_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("a b", "ab"), ("1+1", "11"), ("ä", "a"), ("€5", "5")])
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)
