"""What became of notices, as the office sees it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.database.errors import NotFoundError, WrongStageError
from models.store.database.log import record
from models.store.database.paging import Page, newest_first
from models.store.tables.notice_tables import Notice, NoticeMessage
from models.store.tables.words import NoticeKind, NoticeState

UNREACHED = (NoticeState.UNDELIVERED, NoticeState.UNSURE, NoticeState.NO_WAY)
"""States of notices that somebody has to pass on."""


def notices_of(session: Session, event: str) -> list[Notice]:
    """Return what was written of one event, in the order of writing."""
    return list(session.scalars(select(Notice).where(Notice.event == event).order_by(Notice.id)))


def changes_told(session: Session, events: Collection[str]) -> list[Notice]:
    """Return the notices to people of some events, oldest first."""
    of_events = Notice.event.in_(events), Notice.kind == NoticeKind.CHANGE
    return list(session.scalars(select(Notice).where(*of_events).order_by(Notice.id)))


def notices_in(
    session: Session,
    areas: Collection[str],
    states: Collection[NoticeState] = (),
    *,
    event: str | None = None,
    target: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page[Notice]:
    """Return the notices of some areas, newest first; without ``states`` of any."""
    query = select(Notice).where(Notice.area.in_(areas))
    if states:
        query = query.where(Notice.state.in_(states))
    if event is not None:
        query = query.where(Notice.event == event)
    if target is not None:
        query = query.where(Notice.target == target)
    return newest_first(session, query, Notice.id, before, limit)


def messages_of(session: Session, notices: Collection[Notice]) -> dict[int, NoticeMessage]:
    """Return the messages that carry some notices, by their ids."""
    ids = {notice.message for notice in notices if notice.message is not None}
    found = session.scalars(select(NoticeMessage).where(NoticeMessage.id.in_(ids)))
    return {message.id: message for message in found}


def tell_by_hand(session: Session, areas: Collection[str], notice_id: int, *, by: str) -> Notice:
    """Say that somebody has passed a notice on that did not arrive.

    Raises
    ------
    NotFoundError
        None of the areas has such a notice.
    WrongStageError
        It is still under way, or has arrived.
    """
    found = session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if found is None or found.area not in areas:
        raise NotFoundError("no_notice", notice_id)
    if found.state not in UNREACHED:
        raise WrongStageError("notice_not_unreached")
    before = {"state": found.state.value}
    found.state = NoticeState.TOLD
    after = {"notice": notice_id, "state": found.state.value}
    record(session, "tell_by_hand", f"area:{found.area}", by=by, before=before, after=after)
    return found
