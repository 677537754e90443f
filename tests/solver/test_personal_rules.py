"""Rules about one person's month, asked of the whole command: solve, check, candidates, repair."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cache
from typing import Any

from models.instance import Instance, RuleSetting
from models.report import UnmetKind
from models.roster import Roster
from solver.changes.absence import Absence
from solver.changes.candidates import rank_slot
from solver.changes.repair import repair
from solver.limits import Limits
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.profiles import load_rules
from solver.solve import Outcome, solve
from solver.verify import verify

ONE = dt.timedelta(days=1)
LOOSE = {"monthly_cap.turns": 30, "monthly_cap.half_days": 60, "weekly_cap.turns": 7}


def rules(**numbers: Any) -> tuple[Rule, ...]:
    """Return the default rules without caps on turns, with numbers of others (``rule__field``)."""
    named = LOOSE | {name.replace("__", "."): value for name, value in numbers.items()}
    pairs = [(*name.split("."), str(value)) for name, value in named.items()]
    return load_rules("default", [RuleSetting(rule=r, field=f, value=v) for r, f, v in pairs])


def hotline(people: int, **tables: Any) -> Instance:
    """Return a line that somebody answers every morning of the first half of December."""
    point = {"lon": 113.6, "lat": 34.7}
    days = "、".join(f"2026-12-{day:02d}" for day in range(1, 16))
    post = {"id": "P", "site": "H", "name": "热线", "kind": "hotline", "mode": "on_call"}
    person = {"kind": "lawyer", "area": "A", "monthly_hours": 184, "is_adviser": False}
    content = {
        "settings": {"month": "2026-12"},
        "areas": [{"id": "A", "name": "甲", "level": "county", **point}],
        "sites": [{"id": "H", "name": "热线", "kind": "hotline", "area": "A", **point}],
        "posts": [post | {"recurrence": days, "holiday": "keep", "parts": ["am"]}],
        "people": [{"id": f"L{n}", "name": f"例{n}"} | person for n in range(people)],
    }
    return Instance.model_validate(content | tables)


@cache
def planned(people: int, most: int) -> Outcome:
    return solve(
        hotline(people), rules(days_in_a_row__most=most), limits=Limits(deterministic=True)
    )


def days_of(roster: Roster) -> dict[str, set[dt.date]]:
    days: dict[str, set[dt.date]] = defaultdict(set)
    for duty in roster.duties:
        days[duty.person].add(duty.date)
    return days


def longest(days: set[dt.date]) -> int:
    """Return the length of the longest run of days."""
    begins = [day for day in days if day - ONE not in days]
    return max(next(n for n in range(1, 40) if day + n * ONE not in days) for day in begins)


def test_two_people_share_a_line_that_one_may_not_sit_day_after_day() -> None:
    outcome = planned(2, 3)
    assert outcome.report.unmet == ()
    assert max(longest(days) for days in days_of(outcome.roster).values()) <= 3


def test_one_person_alone_leaves_every_third_day_empty_and_the_reason_is_named() -> None:
    outcome = planned(1, 2)
    assert sum(row.missing for row in outcome.report.unmet) == 5
    assert {row.kind for row in outcome.report.unmet} == {UnmetKind.DUTY}
    assert {r.code for row in outcome.report.unmet for r in row.reasons} == {"days_in_a_row"}


def test_days_settled_in_november_end_a_stretch_in_december() -> None:
    rows = [{"person": "L0", "date": f"2026-11-{day}", "part": "am"} for day in (29, 30)]
    instance = hotline(1, held_around=rows)
    outcome = solve(instance, rules(days_in_a_row__most=2), limits=Limits(deterministic=True))
    assert dt.date(2026, 12, 1) not in days_of(outcome.roster)["L0"]


def test_a_roster_by_hand_that_breaks_the_rule_is_found_out() -> None:
    outcome = planned(2, 3)
    alone = tuple(duty.model_copy(update={"person": "L0"}) for duty in outcome.roster.duties)
    spoiled = outcome.roster.model_copy(update={"duties": alone})
    report = verify(hotline(2), rules(days_in_a_row__most=3), spoiled)
    assert [(breach.rule, breach.amount) for breach in report.hard] == [("days_in_a_row", 12)]


def test_repair_and_candidates_know_the_stretch() -> None:
    """Three people: who would sit a fourth day in a row is no substitute."""
    instance, known = hotline(3), rules(days_in_a_row__most=3)
    roster = solve(instance, known, limits=Limits(deterministic=True)).roster
    gone = roster.duties[6]
    absence = Absence(person=gone.person, first=gone.date, last=gone.date)
    mended = repair(instance, known, roster, absence, today=dt.date(2026, 11, 30))
    assert mended.unmet == ()
    assert max(longest(days) for days in days_of(mended.roster).values()) <= 3
    line = [
        d.model_copy(update={"person": "L0" if d.date.day < 4 else "L1"}) for d in roster.duties
    ]
    facts, slot = Facts(instance, "2026-12"), "P@20261204am"
    spoiled = roster.model_copy(update={"duties": tuple(line)})
    ranking = rank_slot(Reading(facts, spoiled), known, slot)
    assert "L0" not in {row.person for row in ranking.candidates}


def test_bans_tiers_and_limits_hold_in_a_plan() -> None:
    first = {"tier": "first", "weight": 500}
    instance = hotline(
        3,
        wishes=[
            {"person": "L0", "attitude": "barred", "post": "P", "date": "2026-12-02"},
            {"person": "L1", "attitude": "prefer", "date": "2026-12-02"} | first,
            {"person": "L2", "attitude": "avoid", "weekday": 3} | first,
        ],
        limits=[
            {"person": "L2", "most": 3},
            {"kind": "weekends", "most": 1},
        ],
        successions=[{"post": "P", "next_post": "P"}],
    )
    outcome = solve(instance, rules(), limits=Limits(deterministic=True))
    days = days_of(outcome.roster)
    assert dt.date(2026, 12, 2) in days["L1"]
    assert not {day for day in days["L2"] if day.isoweekday() == 3}
    assert len(days["L2"]) <= 3
    assert max(longest(own) for own in days.values()) == 1
    assert outcome.report.hard == ()


def test_few_people_do_where_that_is_asked() -> None:
    alone = {"fair_share__weight": 0, "spacing__weight": 0}
    asked = rules(fewest_people__asked="true", weekly_cap__turns=5, **alone)
    outcome = solve(hotline(3), asked, limits=Limits(deterministic=True))
    assert outcome.report.unmet == ()
    assert len(days_of(outcome.roster)) == 2


def test_a_post_that_may_stay_empty_takes_nobody_from_one_that_may_not() -> None:
    instance = hotline(1)
    more = instance.posts[0].model_copy(update={"id": "Q", "optional": True})
    both = instance.model_copy(update={"posts": (*instance.posts, more)})
    outcome = solve(both, rules(), limits=Limits(deterministic=True))
    assert outcome.report.unmet == ()
    assert {duty.post for duty in outcome.roster.duties} == {"P"}
    two = both.model_copy(update={"people": hotline(2).people})
    filled = solve(two, rules(), limits=Limits(deterministic=True))
    assert {duty.post for duty in filled.roster.duties} == {"P", "Q"}
