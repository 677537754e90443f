"""One side of a comparison: an answer, its input, and how its goals are measured.

Goals of two sides are compared only where both were measured alike: the same rules on the rung, the
same work asked for, the same advisers to keep. Slower ways or fewer people are not another measure
but what is compared.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

from models.goals import LADDER, Goal, GoalResult
from models.instance import Instance
from models.report import Level, Report
from models.roster import Roster
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.rule import Rule
from solver.profiles import load_rules

BLOCKS = {
    "seats": frozenset({Block.ADVISERS, Block.MEDIATORS, Block.STATIONS}),
    "month": frozenset({Block.DUTIES, Block.VISITS}),
}
"""What each stage decides, in the order of the stages."""

WORK: dict[str, tuple[str, ...]] = {
    "seats": ("villages", "mediator_seats"),
    "month": ("villages", "duty_seats", "standby_seats", "visits", "lectures"),
}
"""What each stage is asked for."""

OF_ADVISERS = (Goal.OVERLOAD, Goal.STABILITY, Goal.FAIRNESS)
"""Goals that speak of villages alone where seats are planned: mediators do not count in them."""

Key = tuple[str, Goal]
"""Stage and goal."""


@dataclass(frozen=True)
class Side:
    """One answer."""

    instance: Instance
    roster: Roster
    report: Report

    @cached_property
    def facts(self) -> Facts:
        """The month, indexed."""
        return Facts(self.instance, self.report.month)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The enabled rules by code."""
        rules = load_rules(self.instance.settings.profile, self.instance.rules)
        return {rule.code: rule for rule in rules}

    @cached_property
    def goals(self) -> dict[Key, GoalResult]:
        """The goals of rules by stage and goal."""
        found = {(goal.stage, goal.name): goal for goal in self.report.goals}
        keys = [(stage, goal) for stage in BLOCKS for goal in LADDER]
        return {(s, g): found[s, g.value] for s, g in keys if (s, g.value) in found}

    @cached_property
    def asked(self) -> dict[str, int]:
        """The amounts of demand."""
        facts = self.facts
        rules = tuple(self.rules.values())
        lectures = frozenset[str]().union(*(rule.lectures_due(facts) for rule in rules))
        return {
            "villages": len(facts.villages),
            "priority_villages": sum(village.priority > 0 for village in facts.villages),
            "duty_seats": sum(slot.head_count for slot in facts.slots),
            "standby_seats": sum(slot.post.standby for slot in facts.slots),
            "mediator_seats": sum(max(r.mediators_due(s) for r in rules) for s in facts.sites),
            "visits": sum(max(r.visits_due(facts, v) for r in rules) for v in facts.villages),
            "lectures": len(lectures),
        }

    @cached_property
    def measures(self) -> dict[Key, Hashable]:
        """The yardstick of each goal; equal where two sides may be compared."""
        return {(stage, goal): self._measure(stage, goal) for stage in BLOCKS for goal in LADDER}

    def _measure(self, stage: str, goal: Goal) -> Hashable:
        rules = tuple(
            rule
            for _, rule in sorted(self.rules.items())
            # a hard rule bounds the plan and charges nothing
            if rule.level is not Level.HARD and rule.rung is goal and rule.blocks & BLOCKS[stage]
        )
        return self._work(stage, goal), rules, self._own(goal)

    def _work(self, stage: str, goal: Goal) -> tuple[int, ...]:
        """Return the demand behind a goal; priority villages are counted one by one."""
        names = WORK[stage]
        if goal is Goal.PRIORITY:
            names = ()
        elif stage == "seats" and goal in OF_ADVISERS:
            names = ("villages",)
        return tuple(self.asked.get(name, 0) for name in names)

    def _own(self, goal: Goal) -> Hashable:
        """Return what the rules of a goal compare the plan with, where that is no number of theirs."""
        instance = self.instance
        if goal is Goal.PRIORITY:
            return tuple((v.id, v.priority) for v in instance.villages if v.priority)
        if goal is Goal.OVERLOAD:
            people = (p for p in instance.people if p.villages_max is not None)
            return tuple((p.id, p.villages_max) for p in people)
        if goal is Goal.STABILITY:
            first, known = self.facts.days[0], instance.person_by_id
            kept = (v for v in instance.villages if v.adviser in known)
            present = tuple(
                (v.id, v.adviser)
                for v in kept
                if v.id not in self.facts.leaving
                and self.facts.is_active(known[v.adviser or ""], first)
            )
            return present, instance.pins
        return instance.wishes if goal is Goal.PREFERENCE else ()
