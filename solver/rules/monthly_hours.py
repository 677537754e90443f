"""Nobody works more hours a month than they have, travel included where it counts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.issues import Sentence
from models.people import Person
from models.report import Breach, Level
from models.roster import Visit
from models.slots import STOPS_APART, is_later_stop, visit_hours
from models.vocabulary import Mode, PersonKind
from solver.modelling.choices import Block
from solver.modelling.reading import Sitting
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


_WAY_ON = round(STOPS_APART.total_seconds() / 60)


class MonthlyHours(Rule):
    """Service and travel of a person fit into the person's hours of the month.

    Formula, minutes: sum_v (60·h[v] + 2·n[v]·t[p,v]) x[p,v] <= 60·c[p] for the seats, with
    n[v] = ceil(h[v] / visit_hours) trips; and
    sum_s (length[s] + 2·t[p,s]) y[p,s] + sum of (length[v] + 2·t[p,v]) over visits
    <= 60·c[p] for the month; a visit lasts ``visit_hours`` of the settings, less in a village that
    has less. Visits of one half day are one trip: a further stop, which begins later than its half day does,
    counts 30 minutes of way, the longest between two stops. Standing by takes no hours; remote and on-call
    duties no travel.
    With ``by_share`` a part-timer has the hours of the kind × share (the number named for a person holds
    as it is).
    Where ``count_travel`` is off, t counts 0 in both sums: the hours given hold the way already,
    or the minutes are a price and no time, as in a generalised assignment problem.
    The breach is the excess in whole minutes.

    Source: capacity c by kind from the domain ranges (full-time staff 22 days of 8 h);
    4 h a village: Henan 2018, Anhui 2021.
    """

    zh: ClassVar[str] = "每月工时"
    en: ClassVar[str] = "monthly hours"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    lawyer: Count = 48
    grassroots: Count = 64
    full_time: Count = 184
    others: Count = 32
    village_hours: Annotated[float, Field(gt=0, le=80)] = 4
    count_travel: bool = True
    by_share: bool = True

    @property
    def bound(self) -> Sentence | None:
        """Hours of each kind of people."""
        hours = (self.lawyer, self.grassroots, self.full_time, self.others)
        zh = "律师 {}、基层法律服务工作者 {}、专职人员 {}、其他人员 {} 小时".format(*hours)
        en = "lawyers {}, grassroots workers {}, full-time staff {}, others {} h".format(*hours)
        return Sentence(zh, en)

    def encode(self, model: Model) -> None:
        """Seats alone, then duties and visits together."""
        facts = model.facts
        capacity = np.array([self.capacity_minutes(p) for p in facts.people], dtype=np.int64)
        groups, columns, minutes = [], [], []
        for choices in model.choices_of(self.blocks):
            groups.append(choices.person)
            columns.append(choices.column)
            minutes.append(self._minutes(facts, choices))
        if groups:
            spent = np.concatenate(minutes)
            model.at_most(self, np.concatenate(groups), np.concatenate(columns), capacity, spent)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up the seats, then the month, of each person."""
        way_zh = "（含路途）" if self.count_travel else ""
        for person in facts.people:
            limit = self.capacity_minutes(person)
            seats = sum(
                self._seat_minutes(facts, person.id, v) for v in plan.villages_of[person.id]
            )
            spent = sum(self._turn_minutes(facts, turn) for turn in plan.turns_of(person.id))
            for visit in plan.visits_of[person.id]:
                spent += self._visit_minutes(facts, visit)
            for total in (seats, spent):
                if total > limit:
                    zh = f"{person.name}每月需 {total / 60:.1f} 小时{way_zh}，上限 {limit / 60:.1f} 小时"
                    en = f"{person.name} needs {total / 60:.1f} h a month, has {limit / 60:.1f} h"
                    yield self.breach(person.id, total - limit, zh, en)

    def capacity_minutes(self, person: Person) -> int:
        """Return the minutes a person has in a month."""
        by_kind = {
            PersonKind.LAWYER: self.lawyer,
            PersonKind.GRASSROOTS: self.grassroots,
            PersonKind.MEDIATOR: self.full_time,
            PersonKind.OFFICER: self.full_time,
        }
        hours = by_kind.get(person.kind, self.others) * (person.share if self.by_share else 1)
        return round(60 * (hours if person.monthly_hours is None else person.monthly_hours))

    def _minutes(self, facts: Facts, choices: Choices) -> Ints:
        way = choices.minutes if self.count_travel else np.zeros_like(choices.minutes)
        if choices.block is Block.ADVISERS:
            hours = np.array([v.service_hours or self.village_hours for v in facts.villages])
            given = {
                (facts.person_idx[p], facts.village_idx.get(place, -1)): h
                for (p, place), h in facts.pair_hours.items()
            }
            own = hours[choices.demand] if len(choices) else np.zeros(0)
            if given:
                pairs = zip(choices.person.tolist(), choices.demand.tolist(), strict=True)
                own = np.array([given.get(pair, own[n]) for n, pair in enumerate(pairs)])
            trips = np.ceil(own / facts.instance.settings.visit_hours).astype(np.int64)
            return np.rint(60 * own).astype(np.int64) + 2 * trips * way
        if choices.block is Block.VISITS:
            on = _WAY_ON if self.count_travel else 0
            return facts.visit_length[choices.demand] + np.where(choices.later > 0, on, 2 * way)
        length = np.array(
            [(s.end - s.start).total_seconds() // 60 for s in facts.slots], dtype=np.int64
        )
        onsite = np.array([s.post.mode is Mode.ONSITE for s in facts.slots], dtype=np.int64)
        spent = length[choices.demand] + 2 * way * onsite[choices.demand]
        return np.where(choices.standby, 0, spent)

    def _seat_minutes(self, facts: Facts, person: str, village: str) -> int:
        own = facts.instance.village_by_id[village].service_hours or self.village_hours
        hours = facts.pair_hours.get((person, village), own)
        way = self._way(facts, person, facts.village_place(village))
        trips = math.ceil(hours / facts.instance.settings.visit_hours)
        return round(60 * hours) + 2 * trips * way

    def _visit_minutes(self, facts: Facts, visit: Visit) -> int:
        settings, village = facts.instance.settings, facts.instance.village_by_id[visit.village]
        spent = round(60 * visit_hours(settings, village))
        if is_later_stop(settings, village, visit):
            return spent + (30 if self.count_travel else 0)
        return spent + 2 * self._way(facts, visit.person, facts.village_place(visit.village))

    def _turn_minutes(self, facts: Facts, turn: Sitting) -> int:
        length = round((turn.slot.end - turn.slot.start).total_seconds() / 60)
        if turn.slot.post.mode is not Mode.ONSITE:
            return length
        return length + 2 * self._way(facts, turn.person, facts.site_place(turn.slot.site.id))

    def _way(self, facts: Facts, person: str, place: int) -> int:
        return facts.minutes(person, place) if self.count_travel else 0
