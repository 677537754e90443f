"""By which way each person wants to be told."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from models.store.database.clock import now
from models.store.database.log import record
from models.store.tables.notice_tables import NoticeChoice


def choice_of(session: Session, target: str) -> NoticeChoice | None:
    """Return what a person has chosen, with the address."""
    return session.get(NoticeChoice, target, options=[undefer(NoticeChoice.address)])


def choices_of(session: Session, targets: Collection[str]) -> dict[str, NoticeChoice]:
    """Return what some people have chosen, by their keys, with addresses."""
    query = select(NoticeChoice).where(NoticeChoice.target.in_(targets))
    found = session.scalars(query.options(undefer(NoticeChoice.address)))
    return {choice.target: choice for choice in found}


def keep_choice(session: Session, choice: NoticeChoice, *, by: str) -> None:
    """Keep what a person chooses; the log names no address."""
    choice.changed_at = now()
    session.merge(choice)
    after = {"way": choice.way.value, "reminder": choice.reminder}
    record(session, "choose_notices", f"person:{choice.target}", by=by, after=after)


def forget_choice(session: Session, target: str, *, by: str) -> bool:
    """Forget what a person has chosen, with the address; return whether there was anything."""
    query = delete(NoticeChoice).where(NoticeChoice.target == target)
    if session.scalars(query.returning(NoticeChoice.target)).one_or_none() is None:
        return False
    record(session, "forget_notice_choice", f"person:{target}", by=by)
    return True
