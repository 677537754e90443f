"""Repeated requests: the same request under the same key acts once."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Annotated, NamedTuple, TypeVar

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.access.roles import Actor
from models.store.database.store import Store
from models.store.people.idempotency import KeptResponse, claim, keep_answer

V = TypeVar("V", bound=BaseModel)

KEYS_LIVE = dt.timedelta(days=1)
"""How long a repeated request gets the first answer."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        description="重复提交同一请求时使用同一个键 / the same key for the same request",
    ),
]


class Repeatable(NamedTuple):
    """A request that acts once, however often it is sent under the same key.

    ``about`` tells what it is about besides its body: the path.
    """

    actor: Actor
    key: str | None
    body: BaseModel
    about: str

    def once(self, store: Store, form: type[V], act: Callable[[Session], V]) -> V:
        """Act in one transaction, or return what was answered when this very request came first.

        Raises
        ------
        KeyReusedError
            The key belongs to another request, or the first one is still being worked on.
        """
        with store.begin() as session:
            known = answered_before(session, self.actor, self.key, self.body, self.about)
            if known is not None:
                return form.model_validate_json(known)
            made = act(session)
            keep_answered(session, self.actor, self.key, made)
            return made


def answered_before(
    session: Session, actor: Actor, key: str | None, request: BaseModel, about: str
) -> bytes | None:
    """Return what this very request was answered when it came first; take its key otherwise.

    Raises
    ------
    KeyReusedError
        The key belongs to another request, or the first one is still being worked on.
    """
    if key is None:
        return None
    asked = hashlib.sha256(f"{about}\0{request.model_dump_json()}".encode()).hexdigest()
    found = claim(session, actor.by, key, request_hash=asked, lifetime=KEYS_LIVE)
    return found.body if found else None


def keep_answered(session: Session, actor: Actor, key: str | None, answer: BaseModel) -> None:
    """Keep the answer to a request whose key was taken, in the transaction of its action."""
    if key is not None:
        body = answer.model_dump_json().encode()
        keep_answer(session, actor.by, key, KeptResponse(200, body))


def reissued(
    session: Session, new_hash: str, actor: Actor, key: str | None, request: BaseModel, about: str
) -> str | None:
    """Return the hash of the secret that this very request was given before, none at first.

    A secret is shown once and kept by its hash alone, so a request that comes again gets a new
    one; its hash is kept here for the next time.
    """
    before = answered_before(session, actor, key, request, about)
    keep_answered(session, actor, key, _Secret(hash=new_hash))
    return None if before is None else _Secret.model_validate_json(before).hash


class _Secret(BaseModel):
    hash: str


def job_id(actor: Actor, key: str | None) -> str:
    """Return the id of the job that a request makes: one of its own, or that of its key."""
    if key is None:
        return str(uuid.uuid4())
    return hashlib.sha256(f"{actor.user}\0{key}".encode()).hexdigest()[:32]
