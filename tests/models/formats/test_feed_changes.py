from __future__ import annotations

import datetime as dt
from dataclasses import replace

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.feeds.event import EventKind, FeedEvent, Target, TargetKind
from api.feeds.feed_bytes import entries_of, feed_bytes
from models.formats.feeds.feed_changes import publish
from tests.api.feeds.events import PERSON, SINCE, SITE, STAMP, TOWNSHIP, at, duty, visit

LATER = STAMP + dt.timedelta(hours=1)


def test_new_events_begin_at_zero_whatever_the_plan_says_of_revisions():
    planned = duty(1, sequence=9, is_cancelled=True, last_modified=STAMP)
    assert publish([], [planned], LATER) == (duty(1, last_modified=LATER),)


def test_an_unchanged_plan_changes_nothing():
    stored = (duty(1), visit(8))
    again = [replace(event, sequence=0, last_modified=LATER) for event in stored]
    assert publish(stored, again, LATER) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"start": at(1, 10)},
        {"end": at(1, 13)},
        {"place": "示例东街道 新址"},
        {"where": "新站"},
        {"what": "新岗"},
        {"person_name": "例甲甲"},
        {"crew": ("例甲", "例乙")},
        {"alternates": ("例丙",)},
        {"mode": "远程 Remote"},
        {"phone": "0371-0000009"},
        {"notice": "说明"},
        {"day": "国庆节补班"},
        {"link": "https://meeting.example.cn/1"},
        {"kind": EventKind.STANDBY},
        {"is_busy": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_a_client_shows_raises_the_sequence(change):
    stored = duty(1, sequence=3)
    expected = replace(stored, sequence=4, last_modified=LATER, **change)
    assert publish([stored, visit()], [replace(stored, **change), visit()], LATER) == (expected,)


def test_moving_to_the_calendar_of_another_place_is_no_revision_but_leaves_traces():
    stored = duty(1, sequence=3)
    planned = replace(stored, sites=("Z002",), sequence=0, last_modified=LATER)
    moved, left, entered = publish([stored], [planned], LATER)
    assert moved == replace(stored, sites=("Z002",))
    trace = replace(stored, person="", township="", is_cancelled=True, last_modified=LATER)
    assert left == replace(trace, key=left.key, sites=("Z001",), sequence=4)
    assert entered == replace(trace, key=entered.key, sites=("Z002",), sequence=0)
    later = LATER + dt.timedelta(hours=1)
    back = publish([moved, left, entered], [stored], later)
    assert back[0] == stored
    assert [(trace.key, trace.sequence) for trace in back[1:]] == [
        (left.key, left.sequence + 1),
        (entered.key, entered.sequence + 1 + stored.sequence + 1),
    ]


def test_removed_event_is_cancelled_once_and_comes_back_with_a_higher_sequence():
    (gone,) = publish([duty(1)], [], LATER)
    assert gone == duty(1, sequence=1, is_cancelled=True, last_modified=LATER)
    assert publish([gone], [], LATER) == ()
    again = LATER + dt.timedelta(hours=1)
    assert publish([gone], [duty(1)], again) == (duty(1, sequence=2, last_modified=again),)


def test_clock_that_went_back_lowers_no_time_of_change():
    early = STAMP - dt.timedelta(days=1)
    (gone,) = publish([duty(1)], [], early)
    assert (gone.sequence, gone.last_modified) == (1, STAMP)


@pytest.mark.parametrize("side", [0, 1])
def test_one_identity_twice_is_refused(side):
    lists: list[list[FeedEvent]] = [[], []]
    lists[side] = [duty(1), duty(1, start=at(1, 10))]
    with pytest.raises(ValueError, match=r"^duplicate_key "):
        publish(*lists, LATER)


def test_identity_under_another_slot_is_refused():
    with pytest.raises(ValueError, match=r"^slot_moved "):
        publish([duty(1)], [duty(1, slot="elsewhere")], LATER)


PEOPLE = (("L001", "例甲"), ("L002", "例乙"), ("L003", "例丙"))
TARGETS = (
    PERSON,
    Target(TargetKind.PERSON, "L002", "例乙"),
    SITE,
    Target(TargetKind.SITE, "Z002", "示例西乡公共法律服务工作站"),
    TOWNSHIP,
)


@st.composite
def _plans(draw: st.DrawFn) -> list[FeedEvent]:
    """Draw a plan of three days and three people: who is on, when, where, and as what."""
    events = []
    sites = draw(st.sampled_from([("Z001",), ("Z002",), ("Z001", "Z002")]))
    place = {"sites": sites, "township": draw(st.sampled_from([TOWNSHIP.id, "410105002"]))}
    for day in (1, 2, 3):
        for person, name in draw(st.lists(st.sampled_from(PEOPLE), unique=True)):
            hour = draw(st.sampled_from([8, 9]))
            kind = draw(st.sampled_from([EventKind.DUTY, EventKind.STANDBY]))
            events.append(duty(day, person, name, start=at(day, hour), kind=kind, **place))
    return events


def _components(content: bytes) -> dict[str, icalendar.Event]:
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    found = {str(event["UID"]): event for event in events}
    assert len(found) == len(events)
    return found


def _visible(event: icalendar.Event) -> bytes:
    """Return the event as it is shown, without its revision."""
    shown = event.copy(recursive=True)
    for name in ("SEQUENCE", "LAST-MODIFIED", "DTSTAMP"):
        del shown[name]
    return bytes(shown.to_ical())


def _feed(target: Target, stored: dict[str, FeedEvent]) -> bytes:
    whose = {
        TargetKind.PERSON: lambda event: (event.person,),
        TargetKind.SITE: lambda event: event.sites,
        TargetKind.TOWNSHIP: lambda event: (event.township,),
    }[target.kind]
    mine = [event for event in stored.values() if target.id in whose(event)]
    return feed_bytes(target, entries_of(target, mine), SINCE)


@given(st.lists(_plans(), min_size=2, max_size=6))
def test_any_series_of_publishes_keeps_identities_sequences_and_unchanged_bytes(plans):
    stored: dict[str, FeedEvent] = {}
    seen = {target: _components(_feed(target, stored)) for target in TARGETS}
    for number, plan in enumerate(plans):
        when = STAMP + dt.timedelta(minutes=number)
        changes = publish(stored.values(), plan, when)
        stored |= {event.key: event for event in changes}
        live = {event.key for event in stored.values() if not event.is_cancelled}
        assert live == {event.key for event in plan}
        for target in TARGETS:
            before, after = seen[target], _components(_feed(target, stored))
            assert before.keys() <= after.keys()
            for uid, old in before.items():
                new = after[uid]
                if _visible(old) == _visible(new) and target.kind is TargetKind.PERSON:
                    assert old.to_ical() == new.to_ical()
                elif _visible(old) != _visible(new):
                    assert new["SEQUENCE"] > old["SEQUENCE"]
                    assert new["LAST-MODIFIED"].dt > old["LAST-MODIFIED"].dt
                else:
                    assert new["SEQUENCE"] >= old["SEQUENCE"]
            seen[target] = after
        assert publish(stored.values(), plan, when + dt.timedelta(seconds=1)) == ()
