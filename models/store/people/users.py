"""Users: who may sign in, and as what."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from models.messages import issue
from models.store.database.clock import now
from models.store.database.errors import StoreError
from models.store.database.log import record
from models.store.tables.access_tables import User
from models.store.tables.words import Role


def put_user(session: Session, user: User, *, by: str, why: str = "") -> None:
    """Keep a new user, or change the one of that name; ``password_hash`` none leaves his as it is.

    The caller gives the argon2 hash, never a password.

    Raises
    ------
    StoreError
        ``user_made_meanwhile``: another transaction made a user of that name.
    """
    found = get_user(session, user.name)
    before = _rights(found) if found else None
    if found is None:
        _add(session, user)
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


def _add(session: Session, user: User) -> None:
    user.created_at = now()
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise StoreError(issue("user_made_meanwhile", value=user.name)) from None


def get_user(session: Session, name: str) -> User | None:
    """Return a user with his password hash, none if nobody has the name."""
    return session.get(User, name, options=[undefer(User.password_hash)])


def disable_user(session: Session, name: str, *, by: str, why: str = "") -> bool:
    """Disable a user with all tokens and the password; return whether the user was enabled until now."""
    found = get_user(session, name)
    if found is None or found.disabled_at is not None:
        return False
    found.disabled_at, found.password_hash = now(), None
    record(session, "disable_user", f"user:{name}", by=by, why=why)
    return True


def users_of(
    session: Session,
    *,
    areas: Collection[str] | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[User]:
    """Return the users of some areas (none: of all) by name, those after a name, at most ``limit``."""
    query = select(User).order_by(User.name).limit(limit)
    if areas is not None:
        query = query.where(User.area.in_(areas))
    if after is not None:
        query = query.where(User.name > after)
    return list(session.scalars(query))


def active_bureaus(session: Session) -> list[User]:
    """Return the bureaus that may sign in now."""
    query = select(User).where(User.role == Role.BUREAU, User.disabled_at.is_(None))
    return list(session.scalars(query.order_by(User.name)))


def areas_of_bureaus(session: Session) -> set[str]:
    """Return the areas that have a bureau of their own, whether it may sign in now or not."""
    return set(session.scalars(select(User.area).where(User.role == Role.BUREAU)))


def _rights(user: User) -> dict[str, Any]:
    return {
        "role": user.role.value,
        "area": user.area,
        "person": user.person,
        "firm": user.firm,
        "disabled": user.disabled_at is not None,
    }
