"""Fixed pins that cannot be kept: which pin it is, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from models.instance import Instance
from models.issues import Issue
from models.messages import Spot, issue
from models.people import Pin
from models.report import Breach, Level
from models.roster import slot_id
from models.vocabulary import PinKind, Strength
from solver.modelling.choices import has_mediators
from solver.modelling.facts import Facts
from solver.modelling.pinning import in_month, is_lifted, pin_words, pinned_roster
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule

TABLE = "固定安排"
WhereOfPin = Callable[[Pin], Spot]
"""The cell of a pin in the file it came from."""
_MOST = 40
"""Pins of one person or place that are left out one by one to find those that clash."""
_WEEKDAYS = "一二三四五六日"


class _Fault(NamedTuple):
    """One rule that pins break together."""

    pins: tuple[Pin, ...]
    rule: Rule
    breach: Breach


def pin_faults(
    facts: Facts, rules: Iterable[Rule], where: WhereOfPin = lambda _: Spot(TABLE)
) -> list[Issue]:
    """Return an issue for each fixed pin without slot or seat, and each hard rule that pins break.

    Checked is the plan that holds nothing but the fixed pins of the month.
    """
    instance = facts.instance
    fixed = [p for p in instance.pins if p.strength is Strength.FIXED and in_month(facts, p)]
    vain = [pin for pin in fixed if _has_no_slot(facts, pin) or _has_no_seat(facts, pin)]
    rest = [pin for pin in fixed if pin not in vain]
    found = [_in_vain(facts, pin, where) for pin in vain]
    hard = [rule for rule in rules if rule.level is Level.HARD]
    return [
        *found,
        *(_broken(instance, fault, where) for fault in _faults(facts, hard, rest, vain)),
    ]


def _broken(instance: Instance, fault: _Fault, where: WhereOfPin) -> Issue:
    """Return the issue of a rule that pins break, at the last of them in the file."""
    in_file = [pin for pin in fault.pins if where(pin).cell] or list(fault.pins)
    cells = [where(pin).cell for pin in in_file[:-1] if where(pin).cell]
    breach, others = fault.breach, "、".join(cells)
    return issue(
        "pin_breaks_rule",
        where(in_file[-1]) if in_file else Spot(TABLE),
        pin_words(instance, in_file[-1]) if in_file else breach.subject,
        rule=fault.rule.zh,
        rule_en=fault.rule.en,
        breach=breach.zh,
        breach_en=breach.en,
        others=f"（另见 {others}）" if others else "",
        others_en=f" (see also {', '.join(cells)})" if others else "",
    )


def _has_no_slot(facts: Facts, pin: Pin) -> bool:
    """Whether a pinned duty or standby is of a slot that the post does not have."""
    if pin.kind not in {PinKind.DUTY, PinKind.STANDBY} or pin.person is None:
        return False
    if pin.target not in facts.instance.post_by_id or pin.date is None or pin.part is None:
        return False
    number = facts.slot_idx.get(slot_id(pin.target, pin.date, pin.part))
    if number is None:
        return True
    return pin.kind is PinKind.STANDBY and not facts.slots[number].post.standby


def _has_no_seat(facts: Facts, pin: Pin) -> bool:
    """Whether a mediator is pinned to a site that has no mediator seats."""
    site = facts.instance.site_by_id.get(pin.target or "")
    return pin.kind is PinKind.MEDIATOR and site is not None and not has_mediators(site)


def _in_vain(facts: Facts, pin: Pin, where: WhereOfPin) -> Issue:
    if pin.kind is PinKind.MEDIATOR:
        return issue("pin_not_possible", where(pin), pin_words(facts.instance, pin))
    post = facts.instance.post_by_id[pin.target or ""]
    parts = "、".join(part.label for part in post.parts)
    words = {
        "weekday": f"星期{_WEEKDAYS[pin.date.weekday()]}" if pin.date else "",
        "rhythm": f"{post.recurrence.text} {parts}",
        "standby": post.standby,
        "kind": pin.kind.label,
        "kind_en": pin.kind.value,
    }
    return issue("pin_no_slot", where(pin), pin_words(facts.instance, pin), **words)


def _faults(
    facts: Facts, rules: Sequence[Rule], pins: Sequence[Pin], told: Sequence[Pin]
) -> Iterator[_Fault]:
    """Yield what the pins break; that those ``told`` before are not kept is no news."""
    if not pins:
        return
    plan = Reading(facts, pinned_roster(facts, pins))
    for rule in rules:
        lost = [p for p in (*told, *pins) if p.person is not None and not plan.has(p)]
        for breach in rule.check(facts, plan):
            if not is_lifted(rule):
                yield _Fault(_concerned(facts, rule, breach, pins), rule, breach)
                continue
            gone = next((pin for pin in lost if pin.target == breach.subject), None)
            lost = [pin for pin in lost if pin is not gone]
            if not any(gone is pin for pin in told):
                yield _Fault((gone,) if gone else (), rule, breach)


def _concerned(facts: Facts, rule: Rule, breach: Breach, pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """Return the pins that make a breach: those without any of which it would not be there."""
    named = tuple(pin for pin in pins if breach.subject in _subjects(pin))
    if len(named) < 2 or len(named) > _MOST:
        return named

    def is_broken_by(some: Iterable[Pin]) -> bool:
        plan = Reading(facts, pinned_roster(facts, some))
        return any(found.zh == breach.zh for found in rule.check(facts, plan))

    alone = tuple(pin for pin in named if is_broken_by([pin]))
    if alone:
        return alone
    return tuple(p for p in named if not is_broken_by(q for q in pins if q is not p)) or named


def _subjects(pin: Pin) -> set[str]:
    found = {pin.target or "", pin.person or ""}
    if pin.target and pin.date and pin.part:
        found.add(slot_id(pin.target, pin.date, pin.part))
    return found
