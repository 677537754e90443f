"""Accounts and their tokens: made, changed and closed, by a bureau or by whoever runs the service."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.access.accounts import OPERATOR
from api.access.passwords import Passwords, check_password
from api.access.roles import Role
from api.office.conflicts import ConflictError
from models.messages import issue
from models.store.database.clock import now
from models.store.database.errors import NotFoundError
from models.store.people.sign_ins import end_sessions_of
from models.store.people.tokens import keep_api_token, revoke_api_tokens
from models.store.people.users import disable_user, get_user, put_user
from models.store.tables.access_tables import User


class Wanted(NamedTuple):
    """What an account is to be; ``name`` is folded (``fold_name``).

    Without a password it keeps its own, or has none.
    """

    name: str
    role: Role
    area: str
    person: str | None = None
    firm: str | None = None
    password: str | None = None


def account_row(wanted: Wanted, passwords: Passwords) -> User:
    """Return an account as it is kept, its password hashed, which takes its time.

    Raises
    ------
    ConflictError
        The public has no accounts; nobody is called as the command line is in the log.
    InputError
        The password is too easy to guess.
    """
    if wanted.role is Role.PUBLIC or not wanted.name:
        raise ConflictError(issue("public_account"))
    if wanted.name == OPERATOR:
        raise _taken()
    hashed = None
    if wanted.password is not None:
        check_password(wanted.password, wanted.name)
        hashed = passwords.hash(wanted.password)
    return User(
        name=wanted.name,
        role=wanted.role,
        area=wanted.area,
        person=wanted.person,
        firm=wanted.firm,
        password_hash=hashed,
    )


def keep_account(
    session: Session, row: User, *, by: str, why: str = "", may_move: bool = False
) -> User:
    """Add an account, or change the one of that name, whose sessions end: they have the old rights.

    Parameters
    ----------
    may_move
        Whether an account of another area may be taken over.

    Raises
    ------
    ConflictError
        An account of another area has the name.
    """
    found = get_user(session, row.name)
    if found is not None and found.area != row.area and not may_move:
        raise _taken()
    put_user(session, row, by=by, why=why)
    if found is not None:
        end_sessions_of(session, row.name)
    kept = get_user(session, row.name)
    assert kept is not None
    return kept


def close_account(session: Session, name: str, *, by: str) -> bool:
    """Keep an account out, its sessions and tokens too; return whether it was let in until now."""
    was_active = disable_user(session, name, by=by)
    end_sessions_of(session, name)
    return was_active


def issue_token(
    session: Session,
    account: str,
    token_hash: str,
    *,
    label: str,
    by: str,
    days: int | None = None,
    lost: str | None = None,
) -> None:
    """Let a token act for an account, in the place of one that got ``lost``.

    Parameters
    ----------
    days
        How long it holds; none for ever.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    if get_user(session, account) is None:
        raise NotFoundError("no_user", account)
    if lost is not None:
        revoke_api_tokens(session, account, token_hash=lost, by=by)
    until = None if days is None else now() + dt.timedelta(days=days)
    keep_api_token(session, account, token_hash, label=label, by=by, expires_at=until)


def _taken() -> ConflictError:
    return ConflictError(issue("name_taken"))
