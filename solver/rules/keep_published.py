"""Published assignments change as little as possible."""

from __future__ import annotations

from typing import ClassVar

from models.goals import Goal
from models.report import Level
from models.vocabulary import Strength
from solver.modelling.pinning import PinRule


class KeepPublished(PinRule):
    """Every pin "keep" stays where possible; each one dropped, or added where one names nobody, counts 1.

    Formula: for each such pin of a person, [its assignment is not taken]; and for each duty, standby
    or visit that is not pinned, [a pin that names nobody speaks of it].

    Source: domain notes: a published roster must not churn; minimise changes and show a difference sheet.
    """

    zh: ClassVar[str] = "少改已公布安排"
    en: ClassVar[str] = "keep what is published"
    strength: ClassVar[Strength] = Strength.KEEP

    level: Level = Level.SOFT
    goal: Goal = Goal.STABILITY
