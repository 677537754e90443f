"""Entitlement, reported: turns of each class that were due to each person, and turns served.

What is due of a post's turns goes to those who may hold it, by share × days available in the
ledger's months and this one; earlier months are taken to have asked for what this one asks for.
Written apart from ``fair_share``, which shares out; here the result is measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from models.arrays import Flags, Floats, Ints
from models.report import Level, TurnShare
from solver.modelling.choices import Block, duty_offer
from solver.modelling.facts import Facts
from solver.modelling.past import ALL, STANDBY, TurnClass, months_before
from solver.modelling.reading import Reading
from solver.modelling.rule import PairRule, Rule

Shares = dict[str, tuple[TurnShare, ...]]


@dataclass(frozen=True)
class _Pools:
    """Who may hold which post: parallel arrays of people and posts, and each one's part of the post."""

    person: Ints
    post: Ints
    part: Floats


def turn_shares(facts: Facts, rules: Iterable[Rule], plan: Reading) -> Shares:
    """Return what was due to and served by each person, by class, all classes together at last."""
    known = tuple(rules)
    first = months_before(facts.month, max((rule.shared_months for rule in known), default=0))
    pools = _pools(facts, known, _share_days(facts, first))
    found: dict[str, list[TurnShare]] = defaultdict(list)
    for turn_class, seats in sorted(_seats(facts).items(), key=lambda item: _order(item[0])):
        before, now = _served(facts, plan, turn_class, first)
        due = _due(pools, seats, before, now)
        for n in np.flatnonzero((due > 0) | (before + now > 0)).tolist():
            row = _row(turn_class, float(due[n]), int(before[n] + now[n]))
            found[facts.people[n].id].append(row)
    return {person: (*rows, *_together(rows)) for person, rows in found.items()}


def _share_days(facts: Facts, first: str) -> Floats:
    """Return share × days in office and not away since the month ``first``, at least one day."""
    days = [
        sum(n for month, n in facts.past.days[person.id].items() if month >= first)
        for person in facts.people
    ]
    share = np.array([person.share for person in facts.people])
    return np.asarray(share * np.maximum(np.array(days), 1), dtype=np.float64)


def _seats(facts: Facts) -> Mapping[TurnClass, Ints]:
    """Return what the month asks for: seats of each class by post."""
    number = {post.id: n for n, post in enumerate(facts.instance.posts)}
    seats: dict[TurnClass, Ints] = defaultdict(lambda: np.zeros(len(number), dtype=np.int64))
    for slot in facts.slots:
        post = slot.post
        seats[TurnClass(post.kind, slot.turn_class)][number[post.id]] += slot.head_count
        if post.standby:
            seats[STANDBY][number[post.id]] += post.standby
    return seats


def _served(
    facts: Facts, plan: Reading, turn_class: TurnClass, first: str
) -> tuple[Floats, Floats]:
    """Return the turns of a class of everybody: in the months since ``first``, and in this one."""
    before, now = np.zeros(len(facts.people)), np.zeros(len(facts.people))
    for n, person in enumerate(facts.people):
        own = facts.past.turns.get(person.id, {})
        before[n] = sum(
            count for (month, name), count in own.items() if name == turn_class and month >= first
        )
        for sitting in plan.sittings_of[person.id]:
            of_slot = TurnClass(sitting.slot.post.kind, sitting.slot.turn_class)
            now[n] += (STANDBY if sitting.standby else of_slot) == turn_class
    return before, now


def _pools(facts: Facts, rules: Iterable[Rule], share_days: Floats) -> _Pools:
    """Return who may hold a post: refused by no hard rule on one of three of its dates."""
    hard = [r for r in rules if isinstance(r, PairRule) and r.level is Level.HARD]
    hard = [rule for rule in hard if Block.DUTIES in rule.blocks]
    may_serve: Flags = np.ones((len(facts.people), len(facts.areas)), dtype=bool)
    for rule in hard:
        may_serve &= rule.may_serve(facts, Block.DUTIES)
    number = {post.id: n for n, post in enumerate(facts.instance.posts)}
    post_of = np.array([number[slot.post.id] for slot in facts.slots], dtype=np.int64)
    offer = duty_offer(facts)
    offer = offer.of(~offer.standby & np.isin(offer.demand, _some_of_each(post_of)))
    pairs = [np.zeros((2, 0), dtype=np.int64)]
    for chunk in offer.chunks(facts, may_serve):
        asked = chunk
        for rule in hard:
            asked = asked.where(rule.amounts(facts, asked) == 0)
        pairs.append(np.stack([asked.person, post_of[asked.demand]]))
    person, post = np.unique(np.concatenate(pairs, axis=1), axis=1)
    whole = np.bincount(post, weights=share_days[person], minlength=len(number))
    return _Pools(person, post, share_days[person] / whole[post])


def _some_of_each(post_of: Ints) -> Ints:
    """Return the first, a middle and the last slot of each post."""
    slots = [np.flatnonzero(post_of == post) for post in np.unique(post_of)]
    picked = [own[[0, len(own) // 2, -1]] for own in slots]
    return np.concatenate(picked) if picked else np.zeros(0, dtype=np.int64)


def _due(pools: _Pools, seats: Ints, before: Floats, now: Floats) -> Floats:
    """Return what is due to everybody of what people who share the same posts served in all."""
    asked = seats[pools.post] > 0
    person, post, part = pools.person[asked], pools.post[asked], pools.part[asked]
    people, posts = len(before), len(seats)
    due = np.bincount(person, weights=seats[post] * part, minlength=people)
    ties = sparse.coo_array(
        (np.ones(len(person)), (person, people + post)), shape=(people + posts, people + posts)
    )
    _, group = csgraph.connected_components(ties, directed=False)
    mine = group[:people]
    served = np.bincount(mine, weights=before + now, minlength=group.max(initial=0) + 1)
    in_all = np.bincount(mine, weights=due, minlength=group.max(initial=0) + 1)
    scaled = due * served[mine] / np.maximum(in_all[mine], 1e-9)
    return np.asarray(np.where(due > 0, scaled, 0.0), dtype=np.float64)


def _row(turn_class: TurnClass, due: float, served: int) -> TurnShare:
    entitled = round(due, 1)
    return TurnShare(
        kind=turn_class.kind,
        day_class=turn_class.day_class,
        is_standby=turn_class.is_standby,
        entitled=entitled,
        served=served,
        difference=round(served - entitled, 1),
    )


def _together(rows: Iterable[TurnShare]) -> Iterable[TurnShare]:
    """Yield the sum of the duties, where there are any; standing by is none."""
    duties = [row for row in rows if not row.is_standby]
    if duties:
        due, served = sum(row.entitled for row in duties), sum(row.served for row in duties)
        yield _row(ALL, due, served)


def _order(turn_class: TurnClass) -> tuple[bool, str, str]:
    return turn_class.is_standby, str(turn_class.kind), str(turn_class.day_class)
