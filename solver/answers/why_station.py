"""Explains a village's station: which fixed station serves it, or why a mobile point does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from models.report import Breach, Level, Reason
from models.roster import VillageStation
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.reading import Reading
from solver.modelling.rule import PairRule, Rule

Words = tuple[str, str]
"""One sentence, Chinese and English."""


def station_lines(
    facts: Facts, plan: Reading, model: Model | None, village_id: str
) -> Iterator[Words]:
    """Yield where the station of a village is, or what keeps every possible station from it.

    Without a model there are no reasons: the rules in force plan no stations.
    """
    names = {village.id: village.name for village in facts.villages}
    for host in plan.hosts[village_id]:
        if host == village_id:
            users = plan.users[host]
            listed = "、".join(names[user] for user in users)
            yield (
                f"固定站设在本村，覆盖 {len(users)} 个村居：{listed}",
                f"the fixed station is in the village and covers {len(users)}: {', '.join(users)}",
            )
        else:
            minutes = facts.walk_minutes(village_id, host)
            yield (
                f"共用{names[host]}的固定站，步行 {minutes} 分钟",
                f"shares the fixed station in {names[host]}, {minutes} min on foot",
            )
    if not plan.hosts[village_id]:
        yield "没有固定站，设流动服务点", "no fixed station, a mobile point comes by"
        for reason in station_reasons(facts, plan, model, village_id) if model else ():
            yield f"  {reason.zh}", f"  {reason.en}"


def station_reasons(facts: Facts, plan: Reading, model: Model, village_id: str) -> Iterator[Reason]:
    """Yield why the village has no station of its own, then the other villages by what refuses them."""
    number = facts.village_idx[village_id]
    mine = next(model.candidates(Block.STATIONS, [number]))
    own = (rule for rule in model.rules if Block.STATIONS in rule.blocks)
    binding = [rule for rule in own if rule.level is not Level.SOFT]
    before = {rule: set(rule.check(facts, plan)) for rule in binding}
    found: Counter[Rule | None] = Counter(model.rules[n] for n in mine.refused[mine.refused >= 0])
    for n in np.flatnonzero(mine.refused < 0):
        host = facts.villages[mine.person[n]].id
        rule, breach = _first_broken(facts, _with(plan, village_id, host), before)
        if host == village_id and breach is not None:
            yield Reason(code=breach.rule, count=1, zh=breach.zh, en=breach.en)
        else:
            found[rule] += 1
    for rule, count in found.most_common():
        zh, en = _sentence(rule, count)
        yield Reason(code=rule.code if rule else "spared", count=count, zh=zh, en=en)


def _first_broken(
    facts: Facts, plan: Reading, before: dict[Rule, set[Breach]]
) -> tuple[Rule | None, Breach | None]:
    for rule, known in before.items():
        for breach in rule.check(facts, plan):
            if breach not in known:
                return rule, breach
    return None, None


def _with(plan: Reading, village: str, host: str) -> Reading:
    rows = (*plan.roster.stations, VillageStation(village=village, host=host))
    return Reading(plan.facts, plan.roster.model_copy(update={"stations": rows}))


def _sentence(rule: Rule | None, count: int) -> Words:
    if rule is None:
        return (
            f"{count} 个村居也可以，但总体不如现在的安排",
            f"{count} villages could, but the plan as a whole is better so",
        )
    if isinstance(rule, PairRule):
        return f"{count} 个村居{rule.reason_zh}", f"{count} villages {rule.reason_en}"
    return (
        f"{count} 个村居受“{rule.zh}”限制",
        f"{count} villages are held back by '{rule.en}'",
    )
