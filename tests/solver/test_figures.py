"""Figures of a plan: what each means, and "not known" where there is nothing to know."""

from __future__ import annotations

from typing import Any

import pytest

from models.instance import RuleSetting
from models.report import Report
from models.roster import AdviserSeat, Duty, Roster, Visit
from solver.limits import Limits, Stage
from solver.profiles import load_rules
from solver.solve import solve
from solver.verify import verify
from tests.factories import tiny_content, tiny_instance

RULES = load_rules("default")
VILLAGES = [village["id"] for village in tiny_content()["villages"]]


def checked(roster: dict[str, Any], stage: Stage = Stage.ALL, **tables: Any) -> Report:
    return verify(tiny_instance(**tables), RULES, Roster(month="2026-12", **roster), stage)


def seats(*people: str) -> tuple[AdviserSeat, ...]:
    return tuple(
        AdviserSeat(village=v, person=p) for v, p in zip(VILLAGES, people, strict=False) if p
    )


def visits(*people: str) -> tuple[Visit, ...]:
    return tuple(
        Visit(village=v, person=p, date=f"2026-12-0{n + 1}", part="am")
        for n, (v, p) in enumerate(zip(VILLAGES, people, strict=False))
        if p
    )


@pytest.mark.parametrize(
    ("held", "made", "adviser", "effective"),
    [
        (("L001",) * 4, ("L001",) * 4, 100, 100),
        (("L001",) * 4, (), 100, 0),
        (("L001",) * 4, ("L001", "L001"), 100, 50),
        (("L001", "L001"), ("L001",), 50, 25),
        (("L001",), ("L001", "L001"), 25, 25),
        ((), (), 0, 0),
    ],
)
def test_a_village_is_covered_when_it_is_visited(
    held: tuple[str, ...], made: tuple[str, ...], adviser: float, effective: float
) -> None:
    figures = checked({"advisers": seats(*held), "visits": visits(*made)}).kpis
    assert figures["adviser_coverage_percent"] == adviser
    assert figures["effective_coverage_percent"] == effective


def test_a_priority_village_is_covered_when_it_is_visited() -> None:
    villages = [v | {"priority": int(n < 2)} for n, v in enumerate(tiny_content()["villages"])]
    rows = {"advisers": seats("L001", "L001"), "visits": visits("L001")}
    assert checked(rows, villages=villages).kpis["priority_coverage_percent"] == 50


def test_what_nobody_asks_for_is_not_known() -> None:
    figures = checked({}, posts=[], villages=[]).kpis
    unknown = ("adviser_coverage_percent", "effective_coverage_percent", "duty_coverage_percent")
    more = ("priority_coverage_percent", "mean_adviser_minutes", "circle_villages_percent")
    assert [figures[name] for name in (*unknown, *more)] == [None] * 6
    assert figures["villages"] == 0


def test_a_month_in_which_no_visit_is_due_has_no_share_of_them() -> None:
    rules = load_rules("default", [RuleSetting(rule="monthly_visit", field="weight", value="0")])
    roster = Roster(month="2026-12", advisers=seats("L001"))
    villages = tiny_content()["villages"][:1]
    figures = verify(tiny_instance(villages=villages), rules, roster).kpis
    assert figures["effective_coverage_percent"] is None
    assert figures["adviser_coverage_percent"] == 100


def test_ways_without_points_are_not_known_and_a_given_way_is() -> None:
    none = {"lon": None, "lat": None}
    villages = [village | none for village in tiny_content()["villages"]]
    areas = [area | none for area in tiny_content()["areas"]]
    tables = {"villages": villages, "areas": areas}
    rows = {"advisers": seats("L001", "L001")}
    names = ("mean_adviser_minutes", "most_adviser_minutes", "spread_adviser_minutes")
    figures = checked(rows, **tables).kpis
    assert [figures[name] for name in names] == [None, None, None]
    assert figures["circle_villages_percent"] is None
    pairs = [{"person": "L001", "place": VILLAGES[0], "minutes": 25}]
    figures = checked(rows, **tables, pairs=pairs).kpis
    assert [figures[name] for name in names] == [25, 25, 0]


@pytest.mark.parametrize(("minutes", "villages", "people"), [(30, 100, 100), (31, 50, 25)])
def test_the_circle_is_counted_in_villages_and_people(
    minutes: int, villages: float, people: float
) -> None:
    counts = (9000, 3000)
    rows = [
        v | {"population": count}
        for v, count in zip(tiny_content()["villages"], counts, strict=False)
    ]
    areas = [area | {"terrain": "town"} for area in tiny_content()["areas"]]
    pairs = [
        {"person": "L001", "place": VILLAGES[0], "minutes": minutes},
        {"person": "L001", "place": VILLAGES[1], "minutes": 10},
    ]
    tables = {"villages": rows, "areas": areas, "pairs": pairs}
    figures = checked({"advisers": seats("L001", "L001")}, **tables).kpis
    assert figures["circle_villages_percent"] == villages
    assert figures["circle_people_percent"] == people
    assert figures["spread_adviser_minutes"] == (minutes - 10) / 2


@pytest.mark.parametrize(
    ("stage", "unknown"),
    [
        (Stage.ADVISERS, ("effective_coverage_percent", "duty_coverage_percent", "visits")),
        (Stage.MONTH, ("mediator_seats_held",)),
        (Stage.ALL, ()),
    ],
)
def test_what_a_stage_leaves_out_is_not_known(stage: Stage, unknown: tuple[str, ...]) -> None:
    villages = [village | {"adviser": "L001"} for village in tiny_content()["villages"]]
    instance = tiny_instance(villages=villages, posts=tiny_content()["posts"][1:])
    outcome = solve(instance, RULES, stage=stage, limits=Limits(seconds=20, deterministic=True))
    assert [outcome.report.kpis[name] for name in unknown] == [None] * len(unknown)
    assert outcome.report.kpis["adviser_coverage_percent"] == 100
    assert verify(instance, RULES, outcome.roster, stage).kpis == outcome.report.kpis


def test_duties_count_as_planned() -> None:
    duty = Duty(post="Z001-咨询", date="2026-12-01", part="am", person="L001")
    posts = [
        post | {"recurrence": "2026-12-01、2026-12-03"} for post in tiny_content()["posts"][1:2]
    ]
    figures = checked({"duties": (duty,)}, posts=posts).kpis
    assert (figures["duty_seats"], figures["duty_coverage_percent"]) == (2, 50)
