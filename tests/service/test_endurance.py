"""Sync after sync, memory and file descriptors stay as they are; endurance.py is the long run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.endurance import KILOBYTES_OF_NOISE, endure, growth


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.usefixtures("quick_disk")
def test_a_hundred_syncs_hold_no_more_than_fifty(tmp_path: Path) -> None:
    quarters = endure(tmp_path, 100)
    grown = growth(quarters.samples)
    print(quarters.samples[-1], grown)
    assert quarters.done == 100
    assert quarters.mails == 1
    assert grown.descriptors <= 0
    assert grown.threads <= 0
    assert grown.kilobytes < KILOBYTES_OF_NOISE
