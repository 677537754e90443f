"""The county of the two years: its posts, and people who come, leave, fall ill and go on leave."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from models.calendar import Calendar, month_days, next_month
from models.instance import Instance
from models.roster import Duty

FIRST, MONTHS = "2024-01", 24
"""Months whose workdays are known from the official notices."""

STATIONS = 10
SHARES = (1.0,) * 16 + (0.5, 0.5, 0.75, 0.25)
GRASSROOTS = 4
"""How many of the staff are of the grassroots offices: they hold no legal aid and no nights."""

POINT = {"lon": 113.7, "lat": 34.8}

Row = dict[str, Any]


def months() -> list[str]:
    """Return the months, the first one first."""
    found = [FIRST]
    while len(found) < MONTHS:
        found.append(next_month(found[-1]))
    return found


def staff(rng: np.random.Generator) -> list[Row]:
    """Return everybody who is in office at some time: a newcomer and a leaver a quarter."""
    people = [_person(n, share) for n, share in enumerate(SHARES, 1)]
    leavers = rng.permutation([n for n in range(len(people)) if n >= GRASSROOTS])
    for quarter, month in enumerate(months()[::3]):
        days = month_days(month)
        newcomer = _person(len(people) + 1, float(rng.choice([1.0, 1.0, 1.0, 0.5])))
        people.append(newcomer | {"active_from": days[int(rng.integers(len(days)))]})
        people[leavers[quarter]]["active_to"] = days[int(rng.integers(len(days)))]
    return people


def leave(people: list[Row], rng: np.random.Generator) -> list[Row]:
    """Return what is known beforehand: some days or weeks, for one person three months."""
    last = month_days(months()[-1])[-1]
    rows = [_leave(people[GRASSROOTS + 1]["id"], dt.date(2024, 8, 5), 92)]
    for month in months():
        for person in rng.choice(len(people), 4, replace=False):
            day = month_days(month)[int(rng.integers(28))]
            rows.append(_leave(people[person]["id"], day, int(rng.choice([1, 2, 3, 7, 12, 21]))))
    return [row for row in rows if row["last"] <= last]


def sickness(month: str, duties: tuple[Duty, ...], rng: np.random.Generator) -> list[Row]:
    """Return who falls ill after the month was published: two of those on duty, some days each."""
    picked = rng.permutation(len(duties))[:2].tolist()
    last = month_days(month)[-1]
    rows = [
        _leave(duties[n].person, duties[n].date, int(rng.choice([1, 1, 2, 3, 8]))) for n in picked
    ]
    return [row | {"last": min(row["last"], last)} for row in rows]


def county(month: str, people: list[Row], away: list[Row], ledger: list[Row]) -> Instance:
    """Return the input of one month."""
    return Instance.model_validate(
        {
            "settings": {"name": "例县", "month": month},
            "areas": [{"id": "C", "name": "例县", "level": "county", **POINT}],
            "sites": _sites(),
            "posts": _posts(),
            "people": people,
            "leave": away,
            "ledger": ledger,
        }
    )


def workdays_of(row: Row, calendar: Calendar) -> int:
    """Return how many workdays a leave takes."""
    days = (
        row["first"] + dt.timedelta(days=n) for n in range((row["last"] - row["first"]).days + 1)
    )
    return sum(calendar.is_workday(day) for day in days)


def _person(number: int, share: float) -> Row:
    kind = "grassroots" if number <= GRASSROOTS else "lawyer"
    row = {"id": f"L{number:02d}", "name": f"例{number:02d}", "kind": kind, "area": "C"}
    return row | {"share": share, "is_adviser": False}


def _leave(person: str, first: dt.date, days: int) -> Row:
    return {"person": person, "first": first, "last": first + dt.timedelta(days=days - 1)}


def _sites() -> list[Row]:
    centre = {"id": "Z", "name": "例县中心", "kind": "centre", "area": "C", "mediators_min": 0}
    stations = [
        {"id": f"S{n}", "name": f"例{n}站", "kind": "station", "area": "C", "mediators_min": 0}
        for n in range(1, STATIONS + 1)
    ]
    return [row | POINT for row in (centre, *stations)]


def _posts() -> list[Row]:
    both = ["lawyer", "grassroots"]
    centre: Row = {
        "site": "Z",
        "name": "咨询",
        "kind": "consultation",
        "kinds": both,
        "parts": ["am"],
    }
    posts = [
        centre | {"id": "Z-咨询", "recurrence": "工作日", "standby": 1},
        centre | {"id": "Z-周末", "recurrence": "周末", "holiday": "keep"},
        centre
        | {"id": "Z-援助", "name": "援助", "kind": "legal_aid", "recurrence": "周一、周四"}
        | {"kinds": ["lawyer"], "parts": ["pm"]},
        centre
        | {"id": "Z-夜间", "name": "夜间", "recurrence": "周五", "holiday": "keep"}
        | {"kinds": ["lawyer"], "parts": ["night"]},
    ]
    weekdays = "一二三四五"
    posts += [
        centre | {"id": f"S{n}-咨询", "site": f"S{n}", "recurrence": f"周{weekdays[n % 5]}"}
        for n in range(1, STATIONS + 1)
    ]
    return posts
