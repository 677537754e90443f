"""Pins as choices of a model, and what the two rules about pins share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.arrays import Flags, Ints
from models.instance import Instance
from models.people import Pin
from models.report import Breach
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit, slot_id
from models.vocabulary import Part, PinKind, Strength
from solver.modelling.choices import OF_PEOPLE, Block, Choices
from solver.modelling.facts import Facts
from solver.modelling.rule import Rule
from solver.modelling.trips import with_starts

if TYPE_CHECKING:
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

BLOCK_OF: dict[PinKind, Block] = {
    PinKind.ADVISER: Block.ADVISERS,
    PinKind.MEDIATOR: Block.MEDIATORS,
    PinKind.DUTY: Block.DUTIES,
    PinKind.STANDBY: Block.DUTIES,
    PinKind.VISIT: Block.VISITS,
}

Dated = tuple[PinKind, str, dt.date, Part]
"""What a dated assignment is, whoever has it: kind, post or village, date, part."""


class PinRule(Rule):
    """Base class of the rules about fixed and kept pins."""

    strength: ClassVar[Strength]
    blocks: ClassVar[frozenset[Block]] = OF_PEOPLE

    def encode(self, model: Model) -> None:
        """Ask for each pin's choice, and for none beyond them where a pin names nobody."""
        facts = model.facts
        pins = [pin for pin in facts.instance.pins if pin.strength is self.strength]
        closed = Closed(pins)
        for choices in model.choices_of(self.blocks):
            group, column, wanted = pinned(facts, choices, pins)
            model.at_least(self, group, column, wanted)
            shut = closed.choices(facts, choices)
            if len(shut):
                model.at_most(self, shut.demand, shut.column, 0)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look each pin up in the plan, and each dated assignment where nobody may be added."""
        mine = [pin for pin in facts.instance.pins if pin.strength is self.strength]
        for pin in mine:
            if pin.person is not None and in_month(facts, pin) and not plan.has(pin):
                zh = f"未保留{pin_words(facts.instance, pin)}"
                en = f"{pin.kind.value} pin of {pin.person} is not kept"
                yield self.breach(pin.target or "", 1, zh, en)
        closed = Closed(mine)
        if not closed:
            return
        agreed = {(p.kind, p.target, p.date, p.part, p.person) for p in facts.instance.pins}
        for (kind, target, date, part), person in _dated(facts, plan.roster):
            is_agreed = (kind, target, date, part, person) in agreed
            if not is_agreed and closed.holds((kind, target, date, part)):
                added = Pin(kind=kind, target=target, person=person, date=date, part=part)
                zh = f"已冻结，不应新增{pin_words(facts.instance, added)}"
                yield self.breach(target, 1, zh, f"frozen: {kind.value} of {person} was added")


def keeps_published(kind: type[Rule]) -> bool:
    """Say whether a rule of this kind asks to keep what was published."""
    return issubclass(kind, PinRule) and kind.strength is Strength.KEEP


def is_lifted(rule: Rule) -> bool:
    """Say whether a rule keeps fixed pins, which whoever asks for another person means to lift."""
    return isinstance(rule, PinRule) and rule.strength is Strength.FIXED


class Closed:
    """Where nobody may be added: the pins that name nobody."""

    def __init__(self, pins: Iterable[Pin]) -> None:
        self._keys = {(p.kind, p.target, p.date, p.part) for p in pins if p.person is None}
        self._kinds = {kind for kind, *_ in self._keys}

    def __bool__(self) -> bool:
        """Whether there is such a place at all."""
        return bool(self._keys)

    def holds(self, dated: Dated) -> bool:
        """Say whether nobody may be added to a dated assignment."""
        kind, target, date, part = dated
        return kind in self._kinds and any(
            (kind, post, date, half) in self._keys
            for post in (target, None)
            for half in (part, None)
        )

    def choices(self, facts: Facts, choices: Choices) -> Choices:
        """Return the choices that may not be taken: those that are pinned may."""
        mask = np.zeros(len(choices), dtype=bool)
        if choices.block is Block.DUTIES and {PinKind.DUTY, PinKind.STANDBY} & self._kinds:
            mask = self._of_duties(facts, choices)
        elif choices.block is Block.VISITS and PinKind.VISIT in self._kinds:
            mask = self._of_visits(facts, choices)
        if mask.any():
            mask[_matches(facts, choices, _asked(facts, choices, facts.instance.pins))[1]] = False
        return choices.where(mask)

    def _of_duties(self, facts: Facts, choices: Choices) -> Flags:
        held = [
            [self.holds((kind, slot.post.id, slot.date, slot.part)) for slot in facts.slots]
            for kind in (PinKind.DUTY, PinKind.STANDBY)
        ]
        return np.array(held, dtype=bool)[choices.standby.astype(np.int64), choices.demand]

    def _of_visits(self, facts: Facts, choices: Choices) -> Flags:
        pairs = zip(choices.demand.tolist(), choices.half.tolist(), strict=True)
        when = [facts.half_date(half) for half in range(3 * len(facts.days))]
        closed = [
            self.holds((PinKind.VISIT, facts.villages[v].id, *when[half])) for v, half in pairs
        ]
        return np.array(closed, dtype=bool)


def pin_words(instance: Instance, pin: Pin) -> str:
    """Return 值班 1月6日上午 县中心法律咨询 林某: a pin as people see it."""
    target, person = pin.target or "", pin.person or ""
    post, village = instance.post_by_id.get(target), instance.village_by_id.get(target)
    site = instance.site_by_id.get(post.site if post else target)
    place = f"{site.name if site else ''}{post.name if post else ''}"
    known = instance.person_by_id.get(person)
    when = f"{pin.date.month}月{pin.date.day}日" if pin.date else ""
    words = (
        pin.kind.label,
        f"{when}{pin.part.label if pin.part else ''}",
        village.name if village else place or target,
        known.name if known else person,
    )
    return " ".join(word for word in words if word)


def in_month(facts: Facts, pin: Pin) -> bool:
    """Say whether the pin speaks of this month; standing seats do, but of who hands the village over."""
    going = facts.leaving.get(pin.target or "") if pin.kind is PinKind.ADVISER else None
    if going is not None:
        return going.person != pin.person
    return pin.date is None or pin.date in facts.day_idx


def pinned(facts: Facts, choices: Choices, pins: Sequence[Pin]) -> tuple[Ints, Ints, Ints]:
    """Return group numbers, columns and the wanted 1 per pin of this block and month.

    A visit that may begin at several times has a column for each.
    """
    asked = _asked(facts, choices, pins)
    number, at = _matches(facts, choices, asked)
    return number, choices.column[at], np.ones(len(asked), dtype=np.int64)


def not_offered(facts: Facts, choices: Choices, pins: Sequence[Pin]) -> list[Pin]:
    """Return the pins of this block and month whose choice is not there."""
    asked = _asked(facts, choices, pins)
    number, _ = _matches(facts, choices, asked)
    offered = set(number.tolist())
    return [pin for n, pin in enumerate(asked) if n not in offered]


def _asked(facts: Facts, choices: Choices, pins: Iterable[Pin]) -> list[Pin]:
    return [
        pin
        for pin in pins
        if pin.person is not None and BLOCK_OF[pin.kind] is choices.block and in_month(facts, pin)
    ]


def _matches(facts: Facts, choices: Choices, asked: Sequence[Pin]) -> tuple[Ints, Ints]:
    """Return the number of each pin that is offered, and where its choices stand."""
    halves = 3 * len(facts.days) + 1
    half = choices.half + 1 if choices.block is Block.VISITS else np.zeros_like(choices.half)
    keys = (choices.demand * len(facts.people) + choices.person) * halves + half
    keys = 2 * keys + choices.standby
    wanted = np.array([_key(facts, pin, halves) for pin in asked], dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    low, high = (np.searchsorted(keys, wanted, side, sorter=order) for side in ("left", "right"))
    number = np.repeat(np.arange(len(asked)), high - low)
    nth = np.arange(len(number)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    return number, order[low[number] + nth]


def _key(facts: Facts, pin: Pin, halves: int) -> int:
    """Return the number that tells the pin's choice from all others, -1 where none can be."""
    demand, person = _demand(facts, pin), facts.person_idx.get(pin.person or "", -1)
    if demand < 0 or person < 0:
        return -1
    half = 0
    if pin.kind is PinKind.VISIT and pin.date is not None and pin.part is not None:
        half = facts.half(pin.date, pin.part) + 1
    key = (demand * len(facts.people) + person) * halves + half
    return 2 * key + (pin.kind is PinKind.STANDBY)


def _demand(facts: Facts, pin: Pin) -> int:
    target = pin.target or ""
    if pin.kind in (PinKind.ADVISER, PinKind.VISIT):
        return facts.village_idx.get(target, -1)
    if pin.kind is PinKind.MEDIATOR:
        return facts.site_idx.get(target, -1)
    if pin.date is None or pin.part is None:
        return -1
    return facts.slot_idx.get(slot_id(target, pin.date, pin.part), -1)


def _dated(facts: Facts, roster: Roster) -> Iterator[tuple[Dated, str]]:
    """Yield every duty, standby and visit that the facts know, with its person."""
    for duty in roster.duties:
        if duty.slot not in facts.slot_idx:
            continue
        kind = PinKind.STANDBY if duty.standby else PinKind.DUTY
        yield (kind, duty.post, duty.date, duty.part), duty.person
    for visit in roster.visits:
        if visit.village in facts.village_idx and visit.date in facts.day_idx:
            yield (PinKind.VISIT, visit.village, visit.date, visit.part), visit.person


def pinned_roster(facts: Facts, pins: Iterable[Pin]) -> Roster:
    """Return the roster made of nothing but the pins."""
    advisers: dict[str, str] = {}
    mediators: list[MediatorSeat] = []
    duties: list[Duty] = []
    visits: list[Visit] = []
    for pin in pins:
        if pin.person is None or pin.target is None:
            continue
        if pin.kind is PinKind.ADVISER:
            advisers[pin.target] = pin.person
        elif pin.kind is PinKind.MEDIATOR:
            mediators.append(MediatorSeat(site=pin.target, person=pin.person))
        elif pin.date is None or pin.part is None:
            continue
        elif pin.kind is PinKind.VISIT:
            visits.append(
                Visit(village=pin.target, person=pin.person, date=pin.date, part=pin.part)
            )
        else:
            standby = pin.kind is PinKind.STANDBY
            duties.append(
                Duty(
                    post=pin.target,
                    date=pin.date,
                    part=pin.part,
                    person=pin.person,
                    standby=standby,
                )
            )
    return Roster(
        month=facts.month,
        advisers=tuple(AdviserSeat(village=v, person=p) for v, p in advisers.items()),
        mediators=tuple(mediators),
        duties=tuple(duties),
        visits=tuple(with_starts(facts, visits)),
    )
