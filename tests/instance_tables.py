"""Strategies of the tables of a small instance: 4 people, 3 villages, 2 sites, 2 posts, all made up.

Built once per month, since building strategies takes longer than drawing from them.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from hypothesis import strategies as st

from models.calendar import Calendar, month_days
from models.vocabulary import Attitude, Ban, DayClass, Part, PinKind, Strength, WishTier
from tests.rule_numbers import EDGE_MINUTES

Rows = st.SearchStrategy[dict[str, Any]]

MONTHS = ("2026-02", "2026-10", "2026-12", "2027-01", "2024-12")
"""Make-up Saturdays; a festival week; a plain month; ISO week 53 and no notice; week 1 of 2025."""
POINTS = ((113.60, 34.70), (113.66, 34.74), (113.60, 34.79))
"""Ways between them at 60 km/h without detour and access: 0, 7, 8 and 10 minutes."""
PACES = (4, 13.65, 14.1, 14.6, 15.1, 15.6, 20)
"""Walking speeds at which a way between the points takes 29, 30 or 31 minutes, or 106 and more."""
PEOPLE, VILLAGES = ("L0", "L1", "L2", "L3"), ("V0", "V1", "V2")
SITES, POSTS = ("S0", "S1"), ("P0", "P1")
AREAS = ("A0", "A1", "A2")
FIELDS = ("family", "labour", "land")
TONGUES = ("普通话", "客家话")
KINDS = ("lawyer", "grassroots", "mediator", "officer", "notary")
MANY_LAWYERS = ("lawyer",) * 8 + KINDS[1:]
WHO = ("L0", "L0", "L0", *PEOPLE)
"""Special facts gather around one person, on whom the drawn rosters gather too."""
DUTIES = ("consultation", "mediation", "duty_lawyer", "team")
NOON = ("12:00", "12:06", "12:07", "12:08", "12:09", "12:10")
"""Starts of the afternoon: just a way after noon, a minute less, a minute more."""
STARTS = ("00:00", "05:59", "06:00", "08:30", "09:00", "12:30", "16:00", "19:00", "20:00")
ENDS = ("00:00", "02:00", "08:29", "09:01", "12:00", "13:00", "14:08", "18:01", "22:00", "22:01")
"""Own hours of posts: across parts and midnight, to the minute of what rules ask."""
HOURS = (("08:29", "09:01"), ("11:59", "12:30"), ("12:00", "12:06"), ("22:01", "05:59"))
"""Own hours of a leave, across midnight too."""
WISHES = (
    ("village",),
    ("village", "site"),
    ("village", "weekday"),
    ("village", "part", "site"),
    ("site",),
    ("site", "date"),
    ("weekday",),
    ("date", "part"),
    ("part",),
    ("post",),
    ("post", "date"),
    ("post", "part", "site"),
)
"""What wishes name: a seat, a visit, a site, a time."""


def hot_days(month: str) -> list[dt.date]:
    """Return the days on which rules change their mind: month edges, week edges, make-up days."""
    days, calendar = month_days(month), Calendar()
    sunday = next(day for day in days[2:] if day.isoweekday() == 7)
    odd = [d for d in days if calendar.is_workday(d) != (d.isoweekday() < 6)]
    one = dt.timedelta(days=1)
    chosen = {days[0], days[1], days[2], sunday - one, sunday, sunday + one, days[-2], days[-1]}
    return sorted(chosen | set(odd[:1]) | {d + one for d in odd[:1]} & set(days))


@cache
def tables(month: str) -> Rows:
    """Return the tables of an instance of the month."""
    areas = [_area("A0", "county", 0), _area("A1", "township", 0), _area("A2", "township", 1)]
    firm = {"id": "F1", "name": "示例所", "kind": "law_firm", "area": "A1"}
    return st.fixed_dictionaries(
        {
            "settings": _settings(month),
            "areas": st.just(areas),
            "firms": st.just([firm]),
            "people": st.tuples(*(_person(code, month) for code in PEOPLE)),
            "villages": st.tuples(*(_village(code, month) for code in VILLAGES)),
            "sites": st.tuples(*map(_site, SITES)),
            "posts": st.tuples(*(_post(code, month) for code in POSTS)),
            "leave": _few(_leave(month)),
            "wishes": _few(_wish(month)),
            "limits": _few(_limit()),
            "successions": _few(_succession()),
            "conflicts": _few(_conflict()),
            "pins": _pins(month),
            "held_around": _few(_around(month)),
            "ledger": st.lists(_ledger(month), min_size=2, max_size=5),
            "lectures": _few(_row(village=_one(VILLAGES), date=_one(hot_days(month)))),
            "pairs": _few(_pair()),
        }
    )


def _area(code: str, level: str, point: int) -> dict[str, Any]:
    lon, lat = POINTS[point]
    parent = None if code == "A0" else "A0"
    row = {"id": code, "name": f"示例{code}", "level": level, "parent": parent}
    return row | {"terrain": "town" if code == "A1" else "country", "lon": lon, "lat": lat}


def _settings(month: str) -> Rows:
    """Clocks: noon breaks of just a way, mornings at the end of a rest or a minute off."""
    still = {"month": month, "town_kmh": 60, "country_kmh": 60, "circuity": 1, "access_minutes": 0}
    return _row(
        **{name: st.just(value) for name, value in still.items()},
        walk_kmh=_one(PACES),
        am_start=_one(("09:00", "08:59", "09:01")),
        pm_start=_one(NOON),
        night_start=_one(("20:00", "18:00", "17:00", "17:07")),
        night_end=_one(("22:00", "22:00", "22:01", "02:00", "08:00")),
    )


def _site(code: str) -> Rows:
    own = _row(
        kind=_one(("centre", "station", "workroom", "court")),
        _some={
            "mediators_min": st.integers(0, 2),
            "mediators_max": st.integers(0, 2),
            "panels": _words(FIELDS),
            "villages": _words(VILLAGES),
        },
    )
    return st.builds(_joined, _placed(code, "示例站"), own)


def _post(code: str, month: str) -> Rows:
    days = hot_days(month)
    runs = [days[n : n + length] for n in range(len(days)) for length in (2, 3, 4)]
    texts = sorted({"、".join(day.isoformat() for day in run) for run in runs})
    return _row(
        id=st.just(code),
        name=st.just("示例岗"),
        site=_one(SITES),
        kind=_one(DUTIES),
        mode=_one(("onsite", "onsite", "remote", "on_call")),
        recurrence=_one(texts),
        holiday=st.just("keep"),
        parts=_one((("am", "pm"), ("am", "night"), ("pm", "night"), ("am", "pm", "night"))),
        head_count=st.integers(1, 2),
        standby=_one((0, 1)),
        _some={
            "kinds": _words(KINDS),
            "head_counts": st.dictionaries(_one(DayClass), st.integers(1, 3), max_size=2),
            "mix": st.dictionaries(_one(KINDS[:3]), st.integers(1, 2), max_size=2),
            "specialities": _words(FIELDS),
            "languages": _words(TONGUES),
            "gender": _one(("female", "male")),
            "practice_years": _one((1, 3)),
            "optional": st.booleans(),
            "fixed_people": _one(((), (), (), (PEOPLE[0],))),
            "start": _one((None, None, *STARTS)),
            "end": _one((None, None, *ENDS)),
        },
    )


def _person(code: str, month: str) -> Rows:
    days = hot_days(month)
    return _row(
        id=st.just(code),
        name=st.just(f"例{code}"),
        kind=_one(MANY_LAWYERS),
        area=_one(AREAS[1:]),
        _some={
            "firm": st.just("F1"),
            "gender": _one(("female", "male")),
            "languages": _words(TONGUES),
            "specialities": _words(FIELDS),
            "practice_years": _one((0.9, 1, 3)),
            "is_adviser": st.booleans(),
            "is_duty": st.booleans(),
            "serves_areas": _words(AREAS),
            "duty_areas": _words(AREAS),
            "villages_max": st.integers(0, 3),
            "monthly_hours": _one((0, 3, 4, 5, 6.98, 7, 8, 9)),
            "monthly_turns": st.integers(0, 3),
            "share": _one((0.5, 0.3, 0.7, 2)),
            "active_from": _one(days[:3]),
            "active_to": _one(days[-4:]),
        },
    )


def _village(code: str, month: str) -> Rows:
    own = {
        "terrain": _one(("town", "country")),
        "priority": st.integers(0, 3),
        "demand": st.dictionaries(_one(FIELDS), st.integers(1, 3), max_size=2),
        "languages": _words(TONGUES),
        "service_hours": _one((3, 4, 4.5, 8, 24)),
        "market": _one((f"{hot_days(month)[3]}", "周日", "逢1、8")),
        "adviser": _one(PEOPLE),
    }
    return st.builds(_joined, _placed(code, "示例村"), _row(own))


def _leave(month: str) -> Rows:
    last = month_days(month)[-1]
    spans = [(a, min(last, a + dt.timedelta(days=n))) for a in hot_days(month) for n in (0, 1, 2)]
    when = [{"part": part} for part in (None, *Part)]
    when += [{"start": start, "end": end} for start, end in HOURS]
    rows = [{"first": first, "last": end, **w} for first, end in spans for w in when]
    return st.builds(_joined, _one(rows), _row(person=_one(WHO)))


def _around(month: str) -> Rows:
    """Things held in the last days of the month before and the first of the month after."""
    days, one = month_days(month), dt.timedelta(days=1)
    near = [days[0] - one, days[0] - one, days[0] - 2 * one, days[0] - 6 * one]
    near += [days[-1] + one, days[-1] + one, days[-1] + 2 * one]
    times = ("20:00", "08:30"), ("17:00", "22:00"), ("22:00", "23:52"), ("00:00", "05:00")
    when = [{"part": part} for part in Part]
    when += [{"start": start, "end": end} for start, end in times]
    rows = [{"date": day, **w} for day in near for w in when]
    who = _row(
        person=_one(WHO),
        kind=_one(("duty", "duty", "visit", "standby")),
        place=_one((None, *VILLAGES, *SITES)),
    )
    return st.builds(_joined, _one(rows), who)


def _wish(month: str) -> Rows:
    days = hot_days(month)
    fields = {
        "date": _one([*days, days[0] - dt.timedelta(days=1)]),
        "weekday": st.integers(1, 7),
        "part": _one(Part),
        "site": _one(SITES),
        "village": _one(VILLAGES),
        "post": _one(POSTS),
    }
    who = {"person": _one(WHO), "weight": st.integers(1, 3), "attitude": _one(Attitude)}
    who["tier"] = _one(WishTier)
    return st.one_of(*(_row(**who, **{name: fields[name] for name in names}) for names in WISHES))


def _limit() -> Rows:
    turns = _row(
        person=_one((None, *WHO)),
        post=_one((None, *POSTS)),
        part=_one((None, *Part)),
        least=_one((None, 0, 1, 2)),
        most=_one((None, 0, 1, 2)),
    )
    hours = _row(kind=st.just("hours"), person=_one((None, *WHO)), least=_one((0, 3, 4, 12)))
    weekends = _row(kind=st.just("weekends"), person=_one((None, *WHO)), most=_one((0, 1)))
    return st.one_of(turns, hours, weekends)


def _succession() -> Rows:
    posts, parts = (None, None, *POSTS), (None, *Part)
    return _row(
        part=_one(parts),
        post=_one(posts),
        next_part=_one(parts),
        next_post=_one(posts),
        ban=_one(Ban),
        weight=st.integers(1, 3),
    )


def _conflict() -> Rows:
    who = _one(WHO)
    return st.one_of(_row(person=who, village=_one(VILLAGES)), _row(person=who, site=_one(SITES)))


def _pins(month: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Pins of people, and pins that name nobody: of a slot, a day, everything of a day."""
    named = _pin(month)
    shut = named.filter(lambda pin: "date" in pin).map(_without("person"))
    day = shut.map(_without("target"))
    return _few(st.one_of(named, shut, shut.map(_without("part")), day, day.map(_without("part"))))


def _without(name: str) -> Any:
    return lambda row: {key: value for key, value in row.items() if key != name}


def _pin(month: str) -> Rows:
    days = hot_days(month)
    who = {"person": _one(WHO), "strength": _one(Strength)}
    when = {"date": _one([*days, days[-1] + dt.timedelta(days=1)]), "part": _one(Part)}
    targets = {PinKind.ADVISER: VILLAGES, PinKind.MEDIATOR: SITES, PinKind.VISIT: VILLAGES}
    rows = []
    for kind in PinKind:
        dated = {} if kind in (PinKind.ADVISER, PinKind.MEDIATOR) else when
        target = _one(targets.get(kind, POSTS))
        rows.append(_row(kind=st.just(kind), target=target, **who, **dated))
    return st.one_of(*rows)


def _ledger(month: str) -> Rows:
    """Turns of earlier months, on both edges of the window, and of the month itself."""
    year, number = map(int, month.split("-"))
    back = [12 * year + number - 1 - n for n in (1, 1, 1, 6, 0, 7)]
    return _row(
        person=_one(PEOPLE),
        month=_one([f"{n // 12:04d}-{n % 12 + 1:02d}" for n in back]),
        kind=_one(DUTIES),
        day_class=_one(DayClass),
        site=_one((None, *SITES)),
        turns=st.integers(0, 4),
    )


def _pair() -> Rows:
    return _row(
        person=_one(WHO),
        place=_one((*VILLAGES, *SITES)),
        _some={
            "minutes": _one(EDGE_MINUTES),
            "hours": _one((2, 4, 4.5, 9)),
            "allowed": st.booleans(),
        },
    )


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | other


def _placed(code: str, name: str) -> Rows:
    rows = [
        {"id": code, "name": f"{name}{code}", "area": area, "lon": lon, "lat": lat}
        for area in AREAS[1:]
        for lon, lat in POINTS
    ]
    return _one(rows)


def _row(_some: Any = None, **fields: Any) -> Rows:
    """Return rows with all ``fields`` and about half of those in ``_some``."""
    given: Any = fields
    return st.fixed_dictionaries(given, optional=_some or {})


def _one(values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(values))


def _words(words: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Return one word or two."""
    pairs = [[a, b] for a in words for b in words if a < b]
    return _one([*([word] for word in words), *pairs])


def _few(rows: Rows) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(rows, max_size=3)
