"""The Changes: found by module, code = module name. Adding a file adds a Change."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache

from scenarios.changes.base import Change


@cache
def change_types() -> dict[str, type[Change]]:
    """Return every Change by code, in alphabetical order of code."""
    found: dict[str, type[Change]] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        classes = [c for c in vars(loaded).values() if _is_change(c, loaded.__name__)]
        if classes:  # none in the shared modules
            (found[module.name],) = classes
    return found


def _is_change(candidate: object, module: str) -> bool:
    if not isinstance(candidate, type) or candidate.__module__ != module:
        return False
    return issubclass(candidate, Change) and not inspect.isabstract(candidate)
