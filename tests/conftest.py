"""Profiles of the property tests, chosen by HYPOTHESIS_PROFILE (default: ci)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A run repeats itself in ci; a deep run draws anew each time.
settings.register_profile(
    "ci",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deep", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
