"""Profiles of the property tests, chosen by HYPOTHESIS_PROFILE (default: ci)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

# A run in ci repeats itself and does not shrink, which takes minutes here; a deep run draws
# anew each time and shows the smallest counterexample.
settings.register_profile(
    "ci",
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deep", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
