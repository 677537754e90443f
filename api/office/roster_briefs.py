"""What a list says of each roster: how it ended, what it breaks and leaves empty, its goals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from models.goals import GoalResult
from models.report import Status
from models.store.database.store import Store
from models.store.plans.roster_queries import get_report
from models.store.tables.plan_tables import RosterRecord

KEPT = 2000
"""Briefs kept in memory, some hundred bytes each; a report takes up to some megabytes."""


@dataclass(frozen=True)
class RosterBrief:
    """The few figures of a report by which plans are told apart."""

    status: Status
    hard: int
    waived: int
    unmet: int
    seed: int
    profile: str
    goals: tuple[GoalResult, ...]


class RosterBriefs:
    """Reads briefs; a report stays the same while version and check do."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read = lru_cache(maxsize=KEPT)(self._brief)

    def of(self, record: RosterRecord) -> RosterBrief:
        """Return the brief of a roster."""
        return self._read(record.id, record.version, record.is_checked)

    def _brief(self, roster: int, version: int, is_checked: bool) -> RosterBrief:
        with self._store.read() as session:
            report = get_report(session, roster)
        return RosterBrief(
            status=report.status,
            hard=len(report.hard),
            waived=len(report.waivers),
            unmet=sum(one.missing for one in report.unmet),
            seed=report.seed,
            profile=report.profile,
            goals=report.goals,
        )
