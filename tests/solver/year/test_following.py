"""Several months in a row: seats once, visits, lectures and turns month by month."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from models.instance import Instance
from models.roster import Roster
from solver.limits import Limits
from solver.profiles import load_rules
from solver.solve import solve
from solver.verify import verify
from solver.year.following import following
from tests.factories import tiny_content, tiny_instance

RULES = load_rules("default")
LIMITS = Limits(seconds=20, deterministic=True)


def planned(instance: Instance, months: int) -> list[Roster]:
    """Plan month after month; each is checked against its own instance."""
    rosters = []
    for _ in range(months):
        roster = solve(instance, RULES, limits=LIMITS).roster
        assert verify(instance, RULES, roster).hard == ()
        rosters.append(roster)
        instance = following(instance, roster).instance
    return rosters


def office(**changes: dict[str, Any]) -> Instance:
    """Return the tiny office with changes of people, by id."""
    people = [p | changes.get(p["id"], {}) for p in tiny_content()["people"]]
    return tiny_instance(people=people, posts=tiny_content()["posts"][1:2])


def seats(roster: Roster) -> dict[str, str]:
    return {seat.village: seat.person for seat in roster.advisers}


def test_seats_stay_and_lectures_come_once_a_quarter() -> None:
    rosters = planned(office(), 4)
    assert [roster.month for roster in rosters] == ["2026-12", "2027-01", "2027-02", "2027-03"]
    assert all(seats(roster) == seats(rosters[0]) for roster in rosters)
    assert all(roster.mediators == rosters[0].mediators for roster in rosters)
    assert [len(roster.visits) for roster in rosters] == [4] * 4
    quarter = Counter(v.village for roster in rosters[1:] for v in roster.visits if v.lecture)
    assert set(quarter.values()) == {1}
    assert len(quarter) == 4


def test_turns_are_shared_over_the_months() -> None:
    turns = Counter(duty.person for roster in planned(office(), 3) for duty in roster.duties)
    assert max(turns.values()) - min(turns.values()) <= 1


@pytest.mark.parametrize("leaves", ["2026-12-31", "2027-01-01", "2027-01-31"])
def test_a_replacement_touches_the_villages_of_who_left_alone(leaves: str) -> None:
    before = planned(office(), 1)[0]
    gone = before.advisers[0].person
    rosters = planned(office(**{gone: {"active_to": leaves}}), 3)
    first, last = seats(rosters[0]), seats(rosters[-1])
    changed = {village for village in first if first[village] != last[village]}
    assert changed == {village for village, person in first.items() if person == gone}
    assert gone not in last.values()
    assert len(last) == 4


def test_the_year_turns() -> None:
    instance = office()
    assert following(instance, Roster(month="2026-12")).instance.settings.month == "2027-01"
    assert following(instance, Roster(month="2027-02")).instance.settings.month == "2027-03"
