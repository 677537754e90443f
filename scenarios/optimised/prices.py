"""Which rules bind, and what one unit of each is worth: one more lawyer here, one more village there.

The worth is by how much the linear relaxation of a goal falls when the unit is granted, the goals
above it held at what a plan reached. The duals of the relaxation price the unit at no less than that;
where they say nothing the unit is worth nothing, and nothing is solved. Elsewhere the relaxation is
solved again with the unit, since at a corner with several duals (degeneracy) a dual promises more
than the unit gives; a worth is called ``dual`` where both agree, else ``resolved``.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field, ValidationError

from models.goals import LADDER, Goal
from models.instance import Instance
from models.issues import InputError, Sentence
from scenarios.optimised.answer import Answer, AnswerPart
from scenarios.optimised.climb import HeldStage, above, no_goals_of_rules, stage_of
from scenarios.optimised.terms import PriceSource
from solver.answers.newcomers import newcomer
from solver.engine.highs import Effort
from solver.engine.ladder import FIRST, relative_gap
from solver.engine.linear import Relaxed, relax
from solver.engine.matrix import Matrix
from solver.limits import Stage
from solver.modelling.rule import Rule

STEPS = {"minutes": 5}
"""How much a unit of a number is, by the last word of its name; of any other number 1."""

TECHNICAL = frozenset({"steps", "weight"})
"""Numbers that say how a wish is priced and bind nothing."""

USUAL_GOALS = (*FIRST, Goal.TRAVEL)
"""What everybody must have, and travel."""

SHOWN = 10
"""Units told for each goal, the dearest."""

NOTHING = 1e-4
"""Worth that is not told, in units of a goal."""


class Price(AnswerPart):
    """What one unit is worth."""

    goal: Goal = Field(description="the goal that falls")
    worth: float = Field(description="by how much the goal's relaxation falls, in its own units")
    source: PriceSource = Field(description="dual where the dual price is the worth, else resolved")
    dual: float | None = Field(description="what the duals promise; null where they do not apply")
    rule: str | None = Field(description="code of the rule; null for a person more")
    field: str | None = Field(description="number of the rule; null for a person more")
    area: str | None = Field(description="township with one adviser more; null for a rule")
    before: float = Field(
        description="the number as it is, or the advisers at home in the township"
    )
    after: float
    zh: str = Field(description="the unit in words")
    en: str


class Prices(Answer):
    """What binds, most valuable first, goal by goal."""

    stage: Stage
    value: dict[Goal, int] = Field(description="what each priced goal came to in a plan")
    bound: dict[Goal, float] = Field(description="its relaxation: no plan is better")
    gap: dict[Goal, float]
    prices: tuple[Price, ...]
    asked: int = Field(description="units asked about; those without a price are worth nothing")
    unasked: int = Field(description="units that the time did not suffice for")


@dataclass(frozen=True)
class Unit:
    """One unit more: the instance and rules that grant it."""

    instance: Instance
    rules: tuple[Rule, ...]
    before: float
    after: float
    zh: str
    en: str
    rule: str | None = None
    field: str | None = None
    area: str | None = None


def prices(
    instance: Instance,
    rules: Iterable[Rule],
    effort: Effort,
    goals: Iterable[Goal] = USUAL_GOALS,
    stage: Stage = Stage.ADVISERS,
) -> Prices:
    """Price one unit more of every number of the rules, and one adviser more in every township.

    Where more of a number makes things worse (a demand), one unit less is priced instead.

    Parameters
    ----------
    instance
        What to plan with.
    rules
        Enabled rules.
    effort
        Limits of the whole; a relaxation that has begun is finished.
    goals
        Which goals to price; those that cannot get better are left out.
    stage
        The seats of advisers, or the month with today's advisers.

    Raises
    ------
    InputError
        When a goal is none of rules, or fixed pins break hard rules among themselves.
    """
    until = time.monotonic() + effort.seconds
    known, chosen = tuple(rules), set(goals)
    if wrong := list(no_goals_of_rules(chosen)):
        raise InputError(wrong)
    planned, bounds = stage_of(instance, known, stage).climb(LADDER, effort)
    values = {goal: planned.value(goal) for goal in LADDER}
    today = _Today(stage_of(instance, known, stage), stage, values, effort)
    wanted = [goal for goal in LADDER if goal in chosen and today.may_fall(goal)]
    units = [*_numbers(instance, known), *_advisers(instance, known)]
    found: list[Price] = []
    asked = 0
    for ways in units:
        if time.monotonic() >= until and not effort.deterministic:
            break
        found += today.worth_of(ways, wanted)
        asked += 1
    ranked = tuple(sorted(found, key=lambda price: (LADDER.index(price.goal), -price.worth)))
    return Prices(
        stage=stage,
        value={goal: values[goal] for goal in wanted},
        bound={goal: bounds[goal] for goal in wanted},
        gap={goal: relative_gap(values[goal], bounds[goal]) for goal in wanted},
        prices=ranked,
        asked=asked,
        unasked=len(units) - asked,
        lines=tuple(_lines(ranked, {goal: values[goal] for goal in wanted}, asked, len(units))),
    )


class _Today:
    """A stage as it is: the relaxation of each goal, against which units are measured."""

    def __init__(
        self, begun: HeldStage, stage: Stage, values: Mapping[Goal, int], effort: Effort
    ) -> None:
        self._begun, self._stage, self._values, self._effort = begun, stage, values, effort
        self._relaxed: dict[Goal, Relaxed | None] = {}

    def may_fall(self, goal: Goal) -> bool:
        """Say whether the relaxation leaves anything to gain."""
        relaxed = self._relaxation(goal)
        return relaxed is not None and relaxed.objective > NOTHING

    def worth_of(self, ways: Iterable[Unit], goals: Iterable[Goal]) -> Iterator[Price]:
        """Yield the price on each goal of the first way to grant a unit that is worth something."""
        left = list(goals)
        for unit in ways:
            try:
                granted = stage_of(unit.instance, unit.rules, self._stage)
            except InputError:  # the pins cannot be kept this way
                continue
            for goal in tuple(left):
                price = self._price(unit, granted, goal)
                if price is not None:
                    left.remove(goal)
                    yield price

    def _price(self, unit: Unit, granted: HeldStage, goal: Goal) -> Price | None:
        """Return what a unit is worth, None for nothing."""
        today, dual = self._relaxation(goal), None
        held, price = self._held(granted, goal), granted.price(goal)
        if today is None:
            return None
        if len(today.duals) == len(held.low):
            dual = today.objective - today.bound_of(held, price)
        relaxed = None if dual is not None and dual <= NOTHING else relax(held, price, self._effort)
        worth = 0.0 if relaxed is None else today.objective - relaxed.objective
        if worth <= NOTHING:
            return None
        is_dual = dual is not None and dual - worth <= NOTHING * max(1.0, worth)
        return Price(
            goal=goal,
            worth=round(worth, 3),
            source=PriceSource.DUAL if is_dual else PriceSource.RESOLVED,
            dual=None if dual is None else round(dual, 3),
            **{name: getattr(unit, name) for name in UNIT},
        )

    def _relaxation(self, goal: Goal) -> Relaxed | None:
        if goal not in self._relaxed:
            held = self._held(self._begun, goal)
            self._relaxed[goal] = relax(held, self._begun.price(goal), self._effort)
        return self._relaxed[goal]

    def _held(self, begun: HeldStage, goal: Goal) -> Matrix:
        """Return the rows of a stage with the goals above one held at what the plan reached."""
        for other in above(goal):
            begun = begun.holding(other, self._values[other])
        return begun.matrix


UNIT = ("rule", "field", "area", "before", "after", "zh", "en")
"""What a price says of its unit."""


def _numbers(instance: Instance, rules: tuple[Rule, ...]) -> Iterator[list[Unit]]:
    """Yield each number of the rules with a unit more and a unit less, as far as it may have them."""
    for rule in rules:
        for field, value in rule:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and field not in TECHNICAL and field not in rule.follows:
                step = STEPS.get(field.rpartition("_")[2], 1)
                ways = (_changed(instance, rules, rule, field, value + n) for n in (step, -step))
                yield [unit for unit in ways if unit is not None]


def _changed(
    instance: Instance, rules: tuple[Rule, ...], rule: Rule, field: str, value: float
) -> Unit | None:
    """Return a number changed, also where other rules follow it; None beyond what it may be."""
    before = getattr(rule, field)
    try:
        new = type(rule).model_validate(rule.model_dump() | {field: value})
    except ValidationError:
        return None
    changed = _followed(rules, rule, new)
    zh = f"{rule.zh} {rule.code}.{field} {before:g} → {value:g}"
    en = f"{rule.en}: {rule.code}.{field} {before:g} to {value:g}"
    return Unit(instance, changed, before, value, zh, en, rule=rule.code, field=field)


def _followed(rules: tuple[Rule, ...], old: Rule, new: Rule) -> tuple[Rule, ...]:
    """Return the rules with one exchanged; those that take fields from it take them from the new one."""
    changed = [new if rule is old else rule for rule in rules]
    made = []
    for rule in changed:
        unset = type(rule).model_validate(rule.model_dump(exclude=set(rule.follows)))
        made.append(unset.following(changed) if unset.following(rules) == rule else rule)
    return tuple(made)


def _advisers(instance: Instance, rules: tuple[Rule, ...]) -> Iterator[list[Unit]]:
    """Yield one adviser more at the seat of each township that has villages."""
    home = Counter(person.area for person in instance.people)
    for area in sorted({village.area for village in instance.villages}):
        name = instance.area_by_id[area].name if area in instance.area_by_id else area
        people = (*instance.people, newcomer(instance, rules, area))
        more = instance.model_copy(update={"people": people})
        count = home[area]
        zh, en = f"{name}增加 1 名顾问", f"one adviser more in {name}"
        yield [Unit(more, rules, count, count + 1, zh, en, area=area)]


def _lines(
    prices: Iterable[Price], values: Mapping[Goal, int], asked: int, units: int
) -> Iterator[Sentence]:
    known = tuple(prices)
    for goal, value in values.items():
        own = [price for price in known if price.goal is goal]
        yield Sentence(
            zh=f"{goal.label}现为 {value}：{asked} 项中 {len(own)} 项有价值",
            en=f"{goal.value} is {value}: {len(own)} of {asked} units are worth something",
        )
        yield from map(_line, own[:SHOWN])
        if len(own) > SHOWN:
            more = len(own) - SHOWN
            yield Sentence(zh=f"  … 还有 {more} 项，见 --json", en=f"{more} more, see --json")
    if not known:
        yield Sentence(
            zh="没有哪一项多一个单位会更好", en="no unit more would make anything better"
        )
    if asked < units:
        zh = f"时间不足，{units} 项中只问了 {asked} 项"
        yield Sentence(zh=zh, en=f"the time sufficed for {asked} of {units} units")


def _line(price: Price) -> Sentence:
    worth, source = price.worth, price.source
    is_promise = price.dual is not None and source is PriceSource.RESOLVED
    over = f"，对偶价 {price.dual:.1f} 偏高" if is_promise else ""
    over_en = f", the dual promises {price.dual:.1f}" if is_promise else ""
    return Sentence(
        zh=f"  少 {worth:.1f}：{price.zh}（{source.label}{over}）",
        en=f"less {worth:.1f}: {price.en} ({source.label_en}{over_en})",
    )
