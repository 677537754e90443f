import datetime as dt
import math
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from statistics import fmean

import pytest

from models.instance import Instance
from models.issues import InputError
from models.slots import expand
from models.vocabulary import (
    AreaLevel,
    DayClass,
    FirmKind,
    LeaveKind,
    Part,
    PersonKind,
    SiteKind,
    Speciality,
    Terrain,
)
from scenarios.generator.generate import generate
from scenarios.generator.geography import Geography
from scenarios.generator.sizes import SIZES

PRACTITIONERS = {PersonKind.LAWYER, PersonKind.GRASSROOTS}

CASES = (("340223105", "T"), ("3403", "S"), ("340281", "M"), ("3402", "L"))


@cache
def bundled() -> Geography:
    return Geography.load()


@cache
def made_once(code: str, size: str) -> Instance:
    return generate(code, size, seed=1, geography=bundled())


@pytest.fixture(scope="module")
def geography() -> Geography:
    return bundled()


@pytest.fixture(params=CASES, ids="-".join)
def instance(request) -> Instance:
    return made_once(*request.param)


@pytest.fixture
def county() -> Instance:
    return made_once("340281", "M")


@pytest.fixture
def city() -> Instance:
    return made_once("3205", "L")


def practitioners(instance):
    return [person for person in instance.people if person.kind in PRACTITIONERS]


def squared_gap(one, other):
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return east**2 + (one[1] - other[1]) ** 2


def level_count(instance, level):
    return sum(area.level is level for area in instance.areas)


def test_same_seed_gives_the_same_bytes(geography):
    first = generate("340223", "S", seed=7, geography=geography)
    again = generate("340223", "S", seed=7)
    assert first.model_dump_json() == again.model_dump_json()


def test_other_seed_gives_other_people_in_the_same_places(geography):
    first = generate("340223", "S", seed=1, geography=geography)
    other = generate("340223", "S", seed=2, geography=geography)
    assert [v.id for v in first.villages] == [v.id for v in other.villages]
    assert [p.name for p in first.people] != [p.name for p in other.people]
    assert [v.demand for v in first.villages] != [v.demand for v in other.villages]


def test_instance_round_trips_through_json(county):
    assert Instance.model_validate_json(county.model_dump_json()) == county


@pytest.mark.parametrize(
    ("code", "size", "townships", "villages", "people"),
    [
        ("340223105", "T", (1, 1), (18, 18), (8, 8)),
        ("3403", "S", (5, 7), (86, 95), (32, 42)),
        ("340281", "M", (14, 21), (260, 284), (105, 130)),
        ("3205", "L", (96, 118), (1998, 2248), (860, 930)),
    ],
)
def test_size_has_the_counts_of_the_domain_notes(code, size, townships, villages, people):
    made = made_once(code, size)
    helpers = {PersonKind.OFFICER, PersonKind.VOLUNTEER, PersonKind.NOTARY}
    counted = PRACTITIONERS | (helpers if size in "SM" else set())
    staff = sum(person.kind in counted for person in made.people)
    assert townships[0] <= level_count(made, AreaLevel.TOWNSHIP) <= townships[1]
    assert villages[0] <= len(made.villages) <= villages[1]
    assert people[0] <= staff <= people[1]


def test_county_has_about_550_duties(county):
    heads = sum(slot.post.head_count for slot in expand(county, county.settings.month))
    assert 500 <= heads <= 620


def test_load_is_60_to_85_percent_of_capacity(instance):
    """At most 5 villages and 6 turns each, at most 10 half days together, by share."""
    people = practitioners(instance)
    capacity = sum(min(10, 5 * p.is_adviser + 6 * p.is_duty) * p.share for p in people)
    turns = [
        slot.post.head_count
        for slot in expand(instance, instance.settings.month)
        if PersonKind.LAWYER in slot.post.kinds
    ]
    assert 0.6 <= (sum(turns) + len(instance.villages)) / capacity <= 0.85
    assert sum(turns) <= 0.85 * sum(6 * p.share for p in people if p.is_duty)


def test_every_post_has_people_enough(county):
    """The eligible of each post could hold it, even with nobody beyond the caps."""
    turns = Counter(
        slot.post.id
        for slot in expand(county, county.settings.month)
        for _ in range(slot.post.head_count)
    )
    for post in county.posts:
        area = county.ancestors(county.site_by_id[post.site].area)
        able = [
            person.monthly_turns or 6
            for person in county.people
            if person.is_duty
            and person.kind in post.kinds
            and person.practice_years >= post.practice_years
            and (post.gender is None or person.gender is post.gender)
            and (not post.specialities or set(post.specialities) & set(person.specialities))
            and (not person.serves_areas or set(area) & set(person.serves_areas))
        ]
        assert sum(able) >= turns[post.id], post.id


def test_every_reference_resolves(instance):
    areas, people = instance.area_by_id, instance.person_by_id
    places = instance.village_by_id.keys() | instance.site_by_id.keys()
    assert {area.parent for area in instance.areas} - {None} <= areas.keys()
    assert {village.area for village in instance.villages} <= areas.keys()
    assert {village.adviser for village in instance.villages} - {None} <= people.keys()
    assert {site.area for site in instance.sites} <= areas.keys()
    assert {v for site in instance.sites for v in site.villages} == instance.village_by_id.keys()
    assert {post.site for post in instance.posts} <= instance.site_by_id.keys()
    assert {s for post in instance.posts for s in post.serves} <= instance.site_by_id.keys()
    assert {firm.area for firm in instance.firms} <= areas.keys()
    assert {person.area for person in instance.people} <= areas.keys()
    assert {a for person in instance.people for a in person.serves_areas} <= areas.keys()
    assert {p.firm for p in instance.people} - {None} == instance.firm_by_id.keys()
    named = (instance.leave, instance.wishes, instance.conflicts, instance.ledger)
    assert {row.person for rows in named for row in rows} <= people.keys()
    assert {row.village for row in instance.conflicts} | {
        row.village for row in instance.wishes if row.village
    } <= places
    assert {row.site for row in instance.ledger} <= instance.site_by_id.keys()
    assert {row.village for row in instance.lectures} <= instance.village_by_id.keys()
    assert instance.settings.area in areas


def test_identifiers_and_names_are_unique(instance):
    for rows in (instance.areas, instance.villages, instance.sites, instance.posts):
        assert len({row.id for row in rows}) == len(rows)
    for rows in (instance.firms, instance.people):
        assert len({row.id for row in rows}) == len(rows)
        assert len({row.name for row in rows}) == len(rows)


def test_people_and_firms_are_marked_as_made_up(instance):
    assert {person.name[:2] for person in instance.people} == {"例·"}
    assert {firm.name[:3] for firm in instance.firms} == {"示例·"}
    hosts = {SiteKind.COURT, SiteKind.PROCURATORATE, SiteKind.DETENTION}
    assert all(s.name.endswith("（示例）") for s in instance.sites if s.kind in hosts)
    assert {person.licence_no[:2] for person in instance.people} == {"示例", ""}


def test_phones_are_office_numbers_nobody_has(instance):
    rows = (*instance.people, *instance.firms, *instance.sites, *instance.villages)
    numbers = [row.phone.partition("-")[2] for row in rows]
    assert {(len(number), number[:3], number == "0" * 8) for number in numbers} == {
        (8, "000", False)
    }
    assert {person.mobile for person in instance.people} == {""}


def test_codes_names_and_points_are_those_of_the_tables(instance, geography):
    area = geography.select(instance.settings.area)
    official = {v.code: (v.name, v.township_code, v.point) for v in area.villages}
    assert (
        official.items()
        >= {v.id: (v.name, v.area, (v.lon, v.lat)) for v in instance.villages}.items()
    )
    townships = {t.code: (t.name, t.county_code) for t in area.townships}
    made = [a for a in instance.areas if a.level is AreaLevel.TOWNSHIP]
    assert townships.items() >= {a.id: (a.name, a.parent) for a in made}.items()


def test_sites_and_firms_stand_near_their_county(instance):
    box = [(v.lon, v.lat) for v in (*instance.villages, *instance.areas) if v.lon]
    (west, south), (east, north) = (tuple(f(p[i] for p in box) for i in (0, 1)) for f in (min, max))
    for place in (*instance.sites, *instance.firms):
        assert west - 0.1 <= place.lon <= east + 0.1
        assert south - 0.1 <= place.lat <= north + 0.1


def test_notice_says_what_is_made_up_and_how_real_the_points_are(county, geography):
    assert "人员、机构、电话、需求均为虚构；村居与街道名称真实" in county.settings.notice
    assert "Made-up people, firms, phones and demand" in county.settings.notice
    jinshui = generate("410105", "S", seed=1, geography=geography)
    assert "坐标为生成" in jinshui.settings.notice
    assert "坐标部分为生成" in county.settings.notice


def test_a_part_of_a_larger_area_is_connected_and_said_so(geography):
    part = generate("340321", "S", seed=1, geography=geography)
    whole = geography.select("340321")
    chosen = {area.id for area in part.areas if area.level is AreaLevel.TOWNSHIP}
    assert (len(chosen), len(part.villages)) == (5, 82)
    assert "选取5个乡镇街道、82个村居" in part.settings.notice
    assert "82 of 367 villages taken" in part.settings.notice

    settled = {v.township_code for v in whole.villages if "虚拟" not in v.name}
    seat, towns = whole.counties[0].point, [t for t in whole.townships if t.code in settled]
    assert min(towns, key=lambda t: squared_gap(t.point, seat)).code in chosen
    circles = (sorted(towns, key=lambda t: squared_gap(t.point, c.point))[:5] for c in towns)
    assert chosen in [{township.code for township in circle} for circle in circles]


def test_a_large_township_keeps_the_villages_nearest_to_its_seat(geography):
    part = generate("340223100", "T", seed=1, geography=geography)
    whole = geography.select("340223100")
    seat = whole.townships[0].point
    near = sorted(whole.villages, key=lambda v: squared_gap(v.point, seat))[:18]
    assert {village.id for village in part.villages} == {village.code for village in near}


def test_a_smaller_area_is_taken_whole(geography):
    made = generate("340223105", "M", seed=1, geography=geography)
    assert len(made.villages) == 18
    assert "选取" not in made.settings.notice


def test_statistical_units_without_residents_are_left_out(county, geography):
    left = {v.id for v in county.villages}
    gone = [v.name for v in geography.select("340281").villages if v.code not in left]
    assert gone == ["安徽无为经济开发区虚拟社区"]


def test_a_province_narrows_to_the_city_of_the_size():
    made = made_once("53", "L")
    assert (made.settings.area, made.settings.name) == ("5301", "昆明市 2026年12月")
    assert level_count(made, AreaLevel.CITY) == 1


def test_a_whole_province_nests_down_to_the_township(geography):
    few = {code: geography.counties[code] for code in ("530124", "532922")}
    made = generate("53", "XL", seed=1, geography=replace(geography, counties=few))
    (township, *_) = (a.id for a in made.areas if a.parent == "532922")
    assert made.ancestors(township) == (township, "532922", "5329", "53")
    levels = Counter(area.level for area in made.areas)
    assert (levels[AreaLevel.PROVINCE], levels[AreaLevel.CITY], levels[AreaLevel.COUNTY]) == (
        1,
        2,
        2,
    )


def test_zones_share_the_centre_of_a_neighbour(geography, city):
    zones = {c.code for c in geography.select("3205").counties if c.is_zone}
    centres = {site.area for site in city.sites if site.kind is SiteKind.CENTRE}
    counties = {area.id for area in city.areas if area.level is AreaLevel.COUNTY}
    assert zones == {"320576"}
    assert centres == counties - zones
    served = {area for person in city.people for area in person.serves_areas}
    assert zones <= served


def test_centre_has_the_four_basic_posts_and_covers_its_panels(county):
    names = [post.name for post in county.posts if post.site == "Z340281"]
    assert names[:4] == ["综合接待岗", "法律咨询岗", "法律援助岗", "人民调解岗"]
    panels = set(county.site_by_id["Z340281"].panels)
    skills = {s for p in county.people if p.kind is PersonKind.MEDIATOR for s in p.specialities}
    assert panels <= skills
    assert 3 <= len(panels) <= 4


def test_stations_sit_on_different_weekdays(county):
    stations = {s.id for s in county.sites if s.kind is SiteKind.STATION}
    texts = {
        post.recurrence.text
        for post in county.posts
        if post.site in stations and post.name == "法律咨询岗"
    }
    assert len(stations) == level_count(county, AreaLevel.TOWNSHIP)
    assert len(texts) >= 5


def test_criminal_duty_is_for_lawyers_of_three_years_at_procuratorates(county):
    posts = {p.site[:2]: p for p in county.posts if p.name == "值班律师岗"}
    assert posts.keys() == {"FY", "JC", "KS"}
    assert {post.kinds for post in posts.values()} == {(PersonKind.LAWYER,)}
    assert posts["JC"].practice_years == 3


def test_practitioners_are_within_the_ranges(city):
    people = practitioners(city)
    lawyers = [p for p in people if p.kind is PersonKind.LAWYER]
    able = sum(Speciality.CRIMINAL in p.specialities for p in lawyers)
    assert 0.2 <= able / len(lawyers) <= 0.5
    assert 0.6 <= sum(p.practice_years >= 3 for p in people) / len(people) <= 0.8
    assert 0.02 <= 1 - len(lawyers) / len(people) <= 0.4
    assert {len(p.specialities) for p in people} == {1, 2, 3}
    assert not any(
        Speciality.CRIMINAL in p.specialities for p in people if p.kind is PersonKind.GRASSROOTS
    )
    assert all(person.is_adviser or person.is_duty for person in people)


def test_firms_list_one_to_twelve_people(city):
    heads = Counter(person.firm for person in practitioners(city))
    firms = [heads[f.id] for f in city.firms if f.kind is FirmKind.LAW_FIRM]
    offices = [heads[f.id] for f in city.firms if f.kind is FirmKind.GRASSROOTS_OFFICE]
    assert max(firms) <= 12
    assert 3 <= fmean(firms) <= 6
    assert max(offices) <= 5
    assert fmean(offices) >= 3


def test_leave_and_court_dates_are_within_the_ranges(county):
    half_days: dict[str, Counter[LeaveKind]] = defaultdict(Counter)
    for row in county.leave:
        days = (row.last - row.first).days + 1
        half_days[row.person][row.kind] += days if row.part else 2 * days
    lawyers = {p.id for p in county.people if p.kind is PersonKind.LAWYER}
    court = {person: counts[LeaveKind.COURT] for person, counts in half_days.items()}
    assert {person for person, count in court.items() if count} == lawyers
    assert all(2 <= court[person] <= 8 for person in lawyers)
    away = [counts.total() - court[person] for person, counts in half_days.items()]
    assert 0.03 <= fmean(away) / 46 <= 0.08


def test_nobody_is_away_twice_in_one_half_day(county):
    taken = Counter(
        (row.person, row.first + dt.timedelta(days=n), part)
        for row in county.leave
        for n in range((row.last - row.first).days + 1)
        for part in ((row.part,) if row.part else (Part.AM, Part.PM))
    )
    assert max(taken.values()) == 1


def test_conflicts_are_few_and_never_with_the_present_firm(county):
    firm = {person.id: person.firm for person in county.people}
    size = Counter(firm[person.id] for person in practitioners(county))
    closed = {(firm[row.person], row.village) for row in county.conflicts}
    pairs = len(practitioners(county)) * len(county.villages)
    assert 0.005 <= sum(size[f] for f, _ in closed) / pairs <= 0.03
    present = {(firm[v.adviser], v.id) for v in county.villages if v.adviser}
    assert closed.isdisjoint(present)


def test_present_advisers_hold_at_most_five_villages(county):
    held = Counter(village.adviser for village in county.villages)
    share = 1 - held.pop(None) / len(county.villages)
    assert 0.85 <= share <= 0.98
    assert max(held.values()) <= 5
    assert all(county.person_by_id[person].is_adviser for person in held)


def test_village_needs_are_within_the_ranges(city):
    totals = [sum(village.demand.values()) for village in city.villages]
    assert (min(totals), max(totals)) == (2, 12)
    assert 5 <= fmean(totals) <= 7
    assert 0.05 <= fmean(village.priority > 0 for village in city.villages) <= 0.3


def test_markets_meet_in_country_villages_by_several_kinds_of_rule(county):
    at_market = [village for village in county.villages if village.market]
    assert {village.terrain for village in at_market} == {Terrain.COUNTRY}
    rules = {village.market.text for village in at_market}
    assert {kind for kind in ("农历", "周", "逢") for r in rules if r.startswith(kind)} == {
        "农历",
        "周",
        "逢",
    }
    per_township = defaultdict(set)
    for village in at_market:
        per_township[village.area].add(village.market.text)
    assert max(map(len, per_township.values())) == 2


def test_ledger_is_of_the_past_months_and_fits_the_posts(county):
    assert {row.month for row in county.ledger} == {"2026-09", "2026-10", "2026-11"}
    kinds = defaultdict(set)
    for post in county.posts:
        kinds[post.site, post.kind] |= set(post.kinds)
    for row in county.ledger:
        person = county.person_by_id[row.person]
        assert person.kind in kinds[row.site, row.kind]
    turns = Counter()
    for row in county.ledger:
        turns[row.person, row.month] += row.turns
    caps = {p.id: p.monthly_turns or 6 for p in county.people}
    assert all(count <= caps[person] for (person, _), count in turns.items())
    assert {row.day_class for row in county.ledger} == {DayClass.WORKDAY, DayClass.WEEKEND}


def test_ledger_fills_most_of_what_the_posts_asked(county):
    asked = sum(slot.post.head_count for slot in expand(county, "2026-11"))
    served = sum(row.turns for row in county.ledger if row.month == "2026-11")
    assert 0.9 <= served / asked <= 1.1


def test_lectures_lie_in_the_past_months(county):
    dates = [row.date for row in county.lectures]
    assert dt.date(2026, 9, 1) <= min(dates)
    assert max(dates) <= dt.date(2026, 11, 30)


def test_another_month_is_planned(geography):
    made = generate("340223105", "T", seed=1, geography=geography, month="2027-02", name="试")
    assert (made.settings.month, made.settings.name) == ("2027-02", "试")
    assert {row.first.isoformat()[:7] for row in made.leave} == {"2027-02"}
    assert {row.month for row in made.ledger} == {"2026-11", "2026-12", "2027-01"}


def test_stress_size_has_more_villages_than_the_cap_allows(geography):
    made = generate("340323", "stress", seed=1, geography=geography)
    advisers = sum(person.is_adviser for person in made.people)
    assert 5 * advisers < len(made.villages)


def test_minority_languages_are_asked_and_spoken_where_they_are_at_home(geography):
    made = generate("532901", "S", seed=1, geography=geography)
    assert "白语" in {word for village in made.villages for word in village.languages}
    speakers = sum("白语" in person.languages for person in practitioners(made))
    assert 0 < speakers < len(practitioners(made))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("999999", "M", 1), "unknown_area"),
        (("340281", "Q", 1), "unknown_size"),
        (("340281", "M", -1), "negative_seed"),
        (("340281400", "T", 1), "area_without_villages"),
    ],
)
def test_bad_arguments_are_issues(geography, arguments, code):
    with pytest.raises(InputError) as caught:
        generate(*arguments, geography=geography)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_size_codes_are_read_in_small_letters(geography):
    assert SIZES.keys() == {"T", "S", "M", "L", "XL", "stress"}
    small = generate("340223105", "t", seed=1, geography=geography)
    assert small == generate("340223105", "T", seed=1, geography=geography)
