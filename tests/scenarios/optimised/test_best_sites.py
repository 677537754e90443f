"""The best sites: every choice tried out, with the people who serve them and the rules of stations."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest

from models.instance import Instance, RuleSetting
from models.issues import InputError
from models.travel import Travel
from scenarios.optimised.best_sites import BestSites, best_sites
from scenarios.optimised.terms import Counted, Form, NewSiteKind
from solver.engine.highs import Effort
from solver.modelling.rule import Rule
from solver.profiles import load_rules

EFFORT = Effort(30)
MINUTE = 4 / 60 / 6371.0088 * 180 / 3.141592653589793
"""Degrees of latitude walked in a minute at 4 km/h, driven in a tenth of it at 40."""


def rules(profile: str = "default", **minutes: int) -> tuple[Rule, ...]:
    """Return the rules with a circle of so many minutes in town and country."""
    circle = minutes.get("circle")
    fields = ("town_minutes", "country_minutes") if circle is not None else ()
    changes = [RuleSetting(rule="service_circle", field=f, value=str(circle)) for f in fields]
    return load_rules(profile, changes)


def road(places: list[tuple[str, float]], **tables: Any) -> Instance:
    """Return villages by township and minutes on foot up a road; two lawyers live at its beginning."""
    towns = sorted({town for town, _ in places})
    people = [
        {"id": f"L{n}", "name": f"例{n}", "kind": "lawyer", "area": towns[0], "lon": 120, "lat": 31}
        for n in range(2)
    ]
    content: dict[str, Any] = {
        "settings": {"month": "2026-12", "circuity": 1, "walk_kmh": 4, "access_minutes": 0},
        "areas": [{"id": town, "name": f"示例{town}镇", "level": "township"} for town in towns],
        "villages": [
            {"id": f"V{n}", "name": f"示例{n}村", "area": town, "lon": 120}
            | {"lat": 31 + walk * MINUTE, "demand": {"family": 2}}
            for n, (town, walk) in enumerate(places)
        ],
        "people": people,
    }
    return Instance.model_validate(content | tables)


def station(at: int, **changes: Any) -> dict[str, Any]:
    """Return a workroom in a village."""
    site = {"id": f"W{at}", "name": f"示例{at}室", "kind": "workroom", "area": "A"}
    return site | {"lon": 120, "villages": [f"V{at}"]} | changes


def post(site: str, recurrence: str = "2026-12-01", **changes: Any) -> dict[str, Any]:
    row = {"id": f"{site}-岗", "site": site, "name": "示例岗", "kind": "consultation"}
    return row | {"recurrence": recurrence} | changes


def places(found: BestSites) -> list[str]:
    """Return the places of an answer that is proven."""
    assert (found.value, found.gap) == (found.bound, 0)
    return [site.place for site in found.sites]


def tried(instance: Instance, new: int, circle: int, form: Form) -> tuple[int, int]:
    """Return villages left and minutes of the best choice among all villages, none standing."""
    travel, count = Travel(instance), len(instance.villages)
    minutes = travel.between(*np.indices((count, count)).reshape(2, -1)).reshape(count, count)
    found = []
    for opened in itertools.combinations(range(count), new):
        ways = [min(int(minutes[v, site]) for site in opened) for v in range(count)]
        near = [way for way in ways if form is Form.MEDIAN or way <= circle]
        found.append((count - len(near), sum(near)))
    return min(found)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("form", [Form.COVER, Form.MEDIAN], ids=["cover", "median"])
def test_no_other_choice_of_villages_is_better(seed: int, form: Form) -> None:
    draw = random.Random(seed)
    instance = road([("A", draw.randint(0, 500)) for _ in range(7)])
    new, circle = 1 + seed % 3, 8
    found = best_sites(instance, rules(circle=circle), EFFORT, new, NewSiteKind.MOBILE, form)
    left, way = tried(instance, new, circle, form)
    assert len(places(found)) <= new
    assert len(found.left) == left
    assert found.served == 7 - left
    if form is Form.MEDIAN:
        assert found.value == way


def test_a_site_serves_and_gains_what_it_says() -> None:
    sites = [station(0, lat=31)]
    instance = road([("A", 0), ("A", 60), ("A", 64)], sites=sites, posts=[post("W0")])
    found = best_sites(instance, rules(circle=2), EFFORT, 2)
    assert (found.served_before, found.served, found.total) == (1, 3, 3)
    (site,) = found.sites
    assert site.place in ("V1", "V2")
    assert site.villages == site.gained == ("V1", "V2")
    assert (site.people, site.able) == (("L0", "L1"), 2)
    assert (found.minutes_before, found.minutes) == (0, 0)
    assert "再多设也没有增益" in found.lines[1].zh


def test_a_site_without_anybody_on_duty_does_not_stand() -> None:
    instance = road([("A", 0), ("A", 100)], sites=[station(0, lat=31)])
    found = best_sites(instance, rules(circle=2), EFFORT, 2)
    assert (found.served_before, sorted(places(found))) == (0, ["V0", "V1"])


def test_a_township_seat_is_a_candidate_too() -> None:
    between = [
        {"id": "A", "name": "示例A镇", "level": "township", "lon": 120, "lat": 31 + 30 * MINUTE}
    ]
    instance = road([("A", 0), ("A", 60)], areas=between)
    assert places(best_sites(instance, rules(circle=4), EFFORT, 1)) == ["A"]


def test_a_site_counts_only_if_somebody_may_be_on_duty_there() -> None:
    people = [{"id": "L0", "name": "例", "kind": "lawyer", "area": "A", "duty_areas": ["A"]}]
    people[0] |= {"lon": 120, "lat": 31}
    instance = road([("A", 0), ("B", 100), ("B", 100)], people=people)
    assert places(best_sites(instance, rules(circle=2), EFFORT, 1)) == ["V0"]
    conflicts = [{"person": "L0", "village": "V0"}]
    barred = road([("A", 0), ("B", 100), ("B", 100)], people=people, conflicts=conflicts)
    assert places(best_sites(barred, rules(circle=2), EFFORT, 1)) == []


@pytest.mark.parametrize(("turns", "opened"), [(3, 0), (4, 1), (5, 2)])
def test_duties_there_are_come_before_new_sites(turns: int, opened: int) -> None:
    """A post of three turns; whoever has so many turns a month serves so many sites beside it."""
    people = [{"id": "L0", "name": "例", "kind": "lawyer", "area": "A", "monthly_turns": turns}]
    people[0] |= {"lon": 120, "lat": 31}
    posts = [post("C", "2026-12-01、2026-12-02、2026-12-03")]
    centre = {"id": "C", "name": "示例中心", "kind": "court", "area": "A", "lon": 120, "lat": 31}
    instance = road([("A", 0), ("A", 100)], people=people, posts=posts, sites=[centre])
    assert len(places(best_sites(instance, rules(circle=2), EFFORT, 2))) == opened


def test_visits_to_the_villages_advised_take_room() -> None:
    people = [{"id": "L0", "name": "例", "kind": "lawyer", "area": "A", "lon": 120, "lat": 31}]
    few = tuple(
        rule.model_copy(update={"half_days": 2}) if rule.code == "monthly_cap" else rule
        for rule in rules(circle=2)
    )
    instance = road([("A", 0), ("A", 100), ("A", 200)], people=people)
    assert len(places(best_sites(instance, few, EFFORT, 3))) == 2
    advised = instance.villages[0].model_copy(update={"adviser": "L0"})
    busy = instance.model_copy(update={"villages": (advised, *instance.villages[1:])})
    assert len(places(best_sites(busy, few, EFFORT, 3))) == 1


def test_lacking_turns_are_told() -> None:
    centre = {"id": "C", "name": "示例中心", "kind": "court", "area": "A", "lon": 120, "lat": 31}
    instance = road([("A", 0)], posts=[post("C", head_count=3)], sites=[centre], people=[])
    found = best_sites(instance, rules(), EFFORT, 1)
    assert found.sites == ()
    assert "现有岗位本月尚缺 3 人次" in found.lines[-1].zh


def test_village_stations_take_three_villages_of_their_township_within_a_walk() -> None:
    near = [("A", 0), ("A", 10), ("A", 20), ("A", 25), ("B", 5), ("A", 60)]
    found = best_sites(road(near), rules("suzhou"), EFFORT, 1)
    (site,) = found.sites
    assert len(site.villages) == 3
    assert set(site.villages) < {"V0", "V1", "V2", "V3"}
    assert found.served == found.bound == 3
    more = best_sites(road(near), rules("suzhou"), EFFORT, 9)
    # V5 alone has two matters a month, a station asks for three: it stays to a mobile point
    assert set(more.left) == {"V4", "V5"}


def test_a_standing_village_station_keeps_its_limit_and_its_village() -> None:
    near = [("A", n) for n in range(5)]
    sites = [station(0, lat=31)]
    instance = road(near, sites=sites, posts=[post("W0", "每月第1个周二")])
    found = best_sites(instance, rules("suzhou"), EFFORT, 1)
    assert (found.served_before, found.served) == (3, 5)
    assert "V0" not in places(found)


def test_people_are_counted_where_all_are_known() -> None:
    instance = road([("A", 0), ("A", 100), ("A", 101)])
    counts = zip(instance.villages, (900, 100, 200), strict=True)
    counted = tuple(v.model_copy(update={"population": n}) for v, n in counts)
    peopled = instance.model_copy(update={"villages": counted})
    by_people = best_sites(peopled, rules(circle=2), EFFORT, 1, counted=Counted.PEOPLE)
    assert (places(by_people), by_people.served, by_people.total) == (["V0"], 900, 1200)
    assert places(best_sites(peopled, rules(circle=2), EFFORT, 1)) != ["V0"]


def test_what_cannot_be_asked_is_told_at_once() -> None:
    instance = road([("A", 0), ("A", 10)])
    with pytest.raises(InputError) as raised:
        best_sites(instance, rules(), EFFORT, 0, counted=Counted.PEOPLE)
    codes = [issue.code for issue in raised.value.issues]
    assert codes == ["too_few_sites", "population_missing", "population_missing"]
    with pytest.raises(InputError) as raised:
        best_sites(instance.model_copy(update={"villages": ()}), rules(), EFFORT, 1)
    assert [issue.code for issue in raised.value.issues] == ["no_villages"]


def test_leave_on_a_day_keeps_nobody_from_a_site() -> None:
    leave = [{"person": f"L{n}", "first": "2026-12-01", "last": "2026-12-04"} for n in range(2)]
    instance = road([("A", 0)], leave=leave)
    assert places(best_sites(instance, rules(), EFFORT, 1)) == ["V0"]
