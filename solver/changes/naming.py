"""Firms name people for the slots they were given: names go into the roster, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.roster import NAMING_SHEET, Duty, FirmNaming, Roster
from solver.check import check
from solver.modelling.facts import Facts
from solver.modelling.rule import Rule


def with_names(
    instance: Instance, rules: Iterable[Rule], roster: Roster, names: Iterable[FirmNaming]
) -> Roster:
    """Return the roster with the named people on the slots that waited for their firm.

    Rows without a person leave their slot waiting.

    Raises
    ------
    InputError
        With an Issue for each name that fits no waiting slot, each person of another firm, and
        each hard rule that the names break together.
    """
    given = [row for row in names if row.person is not None]
    issues: list[Issue] = []
    duties = list(roster.duties)
    for row in given:
        at = next((n for n, duty in enumerate(duties) if _waits_for(duty, row)), None)
        person = instance.person_by_id.get(row.person or "")
        said = f"{row.post} {row.date} {row.part.label} {row.person}"
        if at is None:
            issues.append(issue("naming_no_slot", Spot(NAMING_SHEET), said, firm=row.firm))
        elif person is None or person.firm != row.firm:
            issues.append(issue("naming_other_firm", Spot(NAMING_SHEET), said, firm=row.firm))
        else:
            duties[at] = duties[at].model_copy(update={"person": person.id, "firm": None})
    after = roster.model_copy(update={"duties": tuple(duties)})
    issues += _broken(instance, tuple(rules), roster, after) if not issues else []
    if issues:
        raise InputError(issues)
    return after


def named_by_office(roster: Roster) -> Roster:
    """Return the roster with every slot that still waits given to the person the plan chose."""
    duties = tuple(duty.model_copy(update={"firm": None}) for duty in roster.duties)
    return roster.model_copy(update={"duties": duties})


def _waits_for(duty: Duty, row: FirmNaming) -> bool:
    slot = (duty.post, duty.date, duty.part, duty.firm)
    return slot == (row.post, row.date, row.part, row.firm) and not duty.standby


def _broken(
    instance: Instance, rules: tuple[Rule, ...], before: Roster, after: Roster
) -> list[Issue]:
    """Return an issue for each hard breach that the names bring."""
    facts = Facts(instance, before.month)
    hard = [rule for rule in rules if rule.level.value == "hard"]
    old = set(check(facts, hard, before).breaches)
    return [
        issue("naming_breaks_rule", Spot(NAMING_SHEET), b.subject, breach=b.zh, breach_en=b.en)
        for b in check(facts, hard, after).breaches
        if b not in old
    ]
