import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from models.instance import Instance
from models.issues import InputError
from models.vocabulary import AreaLevel, PersonKind, PostKind, SiteKind
from scenarios.generator.catalogue import SCENARIOS, load


@pytest.fixture(scope="module")
def jinshui() -> Instance:
    return load("jinshui")


def test_catalogue_lists_the_scenarios():
    seeds = ["suzhou", "bengbu", "wuhu", "yunnan", "shehong", "changping"]
    assert list(SCENARIOS) == ["jinshui", "township", "county", *seeds]


NUMBERS = {
    "jinshui": "{townships}个街道、{villages}个社区",
    "county": "{townships}个乡镇街道、{villages}个村居",
    "township": "{villages}个村居",
    "suzhou": "{townships}个镇街、{villages}个村居",
    "bengbu": "{townships}个乡镇街道、{villages}个村居",
    "wuhu": "{townships}个乡镇街道、{villages}个村居",
    "yunnan": "{townships}个乡镇街道、{villages}个村居",
    "shehong": "{villages}个村居、95名顾问",
    "changping": "{villages}个社区、20名顾问",
}


@pytest.mark.parametrize(
    "scenario_id",
    [pytest.param(s, marks=[pytest.mark.slow] * (s == "yunnan")) for s in SCENARIOS],
)
def test_scenario_loads_what_its_description_says(scenario, scenario_id):
    entry, made = SCENARIOS[scenario_id], scenario(scenario_id)
    townships = sum(area.level is AreaLevel.TOWNSHIP for area in made.areas)
    said = NUMBERS[scenario_id].format(townships=townships, villages=len(made.villages))
    assert said in entry.description_zh
    assert f"{len(made.villages):,}" in entry.description_en
    settings = made.settings
    assert (settings.area, settings.profile) == (entry.area, entry.profile)
    assert settings.month == entry.month
    assert "虚构" in settings.notice
    assert "Made-up people" in settings.notice


def test_a_title_names_the_plan_where_the_area_does_not(scenario):
    assert scenario("changping").settings.name == "仿昌平2019年（地理借用金水） 2026年12月"
    assert scenario("township").settings.name == "工山镇 2026年12月"


def test_scenario_repeats_for_the_same_seed_only():
    assert load("township", 3).content_hash == load("township", 3).content_hash
    assert load("township", 3).content_hash != load("township", 4).content_hash


def test_jinshui_has_the_three_levels_of_the_plan(jinshui):
    kinds = Counter(site.kind for site in jinshui.sites)
    assert kinds == {SiteKind.CENTRE: 1, SiteKind.STATION: 24, SiteKind.WORKROOM: 287}
    posts = {post.kind for post in jinshui.posts if post.site == "Z410105"}
    basic = {PostKind.RECEPTION, PostKind.CONSULTATION, PostKind.LEGAL_AID, PostKind.MEDIATION}
    assert basic <= posts


def test_jinshui_lacks_a_few_of_the_338_mediators(jinshui):
    mediators = [p for p in jinshui.people if p.kind is PersonKind.MEDIATOR]
    homes = Counter(person.area for person in mediators)
    assert homes["410105"] == 3
    assert 327 <= len(mediators) <= 332
    streets = [area.id for area in jinshui.areas if area.level is AreaLevel.TOWNSHIP]
    villages = Counter(village.area for village in jinshui.villages)
    missing = [2 + villages[street] - homes[street] for street in streets]
    assert min(missing) >= 0
    assert sum(missing) == 338 - len(mediators)
    assert all(p.serves_areas == (p.area,) for p in mediators)


def test_jinshui_has_about_two_communities_per_adviser(jinshui):
    practitioners = {PersonKind.LAWYER, PersonKind.GRASSROOTS}
    assert sum(person.kind in practitioners for person in jinshui.people) == 150


def test_unknown_scenario_is_an_issue_that_lists_the_known():
    with pytest.raises(InputError) as caught:
        load("shanghai")
    (issue,) = caught.value.issues
    assert (issue.code, issue.value) == ("unknown_scenario", "shanghai")
    assert "jinshui、township、county" in issue.mend_zh


def test_listing_the_scenarios_does_not_load_numpy():
    program = "import sys, scenarios.generator.catalogue; sys.exit('numpy' in sys.modules)"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
