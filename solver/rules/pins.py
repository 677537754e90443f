"""Fixed assignments stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from models.report import Breach, Level
from models.vocabulary import Strength
from solver.choices import Block
from solver.goals import Goal
from solver.pins import in_month, pinned
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.facts import Facts
    from solver.model import Model
    from solver.reading import Reading


class Pins(Rule):
    """Every pin "fixed" is in the plan: published, past or agreed assignments are frozen.

    Formula: for each such pin, [its assignment is not taken].

    Source: S1 金水区 2018 四(一); published slots frozen (domain notes, monthly realities).
    """

    zh: ClassVar[str] = "固定安排"
    en: ClassVar[str] = "pins"
    blocks: ClassVar[frozenset[Block]] = frozenset(Block)

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """Each pin's choice is taken."""
        pins = [pin for pin in model.facts.instance.pins if pin.strength is Strength.FIXED]
        for choices in model.choices_of(self.blocks):
            group, column, wanted = pinned(model.facts, choices, pins)
            model.at_least(self, group, column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look each pin up in the plan."""
        for pin in facts.instance.pins:
            if pin.strength is Strength.FIXED and in_month(facts, pin) and not plan.has(pin):
                when = f" {pin.date} {pin.part.label}" if pin.date and pin.part else ""
                zh = f"未保留{pin.kind.label} {pin.target}{when} {pin.person}"
                yield self.breach(
                    pin.target, 1, zh, f"{pin.kind.value} pin of {pin.person} is not kept"
                )
