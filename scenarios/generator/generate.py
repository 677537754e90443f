"""The instance generator: real places, made-up people, the same bytes for the same seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from models.instance import Instance, Settings
from models.issues import InputError
from models.messages import issue
from models.places import Area
from models.vocabulary import AreaLevel, Terrain
from scenarios.generator.availability import make_conflicts, make_leave, make_wishes
from scenarios.generator.border_service import cross_borders
from scenarios.generator.commission import Commission, Quota
from scenarios.generator.duty_posts import make_posts, make_sites
from scenarios.generator.geography import CountyRecord, Geography
from scenarios.generator.history import make_lectures, make_ledger, present_advisers
from scenarios.generator.made_up_mediators import make_mediators
from scenarios.generator.made_up_people import make_staff
from scenarios.generator.names import NameBook
from scenarios.generator.selection import District, Region, apportion, choose_region
from scenarios.generator.sizes import Counts, Size, size_of
from scenarios.generator.village_demand import make_villages

Tables = dict[str, list[Any]]
"""Rows by the name of their table in the instance."""

_WIDE = {AreaLevel.PROVINCE, AreaLevel.CITY}


def generate(
    area_code: str,
    size: str | Size,
    seed: int,
    geography: Geography | None = None,
    month: str = "2026-12",
    name: str | None = None,
) -> Instance:
    """Make an instance of ``size`` in a real area.

    Codes, names and points of places come from the geography; firms, people, numbers,
    needs, posts and the past are made up within the ranges of the domain notes. If the
    area is larger than the size, a connected part is taken and the notice says so.
    Statistical units without residents (虚拟社区) have no committee and are left out.

    Parameters
    ----------
    area_code
        Code of a province, city, county or township.
    size
        ``T``, ``S``, ``M``, ``L``, ``XL``, ``stress``, or a custom size.
    seed
        0 or more; the same seed gives the same instance.
    geography
        The tables to choose from; the bundled ones by default.
    month
        Month to plan, ``YYYY-MM``.
    name
        Name of the plan; area and month by default.

    Raises
    ------
    InputError
        If area or size is unknown, the area has no villages, or the seed is negative.
    """
    if seed < 0:
        raise InputError([issue("negative_seed", value=str(seed))])
    scale = size_of(size)
    atlas = geography or Geography.load()
    region = choose_region(atlas, area_code, scale)
    if not region.area.villages:
        raise InputError(
            [issue("area_without_villages", value=region.asked.code, area=region.asked.name)]
        )
    settings = Settings(
        name=name or f"{region.area.name} {month[:4]}年{int(month[5:])}月",
        area=region.area.code,
        month=month,
        notice=_notice(region, scale.exact),
    )
    tables: Tables = defaultdict(list)
    tables["areas"] += _upper_areas(atlas, region)
    for commission in _commissions(atlas, region, scale, seed, month):
        _add_district(tables, commission)
    return Instance(settings=settings, **tables)


def _commissions(
    geography: Geography, region: Region, size: Size, seed: int, month: str
) -> list[Commission]:
    """Return one commission per district that has villages; all share one book of names."""
    names = NameBook(seed)
    settled = [district for district in region.districts if district.villages]
    return [
        Commission(
            district=district,
            city_name=_city_name(geography, district.county),
            size=size,
            seed=seed,
            month=month,
            names=names,
            is_one_of_many=len(region.districts) > 1,
            has_city=region.area.level in _WIDE,
            neighbours=_neighbours(settled, district),
            quota=quota,
        )
        for district, quota in zip(settled, _quotas(settled, size.exact), strict=True)
    ]


def _neighbours(districts: list[District], own: District) -> tuple[District, ...]:
    """Return the other districts of the same city."""
    same = (d for d in districts if d.county.city_code == own.county.city_code)
    return tuple(district for district in same if district is not own)


def _quotas(districts: list[District], counts: Counts | None) -> list[Quota | None]:
    """Distribute exact counts over the districts by number of villages."""
    if counts is None:
        return [None] * len(districts)
    weights = [len(district.villages) for district in districts]
    unlisted = counts.practitioners - counts.advisers - counts.duty_only
    heads = (counts.advisers, counts.duty_only, unlisted, counts.stations or 0)
    shares = zip(*(apportion(total, weights) for total in heads), strict=True)
    return [
        Quota(advisers, duty, rest, stations if counts.stations else None)
        for advisers, duty, rest, stations in shares
    ]


def _add_district(tables: Tables, commission: Commission) -> None:
    """Add all rows of one district."""
    firms, staff = make_staff(commission)
    advisers = present_advisers(commission, staff, firms)
    villages = make_villages(commission, advisers)
    sites = make_sites(commission)
    plans = make_posts(commission, sites)
    people = cross_borders(commission, staff, firms) + make_mediators(commission)
    tables["areas"] += _areas(commission)
    tables["villages"] += villages
    tables["sites"] += sites
    tables["posts"] += [plan.post for plan in plans]
    tables["firms"] += firms
    tables["people"] += people
    tables["leave"] += make_leave(commission, people)
    tables["wishes"] += make_wishes(commission, people, [village.id for village in villages])
    tables["conflicts"] += make_conflicts(commission, people, villages)
    tables["ledger"] += make_ledger(commission, plans, sites, people)
    tables["lectures"] += make_lectures(commission)


def _upper_areas(geography: Geography, region: Region) -> Iterator[Area]:
    """Yield province and cities, as far as the region is that wide."""
    if region.area.level not in _WIDE:
        return
    codes = dict.fromkeys(county.city_code for county in region.area.counties)
    is_province = region.area.level is AreaLevel.PROVINCE
    if is_province:
        yield Area(id=region.area.code, name=region.area.name, level=AreaLevel.PROVINCE)
    parent = region.area.code if is_province else None
    for city in (geography.cities[code] for code in codes):
        yield Area(id=city.code, name=city.name, level=AreaLevel.CITY, parent=parent)


def _areas(commission: Commission) -> Iterator[Area]:
    """Yield the district's counties and townships."""
    for county in commission.district.counties:
        own = [t.code for t in commission.district.townships if t.county_code == county.code]
        towns = sum(commission.terrain[code] is Terrain.TOWN for code in own)
        yield Area(
            id=county.code,
            name=county.name,
            level=AreaLevel.COUNTY,
            parent=county.city_code if commission.has_city else None,
            terrain=Terrain.TOWN if 2 * towns > len(own) else Terrain.COUNTRY,
            lon=county.point[0] if county.point else None,
            lat=county.point[1] if county.point else None,
            population=county.population,
            coordinate_source=county.coordinate_source,
        )
    for township in commission.district.townships:
        yield Area(
            id=township.code,
            name=township.name,
            level=AreaLevel.TOWNSHIP,
            parent=township.county_code,
            terrain=commission.terrain[township.code],
            lon=township.point[0] if township.point else None,
            lat=township.point[1] if township.point else None,
            coordinate_source=township.coordinate_source,
        )


def _city_name(geography: Geography, county: CountyRecord) -> str:
    city = geography.cities.get(county.city_code)
    return city.name if city else ""


def _notice(region: Region, counts: Counts | None) -> str:
    """Say what is made up, how real the points are, and which part was taken."""
    area, asked = region.area, region.asked
    if counts is not None:
        return _notice_of_counts(region, counts)
    real_zh, real_en = _realness({v.coordinate_source for v in area.villages})
    zh = f"人员、机构、电话、需求均为虚构；村居与街道名称真实，坐标{real_zh}。"
    en = f"Made-up people, firms, phones and demand; real place names; coordinates {real_en}."
    if region.is_cut:
        taken, whole = len(area.villages), len(asked.villages)
        zh += f"选取{len(area.townships)}个乡镇街道、{taken}个村居"
        zh += f"（所在区域共{len(asked.townships)}个、{whole}个）。"
        en += f" {taken} of {whole} villages taken."
    return f"{zh} {en}"


def _notice_of_counts(region: Region, counts: Counts) -> str:
    """Say whose counts these are and of how many of today's places; a notice is short."""
    area, asked = region.area, region.asked
    real_zh, real_en = _realness({v.coordinate_source for v in area.villages})
    taken = (len(area.townships), len(asked.townships), len(area.villages), len(asked.villages))
    towns, all_towns, villages, all_villages = taken
    zh = f"人员需求虚构，地名真实，坐标{real_zh}；数目依{counts.year}年，"
    zh += f"由今{all_towns}个乡镇街道{all_villages}个村居抽取{towns}、{villages}个。"
    en = f"Made-up people and demand; real places; points {real_en}; counts of {counts.year}: "
    return f"{zh} {en}{towns} of {all_towns} townships, {villages} of {all_villages} villages."


def _realness(sources: Collection[str]) -> tuple[str, str]:
    real = sum(source.startswith("real") for source in sources)
    if real == len(sources):
        return "来自公开数据", "from open data"
    return ("部分为生成", "partly generated") if real else ("为生成", "generated")
