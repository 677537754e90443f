"""The queue of messages: taken one at a time, each attempt written down before it is made.

Whoever takes a message says so first. If the process dies then, nobody knows whether the text went
out: it is not sent again, and the office is shown it, so that nothing is told twice and nothing lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from models.store.database.locks import hold_sending
from models.store.tables.notice_tables import Notice, NoticeMessage
from models.store.tables.words import NoticeFault, NoticeKind, NoticeState, NoticeWay

FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=1)
"""Between two attempts: twice as long each time."""
LOST = dt.timedelta(minutes=5)
"""After which an attempt of which nothing is known has ended with its process."""
RESTS = {
    NoticeFault.BANNED: dt.timedelta(minutes=10),
    NoticeFault.TOO_FAST: dt.timedelta(minutes=1),
}
"""How long nothing is sent where this was the last answer."""
AT_ONCE = (NoticeKind.REQUEST, NoticeKind.REMINDER, NoticeKind.DEADLINE)
"""Notices that wait for no digest."""
MOST_TARGETS = 200
"""Targets whose notices become messages in one transaction."""


class Pace(NamedTuple):
    """At most ``most`` messages in ``seconds`` on one lane."""

    most: int
    seconds: float


def due_notices(
    session: Session, *, soon: dt.datetime, digest: dt.datetime
) -> dict[str, list[Notice]]:
    """Return the notices that are to be sent now, by target, each target's oldest first.

    Once one of a target's is due, all that wait go with it. Its messages that have not gone out are
    taken back, so that no older text arrives after a newer one.

    Parameters
    ----------
    soon
        What begins until then is told at once.
    digest
        What was written until then is due in any case.
    """
    hold_sending(session)
    is_due = or_(Notice.kind.in_(AT_ONCE), Notice.starts <= soon, Notice.written_at <= digest)
    busy = select(NoticeMessage.target).where(NoticeMessage.state == NoticeState.SENDING)
    waiting = and_(Notice.state == NoticeState.WAITING, Notice.message.is_(None))
    query = select(Notice.target).where(waiting, is_due, Notice.target.not_in(busy)).distinct()
    targets = session.scalars(query.order_by(Notice.target).limit(MOST_TARGETS)).all()
    _take_back(session, targets)
    found: dict[str, list[Notice]] = {target: [] for target in targets}
    for notice in session.scalars(
        select(Notice).where(waiting, Notice.target.in_(targets)).order_by(Notice.id)
    ):
        found[notice.target].append(notice)
    return found


def _take_back(session: Session, targets: Collection[str]) -> None:
    theirs = NoticeMessage.target.in_(targets), NoticeMessage.state == NoticeState.WAITING
    taken = select(NoticeMessage.id).where(*theirs)
    session.execute(update(Notice).where(Notice.message.in_(taken)).values(message=None))
    session.execute(update(NoticeMessage).where(*theirs).values(state=NoticeState.UNNEEDED))


def put_message(session: Session, message: NoticeMessage, notices: Collection[Notice]) -> None:
    """Queue a message that carries some notices."""
    message.state, message.attempts = NoticeState.WAITING, 0
    session.add(message)
    session.flush()
    for notice in notices:
        notice.message = message.id


def take_message(
    session: Session, at: dt.datetime, paces: Mapping[NoticeWay, Collection[Pace]]
) -> NoticeMessage | None:
    """Take the next message that is due and whose lane has room; its attempt is counted."""
    hold_sending(session)
    full: set[str] = set()
    while True:
        is_due = (NoticeMessage.state == NoticeState.WAITING, NoticeMessage.due_at <= at)
        query = select(NoticeMessage).where(*is_due, NoticeMessage.lane.not_in(full))
        order = (NoticeMessage.due_at, NoticeMessage.id)
        found = session.scalars(query.order_by(*order).limit(1)).one_or_none()
        if found is None:
            return None
        if _has_room(session, found.lane, at, paces.get(found.way, ())):
            found.state, found.attempted_at = NoticeState.SENDING, at
            found.attempts += 1
            return found
        full.add(found.lane)


def note_sent(session: Session, message_id: int, at: dt.datetime) -> None:
    """Say that a message went out."""
    message = session.get_one(NoticeMessage, message_id)
    message.sent_at, message.fault = at, None
    _end(session, message, NoticeState.SENT)


def note_refused(
    session: Session, message_id: int, fault: NoticeFault, at: dt.datetime, *, is_final: bool
) -> None:
    """Say that a message was not taken: it is tried again until its time is over, unless that is vain."""
    message = session.get_one(NoticeMessage, message_id)
    message.fault = fault
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(message.attempts - 1, 10))
    if is_final or at + wait > message.until:
        _end(session, message, NoticeState.UNDELIVERED)
    else:
        message.state, message.due_at = NoticeState.WAITING, at + wait


def note_unanswered(
    session: Session, message_id: int, at: dt.datetime, repeatable: Collection[NoticeWay]
) -> None:
    """Say that a message may have gone out: it is sent again only where the other side knows it again."""
    message = session.get_one(NoticeMessage, message_id)
    if message.way in repeatable:
        note_refused(session, message_id, NoticeFault.UNREACHABLE, at, is_final=False)
    else:
        _end(session, message, NoticeState.UNSURE)


def note_lost(session: Session, at: dt.datetime, repeatable: Collection[NoticeWay]) -> int:
    """Note the messages that were being sent when a process died as unanswered; return how many."""
    hold_sending(session)
    is_lost = NoticeMessage.attempted_at < at - LOST
    query = select(NoticeMessage.id).where(NoticeMessage.state == NoticeState.SENDING, is_lost)
    lost = session.scalars(query).all()
    for message in lost:
        note_unanswered(session, message, at, repeatable)
    return len(lost)


def _end(session: Session, message: NoticeMessage, state: NoticeState) -> None:
    message.state = state
    session.execute(update(Notice).where(Notice.message == message.id).values(state=state))


def _has_room(session: Session, lane: str, at: dt.datetime, paces: Collection[Pace]) -> bool:
    """Whether a lane rests from no refusal and has room in each of its paces."""

    def count(*since: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(NoticeMessage)
        return session.scalar(query.where(NoticeMessage.lane == lane, *since)) or 0

    attempted = NoticeMessage.attempted_at
    if any(count(NoticeMessage.fault == f, attempted > at - rest) for f, rest in RESTS.items()):
        return False
    return all(count(attempted > at - dt.timedelta(seconds=p.seconds)) < p.most for p in paces)
