"""Changes of rules, rates, speeds, demand and priority: the number set, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from models.instance import Instance
from solver.modelling.facts import Facts
from solver.profiles import load_rates, load_rules
from tests.factories import tiny_content, tiny_instance
from tests.scenarios.changes.making import applied, change, refused, said, why

NEAR_FESTIVAL = "2027-01"
"""Spring Festival is on 2027-02-06: the 30 days before it begin on 7 January."""


def numbers(instance: Instance, rule: str) -> dict[str, Any]:
    rules = {r.code: r for r in load_rules(instance.settings.profile, instance.rules)}
    return rules[rule].model_dump(mode="json")


def with_demand(*demand: dict[str, int], **more: Any) -> Instance:
    villages = tiny_content()["villages"]
    for village, matters in zip(villages, demand, strict=False):
        village |= {"demand": matters}
    return tiny_instance(villages=villages, **more)


@pytest.mark.parametrize(
    ("code", "given", "rule", "differs"),
    [
        ("cap", {"most": 4}, "villages_per_adviser", {"most": 4}),
        ("cap", {"most": 4, "hard": True}, "villages_per_adviser", {"most": 4, "level": "hard"}),
        (
            "circle",
            {"everywhere": 45},
            "service_circle",
            {"town_minutes": 45, "country_minutes": 45},
        ),
        (
            "circle",
            {"everywhere": 45, "town": 20, "hard": True},
            "service_circle",
            {"town_minutes": 20, "country_minutes": 45, "level": "hard"},
        ),
        ("hours", {"lawyer": 40}, "monthly_hours", {"lawyer": 40}),
        ("hours", {"village": 8}, "monthly_hours", {"village_hours": 8.0}),
        ("hours", {"village": 8}, "monthly_visit", {"hours": 8.0}),
        (
            "hours",
            {"factor": 0.5, "others": 30},
            "monthly_hours",
            {"lawyer": 24, "grassroots": 32, "full_time": 92, "others": 30},
        ),
        (
            "rule",
            {"rule": "fair_load", "field": "weight", "value": "7"},
            "fair_load",
            {"weight": 7},
        ),
        ("profile", {"name": "xindu"}, "monthly_visit", {"hours": 8.0}),
    ],
)
def test_the_rule_has_the_new_numbers_and_keeps_the_others(
    code: str, given: dict[str, Any], rule: str, differs: dict[str, Any]
):
    before = tiny_instance()
    after = applied(before, code, **given)
    assert numbers(after, rule) == numbers(before, rule) | differs
    others = {r.code: r for r in load_rules(after.settings.profile, after.rules)}
    assert others.keys() == {r.code for r in load_rules("default")}


def test_the_last_setting_of_a_number_holds():
    once = applied(tiny_instance(), "cap", most=4)
    twice = applied(once, "cap", most=6)
    assert (numbers(twice, "villages_per_adviser")["most"], len(twice.rules)) == (6, 1)
    assert said(once, "cap", most=6) == "每人村居上限 4→6（原则上）"


def test_personal_limits_stay_unless_they_are_dropped():
    people = tiny_content()["people"]
    people[0] |= {"villages_max": 2}
    instance = tiny_instance(people=people)
    assert applied(instance, "cap", most=4).people[0].villages_max == 2
    assert said(instance, "cap", most=4) == "每人村居上限 5→4（原则上）；1 人另有个人上限，不变"
    assert applied(instance, "cap", most=4, personal=True).people[0].villages_max is None


def test_hours_of_persons_follow_a_factor_only():
    people = tiny_content()["people"]
    people[4] |= {"monthly_hours": 100}
    instance = tiny_instance(people=people)
    assert applied(instance, "hours", factor=0.8).people[4].monthly_hours == 80
    assert applied(instance, "hours", lawyer=40).people[4].monthly_hours == 100
    assert said(instance, "hours", lawyer=40) == (
        "每月工时：律师 48→40 小时，1 人另有个人工时，不变"
    )


@pytest.mark.parametrize("code", ["circle", "hours", "travel", "budget"])
def test_a_change_without_numbers_is_refused(code: str):
    (found,) = refused(tiny_instance(), code).values()
    assert (found.code, found.zh) == ("change_nothing", "没有给出任何要改的数")


def test_what_does_not_fit_a_rule_is_refused_with_the_reason_of_the_rule():
    asked = {"rule": "monthly_cap", "field": "turns", "value": "many"}
    assert [f.code for f in refused(tiny_instance(), "rule", **asked).values()] == ["rule_value"]
    unknown = {"rule": "vilages_per_adviser", "field": "most", "value": "4"}
    (found,) = refused(tiny_instance(), "rule", **unknown).values()
    assert (found.code, "villages_per_adviser" in found.mend_en) == ("unknown_rule", True)
    rates = {"rule": "rates", "field": "lecture", "value": "1"}
    assert why(tiny_instance(), "rule", **rates) == {"rule": "change_rates"}
    assert [f.code for f in refused(tiny_instance(), "profile", name="henan").values()] == [
        "unknown_profile"
    ]


def test_a_rule_that_is_off_is_not_changed_in_vain():
    off = applied(tiny_instance(), "rule", rule="service_circle", field="weight", value="0")
    (found,) = refused(off, "circle", everywhere=30).values()
    assert (found.code, "没有启用" in found.zh) == ("change_rule_off", True)
    on = applied(off, "rule", rule="service_circle", field="weight", value="1")
    assert numbers(applied(on, "circle", everywhere=30), "service_circle")["town_minutes"] == 30


def test_rates_change_and_the_rules_do_not():
    before = tiny_instance()
    after = applied(before, "budget", fund_year=4_480_000, mediator_month=3000.5)
    rates = load_rates(after.settings.profile, after.rules)
    assert (rates.fund_year, rates.mediator_month, rates.village_year) == (4_480_000, 3000.5, 1500)
    assert load_rules("default", after.rules) == load_rules("default")
    assert said(before, "budget", fund_year=4_480_000) == (
        "经费：每年经费 —→4480000 元（不影响排班）"
    )


def test_every_way_takes_longer_in_bad_weather_also_a_given_one():
    pair = {"person": "L003", "place": "410105001001", "minutes": 40}
    before = tiny_instance(pairs=[pair], settings={"access_minutes": 4})
    after = applied(before, "travel", weather=1.5)
    way, longer = (Facts(i, "2026-12") for i in (before, after))
    for person in before.people:
        for place in range(7):
            # both are rounded to whole minutes
            was, now = way.minutes(person.id, place), longer.minutes(person.id, place)
            assert abs(now - 1.5 * was) <= 1.25
    assert (way.minutes("L003", 0), longer.minutes("L003", 0)) == (40, 60)
    assert after.settings.walk_kmh == pytest.approx(before.settings.walk_kmh / 1.5)


def test_speeds_do_not_touch_given_minutes_and_say_so():
    before = tiny_instance(pairs=[{"person": "L003", "place": "Z001", "minutes": 40}])
    after = applied(before, "travel", country_kmh=20)
    assert (after.settings.country_kmh, after.pairs) == (20, before.pairs)
    assert said(before, "travel", country_kmh=20) == (
        "路途：乡村 40→20 公里/小时，“人员与村居约定”中给定的 1 个分钟数不变"
    )


def test_weather_in_which_nobody_moves_is_refused():
    slow = tiny_instance(settings={"country_kmh": 4})
    assert why(slow, "travel", weather=5) == {"weather": "change_too_slow"}


def test_demand_is_rounded_once_and_shared_by_largest_remainder():
    before = with_demand({"labour": 1}, {"labour": 1, "land": 2}, {"labour": 3}, {"land": 5})
    after = applied(before, "demand", factor=1.5, specialities=["劳动"])
    # 5 × 1.5 = 7.5 → 8; shares 1.6, 1.6, 4.8 → the largest remainders go up
    assert [v.demand.get("labour") for v in after.villages] == [2, 1, 5, None]
    assert [v.demand.get("land") for v in after.villages] == [None, 2, None, 5]
    assert said(before, "demand", factor=1.5, specialities=["劳动"]) == (
        "劳动需求变为 1.5 倍：每月 5→8 件；影响专业匹配和设站，不增加值班、走访"
    )


def test_demand_of_an_area_only():
    before = with_demand({"labour": 2}, {}, {"labour": 2})
    after = applied(before, "demand", factor=2, areas=["410105002"])
    assert [v.demand.get("labour", 0) for v in after.villages] == [2, 0, 4, 0]


@pytest.mark.parametrize(
    ("month", "season", "labour"),
    [
        # 25 of the 31 days of January, 5 of the 28 of February
        (NEAR_FESTIVAL, "春节前30天", round(100 * (1 + 25 / 31))),
        ("2027-02", "spring_festival", round(100 * (1 + 5 / 28))),
        ("2027-02", "q1", 200),
        ("2027-02", "q2", None),
        ("2026-12", "春节前30天", None),
    ],
)
def test_a_season_changes_its_part_of_the_month(month: str, season: str, labour: int | None):
    before = with_demand({"labour": 100}, settings={"month": month})
    asked = {"factor": 2, "specialities": ["labour"], "season": season}
    if labour is None:
        assert why(before, "demand", **asked) == {"season": "change_season"}
    else:
        assert applied(before, "demand", **asked).villages[0].demand == {"labour": labour}


def test_demand_nobody_states_or_too_much_of_it_is_refused():
    before = with_demand({"labour": 300})
    land = why(before, "demand", factor=2, specialities=["land"])
    assert land == {"specialities": "change_no_demand"}
    assert why(before, "demand", factor=4) == {"factor": "change_too_much_demand"}


def test_a_priority_list_adds_to_the_old_one_or_replaces_it():
    villages = tiny_content()["villages"]
    villages[3] |= {"priority": 2}
    before = tiny_instance(villages=villages)
    added = applied(before, "priority", villages=["410105001001"], level=3)
    assert [village.priority for village in added.villages] == [3, 0, 0, 2]
    only = applied(before, "priority", areas=["410105001"], only=True)
    assert [village.priority for village in only.villages] == [1, 1, 0, 0]
    assert said(before, "priority", areas=["410105001"], only=True) == (
        "示例一社区、示例二社区优先级设为 1，其余改为普通；重点村居 1→2 个"
    )
    assert why(before, "priority") == {"villages": "change_no_village"}
    assert why(before, "priority", villages=["1"]) == {"villages": "dangling"}


def test_a_change_that_changes_nothing_gives_the_same_input():
    own = [{"rule": "villages_per_adviser", "field": "most", "value": "4"}]
    for before, most in ((tiny_instance(), 5), (tiny_instance(rules=own), 4)):
        assert change("cap", most=most).apply(before).content_hash == before.content_hash
    back = applied(tiny_instance(rules=own), "cap", most=5)
    assert back.content_hash == tiny_instance().content_hash
