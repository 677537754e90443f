"""Short visits of one adviser share a half day where their hours and ways fit."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest

from models.calendar import ZONE
from models.formats.feeds.feed_plan import planned_events
from models.instance import Instance, RuleSetting
from models.people import Pin
from models.report import Level
from models.roster import AdviserSeat, Roster
from models.slots import visit_times
from models.vocabulary import Part, PinKind
from solver.changes.absence import Absence
from solver.changes.repair import repair
from solver.modelling.facts import Facts
from solver.modelling.stages import month_model, read_roster
from solver.profiles import load_rules
from solver.rules import rule_types
from solver.solve import solve
from solver.verify import verify
from tests.solver.agreement import at_level, disagreement

POINT = {"lon": 113.45, "lat": 34.75}
FAR = {"lon": 113.85, "lat": 34.75}
"""An hour's drive from ``POINT``."""


def county(hours: list[float], **more: Any) -> Instance:
    """Return a county with one lawyer and a village a kilometre from the last for each of these hours."""
    village = {"area": "A", "lon": 113.45, "adviser": "L"}
    tables = {
        "settings": {"month": "2026-12"} | more.pop("settings", {}),
        "areas": [
            {"id": "X", "name": "例县", "level": "county", **POINT},
            {"id": "A", "name": "例乡", "level": "township", "parent": "X", **POINT},
        ],
        "people": [{"id": "L", "name": "例甲", "kind": "lawyer", "area": "A"} | FAR],
        "villages": [
            village
            | {"id": f"V{n}", "name": f"例{n}村", "lat": 34.75 + n / 100, "service_hours": length}
            for n, length in enumerate(hours)
        ],
    }
    return Instance.model_validate(tables | more)


def planned(instance: Instance, *settings: tuple[str, str, str]) -> Roster:
    """Solve and check; every visit is made, and the independent check agrees."""
    rules = load_rules("default", [RuleSetting(rule=r, field=f, value=v) for r, f, v in settings])
    outcome = solve(instance, rules)
    checked = verify(instance, rules, outcome.roster)
    assert checked.hard == ()
    assert checked.terms == outcome.report.terms
    assert len(outcome.roster.visits) == len(instance.villages)
    return outcome.roster


def trips(roster: Roster) -> list[int]:
    """Return how many visits each half day on which there is one has, the most first."""
    halves = Counter((v.person, v.date, v.part) for v in roster.visits)
    return sorted(halves.values(), reverse=True)


STAMP = dt.datetime(2026, 12, 1, tzinfo=ZONE)
AWAY = {"person": "L", "first": "2026-12-01", "last": "2026-12-31"}


@pytest.mark.parametrize(
    ("hours", "more", "shared"),
    [
        ([2, 2, 2, 2], {}, [2, 2]),
        ([1, 1, 1], {}, [2, 1]),
        ([3, 1, 2, 1.5], {}, [2, 2]),
        ([2.5, 2], {}, [1, 1]),
        ([4, 4], {}, [1, 1]),
        ([2, 2, 4], {}, [2, 1]),
        ([2, 2], {"settings": {"visits_per_half_day": 1}}, [1, 1]),
        ([1, 1, 1], {"settings": {"visits_per_half_day": 3}}, [3]),
        ([2, 2], {"settings": {"visit_hours": 3}}, [1, 1]),
        ([2, 2], {"leave": [AWAY | {"part": "pm"}]}, [1, 1]),
        ([1, 1], {"leave": [AWAY | {"part": "pm"}]}, [2]),
        ([2, 2], {"leave": [AWAY | {"start": "17:00", "end": "18:00"}]}, [1, 1]),
        ([2, 2], {"leave": [AWAY | {"start": "18:15", "end": "19:00"}]}, [2]),
    ],
)
def test_short_visits_share_a_half_day_where_hours_fit(
    hours: list[float], more: dict[str, Any], shared: list[int]
) -> None:
    assert trips(planned(county(hours, **more))) == shared


@pytest.mark.parametrize(("lat", "shared"), [(34.80, [2]), (34.95, [1, 1])])
def test_the_way_between_two_villages_has_to_fit(lat: float, shared: list[int]) -> None:
    instance = county([1, 1])
    near, other = instance.villages
    moved = instance.model_copy(update={"villages": (near, other.model_copy(update={"lat": lat}))})
    assert trips(planned(moved)) == shared


def test_the_second_visit_begins_when_its_adviser_can_be_there() -> None:
    instance = county([2, 2])
    first, second = planned(instance).visits
    there = Facts(instance, "2026-12")
    ends = (np.array([there.village_place(v.village)]) for v in (first, second))
    way = int(there.travel.between(*ends)[0])
    spans = [
        visit_times(instance.settings, instance.village_by_id[v.village], v.date, v.part, v.start)
        for v in (first, second)
    ]
    free = spans[1][0] - spans[0][1]
    assert dt.timedelta(minutes=way) <= free < dt.timedelta(minutes=way + 15)
    assert first.start is None
    assert second.start == f"{spans[1][0]:%H:%M}"


def test_a_trip_is_one_half_day_and_one_way() -> None:
    hours, caps = [2.0] * 4, ("monthly_cap", "half_days", "2")
    roster = planned(county(hours), caps)
    assert trips(roster) == [2, 2]
    rules = load_rules("default")
    together = verify(county(hours), rules, roster)
    apart = verify(
        county(hours), rules, planned(county(hours, settings={"visits_per_half_day": 1}))
    )
    (once,), (twice,) = together.fairness, apart.fairness
    assert once.visits == twice.visits == 4
    assert once.travel_minutes < 0.6 * twice.travel_minutes


def test_both_calendar_entries_have_their_own_hours() -> None:
    instance = county([2, 2])
    first, second = planned_events(instance, planned(instance), STAMP)
    assert f"{first.start:%H:%M}–{first.end:%H:%M}" == "14:00–16:00"
    assert f"{second.start:%H:%M}–{second.end:%H:%M}" == "16:15–18:15"


@pytest.mark.parametrize("strength", ["fixed", "keep"])
def test_what_was_published_on_one_half_day_stays_there(strength: str) -> None:
    instance = county([2, 2, 2])
    day = dt.date(2026, 12, 9)
    pins = tuple(
        Pin.model_validate(
            {"kind": PinKind.VISIT, "target": v, "person": "L", "date": day, "part": Part.PM}
            | {"strength": strength}
        )
        for v in ("V0", "V2")
    )
    roster = planned(instance.model_copy(update={"pins": pins}))
    kept = {v.village for v in roster.visits if (v.date, v.part) == (day, Part.PM)}
    assert kept == {"V0", "V2"}


def test_a_repair_moves_both_visits_of_a_half_day() -> None:
    instance = county([2, 2])
    rules, roster = load_rules("default"), planned(instance)
    day = roster.visits[0].date
    made = repair(instance, rules, roster, Absence("L", day, day), today=dt.date(2026, 12, 1))
    assert made.unmet == ()
    assert made.breaches == ()
    assert {visit.village for visit in made.roster.visits} == {"V0", "V1"}
    assert day not in {visit.date for visit in made.roster.visits}


SPOKEN = sorted(
    code for code, rule in rule_types().items() if "VISITS" in {b.name for b in rule.blocks}
)


@pytest.mark.parametrize("code", SPOKEN)
def test_model_and_check_agree_on_trips(code: str) -> None:
    instance = county([1, 2, 3], settings={"visits_per_half_day": 3})
    facts = Facts(instance, "2026-12")
    seats = tuple(AdviserSeat(village=village.id, person="L") for village in instance.villages)
    model = month_model(facts, [], seats)
    ((block, choices),) = [item for item in model.choices.items() if len(item[1])]
    day = choices.column[choices.half // 3 == 8].tolist()
    assert (choices.later[choices.half // 3 == 8] > 0).any(), block
    draw = np.random.default_rng(1)
    rule = rule_types()[code].model_validate({})
    for count in itertools.chain(*itertools.repeat((1, 2, 3, 4), 4)):
        values = np.zeros(len(choices), dtype=np.int64)
        values[draw.choice(day, count, replace=False)] = 1
        base = Roster(month="2026-12", advisers=seats)
        roster = read_roster(facts, [rule], [(model, values)], base)
        for level in (Level.SOFT, Level.HARD):
            assert disagreement(facts, at_level(rule, level), roster) == ""
