"""Checks before a solve: refuses fixed pins that break hard rules among themselves."""

from __future__ import annotations

from collections.abc import Iterable

from models.calendar import month_days
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.people import Pin
from models.vocabulary import PinKind, Strength
from solver.answers.pin_faults import TABLE, pin_faults
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.pinning import not_offered, pin_words
from solver.modelling.rule import Rule


def with_implied_pins(instance: Instance, month: str | None = None) -> Instance:
    """Return the instance with the adviser pinned wherever a visit is: only the adviser visits.

    Where the present adviser is away somebody else may visit, and the adviser keeps the seat.
    """
    visits = [p for p in instance.pins if p.kind is PinKind.VISIT and p.strength is Strength.FIXED]
    month = month or instance.settings.month
    days = month_days(month)
    going = {(row.village, row.person) for row in instance.leaving(days[0], days[-1])}
    pinned = {(p.target, p.person) for p in instance.pins if p.kind is PinKind.ADVISER}
    seated = {village for village, _ in pinned - going}
    implied = {
        p.target: p.person
        for p in visits
        if p.person and p.target not in seated and (p.target, p.person) not in going
    }
    if implied:
        away = Facts(instance, month).away
        kept = {v.id: v.adviser for v in instance.villages if v.adviser and v.adviser in away}
        implied |= {village: kept[village] for village in implied if village in kept}
    seats = tuple(Pin(kind=PinKind.ADVISER, target=v, person=p) for v, p in implied.items())
    return instance.model_copy(update={"pins": (*instance.pins, *seats)}) if seats else instance


def precheck(facts: Facts, rules: Iterable[Rule]) -> None:
    """Check the plan that holds nothing but the fixed pins.

    Raises
    ------
    InputError
        With an Issue for each pin that has no slot, and each hard rule the pins break together.
    """
    issues = pin_faults(facts, rules)
    if issues:
        raise InputError(issues)


def pins_not_offered(model: Model) -> list[Issue]:
    """Return an Issue for each fixed pin whose choice a model does not offer."""
    fixed = [p for p in model.facts.instance.pins if p.strength is Strength.FIXED]
    return [
        issue("pin_not_possible", Spot(TABLE), pin_words(model.facts.instance, pin))
        for choices in model.choices.values()
        for pin in not_offered(model.facts, choices, fixed)
    ]
