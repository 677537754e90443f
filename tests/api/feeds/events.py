"""Made-up events, and the readers that read feeds back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import icalendar
import ics
import recurring_ical_events
import vobject

from api.feeds.event import EventKind, FeedEvent, Target, TargetKind

CHINA = dt.timezone(dt.timedelta(hours=8))
STAMP = dt.datetime(2026, 11, 25, 8, 30, tzinfo=dt.UTC)
SINCE = dt.datetime(2026, 5, 1, tzinfo=CHINA)
PERSON = Target(TargetKind.PERSON, "L001", "例甲")
SITE = Target(TargetKind.SITE, "Z001", "示例站")
TOWNSHIP = Target(TargetKind.TOWNSHIP, "410105001", "示例东街道")
VILLAGE = Target(TargetKind.VILLAGE, "410105001001", "示例一社区")


def at(day: int, hour: int, month: int = 12, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=CHINA)


def duty(on: int = 1, person: str = "L001", name: str = "例甲", **changes: Any) -> FeedEvent:
    slot = f"duty|Z001-咨询@202612{on:02d}am"
    fields: dict[str, Any] = {
        "key": f"{slot}|{person}",
        "slot": slot,
        "kind": EventKind.DUTY,
        "person": person,
        "person_name": name,
        "what": "法律咨询岗",
        "where": "示例站",
        "place": "示例东街道 示例站",
        "mode": "现场 On site",
        "crew": (name,),
        "phone": "0371-0000001",
        "start": at(on, 9),
        "end": at(on, 12),
        "last_modified": STAMP,
        "sites": ("Z001",),
        "township": "410105001",
    }
    return FeedEvent(**(fields | changes))


def visit(on: int = 8, person: str = "L001", name: str = "例甲", **changes: Any) -> FeedEvent:
    key = f"visit|2026-12|410105001001|1|{person}"
    fields: dict[str, Any] = {
        "key": key,
        "slot": f"{key}|place",
        "kind": EventKind.VISIT,
        "person": person,
        "person_name": name,
        "what": "示例一社区",
        "place": "示例东街道 示例一社区",
        "crew": (name,),
        "start": at(on, 14),
        "end": at(on, 17),
        "last_modified": STAMP,
        "sites": ("Z001",),
        "village": "410105001001",
        "township": "410105001",
    }
    return FeedEvent(**(fields | changes))


def parsed(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def column(content: bytes, name: str) -> list[str]:
    return [str(event[name]) for event in parsed(content)]


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def _read_icalendar(content: bytes) -> list[tuple[dt.datetime, dt.datetime, str]]:
    return [(e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"])) for e in parsed(content)]


def _read_ics(content: bytes) -> list[tuple[dt.datetime, dt.datetime, str]]:
    events = ics.Calendar(content.decode()).events
    return [(event.begin.datetime, event.end.datetime, event.name) for event in events]


def _read_vobject(content: bytes) -> list[tuple[dt.datetime, dt.datetime, str]]:
    events = vobject.readOne(content.decode()).contents.get("vevent", [])
    return [(e.dtstart.value, e.dtend.value, e.summary.value) for e in events]


def _read_recurring(content: bytes) -> list[tuple[dt.datetime, dt.datetime, str]]:
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(content))
    found = query.between(dt.datetime(2026, 5, 1), dt.datetime(2027, 5, 1))
    return [(e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"])) for e in found]


Reader = Callable[[bytes], list[tuple[dt.datetime, dt.datetime, str]]]
READERS: list[Reader] = [_read_icalendar, _read_ics, _read_vobject, _read_recurring]
