"""Nothing falls short in silence: what a demand rule counts as missing is on the list of unmet demand."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.goals import Goal
from models.instance import Instance
from models.report import Unmet, UnmetKind
from models.roster import Roster
from models.vocabulary import SiteKind
from solver.answers.unmet import lacking
from solver.limits import Limits
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.profiles import load_rules, profile_names
from solver.rules import rule_types
from solver.solve import solve
from solver.verify import verify
from tests.api.commands.command import zhiban
from tests.solver.rich_instance import MONTH, scattered_instance

DEMANDS = sorted(code for code, kind in rule_types().items() if issubclass(kind, DemandRule))
RULES = load_rules("suzhou")
EMPTY = Roster(month=MONTH)
TABLES = ("advisers", "mediators", "duties", "visits", "stations")


@cache
def facts() -> Facts:
    """A December that asks for something of every demand rule: a lecture is due in the quarter's last month."""
    rich = scattered_instance()
    committee = {"W": {"kind": SiteKind.COMMITTEE, "mixed_area": True}}
    sites = tuple(site.model_copy(update=committee.get(site.id, {})) for site in rich.sites)
    team = {"P-team": {"languages": ("普通话", "客家话")}}
    posts = tuple(post.model_copy(update=team.get(post.id, {})) for post in rich.posts)
    return Facts(rich.model_copy(update={"sites": sites, "posts": posts}), MONTH)


@cache
def planned() -> Roster:
    return solve(scattered_instance(), RULES, limits=Limits(deterministic=True)).roster


def _short_of(rule: Rule, plan: Reading) -> int:
    """Return what the check says is missing; villages count by themselves, not by priority."""
    found = list(rule.check(plan.facts, plan))
    return sum(1 if rule.goal is Goal.PRIORITY else breach.amount for breach in found)


@pytest.mark.parametrize("profile", profile_names())
def test_whatever_counts_as_coverage_is_a_demand(profile):
    rungs = {
        rule.code for rule in load_rules(profile) if rule.rung in (Goal.PRIORITY, Goal.COVERAGE)
    }
    assert rungs <= set(DEMANDS)


@pytest.mark.parametrize("code", DEMANDS)
def test_a_demand_lists_all_that_an_empty_plan_lacks(code):
    (rule,) = (rule for rule in RULES if rule.code == code)
    plan = Reading(facts(), EMPTY)
    listed = [lack.unmet for lack, by in lacking(plan, [rule], list(Block)) if by is rule]
    assert sum(unmet.missing for unmet in listed) == _short_of(rule, plan) > 0


@given(st.data())
def test_a_demand_lists_all_that_a_plan_with_gaps_lacks(data):
    """A good plan with some of its rows taken out: only too few, never too many."""
    kept = {
        table: tuple(row for row in getattr(planned(), table) if not data.draw(st.booleans()))
        for table in TABLES
        if data.draw(st.booleans())
    }
    plan = Reading(facts(), planned().model_copy(update=kept))
    for rule in RULES:
        if isinstance(rule, DemandRule):
            listed = [lack.unmet.missing for lack in rule.lacking(plan)]
            assert sum(listed) == _short_of(rule, plan), rule.code


def test_every_unmet_demand_has_a_reason_and_a_place_of_its_own():
    report = verify(facts().instance, RULES, EMPTY)
    assert {row.kind for row in report.unmet} == set(UnmetKind)
    keys = [(row.kind, row.target, row.date, row.part) for row in report.unmet]
    assert len(set(keys)) == len(keys)
    assert [row for row in report.unmet if not row.reasons] == []


def county(**tables: Any) -> Instance:
    """A township with a station S and mediators; by default none of them has a speciality."""
    mediator = {"kind": "mediator", "area": "T", "is_adviser": False}
    return Instance.model_validate(
        {
            "settings": {"name": "t", "area": "X", "month": "2026-11"},
            "areas": [
                {"id": "X", "name": "县", "level": "county", "lon": 113.66, "lat": 34.8},
                {"id": "T", "name": "镇", "level": "township", "parent": "X"}
                | {"lon": 113.69, "lat": 34.78},
            ],
            "sites": [site()],
            "posts": [post()],
            "people": [{"id": f"M{n}", "name": f"例{n}"} | mediator for n in range(4)],
        }
        | tables
    )


def site(**more: Any) -> dict[str, Any]:
    usual = {"id": "S", "name": "站", "kind": "station", "area": "T", "mediators_min": 1}
    return usual | {"lon": 113.69, "lat": 34.78} | more


def post(**more: Any) -> dict[str, Any]:
    usual = {"id": "P", "site": "S", "name": "岗", "kind": "mediation", "holiday": "keep"}
    return usual | {"recurrence": "每周三"} | more


def unmet_of(instance: Instance) -> dict[UnmetKind, Unmet]:
    report = solve(instance, load_rules("default"), limits=Limits(deterministic=True)).report
    coverage = sum(goal.value for goal in report.goals if goal.name == Goal.COVERAGE.value)
    assert coverage == sum(row.missing for row in report.unmet)
    return {row.kind: row for row in report.unmet}


@pytest.mark.parametrize(
    ("tables", "kind", "missing", "reason"),
    [
        ({"sites": [site(panels=["medical"])]}, UnmetKind.PANEL, 1, "speciality_panels"),
        ({"sites": [site(panels=["medical", "traffic"])]}, UnmetKind.PANEL, 2, "speciality_panels"),
        ({"posts": []}, UnmetKind.STATION_DUTY, 1, "no_slot"),
        ({"posts": [post(recurrence="每月31日")]}, UnmetKind.STATION_DUTY, 1, "no_slot"),
        ({"posts": [post(recurrence="2026-12-02")]}, UnmetKind.STATION_DUTY, 1, "no_slot"),
    ],
)
def test_what_used_to_fall_short_in_silence_is_listed(tables, kind, missing, reason):
    found = unmet_of(county(**tables))
    assert set(found) == {kind}
    assert found[kind].missing == missing
    assert [r.code for r in found[kind].reasons] == [reason]


def test_a_specialist_elsewhere_is_named():
    """Whoever has the speciality sits at another site, in a seat that is as much worth."""
    sites = [site(panels=["medical"]), site(id="S2", mediators_min=1, panels=["medical"])]
    posts = [post(), post(id="P2", site="S2", recurrence="每周四")]
    people = [p.model_dump(mode="json") for p in county().people]
    people[0]["specialities"] = ["medical"]
    found = unmet_of(county(sites=sites, posts=posts, people=people))
    assert set(found) == {UnmetKind.PANEL}
    others, able = found[UnmetKind.PANEL].reasons
    assert (others.code, others.count) == ("speciality_panels", 3)
    assert (able.code, able.people) == ("one_seat_per_mediator", ("M0",))


def test_a_team_of_the_wrong_kinds_is_listed():
    """Two mediators hold the slot; the notary it asks for does not exist."""
    team = post(
        kind="team", head_count=2, mix={"notary": 1, "mediator": 1}, recurrence="2026-11-04"
    )
    found = unmet_of(county(posts=[team]))
    assert set(found) == {UnmetKind.TEAM}
    assert found[UnmetKind.TEAM].zh == "2026-11-04 上午 站 岗缺公证员 1 人"


@pytest.mark.parametrize(
    ("more", "kind"), [({"head_count": 6}, "duty"), ({"standby": 5}, "standby")]
)
def test_a_slot_that_asks_for_more_people_than_there_are_says_that_all_are_on_it(more, kind):
    """Nobody is refused and nobody is left: who is on it already is the reason."""
    office = county(posts=[post(recurrence="2026-11-04", **more)])
    report = solve(office, load_rules("default"), limits=Limits(deterministic=True)).report
    (row,) = (row for row in report.unmet if row.kind is UnmetKind(kind))
    assert row.missing == 2
    assert [(reason.code, reason.count) for reason in row.reasons] == [("holds", 4)]


def test_an_office_without_people_is_told_so():
    village = {"id": "V", "name": "村", "area": "T", "lon": 113.7, "lat": 34.8}
    office = county(people=[], villages=[village], posts=[post(standby=1)])
    report = solve(office, load_rules("default"), limits=Limits(deterministic=True)).report
    kinds = {UnmetKind.ADVISER, UnmetKind.MEDIATOR, UnmetKind.DUTY, UnmetKind.STANDBY}
    assert {row.kind for row in report.unmet} >= kinds
    assert [row for row in report.unmet if not row.reasons] == []
    (duty, *_) = (row for row in report.unmet if row.kind is UnmetKind.DUTY)
    assert [reason.code for reason in duty.reasons] == ["nobody"]


def test_what_two_rules_ask_for_is_listed_once():
    village = {"id": "V", "name": "村", "area": "T", "priority": 3, "lon": 113.7, "lat": 34.8}
    report = solve(county(villages=[village]), load_rules("default")).report
    kinds = [row.kind for row in report.unmet]
    assert (kinds.count(UnmetKind.ADVISER), kinds.count(UnmetKind.VISIT)) == (1, 1)
    assert {"priority_villages", "one_adviser_per_village"} <= {
        c for c, n in report.terms.items() if n
    }


def test_the_command_fails_on_it(tmp_path):
    file = tmp_path / "in.json"
    file.write_text(county(sites=[site(panels=["medical"])]).model_dump_json(), encoding="utf-8")
    assert zhiban("solve", file, "--out", tmp_path / "out").code == 0
    assert zhiban("solve", file, "--out", tmp_path / "out", "--fail-on-unmet").code == 1
    said = zhiban("verify", file, tmp_path / "out/roster.json", "--fail-on-unmet", "--json")
    assert said.code == 1
    assert [row["kind"] for row in json.loads(said.out)["unmet"]] == ["panel"]
