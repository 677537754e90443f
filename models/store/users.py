"""Users, and their attempts to sign in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer

from models.store.access_tables import LoginAttempt, User
from models.store.clock import now
from models.store.log import record


def put_user(session: Session, user: User, *, by: str, why: str = "") -> None:
    """Keep a new user, or change the one of that name; ``password_hash`` none leaves his as it is.

    The caller gives the argon2 hash, never a password.
    """
    found = get_user(session, user.name)
    before = _rights(found) if found else None
    if found is None:
        user.created_at = now()
        session.add(user)
    else:
        for name in ("role", "area", "person", "firm", "disabled_at"):
            setattr(found, name, getattr(user, name))
        found.password_hash = user.password_hash or found.password_hash
    session.flush()
    record(
        session,
        "put_user",
        f"user:{user.name}",
        by=by,
        why=why,
        before=before,
        after=_rights(user),
    )


def get_user(session: Session, name: str) -> User | None:
    """Return a user with his password hash, none if nobody has the name."""
    return session.get(User, name, options=[undefer(User.password_hash)])


def disable_user(session: Session, name: str, *, by: str, why: str = "") -> bool:
    """Keep a user out, tokens and all, and return whether he was let in until now."""
    found = get_user(session, name)
    if found is None or found.disabled_at is not None:
        return False
    found.disabled_at = now()
    record(session, "disable_user", f"user:{name}", by=by, why=why)
    return True


def record_attempt(session: Session, name: str, source: str, *, success: bool) -> None:
    """Keep one attempt to sign in.

    Parameters
    ----------
    source
        Where it came from, for example a network address.
    """
    session.add(LoginAttempt(name=name[:80], source=source[:80], at=now(), success=success))


def failures_since(
    session: Session,
    since: dt.datetime,
    *,
    name: str | None = None,
    source: str | None = None,
) -> int:
    """Return how many attempts failed since ``since``: under a name after its last success."""
    query = select(func.count()).where(LoginAttempt.at >= since, LoginAttempt.success.is_(False))
    if source is not None:
        query = query.where(LoginAttempt.source == source)
    if name is not None:
        last = select(func.max(LoginAttempt.id)).where(
            LoginAttempt.name == name, LoginAttempt.success.is_(True)
        )
        after = func.coalesce(last.scalar_subquery(), 0)
        query = query.where(LoginAttempt.name == name, LoginAttempt.id > after)
    return session.scalar(query) or 0


def forget_attempts(session: Session, before: dt.datetime) -> None:
    """Delete attempts older than ``before``: they are needed for as long as they count."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < before))


def _rights(user: User) -> dict[str, Any]:
    return {
        "role": user.role.value,
        "area": user.area,
        "person": user.person,
        "firm": user.firm,
        "disabled": user.disabled_at is not None,
    }
