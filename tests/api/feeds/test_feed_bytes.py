from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from api.feeds.event import EventKind, FeedEvent, Target, TargetKind
from api.feeds.feed_bytes import entries_of, feed_bytes, window_moved, window_start
from models.formats.feeds.feed import FeedWriter
from models.formats.feeds.feed_plan import planned_events
from models.roster import Duty, Roster, Visit
from tests.api.feeds.events import (
    PERSON,
    READERS,
    SINCE,
    SITE,
    STAMP,
    TOWNSHIP,
    VILLAGE,
    at,
    column,
    duty,
    parsed,
    unfolded,
    visit,
)
from tests.factories import tiny_instance

MOBILE = "13800138000"
LINK = "https://meeting.example.cn/j/13900139000?pwd=a,b;c"
NIGHT = duty(31, what="夜间岗", start=at(31, 20), end=at(1, 8, month=1, year=2027))
STANDBY = duty(3, kind=EventKind.STANDBY, is_busy=False, crew=("例乙",), alternates=("例甲",))
REMOTE = duty(4, mode="远程 Remote", link=LINK)
EVENTS = (duty(1, alternates=("例乙", "例丙")), STANDBY, REMOTE, visit(8), NIGHT)


def _feed(target: Target = PERSON, *events: FeedEvent) -> bytes:
    return _bytes(target, events or EVENTS, SINCE)


def _bytes(target: Target, events: Iterable[FeedEvent], since: dt.datetime) -> bytes:
    return feed_bytes(target, entries_of(target, events), since)


@pytest.mark.parametrize("read", READERS)
def test_every_reader_finds_times_and_titles(read):
    assert sorted(read(_feed())) == [
        (at(1, 9), at(1, 12), "值班 法律咨询岗 · 示例站"),
        (at(3, 9), at(3, 12), "备班 法律咨询岗 · 示例站"),
        (at(4, 9), at(4, 12), "值班 法律咨询岗 · 示例站"),
        (at(8, 14), at(8, 17), "走访 示例一社区"),
        (at(31, 20), at(1, 8, month=1, year=2027), "值班 夜间岗 · 示例站"),
    ]


def test_alternates_are_named_and_their_own_events_leave_the_time_free():
    first, standby, *_ = parsed(_feed())
    assert str(first["DESCRIPTION"]).split("\n") == [
        "岗位 Post：法律咨询岗",
        "方式 Mode：现场 On site",
        "值班 On duty：例甲",
        "备班 Standby：例乙、例丙",
        "电话 Phone：0371-0000001",
    ]
    assert (first["TRANSP"], standby["TRANSP"]) == ("OPAQUE", "TRANSPARENT")


def test_remote_duty_tells_its_link_in_every_way_clients_know():
    (event,) = parsed(_feed(PERSON, REMOTE))
    assert f"链接 Link：{LINK}" in str(event["DESCRIPTION"]).split("\n")
    assert (str(event["URL"]), str(event["CONFERENCE"])) == (LINK, LINK)
    assert str(event["LOCATION"]) == f"{REMOTE.place} {LINK}"
    (line,) = [line for line in unfolded(_feed(PERSON, REMOTE)) if line.startswith("CONFERENCE")]
    assert line == f"CONFERENCE;FEATURE=AUDIO,VIDEO;LABEL=远程接待 Remote;VALUE=URI:{LINK}"


def test_place_tells_one_event_per_slot_and_a_township_names_the_site():
    both = [duty(1), duty(1, "L002", "例乙"), duty(1, "L003", "例丙", kind=EventKind.STANDBY)]
    both = [replace(e, crew=("例甲", "例乙"), alternates=("例丙",)) for e in both]
    assert column(_feed(SITE, *both, visit(8)), "SUMMARY") == [
        "值班 法律咨询岗 · 例甲、例乙",
        "走访 示例一社区 · 例甲",
    ]
    assert column(_feed(TOWNSHIP, *both, visit(8)), "SUMMARY") == [
        "值班 法律咨询岗 · 示例站 · 例甲、例乙",
        "走访 示例一社区 · 例甲",
    ]
    assert column(_feed(VILLAGE, visit(8)), "SUMMARY") == ["走访 示例一社区 · 例甲"]


def test_no_identity_is_shared_between_the_calendars_of_a_person_a_site_and_a_township():
    uids = [uid for target in (PERSON, SITE, TOWNSHIP) for uid in column(_feed(target), "UID")]
    assert len(set(uids)) == 3 * len(EVENTS)


def test_removed_event_is_cancelled_and_says_so_without_its_link():
    gone = replace(REMOTE, is_cancelled=True, sequence=1)
    (event,) = parsed(_feed(PERSON, gone))
    assert {name: str(event[name]) for name in ("STATUS", "SUMMARY", "SEQUENCE", "TRANSP")} == {
        "STATUS": "CANCELLED",
        "SUMMARY": "已取消 值班 法律咨询岗 · 示例站",
        "SEQUENCE": "1",
        "TRANSP": "TRANSPARENT",
    }
    assert LINK not in "".join(unfolded(_feed(PERSON, gone)))


def test_slot_stays_when_it_is_handed_over_and_its_sequence_rises():
    before = duty(1)
    later = STAMP + dt.timedelta(hours=1)
    gone = replace(before, is_cancelled=True, sequence=1, last_modified=later)
    (old,) = parsed(_feed(SITE, before))
    (new,) = parsed(_feed(SITE, gone, duty(1, "L003", "例丙", last_modified=later)))
    assert (str(old["UID"]), old["SEQUENCE"]) == (str(new["UID"]), 0)
    assert (str(new["SUMMARY"]), new["SEQUENCE"]) == ("值班 法律咨询岗 · 例丙", 2)
    assert (new["STATUS"], new["LAST-MODIFIED"].dt) == ("CONFIRMED", later)


def test_removed_slot_names_who_was_on_it_last():
    first = duty(1, is_cancelled=True, sequence=1)
    last = duty(1, "L003", "例丙", is_cancelled=True, last_modified=STAMP + dt.timedelta(days=1))
    assert column(_feed(SITE, first, last), "SUMMARY") == ["已取消 值班 法律咨询岗 · 例丙"]


def test_feed_declares_its_name_refresh_and_zone_and_nothing_that_breaks_clients():
    lines = unfolded(_feed())
    assert lines[:8] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//zhiban//zhiban//ZH",
        "CALSCALE:GREGORIAN",
        "NAME:例甲 值班日历",
        "X-WR-CALNAME:例甲 值班日历",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    names = {re.split("[:;]", line)[0] for line in lines}
    assert names & {"METHOD", "RRULE", "RDATE", "ORGANIZER", "ATTENDEE"} == set()
    assert "UID" not in icalendar.Calendar.from_ical(_feed())
    times = [line for line in lines if line.startswith(("DTSTART", "DTEND"))][1:]
    assert {line.split(":")[0] for line in times} == {
        "DTSTART;TZID=Asia/Shanghai",
        "DTEND;TZID=Asia/Shanghai",
    }
    stamps = {line for line in lines if line.startswith(("DTSTAMP", "LAST-MODIFIED"))}
    assert stamps == {"DTSTAMP:20261125T083000Z", "LAST-MODIFIED:20261125T083000Z"}


def test_order_of_events_and_the_process_leave_no_trace():
    assert _feed(SITE, *reversed(EVENTS)) == _feed(SITE)
    program = (
        "import sys; from tests.api.feeds import test_feed_bytes as t;"
        "sys.stdout.buffer.write(t._feed() + t._feed(t.TOWNSHIP))"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, check=True, cwd=root)
    assert done.stdout == _feed() + _feed(TOWNSHIP)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (at(25, 9, month=11), at(1, 0, month=5)),
        (at(28, 0, month=11), at(1, 0, month=6)),  # 180 days before is 1 June
        (at(27, 23, month=11), at(1, 0, month=5)),
    ],
)
def test_window_reaches_back_180_days_in_whole_months(now, start):
    assert window_start(now) == start
    assert window_start(now.astimezone(dt.UTC)) == start
    assert window_moved(start) <= now


def test_window_leaves_out_what_is_older_and_nothing_ahead():
    old = duty(1, start=SINCE - dt.timedelta(hours=3), end=SINCE - dt.timedelta(hours=1))
    first = duty(2, start=SINCE, end=SINCE + dt.timedelta(hours=1))
    ahead = duty(3, start=at(1, 9, year=2036), end=at(1, 12, year=2036))
    assert column(_feed(PERSON, old, first, ahead), "UID") == column(
        _feed(PERSON, first, ahead), "UID"
    )
    assert len(parsed(_feed(PERSON, old, first, ahead))) == 2


def test_events_with_one_identity_are_refused():
    with pytest.raises(ValueError, match=r"^duplicate_uid "):
        _feed(PERSON, duty(1), duty(1, start=at(1, 10)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": dt.datetime(2026, 12, 1, 9)}, "time_naive"),
        ({"last_modified": dt.datetime(2026, 12, 1, 9)}, "time_naive"),
        ({"end": at(1, 9)}, "event_backwards"),
        ({"sequence": -1}, "event_backwards"),
        ({"link": "javascript:alert(1)"}, "bad_link"),
        ({"link": "https://a.cn/\r\nATTENDEE:x"}, "bad_link"),
        ({"link": "https://a.cn/ b"}, "bad_link"),
    ],
)
def test_event_that_no_client_could_show_is_refused(changes, code):
    with pytest.raises(ValueError, match=f"^{code} "):
        duty(1, **changes)


@pytest.mark.parametrize(
    "number", [MOBILE, "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００"]
)
def test_no_calendar_tells_a_mobile_number_wherever_it_was_typed(number):
    names = ("person_name", "what", "where", "place", "mode", "day", "notice")
    fields = dict.fromkeys(names, f"甲{number}乙")
    people = {"crew": (number,), "alternates": (number,), "phone": number}
    for target in (PERSON, SITE, TOWNSHIP):
        text = "".join(unfolded(_feed(target, duty(1, **fields, **people))))
        assert re.search(r"1[3-9]\d[\s-]*\d{4}[\s-]*\d{4}", text) is None
        assert "（号码不公开）" in text


NAMED = ("person_name", "what", "where", "place", "mode", "day", "notice")
HOSTILE = (
    "例\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "例\nATTENDEE:mailto:a@example.org",
    "例\rX-A:1",
    "例\u2028甲\x85乙\x0b丙\x00丁\u202e戊",
    "甲\\nEND:VEVENT",
    "甲;X-A=1:,ATTENDEE:mailto:a@example.org",
    '"甲":\\,\\;\\\\',
    "𠮷" * 60,
    "律" * 80,
    "e\u0301👩" * 20,
    "例\ud800",
)


def _shape(content: bytes) -> list[str]:
    return [re.split("[:;]", line)[0] for line in unfolded(content)]


def _hostile(text: str, field: str) -> FeedEvent:
    return duty(1, **{field: (text,) if field in {"crew", "alternates"} else text})


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", [*NAMED, "crew", "alternates", "phone"])
def test_a_name_changes_nothing_but_the_texts(text, field):
    for target in (PERSON, SITE, TOWNSHIP):
        named = replace(target, name=text)
        content = _bytes(named, [_hostile(text, field)], SINCE)
        usual = _bytes(target, [_hostile("例", field)], SINCE)
        assert _shape(content) == _shape(usual)
        lines = content.split(b"\r\n")
        assert max(len(line) for line in lines) <= 75
        assert [line for line in lines if b"\n" in line or b"\r" in line] == []
        for read in READERS:
            assert [found[:2] for found in read(content)] == [(at(1, 9), at(1, 12))]


@given(st.text(max_size=80), st.sampled_from([*NAMED, "crew", "alternates"]))
def test_any_text_in_any_field_keeps_the_shape_of_the_calendar(text, field):
    content = _bytes(PERSON, [_hostile(f"例{text}", field)], SINCE)
    usual = _bytes(PERSON, [_hostile("例", field)], SINCE)
    assert _shape(content) == _shape(usual)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


@pytest.mark.parametrize("text", ["甲;乙,丙:丁", '"甲"', "a\\b", "律" * 60])
def test_name_is_read_back_as_it_was_written(text):
    content = _bytes(replace(PERSON, name=text), [duty(1, place=text)], SINCE)
    assert column(content, "LOCATION") == [text]
    assert vobject.readOne(content.decode()).vevent.location.value == text
    assert vobject.readOne(content.decode()).x_wr_calname.value == f"{text} 值班日历"


def test_feed_and_file_of_one_roster_have_the_same_events():
    duties = (
        Duty(post="Z001-咨询", date=dt.date(2026, 12, 1), part="am", person="L001"),
        Duty(post="Z001-咨询", date=dt.date(2026, 12, 1), part="am", person="L002", standby=True),
    )
    visits = (Visit(village="410105001001", date=dt.date(2026, 12, 8), part="pm", person="L001"),)
    instance, roster = tiny_instance(), Roster(month="2026-12", duties=duties, visits=visits)
    events = planned_events(instance, roster, STAMP)
    mine = [event for event in events if event.person == "410105/L001"]
    person = Target(TargetKind.PERSON, "L001", "例甲")
    written = FeedWriter(instance, roster, STAMP)
    assert _bytes(person, mine, SINCE) == written.person("L001")
    site = Target(TargetKind.SITE, "Z001", instance.site_by_id["Z001"].name)
    there = [event for event in events if "410105/Z001" in event.sites]
    file = written.site("Z001")
    assert column(_bytes(site, there, SINCE), "UID") == column(file, "UID")
    assert {event.township for event in events} == {"410105001"}
    village = Target(TargetKind.VILLAGE, "410105001001", "示例一社区")
    visited = entries_of(
        village, [event for event in events if event.village == f"410105/{village.id}"]
    )
    assert len(visited) == 1
