"""What the rules about wishes share: what a wish speaks of, and whether it came true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.people import Wish
from models.report import Breach
from models.vocabulary import Attitude, WishTier
from solver.modelling.choices import Block
from solver.modelling.facts import PARTS
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class WishRule(Rule):
    """Base class of the rules about the wishes of a tier."""

    tier: ClassVar[WishTier]
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.DUTIES, Block.VISITS})
    may_be_hard: ClassVar[bool] = False

    def wishes_of(self, facts: Facts) -> list[Wish]:
        """Return the wishes of the tier."""
        return [wish for wish in facts.instance.wishes if wish.tier is self.tier]

    def encode(self, model: Model) -> None:
        """Price avoided choices and preferences that nothing matches."""
        facts, offered = model.facts, list(model.choices_of(self.blocks))
        speaks = {choices.block for choices in offered}
        wanted = [w for w in self.wishes_of(facts) if subject_of(w) & speaks]
        groups, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        prefers = [w for w in wanted if w.attitude is Attitude.PREFER and facts.is_in_month(w)]
        for choices in offered:
            of_person = _by_person(choices, len(facts.people))
            for wish in (w for w in wanted if w.attitude is Attitude.AVOID):
                mine = choices.at(of_person[facts.person_idx[wish.person]])
                model.cost(self, mine.column, matches(facts, mine, wish) * wish.weight)
            for number, wish in enumerate(prefers):
                mine = choices.at(of_person[facts.person_idx[wish.person]])
                column = mine.column[matches(facts, mine, wish) > 0]
                columns.append(column)
                groups.append(np.full(len(column), number))
        ones = np.ones(len(prefers), dtype=np.int64)
        weights = np.array([wish.weight for wish in prefers], dtype=np.int64)
        model.at_least(self, np.concatenate(groups), np.concatenate(columns), ones, amount=weights)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Hold each wish against what the person got."""
        for wish in self.wishes_of(facts):
            met = times_met(plan, wish)
            name = facts.instance.person_by_id[wish.person].name
            if wish.attitude is Attitude.AVOID and met:
                zh = f"{name}不希望的安排出现 {met} 次"
                yield self.breach(
                    wish.person, met * wish.weight, zh, f"{name}: avoided, given {met} times"
                )
            if wish.attitude is Attitude.PREFER and not met and facts.is_in_month(wish):
                yield self.breach(
                    wish.person, wish.weight, f"{name}的意愿未满足", f"{name}: wish not met"
                )


def subject_of(wish: Wish) -> frozenset[Block]:
    """Return what a wish speaks of."""
    dated = wish.date or wish.weekday or wish.part
    if wish.village:
        return frozenset({Block.VISITS if dated else Block.ADVISERS})
    of_duty = wish.site or wish.post
    return frozenset({Block.DUTIES}) if of_duty else frozenset({Block.DUTIES, Block.VISITS})


def _by_person(choices: Choices, people: int) -> list[Ints]:
    """Return the positions of each person's choices."""
    order = np.argsort(choices.person, kind="stable")
    return np.split(order, np.searchsorted(choices.person[order], np.arange(1, people)))


def matches(facts: Facts, choices: Choices, wish: Wish) -> Ints:
    """Return 1 for each choice that a wish speaks of."""
    if choices.block not in subject_of(wish):
        return np.zeros(len(choices), dtype=np.int64)
    matched = choices.person == facts.person_idx[wish.person]
    matched &= ~choices.standby
    if wish.village:
        matched &= choices.place == facts.village_place(wish.village)
    elif wish.site:
        matched &= choices.place == facts.site_place(wish.site)
    if wish.post and choices.block is Block.DUTIES:
        of_post = [slot.post.id == wish.post for slot in facts.slots]
        matched &= np.array(of_post, dtype=bool)[choices.demand]
    if choices.block is not Block.ADVISERS:
        day = choices.half // 3
        days = [
            n
            for n, d in enumerate(facts.days)
            if wish.date in (None, d) and wish.weekday in (None, d.isoweekday())
        ]
        matched &= np.isin(day, np.array(days, dtype=np.int64))
        if wish.part:
            matched &= choices.half % 3 == PARTS.index(wish.part)
    return np.asarray(matched, dtype=np.int64)


def times_met(plan: Reading, wish: Wish) -> int:
    """Return how many assignments match a wish."""
    speaks = subject_of(wish)
    if Block.ADVISERS in speaks:
        return plan.villages_of[wish.person].count(wish.village or "")
    dates = [
        (v.date, v.part) for v in plan.visits_of[wish.person] if wish.village in (None, v.village)
    ]
    if Block.VISITS not in speaks:
        dates = []
    if Block.DUTIES in speaks:
        turns = plan.turns_of(wish.person)
        dates += [
            (t.slot.date, t.slot.part)
            for t in turns
            if wish.site in (None, t.slot.site.id) and wish.post in (None, t.slot.post.id)
        ]
    return sum(
        wish.date in (None, day)
        and wish.weekday in (None, day.isoweekday())
        and wish.part in (None, part)
        for day, part in dates
    )
