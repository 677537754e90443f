"""The independent check: every breach of every rule in any roster. Imports no ortools.

Also the figures of a plan: coverage, load and fairness per person, what changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.report import (
    Breach,
    DifferenceRow,
    FairnessRow,
    FirmShare,
    Level,
    Overbooked,
    TurnShare,
)
from models.roster import Roster, Visit
from models.slots import PART_ORDER, is_later_stop, visit_hours
from models.vocabulary import DayClass, Mode, Part, PinKind
from solver.entitlement import Shares, turn_shares
from solver.figures import Figures, kpis
from solver.limits import Stage
from solver.modelling.demand import DemandRule
from solver.modelling.facts import Facts
from solver.modelling.pinning import in_month
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule


@dataclass(frozen=True)
class Checked:
    """What the check found: breaches of hard and waivable rules, amounts of all rules, KPIs."""

    breaches: tuple[Breach, ...]
    terms: dict[str, int]
    kpis: Figures
    fairness: tuple[FairnessRow, ...]
    differences: tuple[DifferenceRow, ...]
    overbooked: tuple[Overbooked, ...]
    firm_shares: tuple[FirmShare, ...]


def check(facts: Facts, rules: Iterable[Rule], roster: Roster, stage: Stage = Stage.ALL) -> Checked:
    """Check ``roster`` against ``rules``; soft breaches count in ``terms`` only.

    Figures of what ``stage`` leaves out are not known.
    """
    known = tuple(rule for rule in rules if rule.applies_to(facts))
    plan = Reading(facts, roster)
    found: list[Breach] = []
    terms: dict[str, int] = {}
    for rule in known:
        breaches = list(rule.check(facts, plan))
        terms[rule.code] = sum(breach.amount for breach in breaches)
        found += [breach for breach in breaches if breach.level is not Level.SOFT]
    fairness = fairness_rows(facts, plan, turn_shares(facts, known, plan))
    figures = kpis(facts, known, plan, fairness, stage)
    asking = (rule for rule in known if isinstance(rule, DemandRule))
    surplus = tuple(one for rule in asking for one in rule.overbooked(plan))
    shares = tuple(row for rule in known for row in rule.firm_shares(plan))
    changes = differences(facts, plan)
    return Checked(tuple(found), terms, figures, fairness, changes, surplus, shares)


def fairness_rows(facts: Facts, plan: Reading, shares: Shares) -> tuple[FairnessRow, ...]:
    """Return the load of everyone who holds something or was due a turn, in order of the instance."""
    rows = (_fairness(facts, plan, person.id, shares.get(person.id, ())) for person in facts.people)
    return tuple(
        row
        for row in rows
        if row.villages or row.turns or row.visits or row.standby_turns or row.shares
    )


def differences(facts: Facts, plan: Reading) -> tuple[DifferenceRow, ...]:
    """Return where the plan differs from the pinned or published assignments and present advisers."""
    rows = [
        _change_of_adviser(facts, plan, village.id, village.adviser) for village in facts.villages
    ]
    for pin in facts.instance.pins:
        if pin.person and pin.target and in_month(facts, pin) and not plan.has(pin):
            now = _holders_now(plan, pin.kind, pin.target, pin.date, pin.part)
            rows.append(
                DifferenceRow(
                    kind=pin.kind,
                    target=pin.target,
                    date=pin.date,
                    part=pin.part,
                    before=pin.person,
                    after=";".join(now),
                )
            )
    return tuple(row for row in rows if row is not None)


def _change_of_adviser(
    facts: Facts, plan: Reading, village: str, before: str | None
) -> DifferenceRow | None:
    now = plan.advisers[village]
    if not before or now == [before]:
        return None
    return DifferenceRow(kind=PinKind.ADVISER, target=village, before=before, after=";".join(now))


def _holders_now(
    plan: Reading, kind: PinKind, target: str, date: object, part: object
) -> list[str]:
    if kind is PinKind.ADVISER:
        return plan.advisers[target]
    if kind is PinKind.MEDIATOR:
        return plan.mediators[target]
    if kind is PinKind.VISIT:
        made, own = plan.visits_to[target], plan.advisers[target]
        return [
            f"{v.date} {v.part.label}" + ("" if v.person in own else f" {v.person}") for v in made
        ]
    standby = kind is PinKind.STANDBY
    return [
        s.person
        for s in plan.sittings
        if (s.slot.post.id, s.slot.date, s.slot.part, s.standby) == (target, date, part, standby)
    ]


def _fairness(
    facts: Facts, plan: Reading, person: str, shares: tuple[TurnShare, ...]
) -> FairnessRow:
    turns, visits = plan.turns_of(person), plan.visits_of[person]
    onsite = [t for t in turns if t.slot.post.mode is Mode.ONSITE]
    travel = sum(2 * facts.minutes(person, facts.site_place(t.slot.site.id)) for t in onsite)
    travel += _visiting(facts, person, visits)
    hours = sum((t.slot.end - t.slot.start).total_seconds() / 3600 for t in turns)
    settings, villages = facts.instance.settings, facts.instance.village_by_id
    hours += sum(visit_hours(settings, villages[v.village]) for v in visits)
    return FairnessRow(
        person=person,
        villages=len(plan.villages_of[person]),
        turns=len(turns),
        weekend_turns=sum(t.slot.day_class is not DayClass.WORKDAY for t in turns),
        night_turns=sum(t.slot.part is Part.NIGHT for t in turns),
        standby_turns=len(plan.sittings_of[person]) - len(turns),
        visits=len(visits),
        lectures=sum(visit.lecture for visit in visits),
        hours=round(hours + travel / 60, 1),
        travel_minutes=travel,
        carried_turns=facts.turns_before.get(person, 0),
        shares=shares,
    )


def _visiting(facts: Facts, person: str, visits: Iterable[Visit]) -> int:
    """Return the minutes of a person's ways to villages and back, from stop to stop on a trip."""
    settings, known = facts.instance.settings, facts.instance.village_by_id
    total, here = 0, -1
    for visit in sorted(visits, key=lambda v: (v.date, PART_ORDER[v.part], v.start or "")):
        place = facts.village_place(visit.village)
        if here >= 0 and is_later_stop(settings, known[visit.village], visit):
            ends = np.array([[here], [place]])
            total += int(facts.travel.between(*ends)[0]) - facts.minutes(person, here)
            total += facts.minutes(person, place)
        else:
            total += 2 * facts.minutes(person, place)
        here = place
    return total
