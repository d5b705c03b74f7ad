"""A Google Sheets of the tests' own, started once for a file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.google.place import Place, make_place


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server on loopback, with an account and its key file."""
    with make_place(tmp_path_factory.mktemp("google")) as place:
        yield place
