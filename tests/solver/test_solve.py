"""solve(): shortages, priorities, pins, waivers, stages, repetition, proof and interruption."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from models.goals import Goal
from models.instance import Instance, RuleSetting
from models.issues import InputError
from models.report import Level, Report, Status, Unmet, UnmetKind
from models.roster import Roster, slot_id
from models.vocabulary import PinKind
from scenarios.generator.catalogue import load
from solver.limits import Limits
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import PairRule, Rule
from solver.profiles import load_rules
from solver.solve import Outcome, Stage, solve
from solver.verify import explainer, verify
from tests.factories import tiny_content, tiny_instance
from tests.solver.rich_instance import rich_instance

RULES = load_rules("default")
REPEATABLE = Limits(deterministic=True)
NEAR = {
    "id": "A",
    "name": "示例乡",
    "level": "township",
    "terrain": "country",
    "lon": 113,
    "lat": 34,
}


def one_township(
    people: list[dict[str, Any]], villages: list[dict[str, Any]], **tables: Any
) -> Instance:
    """Return an instance of one township; everybody is a lawyer at the place, V0 the first village."""
    usual = {"kind": "lawyer", "area": "A"}
    rows = [usual | {"name": f"例{person['id']}"} | person for person in people]
    places = [
        {"id": f"V{n}", "name": f"示例村{n}", "area": "A"} | row for n, row in enumerate(villages)
    ]
    content = {"areas": [NEAR], "people": rows, "villages": places} | tables
    return Instance.model_validate(content)


def advisers(outcome: Outcome) -> dict[str, str]:
    return {seat.village: seat.person for seat in outcome.roster.advisers}


def unmet(outcome: Outcome, kind: UnmetKind) -> dict[str, Unmet]:
    return {row.target: row for row in outcome.report.unmet if row.kind is kind}


@pytest.fixture(scope="module")
def rich() -> Outcome:
    return solve(rich_instance(), RULES, limits=REPEATABLE)


@pytest.fixture(scope="module")
def gongshan() -> Outcome:
    return solve(load("township"), RULES, limits=REPEATABLE)


@pytest.fixture(scope="module")
def short() -> tuple[Instance, Outcome]:
    """One lawyer and a mediator for everything the tiny instance asks for."""
    people = [row for row in tiny_content()["people"] if row["id"] in ("L001", "M001")]
    instance = tiny_instance(people=people)
    capped = load_rules("default", [RuleSetting(rule="monthly_cap", field="turns", value="6")])
    return instance, solve(instance, capped, limits=REPEATABLE)


def test_shortage_is_listed_and_breaks_no_hard_rule(short):
    _, outcome = short
    assert outcome.report.hard == ()
    assert outcome.report.status is Status.OPTIMAL
    missing = defaultdict(int)
    for row in outcome.report.unmet:
        missing[row.kind] += row.missing
    terms = outcome.report.terms
    assert missing[UnmetKind.DUTY] == terms["head_count"] > 0
    assert missing[UnmetKind.MEDIATOR] == terms["mediators_per_site"] > 0


def test_reasons_of_an_empty_slot_name_everybody_who_does_not_hold_it(short):
    instance, outcome = short
    plan = Reading(Facts(instance, "2026-12"), outcome.roster)
    duties = [row for row in outcome.report.unmet if row.kind is UnmetKind.DUTY]
    assert duties
    for row in duties:
        slot = slot_id(row.target, row.date, row.part)
        others = {p.id for p in instance.people} - {*plan.holders[slot], *plan.standbys[slot]}
        named = [person for reason in row.reasons for person in reason.people]
        assert sorted(named) == sorted(others)
        assert sum(reason.count for reason in row.reasons) == len(others)


def test_reasons_are_grouped_by_cause_in_both_languages(short):
    _, outcome = short
    codes = {reason.code for row in outcome.report.unmet for reason in row.reasons}
    assert {"kinds_admitted", "monthly_cap"} <= codes
    told = {r.zh for row in outcome.report.unmet for r in row.reasons if r.code == "monthly_cap"}
    assert told == {"1 人受“每月值班上限”限制（每人每月值班 6 次，可在“规则调整”修改）"}
    for row in outcome.report.unmet:
        assert [r.count for r in row.reasons] == sorted(
            (r.count for r in row.reasons), reverse=True
        )
        assert all(f"{r.count} " in r.zh and str(r.count) in r.en for r in row.reasons)


def test_of_a_plan_that_leaves_nearly_all_unmet_not_everybody_is_asked(monkeypatch):
    """The pair rules still tell everything; who is left is counted, and one demand is told in full."""
    instance = rich_instance()
    empty = Roster(month="2026-12", instance=instance.content_hash)

    def told(report):
        return [{r.code: r.count for r in row.reasons} for row in report.unmet]

    whole = told(verify(instance, RULES, empty))
    monkeypatch.setattr("solver.answers.explain.ASKED", 20)
    cut = told(verify(instance, RULES, empty))
    by_pair = {rule.code for rule in RULES if isinstance(rule, PairRule)}
    assert len(cut) == len(whole) > 20
    for few, every in zip(cut, whole, strict=True):
        assert sum(few.values()) == sum(every.values())
        assert {c: n for c, n in few.items() if c in by_pair} == {
            c: n for c, n in every.items() if c in by_pair
        }
    assert cut[0] == whole[0]
    assert any("unasked" in few for few in cut)
    assert not any("unasked" in every for every in whole)
    facts = Facts(instance, "2026-12")
    explaining = explainer(facts, RULES, empty)
    explaining.unmet(empty)
    last = explaining.why(Reading(facts, empty), Block.DUTIES, len(facts.slots) - 1)
    assert "unasked" not in {reason.code for reason in last}


def test_villages_without_adviser_name_everybody_refused():
    people = [{"id": "L0", "monthly_hours": 4}, {"id": "N0", "kind": "notary"}]
    outcome = solve(one_township(people, [{}] * 2), RULES, stage=Stage.ADVISERS)
    (row,) = unmet(outcome, UnmetKind.ADVISER).values()
    found = {reason.code: reason.people for reason in row.reasons}
    assert found == {"monthly_hours": ("L0",), "kinds_admitted": ("N0",)}


def test_priority_village_is_served_first_when_people_are_short():
    villages = [{"priority": 2 * (n == 3)} for n in range(5)]
    outcome = solve(one_township([{"id": "L0", "monthly_hours": 4}], villages), RULES)
    assert advisers(outcome) == {"V3": "L0"}
    assert [visit.village for visit in outcome.roster.visits] == ["V3"]
    assert set(unmet(outcome, UnmetKind.ADVISER)) == {"V0", "V1", "V2", "V4"}


def test_villages_keep_their_adviser_though_another_is_fairer():
    people = [{"id": "L0"}, {"id": "L1"}]
    kept = [{"adviser": "L0"}] * 4
    outcome = solve(one_township(people, kept), RULES, stage=Stage.ADVISERS)
    assert set(advisers(outcome).values()) == {"L0"}
    gone = [people[0] | {"active_to": "2026-11-30"}, people[1]]
    outcome = solve(one_township(gone, kept), RULES, stage=Stage.ADVISERS)
    assert set(advisers(outcome).values()) == {"L1"}
    assert {(row.before, row.after) for row in outcome.report.differences} == {("L0", "L1")}


def test_six_villages_of_one_person_are_on_the_waiver_list():
    outcome = solve(one_township([{"id": "L0"}], [{}] * 6), RULES, stage=Stage.ADVISERS)
    assert len(advisers(outcome)) == 6
    (waiver,) = outcome.report.waivers
    assert (waiver.rule, waiver.subject, waiver.amount) == ("villages_per_adviser", "L0", 1)
    outcome = solve(one_township([{"id": "L0"}], [{}] * 5), RULES, stage=Stage.ADVISERS)
    assert outcome.report.waivers == ()


def test_fixed_pins_are_kept(rich):
    plan = Reading(Facts(rich_instance(), "2026-12"), rich.roster)
    pins = rich_instance().pins
    assert {pin.kind for pin in pins} > {PinKind.DUTY, PinKind.STANDBY, PinKind.MEDIATOR}
    assert [pin for pin in pins if not plan.has(pin)] == []


def test_pins_that_contradict_each_other_are_refused_with_both_languages():
    pin = {"kind": "duty", "person": "L001", "date": "2026-12-01", "part": "am"}
    pins = [pin | {"target": "Z000-咨询"}, pin | {"target": "Z001-咨询"}]
    with pytest.raises(InputError) as error:
        solve(tiny_instance(pins=pins), RULES)
    (issue,) = error.value.issues
    assert (issue.code, issue.value.split()[-1]) == ("pin_breaks_rule", "例甲")
    assert "同一时间只在一处" in issue.zh
    assert "one place at a time" in issue.en


def test_pin_that_nobody_offers_is_refused():
    pin = {"kind": "duty", "target": "Z000-咨询", "person": "L001", "part": "night"}
    with pytest.raises(InputError) as error:
        solve(tiny_instance(pins=[pin | {"date": "2026-12-01"}]), RULES)
    assert [issue.code for issue in error.value.issues] == ["pin_no_slot"]
    assert "岗位的日期规律和时段：工作日 上午、下午" in error.value.issues[0].zh


def test_pin_that_no_rule_breaks_and_nobody_offers_is_refused():
    pin = {"kind": "visit", "target": "410105001001", "person": "L001", "part": "night"}
    rules = [rule for rule in RULES if rule.level is not Level.HARD or rule.code == "pins"]
    with pytest.raises(InputError) as error:
        solve(tiny_instance(pins=[pin | {"date": "2026-12-01"}]), rules)
    (issue,) = error.value.issues
    assert (issue.code, issue.value) == ("pin_not_possible", "走访 12月1日夜间 示例一社区 例甲")


def test_what_is_frozen_stays_empty_and_says_so():
    days = [f"2026-12-{day:02}" for day in range(1, 31)]
    pins = [{"kind": "duty", "target": "Z000-咨询", "date": "2026-12-01", "part": "am"}]
    pins += [{"kind": "visit", "date": day} for day in days]
    outcome = solve(tiny_instance(pins=pins), RULES)
    slots = {duty.slot for duty in outcome.roster.duties}
    assert "Z000-咨询@20261201am" not in slots
    assert "Z000-咨询@20261201pm" in slots
    assert {visit.date for visit in outcome.roster.visits} == {dt.date(2026, 12, 31)}
    first = ("Z000-咨询", dt.date(2026, 12, 1), "am")
    (duty,) = (u for u in outcome.report.unmet if (u.target, u.date, u.part) == first)
    assert [(r.code, r.zh) for r in duty.reasons] == [("pins", "已冻结，不再安排")]
    visits = [u for u in outcome.report.unmet if u.kind is UnmetKind.VISIT]
    assert {u.reasons[0].code for u in visits} <= {"pins"}
    checked = verify(tiny_instance(pins=pins), RULES, outcome.roster)
    assert (checked.hard, checked.unmet) == ((), outcome.report.unmet)


def test_pinned_visit_seats_its_visitor():
    pin = {"kind": "visit", "target": "410105001001", "person": "L003", "part": "pm"}
    outcome = solve(tiny_instance(pins=[pin | {"date": "2026-12-02"}]), RULES)
    assert advisers(outcome)["410105001001"] == "L003"
    (visit,) = (v for v in outcome.roster.visits if v.village == "410105001001")
    assert (visit.date, visit.part) == (dt.date(2026, 12, 2), "pm")


def test_stage_advisers_plans_seats_only():
    report = solve(tiny_instance(), RULES, stage=Stage.ADVISERS).report
    assert {goal.stage for goal in report.goals} == {"seats"}
    assert {row.kind for row in report.unmet} <= {UnmetKind.ADVISER, UnmetKind.MEDIATOR}


def test_stage_month_takes_the_present_advisers():
    content = tiny_content()["villages"]
    villages = [content[0] | {"adviser": "L002"}, *content[1:]]
    outcome = solve(tiny_instance(villages=villages), RULES, stage=Stage.MONTH)
    assert advisers(outcome) == {content[0]["id"]: "L002"}
    assert {visit.village for visit in outcome.roster.visits} == {content[0]["id"]}
    missing = unmet(outcome, UnmetKind.VISIT)
    assert set(missing) == {row["id"] for row in content[1:]}
    assert {r.code for row in missing.values() for r in row.reasons} == {"no_adviser"}
    assert outcome.roster.mediators == ()


@pytest.mark.parametrize("name", ["rich", "gongshan"])
def test_every_goal_is_proven_and_the_terms_are_the_models_own(name, request):
    report: Report = request.getfixturevalue(name).report
    assert report.status is Status.OPTIMAL
    assert [(g.name, g.bound) for g in report.goals] == [(g.name, g.value) for g in report.goals]
    assert {g.gap for g in report.goals} == {0}
    values, priced = defaultdict(int), defaultdict(int)
    for goal in report.goals:
        values[goal.name] += goal.value
    for rule in RULES:
        priced[rule.rung.value] += rule.weight * report.terms.get(rule.code, 0)
    assert {n: v for n, v in priced.items() if v} == {n: v for n, v in values.items() if v}


def test_goals_are_climbed_in_the_order_of_the_ladder(rich):
    order = [goal.value for goal in Goal]
    places = [(g.stage == "month", order.index(g.name)) for g in rich.report.goals]
    assert places == sorted(places)


def test_same_input_gives_the_same_roster_twice(rich, gongshan):
    assert solve(rich_instance(), RULES, limits=REPEATABLE).roster == rich.roster
    assert solve(load("township"), RULES, limits=REPEATABLE).roster == gongshan.roster


def test_another_process_gives_the_same_roster(rich):
    code = """
from solver.limits import Limits
from solver.profiles import load_rules
from solver.solve import solve
from tests.solver.rich_instance import rich_instance
outcome = solve(rich_instance(), load_rules("default"), limits=Limits(deterministic=True))
print(outcome.roster.model_dump_json())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert Roster.model_validate_json(done.stdout) == rich.roster


def test_progress_tells_better_values_and_ends_where_the_report_does():
    steps = []
    outcome = solve(rich_instance(), RULES, limits=REPEATABLE, on_progress=steps.append)
    for goal in outcome.report.goals:
        mine = [s for s in steps if (s.stage, s.goal.value) == (goal.stage, goal.name)]
        assert all(later.value <= earlier.value for earlier, later in pairwise(mine))
        assert all(step.bound <= goal.value + 1e-6 for step in mine)
        assert mine[-1].value == goal.value


def test_interrupted_solve_returns_the_best_roster_so_far(rich):
    def stop(step: Any) -> None:
        if (step.stage, step.goal) == ("month", Goal.FAIRNESS):
            raise KeyboardInterrupt

    outcome = solve(rich_instance(), RULES, limits=REPEATABLE, on_progress=stop)
    assert outcome.report.status is Status.INTERRUPTED
    assert outcome.report.hard == ()
    reached = {(g.stage, g.name) for g in outcome.report.goals}
    assert ("month", "coverage") in reached
    assert ("month", "preference") not in reached
    assert outcome.report.kpis["duty_coverage_percent"] == rich.report.kpis["duty_coverage_percent"]


def test_month_with_a_guessed_calendar_says_so():
    assert solve(tiny_instance(), RULES, month="2027-01").report.estimated_days is True
    assert solve(tiny_instance(), RULES).report.estimated_days is False


@pytest.mark.parametrize(
    "empty", [{"people": []}, {"posts": []}, {"villages": []}, {"sites": [], "posts": []}]
)
def test_instance_without_a_table_is_planned(empty):
    outcome = solve(tiny_instance(**empty), RULES)
    assert outcome.report.status is Status.OPTIMAL
    assert outcome.report.hard == ()


def test_empty_instance_gives_an_empty_roster():
    outcome = solve(Instance(), RULES)
    assert outcome.report.status is Status.OPTIMAL
    assert outcome.report.unmet == ()
    assert outcome.roster == Roster(month="2026-12", instance=Instance().content_hash)


def test_court_that_asks_for_a_mediator_gets_one():
    court = {"id": "K", "name": "示例法院", "kind": "court", "area": "A", "mediators_min": 1}
    people = [{"id": "M0", "kind": "mediator"}]
    outcome = solve(one_township(people, [], sites=[court]), RULES)
    assert [(seat.site, seat.person) for seat in outcome.roster.mediators] == [("K", "M0")]
    outcome = solve(one_township([{"id": "L0"}], [], sites=[court]), RULES)
    (row,) = unmet(outcome, UnmetKind.MEDIATOR).values()
    assert [(r.code, r.people) for r in row.reasons] == [("kinds_admitted", ("L0",))]


def test_rule_switched_off_or_without_a_number_is_not_in_the_terms():
    off: list[Rule] = [rule for rule in RULES if rule.code != "travel_minutes"]
    facts = Facts(tiny_instance(), "2026-12")
    asked = {rule.code for rule in off if rule.applies_to(facts)}
    assert "days_in_a_row" in {rule.code for rule in off} - asked
    assert set(solve(tiny_instance(), off).report.terms) == asked
