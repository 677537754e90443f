"""zhiban and the baselines on one instance in one run: same rules, same limit, same judge.

Every contender is a whole command of its own. Its roster is read by ``zhiban verify``; goals are
priced from the amounts that check finds, weight × amount by rung, whoever made the plan.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.history import Contest, Origin
from benchmarks.measure import BREACHED, GOOD, Effort, Plan, hard_breaches
from benchmarks.timed import Timed, timed
from models.goals import LADDER
from models.instance import Instance
from models.report import Level
from models.roster import Roster
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule
from solver.modelling.rule import Rule
from solver.profiles import load_rules

ALL, ADVISERS = "all", "advisers"
BASELINES = {"by-hand": ALL, "highs": ALL, "cp-sat": ALL, "vroom": ADVISERS}
"""Baselines with the part of the plan they make."""


def contest(instance: Instance, size: str, effort: Effort) -> Iterator[list[Contest]]:
    """Yield each contender's rows, zhiban first, as soon as they are known."""
    with tempfile.TemporaryDirectory() as folder:
        judge = _Judge(instance, size, effort, Path(folder))
        for part in (ALL, ADVISERS):
            yield judge.zhiban(part)
        for name, part in BASELINES.items():
            yield judge.baseline(name, part)


def priced(rules: Iterable[Rule], terms: dict[str, int]) -> dict[str, int]:
    """Return weight × amount of each goal that has a rule, first goal first."""
    priced_rules = [rule for rule in rules if rule.level is not Level.HARD]
    rungs = {rule.rung for rule in priced_rules}
    return {
        goal.value: sum(r.weight * terms.get(r.code, 0) for r in priced_rules if r.rung is goal)
        for goal in LADDER
        if goal in rungs
    }


class _Judge:
    """Runs contenders on one instance and prices what they planned."""

    def __init__(self, instance: Instance, size: str, effort: Effort, folder: Path) -> None:
        self._rules = load_rules(instance.settings.profile, instance.rules)
        self._origin = Origin.of(instance, size, effort.seed, effort.workers).model_dump()
        self._effort = effort
        self._folder = folder
        self._plan = Plan(instance, folder)

    def zhiban(self, part: str) -> list[Contest]:
        """Run zhiban on everything, or on the standing seats alone."""
        effort = Effort(self._effort.seed, self._effort.seconds, self._effort.workers, stage=part)
        self._plan.out = self._folder / f"zhiban-{part}"
        done = self._plan.solve(effort)
        report = self._plan.report
        phases = report["seconds"] if report else {}
        spent = sum(phases.get(phase, 0.0) for phase in ("build", "solve"))
        return self._rows("zhiban", part, done, self._plan.out, spent)

    def baseline(self, name: str, part: str) -> list[Contest]:
        """Run a baseline as a command of its own."""
        out = self._folder / name
        words = ("-m", "benchmarks.baselines", name, str(self._plan.file), str(out))
        done = timed([*words, f"{self._effort.seconds:g}"])
        seconds = out / "seconds.json"
        spent = json.loads(seconds.read_text(encoding="utf-8")) if seconds.exists() else None
        return self._rows(name, part, done, out, spent)

    def _rows(
        self, name: str, part: str, done: Timed, out: Path, spent: float | None
    ) -> list[Contest]:
        common: dict[str, Any] = self._origin | {
            "contender": name,
            "part": part,
            "status": "planned",
            "limit_seconds": self._effort.seconds,
            "plan_seconds": spent if spent is None else round(spent, 3),
            "whole_seconds": round(done.seconds, 3),
            "peak_memory_mb": done.peak_memory_mb,
        }
        if done.code not in (GOOD, BREACHED) or not (out / "roster.json").exists():
            last = (done.out.strip().splitlines() or [""])[-1][:80]
            return [Contest(**common | {"status": last or f"exit {done.code}"})]
        verified = self._plan.verify(_only(part, out / "roster.json"), part)
        common |= {"hard_breaches": hard_breaches(verified), "unmet": _unmet(verified, part)}
        goals = priced(self._judged_by(part), verified["terms"])
        return [Contest(**common, rung=rung, value=value) for rung, value in goals.items()]

    def _judged_by(self, part: str) -> list[Rule]:
        """Return the rules that judge a part; demands for more than seats do not judge seats."""
        if part == ALL:
            return list(self._rules)
        seats = frozenset({Block.ADVISERS})
        return [
            r
            for r in self._rules
            if seats <= r.blocks and (r.blocks == seats or not isinstance(r, DemandRule))
        ]


def _only(part: str, file: Path) -> Path:
    """Return the roster to judge: all of it, or a copy with its advisers only."""
    if part == ALL:
        return file
    roster = Roster.model_validate_json(file.read_text(encoding="utf-8"))
    bare = Roster(month=roster.month, instance=roster.instance, advisers=roster.advisers)
    copy = file.with_name("advisers.json")
    copy.write_text(bare.model_dump_json(), encoding="utf-8")
    return copy


def _unmet(verified: dict[str, Any], part: str) -> int:
    kinds = {"adviser"} if part == ADVISERS else None
    found = [u for u in verified["unmet"] if kinds is None or u["kind"] in kinds]
    return sum(unmet["missing"] for unmet in found)
