"""Tokens: secrets of 256 bits, shown once and kept as SHA-256.

A token is found by the hash of what was presented, so neither the time of the search nor the
table tells anything about a secret; unknown, revoked and expired ones look the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.store.access_tables import ApiToken, User
from models.store.clock import now
from models.store.feed_tables import FeedToken
from models.store.log import record
from models.store.words import FeedKind


def token_hash(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256 (hex)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_feed_token(session: Session, kind: FeedKind, target: str, *, by: str) -> str:
    """Return the secret of a new token for one calendar; it cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    session.add(
        FeedToken(
            hash=token_hash(secret), kind=kind, target=target, created_at=now(), created_by=by
        )
    )
    record(session, "issue_feed_token", f"feed:{kind.value}:{target}", by=by)
    return secret


def feed_of_token(session: Session, secret: str) -> tuple[FeedKind, str] | None:
    """Return kind and target of the calendar a secret opens, none for an unknown or revoked one."""
    query = select(FeedToken).where(
        FeedToken.hash == token_hash(secret), FeedToken.revoked_at.is_(None)
    )
    found = session.scalars(query).one_or_none()
    return (found.kind, found.target) if found else None


def revoke_feed_tokens(
    session: Session, kind: FeedKind, target: str, *, by: str, why: str = ""
) -> int:
    """Revoke every token of one calendar and return how many there were."""
    revoked = session.scalars(
        update(FeedToken)
        .where(FeedToken.kind == kind, FeedToken.target == target, FeedToken.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(FeedToken.hash)
    ).all()
    if revoked:
        after = {"revoked": len(revoked)}
        target = f"feed:{kind.value}:{target}"
        record(session, "revoke_feed_tokens", target, by=by, why=why, after=after)
    return len(revoked)


def issue_api_token(
    session: Session, user: str, *, label: str, by: str, expires_at: dt.datetime | None = None
) -> str:
    """Return the secret of a new token that acts for a user; it cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            hash=token_hash(secret),
            user=user,
            label=label,
            created_at=now(),
            expires_at=expires_at,
        )
    )
    record(session, "issue_api_token", f"user:{user}", by=by, after={"label": label})
    return secret


def user_of_token(session: Session, secret: str) -> User | None:
    """Return the user a token acts for; none if it is unknown, revoked or expired, or he is disabled."""
    query = (
        select(User)
        .join(ApiToken, ApiToken.user == User.name)
        .where(
            ApiToken.hash == token_hash(secret),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now()),
            User.disabled_at.is_(None),
        )
    )
    return session.scalars(query).one_or_none()


def revoke_api_tokens(
    session: Session, user: str, *, label: str | None = None, by: str, why: str = ""
) -> int:
    """Revoke the tokens of a user, those of one label or all, and return how many there were."""
    query = update(ApiToken).where(ApiToken.user == user, ApiToken.revoked_at.is_(None))
    if label is not None:
        query = query.where(ApiToken.label == label)
    revoked = session.scalars(query.values(revoked_at=now()).returning(ApiToken.hash)).all()
    if revoked:
        after = {"label": label, "revoked": len(revoked)}
        record(session, "revoke_api_tokens", f"user:{user}", by=by, why=why, after=after)
    return len(revoked)
