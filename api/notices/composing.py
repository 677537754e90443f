"""Makes messages of the notices that are due: one text for each target, by the way it has chosen."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.notices.addresses import Address, Addresses
from api.notices.texts import (
    MARK,
    NetChange,
    digest_lines,
    fitted,
    net_changes,
    personal_head,
    personal_lines,
    reminder_lines,
)
from api.notices.ways.way import Way
from models.calendar import ZONE
from models.store.notices.listing import changes_told
from models.store.notices.outbox import changes_in
from models.store.notices.queue import due_notices, put_message
from models.store.tables.notice_tables import Notice, NoticeMessage
from models.store.tables.words import NoticeKind, NoticeState, NoticeWay

PATIENCE = dt.timedelta(hours=24)
"""How long a message is tried."""


class Times(NamedTuple):
    """When notices go out: see ``NoticeSettings``."""

    digest_hour: int
    soon_hours: int

    def last_digest(self, at: dt.datetime) -> dt.datetime:
        """Return the last moment at or before ``at`` at which everything is told."""
        local = at.astimezone(ZONE)
        today = local.replace(hour=self.digest_hour, minute=0, second=0, microsecond=0)
        return today if today <= local else today - dt.timedelta(days=1)


def compose(
    session: Session,
    addresses: Addresses,
    ways: Mapping[NoticeWay, Way],
    times: Times,
    at: dt.datetime,
) -> int:
    """Queue a message for every target with notices that are due; return how many targets had some."""
    soon = at + dt.timedelta(hours=times.soon_hours)
    found = due_notices(session, soon=soon, digest=times.last_digest(at))
    for target, notices in found.items():
        address = addresses.of(session, target, notices[-1].area)
        _put(session, addresses, target, notices, address, ways, at)
    return len(found)


def text_of(
    session: Session, addresses: Addresses, notices: Sequence[Notice], most_bytes: int | None
) -> str:
    """Return what some notices of one target say together; empty if it comes to nothing."""
    digests = [one for one in notices if one.kind is NoticeKind.DIGEST]
    lines = _digest(session, addresses, digests) if digests else _personal(notices)
    return fitted(lines, most_bytes) if lines else ""


def _put(
    session: Session,
    addresses: Addresses,
    target: str,
    notices: Sequence[Notice],
    address: Address | None,
    ways: Mapping[NoticeWay, Way],
    at: dt.datetime,
) -> None:
    way = ways.get(address.way) if address else None
    text = text_of(session, addresses, notices, way.most_bytes if way else None)
    if not text or address is None or way is None:
        for notice in notices:
            notice.state = NoticeState.NO_WAY if text else NoticeState.UNNEEDED
        return
    message = NoticeMessage(
        area=notices[-1].area,
        target=target,
        way=address.way,
        lane=_lane(address),
        text=text,
        due_at=at,
        until=_until(notices, at),
    )
    put_message(session, message, notices)


def _until(notices: Sequence[Notice], at: dt.datetime) -> dt.datetime:
    """Return when a message is given up: a day later, a mere reminder when its duty begins."""
    is_reminder = all(notice.kind is NoticeKind.REMINDER for notice in notices)
    starts = [notice.starts for notice in notices if notice.starts and is_reminder]
    return min([at + PATIENCE, *starts])


def _lane(address: Address) -> str:
    """Return what the limits of a way count: each robot, the mail server, the gateway."""
    if not address.is_group:
        return address.way.value
    robot = hashlib.sha256(address.address.encode()).hexdigest()[:16]
    return f"{address.way.value}:{robot}"


def _personal(notices: Sequence[Notice]) -> list[str]:
    """Return the lines of a text to one person, under one mark."""
    name = notices[-1].name
    lines: list[str] = []
    told = [(n.name, n.body["changes"]) for n in notices if n.kind is NoticeKind.CHANGE]
    if changes := net_changes(told):
        lines += [personal_head(name, changes), *personal_lines(changes)]
    for notice in notices:
        if notice.kind is NoticeKind.REMINDER:
            lines += reminder_lines(name, notice.body["events"])
        elif notice.kind in (NoticeKind.REQUEST, NoticeKind.DEADLINE):
            lines += [f"{MARK}{name}，{notice.body['text']}"]
    return [lines[0], *(line.removeprefix(MARK) for line in lines[1:])] if lines else []


def digest_text(addresses: Addresses, area: str, month: str, told: Sequence[Notice]) -> str:
    """Return what a group is told of a month's changes, given the notices to people."""
    changes = net_changes((notice.name, notice.body["changes"]) for notice in told)
    return "\n".join(_month(addresses, area, month, changes)) if changes else ""


def _digest(session: Session, addresses: Addresses, digests: Sequence[Notice]) -> list[str]:
    """Return the lines of a text to a group: what some publications do together, month by month."""
    lines: list[str] = []
    for month in sorted({notice.body["month"] for notice in digests}):
        ours = [notice for notice in digests if notice.body["month"] == month]
        town = ours[0].body["township"]
        told = changes_told(session, [notice.event for notice in ours])
        parts = [(one.name, one.body["changes"]) for one in told]
        if town:
            parts = [(name, changes_in(changes, town)) for name, changes in parts]
        if changes := net_changes(parts):
            lines += _month(addresses, ours[0].area, month, changes)
    return [lines[0], *(line.removeprefix(MARK) for line in lines[1:])] if lines else []


def _month(addresses: Addresses, area: str, month: str, changes: Sequence[NetChange]) -> list[str]:
    where = f"{addresses.area_name(area)}{month[:4]}年{int(month[5:])}月"
    return digest_lines(where, changes)
