"""No turn follows another that must not."""

from __future__ import annotations

from typing import ClassVar

from models.goals import Goal
from models.report import Level
from models.vocabulary import Ban
from solver.modelling.personal.succession import SuccessionRule


class ForbiddenSuccession(SuccessionRule):
    """Nobody has a turn that a row of 班次接续 marked 禁止 forbids on the day after another.

    A turn is known by its part of the day, its post or both, and counts on the day it is dated. The
    last day before the month and the first after it count as they are settled; of a turn there
    the post is known only where a pin names it. Standing by is not a turn.

    Formula: for each such row and person, weight × the pairs of days, one at least in the month, of which
    the first has a turn of the one kind and the second one of the other.

    Source: INRC 2010 ("unwanted patterns") and NSPLib (forbidden successions, such as a late and then an
    early shift); 12348 hotlines with shifts.
    """

    zh: ClassVar[str] = "禁止的班次接续"
    en: ClassVar[str] = "forbidden succession of turns"
    ban: ClassVar[Ban] = Ban.FORBIDDEN

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
