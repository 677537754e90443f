from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import icalendar
import ics
import pytest
import recurring_ical_events
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.formats.feeds.feed import FeedWriter
from models.instance import Instance
from models.people import Person
from models.roster import Duty, Roster, Visit
from tests.factories import tiny_content, tiny_instance

# People, places and numbers are made up. The licence and mobile numbers must not leak.
MOBILE, LICENCE = "13800138000", "14101202600000001"
STAMP = dt.datetime(2026, 11, 25, 8, 30, tzinfo=dt.UTC)
CHINA = dt.timezone(dt.timedelta(hours=8))


def _instance(**changes: Any) -> Instance:
    content = tiny_content()
    secrets = {"mobile": MOBILE, "licence_no": LICENCE}
    content["people"] = [person | secrets for person in content["people"]]
    content["sites"][1] |= {
        "phone": "0371-0000001",
        "villages": ["410105001001", "410105001002"],
    }
    content["villages"][0] |= {"market": "逢8", "phone": "0371-0000002"}
    content["posts"][0] |= {"name": "热线岗", "mode": "on_call", "serves": ["Z002"]}
    content["posts"][1] |= {"name": "法律咨询岗", "standby": 1}
    content["posts"] += [content["posts"][1] | {"id": "Z001-夜间", "parts": ["night"]}]
    return tiny_instance(**(content | {"settings": {"notice": "人员虚构"}} | changes))


def _duty(post: str, day: int, part: str, person: str, standby: bool = False) -> Duty:
    date = dt.date(2026, 12, day)
    return Duty(post=post, date=date, part=part, person=person, standby=standby)


def _visit(village: str, day: int, person: str, lecture: bool = False, part: str = "pm") -> Visit:
    date = dt.date(2026, 12, day)
    return Visit(village=village, date=date, part=part, person=person, lecture=lecture)


DUTIES = (
    _duty("Z001-咨询", 1, "am", "L001"),
    _duty("Z001-咨询", 1, "am", "L002", standby=True),
    _duty("Z001-咨询", 3, "am", "L002"),
    _duty("Z001-咨询", 3, "am", "L003"),
    _duty("Z000-咨询", 2, "pm", "L001"),
    _duty("Z001-夜间", 31, "night", "L001"),
)
VISITS = (
    _visit("410105001001", 8, "L001"),
    _visit("410105001002", 9, "L001", lecture=True),
    _visit("410105002001", 9, "L003"),
)


def _roster(duties: tuple[Duty, ...] = DUTIES, visits: tuple[Visit, ...] = VISITS) -> Roster:
    return Roster(month="2026-12", duties=duties, visits=visits)


def _person(person: str = "L001", **changes: Any) -> bytes:
    instance, roster = changes.pop("instance", _instance()), changes.pop("roster", _roster())
    return FeedWriter(instance, roster, STAMP, **changes).person(person)


def _site(site: str = "Z001", **changes: Any) -> bytes:
    instance, roster = changes.pop("instance", _instance()), changes.pop("roster", _roster())
    return FeedWriter(instance, roster, STAMP, **changes).site(site)


def _events(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def _column(content: bytes, name: str) -> list[str]:
    return [str(event[name]) for event in _events(content)]


def _unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def _read_icalendar(content: bytes) -> list[dt.datetime]:
    return [event["DTSTART"].dt for event in _events(content)]


def _read_ics(content: bytes) -> list[dt.datetime]:
    return [event.begin.datetime for event in ics.Calendar(content.decode()).events]


def _read_vobject(content: bytes) -> list[dt.datetime]:
    events = vobject.readOne(content.decode()).contents.get("vevent", [])
    return [event.dtstart.value for event in events]


def _read_recurring(content: bytes) -> list[dt.datetime]:
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(content))
    found = query.between(dt.datetime(2026, 12, 1), dt.datetime(2027, 1, 2))
    return [event["DTSTART"].dt for event in found]


READERS = [_read_icalendar, _read_ics, _read_vobject, _read_recurring]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("calendar", "subject", "starts"),
    [
        (_person, "L001", ["01 09", "02 14", "08 14", "09 14", "31 20"]),
        (_person, "L002", ["01 09", "03 09"]),
        (_person, "L004", []),
        (_site, "Z001", ["01 09", "03 09", "08 14", "09 14", "31 20"]),
    ],
    ids=["adviser", "colleague", "idle", "station"],
)
def test_every_reader_finds_the_same_events(read, calendar, subject, starts):
    expected = [
        dt.datetime(2026, 12, int(text[:2]), int(text[3:]), tzinfo=CHINA) for text in starts
    ]
    found = read(calendar(subject))
    assert {moment.utcoffset() for moment in found} <= {dt.timedelta(hours=8)}
    assert sorted(found) == expected


def test_night_duty_ends_on_the_next_day():
    night = _events(_person())[-1]
    assert night["DTEND"].dt == dt.datetime(2027, 1, 1, 8, tzinfo=CHINA)


def test_persons_calendar_tells_duties_visits_and_lectures_in_chinese():
    assert _column(_person(), "SUMMARY") == [
        "值班 法律咨询岗 · 示例东街道公共法律服务工作站",
        "值班 热线岗 · 示例县公共法律服务中心",
        "走访 示例一社区（赶集日）",
        "讲座 示例二社区",
        "值班 法律咨询岗 · 示例东街道公共法律服务工作站",
    ]
    assert _column(_person("L002"), "SUMMARY")[0].startswith("备班 法律咨询岗 · ")


def test_sites_calendar_has_one_event_per_slot_and_the_visits_to_its_villages():
    assert _column(_site(), "SUMMARY") == [
        "值班 法律咨询岗 · 例甲",
        "值班 法律咨询岗 · 例乙、例丙",
        "走访 示例一社区（赶集日） · 例甲",
        "讲座 示例二社区 · 例甲",
        "值班 法律咨询岗 · 例甲",
    ]


def test_remote_post_stands_in_the_calendars_of_the_sites_it_serves():
    assert _column(_site("Z002"), "SUMMARY") == ["值班 热线岗 · 例甲"]
    assert _column(_site("Z002"), "UID") == _column(_site("Z000"), "UID")


def test_remote_duty_tells_its_link_to_holder_alternate_and_both_sites():
    link = "https://meeting.example.cn/j/1?pwd=x"
    posts = [
        post | {"mode": "remote", "remote_link": link} if post["id"] == "Z000-咨询" else post
        for post in _instance().model_dump(mode="json")["posts"]
    ]
    alternate = _duty("Z000-咨询", 2, "pm", "L002", standby=True)
    given = {"instance": _instance(posts=posts), "roster": _roster((*DUTIES, alternate), ())}
    calendars = (_person("L001", **given), _person("L002", **given), _site("Z000", **given))
    for content in (*calendars, _site("Z002", **given)):
        (event,) = [event for event in _events(content) if "URL" in event]
        told = {name: str(event[name]) for name in ("URL", "CONFERENCE", "LOCATION")}
        place = f"示例县公共法律服务中心 {link}"
        assert told == {"URL": link, "CONFERENCE": link, "LOCATION": place}
        assert "值班 On duty：例甲\n备班 Standby：例乙" in str(event["DESCRIPTION"])


def test_place_is_told_with_its_township_once():
    assert _column(_person(), "LOCATION") == [
        "示例东街道公共法律服务工作站",
        "示例县公共法律服务中心",
        "示例东街道 示例一社区",
        "示例东街道 示例二社区",
        "示例东街道公共法律服务工作站",
    ]


def test_description_tells_the_crew_and_the_office_phone():
    first, *_ = _column(_person(), "DESCRIPTION")
    assert first.split("\n") == [
        "岗位 Post：法律咨询岗",
        "方式 Mode：现场 On site",
        "值班 On duty：例甲",
        "备班 Standby：例乙",
        "电话 Phone：0371-0000001",
        "说明 Note：人员虚构",
    ]
    visit = _column(_person(), "DESCRIPTION")[2]
    assert visit.split("\n") == [
        "内容 Service：走访 Visit",
        "法律顾问 Adviser：例甲",
        "赶集日 Market day：是 Yes",
        "电话 Phone：0371-0000002",
        "说明 Note：人员虚构",
    ]


def test_make_up_workday_is_named_in_the_description():
    duty = Duty(post="Z001-咨询", date=dt.date(2026, 10, 10), part="am", person="L001")
    (text,) = _column(_person(roster=_roster((duty,), ())), "DESCRIPTION")
    assert "日期 Day：国庆节补班" in text.split("\n")


def test_no_calendar_tells_mobile_or_licence_numbers():
    text = "".join(_unfolded(_person("L001") + _person("L002") + _site("Z001")))
    assert (MOBILE in text, LICENCE in text, "0371-0000001" in text) == (False, False, True)


def test_standby_and_phone_duties_leave_the_time_free():
    assert _column(_person("L001"), "TRANSP") == [
        "OPAQUE",
        "TRANSPARENT",
        "OPAQUE",
        "OPAQUE",
        "OPAQUE",
    ]
    assert _column(_person("L002"), "TRANSP") == ["TRANSPARENT", "OPAQUE"]


def test_calendar_declares_zone_names_and_refresh_and_nothing_that_breaks_clients():
    lines = _unfolded(_person())
    assert lines[:10] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//zhiban//zhiban//ZH",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION:人员虚构",
        "X-WR-CALDESC:人员虚构",
        "NAME:例甲 值班日历",
        "X-WR-CALNAME:例甲 值班日历",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE") + 1]
    assert zone == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:19920101T000000",
        "TZNAME:CST",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    names = {re.split("[:;]", line)[0] for line in lines}
    assert names & {"METHOD", "RRULE", "RDATE", "ORGANIZER", "ATTENDEE"} == set()
    calendar = icalendar.Calendar.from_ical(_person())
    assert "UID" not in calendar


def test_every_event_time_names_the_zone():
    zone, *times = [line for line in _unfolded(_site()) if line.startswith(("DTSTART", "DTEND"))]
    assert zone == "DTSTART:19920101T000000"
    assert {line.split(":")[0] for line in times} == {
        "DTSTART;TZID=Asia/Shanghai",
        "DTEND;TZID=Asia/Shanghai",
    }


@pytest.mark.parametrize("calendar", [_person, _site])
def test_lines_end_with_crlf_and_have_at_most_75_octets(calendar):
    content = calendar()
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert max(len(line) for line in lines) <= 75
    assert [line for line in lines if not line.decode()] == []  # each line is whole UTF-8


def test_same_roster_and_stamp_give_the_same_bytes_in_another_process():
    program = (
        "import sys; sys.path.insert(0, '.');"
        "from tests.models.formats import test_feed as t; sys.stdout.buffer.write(t._person() + t._site())"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, check=True, cwd=root)
    assert done.stdout == _person() + _site()


def test_order_of_rows_does_not_change_the_bytes():
    shuffled = _roster(tuple(reversed(DUTIES)), tuple(reversed(VISITS)))
    assert (_person(roster=shuffled), _site(roster=shuffled)) == (_person(), _site())


def test_stamp_and_sequence_are_written_in_every_event():
    stamp = dt.datetime(2026, 11, 25, 16, 30, 0, 999, tzinfo=CHINA)
    content = FeedWriter(_instance(), _roster(), stamp, sequence=7).person("L001")
    found = {
        (str(event["SEQUENCE"]), event["DTSTAMP"].to_ical(), event["LAST-MODIFIED"].to_ical())
        for event in _events(content)
    }
    assert found == {("7", b"20261125T083000Z", b"20261125T083000Z")}


def test_stamp_without_zone_is_refused():
    with pytest.raises(ValueError, match=r"^stamp_naive "):
        FeedWriter(_instance(), _roster(), dt.datetime(2026, 11, 25))


@pytest.mark.parametrize("calendar", [_person, _site])
def test_unknown_id_is_refused(calendar):
    with pytest.raises(KeyError):
        calendar("nobody")


def test_identities_are_never_shared():
    feed = FeedWriter(_instance(), _roster(), STAMP)
    people = [feed.person(f"L00{number}") for number in (1, 2, 3)]
    uids = [uid for content in [*people, feed.site("Z001")] for uid in _column(content, "UID")]
    assert len(uids) == 5 + 2 + 2 + 5
    assert len(set(uids)) == len(uids)
    assert [uid for uid in uids if not re.fullmatch(r"[0-9a-f-]{36}@zhiban", uid)] == []


def test_identity_stays_when_time_place_and_names_change():
    posts = [
        post.model_copy(update={"start": "10:00", "site": "Z002", "name": "新岗"})
        for post in _instance().posts
    ]
    changed = _person(instance=_instance(posts=posts))
    assert set(_column(changed, "UID")) == set(_column(_person(), "UID"))
    assert _read_icalendar(changed)[0] == dt.datetime(2026, 12, 1, 10, tzinfo=CHINA)


def test_identity_of_a_visit_stays_when_its_day_moves():
    before = _roster((), (_visit("410105001001", 8, "L001"),))
    after = _roster((), (_visit("410105001001", 22, "L001", part="am"),))
    for calendar in (_person, _site):
        assert _column(calendar(roster=after), "UID") == _column(calendar(roster=before), "UID")


def test_hand_over_cancels_for_one_and_creates_for_the_other():
    before = _roster((_duty("Z001-咨询", 1, "am", "L001"),), ())
    after = _roster((_duty("Z001-咨询", 1, "am", "L003"),), ())
    changes = {"roster": after, "cancelled": before.duties, "sequence": 1}
    (gone,) = _events(_person("L001", **changes))
    (taken,) = _events(_person("L003", **changes))
    (slot,) = _events(_site("Z001", **changes))
    assert [str(gone["UID"])] == _column(_person("L001", roster=before), "UID")
    assert str(taken["UID"]) != str(gone["UID"])
    assert [str(slot["UID"])] == _column(_site("Z001", roster=before), "UID")
    assert [event["STATUS"] for event in (gone, taken, slot)] == [
        "CANCELLED",
        "CONFIRMED",
        "CONFIRMED",
    ]
    assert [event["TRANSP"] for event in (gone, taken)] == ["TRANSPARENT", "OPAQUE"]
    assert str(gone["SUMMARY"]).startswith("已取消 值班 法律咨询岗")
    assert str(slot["SUMMARY"]) == "值班 法律咨询岗 · 例丙"


def test_removed_slot_and_visit_are_cancelled_for_their_site():
    removed = (_duty("Z001-咨询", 8, "am", "L001"), _visit("410105001001", 15, "L002"))
    events = _events(_site(cancelled=removed))
    cancelled = [str(event["SUMMARY"]) for event in events if event["STATUS"] == "CANCELLED"]
    assert cancelled == ["已取消 值班 法律咨询岗 · 例甲", "已取消 走访 示例一社区 · 例乙"]
    assert len(events) == 5 + 2
    assert len({event["UID"] for event in events}) == len(events)


def test_row_that_is_still_in_the_roster_is_not_cancelled():
    assert _person(cancelled=(*DUTIES, *VISITS)) == _person()
    assert _site(cancelled=(*DUTIES, *VISITS)) == _site()


def test_duty_of_a_deleted_post_is_still_cancelled_for_its_person():
    removed = (_duty("旧岗", 8, "am", "L004"),)
    (event,) = _events(_person("L004", cancelled=removed))
    assert (str(event["SUMMARY"]), event["STATUS"]) == ("已取消 值班 旧岗", "CANCELLED")
    assert event["DTSTART"].dt == dt.datetime(2026, 12, 8, 9, tzinfo=CHINA)


def test_person_is_on_a_slot_once_though_the_roster_says_it_twice():
    twice = (*DUTIES, _duty("Z001-咨询", 1, "am", "L001", standby=True))
    assert len(_events(_person(roster=_roster(twice)))) == len(_events(_person()))


@pytest.mark.parametrize(
    "bad", ["例\r\nEND:VEVENT", "例\n甲", "例\u2028甲", "例\x85甲", "例\x0b甲"]
)
def test_names_with_line_breaks_do_not_reach_a_calendar(bad):
    with pytest.raises(ValidationError, match="control_characters"):
        Person(id="X", name=bad, kind="lawyer", area="A")


HOSTILE = (
    "甲\\nEND:VEVENT",
    "甲;X-A=1:,ATTENDEE:mailto:a@example.org",
    '"甲":\\,\\;\\\\',
    "BEGIN:VEVENT",
    "甲\\N乙",
    "𠮷" * 40,
    "e\u0301👩" * 20,
)
NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Zl", "Zp", "Cs"]), min_size=1, max_size=80
).map(str.strip)


@settings(max_examples=60, deadline=None)
@given(NAMES.filter(bool) | st.sampled_from(HOSTILE))
def test_hostile_names_change_nothing_but_the_texts(name):
    plain = _instance()
    people = [plain.people[0].model_copy(update={"name": name}), *plain.people[1:]]
    sites = [site.model_copy(update={"name": name}) for site in plain.sites]
    changed = _instance(people=people, sites=sites, settings={"notice": name})
    for calendar in (_person, _site):
        content = calendar(instance=changed)
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        assert [line.decode() for line in content.split(b"\r\n")][-1] == ""
        shape = [re.split("[:;]", line)[0] for line in _unfolded(content)]
        usual = [re.split("[:;]", line)[0] for line in _unfolded(calendar(instance=plain))]
        assert shape == usual
        assert _read_icalendar(content) == _read_icalendar(calendar(instance=plain))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("read", READERS)
def test_every_reader_survives_hostile_names(name, read):
    plain = _instance()
    people = [person.model_copy(update={"name": name}) for person in plain.people]
    sites = [site.model_copy(update={"name": name}) for site in plain.sites]
    content = _site(instance=_instance(people=people, sites=sites))
    assert sorted(read(content)) == sorted(read(_site()))


# icalendar reads a written backslash and N as a line break of the text; harmless, not the same.
@pytest.mark.parametrize("name", [name for name in HOSTILE if "\\N" not in name])
def test_hostile_name_is_read_back_as_it_was_written(name):
    plain = _instance()
    people = [plain.people[0].model_copy(update={"name": name}), *plain.people[1:]]
    content = _person(instance=_instance(people=people))
    assert f"值班 On duty：{name}" in _column(content, "DESCRIPTION")[0].split("\n")
    calendar = vobject.readOne(content.decode())
    assert calendar.x_wr_calname.value == f"{name} 值班日历"
    lines = [line.partition(":") for line in _unfolded(content)]
    names = {value for key, _, value in lines if key in {"NAME", "X-WR-CALNAME"}}
    assert len(names) == 1
