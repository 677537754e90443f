"""Wishes are heard."""

from __future__ import annotations

from typing import ClassVar

from models.goals import Goal
from models.report import Level
from models.vocabulary import WishTier
from solver.modelling.personal.wishing import WishRule


class Wishes(WishRule):
    """What people prefer happens, what they prefer not does not, by the weight they gave.

    A wish for a village without a date speaks of the seat, one with a date or part of the visit;
    a wish for a site or post speaks of duties there, any other of duties and visits.
    Formula: weight for each assignment matching an "avoid"; weight for each "prefer" that no
    assignment matches; of the wishes of the usual tier.

    Source: two-way choice (双向选择), Lu'an and Fuyang (Anhui); domain notes: "prefer not" as a cost.
    """

    zh: ClassVar[str] = "个人意愿"
    en: ClassVar[str] = "wishes"
    tier: ClassVar[WishTier] = WishTier.USUAL

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE
