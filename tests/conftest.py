"""How thorough the property tests are: ``HYPOTHESIS_PROFILE`` is ci, dev (the default) or long."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "ci", derandomize=True, max_examples=300, deadline=None, suppress_health_check=SLOW
)
settings.register_profile("dev", max_examples=40, deadline=None, suppress_health_check=SLOW)
settings.register_profile("long", max_examples=20000, deadline=None, suppress_health_check=SLOW)
usual = "ci" if os.environ.get("CI") else "dev"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or usual)
