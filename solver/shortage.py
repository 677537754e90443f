"""How many more advisers, and where? The proof that a cap cannot hold, and what would mend it.

The same seats with the cap held like a hard rule and new people allowed: at the seat of every
township any number of newcomers, who serve it and its neighbours within the service circle.
Newcomers of one township are alike and counted, not named: what binds one of them n-fold binds n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from models.instance import Instance
from models.issues import InputError
from models.report import Level, Shortage, TownshipShortage
from models.travel import Ints
from solver.choices import Block, Flags, adviser_choices
from solver.engines import Effort
from solver.facts import Facts
from solver.goals import Goal
from solver.ladder import Ladder, relative_gap
from solver.model import NO_BOUND, Matrix, Model
from solver.newcomers import dealt_out, nearby, newcomers, with_agreed_excess
from solver.precheck import pins_not_offered, precheck, with_implied_pins
from solver.rules.base import Rule
from solver.rules.villages_per_adviser import VillagesPerAdviser
from solver.shortage_text import Crowd, sentences
from solver.stages import pinned_start

USUAL_EFFORT = Effort(60.0)
"""The effort of a question that names none."""


def shortage(facts: Facts, rules: Iterable[Rule], effort: Effort = USUAL_EFFORT) -> Shortage | None:
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
    """
    known = tuple(rules)
    cap = next((rule for rule in known if isinstance(rule, VillagesPerAdviser)), None)
    if cap is None or not facts.villages:
        return None
    question = _Question(facts, known, cap)
    alone = question.without_help(effort)
    if not alone.uncovered.any():
        return None
    return _report(question, alone, question.with_help(effort, alone.values))


def shortage_of(
    instance: Instance, rules: Iterable[Rule], effort: Effort = USUAL_EFFORT
) -> Shortage | None:
    """Return what an instance lacks in its own month.

    Raises
    ------
    InputError
        When fixed pins break hard rules among themselves.
    """
    known = tuple(rules)
    facts = Facts(with_implied_pins(instance), instance.settings.month)
    precheck(facts, known)
    return shortage(facts, known, effort)


@dataclass(frozen=True)
class _Answer:
    """Values of all columns, what they leave uncovered, and the proven bounds."""

    values: Ints
    uncovered: Flags
    least_uncovered: int
    least_missing: int


class _Question:
    """Columns: pairs of the list, pairs of newcomers, newcomers per township, uncovered villages."""

    def __init__(self, facts: Facts, rules: tuple[Rule, ...], cap: VillagesPerAdviser) -> None:
        hard = [rule for rule in rules if rule.level is Level.HARD and rule is not cap]
        strict = (*hard, cap.model_copy(update={"level": Level.HARD}))
        self.facts = with_agreed_excess(facts, cap)
        self.cap = cap
        self.townships = sorted({village.area for village in facts.villages})
        self._model = Model(self.facts, strict, [adviser_choices(self.facts)])
        impossible = pins_not_offered(self._model)
        if impossible:
            raise InputError(impossible)
        self.present = self._model.choices[Block.ADVISERS]
        hired = newcomers(facts, rules, self.townships)
        model = Model(hired, strict, [nearby(hired, rules, self.townships)])
        self.hired = model.choices[Block.ADVISERS]
        self.one_hired = model.matrix()
        self._first = np.cumsum([0, len(self.present), len(self.hired), len(self.townships)])
        self._matrix = self._join(self._model.matrix())

    def block(self, number: int) -> slice:
        """Return where a family of columns stands, 0 to 3 in the order of the class."""
        end = self._first[number + 1] if number < 3 else len(self._matrix.upper)
        return slice(int(self._first[number]), int(end))

    def limits(self) -> Ints:
        """Return the most villages each person on the list may have."""
        most = [
            self.cap.most if p.villages_max is None else p.villages_max for p in self.facts.people
        ]
        return np.array(most, dtype=np.int64)

    def without_help(self, effort: Effort) -> _Answer:
        """Minimise what the list alone leaves uncovered."""
        upper = self._matrix.upper.copy()
        upper[self.block(1)] = upper[self.block(2)] = 0
        matrix = replace(self._matrix, upper=upper)
        ladder = Ladder("shortage", matrix, self._start(), effort, lambda _: None)
        ladder.climb([(Goal.COVERAGE, self._price(3))])
        return self._answer(ladder, ladder.values)

    def with_help(self, effort: Effort, start: Ints) -> _Answer:
        """Minimise what is uncovered, then the newcomers, their villages, and everybody's travel."""
        goals = (Goal.COVERAGE, 3), (Goal.OVERLOAD, 2), (Goal.STABILITY, 1)
        rungs = [(goal, self._price(block)) for goal, block in goals]
        ladder = Ladder("shortage", self._matrix, start, effort, lambda _: None)
        ladder.climb(rungs)
        held = self._held([price for _, price in rungs], ladder.values)
        travel = self._price(0, self.present.minutes) + self._price(1, self.hired.minutes)
        # whose village is whose only breaks a tie: worth a second, not a proof
        brief = replace(effort, seconds=min(1.0, effort.seconds))
        nearest = Ladder("shortage", held, ladder.values, brief, lambda _: None)
        nearest.climb([(Goal.TRAVEL, travel)])
        return self._answer(ladder, nearest.values)

    def _held(self, prices: list[Ints], values: Ints) -> Matrix:
        """Return the matrix with no price above what it is at ``values``.

        Without y <= n, which sharpens the proof and follows from the other rows: it took twice as long.
        """
        end = self._matrix.rows.shape[0] - len(self.facts.villages)
        kept = np.delete(np.arange(self._matrix.rows.shape[0]), np.s_[end - len(self.hired) : end])
        rows = self._matrix.rows[kept], sparse.csr_array(np.array(prices, dtype=np.float64))
        return replace(
            self._matrix,
            rows=sparse.csr_array(sparse.vstack(rows, format="csr")),
            low=np.append(self._matrix.low[kept], np.full(len(prices), -NO_BOUND)),
            high=np.append(self._matrix.high[kept], [price @ values for price in prices]),
        )

    def _answer(self, ladder: Ladder, values: Ints) -> _Answer:
        bound = {result.name: round(result.bound) for result in ladder.results}
        least = bound[Goal.COVERAGE.value], bound.get(Goal.OVERLOAD.value, 0)
        return _Answer(values, values[self.block(3)] > 0, *least)

    def _price(self, block: int, each: int | Ints = 1) -> Ints:
        price = np.zeros(len(self._matrix.upper), dtype=np.int64)
        price[self.block(block)] = each
        return price

    def _start(self) -> Ints:
        """Return the plan of nothing but the fixed pins."""
        values = np.zeros(len(self._matrix.upper), dtype=np.int64)
        pins = pinned_start(self._model, self._model.matrix())
        values[self.block(0)] = pins[: len(self.present)]
        values[self.block(3)] = 1
        values[self.block(3)][self.present.demand[values[self.block(0)] > 0]] = 0
        return values

    def _join(self, present: Matrix) -> Matrix:
        """Return the rows of the list, of the newcomers n-fold, and of the villages."""
        own, villages, townships = self.one_hired, len(self.facts.villages), len(self.townships)
        pairs = len(self.hired)
        seat = _ones(np.arange(pairs), self.hired.person, (pairs, townships))
        row_seat = self.hired.person[own.rows.indices[own.rows.indptr[:-1]]]
        row_heads = sparse.csr_array(
            (own.high.astype(np.float64), (np.arange(len(row_seat)), row_seat)),
            shape=(len(row_seat), townships),
        )
        covers = [
            _ones(c.demand, np.arange(len(c)), (villages, len(c)))
            for c in (self.present, self.hired)
        ]
        heads = sparse.diags_array(self.most_each().astype(np.float64))
        blocks: list[list[Any]] = [
            [present.rows, None, None, None],
            [None, own.rows, -row_heads, None],
            [None, seat.T, -heads, None],
            [None, sparse.eye_array(pairs), -seat, None],
            [*covers, None, sparse.eye_array(villages)],
        ]
        rows = sparse.csr_array(sparse.block_array(blocks, format="csr"))
        free = len(row_seat) + townships + pairs
        low = np.concatenate([present.low, np.full(free, -NO_BOUND), np.ones(villages, np.int64)])
        high = np.concatenate([present.high, np.zeros(free, np.int64), np.full(villages, NO_BOUND)])
        most = np.bincount(self.hired.person, minlength=townships)
        singles = np.ones(len(self.present), np.int64), np.ones(villages, np.int64)
        upper = np.concatenate([singles[0], self._fits_one(), most, singles[1]])
        return Matrix(rows, low, high, np.zeros_like(upper), upper, present.fillers)

    def _fits_one(self) -> Ints:
        """Return 1 for each pair of a newcomer that fits one alone: n may not share a village."""
        entries = self.one_hired.rows.tocoo()
        fits = np.ones(len(self.hired), dtype=np.int64)
        fits[entries.col[entries.data > self.one_hired.high[entries.row]]] = 0
        return fits

    def most_each(self) -> Ints:
        """Return the most villages one newcomer of each township can have: by cap, hours, number."""
        own, most = self.one_hired, np.bincount(self.hired.person, minlength=len(self.townships))
        for row, high in enumerate(own.high):
            at = slice(own.rows.indptr[row], own.rows.indptr[row + 1])
            fit = int((np.cumsum(np.sort(own.rows.data[at])) <= high).sum())
            seat = self.hired.person[own.rows.indices[at][0]]
            most[seat] = min(most[seat], fit)
        return most.astype(np.int64)


def _ones(row: Ints, column: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)


def _report(question: _Question, alone: _Answer, helped: _Answer) -> Shortage:
    facts, villages = question.facts, len(question.facts.villages)
    placed = _placed(question, helped)
    missing = int(placed.sum())
    left = np.ones(villages, dtype=bool)
    left[question.present.demand[helped.values[question.block(0)] > 0]] = False
    left &= ~helped.uncovered
    short = Counter(village.area for n, village in enumerate(facts.villages) if left[n])
    rows = tuple(
        TownshipShortage(
            area=area,
            name=facts.instance.area_by_id[area].name,
            advisers=int(advisers),
            villages=short[area],
        )
        for area, advisers in zip(question.townships, placed, strict=True)
        if advisers or short[area]
    )
    counts = {
        "cap": question.cap.most,
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


def _placed(question: _Question, answer: _Answer) -> Ints:
    """Return the newcomers per township once their villages are dealt out one by one."""
    heads = np.zeros(len(question.townships), dtype=np.int64)
    taken = np.flatnonzero(answer.values[question.block(1)] > 0)
    spent = question.one_hired.rows.tocsc()[:, taken].toarray()
    seats = question.hired.person[taken]
    for seat in np.unique(seats):
        heads[seat] = dealt_out(spent[:, seats == seat], question.one_hired.high)
    return heads


def _crowd(question: _Question, alone: _Answer) -> Crowd:
    """Return villages that only so few people can serve that the cap must break (Hall, 1935).

    Grown from the uncovered villages: whoever may serve one of them, what these now hold, and so on.
    """
    pairs, held = question.present, alone.values[question.block(0)] > 0
    villages, people = alone.uncovered.copy(), np.zeros(len(question.facts.people), dtype=bool)
    size = -1
    while size < villages.sum():
        size = villages.sum()
        people[pairs.person[villages[pairs.demand]]] = True
        villages[pairs.demand[held & people[pairs.person]]] = True
    return Crowd(int(size), int(people.sum()), int(question.limits()[people].sum()))
