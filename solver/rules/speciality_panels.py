"""A site with speciality panels has a mediator for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, Unmet, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class SpecialityPanels(DemandRule):
    """For each panel of a site, one of its mediators has that speciality.

    Formula: for each site s and panel k, [sum of x[p,s] over people with k = 0].

    Source: S0 蚌埠 2020: industry mediation in medical, road traffic, property, consumer,
    tourism, environment and commerce matters.
    """

    zh: ClassVar[str] = "行业性专业性调解"
    en: ClassVar[str] = "speciality panels"
    unfit_zh: ClassVar[str] = "不具备该专业"
    unfit_en: ClassVar[str] = "lack the speciality"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.MEDIATORS})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE

    def encode(self, model: Model) -> None:
        """At least one fitting mediator per panel."""
        people = model.facts.people
        panels = [(n, field) for n, site in enumerate(model.facts.sites) for field in site.panels]
        for choices in model.choices_of(self.blocks):
            groups, columns = [], []
            for number, (site, field) in enumerate(panels):
                fits = np.array([field in person.specialities for person in people], dtype=bool)
                mine = (choices.demand == site) & fits[choices.person]
                columns.append(choices.column[mine])
                groups.append(np.full(int(mine.sum()), number))
            wanted = np.ones(len(panels), dtype=np.int64)
            empty = [np.zeros(0, dtype=np.int64)]
            model.at_least(
                self, np.concatenate(groups or empty), np.concatenate(columns or empty), wanted
            )

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask each panel for its mediator."""
        known = facts.instance.person_by_id
        for site in facts.sites:
            present = {f for person in plan.mediators[site.id] for f in known[person].specialities}
            for field in site.panels:
                if field not in present:
                    zh = f"{site.name}缺少{field.label}专业调解员"
                    yield self.breach(
                        site.id, 1, zh, f"{site.name} lacks a mediator for {field.value}"
                    )

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every panel of which no mediator of the site has the speciality."""
        people, known = plan.facts.people, plan.facts.instance.person_by_id
        for number, site in enumerate(plan.facts.sites):
            present = {f for person in plan.mediators[site.id] for f in known[person].specialities}
            lacking = [field for field in site.panels if field not in present]
            if lacking:
                names = "、".join(field.label for field in lacking)
                unmet = Unmet(
                    kind=UnmetKind.PANEL,
                    target=site.id,
                    missing=len(lacking),
                    zh=f"{site.name}缺少{names}专业调解员",
                    en=f"{site.name} lacks a mediator for {', '.join(f.value for f in lacking)}",
                )
                able = (n for n, p in enumerate(people) if set(lacking) & set(p.specialities))
                yield Lack(unmet, Block.MEDIATORS, number, fitting=frozenset(able))
