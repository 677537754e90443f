"""Summaries of the CSV rows: one line per run, per group of seeds, per contender."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from benchmarks.history import Contest, Run

Item = TypeVar("Item")


def grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[list[Item]]:
    """Return items that share a key together, groups in the order of their first item."""
    groups: dict[Hashable, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def runs_of(rows: Iterable[Run]) -> list[list[Run]]:
    """Return the rows of each whole command."""
    return grouped(rows, lambda r: (*_setting(r), r.date, r.seed, r.whole_seconds))


def _setting(row: Run) -> tuple[Hashable, ...]:
    return row.size, row.workers, row.killed > 0, row.commit, row.machine


@dataclass(frozen=True)
class Summary:
    """All runs of one size with the same workers, commit and machine."""

    rows: tuple[Run, ...]

    @property
    def first(self) -> Run:
        """A row that stands for what all have in common."""
        return self.rows[0]

    @property
    def runs(self) -> list[list[Run]]:
        """The rows of each whole command."""
        return runs_of(self.rows)

    @property
    def seeds(self) -> int:
        """How many seeds were run."""
        return len({row.seed for row in self.rows})

    @property
    def seconds(self) -> float:
        """Median of the whole commands."""
        return median(run[0].whole_seconds for run in self.runs)

    @property
    def memory_mb(self) -> float:
        """Most memory of any run."""
        return max(row.peak_memory_mb for row in self.rows)

    @property
    def failed(self) -> int:
        """Runs that ended without a plan."""
        return sum(not run[0].rung for run in self.runs)

    @property
    def hard_breaches(self) -> int:
        """Hard breaches of all runs."""
        return sum(run[0].hard_breaches or 0 for run in self.runs)

    def gap(self, stage: str) -> float | None:
        """Return the largest gap of any goal of a stage, None if no run reached it."""
        return max(
            (r.gap for r in self.rows if r.stage == stage and r.gap is not None), default=None
        )

    def reached(self, stage: str) -> bool:
        """Say whether every run has a goal of this stage; a failed run has none."""
        return all(stage in {row.stage for row in run} for run in self.runs)

    def phase(self, name: str) -> float | None:
        """Return the median seconds of a phase of the report."""
        known = [getattr(run[0], f"{name}_seconds") for run in self.runs]
        return median(s for s in known if s is not None) if any(known) else None


def summaries(rows: Iterable[Run]) -> list[Summary]:
    """Return one summary per size, workers, killed or not, commit and machine."""
    return [Summary(tuple(group)) for group in grouped(rows, _setting)]


def latest(rows: Sequence[Run]) -> list[Summary]:
    """Return the newest summary of each size, workers, killed or not; files are in order of time."""
    newest: dict[Hashable, Summary] = {}
    for summary in sorted(summaries(rows), key=lambda s: max(row.date for row in s.rows)):
        newest[_setting(summary.first)[:3]] = summary
    order = list(dict.fromkeys(_setting(row)[:3] for row in rows))
    return [newest[key] for key in order]


def last_contests(rows: Sequence[Contest]) -> list[list[Contest]]:
    """Return the rows of the newest plan of each contender, by size, seed and part."""
    plans: dict[Hashable, list[Contest]] = {}
    for plan in grouped(rows, lambda r: (r.size, r.seed, r.part, r.contender, r.date, r.commit)):
        first = plan[0]
        plans[first.size, first.seed, first.part, first.contender] = plan
    flat = [row for plan in plans.values() for row in plan]
    return grouped(flat, lambda r: (r.size, r.seed, r.part))
