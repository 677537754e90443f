"""People's own calendars: read from a file or an address, kept as busy hours and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import httpx
from sqlalchemy.orm import Session

from api.feeds.busy import BusyReading, read_busy
from api.feeds.fetch import fetch
from api.office.areas import Data
from api.office.context import Service
from api.office.data.row_changes import change_leave
from models.calendar import month_days
from models.instance import Instance
from models.issues import InputError
from models.people import Leave
from models.store.database.clock import now
from models.store.people.calendar_addresses import (
    busy_calendars_read_before,
    forget_busy_calendar,
    keep_busy_calendar,
    note_reading,
)
from models.store.tables.request_tables import BusyCalendar
from models.vocabulary import LeaveKind

DAY = dt.timedelta(days=1)


def enter_busy(
    service: Service,
    area: str,
    person: str,
    content: bytes,
    *,
    by: str,
    month: str | None = None,
    along: Callable[[Session, BusyReading], object],
) -> BusyReading:
    """Replace a person's busy hours of a month, that of the data if none is given, by a calendar's.

    Rows that somebody else entered as 其他占用 (busy) inside the month are replaced too; those of
    other kinds and months are left alone. Events that cannot be read are skipped and told.

    Raises
    ------
    InputError
        The file is no calendar, or too large.
    """
    read = BusyReading()

    def change(instance: Instance) -> Iterable[Leave]:
        nonlocal read
        planned = month or instance.settings.month
        read = read_busy(content, person, planned, instance.settings)
        return (*without_busy(instance, person, planned), *read.leave)

    change_leave(
        service,
        area,
        change,
        by=by,
        why=f"calendar of {person}",
        along=lambda session: along(session, read),
    )
    return read


def upload_calendar(
    service: Service, data: Data, person: str, content: bytes, *, by: str, month: str | None
) -> BusyReading:
    """Enter a calendar from a file; it is read from no address any more. Raises as ``enter_busy``."""
    return enter_busy(
        service,
        data.area,
        person,
        content,
        by=by,
        month=month,
        along=lambda session, _: forget_busy_calendar(session, data.area, person, by=by),
    )


def follow_address(
    service: Service, data: Data, person: str, address: str, *, by: str
) -> BusyReading:
    """Enter a calendar from an address, and keep the address, which is read again every day.

    Raises
    ------
    InputError
        With the Issues of the address or the calendar.
    """
    address = address.strip()
    if address.startswith("webcal://"):  # what calendars offer to subscribers
        address = address.replace("webcal://", "https://", 1)
    content = fetch(address, service.calendars)
    host = httpx.URL(address).host[:255]
    kept = BusyCalendar(owner=data.area, person=person, address=address, host=host)

    def keep(session: Session, read: BusyReading) -> None:
        keep_busy_calendar(session, kept, by=by)
        _note(session, kept, read)

    return enter_busy(service, data.area, person, content, by=by, along=keep)


def forget_calendar(
    service: Service, data: Data, person: str, *, by: str, month: str | None
) -> None:
    """Forget a calendar's address, and the half days that it takes in a month."""
    change_leave(
        service,
        data.area,
        lambda instance: without_busy(instance, person, month or instance.settings.month),
        by=by,
        why=f"calendar of {person}",
        along=lambda session: forget_busy_calendar(session, data.area, person, by=by),
    )


def without_busy(instance: Instance, person: str, month: str) -> tuple[Leave, ...]:
    """Return all leave but a person's busy hours that lie within a month."""
    days = month_days(month)
    return tuple(row for row in instance.leave if not _is_busy(row, person, days))


def busy_rows(instance: Instance, person: str, month: str) -> tuple[Leave, ...]:
    """Return a person's busy hours that lie within a month."""
    days = month_days(month)
    return tuple(row for row in instance.leave if _is_busy(row, person, days))


def refresh(
    service: Service, kept: BusyCalendar, *, by: str, month: str | None = None
) -> BusyReading:
    """Read a person's calendar again from its address; that of one who has left is forgotten.

    Raises
    ------
    InputError
        With the Issues of the address or the calendar, the first of which is noted.
    """
    if service.areas.place_of_person(kept.owner, kept.person) is None:
        with service.store.begin() as session:
            forget_busy_calendar(session, kept.owner, kept.person, by=by)
        return BusyReading()
    try:
        content = fetch(kept.address, service.calendars)
        return enter_busy(
            service,
            kept.owner,
            kept.person,
            content,
            by=by,
            month=month,
            along=lambda session, read: _note(session, kept, read),
        )
    except InputError as error:
        with service.store.begin() as session:
            note_reading(session, kept.owner, kept.person, error.issues[0].code)
        raise


def _note(session: Session, kept: BusyCalendar, read: BusyReading) -> None:
    note_reading(session, kept.owner, kept.person, None, skipped=read.skipped, issues=read.issues)


def due(service: Service) -> list[BusyCalendar]:
    """Return the calendars that have not been read for a day."""
    with service.store.read() as session:
        return busy_calendars_read_before(session, now() - DAY)


def _is_busy(row: Leave, person: str, days: list[dt.date]) -> bool:
    is_own = row.person == person and row.kind is LeaveKind.BUSY
    return is_own and days[0] <= row.first and row.last <= days[-1]
