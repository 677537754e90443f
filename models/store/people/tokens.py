"""Tokens of programs and of calendars, known here by their SHA-256 alone.

A token is found by the hash of what was presented, so neither the time of the search nor the
table tells anything about a secret; unknown, revoked and expired ones look the same.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.store.database.clock import now
from models.store.database.log import record
from models.store.tables.access_tables import ApiToken, User
from models.store.tables.feed_tables import FeedToken
from models.store.tables.words import FeedKind


def keep_feed_token(
    session: Session, token_hash: str, kind: FeedKind, target: str, name: str, *, by: str
) -> None:
    """Let a token open one calendar, which clients show under ``name``."""
    session.add(
        FeedToken(
            hash=token_hash,
            kind=kind,
            target=target,
            name=name[:200],
            created_at=now(),
            created_by=by,
        )
    )
    record(session, "issue_feed_token", f"feed:{kind.value}:{target}", by=by)


def feed_of_token(session: Session, token_hash: str) -> FeedToken | None:
    """Return which calendar a token opens, none for an unknown or revoked one."""
    found = session.get(FeedToken, token_hash)
    return found if found is not None and found.revoked_at is None else None


def feed_tokens(session: Session, kind: FeedKind, target: str) -> list[FeedToken]:
    """Return the tokens that open one calendar now, oldest first."""
    query = select(FeedToken).where(
        FeedToken.kind == kind, FeedToken.target == target, FeedToken.revoked_at.is_(None)
    )
    return list(session.scalars(query.order_by(FeedToken.created_at, FeedToken.hash)))


def feed_token(session: Session, link: str) -> FeedToken | None:
    """Return a token that opens a calendar now, by the first 16 digits of its hash."""
    same = FeedToken.hash.between(link, f"{link}g")  # no digit of a hash is as high
    query = select(FeedToken).where(same, FeedToken.revoked_at.is_(None))
    return session.scalars(query.limit(1)).one_or_none()


def use_feed_token(session: Session, token_hash: str, at: dt.datetime) -> None:
    """Say when a token was last used."""
    session.execute(update(FeedToken).where(FeedToken.hash == token_hash).values(last_used_at=at))


def revoke_feed_token(session: Session, token_hash: str, *, by: str, why: str = "") -> bool:
    """Let a token open nothing from now on; return whether it opened something."""
    query = update(FeedToken).where(FeedToken.hash == token_hash, FeedToken.revoked_at.is_(None))
    found = session.scalars(query.values(revoked_at=now()).returning(FeedToken)).one_or_none()
    if found is None:
        return False
    record(session, "revoke_feed_token", f"feed:{found.kind.value}:{found.target}", by=by, why=why)
    return True


def replace_feed_token(session: Session, token_hash: str, new_hash: str, *, by: str) -> bool:
    """Revoke a token and let a new one open the same; no change if it opens nothing."""
    found = feed_of_token(session, token_hash)
    if found is None or not revoke_feed_token(session, token_hash, by=by):
        return False
    keep_feed_token(session, new_hash, found.kind, found.target, found.name, by=by)
    return True


def keep_api_token(
    session: Session,
    user: str,
    token_hash: str,
    *,
    label: str,
    by: str,
    expires_at: dt.datetime | None = None,
) -> None:
    """Let a token act for a user."""
    session.add(
        ApiToken(hash=token_hash, user=user, label=label, created_at=now(), expires_at=expires_at)
    )
    record(session, "issue_api_token", f"user:{user}", by=by, after={"label": label})


def api_token(session: Session, token_hash: str) -> tuple[ApiToken, User] | None:
    """Return a token that has not been revoked, and its user, who may be disabled."""
    query = (
        select(ApiToken, User)
        .join(User, ApiToken.user == User.name)
        .where(ApiToken.hash == token_hash, ApiToken.revoked_at.is_(None))
    )
    found = session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def api_tokens(session: Session, user: str) -> list[ApiToken]:
    """Return the tokens that act for a user now, oldest first."""
    query = select(ApiToken).where(ApiToken.user == user, ApiToken.revoked_at.is_(None))
    return list(session.scalars(query.order_by(ApiToken.created_at, ApiToken.hash)))


def revoke_feed_tokens_by(session: Session, user: str, *, by: str) -> int:
    """Revoke the links to calendars that a user made; return how many opened something."""
    query = select(FeedToken.hash).where(
        FeedToken.created_by == user, FeedToken.revoked_at.is_(None)
    )
    found = session.scalars(query).all()
    return sum(revoke_feed_token(session, link, by=by, why=f"user:{user}") for link in found)


def revoke_api_tokens(
    session: Session,
    user: str,
    *,
    label: str | None = None,
    token_hash: str | None = None,
    by: str,
    why: str = "",
) -> int:
    """Revoke the tokens of a user, one, those of a label or all; return how many there were."""
    query = update(ApiToken).where(ApiToken.user == user, ApiToken.revoked_at.is_(None))
    if label is not None:
        query = query.where(ApiToken.label == label)
    if token_hash is not None:
        query = query.where(ApiToken.hash == token_hash)
    revoked = session.scalars(query.values(revoked_at=now()).returning(ApiToken.hash)).all()
    if revoked:
        after = {"label": label, "revoked": len(revoked)}
        record(session, "revoke_api_tokens", f"user:{user}", by=by, why=why, after=after)
    return len(revoked)
