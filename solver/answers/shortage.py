"""How many more advisers, and where? The proof that a cap cannot hold, and what would mend it.

The same seats with the cap held like a hard rule and new people allowed: at the seat of every
township any number of newcomers, who serve it and its neighbours within the service circle.
Newcomers of one township are alike and counted, not named: what binds one of them n-fold binds n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from scipy import sparse

from models.arrays import Flags, Ints
from models.goals import Goal
from models.instance import Instance
from models.issues import InputError
from models.report import Level, Shortage, TownshipShortage
from solver.answers.alike import least_newcomers
from solver.answers.newcomers import Newcomers, with_agreed_excess
from solver.answers.precheck import pins_not_offered, precheck, with_implied_pins
from solver.answers.shortage_text import Crowd, sentences
from solver.engine.greedy import Demands, construct
from solver.engine.highs import Effort
from solver.engine.ladder import Ladder, relative_gap
from solver.engine.matrix import NO_BOUND, Fillers, Matrix
from solver.modelling.choices import Block, adviser_offer
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule
from solver.modelling.stages import pinned_start

PROOF_SECONDS, SECOND_SECONDS, TIE_SECONDS = 5.0, 2.0, 0.1
"""Seconds at most: for the number of newcomers, for a second try where hours bind, for a tie-break."""

DEAR = 10_000
"""Minutes that a village taken from the list counts for: more than any way."""

USUAL_EFFORT = Effort(PROOF_SECONDS)
"""The effort of a question that names none."""


def shortage(
    facts: Facts, rules: Iterable[Rule], effort: Effort = USUAL_EFFORT, cap: int | None = None
) -> Shortage | None:
    """Return what is lacking, None if every village can have an adviser within the cap.

    Formula: minimise sum_v u[v], then sum_a n[a], sum y[a,v] and travel, over x (people on the list), y
    (newcomers) and n (newcomers placed at township a) with, for each village v,
    sum_p x[p,v] + sum_a y[a,v] + u[v] >= 1, and for each row c·x <= b of a hard rule about one
    newcomer c·y <= b·n[a]. Villages pinned beyond a person's cap are agreed and stay.

    Parameters
    ----------
    facts
        The month.
    rules
        Enabled rules; of these the hard ones and the cap are kept.
    effort
        Limits of the whole question.
    cap
        Most villages of one adviser; by default as the rules say, and None where they do not.
    """
    known = tuple(rules)
    caps = [rule.village_cap for rule in known if rule.village_cap is not None]
    cap = min(caps, default=None) if cap is None else cap
    if cap is None or not facts.villages:
        return None
    question = _ShortageModel(facts, known, cap)
    effort = _within(effort, PROOF_SECONDS)
    alone = question.without_help(effort)
    if not alone.uncovered.any():
        return None
    question.keep_but(question.crowd(alone), alone)
    helped = question.with_help(effort, alone)
    if helped.placed.sum() > helped.least_missing and not effort.deterministic:
        # hours bind: newcomers of alike villages can be counted exactly, and may be fewer
        counted = question.hired
        question.ask_for(counted.alike())
        second = question.with_help(_within(effort, SECOND_SECONDS), alone)
        if _rank(second) < _rank(helped):
            helped = replace(second, least_missing=helped.least_missing)
        else:
            question.ask_for(counted)
    helped = min(question.settled(effort, helped), helped, key=_rank)
    return _report(question, alone, helped)


def shortage_of(
    instance: Instance,
    rules: Iterable[Rule],
    effort: Effort = USUAL_EFFORT,
    cap: int | None = None,
) -> Shortage | None:
    """Return what an instance lacks in its own month, see ``shortage``.

    Raises
    ------
    InputError
        When fixed pins break hard rules among themselves.
    """
    known = tuple(rules)
    facts = Facts(with_implied_pins(instance), instance.settings.month)
    precheck(facts, known)
    return shortage(facts, known, effort, cap)


@dataclass(frozen=True)
class _ShortagePlan:
    """Values of all columns, what they leave uncovered and to newcomers, and the proven bounds."""

    values: Ints
    uncovered: Flags
    left: Flags
    placed: Ints
    least_uncovered: int
    least_missing: int


def _within(effort: Effort, seconds: float) -> Effort:
    return replace(effort, seconds=min(seconds, effort.seconds))


def _rank(answer: _ShortagePlan) -> tuple[int, int]:
    return int(answer.uncovered.sum()), int(answer.placed.sum())


class _ShortageModel:
    """Columns: pairs of the list, pairs of newcomers, newcomers by kind, uncovered villages."""

    def __init__(self, facts: Facts, rules: tuple[Rule, ...], cap: int) -> None:
        caps = [rule for rule in rules if rule.village_cap is not None]
        hard = [rule for rule in rules if rule.level is Level.HARD and rule.village_cap is None]
        strict = (*hard, *(rule.model_copy(update={"level": Level.HARD}) for rule in caps))
        self.cap = cap
        self.facts = with_agreed_excess(facts, cap)
        self.townships = sorted({village.area for village in facts.villages})
        self._model = Model(self.facts, strict, [adviser_offer(self.facts)])
        impossible = pins_not_offered(self._model)
        if impossible:
            raise InputError(impossible)
        self.present = self._model.choices[Block.ADVISERS]
        self._is_kept = np.zeros(len(facts.villages), dtype=bool)
        self._kept = np.zeros(len(self.present), dtype=np.int64)
        self.ask_for(Newcomers.at_seats(facts, rules, strict, self.townships))

    def keep_but(self, crowd: Flags, answer: _ShortagePlan) -> None:
        """Keep the advisers of villages outside the bottleneck set: none may take one inside."""
        self._is_kept = ~crowd
        self._kept = answer.values[self.block(0)]
        self.ask_for(self.hired)

    def ask_for(self, hired: Newcomers) -> None:
        """Allow these newcomers, in place of earlier ones."""
        self.hired = hired.only(~self._is_kept[hired.demand])
        self._first = np.cumsum([0, len(self.present), len(self.hired), len(self.hired.most)])
        self._matrix = self._join(self._model.matrix())
        self._covering = np.arange(len(self._matrix.low), dtype=np.int64)[-len(self._is_kept) :]

    def block(self, number: int) -> slice:
        """Return where a family of columns stands, 0 to 3 in the order of the class."""
        end = self._first[number + 1] if number < 3 else len(self._matrix.upper)
        return slice(int(self._first[number]), int(end))

    def limits(self) -> Ints:
        """Return the most villages each person on the list may have."""
        return self.facts.village_limits(self.cap)

    def crowd(self, alone: _ShortagePlan) -> Flags:
        """Return villages that only people can serve who have villages among these alone (Hall, 1935).

        Grown from the uncovered villages: whoever may serve one of them, what these now hold, and so on.
        """
        pairs, held = self.present, alone.values[self.block(0)] > 0
        villages, people = alone.uncovered.copy(), np.zeros(len(self.facts.people), dtype=bool)
        size = -1
        while size < villages.sum():
            size = villages.sum()
            people[pairs.person[villages[pairs.demand]]] = True
            villages[pairs.demand[held & people[pairs.person]]] = True
        return villages

    def without_help(self, effort: Effort) -> _ShortagePlan:
        """Minimise what the list alone leaves uncovered."""
        upper = self._matrix.upper.copy()
        upper[self.block(1)] = upper[self.block(2)] = 0
        matrix = replace(self._matrix, upper=upper)
        pins = pinned_start(self._model, self._model.matrix())[: len(self.present)]
        demands = Demands(
            self._covering, self._price(0, self.present.minutes), np.zeros(len(matrix.low), bool)
        )
        prices = [(Goal.COVERAGE, self._price(3))]
        start = construct(matrix, prices, self._start(pins), demands)
        values, bound = self._climbed(matrix, start, Goal.COVERAGE, 3, effort)
        return self._answer(values, (bound, 0))

    def with_help(self, effort: Effort, alone: _ShortagePlan) -> _ShortagePlan:
        """Minimise what is uncovered, then the newcomers."""
        values = self._start(alone.values[self.block(0)])
        values, uncovered = self._climbed(self._matrix, values, Goal.COVERAGE, 3, effort)
        held = self._matrix.with_row(self._price(3), high=int(self._price(3) @ values))
        least, kinds = self._least_newcomers(values[self.block(3)] > 0, effort)
        if kinds is not None:
            values = self._with_just(kinds, values, effort)
        held = held.with_row(self._price(2), low=least)
        values, missing = self._climbed(held, values, Goal.OVERLOAD, 2, effort)
        return self._answer(values, (uncovered, max(least, missing)))

    def _climbed(
        self, matrix: Matrix, start: Ints, goal: Goal, block: int, effort: Effort
    ) -> tuple[Ints, int]:
        """Minimise the sum of a block of columns; return the plan and the bound."""
        owners = np.full(len(start), -1, dtype=np.int64)
        owners[self.block(0)] = self.present.person
        ladder = Ladder("shortage", matrix, start, effort, lambda _: None, owners=owners)
        ladder.climb([(goal, self._price(block))])
        return ladder.values, round(ladder.results[0].bound)

    def _least_newcomers(self, uncovered: Flags, effort: Effort) -> tuple[int, Ints | None]:
        """Bound the newcomers for all villages that anybody may have; 0 where one of these is left out."""
        may_be = np.zeros(len(uncovered), dtype=bool)
        may_be[self.present.demand] = may_be[self.hired.demand] = True
        may_be[self._is_kept] = False
        if (uncovered & may_be).any():
            return 0, None
        return least_newcomers(self.present, self.hired, self.limits(), may_be, effort)

    def _with_just(self, kinds: Ints, values: Ints, effort: Effort) -> Ints:
        """Return a plan with just these newcomers if it leaves no more uncovered than ``values``."""
        upper, start = self._matrix.upper.copy(), self._start(values[self.block(0)])
        upper[self.block(1)] = np.where(kinds[self.hired.kind] > 0, upper[self.block(1)], 0)
        upper[self.block(2)] = kinds
        just = replace(self._matrix, upper=upper)
        found, _ = self._climbed(just, start, Goal.COVERAGE, 3, effort)
        if self._price(3) @ found > self._price(3) @ values:
            return values
        found[self.block(2)] = kinds
        return found

    def settled(self, effort: Effort, answer: _ShortagePlan) -> _ShortagePlan:
        """Minimise what as few newcomers take from the list, then everybody's travel."""
        held = self._matrix
        for price in (self._price(3), self._price(2)):
            held = held.with_row(price, high=int(price @ answer.values))
        # in one sum, since a goal held like a hard rule makes the next one fractional
        price = self._price(0, self.present.minutes)
        price += self._price(1, self.hired.minutes + DEAR)
        # who gets which village only breaks ties: worth a moment, not a proof
        brief = _within(effort, TIE_SECONDS)
        ladder = Ladder("shortage", held, answer.values, brief, lambda _: None)
        ladder.climb([(Goal.TRAVEL, price)])
        return self._answer(ladder.values, (answer.least_uncovered, answer.least_missing))

    def _answer(self, values: Ints, bounds: tuple[int, int]) -> _ShortagePlan:
        uncovered = values[self.block(3)] > 0
        left = ~uncovered
        left[self.present.demand[values[self.block(0)] > 0]] = False
        placed = self.hired.placed(values[self.block(1)] > 0, len(self.townships))
        return _ShortagePlan(values, uncovered, left, placed, *bounds)

    def _price(self, block: int, each: int | Ints = 1) -> Ints:
        price = np.zeros(len(self._matrix.upper), dtype=np.int64)
        price[self.block(block)] = each
        return price

    def _start(self, taken: Ints) -> Ints:
        """Return the plan that is given for the pairs of the list, without newcomers."""
        values = np.zeros(len(self._matrix.upper), dtype=np.int64)
        values[self.block(0)] = taken
        values[self.block(3)] = 1
        values[self.block(3)][self.present.demand[taken > 0]] = 0
        return values

    def _join(self, present: Matrix) -> Matrix:
        """Return the rows of the list, of the newcomers n-fold, and of the villages."""
        hired, villages = self.hired, len(self.facts.villages)
        pairs, kinds = len(hired), len(hired.most)
        kind = _ones(np.arange(pairs), hired.kind, (pairs, kinds))
        limits = sparse.csr_array(
            (hired.high.astype(np.float64), (np.arange(len(hired.high)), hired.kind_of_row)),
            shape=(len(hired.high), kinds),
        )
        covers = [
            _ones(c.demand, np.arange(len(c)), (villages, len(c))) for c in (self.present, hired)
        ]
        # y <= n at home: it follows from the other rows and sharpens the proof where townships lie apart
        area = np.array([self.townships.index(v.area) for v in self.facts.villages])
        home = np.flatnonzero(area[hired.demand] == hired.township[hired.kind])
        blocks: list[list[Any]] = [
            [present.rows, None, None, None],
            [None, hired.rows, -limits, None],
            [None, kind.T, -sparse.diags_array(hired.most.astype(np.float64)), None],
            [None, _ones(np.arange(len(home)), home, (len(home), pairs)), -kind[home], None],
            [*covers, None, sparse.eye_array(villages)],
        ]
        rows = sparse.csr_array(sparse.block_array(blocks, format="csr"))
        free = len(hired.high) + kinds + len(home)
        low = np.concatenate([present.low, np.full(free, -NO_BOUND), np.ones(villages, np.int64)])
        high = np.concatenate([present.high, np.zeros(free, np.int64), np.full(villages, NO_BOUND)])
        upper = np.ones(rows.shape[1], dtype=np.int64)
        upper[self._first[2] : self._first[3]] = np.bincount(hired.kind, minlength=kinds)
        lower = np.zeros_like(upper)
        kept = np.flatnonzero(self._is_kept[self.present.demand])
        lower[kept] = upper[kept] = self._kept[kept]
        return Matrix(rows, low, high, lower, upper, self._fillers(present.fillers, rows.shape))

    def _fillers(self, present: Fillers, shape: tuple[int, int]) -> Fillers:
        """Return the fillers of the list, and each village left uncovered as that of its row."""
        each = np.arange(-len(self.facts.villages), 0)
        ones, none = np.ones_like(each), np.zeros_like(each)
        uncovered = (shape[0] + each, shape[1] + each, none, ones, none.astype(bool))
        known = tuple(getattr(present, field.name) for field in fields(present))
        return Fillers(*(np.concatenate(pair) for pair in zip(known, uncovered, strict=True)))


def _ones(row: Ints, column: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)


def _report(question: _ShortageModel, alone: _ShortagePlan, helped: _ShortagePlan) -> Shortage:
    facts, villages = question.facts, len(question.facts.villages)
    missing = int(helped.placed.sum())
    short = Counter(village.area for n, village in enumerate(facts.villages) if helped.left[n])
    rows = tuple(
        TownshipShortage(
            area=area,
            name=facts.instance.area_by_id[area].name,
            advisers=int(advisers),
            villages=short[area],
        )
        for area, advisers in zip(question.townships, helped.placed, strict=True)
        if advisers or short[area]
    )
    counts = {
        "cap": question.cap,
        "advisers": len(np.unique(question.present.person)),
        "villages": villages,
        "most_served": villages - int(alone.uncovered.sum()),
        "most_served_bound": villages - alone.least_uncovered,
        "missing": missing,
        "missing_bound": min(missing, helped.least_missing),
    }
    out = tuple(v.id for n, v in enumerate(facts.villages) if helped.uncovered[n])
    return Shortage(
        **counts,
        gap=relative_gap(missing, counts["missing_bound"]),
        townships=rows,
        out_of_reach=out,
        **sentences(counts, rows, len(out), _crowd(question, alone)),
    )


def _crowd(question: _ShortageModel, alone: _ShortagePlan) -> Crowd:
    """Return villages that too few people can serve for the cap to hold."""
    villages, pairs = question.crowd(alone), question.present
    people = np.unique(pairs.person[villages[pairs.demand]])
    return Crowd(int(villages.sum()), len(people), int(question.limits()[people].sum()))
