"""Heartbeats of workers: a silent worker loses its jobs to the others.

A beat is a number that grows. The observer measures silence with its own clock, so that clocks of
different machines are never compared.
"""

from __future__ import annotations

import time
from typing import Annotated

import sqlalchemy as sa
from pydantic import StringConstraints, TypeAdapter

from api.jobs.database import WORKERS

EXECUTOR_IDS: TypeAdapter[str] = TypeAdapter(
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
)
"""What a worker may be called; a folder gets the same name."""


class Leases:
    """The beats of all workers, seen and made by one.

    Parameters
    ----------
    engine
        Of the jobs' database.
    executor
        Who beats.
    lease
        Seconds of silence after which a worker counts as dead.
    """

    def __init__(self, engine: sa.Engine, executor: str, lease: float) -> None:
        self._engine = engine
        self._executor = executor
        self._lease = lease
        self._seen: dict[str, tuple[int, float]] = {}

    def is_taken(self, seconds: float) -> bool:
        """Whether another worker beats under this name; if the name exists, watch it a while."""
        before = self._beats().get(self._executor)
        if before is None:
            return False
        time.sleep(seconds)
        return self._beats().get(self._executor) != before

    def beat(self) -> None:
        """Send a heartbeat."""
        mine = WORKERS.c.executor == self._executor
        with self._engine.begin() as c:
            found = c.execute(sa.update(WORKERS).where(mine).values(beat=WORKERS.c.beat + 1))
            if not found.rowcount:
                c.execute(sa.insert(WORKERS).values(executor=self._executor, beat=1))

    def claim_dead(self) -> list[str]:
        """Return workers that fell silent and whom nobody else has claimed at this moment.

        A claim is itself a beat: should the claimer die too, another claims after a lease.
        """
        now, beats = time.monotonic(), self._beats()
        self._seen = {
            executor: seen
            if (seen := self._seen.get(executor, (0, 0.0)))[0] == beat
            else (beat, now)
            for executor, beat in beats.items()
            if executor != self._executor
        }
        silent = [e for e, (_, since) in self._seen.items() if now - since > self._lease]
        return [executor for executor in silent if self._claim(executor)]

    def forget(self, executor: str) -> None:
        """Remove a dead worker, once its jobs are given to others."""
        with self._engine.begin() as c:
            c.execute(sa.delete(WORKERS).where(self._is_silent(executor, claimed=1)))
        self._seen.pop(executor, None)

    def _claim(self, executor: str) -> bool:
        with self._engine.begin() as c:
            statement = sa.update(WORKERS).where(self._is_silent(executor, claimed=0))
            return bool(c.execute(statement.values(beat=WORKERS.c.beat + 1)).rowcount)

    def _is_silent(self, executor: str, claimed: int) -> sa.ColumnElement[bool]:
        beat = self._seen[executor][0] + claimed
        return sa.and_(WORKERS.c.executor == executor, WORKERS.c.beat == beat)

    def _beats(self) -> dict[str, int]:
        with self._engine.connect() as c:
            return {row.executor: row.beat for row in c.execute(sa.select(WORKERS))}
