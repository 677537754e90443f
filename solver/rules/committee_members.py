"""A mediation committee has a woman, and in a mixed area a member of a minority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, Unmet, UnmetKind
from models.vocabulary import Gender, SiteKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack

if TYPE_CHECKING:
    from models.people import Person
    from models.places import Site
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class CommitteeMembers(DemandRule):
    """Each people's mediation committee has a woman, and a minority member where its site says so.

    How many members it has is said by ``mediators_per_site``: 3 to 9.
    Formula: for each committee s, [no woman among x[p,s]] + [mixed area and no minority member].

    Source: People's Mediation Law 2010 art. 8.
    """

    zh: ClassVar[str] = "调解委员会组成"
    en: ClassVar[str] = "committee members"
    unfit_zh: ClassVar[str] = "不是所缺的成员"
    unfit_en: ClassVar[str] = "are not the member that is missing"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.MEDIATORS})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.COVERAGE

    def encode(self, model: Model) -> None:
        """At least one woman, at least one minority member."""
        facts = model.facts
        kind = SiteKind.COMMITTEE
        women = np.array([site.kind is kind for site in facts.sites], dtype=np.int64)
        mixed = np.array([site.kind is kind and site.mixed_area for site in facts.sites], np.int64)
        is_woman = np.array([p.gender is Gender.FEMALE for p in facts.people], dtype=bool)
        is_minority = np.array([person.minority for person in facts.people], dtype=bool)
        for choices in model.choices_of(self.blocks):
            for wanted, fits in ((women, is_woman), (mixed, is_minority)):
                mine = choices.where(fits[choices.person])
                model.at_least(self, mine.demand, mine.column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look for both members in each committee."""
        for site in facts.sites:
            for zh, en in _missing(plan, site):
                yield self.breach(site.id, 1, f"{site.name}缺{zh}", f"{site.name} lacks {en}")

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every committee without one of them."""
        for number, site in enumerate(plan.facts.sites):
            missing = _missing(plan, site)
            if not missing:
                continue
            unmet = Unmet(
                kind=UnmetKind.COMMITTEE,
                target=site.id,
                missing=len(missing),
                zh=f"{site.name}缺{'、'.join(zh for zh, _ in missing)}",
                en=f"{site.name} lacks {', '.join(en for _, en in missing)}",
            )
            fitting = (n for n, p in enumerate(plan.facts.people) if set(_marks(p)) & set(missing))
            yield Lack(unmet, Block.MEDIATORS, number, fitting=frozenset(fitting))


WOMAN = ("妇女成员", "a woman")
MINORITY = ("少数民族成员", "a member of a minority")


def _marks(person: Person) -> list[tuple[str, str]]:
    """Return as which of the members a person counts."""
    women = [WOMAN] if person.gender is Gender.FEMALE else []
    return women + ([MINORITY] if person.minority else [])


def _missing(plan: Reading, site: Site) -> list[tuple[str, str]]:
    """Return the members that a committee lacks."""
    if site.kind is not SiteKind.COMMITTEE:
        return []
    known = plan.facts.instance.person_by_id
    present = {mark for person in plan.mediators[site.id] for mark in _marks(known[person])}
    asked = [WOMAN, MINORITY] if site.mixed_area else [WOMAN]
    return [member for member in asked if member not in present]
