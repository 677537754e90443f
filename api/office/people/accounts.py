"""Accounts and their tokens: made, changed and closed, by a bureau or by whoever runs the service."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.access.accounts import OPERATOR
from api.access.passwords import Passwords, check_password
from api.access.roles import Role
from api.office.areas import Data
from api.office.conflicts import ConflictError
from models.area_codes import is_within
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue
from models.store.database.clock import now
from models.store.database.errors import NotFoundError
from models.store.people.sign_ins import end_sessions_of, forget_devices_of
from models.store.people.tokens import keep_api_token, revoke_api_tokens, revoke_feed_tokens_by
from models.store.people.users import active_bureaus, disable_user, get_user, put_user
from models.store.tables.access_tables import User

LONGEST_NAME = 80
"""Characters of a folded name."""


class UnreadError(ConflictError):
    """An account would be overwritten by somebody who has not read it as it is now."""

    def __init__(self, *, is_named: bool) -> None:
        self.is_named = is_named
        super().__init__(issue("version_unknown") if is_named else issue("account_exists"))


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
    if len(wanted.name) > LONGEST_NAME:
        raise InputError([issue("account_name_long", value=wanted.name, most=LONGEST_NAME)])
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


def account_tag(user: User) -> str:
    """Return what changes with an account: its entity tag."""
    said = (user.role.value, user.area, user.person, user.firm, str(user.disabled_at))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def check_stands_for(row: User, data: Data | None) -> None:
    """Ensure that an adviser's person or a firm's firm is in the data of the account's area.

    Raises
    ------
    InputError
        It is not named, or there is none.
    """
    known = data.instance if data else Instance()
    if row.role is Role.ADVISER and row.person not in known.person_by_id:
        raise InputError([issue("account_person", Spot("body", "$.person"), row.person or "")])
    if row.role is Role.FIRM and row.firm not in known.firm_by_id:
        raise InputError([issue("account_firm", Spot("body", "$.firm"), row.firm or "")])


def change_account(
    session: Session, row: User, read: str | None, *, by: str, why: str = ""
) -> User:
    """Add an account, or change one of the same area that was ``read`` (its tag) before.

    Raises
    ------
    ConflictError
        An account of another area has the name, or the last bureau would be gone.
    UnreadError
        There is one of the name already, and it was not read, or has changed since.
    """
    found = get_user(session, row.name)
    if found is not None and found.area != row.area:
        raise _taken()
    if found is not None and read != account_tag(found):
        raise UnreadError(is_named=read is not None)
    if found is not None and row.role is not Role.BUREAU:
        guard_last_bureau(session, found)
    return keep_account(session, row, by=by, why=why)


def guard_last_bureau(session: Session, user: User) -> None:
    """Refuse that an area is left without any bureau, its own or one above, that may sign in.

    Raises
    ------
    ConflictError
        ``user`` is the last.
    """
    others = [one for one in active_bureaus(session) if one.name != user.name]
    is_bureau = user.role is Role.BUREAU and user.is_active
    if is_bureau and not any(is_within(user.area, one.area) for one in others):
        raise ConflictError(issue("last_bureau", value=user.name, area=user.area))


def keep_account(session: Session, row: User, *, by: str, why: str = "") -> User:
    """Add an account, or change the one of that name, whose sessions end: they have the old rights."""
    found = get_user(session, row.name)
    put_user(session, row, by=by, why=why)
    if found is not None:
        end_sessions_of(session, row.name)
    kept = get_user(session, row.name)
    assert kept is not None
    return kept


def close_account(session: Session, name: str, *, by: str) -> bool:
    """Keep an account out; return whether it was let in until now.

    Its sessions, known browsers, API tokens and the links to calendars that it made end for good:
    letting it in again brings none of them back.
    """
    was_active = disable_user(session, name, by=by)
    end_sessions_of(session, name)
    forget_devices_of(session, name)
    revoke_api_tokens(session, name, by=by)
    revoke_feed_tokens_by(session, name, by=by)
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
