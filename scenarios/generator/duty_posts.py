"""Sites and their recurring duties: centre, stations, workrooms and criminal justice sites.

The four basic posts of a centre are those of the Jinshui plan (section 1.3); how often
each duty sits is chosen in ``scenarios.generator.rhythms``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from models.places import Post, Site
from models.vocabulary import (
    Gender,
    HolidayPolicy,
    Mode,
    PersonKind,
    PostKind,
    SiteKind,
    Speciality,
)
from scenarios.generator.commission import Commission
from scenarios.generator.draws import near
from scenarios.generator.made_up_mediators import centre_panels
from scenarios.generator.markets import is_rare, market_rules, meetings_per_week
from scenarios.generator.names import HOST_MARK
from scenarios.generator.rhythms import (
    AFTERNOON,
    DAILY,
    MORNING,
    Rhythm,
    Tier,
    choose_tier,
    monthly_rhythm,
    station_rhythm,
)
from scenarios.generator.village_stations import make_village_stations

_PRACTITIONERS = (PersonKind.LAWYER, PersonKind.GRASSROOTS)
_STALL_SHARE = 0.2

_STATION = "公共法律服务工作站"
_WORKROOM = "公共法律服务工作室"
_CENTRE = "公共法律服务中心"

_HOSTS = {
    SiteKind.COURT: ("FY", "人民法院", 1.5),
    SiteKind.PROCURATORATE: ("JC", "人民检察院", 1.5),
    SiteKind.DETENTION: ("KS", "看守所", 8.0),
}


class PostPlan(NamedTuple):
    """A post and how often it sits: half days a week on workdays and on weekends."""

    post: Post
    workday_turns: float
    weekend_turns: float = 0.0


def make_sites(commission: Commission) -> list[Site]:
    """Make the district's sites, the centre first."""
    sites = [_centre(commission)] if commission.size.has_centre else []
    if commission.size.has_centre and commission.size.has_criminal_sites:
        sites += [_host(commission, kind) for kind in _HOSTS]
    quota = commission.quota
    in_villages = (
        _workrooms(commission)
        if quota is None or quota.stations is None
        else make_village_stations(commission, quota.stations)
    )
    return sites + list(_stations(commission)) + list(in_villages)


def make_posts(commission: Commission, sites: list[Site]) -> list[PostPlan]:
    """Make the posts of ``sites``."""
    stations = [site for site in sites if site.kind is SiteKind.STATION]
    tier, half_days = choose_tier(commission)
    plans: list[PostPlan] = []
    for site in sites:
        if site.kind is SiteKind.CENTRE:
            plans += _centre_posts(site, tier)
            plans += _special_posts(site, stations)
        elif site.kind in _HOSTS:
            plans.append(_host_post(site, tier.hosts[site.kind]))
    for place, site in enumerate(stations):
        rhythm = station_rhythm(half_days[place % len(half_days)], place)
        plans += _station_posts(commission, site, rhythm)
    if commission.quota is not None and commission.quota.stations is not None:
        rooms = (site for site in sites if site.kind is SiteKind.WORKROOM)
        plans += [_village_post(site, monthly_rhythm(n)) for n, site in enumerate(rooms)]
    return plans + list(_stalls(commission, stations))


def _centre(commission: Commission) -> Site:
    county = commission.district.county
    lon, lat = near(commission.rng("centre"), commission.seat, 0.5)
    return Site(
        id=f"Z{county.code}",
        name=county.name + _CENTRE,
        kind=SiteKind.CENTRE,
        area=county.code,
        lon=lon,
        lat=lat,
        panels=centre_panels(commission),
        phone=commission.names.phone(county.city_code),
    )


def _host(commission: Commission, kind: SiteKind) -> Site:
    county = commission.district.county
    prefix, ending, km = _HOSTS[kind]
    lon, lat = near(commission.rng(kind), commission.seat, km)
    return Site(
        id=prefix + county.code,
        name=county.name + ending + HOST_MARK,
        kind=kind,
        area=county.code,
        lon=lon,
        lat=lat,
        phone=commission.names.phone(county.city_code),
    )


def _stations(commission: Commission) -> Iterator[Site]:
    """Yield one station per township; outside the 3/2/1 standard it has 1–2 mediators (S4)."""
    rng = commission.rng("stations")
    bounds = {} if commission.size.mediator_standard else {"mediators_min": 1, "mediators_max": 2}
    for township in commission.district.townships:
        point = near(rng, township.point, 0.5) if township.point else (None, None)
        yield Site(
            id=f"Z{township.code}",
            name=township.name + _STATION,
            kind=SiteKind.STATION,
            area=township.code,
            lon=point[0],
            lat=point[1],
            phone=commission.names.phone(commission.district.county.city_code),
            **bounds,
        )


def _workrooms(commission: Commission) -> Iterator[Site]:
    """Yield one workroom per village, at the village's own point."""
    bounds = {} if commission.size.mediator_standard else {"mediators_min": 0, "mediators_max": 1}
    for village in commission.district.villages:
        yield Site(
            id=f"W{village.code}",
            name=village.name + _WORKROOM,
            kind=SiteKind.WORKROOM,
            area=village.township_code,
            lon=village.point[0] if village.point else None,
            lat=village.point[1] if village.point else None,
            villages=(village.code,),
            phone=commission.names.phone(commission.district.county.city_code),
            **bounds,
        )


def _plan(
    site: Site, kind: PostKind, rhythm: Rhythm, kinds: tuple[PersonKind, ...], **more: Any
) -> PostPlan:
    """Return a post of ``site``; its id ends in the word ``more['word']`` or the kind's label."""
    word = more.pop("word", kind.label)
    fields = {"name": f"{word}岗", **more}
    post = Post(
        id=f"{site.id}-{word}",
        site=site.id,
        kind=kind,
        kinds=kinds,
        recurrence=rhythm.recurrence,
        parts=rhythm.parts,
        **fields,
    )
    return PostPlan(post, rhythm.turns * post.head_count)


def _centre_posts(centre: Site, tier: Tier) -> Iterator[PostPlan]:
    """Yield the four basic posts of a centre and the notary's round."""
    helpers = (PersonKind.OFFICER, PersonKind.VOLUNTEER)
    yield _plan(centre, PostKind.RECEPTION, DAILY, helpers)
    yield _plan(
        centre,
        PostKind.CONSULTATION,
        tier.consultation,
        _PRACTITIONERS,
        head_count=tier.consultants,
    )
    yield _plan(centre, PostKind.LEGAL_AID, tier.legal_aid, (PersonKind.LAWYER,))
    yield _plan(centre, PostKind.MEDIATION, DAILY, (PersonKind.MEDIATOR,))
    notary = Rhythm("周四", MORNING, 1)
    yield _plan(centre, PostKind.NOTARY, notary, (PersonKind.NOTARY,), word="公证巡回")


def _special_posts(centre: Site, stations: list[Site]) -> Iterator[PostPlan]:
    """Yield the centre's hours for women, by video for the stations, and on Saturdays."""
    yield _plan(
        centre,
        PostKind.CONSULTATION,
        Rhythm("每月第2个周三", AFTERNOON, 0.25),
        _PRACTITIONERS,
        word="妇女维权",
        gender=Gender.FEMALE,
        specialities=(Speciality.FAMILY,),
    )
    yield _plan(
        centre,
        PostKind.CONSULTATION,
        Rhythm("周一、周四", AFTERNOON, 2),
        (PersonKind.LAWYER,),
        word="远程视频",
        mode=Mode.REMOTE,
        serves=tuple(station.id for station in stations),
    )
    saturday = _plan(
        centre,
        PostKind.CONSULTATION,
        Rhythm("周六", MORNING, 1),
        _PRACTITIONERS,
        word="周六咨询",
        holiday=HolidayPolicy.KEEP,
    )
    yield PostPlan(saturday.post, 0, saturday.workday_turns)


def _host_post(site: Site, rhythm: Rhythm) -> PostPlan:
    """Return the duty lawyer's post; procuratorates ask for three years of practice (b3)."""
    return _plan(
        site,
        PostKind.DUTY_LAWYER,
        rhythm,
        (PersonKind.LAWYER,),
        word="值班律师",
        specialities=(Speciality.CRIMINAL,),
        practice_years=3 if site.kind is SiteKind.PROCURATORATE else 0,
        standby=1 if site.kind is SiteKind.COURT else 0,
    )


def _station_posts(commission: Commission, site: Site, rhythm: Rhythm) -> Iterator[PostPlan]:
    """Yield consultation and reception at a station; one without a centre gives legal aid too."""
    yield _plan(site, PostKind.CONSULTATION, rhythm, _PRACTITIONERS)
    yield _plan(site, PostKind.RECEPTION, rhythm, (PersonKind.OFFICER,))
    if not commission.size.has_centre:
        aid = Rhythm("周二、周四", AFTERNOON, 2)
        yield _plan(site, PostKind.LEGAL_AID, aid, (PersonKind.LAWYER,))


def _village_post(site: Site, rhythm: Rhythm) -> PostPlan:
    """Return the monthly consultation of a village station; a holiday only moves it (S2)."""
    later = HolidayPolicy.NEXT_WORKDAY
    return _plan(site, PostKind.CONSULTATION, rhythm, _PRACTITIONERS, holiday=later)


def _stalls(commission: Commission, stations: list[Site]) -> Iterator[PostPlan]:
    """Yield legal stalls at some markets: on market days, weekends too."""
    rng = commission.rng("stalls")
    rules = market_rules(commission)
    for station in stations:
        own = rules.get(station.area, ())
        if not own or not is_rare(own[0]) or rng.random() > _STALL_SHARE:
            continue
        weekly = meetings_per_week(own[0])
        plan = _plan(
            station,
            PostKind.PUBLICITY,
            Rhythm(own[0], MORNING, weekly),
            _PRACTITIONERS,
            word="赶集普法",
            holiday=HolidayPolicy.KEEP,
        )
        yield PostPlan(plan.post, weekly * 5 / 7, weekly * 2 / 7)
