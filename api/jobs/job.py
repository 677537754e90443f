"""Job: what is told about one job, made from its DBOS workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dbos import WorkflowStatus
from pydantic import BaseModel, ConfigDict

from api.jobs import refusals
from api.jobs.orders import ORDERS, Order
from models.issues import Issue
from models.vocabulary import Term

WORKFLOW = "zhiban.job"
APPLICATION = "zhiban"
VERSION = "jobs-1"
"""Raised when jobs begun by an older worker can no longer be finished by a newer one."""

SOLVES, FILES, QUESTIONS = "solves", "files", "questions"
"""The queues: a short import never waits behind a long solve, no solve behind a longer what-if."""

EVENTS = "events"
"""Key of the DBOS stream that holds a job's events."""


class State(Term):
    """Where a job stands."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    CANCELLING = "cancelling", "正在取消"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"
    FAILED = "failed", "失败"

    @property
    def is_final(self) -> bool:
        """Whether nothing changes any more."""
        return self in (State.DONE, State.CANCELLED, State.FAILED)


class Verdict(BaseModel):
    """How a job ended, and what it left in the results."""

    model_config = ConfigDict(frozen=True)

    state: State = State.DONE
    has_plan: bool = False
    instance: str = ""
    file: str = ""
    counts: dict[str, int] = {}
    issues: tuple[Issue, ...] = ()


class Job(BaseModel):
    """One job as its owner sees it. Times are UTC."""

    model_config = ConfigDict(frozen=True)

    id: str
    owner: str
    order: Order
    state: State
    created: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None
    has_plan: bool
    instance: str
    file: str
    counts: dict[str, int]
    issues: tuple[Issue, ...]


def job_of(status: WorkflowStatus) -> Job:
    """Return the job that a workflow is; inputs and outputs must have been loaded."""
    verdict = _verdict(status)
    assert status.input is not None
    return Job(
        id=status.workflow_id,
        owner=status.authenticated_user or "",
        order=ORDERS.validate_python(status.input["args"][0]),
        created=_moment(status.created_at) or dt.datetime.now(dt.UTC),
        started=_moment(status.dequeued_at),
        ended=_moment(status.completed_at),
        **verdict.model_dump(),
    )


def is_cancel_asked(status: WorkflowStatus | None) -> bool:
    """Whether somebody wants the job to end."""
    if status is None:
        return True
    return status.status == "CANCELLED" or bool((status.attributes or {}).get("cancel"))


def _verdict(status: WorkflowStatus) -> Verdict:
    match status.status:
        case "SUCCESS":
            output: Any = status.output
            return Verdict.model_validate(output)
        case "ENQUEUED" | "DELAYED":
            return Verdict(state=State.QUEUED)
        case "PENDING":
            cancelling = is_cancel_asked(status)
            return Verdict(state=State.CANCELLING if cancelling else State.RUNNING)
        case "CANCELLED":
            return Verdict(state=State.CANCELLED)
        case "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
            return Verdict(state=State.FAILED, issues=(refusals.died(),))
        case _:
            return Verdict(state=State.FAILED, issues=(refusals.broken(),))


def _moment(milliseconds: int | None) -> dt.datetime | None:
    if milliseconds is None:
        return None
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
