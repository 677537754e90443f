"""Lectures at the pace of Yunnan 2019: 10, 50, 40 and 0 % of the year's by quarter."""

import math
from collections import Counter, defaultdict

import pytest

from models.formats.read import read_instance
from models.formats.write import write_json
from models.instance import RuleSetting
from models.issues import InputError
from models.slots import expand
from models.vocabulary import AreaLevel, Part, PersonKind, SiteKind
from scenarios.generator.generate import generate
from scenarios.generator.sizes import YUNNAN
from solver.modelling.facts import Facts
from solver.profiles import load_rules

PRACTITIONERS = {PersonKind.LAWYER, PersonKind.GRASSROOTS}


@pytest.fixture(scope="module")
def diqing():
    """Return the smallest prefecture: 3 counties."""
    return generate("5334", YUNNAN, seed=1, month="2026-06")


def lecture_rule(profile="yunnan_2019", **numbers):
    settings = [
        RuleSetting(rule="quarterly_lecture", field=name, value=value)
        for name, value in numbers.items()
    ]
    return {rule.code: rule for rule in load_rules(profile, settings)}["quarterly_lecture"]


def above(instance, area, level):
    codes = (instance.area_by_id[code] for code in instance.ancestors(area))
    return next(found.id for found in codes if found.level is level)


def city_of(instance, area):
    return above(instance, area, AreaLevel.CITY)


def county_of(instance, area):
    return above(instance, area, AreaLevel.COUNTY)


def by_city(instance, villages):
    return Counter(city_of(instance, instance.village_by_id[v].area) for v in villages)


def assert_june_is_caught_up(instance):
    """Every prefecture is due what is missing from 60 % at the end of June."""
    held = [row.village for row in instance.lectures]
    due = lecture_rule().lectures_due(Facts(instance, "2026-06"))
    assert due.isdisjoint(held)
    made, asked = by_city(instance, held), by_city(instance, due)
    for city, villages in by_city(instance, instance.village_by_id).items():
        assert asked[city] == math.ceil(0.6 * villages) - made[city]
        # a sixth of the year for June, and what the five months before left undone
        assert 0.85 * 130 / 300 - 0.01 <= made[city] / villages <= 1.05 * 130 / 300 + 0.01


def test_profile_of_yunnan_has_the_pace_of_the_document():
    rule = lecture_rule()
    assert (rule.every_months, rule.pace) == (12, (10, 50, 40, 0))
    assert lecture_rule("default").pace == ()


def test_an_office_may_set_another_pace():
    assert lecture_rule(pace="25；25;30; 20").pace == (25, 25, 30, 20)


@pytest.mark.parametrize("text", ["10;50;40", "10;50;40;10", "110;-10;0;0", "一半"])
def test_a_pace_is_four_percentages_that_add_up_to_100(text):
    with pytest.raises(InputError) as caught:
        lecture_rule(pace=text)
    assert {issue.code for issue in caught.value.issues} == {"rule_value"}


def test_lectures_of_the_past_months_follow_the_pace(diqing):
    months = Counter(row.date.month for row in diqing.lectures)
    assert months.keys() == {1, 2, 3, 4, 5}
    assert {row.date.year for row in diqing.lectures} == {2026}
    assert len({row.village for row in diqing.lectures}) == len(diqing.lectures)
    first, second = sum(months[m] for m in (1, 2, 3)), sum(months[m] for m in (4, 5))
    assert 0.8 <= second / first * 0.3 <= 1.2


def test_june_is_due_what_the_pace_lacks(diqing):
    assert_june_is_caught_up(diqing)


def test_lectures_due_are_spread_over_the_townships(diqing):
    due = lecture_rule().lectures_due(Facts(diqing, "2026-06"))
    held = {row.village for row in diqing.lectures}
    open_ones = Counter(v.area for v in diqing.villages if v.id not in held)
    share = len(due) / open_ones.total()
    asked = Counter(diqing.village_by_id[village].area for village in due)
    assert all(abs(asked[t] - share * count) <= 1 for t, count in open_ones.items())


def test_due_villages_do_not_depend_on_the_order_of_the_rows(diqing):
    turned = diqing.model_copy(update={"villages": diqing.villages[::-1]})
    rule = lecture_rule()
    assert rule.lectures_due(Facts(turned, "2026-06")) == rule.lectures_due(
        Facts(diqing, "2026-06")
    )


def test_by_september_no_village_is_left(diqing):
    held = {row.village for row in diqing.lectures}
    due = lecture_rule().lectures_due(Facts(diqing, "2026-09"))
    assert due == diqing.village_by_id.keys() - held


def test_a_centre_with_few_people_sits_two_mornings_a_week(diqing):
    posts = {p.site: p for p in diqing.posts if p.site[1:] == "533422" and p.name == "法律咨询岗"}
    assert [post.recurrence.text for post in posts.values()] == ["周二、周四"]
    assert [post.parts for post in posts.values()] == [(Part.AM,)]


def test_paced_lectures_repeat(diqing):
    assert generate("5334", YUNNAN, seed=1, month="2026-06") == diqing


@pytest.mark.slow
def test_yunnan_is_the_whole_province(yunnan):
    assert Counter(area.level for area in yunnan.areas) == {
        AreaLevel.PROVINCE: 1,
        AreaLevel.CITY: 16,
        AreaLevel.COUNTY: 129,
        AreaLevel.TOWNSHIP: 1446,
    }
    assert len(yunnan.villages) == 14873
    stations = sum(site.kind is SiteKind.STATION for site in yunnan.sites)
    assert stations == 1446
    assert (yunnan.settings.month, yunnan.settings.profile) == ("2026-06", "yunnan_2019")
    advisers = sum(person.is_adviser for person in yunnan.people)
    assert 3.0 <= len(yunnan.villages) / advisers <= 3.5


@pytest.mark.slow
def test_pace_bites_in_every_prefecture_of_yunnan(yunnan):
    assert_june_is_caught_up(yunnan)


@pytest.mark.slow
def test_nobody_in_yunnan_serves_two_prefectures(yunnan):
    people = [person for person in yunnan.people if person.kind in PRACTITIONERS]
    cities = defaultdict(set)
    for person in people:
        cities[len(person.serves_areas)] |= {
            len({city_of(yunnan, area) for area in person.serves_areas})
        }
    assert cities == {1: {1}, 2: {1}}
    crossing = sum(len(person.serves_areas) == 2 for person in people)
    assert 0.06 <= crossing / len(people) <= 0.08


@pytest.mark.slow
def test_few_duties_of_yunnan_are_beyond_the_duty_list(yunnan):
    asked, able = Counter(), Counter()
    for slot in expand(yunnan, "2026-06"):
        if PersonKind.LAWYER in slot.post.kinds:
            asked[county_of(yunnan, slot.site.area)] += slot.post.head_count + slot.post.standby
    for person in yunnan.people:
        if person.kind in PRACTITIONERS:
            able[county_of(yunnan, person.area)] += 6 * person.share * person.is_duty
    short = sum(max(0, heads - able[county]) for county, heads in asked.items())
    assert 0 < short <= 0.02 * asked.total()


@pytest.mark.slow
def test_yunnan_is_read_back_from_its_file(yunnan, tmp_path):
    write_json(yunnan, tmp_path / "plan.json")
    assert read_instance(tmp_path / "plan.json").content_hash == yunnan.content_hash
