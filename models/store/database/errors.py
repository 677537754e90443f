"""What the store refuses; the sentences are in ``models/messages/store.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from models.issues import InputError, Issue
from models.messages import issue
from models.vocabulary import Part


class StoreError(InputError):
    """The store refused or failed; nothing was written.

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
    """Not in the store; ``code`` says what was looked for."""

    def __init__(self, code: str, key: object) -> None:
        super().__init__(issue(code, value=str(key)))


class StaleError(StoreError):
    """Somebody else changed it since it was read."""

    def __init__(self, expected: int, actual: int) -> None:
        self.actual = actual
        super().__init__(issue("stale", value=str(expected), version=actual))


class WrongStageError(StoreError):
    """The roster's stage does not allow the action."""

    def __init__(self, code: str) -> None:
        super().__init__(issue(code))


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
        super().__init__(
            issue(
                "clash",
                value=first.person,
                count=len(clashes),
                date=f"{first.date:%Y-%m-%d}",
                part=first.part.label,
                part_en=first.part.value,
                area=first.other_area,
            )
        )


class TakenError(StoreError):
    """Another area's published roster, or another month's, holds the same slots or visits."""

    def __init__(self, count: int, area: str, month: str) -> None:
        super().__init__(issue("taken", value=area, count=count, area=area, month=month))


class DecidedError(StoreError):
    """The request's state does not allow the action: somebody has decided in the meantime."""

    def __init__(self, state_zh: str, state: str) -> None:
        super().__init__(issue("decided", value=state, state=state_zh, state_en=state))


class RepeatedError(StoreError):
    """The same request is already waiting for a decision."""

    def __init__(self) -> None:
        super().__init__(issue("repeated"))


class KeyReusedError(StoreError):
    """An idempotency key was used for another request, or its first use is still in progress."""

    def __init__(self, *, at_work: bool) -> None:
        super().__init__(issue("key_at_work" if at_work else "key_reused"))
