"""Publication: revisions, clashes, races, withdrawal."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import pytest
from sqlalchemy import select

from models.roster import Duty, Roster
from models.store.database.errors import (
    ClashError,
    Clashing,
    NotFoundError,
    StaleError,
    TakenError,
    WrongStageError,
)
from models.store.database.log import log_of
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from models.store.plans.overtaking import OvertakenError
from models.store.plans.publishing import publish, withdraw
from models.store.plans.roster_queries import published_roster, rosters
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState
from models.vocabulary import Part
from tests.models.store.samples import (
    AT,
    EAST,
    MONTH,
    WEST,
    draft,
    duty,
    office,
    published,
    report,
    visit,
)


def stages(store):
    with store.read() as session:
        return {row.id: (row.stage, row.revision) for row in rosters(session).rows}


def test_publication_supersedes_and_counts_revisions_per_area(store):
    first = published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    second = published(store, EAST, duty(EAST, 1, Part.AM, "L002"))
    other = published(store, WEST, duty(WEST, 1, Part.AM, "L003"))
    assert stages(store) == {
        first: (RosterState.SUPERSEDED, 1),
        second: (RosterState.PUBLISHED, 2),
        other: (RosterState.PUBLISHED, 1),
    }
    with store.read() as session:
        found = published_roster(session, EAST, MONTH)
        assert found is not None
        assert (found.id, found.published_at) == (second, AT)
        entry = log_of(session, f"roster:{second}").rows[0]
        assert (entry.action, entry.by) == ("publish", "test")
        assert entry.before == {"published": first, "revision": 1}
        assert entry.after == {"published": second, "revision": 2}


CLASHING = {
    "half day": (duty(EAST, 1, Part.AM, "L001"), duty(WEST, 1, Part.AM, "L001")),
    "visit": (duty(EAST, 1, Part.PM, "L001"), visit(WEST, 1, Part.PM, "L001")),
    "standby": (
        duty(EAST, 1, Part.PM, "L001", standby=True),
        duty(WEST, 1, Part.PM, "L001"),
    ),
    "night": (duty(EAST, 1, Part.NIGHT, "L001"), duty(WEST, 1, Part.NIGHT, "L001")),
    "night into an early morning": (
        duty(EAST, 1, Part.NIGHT, "L001"),  # until 08:00
        Duty(post="Y000-早", date=dt.date(2026, 12, 2), part=Part.AM, person="L001"),  # from 07:30
    ),
}
APART = {
    "other person": (duty(EAST, 1, Part.AM, "L001"), duty(WEST, 1, Part.AM, "L002")),
    "other part": (duty(EAST, 1, Part.AM, "L001"), duty(WEST, 1, Part.PM, "L001")),
    "other day": (duty(EAST, 1, Part.AM, "L001"), duty(WEST, 2, Part.AM, "L001")),
    "night into a morning": (duty(EAST, 1, Part.NIGHT, "L001"), duty(WEST, 2, Part.AM, "L001")),
}


@pytest.mark.parametrize("name", CLASHING)
def test_person_in_two_places_is_refused(store, name):
    theirs, ours = CLASHING[name]
    other = published(store, EAST, theirs)
    with store.begin() as session:
        key = draft(session, WEST, ours, duty(WEST, 20, Part.AM, "L001"))
    with pytest.raises(ClashError) as caught, store.begin() as session:
        publish(session, key, by="test")
    clashing = Clashing(ours.person, ours.date, ours.part, key, other, EAST)
    assert caught.value.clashes == (clashing,)
    assert (caught.value.issue.code, "1 处" in caught.value.zh) == ("clash", True)
    assert stages(store) == {other: (RosterState.PUBLISHED, 1), key: (RosterState.DRAFT, None)}


def test_overlap_inside_a_roster_is_refused(store):
    night = duty(EAST, 1, Part.NIGHT, "L001")  # until 08:00
    early = Duty(post="Z000-早", date=dt.date(2026, 12, 2), part=Part.AM, person="L001")  # 07:30
    with store.begin() as session:
        key = draft(session, EAST, night, early, duty(EAST, 3, Part.AM, "L001"))
    with pytest.raises(ClashError) as caught, store.begin() as session:
        publish(session, key, by="test")
    assert caught.value.clashes == (Clashing("L001", night.date, Part.NIGHT, key, key, EAST),)
    assert stages(store) == {key: (RosterState.DRAFT, None)}


@pytest.mark.parametrize("name", APART)
def test_people_apart_are_published(store, name):
    theirs, ours = APART[name]
    first, second = published(store, EAST, theirs), published(store, WEST, ours)
    assert stages(store) == {first: (RosterState.PUBLISHED, 1), second: (RosterState.PUBLISHED, 1)}


def licensed(area, person, number):
    """Return the data of an area whose people are others, one of them with a licence number."""
    source = office(area, is_home=True)
    people = [
        one.model_copy(update={"licence_no": number if one.id == person else ""})
        for one in source.people
    ]
    return source.model_copy(update={"people": tuple(people)})


def test_same_id_in_another_county_is_somebody_else(store):
    number, row = "made-up 1", duty(EAST, 1, Part.AM, "L001")
    first = published(store, EAST, row, instance=licensed(EAST, "L001", number))
    others = licensed(WEST, "L002", "made-up 2")
    second = published(store, WEST, duty(WEST, 1, Part.AM, "L001"), instance=others)
    assert stages(store) == {first: (RosterState.PUBLISHED, 1), second: (RosterState.PUBLISHED, 1)}


def test_same_licence_is_the_same_person_under_any_id(store):
    rows = duty(EAST, 1, Part.AM, "L001"), duty(EAST, 1, Part.AM, "L003")
    other = published(store, EAST, *rows, instance=licensed(EAST, "L001", "made-up a1"))
    theirs = duty(WEST, 1, Part.AM, "L002"), duty(WEST, 1, Part.AM, "L003")
    with store.begin() as session:
        key = draft(session, WEST, *theirs, instance=licensed(WEST, "L002", "MADE-UP A1"))
    with pytest.raises(ClashError) as caught, store.begin() as session:
        publish(session, key, by="test")
    date = dt.date(2026, 12, 1)
    assert caught.value.clashes == (Clashing("L002", date, Part.AM, key, other, EAST),)


def test_night_at_the_edge_clashes_with_the_next_month(store):
    december = published(store, EAST, duty(EAST, 31, Part.NIGHT, "L001"))
    january = office(WEST, month="2027-01")
    early = Duty(post="Y000-早", date=dt.date(2027, 1, 1), part=Part.AM, person="L001")
    with store.begin() as session:
        key = _draft_of(session, "2027-01", january, early)
    with pytest.raises(ClashError) as caught, store.begin() as session:
        publish(session, key, by="test")
    assert [clash.other for clash in caught.value.clashes] == [december]


def _draft_of(session, month, instance, *duties):
    key = put_instance(session, instance, area=WEST, by="test")
    plan = Roster(month=month, instance=key, duties=duties)
    return put_draft(session, plan, report(), area=WEST, by="test").id


def test_what_was_superseded_or_withdrawn_clashes_no_more(store):
    first = published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    published(store, EAST, duty(EAST, 1, Part.AM, "L002"))
    second = published(store, WEST, duty(WEST, 1, Part.AM, "L001"))
    with store.begin() as session:
        withdraw(session, second, by="test", why="why")
    third = published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    found = stages(store)
    assert [found[key][0] for key in (first, second, third)] == [
        RosterState.SUPERSEDED,
        RosterState.WITHDRAWN,
        RosterState.PUBLISHED,
    ]


def test_slot_is_published_by_one_area(store):
    published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    with store.begin() as session:
        key = draft(session, WEST, duty(EAST, 1, Part.AM, "L002"), instance=office(EAST))
    with pytest.raises(TakenError) as caught, store.begin() as session:
        publish(session, key, by="test")
    assert EAST in caught.value.zh
    assert stages(store)[key] == (RosterState.DRAFT, None)


def test_only_a_draft_is_published_and_only_a_published_roster_withdrawn(store):
    key = published(store, EAST, duty(EAST, 1, Part.AM, "L001"))
    with store.begin() as session:
        other = draft(session, EAST)
    with pytest.raises(WrongStageError) as again, store.begin() as session:
        publish(session, key, by="test")
    with pytest.raises(WrongStageError) as early, store.begin() as session:
        withdraw(session, other, by="test", why="why")
    with pytest.raises(NotFoundError) as nothing, store.begin() as session:
        publish(session, 999, by="test")
    codes = [caught.value.issue.code for caught in (again, early, nothing)]
    assert codes == ["publish_not_draft", "withdraw_not_published", "no_roster"]


def test_publication_of_a_version_that_changed_is_refused(store):
    with store.begin() as session:
        key = draft(session, EAST, duty(EAST, 1, Part.AM, "L001"))
    with pytest.raises(StaleError) as caught, store.begin() as session:
        publish(session, key, by="test", version=7)
    assert caught.value.actual == 1


def race(store, keys):
    """Publish rosters from as many threads at once and return how each ended."""
    gate, ends = threading.Barrier(len(keys)), {}

    def run(key):
        gate.wait()
        try:
            with store.begin() as session:
                publish(session, key, by="test")
            ends[key] = None
        except Exception as error:
            ends[key] = type(error)

    threads = [threading.Thread(target=run, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def test_of_two_clashing_publications_at_once_one_wins(store):
    """20 rounds: whoever comes second sees the first."""
    for number in range(20):
        day, person = 1 + number, "L001"
        with store.begin() as session:
            keys = [
                draft(session, EAST, duty(EAST, day, Part.AM, person)),
                draft(session, WEST, duty(WEST, day, Part.AM, person)),
            ]
        ends = race(store, keys)
        assert sorted(ends.values(), key=str) == [ClashError, None]
        with store.begin() as session:
            published_now = select(RosterRecord.id).where(
                RosterRecord.stage == RosterState.PUBLISHED
            )
            (winner,) = session.scalars(published_now).all()
            assert ends[winner] is None
            withdraw(session, winner, by="test", why="next round")


def test_of_two_drafts_of_one_base_published_at_once_one_counts(store):
    with store.begin() as session:
        keys = [draft(session, EAST, duty(EAST, 1, Part.AM, "L001")) for _ in range(2)]
    assert Counter(race(store, keys).values()) == {None: 1, OvertakenError: 1}
    assert Counter(stages(store).values()) == {
        (RosterState.PUBLISHED, 1): 1,
        (RosterState.DRAFT, None): 1,
    }
