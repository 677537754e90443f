"""Checks before a solve: refuses fixed pins that break hard rules among themselves."""

from __future__ import annotations

from collections.abc import Iterable

from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.people import Pin
from models.report import Level
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from models.vocabulary import PinKind, Strength
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.pinning import in_month, not_offered
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule

TABLE = "固定安排"


def with_implied_pins(instance: Instance, month: str | None = None) -> Instance:
    """Return the instance with the adviser pinned wherever a visit is: only the adviser visits.

    Where the present adviser is away somebody else may visit, and the adviser keeps the seat.
    """
    seated = {pin.target for pin in instance.pins if pin.kind is PinKind.ADVISER}
    visits = [p for p in instance.pins if p.kind is PinKind.VISIT and p.strength is Strength.FIXED]
    implied = {p.target: p.person for p in visits if p.person and p.target not in seated}
    if implied:
        away = Facts(instance, month or instance.settings.month).away
        kept = {v.id: v.adviser for v in instance.villages if v.adviser and v.adviser in away}
        implied |= {village: kept[village] for village in implied if village in kept}
    seats = tuple(Pin(kind=PinKind.ADVISER, target=v, person=p) for v, p in implied.items())
    return instance.model_copy(update={"pins": (*instance.pins, *seats)}) if seats else instance


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
        issue(
            "pin_breaks_rule",
            Spot(TABLE),
            breach.subject,
            rule=rule.zh,
            rule_en=rule.en,
            breach=breach.zh,
            breach_en=breach.en,
        )
        for rule in hard
        for breach in rule.check(facts, plan)
    ]
    if issues:
        raise InputError(issues)


def pins_not_offered(model: Model) -> list[Issue]:
    """Return an Issue for each fixed pin whose choice a model does not offer."""
    fixed = [p for p in model.facts.instance.pins if p.strength is Strength.FIXED]
    return [
        issue("pin_not_possible", Spot(TABLE), f"{pin.kind.label} {pin.target} {pin.person}")
        for choices in model.choices.values()
        for pin in not_offered(model.facts, choices, fixed)
    ]


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
        visits=tuple(visits),
    )
