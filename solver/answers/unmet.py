"""What is lacking: the demands that a plan leaves unmet, each with where to look for reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from models.report import Unmet, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.rules.mediators_per_site import MediatorsPerSite
from solver.rules.monthly_visit import MonthlyVisit
from solver.rules.quarterly_lecture import QuarterlyLecture


@dataclass(frozen=True)
class Lack:
    """An unmet demand without its reasons, and the demand's number in its block.

    ``demand`` is None where nobody is to be asked: the visit is made, only no lecture held on it.
    """

    unmet: Unmet
    block: Block
    demand: int | None
    standby: bool = False


def lacking(plan: Reading, rules: Iterable[Rule], blocks: Collection[Block]) -> Iterator[Lack]:
    """Yield every unmet demand of the blocks that were planned.

    A mobile point is a service too, so a village without a fixed station is not unmet.
    """
    by_type = {type(rule): rule for rule in rules}
    if Block.ADVISERS in blocks:
        yield from _advisers(plan)
    if Block.MEDIATORS in blocks:
        yield from _mediators(plan, by_type.get(MediatorsPerSite))
    if Block.DUTIES in blocks:
        yield from _duties(plan)
    if Block.VISITS in blocks:
        yield from _visits(plan, by_type.get(MonthlyVisit))
        yield from _lectures(plan, by_type.get(QuarterlyLecture))


def _advisers(plan: Reading) -> Iterator[Lack]:
    for number, village in enumerate(plan.facts.villages):
        if not plan.advisers[village.id]:
            unmet = Unmet(
                kind=UnmetKind.ADVISER,
                target=village.id,
                zh=f"{village.name}没有法律顾问",
                en=f"{village.name} has no adviser",
            )
            yield Lack(unmet, Block.ADVISERS, number)


def _mediators(plan: Reading, rule: Rule | None) -> Iterator[Lack]:
    for number, site in enumerate(plan.facts.sites):
        lower = rule.lower(site) if isinstance(rule, MediatorsPerSite) else 0
        missing = lower - len(plan.mediators[site.id])
        if missing > 0:
            unmet = Unmet(
                kind=UnmetKind.MEDIATOR,
                target=site.id,
                missing=missing,
                zh=f"{site.name}缺专职调解员 {missing} 人",
                en=f"{site.name} lacks {missing} mediator(s)",
            )
            yield Lack(unmet, Block.MEDIATORS, number)


def _duties(plan: Reading) -> Iterator[Lack]:
    for number, slot in enumerate(plan.facts.slots):
        needs = (
            (UnmetKind.DUTY, slot.post.head_count - len(plan.holders[slot.id]), False),
            (UnmetKind.STANDBY, slot.post.standby - len(plan.standbys[slot.id]), True),
        )
        for kind, missing, standby in needs:
            if missing > 0:
                what = f"{slot.site.name} {slot.post.name}"
                unmet = Unmet(
                    kind=kind,
                    target=slot.post.id,
                    date=slot.date,
                    part=slot.part,
                    missing=missing,
                    zh=f"{slot.date} {slot.part.label} {what}缺{kind.label} {missing} 人",
                    en=f"{slot.date} {slot.part.value} {what}: {missing} {kind.value} missing",
                )
                yield Lack(unmet, Block.DUTIES, number, standby)


def _visits(plan: Reading, rule: Rule | None) -> Iterator[Lack]:
    if not isinstance(rule, MonthlyVisit):
        return
    for number, village in enumerate(plan.facts.villages):
        missing = rule.visits_due(plan.facts, village) - len(plan.visits_to[village.id])
        if missing > 0:
            unmet = Unmet(
                kind=UnmetKind.VISIT,
                target=village.id,
                missing=missing,
                zh=f"{village.name}本月少走访 {missing} 次",
                en=f"{village.name}: {missing} visit(s) missing",
            )
            yield Lack(unmet, Block.VISITS, number)


def _lectures(plan: Reading, rule: Rule | None) -> Iterator[Lack]:
    if not isinstance(rule, QuarterlyLecture):
        return
    due = rule.due(plan.facts)
    for number, village in enumerate(plan.facts.villages):
        made = plan.visits_to[village.id]
        if village.id in due and not any(visit.lecture for visit in made):
            unmet = Unmet(
                kind=UnmetKind.LECTURE,
                target=village.id,
                zh=f"{village.name}本季度讲座未安排",
                en=f"{village.name}: lecture not planned",
            )
            yield Lack(unmet, Block.VISITS, None if made else number)
