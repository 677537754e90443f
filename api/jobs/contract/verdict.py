"""Verdicts: the state of a job, and how it ended."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from models.issues import Issue
from models.vocabulary import Term


class State(Term):
    """The state of a job."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    CANCELLING = "cancelling", "正在取消"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"
    FAILED = "failed", "失败"

    @property
    def is_final(self) -> bool:
        """Whether the state is final."""
        return self in (State.DONE, State.CANCELLED, State.FAILED)


class JobEnd(BaseModel):
    """How a job ended, and what it kept in the results."""

    model_config = ConfigDict(frozen=True)

    state: State = State.DONE
    has_plan: bool = False
    instance: str = ""
    file: str = ""
    counts: dict[str, int] = {}
    issues: tuple[Issue, ...] = ()
