"""Groups that an area tells of its publications, each by the robot of its chat."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models.store.database.clock import now
from models.store.database.errors import NotFoundError
from models.store.database.log import record
from models.store.tables.notice_tables import NoticeGroup


def keep_group(session: Session, group: NoticeGroup, *, by: str) -> NoticeGroup:
    """Let an area tell a group from now on; the log names neither its address nor its secret."""
    group.created_at, group.created_by = now(), by
    session.add(group)
    session.flush()
    after = {"group": group.id, "name": group.name, "way": group.way.value}
    record(session, "keep_notice_group", f"area:{group.area}", by=by, after=after)
    return group


def open_groups(session: Session, areas: Collection[str]) -> list[NoticeGroup]:
    """Return the groups of some areas that are told now, oldest first, without their secrets."""
    query = select(NoticeGroup).where(NoticeGroup.area.in_(areas), NoticeGroup.closed_at.is_(None))
    return list(session.scalars(query.order_by(NoticeGroup.id)))


def group_of(session: Session, target: str) -> NoticeGroup | None:
    """Return the open group of a target, with address and secret."""
    key = int(target.removeprefix("group:"))
    secrets = undefer(NoticeGroup.address), undefer(NoticeGroup.secret)
    found = session.get(NoticeGroup, key, options=secrets)
    return found if found is not None and found.closed_at is None else None


def close_group(session: Session, area: str, group_id: int, *, by: str) -> None:
    """Tell a group no more, and forget how to reach it.

    Raises
    ------
    NotFoundError
        The area tells no such group.
    """
    found = session.get(NoticeGroup, group_id)
    if found is None or found.area != area or found.closed_at is not None:
        raise NotFoundError("no_notice_group", group_id)
    found.closed_at, found.address, found.secret = now(), "", ""
    after = {"group": group_id, "name": found.name}
    record(session, "close_notice_group", f"area:{area}", by=by, after=after)
