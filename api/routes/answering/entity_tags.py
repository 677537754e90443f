"""Versions of what is read and changed: ``ETag`` in answers, ``If-Match`` in requests."""

from __future__ import annotations

from typing import Annotated, Protocol, TypeVar

from fastapi import Header, Response

from api.http.problems import Problem
from models.messages import issue

IfMatch = Annotated[
    str | None, Header(description='读到的版本，如 "3" / the version that was read')
]


def version_of(if_match: str | None) -> int:
    """Return the version that a request was made for.

    Raises
    ------
    Problem
        ``if-match-required`` without one; ``changed-meanwhile`` for what is no version of ours.
    """
    if if_match is None:
        raise Problem("if-match-required", issue("if_match_missing"))
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem("changed-meanwhile", issue("version_unknown"))
    return int(text)


def version_if_given(if_match: str | None) -> int | None:
    """Return the version that a request was made for, none where it names none."""
    return None if if_match is None else version_of(if_match)


class Versioned(Protocol):
    """What has a version."""

    @property
    def version(self) -> int:
        """Counts changes."""


V = TypeVar("V", bound=Versioned)


def tagged(response: Response, shown: V) -> V:
    """Say which version is shown, and show it."""
    tag(response, shown.version)
    return shown


def tag(response: Response, version: int) -> None:
    """Say which version an answer shows."""
    response.headers["ETag"] = f'"{version}"'
