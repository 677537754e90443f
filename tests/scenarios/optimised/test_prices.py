"""What binds and what a unit is worth: hand-made prices, a dual that lies, and every plan tried."""

from __future__ import annotations

import pytest

from models.goals import Goal
from models.instance import Instance
from models.issues import InputError
from scenarios.optimised.prices import Price, Prices, prices
from scenarios.optimised.terms import PriceSource
from solver.engine.highs import Effort
from solver.limits import Stage
from solver.modelling.rule import Rule
from solver.profiles import load_rules
from tests.factories import tiny_instance
from tests.scenarios.optimised.enumeration import best_above, every_plan, seats

EFFORT = Effort(60)
CODES = ("allowed_pairs", "one_adviser_per_village", "travel_minutes", "villages_per_adviser")
FEW = tuple(rule for rule in load_rules("default") if rule.code in CODES)


def capped(most: int) -> tuple[Rule, ...]:
    """Return just coverage, travel, forbidden pairs and the cap: an assignment, so that all is whole."""
    return tuple(
        rule.model_copy(update={"most": most}) if rule.code == "villages_per_adviser" else rule
        for rule in FEW
    )


def town(minutes: list[list[int | None]]) -> Instance:
    """Return a row a lawyer and a column a village; None is a pair that is forbidden."""
    instance = seats(0, len(minutes[0]), len(minutes), is_begun=False)
    ways = [way for row in minutes for way in row]
    pairs = tuple(
        pair.model_copy(update={"minutes": way} if way is not None else {"allowed": False})
        for pair, way in zip(instance.pairs, ways, strict=True)
    )
    return instance.model_copy(update={"pairs": pairs})


def cap_price(found: Prices) -> Price | None:
    own = [price for price in found.prices if price.field == "most"]
    return own[0] if own else None


def test_one_more_village_in_the_cap_is_worth_the_way_it_saves() -> None:
    # the near lawyer has two, another the third: with one more the near one has all three
    ways: list[list[int | None]] = [[10, 10, 10, 50], [40, 40, 40, 50], [40, 40, 40, 10]]
    found = prices(town(ways), capped(2), EFFORT)
    price = cap_price(found)
    assert price is not None
    assert (price.goal, price.worth, price.dual) == (Goal.TRAVEL, 30, 30)
    assert price.source is PriceSource.DUAL
    assert (price.rule, price.before, price.after) == ("villages_per_adviser", 2, 3)
    assert (found.value, found.gap) == ({Goal.TRAVEL: 70}, {Goal.TRAVEL: 0})


def test_a_dual_that_promises_too_much_is_told_from_what_is_gained() -> None:
    # two near lawyers have a village of their own each; either could take the first, but only once
    ways = [[10, 5, None, 50], [10, None, 5, 50], [40, None, None, None], [None, None, None, 5]]
    price = cap_price(prices(town(ways), capped(1), EFFORT))
    assert price is not None
    assert price.dual is not None
    assert (price.worth, price.dual >= 60, price.source) == (30, True, PriceSource.RESOLVED)


def test_a_cap_that_does_not_bind_has_no_price() -> None:
    found = prices(town([[10, 10, 10], [40, 40, 40]]), capped(3), EFFORT)
    assert cap_price(found) is None
    assert found.asked > 1


def test_one_more_adviser_is_worth_the_nearer_villages() -> None:
    # at the seat of the township, where the villages are too: no way at all
    found = prices(town([[10, 10, 10], [40, 40, 40]]), capped(2), EFFORT)
    (price,) = (price for price in found.prices if price.area is not None)
    assert (price.area, price.before, price.after, price.worth) == ("A", 2, 3, 50)
    assert (price.source, price.dual) == (PriceSource.RESOLVED, None)
    assert price.zh == "示例乡增加 1 名顾问"
    assert [p.worth for p in found.prices] == sorted((p.worth for p in found.prices), reverse=True)


def test_a_shortage_is_priced_before_travel() -> None:
    # one lawyer whose cap is waived at a price: one village more in the cap is one excess less
    found = prices(town([[10, 10, 10]]), capped(2), EFFORT)
    own = [price for price in found.prices if price.field == "most"]
    assert [(price.goal, price.worth) for price in own] == [(Goal.OVERLOAD, 1)]
    assert next(price.goal for price in found.prices) is Goal.OVERLOAD


def test_less_is_asked_where_more_makes_it_worse() -> None:
    rules = load_rules("default")
    content = tiny_instance().model_dump(mode="json") | {"posts": []}
    found = prices(Instance.model_validate(content), rules, EFFORT)
    # one mediator for three seats of the centre and two of each station
    asked = {(price.field, price.before, price.after) for price in found.prices}
    assert ("centre", 3, 2) in asked
    assert all(price.worth > 0 for price in found.prices)


@pytest.mark.parametrize("seed", range(5))
def test_worth_is_the_difference_of_the_best_plans(seed: int) -> None:
    instance, goal = seats(seed, is_begun=False), Goal.TRAVEL
    best = [
        min(costs[goal] for costs in best_above(every_plan(instance, capped(most)), goal))
        for most in (2, 3)
    ]
    found = prices(instance, capped(2), EFFORT, [goal])
    price = cap_price(found)
    assert (0 if price is None else price.worth) == best[0] - best[1]
    assert price is None or price.dual is None or price.dual >= price.worth
    assert found.bound == found.value == {goal: best[0]}


def test_the_month_has_prices_too() -> None:
    found = prices(tiny_instance(), load_rules("default"), EFFORT, stage=Stage.MONTH)
    assert found.stage is Stage.MONTH
    assert {price.goal for price in found.prices} <= set(found.value)


def test_nothing_to_gain_is_said() -> None:
    found = prices(town([[0, 0]]), capped(2), EFFORT)
    assert (found.prices, found.value) == ((), {})
    assert found.lines[-1].zh == "没有哪一项多一个单位会更好"


def test_units_left_out_for_want_of_time_are_told() -> None:
    found = prices(town([[10, 10, 10], [40, 40, 40]]), capped(2), Effort(0))
    assert (found.prices, found.asked, found.unasked > 0) == ((), 0, True)
    assert found.lines[-1].zh == f"时间不足，{found.unasked} 项中只问了 0 项"


def test_impossible_pins_are_an_issue() -> None:
    pins = [{"kind": "adviser", "target": "410105001001", "person": "L001"}]
    people = [p.model_copy(update={"is_adviser": False}) for p in tiny_instance().people]
    with pytest.raises(InputError):
        prices(tiny_instance(pins=pins, people=people), load_rules("default"), EFFORT)
