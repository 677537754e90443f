"""One number per goal, for contenders that know no ladder."""

from __future__ import annotations

from models.goals import LADDER, Goal

STEP = 10
"""A unit of a goal weighs this many units of the goal after it, as a practitioner would choose:
the ladder's own order without numbers that overflow (the first of seven weighs 1,000,000)."""

WEIGHTS: dict[Goal, int] = {goal: STEP ** (len(LADDER) - 1 - n) for n, goal in enumerate(LADDER)}
"""Weight of a unit of each goal."""
