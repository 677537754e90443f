"""Wishes of the first tier are granted before others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.goals import Goal
from models.report import Level
from models.vocabulary import WishTier
from solver.modelling.personal.wishing import WishRule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts


class FirstWishes(WishRule):
    """A wish marked 优先满足 is granted before fairness, travel and other wishes are looked at.

    Those that cannot be granted are on the waiver list. What a wish speaks of is as for other wishes.
    Formula: weight for each assignment matching an "avoid"; weight for each "prefer" that no
    assignment matches; of the wishes of the first tier.

    Source: INRC 2010 and hotlines: requests of different rank; two-way choice (双向选择), Lu'an and
    Fuyang (Anhui). That they come after coverage and before fairness is an assumption.
    """

    zh: ClassVar[str] = "优先满足的意愿"
    en: ClassVar[str] = "wishes granted first"
    tier: ClassVar[WishTier] = WishTier.FIRST

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.WAIVABLE

    def applies_to(self, facts: Facts) -> bool:
        """Whether there is such a wish."""
        return bool(self.wishes_of(facts))
