"""Draft, publish, edit and withdraw in any order, in two areas that share their people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from models.formats.feeds.feed_event import FeedEvent
from models.formats.feeds.feed_plan import planned_events
from models.roster import Duty, Visit
from models.store.database.errors import ClashError
from models.store.database.store import Store
from models.store.feeds.feed_rows import calendars_of
from models.store.plans.editing import Edit, edit_assignment
from models.store.plans.publishing import publish, withdraw
from models.store.plans.roster_queries import get_roster, rosters
from models.store.tables.feed_tables import FeedPlace, FeedRow, event_of
from models.store.tables.log_table import LogEntry
from models.store.tables.words import RosterState
from models.vocabulary import Part
from tests.models.store.samples import AT, EAST, WEST, draft, duty, office, visit

OFFICES = {EAST: office(EAST), WEST: office(WEST)}
AREAS = st.sampled_from([EAST, WEST])
HOURS = {Part.AM: (9, 12), Part.PM: (14, 17), Part.NIGHT: (20, 32)}
VISIT_HOURS = {Part.AM: (8, 12), Part.PM: (14, 18), Part.NIGHT: (20, 24)}
"""Of four hours: a visit too long for the morning begins before it."""


def early(area: str, day: int, person: str) -> Duty:
    """Return a duty that begins before the night of the day before has ended."""
    mark = {EAST: "Z000", WEST: "Y000"}[area]
    date = dt.date(2026, 12, day)
    return Duty(post=f"{mark}-早", date=date, part=Part.AM, person=person)


def hours(row: Duty | Visit) -> tuple[float, float]:
    """Return start and end in hours of the month, worked out apart from the store."""
    start, end = (VISIT_HOURS if isinstance(row, Visit) else HOURS)[row.part]
    is_early = isinstance(row, Duty) and row.post.endswith("早")
    return 24 * row.date.day + (7.5 if is_early else start), 24 * row.date.day + end


def together(one: Duty | Visit, two: Duty | Visit) -> bool:
    (first, last), (begin, end) = hours(one), hours(two)
    return one.person == two.person and first < end and begin < last


@st.composite
def bookings(draw: st.DrawFn, area: str) -> Duty | Visit:
    person = draw(st.sampled_from(["L001", "L002"]))
    day = draw(st.integers(1, 2))
    kind = draw(st.sampled_from(["duty", "standby", "visit", "early", "night", "early", "night"]))
    part = draw(st.sampled_from(Part))
    if kind == "night":
        return duty(area, 1, Part.NIGHT, person)  # until the next morning
    if kind == "early":
        return early(area, 2, person)
    if kind == "visit":
        return visit(area, day, part, person)
    return duty(area, day, part, person, standby=kind == "standby")


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, list[Duty | Visit]]:
    area = draw(AREAS)
    rows = draw(st.lists(bookings(area), min_size=1, max_size=5, unique=True))
    return area, rows


class History(RuleBasedStateMachine):
    """The store beside a plain model of it: rows of drafts, and what is published where."""

    drafts = Bundle("drafts")

    def __init__(self, place: str, release: Callable[[str], None]) -> None:
        super().__init__()
        self.place, self.release = place, release
        self.store = Store.open(place)
        self.rows: dict[int, list[Duty | Visit]] = {}
        self.areas: dict[int, str] = {}
        self.versions: dict[int, int] = {}
        self.published: dict[str, int] = {}
        self.revisions = dict.fromkeys(OFFICES, 0)
        self.log: list[tuple[object, ...]] = []
        self.sequences: dict[str, int] = {}
        self.clock = AT

    def teardown(self) -> None:
        self.store.close()
        self.release(self.place)

    @rule(target=drafts, plan=plans())
    def put(self, plan):
        area, rows = plan
        with self.store.begin() as session:
            key = draft(session, area, *rows, instance=OFFICES[area])
        self.rows[key], self.areas[key], self.versions[key] = rows, area, 1
        return key

    @rule(key=drafts, data=st.data())
    def edit(self, key, data):
        rows = self.rows[key]
        before = data.draw(st.none() | st.sampled_from(rows)) if rows else None
        others = bookings(self.areas[key]).filter(lambda row: row not in rows)
        after = data.draw(others if before is None else st.none() | others)
        with self.store.begin() as session:
            edit = Edit(before, after)
            version = edit_assignment(session, key, edit, version=self.versions[key], by="test")
        self.rows[key] = [row for row in rows if row != before] + ([after] if after else [])
        self.versions[key] = version

    @rule(target=drafts, key=consumes(drafts))
    def publish(self, key):
        self.clock += dt.timedelta(hours=1)
        area = self.areas[key]
        booked = [
            row
            for other, theirs in self.published.items()
            if other != area
            for row in self.rows[theirs]
        ]
        own = self.rows[key]
        is_clash = any(together(one, two) for one in own for two in booked)
        is_clash |= any(together(one, two) for one, two in combinations(own, 2))
        try:
            with self.store.begin() as session:
                # whether a draft was overtaken is asked in tests/api/routes/test_publication.py
                over = self.revisions[area] if area in self.published else None
                revision = publish(session, key, by="test", at=self.clock, over=over).revision
        except ClashError:
            assert is_clash
            return self.put_again(key)
        assert not is_clash
        self.revisions[area] += 1
        assert revision == self.revisions[area]
        self.published[area] = key
        return self.put_again(key)

    @rule(target=drafts, plan=plans())
    def publish_at_once(self, plan):
        return self.publish(self.put(plan))

    def put_again(self, key):
        """Return a new draft like the roster, so that there is always one to go on with."""
        return self.put((self.areas[key], list(self.rows[key])))

    @precondition(lambda self: self.published)
    @rule(data=st.data())
    def withdraw(self, data):
        self.clock += dt.timedelta(hours=1)
        area = data.draw(st.sampled_from(sorted(self.published)))
        with self.store.begin() as session:
            withdraw(session, self.published.pop(area), by="test", why="why", at=self.clock)

    @invariant()
    def nobody_is_booked_twice(self):
        with self.store.read() as session:
            found = rosters(session, stages=[RosterState.PUBLISHED], limit=500).rows
            plans = {row.area: get_roster(session, row.id) for row in found}
        assert {row.area: row.id for row in found} == self.published
        for area, plan in plans.items():
            mine = [*plan.duties, *plan.visits]
            assert set(mine) == set(self.rows[self.published[area]])
        everywhere = [row for plan in plans.values() for row in [*plan.duties, *plan.visits]]
        assert not any(together(one, two) for one, two in combinations(everywhere, 2))

    @invariant()
    def log_only_grows(self):
        with self.store.read() as session:
            entries = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        log = [(e.id, e.at, e.by, e.action, e.target, e.why, e.before, e.after) for e in entries]
        assert log[: len(self.log)] == self.log
        self.log = log

    @invariant()
    def calendars_are_what_is_published(self):
        with self.store.read() as session:
            rows = [event_of(body) for body in session.scalars(select(FeedRow.body))]
            places = session.scalars(select(FeedPlace)).all()
            own = {
                event.key: event
                for area, key in self.published.items()
                for event in planned_events(OFFICES[area], get_roster(session, key), AT)
            }
        live = {event.key: event for event in rows if not event.is_cancelled}
        assert {key: _told(event) for key, event in live.items()} == {
            key: _told(event) for key, event in own.items()
        }
        shown = {(place.kind, place.target, place.key) for place in places if place.key in live}
        assert shown == {
            (*place, key) for key, event in own.items() for place in calendars_of(event)
        }

    @invariant()
    def sequences_never_fall_and_rows_never_vanish(self):
        with self.store.read() as session:
            rows = {
                row.key: event_of(row.body).sequence for row in session.scalars(select(FeedRow))
            }
        assert rows.keys() >= self.sequences.keys()
        assert all(rows[key] >= number for key, number in self.sequences.items())
        self.sequences = rows


def _told(event: FeedEvent) -> FeedEvent:
    """Return the event without its revision."""
    return replace(event, sequence=0, last_modified=AT)


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_any_history_keeps_its_promises(database, request, tmp_path_factory):
    pool = request.getfixturevalue("postgres_pool") if database == "postgresql" else None

    def history() -> History:
        if pool is not None:
            return History(pool.take(), pool.give_back)
        return History(str(tmp_path_factory.mktemp("history")), lambda place: None)

    run_state_machine_as_test(
        history, settings=settings(settings.default, max_examples=15, stateful_step_count=20)
    )
