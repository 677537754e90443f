"""The model: columns, rows and prices of one stage, and the small vocabulary rules speak.

All decisions are whole numbers and all constraints linear, so that the one definition is
read as a CP-SAT model, as a linear programme (bound, pruning, start) and as a mixed
integer programme. Hard, waivable and soft are decided here, once for all rules:
a hard rule gets a row, any other a row with a slack column priced at weight × amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.arrays import Flags, Floats, Ints
from models.goals import Goal
from models.report import Level
from models.vocabulary import PinKind
from solver.engine.matrix import NO_BOUND, Fillers, Matrix
from solver.modelling.choices import OF_PEOPLE, Block, Choices, Offer, joined, listed, runs
from solver.modelling.facts import Facts
from solver.modelling.nearest import DENSE, NEAREST, among_nearest, short_together
from solver.modelling.rule import Rule
from solver.modelling.siting import one_way_minutes

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Charge:
    """What a rule charges: ``amount[i]`` for each unit of ``column[i]``."""

    rule: Rule
    column: Ints
    amount: Ints


class Model:
    """One stage: choices offered, rows, prices.

    Parameters
    ----------
    facts
        The month.
    rules
        Enabled rules; those that speak of none of the blocks are left out.
    offers
        The demands of each block. Hard rules that judge pairs refuse some with people; the
        others are the ``choices``.
    refuses
        Whether rules refuse pairs; else all are offered, and hard rules forbid by rows.
    """

    def __init__(
        self,
        facts: Facts,
        rules: Iterable[Rule],
        offers: Iterable[Offer],
        *,
        refuses: bool = True,
    ) -> None:
        self.facts = facts
        self._refuses = refuses
        self._upper: list[Ints] = []
        self._columns = 0
        self._entries: list[tuple[Ints, Ints, Ints]] = []
        self._low: list[Ints] = []
        self._high: list[Ints] = []
        self._rows = 0
        self._fillers: list[Fillers] = []
        self._marks: dict[tuple[bytes, bytes], tuple[Ints, Ints]] = {}
        self.terms: list[Charge] = []
        self._offers = {offer.block: offer for offer in offers}
        self.rules = tuple(
            rule for rule in rules if rule.blocks & self._offers.keys() and rule.applies_to(facts)
        )
        self.choices = {block: self._choices(offer) for block, offer in self._offers.items()}
        self.rows_until: list[int] = []
        """How many rows there are after each rule, to tell whose a row is."""
        for rule in self.rules:
            rule.encode(self)
            self.rows_until.append(self._rows)

    def choices_of(self, blocks: Iterable[Block]) -> Iterator[Choices]:
        """Yield the offered choices of the blocks this model has."""
        wanted = set(blocks)
        return (choices for block, choices in self.choices.items() if block in wanted)

    @property
    def overlaps_are_barred(self) -> bool:
        """Whether nobody can have two things at the same moment."""
        return any(rule.keeps_one_place and rule.level is Level.HARD for rule in self.rules)

    def new_columns(self, upper: Ints) -> Ints:
        """Add whole-number columns from 0 to ``upper`` and return their numbers."""
        first = self._columns
        self._columns += len(upper)
        self._upper.append(upper.astype(np.int64))
        return np.arange(first, self._columns, dtype=np.int64)

    def cost(self, rule: Rule, column: Ints, amount: Ints) -> None:
        """Charge ``amount`` for each unit of ``column``; a hard rule forbids the column."""
        charged = amount > 0
        if not charged.any():
            return
        if rule.level is Level.HARD:
            self._row_per_entry(column[charged], high=0)
            return
        self.terms.append(Charge(rule, column[charged], amount[charged]))

    def at_most(
        self,
        rule: Rule,
        group: Ints,
        column: Ints,
        bound: int | Ints,
        coef: Ints | None = None,
        amount: Ints | None = None,
    ) -> None:
        """Demand, for each group, sum of coef × column <= bound.

        ``bound`` is one number or an array indexed by group number. ``amount``, indexed likewise,
        is charged for each unit too many (default 1).
        """
        coef = np.ones(len(column), dtype=np.int64) if coef is None else coef
        names, index = np.unique(group, return_inverse=True)
        limit = (
            np.broadcast_to(bound, (len(names),))
            if np.ndim(bound) == 0
            else np.asarray(bound)[names]
        )
        raising = np.maximum(coef, 0)
        most = np.bincount(index, weights=raising, minlength=len(names)).astype(np.int64)
        tight = most > limit
        number = np.cumsum(tight) - 1
        kept = tight[index]
        row, limit, most = number[index[kept]], limit[tight], most[tight]
        first = self._new_rows(row, column[kept], coef[kept], np.full(len(limit), -NO_BOUND), limit)
        if rule.level is not Level.HARD:
            slack = self._slack(first, most - limit, sign=-1)
            price = np.ones(len(limit), dtype=np.int64) if amount is None else amount[names[tight]]
            self.terms.append(Charge(rule, slack, price))

    def at_least(
        self,
        rule: Rule,
        group: Ints,
        column: Ints,
        bound: Ints,
        amount: Ints | None = None,
        coef: Ints | None = None,
    ) -> None:
        """Demand, for each group with a positive bound, sum of coef × column >= bound.

        ``bound`` is indexed by group number; a group without any column is demanded too.
        ``amount``, indexed likewise, is charged for each missing unit (default 1).
        """
        demanded = np.flatnonzero(bound > 0)
        number = np.full(len(bound), -1, dtype=np.int64)
        number[demanded] = np.arange(len(demanded))
        kept = number[group] >= 0 if len(group) else np.zeros(0, dtype=bool)
        limit = bound[demanded]
        row = number[group[kept]]
        coef = np.ones(len(kept), dtype=np.int64) if coef is None else coef
        high = np.full(len(limit), NO_BOUND)
        first = self._new_rows(row, column[kept], coef[kept], limit, high)
        if rule.level is not Level.HARD:
            slack = self._slack(first, limit, sign=1)
            price = np.ones(len(bound), dtype=np.int64) if amount is None else amount
            self.terms.append(Charge(rule, slack, price[demanded]))

    def exactly(self, rule: Rule, group: Ints, column: Ints, target: Ints) -> None:
        """Demand, for each group, sum of columns = target; too few and too many count alike."""
        self.at_least(rule, group, column, target)
        self.at_most(rule, group, column, target)

    def rising(self, rule: Rule, group: Ints, column: Ints, costs: Ints) -> None:
        """Charge the n-th unit of a group ``costs[group, n - 1]``, never falling with n.

        Units beyond the last cost what the last costs; a hard rule admits what costs nothing. Convex, hence exact as unit steps:
        sum of columns <= sum of steps, cheap steps first.
        """
        if not len(column):
            return
        if rule.level is Level.HARD:
            free = (costs <= 0).sum(axis=1)
            endless = np.where(free == costs.shape[1], len(column), free)
            self.at_most(rule, group, column, endless.astype(np.int64))
            return
        names, index = np.unique(group, return_inverse=True)
        units = np.bincount(index, minlength=len(names)).astype(np.int64)
        width = costs.shape[1]
        steps = np.minimum(units, width)
        of_group = np.repeat(np.arange(len(names)), steps)
        nth = np.arange(len(of_group)) - np.repeat(np.cumsum(steps) - steps, steps)
        upper = np.where(nth == width - 1, np.maximum(units[of_group] - width + 1, 1), 1)
        step = self.new_columns(upper)
        entries = np.concatenate([index, of_group]), np.concatenate([column, step])
        coef = np.concatenate([np.ones(len(column)), -np.ones(len(step))]).astype(np.int64)
        none = np.full(len(names), -NO_BOUND)
        first = self._new_rows(*entries, coef, none, np.zeros(len(names), dtype=np.int64))
        self._fill(first + of_group, step, nth, -1)
        self.cost(rule, step, costs[names[of_group], nth])

    def marks(self, group: Ints, column: Ints) -> tuple[Ints, Ints]:
        """Return the groups, ascending, and for each a 0-1 column: 1 where one of its columns is taken.

        The only column of a group is its own mark. Who asks again gets the same marks.
        """
        asked = group.tobytes(), column.tobytes()
        if asked not in self._marks:
            self._marks[asked] = self._new_marks(group, column)
        return self._marks[asked]

    def _new_marks(self, group: Ints, column: Ints) -> tuple[Ints, Ints]:
        order = np.argsort(group, kind="stable")
        names, first, size = np.unique(group[order], return_index=True, return_counts=True)
        mark = column[order][first]
        several = np.flatnonzero(size > 1)
        mark[several] = self.new_columns(np.ones(len(several), dtype=np.int64))
        number = np.full(len(names), -1, dtype=np.int64)
        number[several] = np.arange(len(several))
        of_entry = number[np.searchsorted(names, group)]
        inside = of_entry >= 0
        self._tie(mark[several], of_entry[inside], column[inside])
        return names, mark

    def _tie(self, mark: Ints, number: Ints, column: Ints) -> None:
        """Tie each mark to its columns: no column without it, and it not without one of them."""
        size = np.bincount(number, minlength=len(mark)).astype(np.int64)
        none, zero = np.full(len(mark), -NO_BOUND), np.zeros(len(mark), dtype=np.int64)
        row, ones = np.arange(len(mark)), np.ones(len(column), dtype=np.int64)
        members = np.concatenate([number, row]), np.concatenate([column, mark])
        first = self._new_rows(*members, np.concatenate([ones, -size]), none, zero)
        self._fill(first + row, mark, zero, -1, is_mark=True)
        self._new_rows(*members, np.concatenate([-ones, zero + 1]), none, zero)
        each = np.arange(len(column))
        entries = np.tile(each, 2), np.concatenate([column, mark[number]])
        ends = np.full(len(each), -NO_BOUND), np.zeros(len(each), dtype=np.int64)
        self._new_rows(*entries, np.concatenate([ones, -ones]), *ends)

    def matrix(self) -> Matrix:
        """Return the finished rows and bounds."""
        row, column, coef = (_joined([entry[n] for entry in self._entries]) for n in range(3))
        shape = (self._rows, self._columns)
        rows = sparse.csr_array((coef.astype(np.float64), (row, column)), shape=shape)
        upper = _joined(self._upper)
        fillers = Fillers.joined(self._fillers)
        low, high = _joined(self._low), _joined(self._high)
        return Matrix(rows, low, high, np.zeros_like(upper), upper, fillers)

    def price(self, goal: Goal) -> Ints:
        """Return the price of each column on a rung: sum over its rules of weight × amount."""
        price = np.zeros(self._columns, dtype=np.int64)
        for term in self.terms:
            if term.rule.rung is goal:
                np.add.at(price, term.column, term.rule.weight * term.amount)
        return price

    def regions(self) -> Ints:
        """Return the county of each choice's place, -1 for slacks and steps."""
        region = np.full(self._columns, -1, dtype=np.int64)
        for choices in self.choices.values():
            region[choices.column] = self.facts.region_of_place[choices.place]
        return region

    def owners(self) -> Ints:
        """Return the person of each choice, -1 for slacks, steps and what no person takes."""
        owner = np.full(self._columns, -1, dtype=np.int64)
        for choices in self.choices_of(OF_PEOPLE):
            owner[choices.column] = choices.person
        return owner

    def amounts(self, values: npt.NDArray[np.int64]) -> dict[str, int]:
        """Return what each priced rule amounts to at ``values``."""
        total: dict[str, int] = {}
        for term in self.terms:
            amount = int(values[term.column] @ term.amount)
            total[term.rule.code] = total.get(term.rule.code, 0) + amount
        return total

    def candidates(
        self, block: Block, demands: Iterable[int], standby: bool = False
    ) -> Iterator[Choices]:
        """Yield every pair of each demand that is offered, ``refused`` naming the rule that forbids it."""
        asked = np.array(sorted(set(demands)), dtype=np.int64)
        for chunk in self._offers[block].of_demands(self.facts, asked, standby):
            judged = self._refuse(chunk)
            yield from (judged.at(np.arange(*run)) for run in runs(judged.demand))

    def _choices(self, offer: Offer) -> Choices:
        """Return the pairs that no hard rule refuses, each with a column of its own."""
        may_serve = np.ones((len(self.facts.people), len(self.facts.areas)), dtype=bool)
        for _, rule in self._hard(offer.block):
            may_serve &= rule.may_serve(self.facts, offer.block)
        if offer.block is not Block.ADVISERS or offer.size(self.facts, may_serve) <= DENSE:
            choices = self._accepted(offer, may_serve)
        else:
            choices = self._nearest(offer, may_serve)
        return replace(choices, column=self.new_columns(np.ones(len(choices), dtype=np.int64)))

    def _accepted(self, offer: Offer, may_serve: Flags, most: int | None = None) -> Choices:
        """Return the pairs that no hard rule refuses, at most the ``most`` nearest of a demand."""
        kept = []
        for chunk in offer.chunks(self.facts, may_serve):
            judged = self._refuse(chunk)
            judged = judged.where(judged.refused < 0)
            if most is not None:
                held = listed(self.facts, judged, _advisers_named(self.facts)) > 0
                judged = judged.where(held | among_nearest(judged, most))
            kept.append(judged)
        return joined(kept, offer.block)

    def _nearest(self, offer: Offer, may_serve: Flags) -> Choices:
        """Return the nearest people of each demand, more where these come up short together."""
        most, limits = NEAREST, self._limits()
        choices = self._accepted(offer, may_serve, most)
        while most < len(self.facts.people):
            short = short_together(choices, limits, offer.demand)
            if not len(short):
                break
            most *= 2
            wider = self._accepted(offer.of(np.isin(offer.demand, short)), may_serve, most)
            choices = joined([choices.where(~np.isin(choices.demand, short)), wider], offer.block)
        return choices

    def _limits(self) -> Ints:
        """Return how many villages each person may have in principle."""
        caps = [rule.village_cap for rule in self.rules if rule.village_cap is not None]
        return self.facts.village_limits(min(caps, default=len(self.facts.villages)))

    def _hard(self, block: Block) -> list[tuple[int, Rule]]:
        return [
            (number, rule)
            for number, rule in enumerate(self.rules if self._refuses else ())
            if rule.judges_pairs and rule.level is Level.HARD and block in rule.blocks
        ]

    def _refuse(self, choices: Choices) -> Choices:
        """Let the hard rules refuse pairs, the broad ones before travel is measured."""
        refused, minutes = choices.refused.copy(), choices.minutes.copy()
        at = np.arange(len(choices))
        for is_broad in (True, False):
            for number, rule in self._hard(choices.block):
                if rule.is_broad is is_broad:
                    amounts = rule.amounts(self.facts, choices.where(refused < 0)) > 0
                    refused[at[refused < 0][amounts]] = number
            if is_broad:
                rest = refused < 0
                minutes[rest] = one_way_minutes(self.facts, choices.where(rest))
                choices = replace(choices, minutes=minutes)
        return replace(choices, refused=refused)

    def _slack(self, first: int, upper: Ints, sign: int) -> Ints:
        """Add a slack column to each of the rows from ``first`` on."""
        slack = self.new_columns(upper)
        row = first + np.arange(len(upper), dtype=np.int64)
        self._entries.append((row, slack, np.full(len(upper), sign, dtype=np.int64)))
        self._fill(row, slack, np.zeros_like(row), sign)
        return slack

    def _fill(
        self, row: Ints, column: Ints, before: Ints, sign: int, is_mark: bool = False
    ) -> None:
        """Say that columns follow from the others of their rows."""
        each = np.full(len(column), sign, dtype=np.int64), np.full(len(column), is_mark)
        self._fillers.append(Fillers(row, column, before, *each))

    def _row_per_entry(self, column: Ints, high: int) -> None:
        count = len(column)
        ones = np.ones(count, dtype=np.int64)
        self._new_rows(np.arange(count), column, ones, np.full(count, -NO_BOUND), high * ones)

    def _new_rows(self, row: Ints, column: Ints, coef: Ints, low: Ints, high: Ints) -> int:
        first = self._rows
        self._rows += len(low)
        self._entries.append((first + row, column, coef))
        self._low.append(np.asarray(low, dtype=np.int64))
        self._high.append(np.asarray(high, dtype=np.int64))
        return first


def _advisers_named(facts: Facts) -> list[tuple[str, str]]:
    """Return (person, village) of present advisers and of pins: offered however far they live."""
    present = [(v.adviser, v.id) for v in facts.villages if v.adviser in facts.person_idx]
    pins = [p for p in facts.instance.pins if p.kind is PinKind.ADVISER]
    named = [(p.person, p.target) for p in pins if p.person in facts.person_idx]
    return [(str(person), str(village)) for person, village in (*present, *named)]


def _joined(parts: Sequence[Ints] | Sequence[Floats]) -> Ints:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)
