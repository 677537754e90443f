"""Hypothesis strategies of small months and rosters, drawn on boundaries.

Uniform sampling misses wrong hours: gaps, caps and dates are therefore drawn exactly on,
one below and one above what a rule asks for. People and places are made up.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from models.arrays import Flags, Ints
from models.instance import Instance
from models.roster import Roster
from solver.modelling.choices import (
    Choices,
    Offer,
    adviser_offer,
    duty_offer,
    mediator_offer,
    visit_offer,
)
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.modelling.siting import station_offer
from solver.modelling.stages import read_roster
from tests.instance_tables import MONTHS, hot_days, tables

LIKINGS = st.lists(st.integers(-1, 3), min_size=3, max_size=11)
"""How much the choices of a model are liked, over and over."""


class Plan:
    """A month and what a drawn roster takes: a model without rules and its 0-1 values per stage."""

    def __init__(self, facts: Facts, taken: list[tuple[Model, Ints]]) -> None:
        self.facts = facts
        self.taken = taken

    def roster(self, *rules: Rule) -> Roster:
        """Return the drawn roster; the rules decide which visits carry lectures."""
        return read_roster(self.facts, rules, self.taken, Roster(month=self.facts.month))

    def breaks(self, rule: Rule) -> bool:
        """Say whether the check finds a breach of the rule."""
        return any(rule.check(self.facts, Reading(self.facts, self.roster(rule))))

    def __repr__(self) -> str:
        """Show what matters when an example fails."""
        shown = (self.facts.instance, self.roster())
        content = (x.model_dump(mode="json", exclude_defaults=True) for x in shown)
        return "Plan({!r}, {!r})".format(*content)


def seat_offers(facts: Facts) -> tuple[Offer, ...]:
    """Return all that stage A may decide on."""
    return adviser_offer(facts), mediator_offer(facts), station_offer(facts)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a small month and a roster of it, rules kept or broken alike."""
    month = draw(st.sampled_from(MONTHS))
    facts = Facts(Instance.model_validate(draw(tables(month))), month)
    seats = Model(facts, [], seat_offers(facts))
    plan = Plan(facts, [(seats, draw(_taken(seats)))])
    seated = facts.seated(plan.roster().advisers)
    dated = Model(facts, [], [duty_offer(facts), visit_offer(seated)])
    plan.taken.append((dated, draw(_taken(dated))))
    return plan


@st.composite
def _taken(draw: st.DrawFn, model: Model) -> Ints:
    """Draw 0-1 values: some choices of anybody, some of one person, some of two days of theirs."""
    values = np.zeros(sum(map(len, model.choices.values())), dtype=np.int64)
    facts = model.facts
    one = draw(st.sampled_from((0, 0, 0, 1, 2, 3)))
    day = draw(st.sampled_from(sorted({facts.day_idx[slot.date] for slot in facts.slots})))
    for choices in model.choices.values():
        hot = _hot(facts, choices)
        own = hot & (choices.person == one)
        near = own & np.isin(choices.half // 3, (day, day + 1))
        for offered, least in ((hot, 0), (own, 0), (near, 4)):
            columns = choices.column[offered].tolist()
            if columns:
                values[
                    draw(st.lists(st.sampled_from(columns), min_size=least, max_size=least + 4))
                ] = 1
    return values


def _hot(facts: Facts, choices: Choices) -> Flags:
    """Visits are drawn on hot days only, everything else anywhere."""
    numbers = [facts.day_idx[day] for day in hot_days(facts.month)]
    hot: Flags = (choices.half < 0) | np.isin(choices.half // 3, numbers)
    return hot
