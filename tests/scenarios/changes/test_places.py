"""Sites that open, close and move, posts, mediators, remote duty, townships that merge."""

from __future__ import annotations

from typing import Any

import pytest

from models.instance import Instance
from models.slots import expand
from models.vocabulary import Mode, Terrain
from solver.modelling.facts import Facts
from tests.factories import tiny_content, tiny_instance
from tests.scenarios.changes.making import applied, refused, said, why

EAST, WEST = "410105001", "410105002"


def seats(instance: Instance) -> int:
    return sum(slot.post.head_count for slot in expand(instance, "2026-12"))


def with_rows_about(site: str, **tables: Any) -> Instance:
    """Return the tiny instance with rows of every table that name ``site``, and one of another."""
    turn = {"person": "L001", "month": "2026-11", "kind": "consultation", "turns": 2}
    day = {"date": "2026-12-08", "part": "am"}
    facts: dict[str, Any] = {
        "wishes": [{"person": "L001", "attitude": "avoid", "site": s} for s in (site, "Z000")],
        "conflicts": [
            {"person": "L001", "site": site},
            {"person": "L001", "site": site, "village": "410105001001"},
        ],
        "pins": [
            {"kind": "duty", "target": f"{site}-咨询", "person": "L001"} | day,
            {"kind": "mediator", "target": site, "person": "M001"},
            {"kind": "duty", "target": "Z000-咨询", "person": "L001"} | day,
        ],
        "ledger": [turn | {"site": s} for s in (site, None, "Z000")],
        "pairs": [{"person": "L001", "place": s, "minutes": 9} for s in (site, "Z000")],
    }
    return tiny_instance(**(facts | tables))


def test_a_site_closes_with_everything_about_it_but_the_turns_served():
    before = with_rows_about("Z001")
    after = applied(before, "close_site", sites=["Z001"])
    assert [site.id for site in after.sites] == ["Z000", "Z002"]
    assert [post.id for post in after.posts] == ["Z000-咨询", "Z002-调解"]
    assert [wish.site for wish in after.wishes] == ["Z000"]
    assert [(c.site, c.village) for c in after.conflicts] == [(None, "410105001001")]
    assert [pin.target for pin in after.pins] == ["Z000-咨询"]
    assert [pair.place for pair in after.pairs] == ["Z000"]
    assert [(row.site, row.turns) for row in after.ledger] == [(None, 4), ("Z000", 2)]
    assert said(before, "close_site", sites=["Z001"]) == (
        "关闭示例东街道公共法律服务工作站，取消 1 个岗位"
    )


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"site_kinds": ["station"]}, ["Z000"]),
        ({"areas": [WEST]}, ["Z000", "Z001"]),
        ({"site_kinds": ["公共法律服务工作站"], "areas": [EAST]}, ["Z000", "Z002"]),
    ],
)
def test_sites_are_meant_by_kind_and_area(given: dict[str, Any], left: list[str]):
    after = applied(tiny_instance(), "close_site", **given)
    assert [site.id for site in after.sites] == left


def test_closing_what_is_not_there_or_not_named_is_refused():
    assert why(tiny_instance(), "close_site", sites=["Z009"]) == {"sites": "dangling"}
    assert why(tiny_instance(), "close_site", site_kinds=["court"]) == {"sites": "change_no_site"}
    assert why(tiny_instance(), "close_site") == {"sites": "change_which_sites"}


def test_a_closed_station_is_no_longer_served_from_the_centre():
    posts = tiny_content()["posts"]
    posts[0] |= {"mode": "remote", "serves": ["Z001", "Z002"]}
    after = applied(tiny_instance(posts=posts), "close_site", sites=["Z001"])
    assert after.posts[0].serves == ("Z002",)


def test_a_mobile_point_opens_in_a_village_with_its_post():
    asked = {"name": "示例流动点", "kind": "流动服务点", "area": WEST, "village": "410105002002"}
    asked |= {"recurrence": "周三", "parts": ["下午"], "head_count": 2, "post_kinds": ["律师"]}
    before = tiny_instance()
    after = applied(before, "open_site", **asked)
    site, post = after.sites[-1], after.posts[-1]
    village = after.village_by_id["410105002002"]
    assert (site.id, site.lon, site.lat) == ("NEW-1", village.lon, village.lat)
    assert (post.site, post.head_count, post.kinds) == ("NEW-1", 2, ("lawyer",))
    # five Wednesdays in December 2026
    assert seats(after) == seats(before) + 10
    assert said(before, "open_site", **asked) == (
        "在示例西乡示例四村新设流动服务点“示例流动点”，周三下午法律咨询岗 2 人"
    )


def test_a_site_without_dates_has_no_post():
    asked = {"name": "示例站", "kind": "station", "area": WEST}
    after = applied(tiny_instance(), "open_site", **asked, mediators_min=0)
    assert (len(after.sites), len(after.posts)) == (4, 3)
    assert "不设值班岗位" in said(tiny_instance(), "open_site", **asked)


def test_a_site_nowhere_or_with_nobody_is_refused_with_every_reason():
    asked = {"name": "示例站", "kind": "station", "area": "9", "village": "8", "villages": ["7"]}
    asked |= {"lon": 113.7, "mediators_min": 3, "mediators_max": 1, "parts": []}
    assert why(tiny_instance(), "open_site", **asked) == {
        **dict.fromkeys(("area", "village", "villages"), "dangling"),
        "lon": "change_coordinate_half",
        "mediators_min": "change_mediators_order",
        "parts": "change_no_part",
    }


def test_a_site_moves_and_forgets_minutes_measured_to_the_old_place():
    before = with_rows_about("Z001")
    after = applied(before, "move_site", site="Z001", village="410105002001")
    moved, village = after.site_by_id["Z001"], after.village_by_id["410105002001"]
    assert (moved.area, moved.lon, moved.lat) == (WEST, village.lon, village.lat)
    assert [pair.minutes for pair in after.pairs] == [None, 9]
    assert after.posts == before.posts
    assert said(before, "move_site", site="Z001", village="410105002001") == (
        "示例东街道公共法律服务工作站迁到示例三村；“人员与村居约定”中到此站的 1 个分钟数作废"
    )


def test_a_site_moves_to_a_seat_or_a_point():
    seat = applied(tiny_instance(), "move_site", site="Z001", area=WEST).site_by_id["Z001"]
    assert (seat.area, seat.lon) == (WEST, None)
    point = applied(tiny_instance(), "move_site", site="Z001", lon=113.7, lat=34.7)
    assert (point.site_by_id["Z001"].area, point.site_by_id["Z001"].lon) == (EAST, 113.7)
    assert why(tiny_instance(), "move_site", site="Z001") == {"village": "change_site_where"}
    assert why(tiny_instance(), "move_site", site="Z9", lon=113.7) == {
        "site": "dangling",
        "lon": "change_coordinate_half",
    }


def test_posts_get_other_heads_dates_and_parts():
    before = tiny_instance()
    asked = {"kinds": ["法律咨询"], "head_count": 2, "standby": 1}
    after = applied(before, "posts", **asked)
    assert [post.head_count for post in after.posts] == [2, 2, 1]
    assert [post.standby for post in after.posts] == [1, 1, 0]
    # 23 workdays of two half days, 10 Tuesdays and Thursdays; 5 Wednesdays
    assert (seats(before), seats(after)) == (46 + 10 + 5, 92 + 20 + 5)
    assert said(before, "posts", **asked).endswith("：每班 2 人，备班 1 人；全月班次 61→117")
    shorter = applied(before, "posts", posts=["Z000-咨询"], recurrence="周一", parts=["am"])
    assert seats(shorter) == 4 + 10 + 5


def test_posts_stop_and_pins_to_lost_slots_go_with_them():
    day = {"part": "am", "person": "L001", "kind": "duty"}
    pins = [
        day | {"target": "Z001-咨询", "date": "2026-12-08"},
        day | {"target": "Z001-咨询", "date": "2026-12-10"},
        day | {"target": "Z001-咨询", "date": "2026-11-03"},
        day | {"target": "Z000-咨询", "date": "2026-12-09"},
    ]
    before = tiny_instance(pins=pins)
    moved = applied(before, "posts", sites=["Z001"], recurrence="周四")
    assert [str(pin.date) for pin in moved.pins] == ["2026-12-10", "2026-11-03", "2026-12-09"]
    stopped = applied(before, "posts", sites=["Z001"], stop=True)
    assert [pin.target for pin in stopped.pins] == ["Z000-咨询"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, {"stop": "change_posts_how"}),
        ({"stop": True, "head_count": 2}, {"stop": "change_posts_how"}),
        ({"posts": ["Z9"], "head_count": 2}, {"posts": "dangling"}),
        ({"sites": ["Z9"], "head_count": 2}, {"sites": "dangling"}),
        ({"kinds": ["notary"], "head_count": 2}, {"posts": "change_no_post"}),
        ({"posts": ["Z000-咨询"], "head_count": 1}, {"head_count": "change_posts_mix"}),
    ],
)
def test_posts_that_cannot_be_changed_so_are_refused(given: dict[str, Any], told: dict[str, str]):
    posts = tiny_content()["posts"]
    posts[0] |= {"head_count": 2, "mix": {"lawyer": 1, "grassroots": 1}}
    assert why(tiny_instance(posts=posts), "posts", **given) == told


def test_mediators_of_the_streets_go_from_two_to_one():
    before = tiny_instance()
    asked = {"site_kinds": ["station"], "least": 1, "most": 1}
    after = applied(before, "mediators", **asked)
    bounds = [(site.mediators_min, site.mediators_max) for site in after.sites]
    assert bounds == [(None, None), (1, 1), (1, 1)]
    # 3 of the centre and 2 of each station before
    assert said(before, "mediators", **asked).endswith(
        "至少 1 名、至多 1 名；全部调解员需求 7→5 个"
    )


def test_one_bound_of_a_site_moves_the_other_out_of_the_way():
    sites = tiny_content()["sites"]
    sites[1] |= {"mediators_min": 1, "mediators_max": 2}
    instance = tiny_instance(sites=sites)
    lifted = applied(instance, "mediators", sites=["Z001"], least=4).site_by_id["Z001"]
    assert (lifted.mediators_min, lifted.mediators_max) == (4, 4)
    lowered = applied(instance, "mediators", sites=["Z001"], most=0).site_by_id["Z001"]
    assert (lowered.mediators_min, lowered.mediators_max) == (0, 0)


def test_mediators_without_a_sound_bound_are_refused():
    off = tiny_instance(rules=[{"rule": "mediators_per_site", "field": "weight", "value": "0"}])
    assert why(tiny_instance(), "mediators") == {"least": "change_mediators_none"}
    crossed = why(tiny_instance(), "mediators", least=3, most=2)
    assert crossed == {"least": "change_mediators_order"}
    assert why(off, "mediators", least=1) == {"least": "change_mediators_off"}


def test_a_lawyer_of_the_centre_serves_the_stations():
    posts = tiny_content()["posts"]
    old = posts[0] | {"id": "Z000-视频", "mode": "remote", "serves": ["Z001"], "recurrence": "周一"}
    before = tiny_instance(posts=[*posts, old])
    after = applied(before, "remote_duty", per_lawyer=2, parts=["am"])
    codes = ["Z000-咨询", "Z001-咨询", "Z002-调解", "Z000-远程值班1"]
    assert [post.id for post in after.posts] == codes
    remote, local = after.posts[3], after.posts[1]
    assert (remote.mode, remote.serves, remote.kinds) == (
        Mode.REMOTE,
        ("Z001", "Z002"),
        ("lawyer",),
    )
    assert (str(local.recurrence), local.mode) == ("每月第1个周一", Mode.ONSITE)
    # 46 at the centre, 1 on site, 5 mediations, 23 mornings by video
    assert seats(after) == 46 + 1 + 5 + 23
    none = applied(before, "remote_duty", per_lawyer=1, no_visits=True)
    assert [post.id for post in none.posts] == [
        "Z000-咨询",
        "Z002-调解",
        "Z000-远程值班1",
        "Z000-远程值班2",
    ]


def test_remote_duty_needs_one_centre_and_a_station():
    sites = tiny_content()["sites"]
    two = tiny_instance(sites=[*sites, sites[0] | {"id": "Z009"}])
    assert why(two, "remote_duty", per_lawyer=2) == {"centre": "change_centres"}
    applied(two, "remote_duty", per_lawyer=2, centre="Z009")
    alone = tiny_instance(sites=sites[:1], posts=[])
    assert why(alone, "remote_duty", per_lawyer=2) == {"stations": "change_no_station"}
    assert why(tiny_instance(), "remote_duty", per_lawyer=2, parts=[])["parts"] == "change_no_part"
    unknown = refused(tiny_instance(), "remote_duty", per_lawyer=2, centre="Z7", stations=["Z8"])
    assert set(unknown) == {"centre", "stations"}


def test_townships_merge_and_nothing_moves_on_the_map():
    content = tiny_content()
    content["areas"][1] |= {"terrain": "town"}
    content["areas"][2] |= {"terrain": "town"}
    content["areas"][1] |= {"terrain": "country"}
    for row in (content["villages"][2], content["firms"][1], content["sites"][2]):
        del row["lon"], row["lat"]
    content["people"][4] |= {"serves_areas": [WEST]}
    content["people"][2] |= {"serves_areas": [EAST, WEST], "duty_areas": [WEST]}
    before = tiny_instance(**{k: v for k, v in content.items() if k != "settings"})
    asked = {"areas": [WEST], "into": EAST, "name": "示例镇", "keep_stations": True}
    after = applied(before, "merge_townships", **asked)
    assert [area.name for area in after.areas] == ["示例县", "示例镇"]
    assert {village.area for village in after.villages} == {EAST}
    assert [village.terrain for village in after.villages] == [None, None, "town", "town"]
    assert after.people[4].serves_areas == (EAST,)
    assert (after.people[2].serves_areas, after.people[2].duty_areas) == ((EAST,), (EAST,))
    way, same = Facts(before, "2026-12"), Facts(after, "2026-12")
    for person in before.people:
        # ways to villages and to the centre stay; a merged site's terrain follows the new township
        assert [way.minutes(person.id, n) for n in range(6)] == [
            same.minutes(person.id, n) for n in range(6)
        ]
    assert way.travel.is_town.tolist()[:6] == same.travel.is_town.tolist()[:6]
    assert after.area_by_id[EAST].terrain is Terrain.COUNTRY


def test_merged_stations_close_unless_they_are_kept():
    after = applied(tiny_instance(), "merge_townships", areas=[WEST], into=EAST)
    assert [site.id for site in after.sites] == ["Z000", "Z001"]
    assert said(tiny_instance(), "merge_townships", areas=[WEST], into=EAST) == (
        "示例西乡并入示例东街道；2 个村居改隶，关闭 1 个工作站"
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"areas": ["9"], "into": EAST}, "dangling"),
        ({"areas": [EAST], "into": EAST}, "change_townships_same"),
        ({"areas": ["410105"], "into": EAST}, "change_not_township"),
        ({"areas": [], "into": EAST}, "change_townships_same"),
    ],
)
def test_what_cannot_merge_is_refused(given: dict[str, Any], code: str):
    assert why(tiny_instance(), "merge_townships", **given) == {"areas": code}
