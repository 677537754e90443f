"""Seats and visits that look at the month: who is there, and when villages are visited."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from models.instance import Instance, RuleSetting
from models.people import Pin
from models.report import Report
from models.roster import Roster
from solver.limits import Limits
from solver.profiles import load_rules
from solver.solve import solve
from solver.verify import verify
from tests.factories import tiny_content, tiny_instance

LIMITS = Limits(seconds=20, deterministic=True)
DECEMBER = {"first": "2026-12-01", "last": "2026-12-31"}


def planned(
    instance: Instance, profile: str = "default", *settings: tuple[str, str, str]
) -> tuple[Roster, Report]:
    """Solve and check; the independent check finds no hard breach."""
    rules = load_rules(profile, [RuleSetting(rule=r, field=f, value=v) for r, f, v in settings])
    outcome = solve(instance, rules, limits=LIMITS)
    checked = verify(instance, rules, outcome.roster)
    assert checked.hard == ()
    assert checked.terms == outcome.report.terms
    return outcome.roster, outcome.report


def county(**tables: Any) -> Instance:
    """Return the tiny county without duties, its lawyers alone."""
    people = tables.pop("people", tiny_content()["people"][:2])
    return tiny_instance(people=people, posts=[], sites=[], **tables)


def seats(roster: Roster) -> set[str]:
    return {seat.person for seat in roster.advisers}


@pytest.mark.parametrize(
    "leave",
    [
        [DECEMBER],
        [{"first": "2026-11-10", "last": "2027-02-01"}],
        [{"first": "2026-12-01", "last": "2026-12-16"}],
        [{"first": "2026-12-16", "last": "2026-12-31"}],
        [
            {"first": "2026-12-01", "last": "2026-12-09"},
            {"first": "2026-12-20", "last": "2026-12-28"},
        ],
        [DECEMBER | {"part": "pm"}, {"first": "2026-12-07", "last": "2026-12-07", "part": "am"}],
    ],
)
def test_who_is_away_for_most_of_the_month_gets_no_new_village(leave: list[dict[str, str]]) -> None:
    instance = county(leave=[{"person": "L002"} | row for row in leave])
    roster, report = planned(instance)
    assert seats(roster) == {"L001"}
    assert len(roster.visits) == 4
    assert report.unmet == ()


@pytest.mark.parametrize("term", [{"active_to": "2026-12-15"}, {"active_from": "2026-12-17"}])
def test_who_comes_late_or_goes_early_gets_no_new_village(term: dict[str, str]) -> None:
    first, second = tiny_content()["people"][:2]
    roster, _ = planned(county(people=[first, second | term]))
    assert seats(roster) == {"L001"}


def test_half_a_month_is_not_most_of_it() -> None:
    leave = [{"person": "L002", "first": "2026-12-01", "last": "2026-12-15"}]
    roster, _ = planned(county(leave=leave))
    assert seats(roster) == {"L001", "L002"}


def test_nobody_there_is_unmet_with_that_reason() -> None:
    leave = [{"person": person} | DECEMBER for person in ("L001", "L002")]
    _, report = planned(county(leave=leave))
    reasons = [[r.code for r in u.reasons] for u in report.unmet if u.kind.value == "adviser"]
    assert reasons == [["mostly_present"]] * 4


@pytest.mark.parametrize("hours", [5, 8, 12, 16, 20])
def test_the_visits_of_a_village_lie_in_different_weeks(hours: int) -> None:
    content = tiny_content()
    people = [person | {"monthly_hours": 160} for person in content["people"][:2]]
    villages = [village | {"service_hours": hours} for village in content["villages"][:2]]
    instance = county(people=people, villages=villages)
    roster, _ = planned(instance, "default", ("monthly_cap", "half_days", "20"))
    visits = Counter((v.village, v.date.isocalendar().week) for v in roster.visits)
    assert len(roster.visits) == 2 * -(-hours // 4)
    assert max(visits.values()) == 1


def test_visits_do_not_crowd_at_the_end_of_the_month() -> None:
    base = tiny_content()["villages"]
    villages = [
        row | {"id": f"{row['id'][:-1]}{n}{k}"} for k, row in enumerate(base) for n in range(5)
    ]
    people = [person | {"monthly_hours": 160} for person in tiny_content()["people"][:4]]
    roster, _ = planned(county(people=people, villages=villages))
    weeks = Counter(visit.date.isocalendar().week for visit in roster.visits)
    assert len(roster.visits) == 20
    assert max(weeks.values()) <= 5


@pytest.mark.parametrize(
    ("market", "weekday"),
    [
        ("周二、周日", {2}),
        ("周六、周四", {4}),
        ("周日", {7}),
        ("周三", {3}),
        ("周六、周日", {6, 7}),
        ("每天", {1, 2, 3, 4, 5}),
    ],
)
def test_markets_on_workdays_come_before_those_on_rest_days(market: str, weekday: set[int]) -> None:
    villages = [village | {"market": market} for village in tiny_content()["villages"]]
    roster, _ = planned(
        county(villages=villages), "default", ("visit_days", "on_market_rest_days", "true")
    )
    assert {visit.date.isoweekday() for visit in roster.visits} <= weekday
    assert len(roster.visits) == 4


def seated_with_l002(**leave: str) -> Instance:
    """Return the county whose villages L002 advises, with L002 on leave."""
    villages = [village | {"adviser": "L002"} for village in tiny_content()["villages"]]
    return county(villages=villages, leave=[{"person": "L002", **leave}])


@pytest.mark.parametrize(
    ("leave", "who"),
    [
        (DECEMBER, {"L001"}),
        ({"first": "2026-11-10", "last": "2027-02-01"}, {"L001"}),
        ({"first": "2026-12-01", "last": "2026-12-16"}, {"L002"}),
        ({"first": "2026-12-03", "last": "2026-12-31"}, {"L001", "L002"}),
        ({"first": "2026-12-01", "last": "2026-12-15"}, {"L002"}),
    ],
)
def test_others_visit_for_an_adviser_who_is_away_and_keeps_the_seat(
    leave: dict[str, str], who: set[str]
) -> None:
    """Two days are left to L002 in the fourth: four half days, all of them workdays."""
    roster, report = planned(seated_with_l002(**leave), "default", ("visits_spread", "weight", "0"))
    assert seats(roster) == {"L002"}
    assert len(roster.visits) == 4
    assert {visit.person for visit in roster.visits} <= who
    assert report.unmet == ()


def test_the_nearest_stands_in() -> None:
    far, near = ({"lon": 113.40, "lat": 34.60}, {"lon": 113.70, "lat": 34.79})
    rows = tiny_content()["people"]
    people = [rows[0] | far, rows[1], rows[2] | near]
    villages = [v | {"adviser": "L002"} for v in tiny_content()["villages"][:2]]
    leave = [{"person": "L002"} | DECEMBER]
    roster, _ = planned(county(people=people, villages=villages, leave=leave))
    assert [visit.person for visit in roster.visits] == ["L003", "L003"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "notary"}, "kinds_admitted"),
        ({"is_adviser": False}, "leave"),
        ({"serves_areas": ["410105002"]}, "leave"),
    ],
)
def test_only_who_may_advise_stands_in(change: dict[str, Any], code: str) -> None:
    rows = tiny_content()["people"]
    villages = [v | {"adviser": "L002"} for v in tiny_content()["villages"][:1]]
    leave = [{"person": "L002"} | DECEMBER]
    people = [rows[0] | change, rows[1]]
    roster, report = planned(county(people=people, villages=villages, leave=leave))
    assert roster.visits == ()
    visit = next(u for u in report.unmet if u.kind.value == "visit")
    assert code in {reason.code for reason in visit.reasons}


def test_a_visit_pinned_to_a_deputy_leaves_the_seat_alone() -> None:
    pin = {"kind": "visit", "target": "410105001001", "person": "L001"}
    instance = seated_with_l002(**DECEMBER).model_copy(
        update={"pins": (Pin.model_validate(pin | {"date": "2026-12-09", "part": "am"}),)}
    )
    roster, _ = planned(instance)
    assert seats(roster) == {"L002"}
    assert [v.date.day for v in roster.visits if v.village == "410105001001"] == [9]
