"""Instances made to the counts of a document: Suzhou 2015, Shehong 2018, Changping 2019."""

from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest

from models.formats.read import read_instance
from models.formats.write import write_json
from models.slots import expand
from models.vocabulary import AreaLevel, FirmKind, HolidayPolicy, PersonKind, PostKind, SiteKind
from scenarios.generator.catalogue import load
from scenarios.generator.commission import Commission
from scenarios.generator.generate import generate
from scenarios.generator.geography import CountyRecord, Geography, TownshipRecord, VillageRecord
from scenarios.generator.names import NameBook
from scenarios.generator.selection import District, apportion
from scenarios.generator.sizes import CHANGPING, SIZES, SUZHOU
from scenarios.generator.village_stations import group_villages

PRACTITIONERS = {PersonKind.LAWYER, PersonKind.GRASSROOTS}


def practitioners(instance):
    return [person for person in instance.people if person.kind in PRACTITIONERS]


def level_counts(instance):
    return Counter(area.level for area in instance.areas)


def county_of(instance, area):
    above = (instance.area_by_id[code] for code in instance.ancestors(area))
    return next(a.id for a in above if a.level is AreaLevel.COUNTY)


def village_stations(instance):
    return [site for site in instance.sites if site.kind is SiteKind.WORKROOM]


def test_suzhou_has_the_counts_of_2015(suzhou):
    assert level_counts(suzhou) == {
        AreaLevel.CITY: 1,
        AreaLevel.COUNTY: 10,
        AreaLevel.TOWNSHIP: 96,
    }
    assert len(suzhou.villages) == 1998
    kinds = Counter(site.kind for site in suzhou.sites)
    assert (kinds[SiteKind.CENTRE], kinds[SiteKind.STATION]) == (10, 96)
    assert kinds[SiteKind.WORKROOM] == 1973
    people = practitioners(suzhou)
    assert len(people) == 3558
    assert sum(person.is_adviser for person in people) == 900
    assert sum(person.is_duty and not person.is_adviser for person in people) == 480
    assert sum(not person.is_duty and not person.is_adviser for person in people) == 2178


def test_every_county_of_suzhou_has_its_centre_the_park_too(suzhou):
    centres = {site.area for site in suzhou.sites if site.kind is SiteKind.CENTRE}
    assert centres == {area.id for area in suzhou.areas if area.level is AreaLevel.COUNTY}
    assert "320576" in centres


def test_suzhou_keeps_all_streets_and_towns_and_the_nearest_villages(suzhou):
    whole = Geography.load().select("3205")
    kept = {area.id for area in suzhou.areas if area.level is AreaLevel.TOWNSHIP}
    assert {t.code for t in whole.townships if t.kind != "other"} < kept
    official = {v.code: v.township_code for v in whole.villages}
    assert {v.id: v.area for v in suzhou.villages}.items() <= official.items()


def test_every_village_of_suzhou_has_one_station_for_at_most_three(suzhou):
    stations = village_stations(suzhou)
    served = Counter(chain.from_iterable(site.villages for site in stations))
    assert served == dict.fromkeys(suzhou.village_by_id, 1)
    assert Counter(len(site.villages) for site in stations) == {1: 1948, 2: 25}
    for site in stations:
        assert {suzhou.village_by_id[village].area for village in site.villages} == {site.area}
        host = suzhou.village_by_id[site.villages[0]]
        assert (site.lon, site.lat) == (host.lon, host.lat)


def test_every_village_station_sits_once_spread_over_the_month(suzhou):
    rooms = {site.id for site in village_stations(suzhou)}
    slots = [slot for slot in expand(suzhou, "2026-12") if slot.site.id in rooms]
    assert Counter(slot.site.id for slot in slots) == dict.fromkeys(rooms, 1)
    assert {frozenset(slot.post.kinds) for slot in slots} == {frozenset(PRACTITIONERS)}
    assert {slot.post.kind for slot in slots} == {PostKind.CONSULTATION}
    days = Counter(slot.date for slot in slots)
    assert len(days) == 20
    assert max(days.values()) - min(days.values()) <= 0.1 * len(slots) / len(days)
    parts = Counter(slot.part for slot in slots)
    assert max(parts.values()) <= 0.55 * len(slots)


def test_a_holiday_moves_the_village_stations_duty(suzhou):
    rooms = {site.id for site in village_stations(suzhou)}
    assert {p.holiday for p in suzhou.posts if p.site in rooms} == {HolidayPolicy.NEXT_WORKDAY}
    october = Counter(slot.site.id for slot in expand(suzhou, "2026-10"))
    assert all(october[room] == 1 for room in rooms)


def test_suzhou_has_about_7000_slots_that_the_duty_list_can_hold(suzhou):
    slots = expand(suzhou, "2026-12")
    assert 6700 <= len(slots) <= 7300
    asked, able = Counter(), Counter()
    for slot in slots:
        if PersonKind.LAWYER in slot.post.kinds:
            heads = slot.post.head_count + slot.post.standby
            asked[county_of(suzhou, slot.site.area)] += heads
    for person in practitioners(suzhou):
        able[county_of(suzhou, person.area)] += 6 * person.share * person.is_duty
    assert asked.keys() == able.keys()
    assert max(asked[county] / able[county] for county in asked) <= 0.85


def test_those_on_no_list_have_neither_leave_nor_wishes(suzhou):
    idle = {p.id for p in practitioners(suzhou) if not p.is_duty and not p.is_adviser}
    rows = chain(suzhou.leave, suzhou.wishes, suzhou.ledger, suzhou.conflicts)
    assert idle.isdisjoint(row.person for row in rows)
    assert idle.isdisjoint(village.adviser for village in suzhou.villages)


def test_some_towns_of_suzhou_have_no_law_office(suzhou):
    """S2 counts 32; firms sit where chance and the county seats put them."""
    firms = {f.area for f in suzhou.firms if f.kind is not FirmKind.OTHER}
    towns = {area.id for area in suzhou.areas if area.level is AreaLevel.TOWNSHIP}
    assert 20 <= len(towns - firms) <= 45


def test_some_advisers_of_suzhou_serve_the_next_county_too_and_sit_on_duty_at_home(suzhou):
    listed = [p for p in practitioners(suzhou) if p.is_adviser]
    served = Counter(len(person.serves_areas) for person in listed)
    assert served.keys() == {1, 2}
    assert 0.06 <= served[2] / len(listed) <= 0.08
    for person in listed:
        assert person.serves_areas[0] == county_of(suzhou, person.area)
        crosses = len(person.serves_areas) == 2
        assert person.duty_areas == (person.serves_areas[:1] if crosses else ())
    assert all(len(p.serves_areas) == 1 for p in practitioners(suzhou) if not p.is_adviser)


def test_notice_of_suzhou_gives_both_counts(suzhou):
    assert suzhou.settings.notice == (
        "人员需求虚构，地名真实，坐标部分为生成；数目依2015年，"
        "由今118个乡镇街道2248个村居抽取96、1998个。 "
        "Made-up people and demand; real places; points partly generated; counts of 2015: "
        "96 of 118 townships, 1998 of 2248 villages."
    )


def test_suzhou_repeats(suzhou):
    assert load("suzhou") == suzhou


def test_another_seed_keeps_the_places(scenario):
    first, other = scenario("changping"), load("changping", 2)
    assert other.people != first.people
    assert [v.id for v in other.villages] == [v.id for v in first.villages]


@pytest.mark.parametrize(
    ("name", "townships", "villages", "advisers", "duty_only", "excess"),
    [("shehong", 30, 515, 95, 0, 40), ("changping", 22, 126, 20, 20, 26)],
)
def test_stress_case_has_the_counts_of_its_document(
    scenario, name, townships, villages, advisers, duty_only, excess
):
    made = scenario(name)
    assert level_counts(made)[AreaLevel.TOWNSHIP] == townships
    assert len(made.villages) == villages
    people = practitioners(made)
    assert sum(person.is_adviser for person in people) == advisers
    assert len(people) - advisers == duty_only
    assert all(person.is_duty for person in people if not person.is_adviser)
    assert len(made.villages) - 5 * advisers == excess


@pytest.mark.parametrize("name", ["shehong", "changping", "bengbu", "wuhu", "suzhou"])
def test_scenario_is_read_back_from_its_file(scenario, tmp_path, name):
    made = scenario(name)
    write_json(made, tmp_path / "plan.json")
    assert read_instance(tmp_path / "plan.json").content_hash == made.content_hash


@pytest.mark.parametrize("name", ["bengbu", "wuhu"])
def test_lawyers_cross_over_in_a_whole_city(scenario, name):
    made = scenario(name)
    known = {area.id for area in made.areas if area.level is AreaLevel.COUNTY}
    zones = Counter(county_of(made, p.area) for p in practitioners(made))
    crossing = [p for p in practitioners(made) if _bureaus(made, p.serves_areas) == 2]
    assert set(chain.from_iterable(p.serves_areas for p in crossing)) <= known
    assert 0.06 <= len(crossing) / zones.total() <= 0.08


def _bureaus(instance, areas):
    centres = {site.area for site in instance.sites if site.kind is SiteKind.CENTRE}
    return len(centres & set(areas))


def test_nobody_crosses_over_in_the_small_sizes(scenario):
    assert {SIZES[code].border_share for code in "TSM"} == {0}
    for name in ("jinshui", "township", "county", "changping"):
        assert {p.serves_areas for p in practitioners(scenario(name))} == {()}


def test_a_county_alone_has_no_border_to_cross():
    made = generate("320585", "L", seed=1)
    assert {person.serves_areas for person in practitioners(made)} == {()}


def test_an_area_smaller_than_the_counts_comes_whole():
    few = replace(CHANGPING, exact=replace(CHANGPING.exact, townships=99, villages=999))
    assert len(generate("410105", few, seed=1).villages) == 287


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (25, [191, 84, 125], [12, 5, 8]),
        (7, [0, 3, 4], [0, 3, 4]),
        (0, [5, 6], [0, 0]),
    ],
)
def test_shares_go_by_largest_remainder(total, weights, shares):
    assert apportion(total, weights) == shares


def line_of_villages(*kilometres):
    """Return an order for one township whose villages lie so far east of its seat."""
    villages = tuple(
        VillageRecord(f"V{n}", f"示例{n}村", "village", "T1", (110 + km / 111.2, 0.0), "made up")
        for n, km in enumerate(kilometres)
    )
    county = CountyRecord("990101", "甲县", "9901", (110.0, 0.0), "made up", None, False)
    township = TownshipRecord("T1", "甲镇", "town", "990101", (110.0, 0.0), "made up")
    district = District(county, (county,), (township,), villages)
    return Commission(district, "", SUZHOU, 1, "2026-12", NameBook(1), False, False)


@pytest.mark.parametrize(
    ("kilometres", "count", "groups"),
    [
        ((0, 1, 5, 9), 4, {"V0", "V1", "V2", "V3"}),
        ((0, 1, 5, 9), 3, {"V0 V1", "V2", "V3"}),
        ((9, 8, 5, 1), 2, {"V2 V1 V0", "V3"}),
        ((0, 1, 2, 3.5), 1, {"V0 V1 V2", "V3"}),
        ((0, 1, 1.5, 4, 4.5, 5.6), 2, {"V0 V1 V2", "V3 V4 V5"}),
    ],
)
def test_the_closest_villages_share_a_station_three_at_most(kilometres, count, groups):
    made = group_villages(line_of_villages(*kilometres), count)
    assert {" ".join(village.code for village in group) for group in made} == groups
