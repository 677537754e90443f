"""verify(instance, rules, roster) -> Report: an independent check of any roster, also one made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from models.formats.intake.remarks import remarks
from models.instance import Instance
from models.report import Report, Status
from models.roster import Roster
from solver.answers.explain import Explainer
from solver.check import check
from solver.limits import Stage
from solver.modelling.choices import WHERE_ASKED, Block
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
    return Explainer(facts, rules, _Models(facts, rules, roster, stage))


class _Models(Mapping[Block, Model]):
    """The models of the stages, each built when it is first asked about: a city's take seconds."""

    def __init__(self, facts: Facts, rules: tuple[Rule, ...], roster: Roster, stage: Stage) -> None:
        self._facts, self._rules, self._roster = facts, rules, roster
        asked = {block for rule in rules for block in rule.blocks}
        seats = [block for block in _SEATS if block in asked or block not in WHERE_ASKED]
        self._blocks = (*(seats if stage is not Stage.MONTH else ()),)
        self._blocks += _MONTH if stage is not Stage.ADVISERS else ()

    def __getitem__(self, block: Block) -> Model:
        if block not in self._blocks:
            raise KeyError(block)
        return self._seats if block in _SEATS else self._month

    def __contains__(self, block: object) -> bool:
        return block in self._blocks

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)

    @cached_property
    def _seats(self) -> Model:
        return seats_model(self._facts, self._rules)

    @cached_property
    def _month(self) -> Model:
        return month_model(self._facts, self._rules, self._roster.advisers)


_SEATS = (Block.ADVISERS, Block.MEDIATORS, Block.STATIONS)
_MONTH = (Block.DUTIES, Block.VISITS)
