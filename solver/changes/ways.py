"""Ways to fill a slot: who could come, who could come if another took his duty, which rule to relax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.report import Level, Reason
from solver.changes.candidates import Candidate, Ranking, Reassignment, judge, rank, rank_slot
from solver.changes.neighbourhood import duty_key
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule

TRIED = 5
"""People whose own duty of the day is offered to others, and rules that are left out in turn."""


@dataclass(frozen=True)
class HandOver:
    """Somebody comes from another slot of the day, which ``successor`` takes over."""

    person: str
    slot: str
    successor: Candidate


@dataclass(frozen=True)
class Relaxation:
    """What a rule keeps away: how many more could come without it, the best of them, its numbers."""

    rule: Rule
    people: int
    best: Candidate
    numbers: dict[str, int]


def hand_overs(
    plan: Reading, rules: Sequence[Rule], slot: str, refused: Sequence[Reason]
) -> list[HandOver]:
    """Return who could come from another slot of the same day, and who would take that over."""
    facts = plan.facts
    day = facts.slots[facts.slot_idx[slot]].date
    people = dict.fromkeys(person for reason in refused for person in reason.people)
    busy = [
        (person, sitting.slot.id)
        for person in people
        for sitting in plan.turns_of(person)
        if sitting.slot.date == day and sitting.slot.id != slot
    ][:TRIED]
    moves = [
        Reassignment(
            (duty_key(facts, other, person, False),), (duty_key(facts, slot, person, False),)
        )
        for person, other in busy
    ]
    judged = judge(plan, rules, moves) if moves else None
    found = []
    for n, (person, other) in enumerate(busy):
        if judged is None or judged.refused[n] is not None:
            continue
        others = rank_slot(plan, rules, other, person).candidates
        successor = next((one for one in others if one.person != person), None)
        if successor is not None:
            found.append(HandOver(person, other, successor))
    return found


def relaxations(
    plan: Reading, rules: Sequence[Rule], kind: str, target: str, ranking: Ranking
) -> list[Relaxation]:
    """Return the hard rules with a number without which somebody more could come.

    What each gives is counted with that rule left out alone, every other one kept.
    """
    by_code = {rule.code: rule for rule in rules}
    known = {one.person for one in ranking.candidates}
    found = []
    for reason in ranking.refused[:TRIED]:
        rule = by_code.get(reason.code)
        numbers = _numbers(rule) if rule is not None else {}
        if rule is None or rule.level is not Level.HARD or not numbers:
            continue
        others = [other for other in rules if other is not rule]
        without = rank(plan, others, kind, target, ranking.replaced).candidates
        new = [one for one in without if one.person not in known]
        if new:
            found.append(Relaxation(rule, len(new), new[0], numbers))
    return found


def _numbers(rule: Rule) -> dict[str, int]:
    """Return the whole numbers of a rule by field, beside its weight."""
    fields = rule.model_dump(exclude={"level", "goal", "weight"})
    return {name: value for name, value in fields.items() if type(value) is int}
