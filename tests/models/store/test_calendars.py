"""Calendars from the store: today's UIDs, sequences, cancellations, windows, privacy."""

from __future__ import annotations

import datetime as dt

import pytest
from icalendar import Calendar

from api.feeds.event import Target
from api.feeds.feed_bytes import entries_of
from models.calendar import ZONE
from models.formats.feeds.feed import FeedWriter, calendar_bytes
from models.store.database.log import log_of
from models.store.database.store import Store
from models.store.feeds.calendar_states import feed_events, feed_version, open_feed
from models.store.people.tokens import keep_feed_token, revoke_feed_token
from models.store.plans.publishing import publish, withdraw
from models.store.tables.words import FeedKind
from models.vocabulary import Part
from tests.models.store.samples import (
    AT,
    EAST,
    PHONE,
    WEST,
    draft,
    duty,
    office,
    published,
    roster,
    visit,
)

SITE = FeedKind.SITE
EARLY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=1)
VILLAGE, TOWNSHIP = f"{EAST}001001", f"{EAST}001"


def key(kind, own):
    """Return the key of what the east knows by an id."""
    return own if kind is FeedKind.TOWNSHIP else f"{EAST}/{own}"


def entries(store, kind, target, since=EARLY):
    target = key(kind, target)
    with store.read() as session:
        events = feed_events(session, kind, target, since=since)
    return entries_of(Target(kind, target, ""), events)


def tag(store, kind, target):
    with store.read() as session:
        found = feed_version(session, kind, key(kind, target))
    return found and found.tag


def shown(store, kind, target):
    """Return start, sequence and whether cancelled of a calendar's entries."""
    return [
        (f"{entry.start:%d %H}", entry.sequence, entry.is_cancelled)
        for entry in entries(store, kind, target)
    ]


ROWS = (
    duty(EAST, 1, Part.AM, "L001"),
    duty(EAST, 1, Part.AM, "L002", standby=True),
    duty(EAST, 2, Part.NIGHT, "L001"),
    visit(EAST, 3, Part.PM, "L001", lecture=True),
)


def covering(area):
    """Return an instance whose first station covers the first village."""
    source = office(area)
    sites = [
        site.model_copy(update={"villages": (VILLAGE,)}) if site.id == "Z001" else site
        for site in source.sites
    ]
    return source.model_copy(update={"sites": tuple(sites)})


@pytest.mark.parametrize("person", ["L001", "L002"])
def test_calendar_of_a_person_is_what_the_roster_writes_today(store, person):
    instance = covering(EAST)
    published(store, EAST, *ROWS, instance=instance)
    feed = FeedWriter(instance, roster(instance, *ROWS), AT)
    name = f"{instance.person_by_id[person].name} 值班日历"
    assert calendar_bytes(name, "", entries(store, FeedKind.PERSON, person)) == feed.person(person)


@pytest.mark.parametrize("site", ["Z000", "Z001", "Z002"])
def test_calendar_of_a_site_is_what_the_roster_writes_today(store, site):
    instance = covering(EAST)
    published(store, EAST, *ROWS, instance=instance)
    feed = FeedWriter(instance, roster(instance, *ROWS), AT)
    name = f"{instance.site_by_id[site].name} 值班日历"
    told = calendar_bytes(name, "", entries(store, FeedKind.SITE, site))
    assert _without_sequence(told) == _without_sequence(feed.site(site))


def _without_sequence(calendar):
    """A slot's SEQUENCE counts everybody who was ever on it; a file begins anew."""
    return [line for line in calendar.splitlines() if not line.startswith(b"SEQUENCE")]


def test_village_and_township_have_calendars(store):
    published(store, EAST, *ROWS, instance=covering(EAST))
    at_site = entries(store, FeedKind.SITE, "Z001")
    assert [entry.summary for entry in at_site] == ["讲座 示例一社区 · 例甲"]
    assert entries(store, FeedKind.VILLAGE, VILLAGE) == at_site
    (at_township,) = entries(store, FeedKind.TOWNSHIP, TOWNSHIP)
    assert (at_township.summary, at_township.uid != at_site[0].uid) == (at_site[0].summary, True)
    assert shown(store, FeedKind.SITE, "Z000") == [("01 09", 1, False), ("02 20", 0, False)]
    assert entries(store, FeedKind.VILLAGE, "nowhere") == []


def test_calendar_has_a_version_that_rises_when_it_changes_and_not_otherwise(store):
    assert tag(store, FeedKind.PERSON, "L001") is None
    published(store, EAST, *ROWS)
    published(store, EAST, *ROWS, at=LATER)
    assert [tag(store, FeedKind.PERSON, person) for person in ("L001", "L002")] == [1, 1]
    published(store, EAST, *ROWS[:2], at=LATER)
    assert [tag(store, FeedKind.PERSON, person) for person in ("L001", "L002")] == [2, 1]
    assert [tag(store, FeedKind.SITE, site) for site in ("Z000", "Z009")] == [2, None]


def test_time_of_a_version_is_that_of_the_last_change_and_never_falls(store):
    def changed():
        with store.read() as session:
            found = feed_version(session, FeedKind.PERSON, f"{EAST}/L001")
        return found and found.changed

    published(store, EAST, *ROWS)
    times = [changed()]
    for rows, at in ((ROWS[:1], LATER.astimezone(ZONE)), (ROWS, AT - dt.timedelta(days=1))):
        published(store, EAST, *rows, at=at)
        times.append(changed())
    assert times == [AT, LATER, LATER]
    assert tag(store, FeedKind.PERSON, "L001") == 3


def test_two_changes_within_a_second_are_told_apart_by_their_second(store):
    """Clients that keep no tags compare the seconds of Last-Modified alone."""
    times = []
    for number in range(3):
        at = AT + dt.timedelta(milliseconds=200 * number)
        published(store, EAST, *ROWS[: number % 2 + 1], at=at)
        with store.read() as session:
            times.append(feed_version(session, FeedKind.SITE, f"{EAST}/Z000").changed)
    assert len({time.replace(microsecond=0) for time in times}) == 3
    assert times == sorted(times)


def test_look_up_sees_at_once_what_others_did(store, place):
    def found():
        with store.look() as connection:
            return open_feed(connection, "mine")

    whose, seen = (FeedKind.PERSON, f"{EAST}/L001", "例甲"), [found()]
    with Store.open(place) as other:
        with other.begin() as session:
            keep_feed_token(session, "mine", *whose, by="test")
        seen.append(found())
        for rows, at in ((ROWS, AT), (ROWS[:2], LATER)):
            published(other, EAST, *rows, at=at)
            seen.append(found())
        with other.begin() as session:
            revoke_feed_token(session, "mine", by="test")
        seen.append(found())
    assert seen == [None, (*whose, None, None), (*whose, 1, AT), (*whose, 2, LATER), None]


def test_same_roster_again_changes_nothing(store):
    published(store, EAST, *ROWS)
    before = entries(store, FeedKind.PERSON, "L001")
    published(store, EAST, *ROWS, at=LATER)
    assert entries(store, FeedKind.PERSON, "L001") == before


def test_sequence_rises_with_person_time_and_cancellation(store):
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    published(store, EAST, duty(EAST, 1, Part.AM, "L002"), at=LATER)
    assert shown(store, FeedKind.SITE, "Z000") == [("01 09", 2, False)]
    assert shown(store, FeedKind.PERSON, "L001") == [("01 09", 1, True)]
    assert shown(store, FeedKind.PERSON, "L002") == [("01 09", 0, False)]
    later = office(EAST, am_start="08:30")
    published(store, EAST, duty(EAST, 1, Part.AM, "L002"), instance=later, at=LATER)
    assert shown(store, FeedKind.SITE, "Z000") == [("01 08", 3, False)]
    assert shown(store, FeedKind.PERSON, "L002") == [("01 08", 1, False)]


def test_words_that_are_shown_raise_time_and_sequence(store):
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    told = office(EAST, notice="年底加强")
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"), instance=told, at=LATER)
    (entry,) = entries(store, FeedKind.PERSON, "L001")
    assert (entry.sequence, entry.stamp) == (1, LATER)
    assert "年底加强" in entry.description


def test_standby_who_takes_over_is_told(store):
    published(store, EAST, duty(EAST, 1, Part.AM, "L001", standby=True))
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"), at=LATER)
    (entry,) = entries(store, FeedKind.PERSON, "L001")
    assert (entry.sequence, entry.is_busy) == (1, True)
    assert entry.summary.startswith("值班")


def test_moved_visit_keeps_its_uid(store):
    published(store, EAST, visit(EAST, 3, Part.PM, "L001"))
    (before,) = entries(store, FeedKind.PERSON, "L001")
    published(store, EAST, visit(EAST, 9, Part.AM, "L001"), at=LATER)
    (after,) = entries(store, FeedKind.PERSON, "L001")
    assert (after.uid, after.sequence, after.stamp) == (before.uid, 1, LATER)
    assert after.start == dt.datetime(2026, 12, 9, 8, tzinfo=ZONE)


def test_withdrawn_entries_stay_cancelled_and_come_back_higher(store):
    key = published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    with store.begin() as session:
        withdraw(session, key, by="test", why="why", at=LATER)
    (gone,) = entries(store, FeedKind.PERSON, "L001")
    assert (gone.sequence, gone.is_cancelled, gone.is_busy, gone.stamp) == (1, True, False, LATER)
    assert gone.summary.startswith("已取消 值班")
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"), at=LATER)
    assert shown(store, FeedKind.PERSON, "L001") == [("01 09", 2, False)]


def test_counties_with_the_same_ids_have_calendars_of_their_own(store):
    """Two counties that keep a template's L001 and Z001 mix nothing."""
    west = office(WEST, is_home=True).model_copy(update={"sites": office(EAST).sites})
    sites = [site.model_copy(update={"area": WEST}) for site in office(EAST).sites]
    posts = office(EAST).posts
    west = west.model_copy(update={"sites": tuple(sites), "posts": posts})
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    published(store, WEST, duty(EAST, 1, Part.AM, "L001"), instance=west)  # of Z000 there
    for kind, own in ((FeedKind.PERSON, "L001"), (FeedKind.SITE, "Z000")):
        with store.read() as session:
            east, there = (
                feed_events(session, kind, f"{area}/{own}", since=EARLY) for area in (EAST, WEST)
            )
        assert (len(east), len(there)) == (1, 1)
        assert entries_of(Target(kind, "", ""), east) != entries_of(Target(kind, "", ""), there)


def test_who_is_shared_by_his_home_has_one_calendar(store):
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    published(store, WEST, duty(WEST, 2, Part.AM, "L001"))
    told = shown(store, FeedKind.PERSON, "L001")
    assert told == [("01 09", 0, False), ("02 09", 0, False)]


def at_home(area):
    """Return the east's data with the first lawyer at home in an area."""
    source = office(EAST)
    elsewhere = source.areas[0].model_copy(update={"id": WEST})
    people = [
        one.model_copy(update={"area": area}) if one.id == "L001" else one for one in source.people
    ]
    tables = {"areas": (*source.areas, elsewhere), "people": tuple(people)}
    return source.model_copy(update=tables)


def target_of(store, token):
    with store.look() as connection:
        found = open_feed(connection, token)
    return found and (found.target, found.tag)


CITY = "410100"


def test_link_follows_somebody_who_moves_to_another_county_of_the_city(store):
    with store.begin() as session:
        keep_feed_token(session, "mine", FeedKind.PERSON, f"{EAST}/L001", "例甲", by="test")
    published(store, CITY, *ROWS, instance=office(EAST))
    assert target_of(store, "mine") == (f"{EAST}/L001", 1)
    published(store, CITY, *ROWS[:1], instance=at_home(WEST), at=LATER)
    target, tag_now = target_of(store, "mine")
    assert (target, tag_now > 1) == (f"{WEST}/L001", True)
    with store.read() as session:
        events = feed_events(session, FeedKind.PERSON, target, since=EARLY)
    told = entries_of(Target(FeedKind.PERSON, "", ""), events)
    assert [(f"{entry.start:%d}", entry.is_cancelled) for entry in told] == [
        ("01", False),
        ("02", True),
        ("03", True),
    ]
    assert entries(store, FeedKind.PERSON, "L001") == []
    assert shown(store, FeedKind.SITE, "Z000")[0][2] is False


@pytest.mark.parametrize(("before", "after"), [(EAST, WEST), (WEST, EAST)])
def test_a_county_moves_nobody_over_its_border(store, before, after):
    """Else an office could make another's calendar its own, or have its links open it."""
    with store.begin() as session:
        for area in (EAST, WEST):
            keep_feed_token(session, area, FeedKind.PERSON, f"{area}/L001", "例甲", by="test")
    theirs = duty(WEST, 8, Part.AM, "L001")
    published(store, WEST, theirs, instance=office(WEST, is_home=True))
    published(store, EAST, *ROWS, instance=at_home(before))
    published(store, EAST, *ROWS, instance=at_home(after), at=LATER)
    opened = [target_of(store, area) for area in (EAST, WEST)]
    assert [target for target, _ in opened] == [f"{EAST}/L001", f"{WEST}/L001"]
    with store.read() as session:
        events = feed_events(session, FeedKind.PERSON, f"{WEST}/L001", since=EARLY)
    assert 8 in {event.start.day for event in events}


def test_window_holds_what_starts_in_it(store):
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"), duty(EAST, 2, Part.NIGHT, "L001"))
    second = dt.datetime(2026, 12, 2, tzinfo=ZONE)

    def days(since):
        return [e.start.day for e in entries(store, FeedKind.PERSON, "L001", since)]

    assert [days(EARLY), days(second), days(second + dt.timedelta(days=1))] == [[1, 2], [2], []]


def test_drafts_are_in_no_calendar(store):
    with store.begin() as session:
        draft(session, EAST, *ROWS)
    assert entries(store, FeedKind.PERSON, "L001") == []


def test_calendars_and_log_hold_no_personal_numbers(store):
    key = published(store, EAST, *ROWS, instance=covering(EAST))
    with store.begin() as session:
        publish(session, draft(session, EAST, *ROWS[:1], instance=covering(EAST)), by="test")
        told = [[e.before, e.after, e.why, e.target] for e in log_of(session).rows]
    calendars = [
        calendar_bytes("x", "", entries(store, kind, target))
        for kind, target in [(FeedKind.PERSON, "L001"), (FeedKind.SITE, "Z000")]
    ]
    assert all(len(list(Calendar.from_ical(text).walk("VEVENT"))) for text in calendars)
    assert PHONE not in f"{told}{calendars}"
    assert f"roster:{key}" in f"{told}"


def moved(**tables):
    """Return the east's data with the first row of some tables changed."""
    source = covering(EAST)
    rows = {
        name: (getattr(source, name)[0].model_copy(update=change), *getattr(source, name)[1:])
        for name, change in tables.items()
    }
    return source.model_copy(update=rows)


def calendar(store, kind, target):
    """Return UID, SEQUENCE and STATUS of what a subscriber reads."""
    told = calendar_bytes("x", "", entries(store, kind, target))
    events = Calendar.from_ical(told).walk("VEVENT")
    return {str(e["UID"]): (int(e["SEQUENCE"]), str(e["STATUS"])) for e in events}


def test_a_post_that_moves_to_another_site_is_cancelled_at_the_old_one(store):
    row, later = duty(EAST, 1, Part.AM, "L001"), LATER + dt.timedelta(days=1)
    here, there = covering(EAST), moved(posts={"site": "Z001"})
    published(store, EAST, row, instance=here)
    (uid,) = calendar(store, FeedKind.SITE, "Z000")
    person = calendar(store, FeedKind.PERSON, "L001")
    seen = []
    for number, instance in enumerate((there, here, there)):
        at = later + dt.timedelta(hours=number)
        published(store, EAST, row, instance=instance, at=at)
        stamps = {entry.stamp for site in ("Z000", "Z001") for entry in entries(store, SITE, site)}
        assert stamps == {at}
        seen.append([calendar(store, SITE, site)[uid] for site in ("Z000", "Z001")])
        told = calendar(store, FeedKind.PERSON, "L001")
        assert told == dict.fromkeys(person, (number + 1, "CONFIRMED"))
    assert [[status for _, status in both] for both in seen] == [
        ["CANCELLED", "CONFIRMED"],
        ["CONFIRMED", "CANCELLED"],
        ["CANCELLED", "CONFIRMED"],
    ]
    for numbers in zip(*([number for number, _ in both] for both in seen), strict=True):
        assert list(numbers) == sorted(set(numbers))
    (old,) = entries(store, SITE, "Z000")
    assert old.summary == "已取消 值班 示例岗 · 例甲"
    (wide,) = calendar(store, FeedKind.TOWNSHIP, TOWNSHIP).values()
    assert wide[1] == "CONFIRMED"


def test_a_village_that_leaves_a_site_or_township_is_cancelled_there(store):
    row = visit(EAST, 3, Part.PM, "L001", lecture=True)
    published(store, EAST, row, instance=covering(EAST))
    (uid,), (wide,) = (
        calendar(store, kind, target)
        for kind, target in ((FeedKind.SITE, "Z001"), (FeedKind.TOWNSHIP, TOWNSHIP))
    )
    person = calendar(store, FeedKind.PERSON, "L001")
    tags = [tag(store, FeedKind.PERSON, "L001"), tag(store, FeedKind.VILLAGE, VILLAGE)]
    published(store, EAST, row, instance=office(EAST), at=LATER)
    assert calendar(store, FeedKind.SITE, "Z001") == {uid: (1, "CANCELLED")}
    assert calendar(store, FeedKind.VILLAGE, VILLAGE) == {uid: (0, "CONFIRMED")}
    assert calendar(store, FeedKind.PERSON, "L001") == person
    assert [tag(store, FeedKind.PERSON, "L001"), tag(store, FeedKind.VILLAGE, VILLAGE)] == tags
    elsewhere = moved(villages={"area": f"{EAST}002"})
    published(store, EAST, row, instance=elsewhere, at=LATER)
    assert calendar(store, FeedKind.TOWNSHIP, TOWNSHIP) == {wide: (1, "CANCELLED")}
    assert calendar(store, FeedKind.TOWNSHIP, f"{EAST}002") == {wide: (2, "CONFIRMED")}
    unknown = office(EAST).model_copy(update={"villages": office(EAST).villages[1:]})
    published(store, EAST, row, instance=unknown, at=LATER)
    assert calendar(store, FeedKind.TOWNSHIP, f"{EAST}002") == {wide: (3, "CANCELLED")}


def test_a_cancelled_duty_that_comes_back_at_another_site_stays_cancelled_at_the_old_one(store):
    row = duty(EAST, 1, Part.AM, "L001")
    published(store, EAST, row, instance=covering(EAST))
    published(store, EAST, instance=covering(EAST), at=LATER)
    ((uid, before),) = calendar(store, FeedKind.SITE, "Z000").items()
    assert before == (1, "CANCELLED")
    published(store, EAST, row, instance=moved(posts={"site": "Z001"}), at=LATER)
    assert calendar(store, FeedKind.SITE, "Z000") == {uid: (2, "CANCELLED")}
    assert calendar(store, FeedKind.SITE, "Z001")[uid][1] == "CONFIRMED"
