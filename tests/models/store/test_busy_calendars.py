"""Addresses of people's own calendars in both databases."""

from __future__ import annotations

import datetime as dt

from models.store.database.clock import now
from models.store.database.log import log_of
from models.store.people.calendar_addresses import (
    busy_calendar,
    busy_calendars_read_before,
    forget_busy_calendar,
    keep_busy_calendar,
    note_reading,
)
from models.store.tables.request_tables import BusyCalendar
from tests.models.store.samples import EAST

HOUR = dt.timedelta(hours=1)


def keep(store, person: str, secret: str = "secret-1") -> None:
    found = BusyCalendar(
        owner=EAST,
        person=person,
        address=f"https://calendar.example.cn/{secret}",
        host="calendar.example.cn",
    )
    with store.begin() as session:
        keep_busy_calendar(session, found, by=person)


def known(store, person: str = "L001") -> BusyCalendar | None:
    with store.read() as session:
        return busy_calendar(session, EAST, person)


def test_address_is_kept_replaced_and_forgotten_and_never_logged(store):
    keep(store, "L001")
    keep(store, "L001", "secret-2")
    found = known(store)
    assert found is not None
    assert (found.address[-8:], found.failed, found.created_by) == ("secret-2", None, "L001")
    with store.begin() as session:
        assert forget_busy_calendar(session, EAST, "L001", by="office")
        assert not forget_busy_calendar(session, EAST, "L001", by="office")
    assert known(store) is None
    with store.read() as session:
        told = [(e.action, e.by, e.before, e.after) for e in log_of(session, "person:L001").rows]
    host = {"host": "calendar.example.cn"}
    assert told == [
        ("forget_busy_calendar", "office", None, None),
        ("keep_busy_calendar", "L001", None, host),
        ("keep_busy_calendar", "L001", None, host),
    ]


def test_calendars_are_due_when_they_were_last_read_before(store):
    for person in ("L002", "L001"):
        keep(store, person)

    def due(at: dt.datetime) -> list[str]:
        with store.read() as session:
            return [found.person for found in busy_calendars_read_before(session, at)]

    assert (due(now() - HOUR), due(now() + HOUR)) == ([], ["L001", "L002"])
    with store.begin() as session:
        note_reading(session, EAST, "L001", "fetch_status")
        note_reading(session, EAST, "nobody", "fetch_status")
    found = known(store)
    assert found is not None
    assert found.failed == "fetch_status"
    keep(store, "L001")
    found = known(store)
    assert found is not None
    assert found.failed is None
