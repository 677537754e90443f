"""Numbers of any rule, drawn from the bounds and defaults its fields declare."""

from __future__ import annotations

from enum import EnumMeta
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from solver.modelling.rule import Rule

EDGE_MINUTES = (0, 1, 2, 3, 29, 30, 31, 59, 60, 61, 119, 120, 121)
"""One-way minutes at, below and above the numbers that rules draw or have by default."""
PACES = ((), (10, 50, 40, 0), (25, 25, 25, 25))
"""Percentages by quarter, the only rows of numbers that a rule takes."""
OWN = ("level", "goal", "weight")


def rules_of(rule_type: type[Rule]) -> st.SearchStrategy[Rule]:
    """Draw the rule with its own numbers: default, default ± 1, small ones."""
    numbers = {
        name: _values(field)
        for name, field in rule_type.model_fields.items()
        if name not in OWN and field.annotation is not None
    }
    drawn = st.fixed_dictionaries({"weight": st.integers(1, 3)}, optional=numbers)
    return drawn.map(rule_type.model_validate)


def _values(field: FieldInfo) -> st.SearchStrategy[Any]:
    if field.annotation is bool:
        return st.booleans()
    if get_origin(field.annotation) is tuple:
        (kind, _) = get_args(field.annotation)
        if not isinstance(kind, EnumMeta):
            return st.sampled_from(PACES)
        return st.lists(st.sampled_from(list(kind)), unique=True)
    if field.default is None:
        return st.sampled_from([None, 0, 1, 2, 3])
    near = {field.default + step for step in (-1, 0, 1)} | {0, 1, 2, 3}
    return st.sampled_from(sorted(value for value in near if _within(field, value)))


def _within(field: FieldInfo, value: float) -> bool:
    lowest = (getattr(bound, "ge", value) for bound in field.metadata)
    above = (getattr(bound, "gt", value - 1) for bound in field.metadata)
    highest = (getattr(bound, "le", value) for bound in field.metadata)
    return max(lowest, default=value) <= value <= min(highest, default=value) and value > max(
        above, default=value - 1
    )
