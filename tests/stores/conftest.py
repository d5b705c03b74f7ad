"""A Google Sheets of the tests' own, started once for a file of tests and put right for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.google.place import Place, make_place


@pytest.fixture(scope="module")
def google_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server on loopback, with an account and its key file."""
    with make_place(tmp_path_factory.mktemp("google")) as place:
        yield place


@pytest.fixture
def google(google_server: Place) -> Place:
    """The server as it usually is, nothing counted yet."""
    google_server.reset()
    return google_server
