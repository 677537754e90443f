"""Siting of village stations: the best of all sitings, a whole city, and the reasons given."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest

from models.instance import Instance, RuleSetting
from models.report import Status
from models.roster import Roster
from scenarios.generator.generate import generate
from solver.answers.why import Why
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.rule import Rule
from solver.modelling.siting import station_choices
from solver.modelling.stages import seats_model
from solver.profiles import load_rules
from solver.solve import Stage, solve
from solver.verify import explainer, verify

RULES = load_rules("suzhou")
SITING = tuple(rule for rule in RULES if rule.blocks == {Block.STATIONS})
MINUTE = 4 / 60 / 6371.0088 * 180 / 3.141592653589793
"""Degrees of latitude walked in a minute at 4 km/h."""

Siting = dict[int, int | None]
Village = tuple[str, int, int]
"""Township, minutes up the road, consultations a month."""


def road(villages: list[Village], sites: dict[int, tuple[int, ...]]) -> Instance:
    """Return made-up villages along one road; ``sites`` maps hosts to their other villages."""
    towns = sorted({town for town, _, _ in villages})
    places: dict[str, Any] = {"lon": 120.6}
    return Instance.model_validate(
        {
            "settings": {"month": "2026-12", "circuity": 1, "walk_kmh": 4},
            "areas": [{"id": t, "name": f"示例{t}镇", "level": "township"} for t in towns],
            "villages": [
                {"id": f"V{n}", "name": f"示例{n}村", "area": town, "demand": {"family": matters}}
                | places
                | {"lat": 31 + at * MINUTE}
                for n, (town, at, matters) in enumerate(villages)
            ],
            "sites": [
                {"id": f"W{host}", "name": f"示例{host}站", "kind": "workroom", "area": "A"}
                | {"villages": [f"V{host}", *(f"V{n}" for n in others)]}
                for host, others in sites.items()
            ],
        }
    )


def every_siting(villages: list[Village]) -> Iterator[Siting]:
    """Yield every set of open stations, with every way to share them or to stay without."""
    numbers = range(len(villages))
    for size in range(len(villages) + 1):
        for opened in combinations(numbers, size):
            rest = [n for n in numbers if n not in opened]
            near = [[None, *(w for w in opened if reaches(villages[n], villages[w]))] for n in rest]
            for taken in product(*near):
                yield dict(zip(opened, opened, strict=True)) | dict(zip(rest, taken, strict=True))


def reaches(one: Village, other: Village) -> bool:
    """Say whether two villages lie in one township, half an hour apart or less."""
    return one[0] == other[0] and abs(one[1] - other[1]) <= 30


def costs(
    villages: list[Village], sites: dict[int, tuple[int, ...]], siting: Siting
) -> tuple[int, ...] | None:
    """Return mobile points, villages over three, stations lost and minutes; None if too few matters."""
    users: dict[int, list[int]] = {}
    for n, host in siting.items():
        if host is not None:
            users.setdefault(host, []).append(n)
    if any(sum(villages[n][2] for n in own) < 3 for own in users.values()):
        return None
    over = sum(max(0, len(own) - 3) for own in users.values())
    lost = sum(siting[n] != host for host, more in sites.items() for n in (host, *more))
    way = sum(
        abs(villages[n][1] - villages[host][1]) * villages[n][2]
        for host, own in users.items()
        for n in own
    )
    return list(siting.values()).count(None), over, lost, way


def siting_of(roster: Roster) -> Siting:
    """Return the numbers of the villages and of their hosts."""
    return {
        int(row.village[1:]): int(row.host[1:]) if row.host else None for row in roster.stations
    }


@pytest.mark.parametrize("seed", range(8))
def test_siting_is_the_best_of_all(seed):
    draw = random.Random(seed)
    villages = [
        (draw.choice("AAAB"), draw.randint(0, 50 + 10 * (seed % 3)), draw.choice((1, 1, 1, 2, 4)))
        for _ in range(7)
    ]
    sites = {0: (1,), 2: ()}
    outcome = solve(road(villages, sites), SITING, stage=Stage.ADVISERS)
    tried = (costs(villages, sites, siting) for siting in every_siting(villages))
    best = min(found for found in tried if found is not None)
    assert costs(villages, sites, siting_of(outcome.roster)) == best
    assert outcome.report.status is Status.OPTIMAL


def test_fourth_village_is_waived_rather_than_left_to_a_mobile_point():
    villages = [("A", 10, 3), ("A", 10, 1), ("A", 10, 1), ("A", 10, 0), ("A", 60, 1)]
    outcome = solve(road(villages, {0: ()}), SITING, stage=Stage.ADVISERS)
    assert siting_of(outcome.roster) == {0: 0, 1: 0, 2: 0, 3: 0, 4: None}
    assert [(b.rule, b.subject, b.amount) for b in outcome.report.waivers] == [
        ("villages_per_station", "V0", 1)
    ]
    found = outcome.report.kpis
    names = ("fixed_stations", "villages_sharing", "mobile_points", "most_walk_minutes")
    assert [found[name] for name in names] == [1, 3, 1, 0]


def lines_about(village: str, villages: list[Village], rules: tuple[Rule, ...]) -> list[str]:
    """Return what is said of a village before the other advisers are spoken of."""
    instance = road(villages, {})
    roster = solve(instance, rules, stage=Stage.ADVISERS).roster
    facts = Facts(instance, roster.month)
    why = Why(facts, rules, roster, explainer(facts, rules, roster))
    said = [line.zh for line in why.village(village)]
    return said[1 : said.index("其他人：")]


def test_village_is_told_its_station_or_what_stands_in_its_way():
    villages = [("A", 0, 5), ("A", 12, 2), ("A", 60, 2), ("B", 62, 9)]
    assert lines_about("V0", villages, SITING) == [
        "固定站设在本村，覆盖 2 个村居：示例0村、示例1村"
    ]
    assert lines_about("V1", villages, SITING) == ["共用示例0村的固定站，步行 12 分钟"]
    assert lines_about("V2", villages, SITING) == [
        "没有固定站，设流动服务点",
        "  示例2村固定站每月 2 件，至少 3 件",
        "  2 个村居步行太远",
    ]


def test_stations_are_planned_only_where_a_rule_asks_for_them():
    instance = generate("320505", "T", 1)
    facts, default = Facts(instance, "2026-12"), load_rules("default")
    assert Block.STATIONS not in seats_model(facts, default).choices
    plain = solve(instance, default, stage=Stage.ADVISERS)
    assert plain.roster.stations == ()
    assert "fixed_stations" not in plain.report.kpis
    asked = load_rules("default", [RuleSetting(rule="station_cover", field="weight", value="1")])
    sited = solve(instance, asked, stage=Stage.ADVISERS)
    assert {row.village for row in sited.roster.stations} == {v.id for v in instance.villages}
    assert sited.roster.advisers == plain.roster.advisers


def test_station_made_by_hand_across_a_border_is_found():
    instance = road([("A", 0, 5), ("B", 5, 5)], {})
    roster = solve(instance, SITING, stage=Stage.ADVISERS).roster
    rows = tuple(row.model_copy(update={"host": "V0"}) for row in roster.stations)
    report = verify(instance, SITING, roster.model_copy(update={"stations": rows}))
    assert [(b.rule, b.subject, b.amount) for b in report.hard] == [("station_host", "V1", 1)]


@pytest.mark.slow
def test_city_is_sited_with_proof():
    """2,232 villages; only pairs of the same township are ever looked at."""
    instance = generate("3205", "L", 1)
    bare = instance.model_copy(update={"people": (), "posts": (), "pairs": (), "pins": ()})
    towns: dict[str, int] = {}
    for village in instance.villages:
        towns[village.area] = towns.get(village.area, 0) + 1
    facts = Facts(bare, "2026-12")
    assert len(station_choices(facts)) == sum(count**2 for count in towns.values())
    outcome = solve(bare, SITING, stage=Stage.ADVISERS)
    gaps = {goal.name: goal.gap for goal in outcome.report.goals}
    assert list(gaps) == ["coverage", "waivable", "stability", "travel"]
    assert (gaps["coverage"], gaps["waivable"]) == (0, 0)
    assert max(gaps.values()) < 0.01
    assert outcome.report.hard == ()
    assert len(outcome.roster.stations) == len(instance.villages)
