"""Demands that an absence leaves unmet, with the reasons of everyone who might take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from models.report import Reason, Unmet, UnmetKind
from models.roster import Roster
from solver.changes.candidates import Ranking, Reassignment, judge, rank_site, rank_slot, reasons
from solver.modelling.choices import Block
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.modelling.stages import Key


@dataclass(frozen=True)
class Emptied:
    """A repaired plan beside the one it was made from.

    ``freed`` are the choices that the absence, or others for its sake, gave up; ``open_halves``
    the half days of visits to come; ``first_half`` the first half day of duties to come.
    """

    before: Roster
    plan: Reading
    rules: tuple[Rule, ...]
    freed: tuple[Key, ...]
    open_halves: frozenset[int]
    first_half: int

    def choices(self) -> list[Key]:
        """Return the freed choices whose demand nobody has taken, each as often as it is empty."""
        found: list[Key] = []
        told: Counter[tuple[Block, int, bool]] = Counter()
        for key in self.freed:
            block, _, demand, _, standby, _ = key
            told[block, demand, standby] += 1
            if told[block, demand, standby] <= self._missing(key):
                found.append(key)
        return found

    def is_past(self, key: Key) -> bool:
        """Say whether a duty lies before the days that can still change."""
        return key[0] is Block.DUTIES and key[3] < self.first_half

    def _missing(self, key: Key) -> int:
        """Return how many times less the demand of a choice is served than it was, and than it asks."""
        block, _, demand, _, standby, _ = key
        facts, plan = self.plan.facts, self.plan
        if block is Block.VISITS:
            village = facts.villages[demand]
            was = sum(visit.village == village.id for visit in self.before.visits)
            due = max(rule.visits_due(facts, village) for rule in self.rules)
            return min(was, due) - len(plan.visits_to[village.id])
        if block is Block.MEDIATORS:
            site = facts.sites[demand]
            was = sum(seat.site == site.id for seat in self.before.mediators)
            wanted = max(rule.mediators_due(site) for rule in self.rules)
            return min(was, wanted) - len(plan.mediators[site.id])
        slot = facts.slots[demand]
        holders = (plan.standbys if standby else plan.holders)[slot.id]
        return (slot.post.standby if standby else slot.head_count) - len(holders)


def left_empty(emptied: Emptied) -> Iterator[Unmet]:
    """Yield what stays empty, with the reasons of everyone who might have taken it."""
    for key in emptied.choices():
        if key[0] is Block.VISITS:
            yield _visit(emptied, key)
        elif key[0] is Block.MEDIATORS:
            yield _seat(emptied, key)
        else:
            yield _duty(emptied, key)


def _visit(emptied: Emptied, key: Key) -> Unmet:
    facts = emptied.plan.facts
    village, name = facts.villages[key[2]], facts.people[key[1]].name
    return Unmet(
        kind=UnmetKind.VISIT,
        target=village.id,
        zh=f"{village.name}的走访没有其他半天可以改（{name}）",
        en=f"{village.name}: no other half day for the visit",
        reasons=_why_no_visit(emptied, key),
    )


def _seat(emptied: Emptied, key: Key) -> Unmet:
    site = emptied.plan.facts.sites[key[2]]
    return Unmet(
        kind=UnmetKind.MEDIATOR,
        target=site.id,
        zh=f"{site.name}的专职调解员无人顶替",
        en=f"{site.name}: nobody for the mediator's seat",
        reasons=_said_of(rank_site(emptied.plan, emptied.rules, site.id)),
    )


def _duty(emptied: Emptied, key: Key) -> Unmet:
    slot, standby = emptied.plan.facts.slots[key[2]], key[4]
    kind = UnmetKind.STANDBY if standby else UnmetKind.DUTY
    what = f"{slot.site.name} {slot.post.name}"
    told: tuple[Reason, ...] = _PAST
    if not emptied.is_past(key):
        told = _said_of(rank_slot(emptied.plan, emptied.rules, slot.id, standby=standby))
    return Unmet(
        kind=kind,
        target=slot.post.id,
        date=slot.date,
        part=slot.part,
        zh=f"{slot.date} {slot.part.label} {what}缺 1 人{kind.label}",
        en=f"{slot.date} {slot.part.value} {what}: 1 {kind.value} missing",
        reasons=told,
    )


def _said_of(ranking: Ranking) -> tuple[Reason, ...]:
    """Return why some were refused, and how many were spared for the sake of another demand."""
    spared = tuple(candidate.person for candidate in ranking.candidates)
    if not spared:
        return ranking.refused
    zh, en = (
        f"{len(spared)} 人可用，但须从其他需求抽调",
        f"{len(spared)} could, but are needed elsewhere",
    )
    return (*ranking.refused, Reason(code="spared", count=len(spared), zh=zh, en=en, people=spared))


def _why_no_visit(emptied: Emptied, key: Key) -> tuple[Reason, ...]:
    """Count the adviser's half days by what holds them back."""
    block, person, demand, *_ = key
    keys = [(block, person, demand, half, False, 0) for half in sorted(emptied.open_halves)]
    refused = judge(emptied.plan, emptied.rules, [Reassignment((), (key,)) for key in keys]).refused
    name = emptied.plan.facts.people[person].id
    return reasons([(name, rule) for rule in refused if rule is not None], "个半天", "half days")


_PAST = (Reason(code="past", count=0, zh="已成过去，不再安排", en="it is past"),)
