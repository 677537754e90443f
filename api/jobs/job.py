"""Job: the public state of one job, made from its DBOS workflow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dbos import WorkflowStatus
from dbos import WorkflowStatusString as Status
from pydantic import BaseModel, ConfigDict, SerializeAsAny

from api.jobs.contract.order import JobOrder
from api.jobs.contract.verdict import JobEnd, State
from api.jobs.kinds import read_order
from models.issues import Issue
from models.messages import issue

WORKFLOW = "zhiban.job"
APPLICATION = "zhiban"
VERSION = "jobs-1"
"""Raised when jobs begun by an older worker can no longer be finished by a newer one."""

EVENTS = "events"
"""Key of the DBOS stream that holds a job's events."""


class Job(BaseModel):
    """One job as its owner sees it. Times are UTC."""

    model_config = ConfigDict(frozen=True)

    id: str
    owner: str
    order: SerializeAsAny[JobOrder]
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
        order=read_order(status.input["args"][0]),
        created=_moment(status.created_at) or dt.datetime.now(dt.UTC),
        started=_moment(status.dequeued_at),
        ended=_moment(status.completed_at),
        **verdict.model_dump(),
    )


def is_cancel_asked(status: WorkflowStatus | None) -> bool:
    """Whether the job has been cancelled."""
    if status is None:
        return True
    return status.status == Status.CANCELLED.value or bool((status.attributes or {}).get("cancel"))


def _verdict(status: WorkflowStatus) -> JobEnd:
    match status.status:
        case Status.SUCCESS.value:
            output: Any = status.output
            return JobEnd.model_validate(output)
        case Status.ENQUEUED.value | Status.DELAYED.value:
            return JobEnd(state=State.QUEUED)
        case Status.PENDING.value:
            cancelling = is_cancel_asked(status)
            return JobEnd(state=State.CANCELLING if cancelling else State.RUNNING)
        case Status.CANCELLED.value:
            return JobEnd(state=State.CANCELLED)
        case Status.MAX_RECOVERY_ATTEMPTS_EXCEEDED.value:
            return JobEnd(state=State.FAILED, issues=(issue("job_died"),))
        case _:
            return JobEnd(state=State.FAILED, issues=(issue("job_broken"),))


def _moment(milliseconds: int | None) -> dt.datetime | None:
    if milliseconds is None:
        return None
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
