"""The agreement property has teeth: every deliberately wrong encoding is found out.

Each case spoils what a rule tells the model, by one unit, hour, week or colleague, and leaves
its check alone. The property must find a counterexample within its ordinary budget.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from models.arrays import Ints
from solver.modelling.choices import Choices
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule
from solver.rules import rest_after_night, travel_between_half_days
from solver.rules.conflict_of_interest import ConflictOfInterest
from solver.rules.fair_share import FairShare
from solver.rules.keep_station import KeepStation
from solver.rules.leave import OnLeave
from solver.rules.monthly_cap import MonthlyCap
from solver.rules.monthly_hours import MonthlyHours
from solver.rules.nights_max import NightsMax
from solver.rules.one_place_at_a_time import OnePlaceAtATime
from solver.rules.pins import Pins
from solver.rules.priority_villages import PriorityVillages
from solver.rules.rest_before_night import RestBeforeNight
from solver.rules.service_circle import ServiceCircle
from solver.rules.spacing import Spacing
from solver.rules.station_demand import StationDemand
from solver.rules.station_host import StationHost
from solver.rules.station_walk import StationWalk
from solver.rules.station_way import StationWay
from solver.rules.villages_per_adviser import VillagesPerAdviser
from solver.rules.villages_per_station import VillagesPerStation
from solver.rules.visit_days import VisitDays
from solver.rules.weekly_cap import WeeklyCap
from solver.rules.wishes import Wishes
from tests.rule_numbers import rules_of
from tests.solver.agreement import contradictions
from tests.strategies import LIKINGS, Plan, plans

Wrong = type[Rule]
BUDGET = 1500
"""Examples within which each fault must be found; the property itself draws 25 a rule in ci."""


class _FoundError(Exception):
    """A counterexample was found."""


class LooseMonthlyCap(MonthlyCap):
    """One turn too many is let through."""

    def encode(self, model: Model) -> None:
        turns = None if self.turns is None else self.turns + 1
        MonthlyCap.encode(self.model_copy(update={"turns": turns}), model)


class LooseVillages(VillagesPerAdviser):
    """The cap counts from six."""

    def encode(self, model: Model) -> None:
        VillagesPerAdviser.encode(self.model_copy(update={"most": self.most + 1}), model)


class ShortSpacing(Spacing):
    """The window is a day short."""

    def encode(self, model: Model) -> None:
        Spacing.encode(self.model_copy(update={"days": max(1, self.days - 1)}), model)


class LongRest(rest_after_night.RestAfterNight):
    """The wrong hour: an hour more than asked for."""

    def encode(self, model: Model) -> None:
        more = self.model_copy(update={"rest_hours": self.rest_hours + 1})
        rest_after_night.RestAfterNight.encode(more, model)


class WholeDayLeave(OnLeave):
    """A court date in the morning takes the whole day."""

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        rows = facts.instance.leave
        whole = tuple(r.model_copy(update={"part": None, "start": None, "end": None}) for r in rows)
        other = Facts(facts.instance.model_copy(update={"leave": whole}), facts.month)
        return super().amounts(other, choices)


class ShortRestBefore(RestBeforeNight):
    """A minute less than asked for."""

    def encode(self, model: Model) -> None:
        known = model.facts.slot_minutes
        model.facts.slot_minutes = known - np.array([0, 1])
        super().encode(model)
        model.facts.slot_minutes = known


class Labels(OnePlaceAtATime):
    """Compares the parts that things are printed under, not their hours."""

    def encode(self, model: Model) -> None:
        width = 3 * len(model.facts.days)
        offered = list(model.choices_of(self.blocks))
        group = [choices.person * width + choices.half for choices in offered]
        column = [choices.column for choices in offered]
        model.at_most(self, np.concatenate(group), np.concatenate(column), 1)


class FifthNight(NightsMax):
    """A night too many is let through."""

    def encode(self, model: Model) -> None:
        NightsMax.encode(self.model_copy(update={"nights": self.nights + 1}), model)


class EverybodyAlwaysHere(FairShare):
    """Newcomers, leavers and who was away owe what the others served."""

    def _share_days(self, facts: Facts) -> dict[str, float]:
        longest = max(sum(own.values()) for own in facts.past.days.values())
        return {person.id: person.share * longest for person in facts.instance.people}


class TruncatedShare(FairShare):
    """Half-time people are charged as full-time people are."""

    def encode(self, model: Model) -> None:
        people = tuple(p.model_copy(update={"share": 1.0}) for p in model.facts.people)
        full, part = model.facts.instance.model_copy(update={"people": people}), model.facts
        model.facts = Facts(full, part.month)
        super().encode(model)
        model.facts = part


class NoFirm(ConflictOfInterest):
    """Forgets that a conflict binds the whole firm."""

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        own = {(c.person, c.village or c.site) for c in facts.instance.conflicts}
        people, places = [p.id for p in facts.people], [place.id for place in facts.places]
        pairs = zip(choices.person.tolist(), choices.place.tolist(), strict=True)
        return np.array([(people[p], places[at]) in own for p, at in pairs], dtype=np.int64)


class SundayWeeks(WeeklyCap):
    """The wrong week: Sunday to Saturday."""

    def encode(self, model: Model) -> None:
        if self.turns is None:
            return
        facts = model.facts
        first = facts.days[0].isoweekday() % 7
        week = np.array([(n + first) // 7 for n in range(len(facts.days))], dtype=np.int64)
        counted = np.array([person.kind not in self.exempt for person in facts.people])
        for choices in model.choices_of(self.blocks):
            held = choices.where(~choices.standby & counted[choices.person])
            model.at_most(self, held.person * 100 + week[held.half // 3], held.column, self.turns)


class WeekendVisits(VisitDays):
    """Forgets make-up workdays and holidays: Monday to Friday is what counts."""

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        weekend = np.array([day.isoweekday() > 5 for day in facts.days], dtype=np.int64)
        return weekend[choices.half // 3]


class CountryCircle(ServiceCircle):
    """Takes the radius of the country for towns too."""

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        return np.maximum(choices.minutes - self.country_minutes, 0)


class OneWayHours(MonthlyHours):
    """Forgets the way back."""

    def _minutes(self, facts: Facts, choices: Choices) -> Ints:
        return super()._minutes(facts, replace(choices, minutes=choices.minutes // 2))


class FlatPriority(PriorityVillages):
    """Charges every priority village alike."""

    def encode(self, model: Model) -> None:
        wanted = np.array([min(v.priority, 1) for v in model.facts.villages], dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            model.at_least(self, choices.demand, choices.column, wanted)


class StandbyWishes(Wishes):
    """Takes standing by for a duty."""

    def encode(self, model: Model) -> None:
        kept = model.choices
        bare = {
            block: replace(choices, standby=np.zeros_like(choices.standby))
            for block, choices in kept.items()
        }
        model.choices = bare
        super().encode(model)
        model.choices = kept


class LooseStation(StationDemand):
    """A matter less is asked of a station."""

    def encode(self, model: Model) -> None:
        StationDemand.encode(self.model_copy(update={"least": max(0, self.least - 1)}), model)


class FourthVillage(VillagesPerStation):
    """A village too many shares a station."""

    def encode(self, model: Model) -> None:
        VillagesPerStation.encode(self.model_copy(update={"most": self.most + 1}), model)


class HostElsewhere(StationHost):
    """A host may itself go elsewhere, as long as it has some station."""

    def encode(self, model: Model) -> None:
        for choices in model.choices_of(self.blocks):
            shared = choices.where(choices.person != choices.demand)
            pair, host = np.nonzero(shared.person[:, None] == choices.demand[None, :])
            group = np.concatenate([np.arange(len(shared)), pair])
            column = np.concatenate([shared.column, choices.column[host]])
            coef = np.repeat([1, -1], [len(shared), len(pair)])
            model.at_most(self, group, column, 0, coef)


class DrivenToStation(StationWalk):
    """Takes people by car."""

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        minutes = facts.travel.between(choices.place, choices.person)
        return np.maximum(minutes - self.minutes, 0)


class LastHosts(KeepStation):
    """Takes the last village of a station for its host."""

    def encode(self, model: Model) -> None:
        sites = model.facts.sites
        turned = [s.model_copy(update={"villages": s.villages[::-1]}) for s in sites]
        model.facts.sites = tuple(turned)
        super().encode(model)
        model.facts.sites = sites


class OneWalk(StationWay):
    """Everybody walks once, whatever the consultations."""

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        return choices.minutes


class NextDayShut(Pins):
    """Shuts the day after."""

    def encode(self, model: Model) -> None:
        known, late = model.facts, dt.timedelta(days=1)
        pins = (
            pin
            if pin.person or pin.date is None
            else pin.model_copy(update={"date": pin.date + late})
            for pin in known.instance.pins
        )
        model.facts = known.with_pins(tuple(pins))
        super().encode(model)
        model.facts = known


class TravelMinuteMore(travel_between_half_days.TravelBetweenHalfDays):
    """Asks for a minute more than the way takes; see ``late_ends``."""


WRONG: tuple[Wrong, ...] = (
    LooseMonthlyCap,
    LooseVillages,
    ShortSpacing,
    LongRest,
    WholeDayLeave,
    EverybodyAlwaysHere,
    ShortRestBefore,
    Labels,
    FifthNight,
    TruncatedShare,
    NoFirm,
    SundayWeeks,
    WeekendVisits,
    CountryCircle,
    OneWayHours,
    FlatPriority,
    StandbyWishes,
    LooseStation,
    FourthVillage,
    HostElsewhere,
    DrivenToStation,
    LastHosts,
    OneWalk,
    NextDayShut,
    TravelMinuteMore,
)


@pytest.fixture
def late_ends(monkeypatch) -> None:
    """Everything ends a minute late in the eyes of the travel rule's encoding."""
    timed = travel_between_half_days.spans_of

    @functools.wraps(timed)
    def late(*asked: Any) -> Any:
        spans = timed(*asked)
        return replace(spans, end=spans.end + 1)

    monkeypatch.setattr(travel_between_half_days, "spans_of", late)


def examples_until_found(rule_type: Wrong) -> int:
    """Return how many examples the property needs, 0 if it finds nothing."""
    tried = 0

    @settings(max_examples=BUDGET, derandomize=True, database=None)
    @given(rules_of(rule_type), plans(), LIKINGS)
    def find(rule: Rule, plan: Plan, liking: list[int]) -> None:
        nonlocal tried
        tried += 1
        if any(contradictions(plan, rule, np.array(liking))):
            raise _FoundError

    try:
        find()
    except _FoundError:
        return tried
    return 0


@pytest.mark.usefixtures("late_ends")
@pytest.mark.parametrize("rule_type", WRONG)
def test_wrong_encoding_is_found(rule_type):
    assert 0 < examples_until_found(rule_type) <= BUDGET
