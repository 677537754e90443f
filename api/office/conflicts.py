"""What an office refuses to do: it does not fit what there is, or was not asked clearly."""

from __future__ import annotations

from models.issues import InputError, Issue
from models.messages import Spot, issue


class ConflictError(InputError):
    """What is asked does not fit what there is by now; nothing was changed."""

    def __init__(self, why: Issue) -> None:
        super().__init__([why])


class UnclearError(ConflictError):
    """It was not said, or not so that it can be done; nothing was changed."""


def refuse_nothing(before: object, after: object) -> None:
    """Refuse a change that changes nothing: no version may rise for it.

    Raises
    ------
    InputError
        There is neither, or both are the same.
    """
    if before == after:
        raise InputError([issue("nothing_changes", Spot("body", "$.after"))])
