"""One call of the interface, taken apart: what the methods get beside the spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.google.schema import Json, Mask, Method


class Manner(NamedTuple):
    """What nobody has seen Google do yet, to be tried either way.

    ``guards_untouched``: a null in a protected cell is refused like a value.
    ``answers_narrowly``: the values answered after a write are those of the written cells only.
    ``answers_in_rows``: they come row by row, however they were sent.
    """

    guards_untouched: bool = False
    answers_narrowly: bool = False
    answers_in_rows: bool = False


PLAIN = Manner()


class Asking(NamedTuple):
    """A call: ``range`` is that of the path, ``account`` the address of who asks."""

    method: Method
    range: str
    query: Mapping[str, list[str]]
    body: Json
    mask: Mask
    account: str
    manner: Manner = PLAIN

    @property
    def options(self) -> Mapping[str, str]:
        """The query's parameters that are given once."""
        return {name: values[0] for name, values in self.query.items()}
