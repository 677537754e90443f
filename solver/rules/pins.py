"""Fixed assignments stay."""

from __future__ import annotations

from typing import ClassVar

from models.goals import Goal
from models.report import Level
from models.vocabulary import Strength
from solver.modelling.pinning import PinRule


class Pins(PinRule):
    """Every pin "fixed" is in the plan: published, past or agreed assignments are frozen.

    Where such a pin names nobody, nobody is added to those pinned: an empty slot stays empty.

    Formula: for each such pin of a person, [its assignment is not taken]; and for each duty, standby
    or visit that is not pinned, [a pin that names nobody speaks of it].

    Source: S1 金水区 2018 四(一); published slots frozen (domain notes, monthly realities).
    """

    zh: ClassVar[str] = "固定安排"
    en: ClassVar[str] = "pins"
    strength: ClassVar[Strength] = Strength.FIXED

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
