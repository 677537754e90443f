"""Ranked candidates for a slot, a village or a mediator's seat, with the cost of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import Ints
from models.goals import LADDER, Goal
from models.issues import InputError
from models.messages import issue
from models.report import Level, Reason
from models.roster import AdviserSeat
from solver.answers.explain import SHOWN, cause
from solver.changes.neighbourhood import (
    Neighbourhood,
    duty_key,
    mediator_key,
    refusals,
    visit_choices,
    visit_key,
)
from solver.modelling.choices import Block
from solver.modelling.pinning import is_lifted
from solver.modelling.reading import Reading
from solver.modelling.rule import PairRule, Rule
from solver.modelling.stages import Key


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take the demand without breaking a hard rule.

    ``costs`` is by how much each goal gets worse (weight × amount; negative: better) against the
    plan as it is; ``waives`` names the rules in principle (原则上) that would be broken more;
    ``minutes`` is one way; ``turns`` those of the month, ``carried`` those of earlier months.
    Who stands by for the very slot (``is_standby``) gives that up to hold it.
    """

    person: str
    name: str
    costs: dict[Goal, int]
    waives: tuple[str, ...]
    is_same_firm: bool
    is_standby: bool
    minutes: int
    turns: int
    carried: int


@dataclass(frozen=True)
class Ranking:
    """Candidates, best first; ``replaced`` is whose place they take, None where it is empty."""

    target: str
    replaced: str | None
    candidates: tuple[Candidate, ...]
    refused: tuple[Reason, ...]


@dataclass(frozen=True)
class Reassignment:
    """One way to serve a demand: choices given up and choices taken, by one person."""

    given_up: tuple[Key, ...]
    taken: tuple[Key, ...]


@dataclass(frozen=True)
class Judged:
    """What changes come to: the rule that refuses each (None: none), costs of each priced rule."""

    refused: list[Rule | None]
    costs: dict[Rule, Ints]


def rank(
    plan: Reading, rules: Iterable[Rule], kind: str, target: str, replaced: str | None = None
) -> Ranking:
    """Rank everyone for a ``slot``, a ``village`` or a mediator's seat of a ``site``.

    Raises
    ------
    InputError
        When the target is unknown, or ``replaced`` does not hold it.
    """
    if kind == "slot":
        return rank_slot(plan, rules, target, replaced)
    if kind == "site":
        return rank_site(plan, rules, target, replaced)
    return rank_village(plan, rules, target)


def rank_slot(
    plan: Reading,
    rules: Iterable[Rule],
    slot: str,
    replaced: str | None = None,
    standby: bool = False,
    among: Collection[str] | None = None,
) -> Ranking:
    """Rank everyone, or people ``among`` some, for a slot: in its empty seat, else for a holder.

    Order: who stands by for it before all others; nobody who needs a waiver before one who needs
    none, then the costs goal by goal in the order of the ladder, then the firm of the one
    replaced, then minutes.

    Raises
    ------
    InputError
        When the slot is unknown, or ``replaced`` does not hold it.
    """
    facts = plan.facts
    number = _known(facts.slot_idx, slot, "unknown_slot")
    asked = facts.slots[number]
    holders = (plan.standbys if standby else plan.holders)[slot]
    seats = asked.post.standby if standby else asked.head_count
    gone = replaced
    if gone is None and holders and len(holders) >= seats:
        gone = holders[0]
    if gone is not None:
        _known(dict.fromkeys(holders, 0), gone, "unknown_holder")
    given_up = () if gone is None else (duty_key(facts, slot, gone, standby),)
    changes = [
        Reassignment((*given_up, *_standing_by(plan, slot, person.id)), (key,))
        for person in facts.people
        for key in [duty_key(facts, slot, person.id, standby)]
        if among is None or person.id in among
        if person.id not in plan.holders[slot]
        and not (standby and person.id in plan.standbys[slot])
    ]
    return _ranked(plan, rules, slot, gone, changes)


def called(plan: Reading, rules: Iterable[Rule], slot: str) -> Reassignment | None:
    """Return how the best of those who stand by for a slot comes to hold it, None if nobody may."""
    facts = plan.facts
    moves = {
        person: Reassignment(
            _standing_by(plan, slot, person), (duty_key(facts, slot, person, False),)
        )
        for person in plan.standbys[slot]
        if person not in plan.holders[slot]
    }
    ranking = _ranked(plan, rules, slot, None, list(moves.values()))
    return next((moves[candidate.person] for candidate in ranking.candidates), None)


def _standing_by(plan: Reading, slot: str, person: str) -> tuple[Key, ...]:
    """Return what a person gives up who stands by for a slot and is to hold it."""
    is_ready = person in plan.standbys[slot]
    return (duty_key(plan.facts, slot, person, True),) if is_ready else ()


def rank_village(plan: Reading, rules: Iterable[Rule], village: str) -> Ranking:
    """Rank everyone as adviser of a village; the month's visits of the present one go along.

    Raises
    ------
    InputError
        When the village is unknown.
    """
    facts = plan.facts
    number = _known(facts.village_idx, village, "unknown_village")
    present = plan.advisers[village]
    gone = present[0] if present else None
    own = [visit_key(facts, v) for v in plan.visits_to[village] if v.person == gone]

    def keys(person: str) -> tuple[Key, ...]:
        n = facts.person_idx[person]
        visits: list[Key] = [(key[0], n, *key[2:]) for key in own]
        return (Block.ADVISERS, n, number, -1, False, 0), *visits

    given_up = () if gone is None else keys(gone)
    changes = [Reassignment(given_up, keys(p.id)) for p in facts.people if p.id not in present]
    return _ranked(plan, rules, village, gone, changes)


def rank_site(
    plan: Reading, rules: Iterable[Rule], site: str, replaced: str | None = None
) -> Ranking:
    """Rank everyone for a mediator's seat of a site: one more, or in the place of ``replaced``.

    Raises
    ------
    InputError
        When the site is unknown, or ``replaced`` has no seat there.
    """
    facts = plan.facts
    number = _known(facts.site_idx, site, "unknown_site")
    seated = plan.mediators[site]
    if replaced is not None:
        _known(dict.fromkeys(seated, 0), replaced, "unknown_mediator")
    given_up = () if replaced is None else (mediator_key(facts, site, replaced),)
    taken: list[Key] = [
        (Block.MEDIATORS, n, number, -1, False, 0)
        for n, person in enumerate(facts.people)
        if person.id not in seated
    ]
    return _ranked(plan, rules, site, replaced, [Reassignment(given_up, (key,)) for key in taken])


def judge(plan: Reading, rules: Iterable[Rule], changes: Sequence[Reassignment]) -> Judged:
    """Say of each change whether a hard rule refuses it and what it costs, rule by rule.

    Fixed pins do not count: who asks for another person means to lift them.
    """
    asked = [rule for rule in rules if not is_lifted(rule)]
    by_key = refusals(plan.facts, asked, [key for change in changes for key in change.taken])
    refused = [
        next((by_key[key] for key in change.taken if key in by_key), None) for change in changes
    ]
    left = [n for n, rule in enumerate(refused) if rule is None]
    costs: dict[Rule, Ints] = defaultdict(lambda: np.zeros(len(changes), dtype=np.int64))
    reseated = {
        plan.facts.villages[demand].id
        for change in changes
        for block, _, demand, *_ in change.taken
        if block is Block.ADVISERS
    }
    for blocks in (Block.ADVISERS,), (Block.MEDIATORS,), (Block.DUTIES, Block.VISITS):
        parts = [_of_blocks(changes[n], blocks) for n in left]
        free = [key for part in parts for key in (*part.given_up, *part.taken)]
        if not free:
            continue
        near = Neighbourhood(plan, asked, free, reseated)
        values = near.after([(part.given_up, part.taken) for part in parts])
        for rule, amount in near.amounts(values).items():
            costs[rule][left] += rule.weight * amount
        for n, broken in zip(left, near.broken(values), strict=True):
            refused[n] = refused[n] or broken
    for n in left:
        for rule, cost in _of_deputies(plan, asked, changes[n]).items():
            costs[rule][n] += cost
    return Judged(refused, dict(costs))


def _of_deputies(plan: Reading, rules: Iterable[Rule], change: Reassignment) -> dict[Rule, int]:
    """Return by how much the visits others make to a village cost more when its adviser changes.

    Who has stood in and becomes the adviser no longer does.
    """
    facts = plan.facts
    gone = {facts.people[key[1]].id for key in change.given_up if key[0] is Block.ADVISERS}
    found: dict[Rule, int] = defaultdict(int)
    for _, number, demand, *_ in (key for key in change.taken if key[0] is Block.ADVISERS):
        village, person = facts.villages[demand].id, facts.people[number].id
        keys = [visit_key(facts, v) for v in plan.visits_to[village] if v.person not in gone]
        if not keys:
            continue
        visits = visit_choices(facts, keys)
        old = [seat for seat in plan.roster.advisers if seat.village == village]
        new = [seat for seat in old if seat.person not in gone]
        before = facts.seated(old)
        after = facts.seated([*new, AdviserSeat(village=village, person=person)])
        for rule in rules:
            if isinstance(rule, PairRule) and Block.VISITS in rule.blocks:
                more = rule.amounts(after, visits) - rule.amounts(before, visits)
                found[rule] += rule.weight * int(more.sum())
    return {rule: cost for rule, cost in found.items() if rule.level is not Level.HARD}


def reasons(
    refused: Iterable[tuple[str, Rule]], unit_zh: str = "人", unit_en: str = ""
) -> tuple[Reason, ...]:
    """Group (person, refusing rule) by rule, the most frequent first."""
    groups: dict[Rule, list[str]] = defaultdict(list)
    for person, rule in refused:
        groups[rule].append(person)
    found = []
    for rule, people in groups.items():
        zh, en = cause(rule, "", "")
        count, named = len(people), tuple(dict.fromkeys(people))[:SHOWN]
        zh, en = f"{count} {unit_zh}{zh}", f"{f'{count} {unit_en}'.strip()} {en}"
        found.append(Reason(code=rule.code, count=count, people=named, zh=zh, en=en))
    return tuple(sorted(found, key=lambda reason: (-reason.count, reason.code)))


def _ranked(
    plan: Reading,
    rules: Iterable[Rule],
    target: str,
    gone: str | None,
    changes: Sequence[Reassignment],
) -> Ranking:
    judged = judge(plan, rules, changes)
    people = [plan.facts.people[change.taken[0][1]].id for change in changes]
    found = [
        _candidate(plan, gone, change, {rule: int(c[n]) for rule, c in judged.costs.items()})
        for n, change in enumerate(changes)
        if judged.refused[n] is None
    ]
    refused = [(p, r) for p, r in zip(people, judged.refused, strict=True) if r is not None]
    return Ranking(target, gone, tuple(sorted(found, key=_order)), reasons(refused))


def _candidate(
    plan: Reading, gone: str | None, change: Reassignment, costs: dict[Rule, int]
) -> Candidate:
    facts, (block, number, demand, *_) = plan.facts, change.taken[0]
    person = facts.people[number]
    firm = facts.instance.person_by_id[gone].firm if gone else None
    place = demand
    if block is not Block.ADVISERS:
        site = facts.slots[demand].site if block is Block.DUTIES else facts.sites[demand]
        place = facts.site_place(site.id)
    by_goal = dict.fromkeys(LADDER, 0)
    for rule, cost in costs.items():
        by_goal[rule.rung] += cost
    waives = (r.code for r, cost in costs.items() if r.level is Level.WAIVABLE and cost > 0)
    return Candidate(
        person=person.id,
        name=person.name,
        costs=by_goal,
        waives=tuple(sorted(waives)),
        is_same_firm=firm is not None and person.firm == firm,
        is_standby=(block, number, demand, change.taken[0][3], True, 0) in change.given_up,
        minutes=facts.minutes(person.id, place),
        turns=len(plan.turns_of(person.id)),
        carried=facts.turns_before.get(person.id, 0),
    )


def _order(c: Candidate) -> tuple[object, ...]:
    costs = tuple(c.costs.values())
    return not c.is_standby, bool(c.waives), costs, not c.is_same_firm, c.minutes, c.person


def _of_blocks(change: Reassignment, blocks: Sequence[Block]) -> Reassignment:
    return Reassignment(
        tuple(key for key in change.given_up if key[0] in blocks),
        tuple(key for key in change.taken if key[0] in blocks),
    )


def _known(index: dict[str, int], key: str, code: str) -> int:
    """Return the number of an id; ``code`` is the message if there is no such id."""
    if key in index:
        return index[key]
    raise InputError([issue(code, value=key)])
