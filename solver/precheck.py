"""What a solve refuses to start with: fixed pins that break hard rules among themselves."""

from __future__ import annotations

from collections.abc import Iterable

from models.issues import InputError, Issue
from models.people import Pin
from models.report import Level
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from models.vocabulary import PinKind, Strength
from solver.facts import Facts
from solver.pins import in_month
from solver.reading import Reading
from solver.rules.base import Rule

TABLE = "固定安排"


def precheck(facts: Facts, rules: Iterable[Rule]) -> None:
    """Check the plan that holds nothing but the fixed pins.

    Raises
    ------
    InputError
        With an Issue for each hard rule the pins break together.
    """
    fixed = [p for p in facts.instance.pins if p.strength is Strength.FIXED and in_month(facts, p)]
    if not fixed:
        return
    plan = Reading(facts, pinned_roster(facts, fixed))
    hard = [rule for rule in rules if rule.level is Level.HARD]
    issues = [
        Issue(
            code="pin_breaks_rule",
            table=TABLE,
            value=breach.subject,
            zh=f"固定安排违反“{rule.zh}”：{breach.zh}",
            en=f"Pins break '{rule.en}': {breach.en}",
            mend_zh="请取消其中一条固定安排，或改为“沿用”",
            mend_en="Remove one of the pins, or make it 'keep'",
        )
        for rule in hard
        for breach in rule.check(facts, plan)
    ]
    if issues:
        raise InputError(issues)


def pinned_roster(facts: Facts, pins: Iterable[Pin]) -> Roster:
    """Return the roster made of the pins; a pinned visit seats its visitor as adviser too."""
    advisers: dict[str, str] = {}
    mediators: list[MediatorSeat] = []
    duties: list[Duty] = []
    visits: list[Visit] = []
    for pin in pins:
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
        visits=tuple(visits),
    )
