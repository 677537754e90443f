"""Official area codes: which area lies within which.

Source: GB/T 2260-2007 (province, city, county: two digits each) and GB/T 10114-2003 (township:
three more); villages have another three. Trailing zeros stand for a whole level.
"""

from __future__ import annotations

_LEVELS = (2, 4, 6, 9, 12)
"""Digits that name a province, city, county, township and village."""


def is_within(area: str, other: str) -> bool:
    """Whether ``area`` is ``other`` or lies in it, by its code; unofficial codes give no answer."""
    stem = _stem(other)
    return area == other or bool(stem and _stem(area).startswith(stem))


def is_official(code: str) -> bool:
    """Whether a code has the form of an official one, and so tells what it lies in."""
    return bool(_stem(code))


def county_code(area: str) -> str:
    """Return the six-digit code of an area's county; none above counties or if unofficial."""
    stem = _stem(area)
    return stem[:6] if len(stem) >= 6 else ""


def _stem(code: str) -> str:
    """Return the significant digits (``3205`` of ``320500``), none if the code is not official."""
    if len(code) not in _LEVELS[2:] or not (code.isascii() and code.isdigit()):
        return ""
    return next((code[:n] for n in _LEVELS if not code[n:].strip("0")), code)
