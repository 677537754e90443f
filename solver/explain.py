"""Why nobody: the reasons of every candidate of an unmet demand, grouped for a person to read.

A candidate is refused by a pair rule (known from the model), or else by what he or she
already holds: the assignment is added to the plan and the independent check says which hard
rule it would break. Whoever is left could take it only at the price of another demand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.people import Person
from models.report import Level, Reason, Unmet, UnmetKind
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from solver.choices import Block, Choices
from solver.facts import Facts
from solver.model import Model
from solver.reading import Reading
from solver.rules.base import PairRule, Rule
from solver.rules.mediators_per_site import MediatorsPerSite
from solver.rules.monthly_visit import MonthlyVisit
from solver.rules.quarterly_lecture import QuarterlyLecture

SHOWN = 20
"""Ids listed per reason."""


@dataclass(frozen=True)
class _Alone:
    """One person's part of a roster, and the hard breaches it has by itself."""

    of: Roster
    facts: Facts
    roster: Roster
    before: dict[str, int]


class Explainer:
    """Finds what a plan leaves unmet and groups the reasons of all candidates."""

    def __init__(
        self,
        facts: Facts,
        rules: Iterable[Rule],
        models: Mapping[Block, Model],
        is_interrupted: bool = False,
    ) -> None:
        self._facts = facts
        self._is_interrupted = is_interrupted
        self._rules = tuple(rules)
        self._models = models
        self._by_type = {type(rule): rule for rule in self._rules}
        self._hard = tuple(
            r
            for r in self._rules
            if r.code != "pins" and (r.level is Level.HARD or r.code in _CAPS)
        )
        self._own: dict[str, _Alone] = {}

    def unmet(self, roster: Roster) -> tuple[Unmet, ...]:
        """Return every unmet demand of the blocks that were planned, with reasons."""
        plan = Reading(self._facts, roster)
        finders = {
            Block.ADVISERS: self._advisers,
            Block.MEDIATORS: self._mediators,
            Block.DUTIES: self._duties,
            Block.VISITS: self._visits,
        }
        # a mobile point is a service too, so a village without a fixed station is not unmet
        planned = (block for block in self._models if block in finders)
        return tuple(u for block in planned for u in finders[block](plan))

    def plans(self, block: Block) -> bool:
        """Say whether a block is decided at all."""
        return block in self._models

    def model_of(self, block: Block) -> Model:
        """Return the model that decides a block."""
        return self._models[block]

    def why(
        self, plan: Reading, block: Block, demand: int, standby: bool = False
    ) -> tuple[Reason, ...]:
        """Return the grouped reasons of all candidates of one demand of one block."""
        if self._is_interrupted:
            return _INTERRUPTED
        model = self._models[block]
        mine = model.candidates(block, demand, standby)
        groups: dict[str, list[str]] = defaultdict(list)
        for number in np.unique(mine.refused[mine.refused >= 0]):
            people = mine.person[mine.refused == number]
            groups[model.rules[number].code] = [self._facts.people[p].id for p in people]
        for n in np.flatnonzero(mine.refused < 0):
            person = self._facts.people[mine.person[n]]
            if not self._holds(plan, block, demand, person):
                groups[self._obstacle(plan, mine, int(n), person)].append(person.id)
        known = {rule.code: rule for rule in model.rules}
        reasons = (self._reason(code, people, known) for code, people in groups.items())
        return tuple(sorted(reasons, key=lambda reason: (-reason.count, reason.code)))

    def _obstacle(self, plan: Reading, choices: Choices, n: int, person: Person) -> str:
        """Return the code of the hard rule that the assignment would break, 'spared' if none."""
        alone = self._alone(plan, person)
        after = Reading(alone.facts, self._with(alone.roster, choices, n))
        for rule in self._hard:
            if _amount(rule, alone.facts, after) > alone.before[rule.code]:
                return rule.code
        return "spared"

    def _alone(self, plan: Reading, person: Person) -> _Alone:
        """Return the person's own part of the plan; kept, since many demands ask about one person."""
        known = self._own.get(person.id)
        if known is None or known.of is not plan.roster:
            facts, roster = self._facts.only(person), _only(plan.roster, person.id)
            own = Reading(facts, roster)
            before = {rule.code: _amount(rule, facts, own) for rule in self._hard}
            known = self._own[person.id] = _Alone(plan.roster, facts, roster, before)
        return known

    def _with(self, roster: Roster, choices: Choices, n: int) -> Roster:
        facts, person = self._facts, self._facts.people[choices.person[n]].id
        demand = int(choices.demand[n])
        if choices.block is Block.ADVISERS:
            seat = AdviserSeat(village=facts.villages[demand].id, person=person)
            return roster.model_copy(update={"advisers": (*roster.advisers, seat)})
        if choices.block is Block.MEDIATORS:
            place = MediatorSeat(site=facts.sites[demand].id, person=person)
            return roster.model_copy(update={"mediators": (*roster.mediators, place)})
        if choices.block is Block.VISITS:
            date, part = facts.half_date(int(choices.half[n]))
            visit = Visit(village=facts.villages[demand].id, person=person, date=date, part=part)
            return roster.model_copy(update={"visits": (*roster.visits, visit)})
        slot = facts.slots[demand]
        duty = Duty(post=slot.post.id, date=slot.date, part=slot.part, person=person)
        duty = duty.model_copy(update={"standby": bool(choices.standby[n])})
        return roster.model_copy(update={"duties": (*roster.duties, duty)})

    def _holds(self, plan: Reading, block: Block, demand: int, person: Person) -> bool:
        facts = self._facts
        if block is Block.DUTIES:
            slot = facts.slots[demand].id
            return person.id in plan.holders[slot] or person.id in plan.standbys[slot]
        return block is Block.MEDIATORS and person.id in plan.mediators[facts.sites[demand].id]

    def _reason(self, code: str, people: list[str], known: Mapping[str, Rule]) -> Reason:
        zh, en = cause(
            known.get(code),
            "可用，但须从其他需求抽调",
            "could, but only at the price of another demand",
        )
        count = len(people)
        shown = tuple(people[:SHOWN])
        return Reason(
            code=code, count=count, zh=f"{count} 人{zh}", en=f"{count} {en}", people=shown
        )

    def _advisers(self, plan: Reading) -> Iterator[Unmet]:
        for number, village in enumerate(self._facts.villages):
            if not plan.advisers[village.id]:
                yield Unmet(
                    kind=UnmetKind.ADVISER,
                    target=village.id,
                    zh=f"{village.name}没有法律顾问",
                    en=f"{village.name} has no adviser",
                    reasons=self.why(plan, Block.ADVISERS, number),
                )

    def _mediators(self, plan: Reading) -> Iterator[Unmet]:
        rule = self._by_type.get(MediatorsPerSite)
        for number, site in enumerate(self._facts.sites):
            lower = rule.lower(site) if isinstance(rule, MediatorsPerSite) else 0
            missing = lower - len(plan.mediators[site.id])
            if missing > 0:
                yield Unmet(
                    kind=UnmetKind.MEDIATOR,
                    target=site.id,
                    missing=missing,
                    zh=f"{site.name}缺专职调解员 {missing} 人",
                    en=f"{site.name} lacks {missing} mediator(s)",
                    reasons=self.why(plan, Block.MEDIATORS, number),
                )

    def _duties(self, plan: Reading) -> Iterator[Unmet]:
        for number, slot in enumerate(self._facts.slots):
            needs = (
                (UnmetKind.DUTY, slot.post.head_count - len(plan.holders[slot.id]), False),
                (UnmetKind.STANDBY, slot.post.standby - len(plan.standbys[slot.id]), True),
            )
            for kind, missing, standby in needs:
                if missing > 0:
                    what = f"{slot.site.name} {slot.post.name}"
                    yield Unmet(
                        kind=kind,
                        target=slot.post.id,
                        date=slot.date,
                        part=slot.part,
                        missing=missing,
                        zh=f"{slot.date} {slot.part.label} {what}缺{kind.label} {missing} 人",
                        en=f"{slot.date} {slot.part.value} {what}: {missing} {kind.value} missing",
                        reasons=self.why(plan, Block.DUTIES, number, standby),
                    )

    def _visits(self, plan: Reading) -> Iterator[Unmet]:
        visits, lectures = self._by_type.get(MonthlyVisit), self._by_type.get(QuarterlyLecture)
        due = lectures.due(self._facts) if isinstance(lectures, QuarterlyLecture) else frozenset()
        for number, village in enumerate(self._facts.villages):
            wanted = (
                visits.visits_due(self._facts, village) if isinstance(visits, MonthlyVisit) else 0
            )
            made = plan.visits_to[village.id]
            reasons: tuple[Reason, ...] = ()
            if len(made) < wanted or (village.id in due and not made):
                reasons = self._why_no_visit(plan, number)
            if len(made) < wanted:
                missing = wanted - len(made)
                yield Unmet(
                    kind=UnmetKind.VISIT,
                    target=village.id,
                    missing=missing,
                    zh=f"{village.name}本月少走访 {missing} 次",
                    en=f"{village.name}: {missing} visit(s) missing",
                    reasons=reasons,
                )
            if village.id in due and not any(visit.lecture for visit in made):
                yield Unmet(
                    kind=UnmetKind.LECTURE,
                    target=village.id,
                    zh=f"{village.name}本季度讲座未安排",
                    en=f"{village.name}: lecture not planned",
                    reasons=reasons,
                )

    def _why_no_visit(self, plan: Reading, village: int) -> tuple[Reason, ...]:
        """Reasons counted in half days of the adviser, since only the adviser may come."""
        if self._is_interrupted:
            return _INTERRUPTED
        if not plan.advisers[self._facts.villages[village].id]:
            return (
                Reason(code="no_adviser", count=0, zh="没有法律顾问", en="there is no adviser"),
            )
        model = self._models[Block.VISITS]
        mine = model.candidates(Block.VISITS, village)
        halves: dict[str, int] = defaultdict(int)
        for n in range(len(mine)):
            number = int(mine.refused[n])
            person = self._facts.people[mine.person[n]]
            code = (
                model.rules[number].code if number >= 0 else self._obstacle(plan, mine, n, person)
            )
            halves[code] += 1
        known = {rule.code: rule for rule in model.rules}
        people = tuple({self._facts.people[p].id for p in mine.person.tolist()})
        return tuple(
            _half_day_reason(code, count, known.get(code), people)
            for code, count in sorted(halves.items(), key=lambda item: (-item[1], item[0]))
        )


_INTERRUPTED = (
    Reason(
        code="interrupted",
        count=0,
        zh="求解中断，可能尚未安排",
        en="the solve was interrupted and may not have come to it",
    ),
)
"""Nobody's fault, and asking everyone about a plan hardly begun took minutes for a city."""

_CAPS = frozenset({"villages_per_adviser"})


def _amount(rule: Rule, facts: Facts, plan: Reading) -> int:
    return sum(breach.amount for breach in rule.check(facts, plan))


def cause(rule: Rule | None, otherwise_zh: str, otherwise_en: str) -> tuple[str, str]:
    """Return what holds a candidate back, after "n people" or "n half days"."""
    if isinstance(rule, PairRule):
        return rule.reason_zh, rule.reason_en
    if rule is not None:
        return f"受“{rule.zh}”限制", f"are held back by '{rule.en}'"
    return otherwise_zh, otherwise_en


def _half_day_reason(code: str, count: int, rule: Rule | None, people: tuple[str, ...]) -> Reason:
    zh, en = cause(rule, "可用，但须从其他需求抽调", "are free only at the price of another demand")
    return Reason(
        code=code,
        count=count,
        zh=f"顾问的 {count} 个半天{zh}",
        en=f"{count} half days of the adviser {en}",
        people=people,
    )


def _only(roster: Roster, person: str) -> Roster:
    """Return the part of a roster that one person holds."""
    return roster.model_copy(
        update={
            "advisers": tuple(s for s in roster.advisers if s.person == person),
            "mediators": tuple(s for s in roster.mediators if s.person == person),
            "duties": tuple(d for d in roster.duties if d.person == person),
            "visits": tuple(v for v in roster.visits if v.person == person),
        }
    )
