"""Whom a plan calls on, and where: tiers of people, and mediators by need."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from models.instance import RuleSetting
from solver.profiles import load_rules
from solver.solve import Stage, solve
from tests.factories import tiny_content, tiny_instance

RULES = load_rules("default")


def of(kind: str, count: int, area: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {"id": f"{kind[0].upper()}{area[-1]}{n}", "name": f"例{n}", "kind": kind, "area": area}
        | more
        for n in range(count)
    ]


def turns(*, lawyers: int, volunteers: int) -> Counter[str]:
    """Return who holds the 23 mornings of December at a post open to lawyers and volunteers."""
    post = tiny_content()["posts"][0] | {"parts": ["am"], "kinds": ["lawyer", "volunteer"]}
    people = of("lawyer", lawyers, "410105001") + of("volunteer", volunteers, "410105001")
    instance = tiny_instance(people=people, posts=[post], villages=[], firms=[])
    capped = load_rules("default", [RuleSetting(rule="monthly_cap", field="turns", value="6")])
    roster = solve(instance, capped, stage=Stage.MONTH).roster
    return Counter(duty.person[0] for duty in roster.duties)


@pytest.mark.parametrize(
    ("lawyers", "volunteers", "held"),
    [(4, 3, {"L": 23}), (3, 3, {"L": 18, "V": 5}), (0, 4, {"V": 23})],
)
def test_volunteers_serve_only_what_lawyers_cannot(lawyers, volunteers, held):
    assert turns(lawyers=lawyers, volunteers=volunteers) == held


def seats(count: int, **needs: Any) -> Counter[str]:
    """Return how many mediators each site gets; a centre asks for 3, each of two stations for 2."""
    content = tiny_content()
    villages = [v | needs.get(f"v{v['id'][8]}", {}) for v in content["villages"]]
    people = of("mediator", count, "410105001") + of("lawyer", 2, "410105001")
    instance = tiny_instance(people=people, villages=villages, firms=[], posts=[])
    roster = solve(instance, RULES, stage=Stage.ADVISERS).roster
    return Counter(seat.site for seat in roster.mediators)


MANY = {"demand": {"family": 40}}
FEW = {"demand": {"family": 1}}


@pytest.mark.parametrize(
    ("count", "needs", "found"),
    [
        (7, {"v1": FEW, "v2": MANY}, {"Z000": 3, "Z001": 2, "Z002": 2}),
        (10, {"v1": FEW, "v2": MANY}, {"Z000": 3, "Z001": 2, "Z002": 5}),
        (10, {"v1": MANY, "v2": FEW}, {"Z000": 3, "Z001": 5, "Z002": 2}),
        (3, {"v1": FEW, "v2": MANY}, {"Z002": 2, "Z001": 1}),
        (2, {"v1": {"priority": 1}, "v2": FEW}, {"Z001": 2}),
    ],
)
def test_mediators_go_where_the_need_is(count, needs, found):
    assert seats(count, **needs) == found


def test_a_committee_gets_a_woman_or_its_lack_is_listed():
    site = tiny_content()["sites"][1] | {"kind": "committee", "mixed_area": True}
    men = of("mediator", 5, "410105001", gender="male")
    women = of("mediator", 1, "410105002", gender="female")
    outcome = solve(
        tiny_instance(people=men + women, sites=[site], villages=[], posts=[], firms=[]),
        RULES,
        stage=Stage.ADVISERS,
    )
    seated = {seat.person for seat in outcome.roster.mediators}
    assert len(seated) == 3
    assert "M20" in seated
    assert [(u.kind.value, u.zh) for u in outcome.report.unmet] == [
        ("committee", f"{site['name']}缺少数民族成员")
    ]
