"""How many more advisers, and where: known by counting, and by trying everything on tiny instances."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance, RuleSetting
from models.issues import InputError
from models.people import Person
from models.places import Village
from models.report import Shortage
from scenarios.generator.catalogue import load
from scenarios.generator.generate import generate
from solver.answers.shortage import shortage_of
from solver.profiles import load_rules
from solver.solve import Outcome, Stage, solve
from tests.solver.counties import NEAR, at, county

RULES = load_rules("default")


def lacking(instance: Instance) -> Shortage:
    """Return the shortage of an instance that has one, proven."""
    found = shortage_of(instance, RULES)
    assert found is not None
    assert (found.most_served, found.missing) == (found.most_served_bound, found.missing_bound)
    assert found.gap == 0
    return found


def where(found: Shortage) -> list[tuple[str, int, int]]:
    """Return advisers and villages short by township."""
    return [(row.area, row.advisers, row.villages) for row in found.townships]


def test_capacity_is_counted() -> None:
    found = lacking(county({"A": 13}, [at("A"), at("A")]))
    assert (found.advisers, found.villages, found.most_served) == (2, 13, 10)
    assert where(found) == [("A", 1, 3)]
    assert "2 × 5 = 10" in found.proof_zh
    assert "2 × 5 = 10" in found.proof_en
    assert "示例A乡 1 名" in found.zh


def test_one_more_village_than_newcomers_can_have_needs_one_more() -> None:
    assert where(lacking(county({"A": 15}, [at("A")]))) == [("A", 2, 10)]
    assert where(lacking(county({"A": 16}, [at("A")]))) == [("A", 3, 11)]


def test_areas_lack_people_though_there_are_enough_in_all() -> None:
    found = lacking(county({"A": 2, "B": 7}, [at("A"), at("A"), at("A"), at("B")]))
    assert (found.advisers, found.most_served) == (4, 7)
    assert where(found) == [("B", 1, 2)]
    assert found.proof_en == (
        "7 villages can be advised by 1 people only, who may have 1 × 5 = 5 together:"
        " at least 2 stay without"
    )


def test_own_limits_are_honoured() -> None:
    people = [at("A", villages_max=1), at("A", villages_max=8)]
    assert shortage_of(county({"A": 9}, people), RULES) is None
    found = lacking(county({"A": 10}, people))
    assert (found.most_served, where(found)) == (9, [("A", 1, 1)])
    assert "9" in found.proof_zh
    assert "×" not in found.proof_zh


def test_nobody_is_missing() -> None:
    assert shortage_of(county({"A": 5, "B": 5}, [at("A"), at("B")]), RULES) is None
    assert shortage_of(county({}, [at("A")]), RULES) is None


def test_without_anybody_everybody_is_missing() -> None:
    found = lacking(county({"A": 6, "B": 1}, []))
    assert (found.advisers, found.most_served) == (0, 0)
    assert where(found) == [("A", 2, 6), ("B", 1, 1)]


def test_a_newcomer_serves_neighbours_within_the_circle() -> None:
    people = [at("A"), at("B")]
    assert lacking(county({"A": 6, "B": 6}, people, NEAR)).missing == 1
    assert where(lacking(county({"A": 6, "B": 6}, people))) == [("A", 1, 1), ("B", 1, 1)]


def test_newcomers_of_two_valleys_are_whole_and_proven() -> None:
    valleys = {"A": (113.0, 34.0), "B": (113.1, 34.0), "D": (114.0, 34.0), "E": (114.1, 34.0)}
    lists = [at("A"), at("B"), at("D"), at("E")]
    found = lacking(county({"A": 12, "B": 9, "D": 20, "E": 19}, lists, valleys))
    # 11 and 29 villages too many: 8 x 5 = 40 would do for them together
    assert (found.missing, found.missing_bound, found.gap) == (9, 9, 0)


def test_a_newcomer_is_hired_by_a_county() -> None:
    instance = county({"A": 1, "B": 1}, [], NEAR)
    other = {"id": "D", "name": "示例邻县", "level": "county", "lon": 113, "lat": 34}
    areas = [
        area.model_copy(update={"parent": "D"}) if area.id == "B" else area
        for area in instance.areas
    ]
    content = instance.model_dump(mode="json") | {"areas": [*areas, other]}
    assert where(lacking(Instance.model_validate(content))) == [("A", 1, 1), ("B", 1, 1)]


def test_hours_bind_before_the_cap() -> None:
    """Six hours a village at the seat: a lawyer of 48 h has 5, one of 13 h has 2, of 5 h none."""
    instance = county({"A": 9}, [at("A", monthly_hours=13), at("A", monthly_hours=5)])
    longer = [v.model_copy(update={"service_hours": 6}) for v in instance.villages]
    found = lacking(instance.model_copy(update={"villages": tuple(longer)}))
    assert (found.most_served, where(found)) == (2, [("A", 2, 7)])
    assert "最多 2 个村居" in found.proof_zh


def test_newcomers_have_the_hours_of_the_profile() -> None:
    """Twenty hours a village: a newcomer of 48 h has two, whatever the cap."""
    instance = county({"A": 5}, [])
    longer = [v.model_copy(update={"service_hours": 20}) for v in instance.villages]
    assert lacking(instance.model_copy(update={"villages": tuple(longer)})).missing == 3


def test_a_village_beyond_everybodys_reach_is_no_matter_of_numbers() -> None:
    instance = county({"A": 2}, [at("A")])
    far = instance.villages[1].model_copy(update={"lon": 120.0})
    found = lacking(instance.model_copy(update={"villages": (instance.villages[0], far)}))
    assert (found.missing, found.townships, found.out_of_reach) == (0, (), ("A1",))
    assert "增加顾问也无人可任" in found.zh


def test_conflicts_bind_the_list_but_no_newcomer() -> None:
    conflicts = [{"person": "L0", "village": "A0"}]
    found = lacking(county({"A": 2}, [at("A")], conflicts=conflicts))
    assert (found.most_served, where(found)) == (1, [("A", 1, 1)])


def pins(count: int, person: str = "L0") -> list[dict[str, str]]:
    """Pin the first villages of township A on a person."""
    return [{"kind": "adviser", "target": f"A{n}", "person": person} for n in range(count)]


def test_villages_pinned_beyond_the_cap_are_agreed() -> None:
    assert shortage_of(county({"A": 6}, [at("A")], pins=pins(6)), RULES) is None
    assert where(lacking(county({"A": 8}, [at("A")], pins=pins(6)))) == [("A", 1, 2)]


def test_impossible_pins_are_an_issue() -> None:
    instance = county({"A": 1}, [at("B")], pins=pins(1))
    with pytest.raises(InputError):
        shortage_of(instance, RULES)


@st.composite
def small_counties(draw: st.DrawFn) -> Instance:
    """Draw up to 6 villages, up to 3 people: caps, hours, refusals, and half an hour across."""
    villages = {"A": draw(st.integers(0, 3)), "B": draw(st.integers(1, 3))}
    people = [
        at(
            draw(st.sampled_from("AB")),
            serves_areas=draw(st.sampled_from([["A"], ["B"], ["C"]])),
            villages_max=draw(st.sampled_from([None, 0, 1, 2])),
            monthly_hours=draw(st.sampled_from([None, 10, 20])),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    content = county(villages, people).model_dump(mode="json")
    for row in content["villages"]:
        row["service_hours"] = draw(st.sampled_from([4, 10, 20, 30, 50]))
    content["pairs"] = [
        {
            "person": person["id"],
            "place": village["id"],
            "minutes": 0 if person["area"] == village["area"] else ACROSS,
            "allowed": draw(st.integers(0, 4)) > 0,
        }
        for person, village in itertools.product(content["people"], content["villages"])
    ]
    content["rules"] = [
        {"rule": "villages_per_adviser", "field": "most", "value": str(draw(st.integers(1, 3)))}
    ]
    return Instance.model_validate(content)


ACROSS = 30
"""Minutes from one township to the other, for people on the list."""


def may_serve(instance: Instance, person: Person, village: Village) -> bool:
    """Say whether area and pair table let a person serve a village."""
    allowed = {(pair.person, pair.place): pair.allowed for pair in instance.pairs}
    return allowed[person.id, village.id] and person.serves_areas[0] in (village.area, "C")


def fits(person: Person | None, villages: list[Village], cap: int) -> bool:
    """Say whether villages fit cap and hours of a person; None is a newcomer of their township."""
    most, hours = cap, 48.0
    if person is not None:
        most = cap if person.villages_max is None else person.villages_max
        hours = 48 if person.monthly_hours is None else person.monthly_hours
    minutes = 0
    for village in villages:
        onsite = int(village.service_hours or 4)
        away = person is not None and person.area != village.area
        minutes += 60 * onsite + 2 * math.ceil(onsite / 4) * ACROSS * away
    return len(villages) <= most and minutes <= 60 * hours


def newcomers(villages: list[Village], cap: int) -> int:
    """Return the fewest newcomers for villages of one township, trying every way to deal them out."""
    for heads in range(len(villages) + 1):
        for choice in itertools.product(range(heads), repeat=len(villages)):
            shares = [
                [v for v, head in zip(villages, choice, strict=True) if head == n]
                for n in range(heads)
            ]
            if all(fits(None, share, cap) for share in shares):
                return heads
    raise AssertionError("a village alone fits a newcomer")


def tried(instance: Instance, cap: int) -> tuple[int, tuple[int, int]]:
    """Return the fewest villages without adviser, alone, and (out of reach, newcomers) with help."""
    options = [
        [None, *(p for p in instance.people if may_serve(instance, p, village))]
        for village in instance.villages
    ]
    alone, helped = [], []
    for choice in itertools.product(*options):
        held = defaultdict(list)
        for village, person in zip(instance.villages, choice, strict=True):
            held[person].append(village)
        left = held.pop(None, [])
        if not all(fits(person, villages, cap) for person, villages in held.items()):
            continue
        alone.append(len(left))
        able = [village for village in left if fits(None, [village], cap)]
        by_township = [[v for v in able if v.area == area] for area in "AB"]
        heads = sum(newcomers(villages, cap) for villages in by_township)
        helped.append((len(left) - len(able), heads))
    return min(alone), min(helped)


@given(small_counties())
@settings(max_examples=120, deadline=None)
def test_no_plan_of_a_tiny_county_does_with_less(instance: Instance) -> None:
    rules = load_rules("default", instance.rules)
    uncovered, (out_of_reach, heads) = tried(instance, int(instance.rules[0].value))
    found = shortage_of(instance, rules)
    if found is None:
        assert uncovered == 0
        return
    assert found.most_served == found.most_served_bound == found.villages - uncovered
    assert len(found.out_of_reach) == out_of_reach
    assert found.missing_bound <= heads <= found.missing
    assert sum(row.advisers for row in found.townships) == found.missing
    # where the hours of newcomers do not bind, the number is exact
    if all((village.service_hours or 4) < 20 for village in instance.villages):
        assert found.missing_bound == heads == found.missing


def planned(instance: Instance) -> Outcome:
    """Return the seats of an instance."""
    return solve(instance, RULES, stage=Stage.ADVISERS)


def loads(outcome: Outcome) -> list[int]:
    """Return how many villages each adviser has, most first."""
    return sorted(Counter(seat.person for seat in outcome.roster.advisers).values(), reverse=True)


def test_a_solve_reports_the_shortage_of_a_plan_with_waivers() -> None:
    outcome = planned(county({"A": 13}, [at("A"), at("A")]))
    assert outcome.report.shortage == shortage_of(county({"A": 13}, [at("A"), at("A")]), RULES)
    assert sum(waiver.amount for waiver in outcome.report.waivers) == 3
    assert "shortage" in outcome.report.seconds


def test_a_solve_without_excess_asks_nothing() -> None:
    report = planned(county({"A": 10}, [at("A"), at("A")])).report
    assert report.shortage is None
    assert "shortage" not in report.seconds


def test_a_solve_reports_the_shortage_where_the_cap_is_hard() -> None:
    hard = load_rules(
        "default", [RuleSetting(rule="villages_per_adviser", field="level", value="hard")]
    )
    report = solve(county({"A": 7}, [at("A")]), hard, stage=Stage.ADVISERS).report
    assert report.shortage is not None
    assert (len(report.unmet), report.shortage.missing) == (2, 1)


def test_excess_is_least_and_then_spread() -> None:
    """Twenty villages and three people who all reach them: 7, 7, 6, though one could have twelve."""
    outcome = planned(county({"A": 20}, [at("A"), at("A"), at("A")]))
    assert loads(outcome) == [7, 7, 6]


def test_excess_is_spread_around_those_who_cannot_take_more() -> None:
    """One may have three and no more by hours, two share the other fourteen."""
    people = [at("A", monthly_hours=12), at("A"), at("A")]
    assert loads(planned(county({"A": 17}, people))) == [7, 7, 3]


def test_neither_habit_nor_minutes_heap_the_excess_on_one() -> None:
    """One has had twelve of twenty villages, the others are beyond the circle of these."""
    content = county({"A": 20}, [at("A"), at("A"), at("A")]).model_dump(mode="json")
    for village in content["villages"][:12]:
        village["adviser"] = "L0"
    pairs = itertools.product(("L1", "L2"), content["villages"][:12])
    content["pairs"] = [{"person": p, "place": v["id"], "minutes": 65} for p, v in pairs]
    outcome = planned(Instance.model_validate(content))
    assert loads(outcome) == [7, 7, 6]
    assert sum(w.amount for w in outcome.report.waivers if w.rule == "villages_per_adviser") == 5


def test_the_excess_is_spread_by_the_cap_of_the_office() -> None:
    rules = load_rules(
        "default", [RuleSetting(rule="villages_per_adviser", field="most", value="7")]
    )
    assert {rule.most for rule in rules if rule.code == "even_excess"} == {7}


def test_no_minutes_beyond_the_circle_buy_a_village_too_many() -> None:
    """Six villages at the door of one, 100 minutes from the other: five and one."""
    instance = county({"A": 6}, [at("A"), at("A")])
    far = [{"person": "L1", "place": f"A{n}", "minutes": 100} for n in range(6)]
    content = instance.model_dump(mode="json") | {"pairs": far}
    assert loads(planned(Instance.model_validate(content))) == [5, 1]


def test_a_made_up_county_with_too_few_advisers() -> None:
    instance = generate("3402", "stress", 1)
    found = lacking(instance)
    able = [p for p in instance.people if p.is_adviser]
    assert found.most_served == 5 * found.advisers == 5 * len(able)
    # every newcomer has at most five villages
    assert found.missing == math.ceil((found.villages - found.most_served) / 5)


def test_whole_newcomers_of_a_city_of_2018_are_proven() -> None:
    found = lacking(load("shehong", 1))
    assert (found.villages, found.most_served) == (515, 475)
    assert found.missing > math.ceil(40 / 5)
