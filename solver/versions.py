"""Versions of what makes a plan; the same input, seed and versions give the same roster."""

from __future__ import annotations

import platform
from importlib import metadata

REPORTED = ("zhiban", "ortools", "scipy", "numpy", "pydantic")


def versions() -> dict[str, str]:
    """Return the versions of Python, zhiban and the libraries that decide."""
    found = {name: metadata.version(name) for name in REPORTED}
    return {"python": platform.python_version(), **found}
