"""The rules: found by module, code = module name. Adding a file adds a rule."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from solver.modelling.choices import WHERE_ASKED
from solver.modelling.demand import DemandRule
from solver.modelling.rule import Rule


@cache
def rule_types() -> dict[str, type[Rule]]:
    """Return every rule class by code, in alphabetical order of code."""
    found: dict[str, type[Rule]] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        classes = [c for c in vars(loaded).values() if _is_rule(c, loaded.__name__)]
        (found[module.name],) = classes
    return found


def _is_rule(candidate: object, module: str) -> bool:
    return (
        isinstance(candidate, type)
        and issubclass(candidate, Rule)
        and candidate.__module__ == module
    )


def enabled(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules whose weight is not 0, less those about something that no rule asks for."""
    weighed = [rule for rule in rules if rule.weight]
    asked = {block for rule in weighed if isinstance(rule, DemandRule) for block in rule.blocks}
    left_out = WHERE_ASKED - asked
    return tuple(rule for rule in weighed if rule.blocks - left_out)
