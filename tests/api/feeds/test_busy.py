from __future__ import annotations

import datetime as dt
import time

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from api.feeds.busy import busy_leave, read_busy
from api.feeds.busy_spans import CalendarLimits
from models.instance import Settings
from models.issues import InputError
from models.vocabulary import LeaveKind, Part
from solver.profiles import load_rules
from solver.solve import solve
from tests.api.feeds.events import CHINA
from tests.factories import tiny_content, tiny_instance

SETTINGS = Settings(name="示例县", area="410105", month="2026-12")
SECRET = "离婚案开庭"
SHANGHAI_HOURS = "DTSTART:20261201T010000Z\nDTEND:20261201T030000Z"  # 09:00–11:00


def _calendar(*events: str, before: str = "", kind: str = "VEVENT") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//ZH", *before.split("\n")]
    for number, event in enumerate(events):
        lines += [f"BEGIN:{kind}", *event.split("\n")]
        lines += [] if "UID:" in event else [f"UID:{number}"]
        lines += [f"SUMMARY:{SECRET}", f"DESCRIPTION:{SECRET}", f"END:{kind}"]
    text = "\r\n".join(line for line in [*lines, "END:VCALENDAR"] if line)
    return f"{text}\r\n".encode()


def _leave(content: bytes, **changes: object) -> list[tuple[int, int, str | None]]:
    """Return first and last day of December and part of each leave."""
    rows = busy_leave(content, "L001", "2026-12", SETTINGS, **changes)  # type: ignore[arg-type]
    assert {(row.person, row.kind) for row in rows} <= {("L001", LeaveKind.BUSY)}
    for row in rows:
        assert f"{row.first:%Y-%m} {row.last:%Y-%m}" == "2026-12 2026-12"
    return [(row.first.day, row.last.day, row.part and row.part.value) for row in rows]


def _codes(content: bytes, limits: CalendarLimits | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        busy_leave(content, "L001", "2026-12", SETTINGS, limits)
    for issue in caught.value.issues:
        assert all((issue.zh, issue.en, issue.mend_zh, issue.mend_en))
        assert SECRET not in issue.lines()
    return [(issue.code, issue.cell) for issue in caught.value.issues]


def _skipped(content: bytes) -> list[tuple[str, str]]:
    issues = read_busy(content, "L001", "2026-12", SETTINGS).issues
    for issue in issues:
        assert all((issue.zh, issue.en, issue.mend_zh, issue.mend_en))
        assert SECRET not in issue.lines()
    return [(issue.code, issue.cell) for issue in issues]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (SHANGHAI_HOURS, [(1, 1, "am")]),
        ("DTSTART;TZID=Asia/Shanghai:20261201T090000\nDURATION:PT1H", [(1, 1, "am")]),
        ("DTSTART;TZID=China Standard Time:20261201T140000\nDURATION:PT1H", [(1, 1, "pm")]),
        ("DTSTART:20261201T090000\nDTEND:20261201T100000", [(1, 1, "am")]),  # floating
        ("DTSTART;TZID=America/New_York:20261201T203000\nDURATION:PT1H", [(2, 2, "am")]),
        ("DTSTART:20261201T090000\nDTEND:20261201T170000", [(1, 1, None)]),
        ("DTSTART:20261201T210000\nDURATION:PT1H", [(1, 1, "night")]),
        ("DTSTART:20261202T010000\nDURATION:PT1H", [(2, 2, None)]),
        ("DTSTART:20261201T120000\nDTEND:20261201T140000", [(1, 1, None)]),  # between the parts
        ("DTSTART:20261201T115900\nDTEND:20261201T140100", [(1, 1, None)]),
        ("DTSTART:20261201T100000", []),  # takes no time
        ("DTSTART;VALUE=DATE:20261201", [(1, 1, None)]),
        ("DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261204", [(1, 3, None)]),
        ("DTSTART;VALUE=DATE:20261101\nDTEND;VALUE=DATE:20270201", [(1, 31, None)]),
        ("DTSTART;VALUE=DATE:20261130\nDURATION:P2D", [(1, 1, None)]),
        ("DTSTART:20261130T200000\nDTEND:20261201T090100", [(1, 1, "am")]),
        ("DTSTART:20261231T210000\nDTEND:20270101T090000", [(31, 31, "night")]),
        ("DTSTART:20270101T030000\nDURATION:PT1H", [(31, 31, "night")]),
        ("DTSTART;VALUE=DATE:20270101", []),
        ("DTSTART;VALUE=DATE:20261130", []),
        ("DTSTART:19000101T000000\nDTEND:99991231T000000", [(1, 31, None)]),
        (f"{SHANGHAI_HOURS}\nTRANSP:TRANSPARENT", []),
        (f"{SHANGHAI_HOURS}\nTRANSP:transparent", []),
        (f"{SHANGHAI_HOURS}\nTRANSP:OPAQUE\nSTATUS:CONFIRMED", [(1, 1, "am")]),
        (f"{SHANGHAI_HOURS}\nSTATUS:CANCELLED", []),
        (f"{SHANGHAI_HOURS}\nSTATUS:TENTATIVE", [(1, 1, "am")]),
    ],
)
def test_event_takes_its_days_and_names_the_part_it_lies_in(event, expected):
    assert _leave(_calendar(event)) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["DTSTART:20261201T093000\nDURATION:PT1H"], [(1, "09:30", "10:30")]),
        (["DTSTART:20261201T093030\nDURATION:PT1H"], [(1, "09:30", "10:31")]),
        (["DTSTART:20261201T113000\nDTEND:20261201T143000"], [(1, "11:30", "14:30")]),
        (
            ["DTSTART:20261201T220000\nDTEND:20261202T013000"],
            [(1, "22:00", "00:00"), (2, "00:00", "01:30")],
        ),
        (
            ["DTSTART:20261201T220000\nDTEND:20261204T060000"],
            [(1, "22:00", "00:00"), (2, None, None), (4, "00:00", "06:00")],
        ),
        (
            ["DTSTART:20261201T090000\nDURATION:PT1H", "DTSTART:20261201T101400\nDURATION:PT1H"],
            [(1, "09:00", "11:14")],
        ),
        (
            ["DTSTART:20261201T090000\nDURATION:PT1H", "DTSTART:20261201T101500\nDURATION:PT1H"],
            [(1, "09:00", "10:00"), (1, "10:15", "11:15")],
        ),
        (
            ["DTSTART:20261201T090000\nDURATION:PT1H", "DTSTART;VALUE=DATE:20261201"],
            [(1, None, None)],
        ),
        (["DTSTART:20261231T210000\nDTEND:20270101T090000"], [(31, "21:00", "00:00")]),
        (["DTSTART:20261130T210000\nDTEND:20261201T003000"], [(1, "00:00", "00:30")]),
    ],
)
def test_events_keep_their_hours(events, expected):
    rows = busy_leave(_calendar(*events), "L001", "2026-12", SETTINGS)
    assert [(row.first.day, row.start, row.end) for row in rows] == expected


def test_a_duty_beside_an_event_of_the_same_morning_can_be_held():
    post = tiny_content()["posts"][0] | {"parts": ["am"], "start": "10:00", "end": "12:00"}
    post |= {"recurrence": "2026-12-01", "holiday": "keep"}
    people = tiny_content()["people"][:1]
    for end, held in (("095900", 1), ("100000", 1), ("100100", 0)):
        event = f"DTSTART:20261201T083000\nDTEND:20261201T{end}"
        leave = busy_leave(_calendar(event), "L001", "2026-12", SETTINGS)
        rows = [row.model_dump(mode="json") for row in leave]
        instance = tiny_instance(people=people, villages=[], posts=[post], leave=rows)
        roster = solve(instance, load_rules("default")).roster
        assert sum(duty.person == "L001" for duty in roster.duties) == held


def test_events_of_one_day_and_equal_days_in_a_row_are_one_leave():
    events = [f"DTSTART:202612{day:02d}T090000\nDURATION:PT1H" for day in (1, 2, 3, 7)]
    events += ["DTSTART:20261201T093000\nDURATION:PT30M", "DTSTART:20261202T150000\nDURATION:PT1H"]
    events += ["DTSTART;VALUE=DATE:20261209", "DTSTART;VALUE=DATE:20261210"]
    assert _leave(_calendar(*events)) == [
        (1, 3, "am"),
        (2, 2, "pm"),
        (7, 7, "am"),
        (9, 10, None),
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("RRULE:FREQ=WEEKLY;BYDAY=MO", [7, 14, 21, 28]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=60", [8, 22]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261214T010000Z", [7, 14]),  # 09:00 of the 14th
        ("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261214T005959Z", [7]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261214", [7, 14]),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", [25]),
        ("RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8", [8]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO\nEXDATE:20261207T090000,20261221T010000Z", [14, 28]),
        (
            "RRULE:FREQ=WEEKLY;BYDAY=MO\nEXDATE;VALUE=DATE:20261207\nEXDATE:20261214T090000",
            [21, 28],
        ),
        ("RDATE:20261203T090000,20261205T010000Z", [3, 5]),
        ("RDATE;VALUE=PERIOD:20261203T010000Z/PT1H,20261210T010000Z/20261210T020000Z", [3, 10]),
        ("RRULE:FREQ=DAILY;UNTIL=20251231", []),
    ],
)
def test_recurrences_are_told_on_their_days(event, expected):
    start = "DTSTART:20260106T090000\nDURATION:PT1H\n"
    assert _leave(_calendar(start + event)) == [(day, day, "am") for day in expected]


def test_recurrence_keeps_the_clock_of_its_own_zone_over_a_change_of_time():
    event = "DTSTART;TZID=Europe/Berlin:20260701T033000\nDURATION:PT1H\nRRULE:FREQ=MONTHLY"
    july = busy_leave(_calendar(event), "L001", "2026-07", SETTINGS)
    assert [(row.first.day, row.part) for row in july] == [(1, Part.AM)]  # 09:30 in Shanghai
    assert _leave(_calendar(event)) == [(1, 1, "am")]  # 10:30


def test_moved_and_cancelled_occurrences_replace_those_of_the_rule():
    series = "UID:s\nDTSTART:20261207T010000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    moved = "UID:s\nRECURRENCE-ID:20261214T090000\nDTSTART:20261215T140000\nDURATION:PT1H"
    gone = "UID:s\nRECURRENCE-ID:20261221T010000Z\nDTSTART:20261221T010000Z\nSTATUS:CANCELLED"
    assert _leave(_calendar(moved, series, gone)) == [(7, 7, "am"), (15, 15, "pm")]


def test_zone_that_the_file_itself_describes_is_understood():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Own/Zone\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0000\nTZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE"
    )
    event = "DTSTART;TZID=Own/Zone:20261201T010000\nDURATION:PT1H"
    assert _leave(_calendar(event, before=zone)) == [(1, 1, "am")]


def test_free_busy_table_is_read_too():
    table = (
        "DTSTART:20261201T000000Z\nFREEBUSY:20261201T010000Z/20261201T020000Z,"
        "20261202T060000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20261203T010000Z/PT1H"
    )
    assert _leave(_calendar(table, kind="VFREEBUSY")) == [(1, 1, "am"), (2, 2, "pm")]


def test_leave_tells_nothing_of_the_event():
    (row,) = busy_leave(_calendar(SHANGHAI_HOURS), "L001", "2026-12", SETTINGS)
    assert row.model_dump(mode="json", exclude_none=True) == {
        "person": "L001",
        "first": "2026-12-01",
        "last": "2026-12-01",
        "part": "am",
        "start": "09:00",
        "end": "11:00",
        "kind": "busy",
    }


def test_file_of_an_older_chinese_program_is_read():
    content = _calendar(SHANGHAI_HOURS).decode().encode("gb18030")
    assert _leave(content) == _leave(b"\xef\xbb\xbf" + _calendar(SHANGHAI_HOURS)) == [(1, 1, "am")]


def test_calendar_without_events_means_no_leave():
    assert _leave(_calendar()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\x00\xff" * 100,
        b"PK\x03\x04",
        b"/etc/passwd",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261201T090000\r\n",
        b"END:VCALENDAR\r\n",
        b"<html><body>login</body></html>",
    ],
)
def test_file_that_is_no_calendar_is_refused(content):
    assert _codes(content) == [("busy_no_calendar", "")]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("DURATION:PT1H", "busy_unreadable"),
        ("DTSTART:2026130109", "busy_unreadable"),
        ("DTSTART:20261201T090000\nDTSTART:20261202T090000", "busy_unreadable"),
        ("DTSTART:20261201T090000\nDTEND:whenever", "busy_unreadable"),
        (f"{SHANGHAI_HOURS}\nRRULE:FREQ=NEVER", "busy_unreadable"),
        (f"{SHANGHAI_HOURS}\nRRULE:COUNT=3", "busy_unreadable"),
        ("DTSTART:20261201T090000\nDTEND:20261201T080000", "busy_times"),
        ("DTSTART:20261201T090000\nDTEND;VALUE=DATE:20261202", "busy_times"),
        ("DTSTART:20261201T090000\nDURATION:-PT1H", "busy_times"),
        ("DTSTART;TZID=Nowhere/Else:20261201T090000", "busy_zone"),
        (f"{SHANGHAI_HOURS}\nRRULE:FREQ=SECONDLY", "busy_rule"),
        (f"{SHANGHAI_HOURS}\nRRULE:FREQ=HOURLY;COUNT=2", "busy_rule"),
        (f"{SHANGHAI_HOURS}\nRRULE:FREQ=DAILY;INTERVAL=0;BYMONTH=2", "busy_rule"),
        ("DTSTART:20261201T090000\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261201T090000", "busy_rule"),
    ],
)
def test_event_that_cannot_be_read_is_skipped_and_told_by_its_day(event, code):
    told = _skipped(_calendar(SHANGHAI_HOURS, event))
    day = "2026-12-01 " if "DTSTART" in event and "2026130109" not in event else ""
    day = "" if event.count("DTSTART") > 1 else day
    assert told == [(code, f"{day}第 2 个日程 event 2")]
    assert _leave(_calendar(SHANGHAI_HOURS, event)) == [(1, 1, "am")]


def test_every_bad_event_is_told_at_once():
    bad = _calendar(
        "DURATION:PT1H", SHANGHAI_HOURS, "DTSTART:x", f"{SHANGHAI_HOURS}\nRRULE:FREQ=HOURLY"
    )
    assert [cell for _, cell in _skipped(bad)] == [
        "第 1 个日程 event 1",
        "第 3 个日程 event 3",
        "2026-12-01 第 4 个日程 event 4",
    ]


def test_what_lies_provably_outside_the_month_is_counted_alone():
    old = (
        "DTSTART:20150301T100000Z\nDTEND:20150301T090000Z",
        "DTSTART;VALUE=DATE:20200101\nDTEND:20200101T050001Z",
        "DTSTART;TZID=Foo/Bar:20150301T100000\nDTEND;TZID=Foo/Bar:20150301T110000",
        "DTSTART:20150301T100000Z\nRRULE:FREQ=HOURLY;UNTIL=20150302T000000Z",
        "DTSTART:20270301T100000Z\nRRULE:FREQ=HOURLY",
    )
    read = read_busy(_calendar(SHANGHAI_HOURS, *old), "L001", "2026-12", SETTINGS)
    assert (len(read.leave), read.skipped, read.issues) == (1, 5, ())


def test_an_event_that_repeats_for_ages_costs_itself_alone():
    ages = "DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY"
    assert _skipped(_calendar(ages, SHANGHAI_HOURS))[0][0] == "busy_too_much"
    assert _leave(_calendar(ages, SHANGHAI_HOURS)) == [(1, 1, "am")]


def test_a_moved_occurrence_that_cannot_be_read_leaves_the_rule_as_it_is():
    series = f"UID:s\n{SHANGHAI_HOURS}\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "UID:s\nRECURRENCE-ID:20261202T010000Z\nDTSTART:20261205T010000Z\nDURATION:-PT1H"
    assert _leave(_calendar(moved, series)) == [(1, 2, "am")]


WHOLE = [(8, 8, None)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;VALUE=DATE:20261208\nDTEND;VALUE=DATE:20261208", WHOLE),
        ("DTSTART;VALUE=DATE:20261208\nDURATION:P0D", WHOLE),
        ("DTSTART;VALUE=DATE:20261208\nDURATION:PT0S", WHOLE),
        ("DTSTART;VALUE=DATE:20261208\nDTEND;VALUE=DATE:20261208\nRRULE:FREQ=WEEKLY;COUNT=2",
         [*WHOLE, (15, 15, None)]),
        ("DTSTART;TZID=Asia/Shanghai:20261208T000000\nDTEND;TZID=Asia/Shanghai:20261208T000000", WHOLE),
        ("DTSTART:20261208T000000\nDTEND:20261209T000000", WHOLE),
        ("DTSTART:20261207T160000Z\nDTEND:20261208T160000Z", WHOLE),
        ("DTSTART:20261208T000000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20261209T000000", WHOLE),
        ("DTSTART:20261208T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE", WHOLE),
        ("DTSTART:20261208T000000", []),
        ("DTSTART:20261208T100000\nDTEND:20261208T100000", []),
        ("DTSTART;VALUE=DATE:20251208\nRRULE:RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD", WHOLE),
        ("DTSTART;VALUE=DATE:20261008\nRRULE:RSCALE=GREGORIAN;FREQ=MONTHLY", WHOLE),
    ],
)  # fmt: skip
def test_whole_days_in_every_spelling(event, expected):
    assert _leave(_calendar(event)) == expected


@pytest.mark.parametrize(
    ("skip", "day"), [("BACKWARD", (30, 30)), ("FORWARD", (1, 1)), ("OMIT", None)]
)
def test_days_that_a_month_lacks_are_skipped_as_the_rule_says(skip, day):
    rule = f"DTSTART;VALUE=DATE:20261031\nRRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=2;SKIP={skip}"
    month = "2026-11" if skip == "BACKWARD" else "2026-12"
    rows = busy_leave(_calendar(rule), "L001", month, SETTINGS)
    found = [(row.first.day, row.last.day) for row in rows]
    assert found == ([day] if day else [(31, 31)])


@pytest.mark.parametrize(
    "rule", ["RSCALE=CHINESE;FREQ=YEARLY", "FREQ=LUNAR_YEARLY;BYMONTH=10;BYMONTHDAY=8"]
)
def test_lunar_repetition_is_skipped_with_words_that_name_it(rule):
    content = _calendar(SHANGHAI_HOURS, f"DTSTART;VALUE=DATE:20251127\nRRULE:{rule}")
    read = read_busy(content, "L001", "2026-12", SETTINGS)
    assert [(i.code, "农历" in i.zh, "lunar" in i.en) for i in read.issues] == [
        ("busy_lunar", True, True)
    ]
    assert len(read.leave) == 1


@pytest.mark.parametrize(
    "zone",
    [
        "GMT+0800", "GMT+08:00", '"GMT+08:00"', "GMT+8", "UTC+8", "UTC+08:00", "UTC+0800", "+08:00",
        '"(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi"', "(GMT+08.00) Beijing", "北京时间",
        "中国标准时间", "Asia/Beijing", "PRC", "Asia/Chongqing", "China Standard Time", "Etc/GMT-8",
        "/freeassociation.sourceforge.net/Asia/Shanghai", "/softwarestudio.org/20070227_1/Asia/Shanghai",
    ],
)  # fmt: skip
def test_the_clock_of_beijing_has_many_names(zone):
    event = f"DTSTART;TZID={zone}:20261208T090000\nDTEND;TZID={zone}:20261208T110000"
    assert _leave(_calendar(event)) == [(8, 8, "am")]


@pytest.mark.parametrize(
    ("zone", "part"), [("GMT+0200", "pm"), ("UTC-5", "night"), ("GMT+09:00", "am")]
)
def test_other_offsets_are_reckoned(zone, part):
    event = f"DTSTART;TZID={zone}:20261208T100000\nDURATION:PT10M"
    assert [found[2] for found in _leave(_calendar(event))] == [part]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (CalendarLimits(most_bytes=100), "busy_size"),
        (CalendarLimits(events=2), "busy_too_much"),
        (CalendarLimits(occurrences=30), "busy_too_much"),
        (CalendarLimits(seconds=0), "busy_too_much"),
    ],
)
def test_calendar_over_a_limit_is_refused(limits, code):
    content = _calendar(*["DTSTART:20261201T090000\nRRULE:FREQ=DAILY"] * 3)
    assert {found for found, _ in _codes(content, limits)} == {code}
    assert _leave(content) == []


def test_rule_that_repeats_every_minute_ends_soon():
    minutes = ",".join(map(str, range(60)))
    hours = ",".join(map(str, range(24)))
    rule = f"RRULE:FREQ=DAILY;BYHOUR={hours};BYMINUTE={minutes};BYSECOND={minutes}"
    begin = time.process_time()
    assert _codes(_calendar(*[f"DTSTART:19700101T000000\n{rule}"] * 50)) == [
        ("busy_too_much", "第 1 个日程 event 1")
    ]
    assert time.process_time() - begin < 6


_RULES = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]), "INTERVAL": st.integers(1, 5)},
    optional={
        "BYDAY": st.sampled_from(["MO", "TU,TH", "SA,SU"]),
        "BYMONTHDAY": st.sampled_from(["1", "15", "-1", "8,18,28"]),
        "COUNT": st.integers(1, 400),
    },
).filter(lambda rule: not (rule["FREQ"] == "WEEKLY" and "BYMONTHDAY" in rule))


@given(_RULES, st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2026, 12, 31)), st.integers(1, 80))
def test_recurrences_agree_with_an_independent_reader(rule, start, hours):
    start = start.replace(microsecond=0, second=0)
    text = ";".join(f"{name}={value}" for name, value in rule.items())
    content = _calendar(
        f"DTSTART;TZID=Asia/Shanghai:{start:%Y%m%dT%H%M%S}\nDURATION:PT{hours}H\nRRULE:{text}"
    )
    first, last = (dt.datetime(2026, 12, 1, tzinfo=CHINA), dt.datetime(2027, 1, 1, 8, tzinfo=CHINA))
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(content))
    singles = [
        f"DTSTART:{event.start.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}\n"
        f"DTEND:{event.end.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        for event in query.between(first, last)
    ]
    assert _leave(content) == _leave(_calendar(*singles))


_LINES = st.builds(
    "{}{}:{}".format,
    st.sampled_from(
        [
            "DTSTART",
            "DTEND",
            "DURATION",
            "RRULE",
            "RDATE",
            "EXDATE",
            "RECURRENCE-ID",
            "UID",
            "STATUS",
            "TRANSP",
            "BEGIN",
            "END",
        ]
    ),
    st.sampled_from(
        ["", ";VALUE=DATE", ";TZID=Asia/Shanghai", ";TZID=X", ";VALUE=PERIOD", ";RANGE=", ";A"]
    ),
    st.sampled_from(
        [
            "20261201T090000",
            "20261201",
            "20261201T010000Z",
            "PT1H",
            "P1D",
            "-P1W",
            "P99999999W",
            "00010101T000000Z",
            "99991231T235959Z",
            "20261201T010000Z/PT1H",
            "FREQ=DAILY",
            "FREQ=WEEKLY;COUNT=2",
            "FREQ=DAILY;UNTIL=x",
            "FREQ=DAILY;BYDAY=9XX",
            "FREQ=MONTHLY;BYSETPOS=0",
            "COUNT=2",
            "VEVENT",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=DAILY;UNTIL=20261231T000000",
            "VALARM",
            "1",
            "x",
            "a,b",
            "250000",
        ]
    )
    | st.text(max_size=12),
)


@settings(max_examples=100)
@given(st.lists(_LINES, max_size=6), st.lists(_LINES, max_size=3))
def test_any_file_gives_leave_or_issues(first, second):
    content = _calendar("\n".join(["DTSTART:20261201T090000", *first]), "\n".join(second))
    found: object
    try:
        found = _leave(content)
    except InputError as error:
        found = [issue.code for issue in error.issues] or None
    assert isinstance(found, list)
