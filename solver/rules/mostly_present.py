"""A seat goes to somebody who is there for most of the month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.people import Leave, Person
from models.report import Breach, Level
from models.vocabulary import Part, PinKind
from solver.modelling.choices import Block, listed
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class MostlyPresent(PairRule):
    """Who is away for more than half of the month's workdays is given no seat.

    The adviser of a village keeps it all the same, and so does whoever is pinned to a seat: others
    then stand in. Away is who has leave or is not in office; leave by the hour
    counts where it covers the whole half day. A village whose
    adviser's term ends within the month asks for the days after that.
    Formula: the pair counts 1 where half days away[p] > workdays of the month (there are two half
    days to a workday), p is not the present adviser of v and no pin names the pair.

    Source: station duty rule (leave in writing, a colleague stands in); Dinghai (Zhoushan) 2021:
    who is appointed serves the term; that half a month is the border is an assumption.
    """

    zh: ClassVar[str] = "当月多半时间在岗"
    en: ClassVar[str] = "there for most of the month"
    reason_zh: ClassVar[str] = "本月多半时间不在岗"
    reason_en: ClassVar[str] = "are away for most of the month"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.MEDIATORS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the person is away and the seat is new."""
        away = np.array([person.id in facts.away for person in facts.people], dtype=bool)
        pins = (p for p in facts.instance.pins if p.kind in (PinKind.ADVISER, PinKind.MEDIATOR))
        held = [(p.person, p.target) for p in pins if p.person and p.target]
        if choices.block is Block.ADVISERS:
            held += [(v.adviser, v.id) for v in facts.villages if v.adviser is not None]
        known = [(person, place) for person, place in held if person in facts.person_idx]
        is_new = listed(facts, choices, known) == 0
        is_away = away[choices.person]
        for village, row in facts.leaving.items() if choices.block is Block.ADVISERS else ():
            gone = facts.away_from(row.next_day)
            here = choices.demand == facts.village_idx[village]
            lacks = np.array([person.id in gone for person in facts.people], dtype=bool)
            is_away[here] = lacks[choices.person[here]]
        return np.asarray(is_away & is_new, dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the half days on which everyone with a new seat is away."""
        kinds = (PinKind.ADVISER, PinKind.MEDIATOR)
        pinned = {(p.target, p.person) for p in facts.instance.pins if p.kind in kinds}
        first = facts.days[0]
        seats = [
            (v.id, v.name, p, facts.seat_begins(v.id))
            for v in facts.villages
            for p in plan.advisers[v.id]
        ]
        kept = pinned | {(village.id, village.adviser) for village in facts.villages}
        seats += [(s.id, s.name, p, first) for s in facts.sites for p in plan.mediators[s.id]]
        for place, name, holder, begins in seats:
            person = facts.instance.person_by_id[holder]
            if (place, holder) in kept or not _is_away(facts, person, begins):
                continue
            zh = f"{person.name}本月多半时间不在岗，不宜新任{name}"
            en = f"{person.name} is away for most of the month and takes a new seat at {name}"
            yield self.breach(place, 1, zh, en)


def _is_away(facts: Facts, person: Person, begins: dt.date) -> bool:
    days = [day for day in facts.days if facts.calendar.is_workday(day) and begins <= day]
    there = 0
    for day in days:
        rows = facts.leave_of.get(person.id, ())
        covering = [leave for leave in rows if leave.first <= day <= leave.last]
        for part in (Part.AM, Part.PM):
            is_off = any(_takes_all(facts, leave, day, part) for leave in covering)
            there += facts.is_active(person, day) and not is_off
    return there < len(days)


def _takes_all(facts: Facts, leave: Leave, day: dt.date, part: Part) -> bool:
    """Say whether a leave of that day takes all of its morning or afternoon."""
    if leave.start is None or leave.end is None:
        return leave.part in (None, part)
    settings = facts.instance.settings
    opens, closes = (
        (settings.am_start, settings.am_end)
        if part is Part.AM
        else (settings.pm_start, settings.pm_end)
    )
    is_over_midnight = leave.end <= leave.start
    return leave.start <= opens and (closes <= leave.end or is_over_midnight)
