"""What the store refuses, each with its words in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from models.issues import InputError, Issue
from models.vocabulary import Part


class StoreError(InputError):
    """The store did not do what was asked; nothing was written.

    ``issue`` holds a stable code, what is wrong and how to mend it, in Chinese and English.
    """

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        super().__init__([issue])

    def __str__(self) -> str:
        """Return what a terminal shows."""
        return self.issue.lines()

    @property
    def zh(self) -> str:
        """What is wrong, in Chinese."""
        return self.issue.zh

    @property
    def en(self) -> str:
        """What is wrong, in English."""
        return self.issue.en


class UnavailableError(StoreError):
    """The database cannot be reached, read or written; the old data are left as they are."""


class NewerDatabaseError(StoreError):
    """The database was written by a newer version of the program."""


class NotEmptyError(StoreError):
    """A restore would overwrite data."""


class NotFoundError(StoreError):
    """There is no such thing in the store."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(
            Issue(code="not_found", value=str(key), zh=f"没有此{what}", en="there is no such thing")
        )


class StaleError(StoreError):
    """Somebody else changed it since it was read."""

    def __init__(self, expected: int, actual: int) -> None:
        self.actual = actual
        super().__init__(
            Issue(
                code="stale",
                value=str(expected),
                zh=f"内容已被他人修改，现为第 {actual} 版",
                en=f"somebody changed it meanwhile, it is at version {actual}",
                mend_zh="请重新读取后再改",
                mend_en="Read it again, then change it",
            )
        )


class WrongStageError(StoreError):
    """The roster does not stand where the action needs it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(Issue(code="wrong_stage", zh=zh, en=en))


class Clashing(NamedTuple):
    """One person in two places: ``roster`` would be published, ``other`` is."""

    person: str
    date: dt.date
    part: Part
    roster: int
    other: int
    other_area: str


class ClashError(StoreError):
    """People are already booked in published rosters at the same time."""

    def __init__(self, clashes: Sequence[Clashing]) -> None:
        self.clashes = tuple(clashes)
        first = self.clashes[0]
        day = f"{first.date:%Y-%m-%d}"
        super().__init__(
            Issue(
                code="clash",
                value=first.person,
                zh=f"{len(clashes)} 处与其他区划已发布的安排冲突，"
                f"首处：{day} {first.part.label}（区划 {first.other_area}）",
                en=f"{len(clashes)} bookings clash with published rosters of others, "
                f"first: {day} {first.part.value} (area {first.other_area})",
                mend_zh="请换人或改期后再发布",
                mend_en="Change people or dates, then publish",
            )
        )


class TakenError(StoreError):
    """Another area's published roster, or another month's, holds the same slots or visits."""

    def __init__(self, count: int, area: str, month: str) -> None:
        super().__init__(
            Issue(
                code="taken",
                value=area,
                zh=f"{count} 个班次或走访已由区划 {area} 的 {month} 安排发布",
                en=f"{count} slots or visits are published by area {area} for {month}",
                mend_zh="同一岗位或村居只由一个区划排班；岗位编号不得重复",
                mend_en="Plan a post or village in one area alone; give every post its own id",
            )
        )


class DecidedError(StoreError):
    """A request does not stand where the action needs it: somebody has decided meanwhile."""

    def __init__(self, state_zh: str, state: str) -> None:
        super().__init__(
            Issue(
                code="decided",
                value=state,
                zh=f"此申请现为“{state_zh}”，不能这样办理",
                en=f"the request is {state} now; this cannot be done with it",
                mend_zh="请重新读取",
                mend_en="Read it again",
            )
        )


class RepeatedError(StoreError):
    """The same is asked for while the first request still waits."""

    def __init__(self) -> None:
        super().__init__(
            Issue(
                code="repeated",
                zh="同样的申请正在等待办理",
                en="the same request is waiting for an answer",
                mend_zh="请等待答复，或先撤回原申请",
                mend_en="Wait for the answer, or withdraw the first one",
            )
        )


class KeyReusedError(StoreError):
    """An idempotency key came again with another request, or while the first is at work."""

    def __init__(self, *, at_work: bool) -> None:
        super().__init__(
            Issue(
                code="key_at_work" if at_work else "key_reused",
                zh="相同的请求正在处理" if at_work else "同一幂等键用于不同的请求",
                en="the same request is being worked on"
                if at_work
                else "the idempotency key belongs to another request",
                mend_zh="请稍后重试" if at_work else "请换一个键",
                mend_en="Try again later" if at_work else "Use another key",
            )
        )
