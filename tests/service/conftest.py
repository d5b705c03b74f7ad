"""What tests of the service share: a disk that answers at once."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days that pass in a second must not wait for a disk at each sync."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
