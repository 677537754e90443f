"""Differences by township, person, village with a new adviser, and unmet demand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.instance import Instance
from models.places import Area, Site, Village
from models.report import FairnessRow, Report, Unmet, UnmetKind
from models.roster import Roster
from models.slots import Slot
from models.vocabulary import Part
from scenarios.compare.result import AdviserRow, Load, PersonRow, TownshipRow, UnmetRow
from solver.limits import Stage
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading


def township_rows(facts: Facts, roster: Roster, stage: Stage) -> Iterator[TownshipRow]:
    """Yield every area in which villages or sites lie directly, in the order of the instance."""
    plan = Reading(facts, roster)
    places: dict[str, _TownshipContents] = defaultdict(_TownshipContents)
    for village in facts.villages:
        places[village.area].villages.append(village)
    for site in facts.sites:
        places[site.area].sites.append(site)
    for slot in facts.slots:
        places[slot.site.area].slots.append(slot)
    unknown = dict.fromkeys(_LEFT_OUT[stage])
    for area in facts.instance.areas:
        if area.id in places:
            yield _township(plan, area, places[area.id]).model_copy(update=unknown)


@dataclass
class _TownshipContents:
    """What lies in a township."""

    villages: list[Village] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)


_LEFT_OUT: dict[Stage, tuple[str, ...]] = {
    Stage.ALL: (),
    Stage.ADVISERS: ("visited", "duty_seats", "duties_held"),
    Stage.MONTH: ("mediators",),
}
"""What of a township a stage does not plan."""


def _township(plan: Reading, area: Area, places: _TownshipContents) -> TownshipRow:
    facts = plan.facts
    ways = [
        facts.minutes(person, facts.village_place(village.id))
        for village in places.villages
        for person in plan.advisers[village.id][:1]
    ]
    return TownshipRow(
        area=area.id,
        name=area.name,
        villages=len(places.villages),
        advised=len(ways),
        visited=sum(bool(plan.visits_to[village.id]) for village in places.villages),
        mean_minutes=round(sum(ways) / len(ways), 1) if ways else None,
        duty_seats=sum(slot.head_count for slot in places.slots),
        duties_held=sum(min(len(plan.holders[s.id]), s.head_count) for s in places.slots),
        mediators=sum(len(plan.mediators[site.id]) for site in places.sites),
    )


def person_rows(
    instance: Instance, report: Report, base: Instance, base_report: Report
) -> Iterator[PersonRow]:
    """Yield everybody whose load is not the base's, or who is in one of the two only, by id."""
    now, before = _loads(report.fairness), _loads(base_report.fairness)
    known = base.person_by_id | instance.person_by_id
    for person in sorted(known):
        load = now.get(person, Load()) if person in instance.person_by_id else None
        was = before.get(person, Load()) if person in base.person_by_id else None
        if load != was:
            yield PersonRow(person=person, name=known[person].name, base=was, load=load)


def adviser_rows(
    instance: Instance, roster: Roster, base: Instance, base_roster: Roster
) -> Iterator[AdviserRow]:
    """Yield every village of both whose adviser is not the base plan's, in the order of the instance."""
    now, before = _advisers(roster), _advisers(base_roster)
    names = {person.id: person.name for person in (*base.people, *instance.people)}
    for village in instance.villages:
        was, is_now = before.get(village.id, ""), now.get(village.id, "")
        if was != is_now and village.id in base.village_by_id:
            yield AdviserRow(
                village=village.id,
                name=village.name,
                area=village.area,
                before=was,
                before_name=names.get(was, ""),
                after=is_now,
                after_name=names.get(is_now, ""),
                has_left=bool(was) and was not in instance.person_by_id,
            )


Demand = tuple[UnmetKind, str, dt.date | None, Part | None]


def unmet_rows(unmet: Iterable[Unmet], others: Iterable[Unmet]) -> Iterator[UnmetRow]:
    """Yield each demand left empty, beside how much of it the others leave empty."""
    missing: dict[Demand, int] = defaultdict(int)
    for row in others:
        missing[_demand(row)] += row.missing
    for row in unmet:
        yield _unmet_row(row, row.missing, missing[_demand(row)])


def now_met_rows(unmet: Iterable[Unmet], base: Iterable[Unmet]) -> Iterator[UnmetRow]:
    """Yield what the base leaves empty and the scenario does not, with the base's reasons."""
    still = {_demand(row) for row in unmet}
    for row in base:
        if _demand(row) not in still:
            yield _unmet_row(row, 0, row.missing)


def _unmet_row(row: Unmet, missing: int, base_missing: int) -> UnmetRow:
    return UnmetRow(
        kind=row.kind,
        target=row.target,
        date=row.date,
        part=row.part,
        missing=missing,
        base_missing=base_missing,
        zh=row.zh,
        en=row.en,
        reasons=row.reasons,
    )


def _demand(row: Unmet) -> Demand:
    return row.kind, row.target, row.date, row.part


def _loads(rows: Iterable[FairnessRow]) -> dict[str, Load]:
    return {
        row.person: Load(**{name: getattr(row, name) for name in Load.model_fields}) for row in rows
    }


def _advisers(roster: Roster) -> dict[str, str]:
    return {seat.village: seat.person for seat in roster.advisers}
