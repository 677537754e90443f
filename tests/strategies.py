"""Hypothesis strategies of small months, rosters and rule numbers, drawn on boundaries.

Uniform sampling misses wrong hours: gaps, caps and dates are therefore drawn exactly on,
one below and one above what a rule asks for. People and places are made up.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from models.calendar import Calendar, month_days
from models.instance import Instance
from models.roster import Roster
from models.travel import Ints
from models.vocabulary import Attitude, DayClass, Part, PersonKind, PostKind, Strength
from solver.choices import Choices, adviser_choices, duty_choices, mediator_choices, visit_choices
from solver.facts import Facts
from solver.model import Model
from solver.reading import Reading
from solver.rules.base import Rule
from solver.stages import read_roster
from tests.rule_numbers import EDGE_MINUTES

MONTHS = ("2026-02", "2026-10", "2026-12", "2027-01", "2024-12")
"""Make-up Saturdays; a festival week; a plain month; ISO week 53 and no notice; week 1 of 2025."""
POINTS = ((113.60, 34.70), (113.66, 34.74), (113.60, 34.79))
"""Ways between them at 60 km/h without detour: 0, 7, 9 and 10 minutes, plus access."""
FIELDS = ("family", "labour", "land")
TONGUES = ("普通话", "客家话")
KINDS = tuple(kind.value for kind in PersonKind if kind is not PersonKind.FORENSIC)
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
)
"""What wishes name: a seat, a visit, a site, a time."""
DUTIES = ("consultation", "mediation", "duty_lawyer", "team")


@dataclass
class Plan:
    """A month and what a drawn roster takes: a model without rules and its 0-1 values per stage."""

    facts: Facts
    taken: list[tuple[Model, Ints]] = field(default_factory=list)

    def roster(self, rule: Rule) -> Roster:
        """Return the drawn roster; the rule decides which visits carry lectures."""
        return read_roster(self.facts, [rule], self.taken, Roster(month=self.facts.month))

    def breaks(self, rule: Rule) -> bool:
        """Say whether the check finds a breach of the rule."""
        return any(rule.check(self.facts, Reading(self.facts, self.roster(rule))))

    def __repr__(self) -> str:
        """Show what matters when an example fails."""
        content = self.facts.instance.model_dump(mode="json", exclude_defaults=True)
        roster = read_roster(self.facts, [], self.taken, Roster(month=self.facts.month))
        return f"Plan({content!r}, {roster.model_dump(mode='json', exclude_defaults=True)!r})"


def hot_days(month: str) -> list[dt.date]:
    """Return the days on which rules change their mind: month edges, week edges, make-up days."""
    days, calendar = month_days(month), Calendar()
    sunday = next(day for day in days[2:] if day.isoweekday() == 7)
    odd = [d for d in days if calendar.is_workday(d) != (d.isoweekday() < 6)]
    one = dt.timedelta(days=1)
    chosen = {days[0], days[1], days[2], sunday - one, sunday, sunday + one, days[-2], days[-1]}
    return sorted(chosen | set(odd[:1]) | {d + one for d in odd[:1]} & set(days))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a small month and a roster of it, kept or broken rules alike."""
    month = draw(st.sampled_from(MONTHS))
    facts = Facts(Instance.model_validate(draw(contents(month))), month)
    seats = Model(facts, [], [adviser_choices(facts), mediator_choices(facts)])
    plan = Plan(facts, [(seats, draw(_taken(seats)))])
    first = read_roster(facts, [], plan.taken, Roster(month=month))
    seated = {seat.village: seat.person for seat in first.advisers}
    dated = Model(facts, [], [duty_choices(facts), visit_choices(facts, seated)])
    plan.taken.append((dated, draw(_taken(dated))))
    return plan


@st.composite
def _taken(draw: st.DrawFn, model: Model) -> Ints:
    """Draw 0-1 values: some choices of anybody, and a cluster of one person."""
    values = np.zeros(len(model.matrix().upper), dtype=np.int64)
    for choices in model.choices.values():
        hot = choices.column[_hot(model.facts, choices)].tolist()
        if not hot:
            continue
        anyone = st.sampled_from(hot)
        values[draw(st.lists(anyone, max_size=8))] = 1
        one = draw(st.integers(0, len(model.facts.people) - 1))
        own = choices.column[_hot(model.facts, choices) & (choices.person == one)].tolist()
        if own:
            values[draw(st.lists(st.sampled_from(own), max_size=8))] = 1
    return values


def _hot(facts: Facts, choices: Choices) -> Any:
    """Visits are drawn on hot days only, everything else anywhere."""
    numbers = [facts.day_idx[day] for day in hot_days(facts.month)]
    return (choices.half < 0) | np.isin(choices.half // 3, numbers)


@st.composite
def contents(draw: st.DrawFn, month: str) -> dict[str, Any]:
    """Draw the tables of a small instance."""
    sites, posts = draw(_sites_and_posts(month))
    people = [draw(_person(n, month)) for n in range(draw(st.integers(3, 5)))]
    villages = [draw(_village(n, month, people)) for n in range(draw(st.integers(2, 4)))]
    ids = _Ids(people, villages, sites, posts, hot_days(month))
    return {
        "settings": draw(_settings(month)),
        "areas": [
            _area("A0", "county", None, "country", 0),
            _area("A1", "township", "A0", "town", 0),
            _area("A2", "township", "A0", "country", 1),
        ],
        "firms": [{"id": "F1", "name": "示例所", "kind": "law_firm", "area": "A1"}],
        "people": people,
        "villages": villages,
        "sites": sites,
        "posts": posts,
        **draw(_side_tables(ids)),
    }


@dataclass(frozen=True)
class _Ids:
    people: list[dict[str, Any]]
    villages: list[dict[str, Any]]
    sites: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    days: list[dt.date]

    def some(self, name: str) -> st.SearchStrategy[str]:
        """Draw an id of a table."""
        return st.sampled_from([row["id"] for row in getattr(self, name)])

    @property
    def day(self) -> st.SearchStrategy[dt.date]:
        """Draw a day on which rules change their mind."""
        return st.sampled_from(self.days)


def _area(code: str, level: str, parent: str | None, terrain: str, point: int) -> dict[str, Any]:
    lon, lat = POINTS[point]
    row = {"id": code, "name": f"示例{code}", "level": level, "terrain": terrain}
    return row | {"parent": parent, "lon": lon, "lat": lat}


@st.composite
def _settings(draw: st.DrawFn, month: str) -> dict[str, Any]:
    """Draw clocks: noon breaks of just a way or a minute less, mornings at the end of a rest."""
    noon = draw(st.sampled_from((120, 0, 6, 7, 8, 9, 10, 11)))
    dawn = draw(st.sampled_from(("09:00", "08:59", "09:01", "07:00")))
    evening = draw(st.sampled_from(("20:00", "18:00", "17:00", "17:07")))
    clock = dt.datetime(2000, 1, 1, 12) + dt.timedelta(minutes=noon)
    return {
        "month": month,
        "town_kmh": 60,
        "country_kmh": 60,
        "circuity": 1,
        "access_minutes": 0,
        "am_start": dawn,
        "pm_start": f"{clock:%H:%M}",
        "night_start": evening,
        "night_end": draw(st.sampled_from(("08:00", "22:00", "21:59", "06:30"))),
    }


@st.composite
def _sites_and_posts(draw: st.DrawFn, month: str) -> tuple[list[Any], list[Any]]:
    kinds = ("centre", "station", "workroom", "court")
    sites = []
    for n in range(draw(st.integers(2, 3))):
        lon, lat = draw(st.sampled_from(POINTS))
        row = {"id": f"S{n}", "name": f"示例站{n}", "kind": kinds[(n + 1) % 4], "lon": lon, "lat": lat}
        row |= {"area": draw(st.sampled_from(("A1", "A2")))}
        row |= draw(_some(mediators_min=st.integers(0, 2), panels=_words(FIELDS)))
        sites.append(row)
    posts = [draw(_post(n, month, sites)) for n in range(draw(st.integers(1, 3)))]
    return sites, posts


@st.composite
def _post(draw: st.DrawFn, number: int, month: str, sites: list[Any]) -> dict[str, Any]:
    days = hot_days(month)
    first = draw(st.integers(0, len(days) - 1))
    dates = days[first : first + draw(st.integers(1, 4))]
    row = {
        "id": f"P{number}",
        "site": draw(st.sampled_from(sites))["id"],
        "name": f"示例岗{number}",
        "kind": draw(st.sampled_from(DUTIES)),
        "mode": draw(st.sampled_from(("onsite", "onsite", "remote", "on_call"))),
        "recurrence": "、".join(day.isoformat() for day in dates),
        "holiday": "keep",
        "parts": draw(st.sampled_from((("am", "pm"), ("am", "night"), ("pm",), ("night",)))),
        "head_count": draw(st.integers(1, 2)),
        "standby": draw(st.integers(0, 1)),
    }
    return row | draw(
        _some(
            kinds=_words(KINDS),
            mix=st.dictionaries(st.sampled_from(KINDS[:3]), st.integers(1, 2), max_size=2),
            specialities=_words(FIELDS),
            languages=_words(TONGUES),
            gender=st.sampled_from(("female", "male")),
            practice_years=st.sampled_from((1, 3)),
            start=st.sampled_from(("09:00", "12:30", "19:00")),
            end=st.sampled_from(("12:00", "13:00", "08:30")),
        )
    )


@st.composite
def _person(draw: st.DrawFn, number: int, month: str) -> dict[str, Any]:
    days = hot_days(month)
    row = {"id": f"L{number}", "name": f"例{number}", "kind": draw(st.sampled_from(KINDS))}
    row |= {"area": draw(st.sampled_from(("A1", "A2")))}
    return row | draw(
        _some(
            firm=st.just("F1"),
            gender=st.sampled_from(("female", "male")),
            languages=_words(TONGUES),
            specialities=_words(FIELDS),
            practice_years=st.sampled_from((0.9, 1, 3)),
            is_adviser=st.booleans(),
            is_duty=st.booleans(),
            serves_areas=_words(("A0", "A1", "A2")),
            villages_max=st.integers(0, 3),
            monthly_hours=st.sampled_from((0, 3, 4, 5, 6.98, 7, 8, 9)),
            monthly_turns=st.integers(0, 3),
            share=st.sampled_from((0.5, 0.3, 0.7, 2)),
            active_from=st.sampled_from(days[:3]),
            active_to=st.sampled_from(days[-4:]),
        )
    )


@st.composite
def _village(draw: st.DrawFn, number: int, month: str, people: list[Any]) -> dict[str, Any]:
    lon, lat = draw(st.sampled_from(POINTS))
    row = {"id": f"V{number}", "name": f"示例村{number}", "lon": lon, "lat": lat}
    row |= {"area": draw(st.sampled_from(("A1", "A2")))}
    markets = (f"{hot_days(month)[3]}", "周日", "逢1、8")
    return row | draw(
        _some(
            terrain=st.sampled_from(("town", "country")),
            priority=st.integers(0, 3),
            demand=st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 3), max_size=2),
            languages=_words(TONGUES),
            service_hours=st.sampled_from((3, 4, 4.5, 8)),
            market=st.sampled_from(markets),
            adviser=st.sampled_from([person["id"] for person in people]),
        )
    )


@st.composite
def _side_tables(draw: st.DrawFn, ids: _Ids) -> dict[str, Any]:
    """Draw leave, wishes, conflicts, pins, ledger, lectures and pairs."""
    tables = {
        "leave": _leave(ids),
        "wishes": _wish(ids),
        "conflicts": _conflict(ids),
        "pins": _pin(ids),
        "ledger": _ledger(ids),
        "lectures": st.fixed_dictionaries({"village": ids.some("villages"), "date": ids.day}),
        "pairs": _pair(ids),
    }
    return {name: draw(st.lists(row, max_size=3)) for name, row in tables.items()}


@st.composite
def _leave(draw: st.DrawFn, ids: _Ids) -> dict[str, Any]:
    first = draw(ids.day)
    last = first + dt.timedelta(days=draw(st.integers(0, 2)))
    part = draw(st.sampled_from((None, "am", "pm", "night")))
    return {"person": draw(ids.some("people")), "first": first, "last": last, "part": part}


@st.composite
def _wish(draw: st.DrawFn, ids: _Ids) -> dict[str, Any]:
    row = {"person": draw(ids.some("people")), "weight": draw(st.integers(1, 3))}
    row |= {"attitude": draw(st.sampled_from([word.value for word in Attitude]))}
    outside = ids.days[0] - dt.timedelta(days=1)
    fields = {
        "date": st.one_of(ids.day, st.just(outside)),
        "weekday": st.integers(1, 7),
        "part": st.sampled_from([part.value for part in Part]),
        "site": ids.some("sites"),
        "village": ids.some("villages"),
    }
    return row | {name: draw(fields[name]) for name in draw(st.sampled_from(WISHES))}


def _conflict(ids: _Ids) -> st.SearchStrategy[dict[str, Any]]:
    village = st.fixed_dictionaries({"person": ids.some("people"), "village": ids.some("villages")})
    site = st.fixed_dictionaries({"person": ids.some("people"), "site": ids.some("sites")})
    return st.one_of(village, site)


@st.composite
def _pin(draw: st.DrawFn, ids: _Ids) -> dict[str, Any]:
    tables = {"adviser": "villages", "mediator": "sites", "visit": "villages"}
    kind = draw(st.sampled_from(("adviser", "mediator", "visit", "duty", "standby")))
    row = {"kind": kind, "target": draw(ids.some(tables.get(kind, "posts")))}
    row |= {"person": draw(ids.some("people"))}
    row |= {"strength": draw(st.sampled_from([word.value for word in Strength]))}
    if kind in ("visit", "duty", "standby"):
        row["date"] = draw(st.one_of(ids.day, st.just(ids.days[-1] + dt.timedelta(days=1))))
        row["part"] = draw(st.sampled_from(("am", "pm", "night")))
    return row


def _ledger(ids: _Ids) -> st.SearchStrategy[dict[str, Any]]:
    """Turns of earlier months, on both edges of the window, and of the month itself."""
    first = ids.days[0]
    back = [12 * first.year + first.month - 1 - n for n in (0, 1, 6, 7)]
    months = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in back]
    return st.fixed_dictionaries(
        {
            "person": ids.some("people"),
            "month": st.sampled_from(months),
            "kind": st.sampled_from([PostKind(word).value for word in DUTIES]),
            "day_class": st.sampled_from([word.value for word in DayClass]),
            "site": st.one_of(st.none(), ids.some("sites")),
            "turns": st.integers(0, 4),
        }
    )


@st.composite
def _pair(draw: st.DrawFn, ids: _Ids) -> dict[str, Any]:
    row = {"person": draw(ids.some("people"))}
    row |= {"place": draw(st.one_of(ids.some("villages"), ids.some("sites")))}
    return row | draw(
        _some(
            minutes=st.sampled_from(EDGE_MINUTES),
            hours=st.sampled_from((2, 4, 4.5, 9)),
            allowed=st.booleans(),
        )
    )


def _words(words: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True)


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw about half of the optional fields."""
    return st.fixed_dictionaries({}, optional=fields)
