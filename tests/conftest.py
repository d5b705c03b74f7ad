"""How thorough the property tests are, and where commands are run.

``HYPOTHESIS_PROFILE`` is ci, dev (the default) or long.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "ci", derandomize=True, max_examples=300, deadline=None, suppress_health_check=SLOW
)
settings.register_profile("dev", max_examples=40, deadline=None, suppress_health_check=SLOW)
settings.register_profile("long", max_examples=20000, deadline=None, suppress_health_check=SLOW)
usual = "ci" if os.environ.get("CI") else "dev"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or usual)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run commands in: no settings, a state folder beside it, English, piped."""
    for name in [name for name in os.environ if name.startswith("SHEETS_SYNC_")]:
        monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("SHEETS_SYNC_STATE", str(tmp_path / "state"))
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
