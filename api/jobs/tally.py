"""Job counts for monitoring: how many wait and run, and how they ended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from dbos import WorkflowStatus, WorkflowStatusString
from sqlalchemy.exc import IntegrityError

from api.jobs.contract.kind import FILES, QUESTIONS, SOLVES
from api.jobs.database import ENDED

WAITING, RUNNING, GIVEN_UP = "waiting", "running", "given_up"
_STATES = {
    WorkflowStatusString.ENQUEUED.value: WAITING,
    WorkflowStatusString.DELAYED.value: WAITING,
    WorkflowStatusString.PENDING.value: RUNNING,
    WorkflowStatusString.MAX_RECOVERY_ATTEMPTS_EXCEEDED.value: GIVEN_UP,
}
STATUSES = [*_STATES]
"""Those of DBOS that are no end, and the one of jobs that workers died with too often."""
UNFINISHED_STATUSES = [status for status, state in _STATES.items() if state != GIVEN_UP]
WAITING_STATUSES = [status for status, state in _STATES.items() if state == WAITING]
QUEUES = (SOLVES, FILES, QUESTIONS)


@dataclass(frozen=True)
class Numbers:
    """How many jobs there are by queue and state, and since when the oldest waits (seconds).

    ``ended`` counts by kind and state since the queue was made; it never falls.
    """

    now: Counter[tuple[str, str]]
    oldest_waiting: dict[str, float]
    ended: dict[tuple[str, str], int]


def numbers(statuses: Iterable[WorkflowStatus], ended: dict[tuple[str, str], int]) -> Numbers:
    """Return the numbers of the jobs that have not ended, and of those that have."""
    now = Counter({(queue, state): 0 for queue in QUEUES for state in _STATES.values()})
    oldest = dict.fromkeys(QUEUES, 0.0)
    moment = dt.datetime.now(dt.UTC).timestamp()
    for status in statuses:
        queue, state = status.queue_name or FILES, _STATES[status.status]
        now[queue, state] += 1
        if state == WAITING and status.created_at is not None:
            age = max(0.0, moment - status.created_at / 1000)
            oldest[queue] = max(age, oldest[queue])
    return Numbers(now, oldest, ended)


def count_ended(engine: sa.Engine, kind: str, state: str) -> None:
    """Count a job that has ended."""
    same = sa.and_(ENDED.c.kind == kind, ENDED.c.state == state)
    more = sa.update(ENDED).where(same).values(count=ENDED.c.count + 1)
    with engine.begin() as c:
        if c.execute(more).rowcount:
            return
    try:
        with engine.begin() as c:
            c.execute(sa.insert(ENDED).values(kind=kind, state=state, count=1))
    except IntegrityError:  # another process inserted the row at the same moment
        with engine.begin() as c:
            c.execute(more)


def ended(engine: sa.Engine) -> dict[tuple[str, str], int]:
    """Return how many jobs have ended, by kind and state."""
    with engine.connect() as c:
        rows = c.execute(sa.select(ENDED.c.kind, ENDED.c.state, ENDED.c.count))
        return {(kind, state): count for kind, state, count in rows}
