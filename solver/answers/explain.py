"""Explains unmet demands: the reasons of every candidate, grouped for people to read.

A candidate is refused by a pair rule (known from the model), or else by what he or she
already holds: the assignment is added to the plan and the independent check says which hard
rule it would break. Whoever is left could take it only at the price of another demand.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.people import Person
from models.report import Level, Reason, Unmet
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from models.vocabulary import PinKind, Strength
from solver.answers.unmet import lacking
from solver.answers.why_station import station_reasons
from solver.modelling.choices import Block, Choices
from solver.modelling.demand import DemandRule, Lack
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.pinning import Closed, is_lifted
from solver.modelling.reading import Reading
from solver.modelling.rule import PairRule, Rule

SHOWN = 20
"""Ids listed per reason."""

ASKED = 20_000
"""Candidates whose own plan is checked when all that is unmet is explained, half a minute of work.

A good plan leaves little unmet. Of one that leaves most of a city empty the pair rules tell most,
and the rest would take an hour to say that people are free; whoever is left is counted as not asked.
"""

OF_STATION = 1_000
"""Candidates that one village without a fixed station counts for: every station nearby is tried."""


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
        self._hard = {
            block: tuple(r for r in self._rules if block in r.blocks and _may_hold_back(r))
            for block in models
        }
        fixed = (pin for pin in facts.instance.pins if pin.strength is Strength.FIXED)
        self._closed = Closed(fixed)
        self._pins = next((rule.code for rule in self._rules if is_lifted(rule)), "frozen")
        self._own: dict[tuple[Block, str], _Alone] = {}
        self._left = math.inf

    def unmet(self, roster: Roster) -> tuple[Unmet, ...]:
        """Return every unmet demand of the blocks that were planned, with reasons."""
        plan = Reading(self._facts, roster)
        found = lacking(plan, self._rules, self._models)
        asked: dict[tuple[Block, bool], list[int]] = defaultdict(list)
        for lack, _ in found:
            if lack.demand is not None and lack.fitting is None:
                asked[lack.block, lack.standby].append(lack.demand)
        reasons: dict[tuple[Block, bool, int | None], tuple[Reason, ...]] = {}
        self._left = ASKED
        for (block, standby), demands in asked.items():
            for demand, told in self._reasons(plan, block, demands, standby):
                reasons[block, standby, demand] = told
        told_of = []
        for lack, rule in found:
            told = lack.unmet.reasons or reasons.get((lack.block, lack.standby, lack.demand), ())
            if lack.fitting is not None:
                told = self._of_fitting(plan, lack, rule)
            nobody = () if self._facts.people else _NOBODY
            told_of.append(lack.unmet.model_copy(update={"reasons": told or nobody}))
        self._left = math.inf
        return tuple(told_of)

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
        return next((told for _, told in self._reasons(plan, block, [demand], standby)), ())

    def _reasons(
        self, plan: Reading, block: Block, demands: Sequence[int], standby: bool
    ) -> Iterator[tuple[int, tuple[Reason, ...]]]:
        """Yield each demand with its reasons; asked together, since tables of a month are long."""
        if self._is_interrupted:
            yield from ((demand, _INTERRUPTED) for demand in demands)
            return
        told: dict[Block, Callable[[Reading, Choices], tuple[Reason, ...]]] = {
            Block.VISITS: self._of_half_days,
            Block.STATIONS: self._of_hosts,
        }
        for mine in self._models[block].candidates(block, demands, standby):
            is_frozen = block is Block.DUTIES and self._is_frozen(mine, 0)
            answer = self._frozen() if is_frozen else told.get(block, self._of_people)(plan, mine)
            yield int(mine.demand[0]), answer
        if block is Block.VISITS:
            villages = ((n, self._facts.villages[n].id) for n in demands)
            yield from ((n, _NO_ADVISER) for n, v in villages if not plan.advisers[v])

    def _of_fitting(self, plan: Reading, lack: Lack, rule: DemandRule) -> tuple[Reason, ...]:
        """Return the reasons of a demand that not everybody fits: those who do not, then the others."""
        if self._is_interrupted:
            return _INTERRUPTED
        block, fitting = lack.block, np.array(sorted(lack.fitting or ()), dtype=np.int64)
        others = len(self._facts.people) - len(fitting)
        told = [_counted(rule.code, others, rule.unfit_zh, rule.unfit_en)] if others else []
        for mine in self._models[block].candidates(block, [lack.demand or 0], lack.standby):
            able = mine.where(np.isin(mine.person, fitting))
            if block is Block.DUTIES and self._is_frozen(mine, 0):
                return self._frozen()
            told += self._of_people(plan, able) if len(able) else ()
        return tuple(told)

    def _of_people(self, plan: Reading, mine: Choices) -> tuple[Reason, ...]:
        """Return the reasons of all candidates of one demand."""
        model, demand = self._models[mine.block], int(mine.demand[0])
        groups: dict[str, list[int]] = defaultdict(list)
        for number in np.unique(mine.refused[mine.refused >= 0]):
            groups[model.rules[number].code] = mine.person[mine.refused == number].tolist()
        for n in np.flatnonzero(mine.refused < 0):
            person = self._facts.people[mine.person[n]]
            if not self._holds(plan, mine.block, demand, person):
                groups[self._obstacle(plan, mine, int(n), person)].append(int(mine.person[n]))
        if not groups:
            groups["holds"] = np.unique(mine.person).tolist()
        known = {rule.code: rule for rule in model.rules}
        reasons = (self._reason(code, people, known) for code, people in groups.items())
        return tuple(sorted(reasons, key=lambda reason: (-reason.count, reason.code)))

    def _obstacle(self, plan: Reading, choices: Choices, n: int, person: Person) -> str:
        """Return the code of the hard rule that the assignment would break, 'spared' if none.

        It is 'unasked' when too many have been asked before.
        """
        if self._left <= 0:
            return "unasked"
        self._left -= 1
        alone = self._alone(plan, choices.block, person)
        after = Reading(alone.facts, self._with(alone.roster, choices, n))
        for rule in self._hard[choices.block]:
            if _amount(rule, alone.facts, after) > alone.before[rule.code]:
                return rule.code
        return "spared"

    def _alone(self, plan: Reading, block: Block, person: Person) -> _Alone:
        """Return the person's own part of the plan; kept, since many demands ask about one person."""
        known = self._own.get((block, person.id))
        if known is None or known.of is not plan.roster:
            facts, roster = self._facts.only(person), plan.part_of(person.id)
            own = Reading(facts, roster)
            before = {rule.code: _amount(rule, facts, own) for rule in self._hard[block]}
            known = self._own[block, person.id] = _Alone(plan.roster, facts, roster, before)
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
            village, half = facts.villages[demand], int(choices.half[n])
            start = facts.start_of_stop(village, half, int(choices.later[n]))
            visit = Visit(village=village.id, person=person, date=date, part=part, start=start)
            return roster.model_copy(update={"visits": (*roster.visits, visit)})
        slot = facts.slots[demand]
        duty = Duty(post=slot.post.id, date=slot.date, part=slot.part, person=person)
        duty = duty.model_copy(update={"standby": bool(choices.standby[n])})
        return roster.model_copy(update={"duties": (*roster.duties, duty)})

    def _of_hosts(self, plan: Reading, mine: Choices) -> tuple[Reason, ...]:
        """Return why neither the village nor another nearby houses a station for it."""
        if self._left < OF_STATION:
            zh, en = f"{len(mine)} 个村居{_UNASKED[0]}", f"{len(mine)} villages {_UNASKED[1]}"
            return (Reason(code="unasked", count=len(mine), zh=zh, en=en),)
        self._left -= OF_STATION
        village = self._facts.villages[int(mine.demand[0])].id
        model = self._models[Block.STATIONS]
        return tuple(station_reasons(self._facts, plan, model, village))

    def _frozen(self) -> tuple[Reason, ...]:
        """Return the reason of what is frozen."""
        zh, en = "已冻结，不再安排", "it is frozen: nobody is added"
        return (Reason(code=self._pins, count=0, zh=zh, en=en),)

    def _is_frozen(self, choices: Choices, n: int) -> bool:
        """Say whether a pin that names nobody keeps everybody off a slot or a half day of a village."""
        facts, demand = self._facts, int(choices.demand[n])
        if choices.block is Block.DUTIES:
            slot = facts.slots[demand]
            kind = PinKind.STANDBY if choices.standby[n] else PinKind.DUTY
            return self._closed.holds((kind, slot.post.id, slot.date, slot.part))
        when = facts.half_date(int(choices.half[n]))
        return self._closed.holds((PinKind.VISIT, facts.villages[demand].id, *when))

    def _holds(self, plan: Reading, block: Block, demand: int, person: Person) -> bool:
        facts = self._facts
        if block is Block.DUTIES:
            slot = facts.slots[demand].id
            return person.id in plan.holders[slot] or person.id in plan.standbys[slot]
        return block is Block.MEDIATORS and person.id in plan.mediators[facts.sites[demand].id]

    def _reason(self, code: str, people: list[int], known: Mapping[str, Rule]) -> Reason:
        zh, en = cause(known.get(code), *_OF_NO_RULE.get(code, _SPARED))
        shown = tuple(self._facts.people[n].id for n in people[:SHOWN])
        return _counted(code, len(people), zh, en).model_copy(update={"people": shown})

    def _of_half_days(self, plan: Reading, mine: Choices) -> tuple[Reason, ...]:
        """Reasons counted in half days of the adviser, since only the adviser may come."""
        model = self._models[mine.block]
        halves: dict[str, int] = defaultdict(int)
        for n in range(len(mine)):
            number = int(mine.refused[n])
            person = self._facts.people[mine.person[n]]
            if number >= 0:
                code = model.rules[number].code
            else:
                is_frozen = self._is_frozen(mine, n)
                code = self._pins if is_frozen else self._obstacle(plan, mine, n, person)
            halves[code] += 1
        known = {rule.code: rule for rule in model.rules}
        people = tuple(sorted({self._facts.people[p].id for p in mine.person.tolist()}))[:SHOWN]
        return tuple(
            _half_day_reason(code, count, known.get(code), people)
            for code, count in sorted(halves.items(), key=lambda item: (-item[1], item[0]))
        )


_SPARED = "可用，但须从其他需求抽调", "could, but only at the price of another demand"
_UNASKED = (
    "未逐一核对（未满足的需求过多；可用 zhiban explain 单独查询）",
    "were not asked one by one (too much is unmet; ask 'zhiban explain' about one demand)",
)
_OF_NO_RULE = {
    "unasked": _UNASKED,
    "holds": ("已在岗，再无他人", "are on it already, and nobody is left"),
}
_NO_ADVISER = (Reason(code="no_adviser", count=0, zh="没有法律顾问", en="there is no adviser"),)
_NOBODY = (Reason(code="nobody", count=0, zh="名单上没有人员", en="nobody is on the list"),)
_INTERRUPTED = (
    Reason(
        code="interrupted",
        count=0,
        zh="求解中断，可能尚未安排",
        en="the solve was interrupted and may not have come to it",
    ),
)
"""Nobody's fault, and asking everyone about a plan hardly begun took minutes for a city."""


def _counted(code: str, count: int, zh: str, en: str) -> Reason:
    return Reason(code=code, count=count, zh=f"{count} 人{zh}", en=f"{count} {en}")


def _may_hold_back(rule: Rule) -> bool:
    """Say whether what a person holds may keep them from more; a rule about pairs has had its say."""
    if isinstance(rule, PairRule) or is_lifted(rule):
        return False
    return rule.level is Level.HARD or rule.village_cap is not None


def _amount(rule: Rule, facts: Facts, plan: Reading) -> int:
    return sum(breach.amount for breach in rule.check(facts, plan))


def cause(rule: Rule | None, otherwise_zh: str, otherwise_en: str) -> tuple[str, str]:
    """Return what holds a candidate back and the number, after "n people" or "n half days"."""
    if rule is None:
        return otherwise_zh, otherwise_en
    zh, en = f"受“{rule.zh}”限制", f"are held back by '{rule.en}'"
    if isinstance(rule, PairRule):
        zh, en = rule.reason_zh, rule.reason_en
    if rule.bound is None:
        return zh, en
    return (
        f"{zh}（{rule.bound.zh}，可在“规则调整”修改）",
        f"{en} ({rule.bound.en}; see rule settings)",
    )


def _half_day_reason(code: str, count: int, rule: Rule | None, people: tuple[str, ...]) -> Reason:
    free = (
        _UNASKED
        if code == "unasked"
        else (_SPARED[0], "are free only at the price of another demand")
    )
    zh, en = cause(rule, *free)
    alone = len(people) == 1
    who_zh, who_en = ("顾问", "the adviser") if alone else ("顾问和代访人", "adviser and deputies")
    return Reason(
        code=code,
        count=count,
        zh=f"{who_zh}的 {count} 个半天{zh}",
        en=f"{count} half days of {who_en} {en}",
        people=people,
    )
