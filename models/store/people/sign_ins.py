"""Browsers that have signed in, failed sign-ins, and sign-ins under way at a provider.

Secrets come here as hashes. Each action is one short step of the caller's transaction.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.store.tables.access_tables import BrowserSession, Device, Handshake, SignInFailures

KEPT_DAYS = 400
"""Days after which a browser that has not come back is forgotten."""


def end_session(session: Session, token_hash: str) -> None:
    """Forget a browser's session."""
    session.execute(delete(BrowserSession).where(BrowserSession.token_hash == token_hash))


def end_sessions_of(session: Session, user: str) -> None:
    """Forget every session of a user."""
    session.execute(delete(BrowserSession).where(BrowserSession.user == user))


def forget_devices_of(session: Session, user: str) -> None:
    """Forget every browser that has signed in to an account."""
    session.execute(delete(Device).where(Device.user == user))


def touch_session(session: Session, token_hash: str, seen_at: dt.datetime) -> None:
    """Say when a session was last used; one that has ended stays ended."""
    found = BrowserSession.token_hash == token_hash
    session.execute(update(BrowserSession).where(found).values(seen_at=seen_at))


def swap_failures(
    session: Session,
    key: str,
    old: tuple[int, dt.datetime | None],
    new: tuple[int, dt.datetime | None],
) -> bool:
    """Write the count and time of failures under a key if they are still ``old``; say whether.

    No row is the same as none failed.
    """
    same = (SignInFailures.key == key, SignInFailures.count == old[0])
    last = SignInFailures.last_at.is_not_distinct_from(old[1])
    values = {"count": new[0], "last_at": new[1]}
    if session.execute(
        update(SignInFailures).where(*same, last).values(values).returning(SignInFailures.key)
    ).first():
        return True
    if old != (0, None):
        return False
    try:
        with session.begin_nested():
            session.execute(insert(SignInFailures).values(key=key, **values))
    except IntegrityError:
        return False
    return True


def take_handshake(session: Session, state_hash: str) -> Handshake | None:
    """Return a handshake and forget it, so that no second call gets it."""
    found = Handshake.state_hash == state_hash
    return session.scalars(delete(Handshake).where(found).returning(Handshake)).one_or_none()


def forget_old(session: Session, at: dt.datetime, *, session_hours: float) -> None:
    """Delete expired rows: ended sessions, old failures, handshakes, unused browsers."""
    hours = dt.timedelta(hours=1)
    for column, age in (
        (BrowserSession.opened_at, session_hours * hours),
        (SignInFailures.last_at, 24 * hours),
        (Handshake.opened_at, hours),
        (Device.seen_at, dt.timedelta(days=KEPT_DAYS)),
    ):
        session.execute(delete(column.class_).where(column < at - age))
