"""One measurement: plan as a user does, then check with a separate command."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.history import Origin, Run
from benchmarks.timed import ZHIBAN, Timed, timed
from models.formats.write import write_json
from models.instance import Instance

GOOD, BREACHED = 0, 1


@dataclass(frozen=True)
class Effort:
    """How a plan is asked for: seed, seconds of planning, processes, which stage, counties apart."""

    seed: int = 1
    seconds: float = 60
    workers: int = 2
    stage: str = "all"
    is_apart: bool = False

    def words(self) -> tuple[str, ...]:
        """Return the options of the command."""
        return (
            *("--seed", str(self.seed), "--time-limit", f"{self.seconds:g}"),
            *("--workers", str(self.workers), "--stage", self.stage),
            *(("--apart",) if self.is_apart else ()),
        )


class Plan:
    """A planned instance in a folder of its own.

    Parameters
    ----------
    instance
        What to plan; it is written before the clock starts.
    folder
        An empty folder for the input and the results.
    """

    def __init__(self, instance: Instance, folder: Path) -> None:
        self.instance = instance
        self.file, self.out = folder / "input.json", folder / "out"
        write_json(instance, self.file)

    def solve(self, effort: Effort, kill_after: float | None = None) -> Timed:
        """Run ``zhiban solve``, start-up to last file."""
        words = ("solve", str(self.file), "--out", str(self.out), *effort.words())
        return timed([*ZHIBAN, *words], kill_after)

    @property
    def report(self) -> dict[str, Any] | None:
        """The report, None if none was written."""
        path = self.out / "report.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def verify(self, roster: Path | None = None, stage: str = "all") -> dict[str, Any]:
        """Run ``zhiban verify`` on a stage that was planned, or on another roster of the instance.

        Raises
        ------
        RuntimeError
            When the check itself fails.
        """
        words = ("verify", str(self.file), str(roster or self.out / "roster.json"))
        done = timed([*ZHIBAN, *words, "--stage", stage, "--json"])
        if done.code not in (GOOD, BREACHED):
            raise RuntimeError(f"verify: exit {done.code}\n{done.out}")
        found: dict[str, Any] = json.loads(done.out)
        return found


def hard_breaches(verified: dict[str, Any]) -> int:
    """Return how many hard breaches the check found."""
    return sum(breach["level"] == "hard" for breach in verified["breaches"])


def measured(
    instance: Instance, size: str, effort: Effort, kill_after: float | None = None
) -> list[Run]:
    """Plan once in a folder that is thrown away; return a row per goal."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(instance, Path(folder))
        done = plan.solve(effort, kill_after)
        return rows_of(plan, size, effort, done)


def rows_of(plan: Plan, size: str, effort: Effort, done: Timed) -> list[Run]:
    """Return a row per goal of a plan that was made, or one row saying how the command ended."""
    origin = Origin.of(plan.instance, size, effort.seed, effort.workers).model_dump()
    origin |= {"killed": done.killed, "whole_seconds": round(done.seconds, 3)}
    report = plan.report
    if done.code not in (GOOD, BREACHED) or report is None:
        return [Run(**origin, status=f"exit {done.code}", peak_memory_mb=done.peak_memory_mb)]
    origin |= {
        "status": report["status"],
        # a process may peak between two samples; it then knows better
        "peak_memory_mb": max(done.peak_memory_mb, report["peak_memory_mb"]),
        "hard_breaches": hard_breaches(plan.verify(stage=effort.stage)),
    }
    origin |= {f"{phase}_seconds": report["seconds"].get(phase) for phase in PHASES}
    return [Run(**origin, **goal) for goal in goals_of(report)] or [Run(**origin)]


SHORTAGE = "shortage"
PHASES = ("build", "solve", "check", "explain")
"""Phases that the report times."""


GOAL = {
    "stage": "stage",
    "name": "rung",
    "value": "value",
    "bound": "bound",
    "gap": "gap",
    "seconds": "rung_seconds",
}
"""Names of a goal in the report, and what a row calls them."""


def goals_of(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the report proves: its goals, then how many advisers are missing for the cap."""
    goals = [{ours: goal[theirs] for theirs, ours in GOAL.items()} for goal in report["goals"]]
    lack = report.get("shortage")
    if lack:
        proven = {"value": lack["missing"], "bound": lack["missing_bound"], "gap": lack["gap"]}
        goals.append({"stage": SHORTAGE, "rung": "missing", **proven})
    return goals
