from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.baselines import contest as contests
from benchmarks.baselines.by_hand import by_hand
from benchmarks.baselines.contest import contest, priced
from benchmarks.baselines.weighted import plain_cp_sat, plan, weighted_price, whole_highs
from benchmarks.measure import Effort
from benchmarks.timed import timed
from models.goals import LADDER
from models.instance import Instance, RuleSetting
from models.roster import Roster
from solver.check import check
from solver.modelling.facts import Facts
from solver.modelling.stages import seats_model
from solver.profiles import load_rules
from solver.solve import solve
from tests.factories import tiny_content, tiny_instance

RULES = load_rules(
    "default",
    [
        RuleSetting(rule="monthly_cap", field="turns", value="6"),
        RuleSetting(rule="weekly_cap", field="turns", value="2"),
    ],
)
SETTLERS = {"by-hand": by_hand, "highs": whole_highs, "cp-sat": plain_cp_sat}
EAST, WEST = "410105001", "410105002"


def judged(instance: Instance, roster: Roster) -> tuple[int, dict[str, int]]:
    """Return hard breaches and the price of each goal by the independent check."""
    checked = check(Facts(instance, roster.month), RULES, roster)
    hard = sum(breach.level == "hard" for breach in checked.breaches)
    return hard, priced(RULES, checked.terms)


def seats(roster: Roster) -> dict[str, str]:
    return {seat.village: seat.person for seat in roster.advisers}


def lawyers(*points: tuple[str, float, float], **changes: Any) -> list[dict[str, Any]]:
    """Return lawyers by id and base."""
    usual = tiny_content()["people"][0] | {"firm": None, "is_duty": False} | changes
    return [usual | {"id": name, "name": name, "lon": x, "lat": y} for name, x, y in points]


@pytest.mark.parametrize("name", SETTLERS)
def test_baseline_breaks_no_hard_rule(name):
    instance = tiny_instance()
    hard, values = judged(instance, plan(instance, RULES, 5, SETTLERS[name]))
    assert hard == 0
    assert values["coverage"] == judged(instance, solve(instance, RULES).roster)[1]["coverage"]


def test_both_engines_find_the_same_least_sum():
    model = seats_model(Facts(tiny_instance(), "2026-12"), RULES)
    matrix, price = model.matrix(), weighted_price(model)
    found = [settle(model, matrix, 10) for settle in (plain_cp_sat, whole_highs)]
    assert all(values is not None and matrix.admits(values) for values in found)
    assert int(price @ found[0]) == int(price @ found[1])


def test_check_prices_a_plan_as_the_ladder_does():
    outcome = solve(tiny_instance(), RULES)
    reached: dict[str, int] = {}
    for goal in outcome.report.goals:
        reached[goal.name] = reached.get(goal.name, 0) + goal.value
    values = judged(tiny_instance(), outcome.roster)[1]
    assert {name: value for name, value in values.items() if value} == {
        name: value for name, value in reached.items() if value
    }


def test_clerk_gives_each_village_to_the_nearest():
    people = lawyers(("LE", 113.69, 34.78), ("LW", 113.77, 34.84))
    instance = tiny_instance(people=people, posts=[], sites=[])
    assert seats(plan(instance, RULES, 5, by_hand)) == {
        f"{EAST}001": "LE",
        f"{EAST}002": "LE",
        f"{WEST}001": "LW",
        f"{WEST}002": "LW",
    }


def test_clerk_does_not_look_ahead():
    # village by village the near one is full when the far village comes
    people = lawyers(("LE", 113.69, 34.78), villages_max=1)
    people += lawyers(("LW", 113.77, 34.84), villages_max=3)
    instance = tiny_instance(people=people, posts=[], sites=[])
    assert seats(plan(instance, RULES, 5, by_hand))[f"{EAST}002"] == "LW"


def test_clerk_passes_a_cap_that_holds_in_principle_before_leaving_a_village_empty():
    people = lawyers(("LE", 113.69, 34.78), villages_max=1, monthly_hours=150)
    instance = tiny_instance(people=people, posts=[], sites=[])
    roster = plan(instance, RULES, 5, by_hand)
    assert len(seats(roster)) == 4
    hard, values = judged(instance, roster)
    # three villages beyond the cap of one, and 0 + 1 + 2 for their being one person's
    assert (hard, values["coverage"], values["overload"]) == (0, 0, 6)


def test_clerk_fills_slots_by_date_and_stops_at_the_caps():
    # the nearest sits Tuesday 1 and Thursday 3, the most of a week, until six turns are reached
    people = lawyers(("LE", 113.69, 34.78), is_duty=True, is_adviser=False)
    instance = tiny_instance(
        people=people, villages=[], posts=[tiny_content()["posts"][1]], pins=[]
    )
    roster = plan(instance, RULES, 5, by_hand)
    assert [duty.date.day for duty in roster.duties] == [1, 3, 8, 10, 15, 17]


@pytest.mark.slow
def test_contest_judges_every_contender_alike(monkeypatch):
    monkeypatch.setattr(contests, "BASELINES", {"by-hand": "all"})
    found = list(contest(tiny_instance(), "tiny", Effort(seconds=5)))
    names = [(rows[0].contender, rows[0].part) for rows in found]
    assert names == [("zhiban", "all"), ("zhiban", "advisers"), ("by-hand", "all")]
    assert [(rows[0].status, rows[0].hard_breaches) for rows in found] == [("planned", 0)] * 3
    ours, seats_alone, clerk = ([row.rung for row in rows] for rows in found)
    assert ours == clerk == [goal.value for goal in LADDER]
    assert set(seats_alone) < set(ours)
    assert all(row.whole_seconds > (row.plan_seconds or 0) > 0 for rows in found for row in rows)


def test_failed_baseline_says_why_in_one_line(tmp_path):
    file = tmp_path / "input.json"
    file.write_text(json.dumps(tiny_content()), encoding="utf-8")
    code = (
        "import sys; sys.modules['vroom'] = None; sys.argv = ['x', 'vroom', *sys.argv[1:]]; "
        "import runpy; runpy.run_module('benchmarks.baselines', run_name='__main__')"
    )
    done = timed(["-c", code, str(file), str(tmp_path / "out"), "5"])
    assert done.code == 1
    assert done.out.count("\n") == 1
    assert "vroom" in done.out


class TestVroom:
    @pytest.fixture(autouse=True)
    def _needs_vroom(self) -> None:
        pytest.importorskip("vroom", reason="the extra 'bench' is not installed")

    def advisers(self, instance: Instance) -> dict[str, str]:
        from benchmarks.baselines.routed import advisers_by_vroom

        return seats(advisers_by_vroom(instance, RULES, 5))

    def test_least_travel_within_the_caps_is_found(self):
        # the clerk's trap: one place near, so the far village of the east goes to the west
        people = lawyers(("LE", 113.69, 34.78), villages_max=1)
        people += lawyers(("LW", 113.77, 34.84), villages_max=3)
        instance = tiny_instance(people=people, posts=[], sites=[])
        facts = Facts(instance, "2026-12")
        found = self.advisers(instance)
        assert sorted(found.values()) == ["LE", "LW", "LW", "LW"]
        (kept,) = [village for village, person in found.items() if person == "LE"]
        saved = {
            v.id: facts.minutes("LW", n) - facts.minutes("LE", n)
            for n, v in enumerate(facts.villages)
        }
        assert saved[kept] == max(saved.values())

    def test_refused_pairs_are_not_taken(self):
        people = lawyers(("LE", 113.69, 34.78)) + lawyers(
            ("LW", 113.77, 34.84), serves_areas=[WEST]
        )
        conflict = {"person": "LE", "village": f"{EAST}001"}
        instance = tiny_instance(people=people, posts=[], sites=[], conflicts=[conflict])
        assert f"{EAST}001" not in self.advisers(instance)

    def test_hours_bound_the_seats(self):
        people = lawyers(("LE", 113.69, 34.78), monthly_hours=10)
        instance = tiny_instance(people=people, posts=[], sites=[])
        assert len(self.advisers(instance)) == 2

    def test_priority_villages_come_first_when_hours_are_short(self):
        people = lawyers(("LE", 113.69, 34.78), monthly_hours=7)
        villages = tiny_content()["villages"]
        villages[3]["priority"] = 1
        instance = tiny_instance(people=people, posts=[], sites=[], villages=villages)
        assert list(self.advisers(instance)) == [f"{WEST}002"]

    def test_matrices_that_do_not_fit_are_refused(self, monkeypatch):
        from benchmarks.baselines import routed

        monkeypatch.setattr(routed, "MOST_MATRIX_GB", 0.0)
        with pytest.raises(routed.TooLargeError, match="GB"):
            routed.advisers_by_vroom(tiny_instance(), RULES, 5)
