"""Only admitted kinds of people take a seat, a duty or a visit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.places import admitted_kinds
from models.report import Breach, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import OF_PEOPLE, Block, Choices, stands_in
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


ADVISERS = (PersonKind.LAWYER, PersonKind.GRASSROOTS, PersonKind.MEDIATOR)


class KindsAdmitted(PairRule):
    """Advisers are of an admitted kind, mediator seats go to full-time mediators, duties to the post's kinds.

    Who makes the visits of an adviser who is away is of a kind admitted as adviser too.
    A post that names no kinds admits those of its kind of duty (``ADMITTED``); criminal duty
    lawyers are always lawyers. Formula: the pair counts 1 where kind[p] is not admitted by d.

    Source: S1 金水区 2018 二(三)1: lawyer, grassroots worker or full-time mediator with legal
    literacy; Legal Aid Law 2021 art. 14, 16; Chongqing regulation 2012: grassroots workers
    handle no criminal work.
    """

    zh: ClassVar[str] = "人员类别"
    en: ClassVar[str] = "kinds admitted"
    is_broad: ClassVar[bool] = True
    reason_zh: ClassVar[str] = "不属于该岗位要求的人员类别"
    reason_en: ClassVar[str] = "are of another kind"
    blocks: ClassVar[frozenset[Block]] = OF_PEOPLE

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    advisers: tuple[PersonKind, ...] = ADVISERS

    @property
    def adviser_kinds(self) -> tuple[PersonKind, ...]:
        """The kinds admitted as advisers."""
        return self.advisers

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the kind of the person is not admitted."""
        order = list(PersonKind)
        kind = np.array([order.index(person.kind) for person in facts.people], dtype=np.int64)
        if choices.block is Block.VISITS:
            kinds = np.array([p.kind in self.advisers for p in facts.people], dtype=bool)
            unfit = stands_in(facts, choices) & ~kinds[choices.person]
            return np.asarray(unfit, dtype=np.int64)
        if choices.block is Block.ADVISERS:
            admitted = np.array([[k in self.advisers for k in order]])
            row = np.zeros(len(choices), dtype=np.int64)
        elif choices.block is Block.MEDIATORS:
            admitted = np.array([[k is PersonKind.MEDIATOR for k in order]])
            row = np.zeros(len(choices), dtype=np.int64)
        else:
            admitted = np.array(
                [[k in admitted_kinds(s.post) for k in order] for s in facts.slots], bool
            )
            row = choices.demand
        refused = ~admitted.reshape(-1, len(order))[row, kind[choices.person]]
        return refused.astype(np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask everyone who holds something for their kind."""
        known = facts.instance.person_by_id
        for village, people in plan.advisers.items():
            for person in (known[p] for p in people if known[p].kind not in self.advisers):
                zh = f"{person.name}（{person.kind.label}）不能任村居法律顾问"
                yield self.breach(
                    village, 1, zh, f"{person.name} ({person.kind.value}) cannot be an adviser"
                )
        for visit in plan.roster.visits:
            advisers, person = plan.visitors(visit.village), known[visit.person]
            if advisers and visit.person not in advisers and person.kind not in self.advisers:
                zh = f"{person.name}（{person.kind.label}）不能代村居法律顾问走访"
                en = f"{person.name} ({person.kind.value}) cannot visit for an adviser"
                yield self.breach(visit.village, 1, zh, en)
        for site, people in plan.mediators.items():
            for person in (known[p] for p in people if known[p].kind is not PersonKind.MEDIATOR):
                zh = f"{person.name}不是专职人民调解员"
                yield self.breach(site, 1, zh, f"{person.name} is not a full-time mediator")
        for sitting in plan.sittings:
            person, post = known[sitting.person], sitting.slot.post
            if person.kind not in admitted_kinds(post):
                zh = f"{post.name}不接受{person.kind.label}（{person.name}）"
                yield self.breach(
                    sitting.slot.id, 1, zh, f"{post.name} does not admit {person.kind.value}"
                )
