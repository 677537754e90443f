"""verify(instance, rules, roster) -> Report: an independent check of any roster, also one made by hand."""

from __future__ import annotations

from collections.abc import Iterable

from models.formats.intake.remarks import remarks
from models.instance import Instance
from models.report import Report, Status
from models.roster import Roster
from solver.answers.explain import Explainer
from solver.check import check
from solver.limits import Stage
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule
from solver.modelling.stages import month_model, seats_model
from solver.versions import versions


def verify(
    instance: Instance, rules: Iterable[Rule], roster: Roster, stage: Stage = Stage.ALL
) -> Report:
    """Check a roster by code that did not make it: breaches, unmet demands with reasons, KPIs.

    Of a roster that plans one stage, only that stage's demands are asked about.
    """
    known = tuple(rules)
    facts = Facts(instance, roster.month)
    checked = check(facts, known, roster, stage)
    unmet = explainer(facts, known, roster, stage).unmet(roster)
    return Report(
        status=Status.CHECKED,
        month=roster.month,
        terms=checked.terms,
        breaches=checked.breaches,
        unmet=unmet,
        overbooked=checked.overbooked,
        firm_shares=checked.firm_shares,
        kpis=checked.kpis,
        fairness=checked.fairness,
        differences=checked.differences,
        estimated_days=facts.month_is_estimated,
        remarks=remarks(instance, roster.month),
        notice=instance.settings.notice,
        input_hash=instance.content_hash,
        profile=instance.settings.profile,
        versions=versions(),
    )


def explainer(
    facts: Facts, rules: tuple[Rule, ...], roster: Roster, stage: Stage = Stage.ALL
) -> Explainer:
    """Return an explainer for the seats and the month of ``roster``, or for one of them."""
    models: dict[Block, Model] = {}
    if stage is not Stage.MONTH:
        seats = seats_model(facts, rules)
        models |= dict.fromkeys(seats.choices, seats)
    if stage is not Stage.ADVISERS:
        month = month_model(facts, rules, roster.advisers)
        models |= dict.fromkeys(month.choices, month)
    return Explainer(facts, rules, models)
