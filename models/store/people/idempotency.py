"""Repeated requests: the same key and request get the first answer, and act once."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.store.database.clock import now
from models.store.database.errors import KeyReusedError
from models.store.tables.access_tables import IdempotencyKey


class KeptResponse(NamedTuple):
    """What was answered: HTTP status and body."""

    status: int
    body: bytes


def claim(
    session: Session, user: str, key: str, *, request_hash: str, lifetime: dt.timedelta
) -> KeptResponse | None:
    """Take a key for a request; none means go ahead, an answer means it was done before.

    Take it in the transaction of the action, and ``keep_answer`` there too: where the action
    fails, the key is free again.

    Raises
    ------
    KeyReusedError
        The key belongs to another request, or the same one is being worked on.
    """
    session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.user == user,
            IdempotencyKey.key == key,
            IdempotencyKey.expires_at <= now(),
        )
    )
    found = session.get(IdempotencyKey, (user, key), populate_existing=True)
    if found is None:
        taken = IdempotencyKey(
            user=user, key=key, request_hash=request_hash, expires_at=now() + lifetime
        )
        try:
            with session.begin_nested():
                session.add(taken)
        except IntegrityError:
            # PostgreSQL waits for the other transaction, which has committed its answer now
            found = session.get(IdempotencyKey, (user, key), populate_existing=True)
        else:
            return None
    if found is None or found.request_hash != request_hash:
        raise KeyReusedError(at_work=False)
    if found.status is None or found.body is None:
        raise KeyReusedError(at_work=True)
    return KeptResponse(found.status, found.body)


def keep_answer(session: Session, user: str, key: str, answer: KeptResponse) -> None:
    """Keep the answer to a request whose key was claimed."""
    claimed = session.get_one(IdempotencyKey, (user, key))
    claimed.status, claimed.body = answer


def forget_answers(session: Session) -> None:
    """Delete every answer whose time is over."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at <= now()))
