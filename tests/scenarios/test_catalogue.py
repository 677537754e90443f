import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from models.instance import Instance
from models.issues import InputError
from models.vocabulary import AreaLevel, PersonKind, PostKind, SiteKind
from scenarios.catalogue import SCENARIOS, load


@pytest.fixture(scope="module")
def jinshui() -> Instance:
    return load("jinshui")


def test_catalogue_lists_three_scenarios():
    assert list(SCENARIOS) == ["jinshui", "township", "county"]


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_scenario_loads_what_its_description_says(scenario_id):
    scenario = SCENARIOS[scenario_id]
    made = load(scenario_id)
    townships = sum(area.level is AreaLevel.TOWNSHIP for area in made.areas)
    numbers = {
        "jinshui": f"{townships}个街道、{len(made.villages)}个社区",
        "county": f"{townships}个乡镇街道、{len(made.villages)}个村居",
        "township": f"{len(made.villages)}个村居",
    }
    assert numbers[scenario_id] in scenario.description_zh
    assert (made.settings.area, made.settings.profile) == (scenario.area, scenario.profile)
    assert "虚构" in made.settings.notice


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
        load("suzhou")
    (issue,) = caught.value.issues
    assert (issue.code, issue.value) == ("unknown_scenario", "suzhou")
    assert "jinshui、township、county" in issue.mend_zh


def test_listing_the_scenarios_does_not_load_numpy():
    program = "import sys, scenarios.catalogue; sys.exit('numpy' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
