"""Hypothetical advisers: one at the seat of each township, and the villages each may serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from models.arrays import Flags, Floats, Ints
from models.instance import Instance
from models.people import Person
from models.vocabulary import PersonKind, PinKind, Strength
from solver.modelling.choices import Block, Offer, adviser_offer, joined
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule


@dataclass(frozen=True)
class Newcomers:
    """Kinds of newcomers, counted and not named, and the villages that each kind may have.

    Parallel arrays by pair: village ``demand``, one-way ``minutes``, ``kind``. By kind:
    ``township`` and the ``most`` villages of one. ``rows`` (a column per pair) ``<= high`` bind one.
    """

    demand: Ints
    minutes: Ints
    kind: Ints
    township: Ints
    most: Ints
    rows: sparse.csr_array
    high: Ints

    def __len__(self) -> int:
        return len(self.demand)

    @classmethod
    def at_seats(
        cls, facts: Facts, rules: Iterable[Rule], strict: Iterable[Rule], townships: list[str]
    ) -> Newcomers:
        """Return one kind for each township, bound by the hard rules that bind one newcomer."""
        hired = _people(facts, rules, townships)
        model = Model(hired, strict, [_nearby(hired, rules, townships)])
        choices, matrix = model.choices[Block.ADVISERS], model.matrix()
        kinds = np.arange(len(townships))
        one = cls(
            choices.demand, choices.minutes, choices.person, kinds, kinds, matrix.rows, matrix.high
        )
        # two of a kind may not share a village that is too much for one
        return one.only(one.together() > 0)

    @property
    def kind_of_row(self) -> Ints:
        """The kind that each row binds."""
        return self.kind[self.rows.indices[self.rows.indptr[:-1]]]

    def alike(self) -> Newcomers:
        """Return kinds that have n villages each, of those that n alike would fit one.

        Fewer plans than there are, but in these any n villages of a kind fit one newcomer.
        """
        together = np.minimum(self.together(), self.most[self.kind])
        sizes = np.unique(together)
        pair, size = np.nonzero(together[:, None] >= sizes[None, :])
        return Newcomers(
            self.demand[pair],
            self.minutes[pair],
            self.kind[pair] * len(sizes) + size,
            np.repeat(self.township, len(sizes)),
            np.tile(sizes, len(self.township)),
            sparse.csr_array((0, len(pair))),
            self.high[:0],
        )

    def placed(self, taken: Flags, townships: int) -> Ints:
        """Return how many newcomers each township gets for the pairs taken."""
        heads = np.zeros(townships, dtype=np.int64)
        spent = self.rows.tocsc()[:, np.flatnonzero(taken)].toarray()
        for kind in np.unique(self.kind[taken]):
            mine = spent[:, self.kind[taken] == kind]
            least = -(-mine.shape[1] // self.most[kind])
            heads[self.township[kind]] += max(least, _dealt_out(mine, self.high))
        return heads

    def together(self) -> Ints:
        """Return how many villages like that of each pair fit one newcomer."""
        entries = self.rows.tocoo()
        fit = np.full(len(self), len(self), dtype=np.int64)
        np.minimum.at(fit, entries.col, self.high[entries.row] // entries.data.astype(np.int64))
        return fit

    def only(self, pairs: Flags) -> Newcomers:
        """Return the kinds with these pairs."""
        rows = self.rows[:, np.flatnonzero(pairs)]
        used = np.flatnonzero(np.diff(rows.indptr) > 0)
        arrays = self.demand[pairs], self.minutes[pairs], self.kind[pairs]
        found = Newcomers(*arrays, self.township, self.most, rows[used], self.high[used])
        return replace(found, most=_most(found))


def _most(hired: Newcomers) -> Ints:
    """Return the most villages that one newcomer of each kind can have: by cap, hours, number."""
    most = np.bincount(hired.kind, minlength=len(hired.township)).astype(np.int64)
    for row, kind in enumerate(hired.kind_of_row):
        spent = hired.rows.data[hired.rows.indptr[row] : hired.rows.indptr[row + 1]]
        fit = int((np.cumsum(np.sort(spent)) <= hired.high[row]).sum())
        most[kind] = min(most[kind], fit)
    return most


def with_agreed_excess(facts: Facts, cap: int) -> Facts:
    """Return the facts with the limit of whoever has more villages by fixed pins raised to these."""
    pins = facts.instance.pins
    seats = {
        (p.person, p.target)
        for p in pins
        if p.kind is PinKind.ADVISER and p.strength is Strength.FIXED and p.person
    }
    held = Counter(person for person, _ in seats)
    limit = dict(zip(facts.person_idx, facts.village_limits(cap).tolist(), strict=True))
    agreed = {person: count for person, count in held.items() if count > limit.get(person, count)}
    if not agreed:
        return facts
    people = tuple(
        p.model_copy(update={"villages_max": agreed[p.id]}) if p.id in agreed else p
        for p in facts.people
    )
    return Facts(facts.instance.model_copy(update={"people": people}), facts.month)


def newcomer(instance: Instance, rules: Iterable[Rule], area: str) -> Person:
    """Return a made-up adviser at the seat of a township, who may serve its county."""
    admitted = [kind for rule in rules for kind in rule.adviser_kinds]
    languages = sorted({name for village in instance.villages for name in village.languages})
    return Person(
        id=f"NEW-{area}",
        name="新增顾问",
        kind=(*admitted, PersonKind.LAWYER)[0],
        area=area,
        languages=tuple(languages),
        # an adviser is hired by a county
        serves_areas=instance.ancestors(area)[1:2],
    )


def _people(facts: Facts, rules: Iterable[Rule], townships: Iterable[str]) -> Facts:
    """Return the facts with one made-up adviser at each township's seat, and nobody else."""
    known = tuple(rules)
    people = tuple(newcomer(facts.instance, known, area) for area in townships)
    personal = (
        "leave",
        "wishes",
        "limits",
        "conflicts",
        "pins",
        "held_around",
        "ledger",
        "pairs",
        "posts",
    )
    update = {"people": people} | dict.fromkeys(personal, ())
    return Facts(facts.instance.model_copy(update=update), facts.month)


def _nearby(facts: Facts, rules: Iterable[Rule], townships: list[str]) -> Offer:
    """Return each newcomer with the villages of the own township and those within the circle."""
    everywhere = np.ones(len(facts.areas), dtype=bool)
    inside = [facts.inside(p.serves_areas) if p.serves_areas else everywhere for p in facts.people]
    may_serve = np.array(inside, dtype=bool)
    choices = joined(list(adviser_offer(facts).chunks(facts, may_serve)), Block.ADVISERS)
    township = {area: number for number, area in enumerate(townships)}
    home = np.array([township[village.area] for village in facts.villages], dtype=np.int64)
    near = home[choices.demand] == choices.person
    for town, country in filter(None, (rule.circle_minutes for rule in rules)):
        radius = np.where(facts.travel.is_town, town, country)[choices.place]
        near |= facts.travel.minutes(choices.person, choices.place) <= radius
    near_by = choices.where(near)
    return Offer(
        Block.ADVISERS,
        near_by.demand,
        near_by.place,
        near_by.half,
        near_by.later,
        near_by.standby,
        near_by.person,
    )


def _dealt_out(spent: Floats, high: Ints) -> int:
    """Return how many people hold these villages, each within ``high``: first fit, dearest first.

    ``spent`` has a row per limit and a column per village. More than the fewest possible only
    where hours bind unevenly.
    """
    room: list[Floats] = []
    for column in spent[:, np.argsort(-(spent / high[:, None]).sum(axis=0), kind="stable")].T:
        fitting = (n for n, used in enumerate(room) if (used + column <= high).all())
        at = next(fitting, len(room))
        room[at : at + 1] = [room[at] + column if at < len(room) else column]
    return len(room)
