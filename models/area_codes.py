"""What the official codes of areas tell: which area lies in which.

Source: GB/T 2260-2007 (province, city, county: two digits each) and GB/T 10114-2003 (township:
three more); villages have three more again. Zeros at the end stand for a whole level.
"""

from __future__ import annotations

_LEVELS = (2, 4, 6, 9, 12)
"""Digits that name a province, city, county, township and village."""


def is_within(area: str, other: str) -> bool:
    """Tell whether ``area`` is ``other`` or lies in it by its code; codes of one's own tell nothing."""
    stem = _stem(other)
    return area == other or bool(stem and _stem(area).startswith(stem))


def county_code(area: str) -> str:
    """Return the six digits of the county in which an area lies, none above counties or for no official code."""
    stem = _stem(area)
    return stem[:6] if len(stem) >= 6 else ""


def _stem(code: str) -> str:
    """Return the digits that name the area (``3205`` of ``320500``), none for no official code."""
    if len(code) not in _LEVELS[2:] or not (code.isascii() and code.isdigit()):
        return ""
    return next((code[:n] for n in _LEVELS if not code[n:].strip("0")), code)
