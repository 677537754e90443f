"""The demands that a plan leaves unmet, as reported by the rules that ask for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from models.report import UnmetKind
from models.vocabulary import Part
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule

Asked = tuple[UnmetKind, str, dt.date | None, Part | None]
"""What is asked for, whichever rule asks: kind, target, date, part."""


def lacking(
    plan: Reading, rules: Iterable[Rule], blocks: Collection[Block]
) -> list[tuple[Lack, DemandRule]]:
    """Return every unmet demand of the blocks that were planned, by kind, with the rule that asks.

    What two rules ask for, such as the adviser of a priority village, is listed once.
    """
    found: dict[Asked, tuple[Lack, DemandRule]] = {}
    for rule in rules:
        if not isinstance(rule, DemandRule):
            continue
        for lack in rule.lacking(plan):
            unmet = lack.unmet
            asked = unmet.kind, unmet.target, unmet.date, unmet.part
            known = found.get(asked)
            if lack.block in blocks and (known is None or known[0].unmet.missing < unmet.missing):
                found[asked] = lack, rule
    kinds = list(UnmetKind)
    return sorted(found.values(), key=lambda entry: kinds.index(entry[0].unmet.kind))
