"""Changes of a draft by hand: whatever people do to it in turn, each undoes their own and loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.feeds.fetch import FetchPolicy
from api.office.areas import Areas
from api.office.context import Service
from api.office.plans.by_hand import (
    Cell,
    MeanwhileError,
    assigning,
    change,
    emptying,
    moving,
    redo,
    steps_of,
    undo,
    visit_cell,
)
from api.office.plans.edits import check_anew
from api.office.public_sheets import Sheets
from api.settings import ServiceSettings
from models.issues import InputError
from models.report import Report, Status
from models.roster import AdviserSeat, Roster, Visit
from models.store.database.store import Store
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from models.store.plans.roster_queries import get_roster, roster_record
from models.store.plans.roster_rows import rows_of
from models.vocabulary import Part
from tests.api.service.county import COUNTY, DUTIES, data, duty

SLOT = Cell("slot", "Z000-咨询@20261208am")
VILLAGE = "410105001001"


@pytest.fixture
def service(open_store: Callable[[], Store]) -> Service:
    store = open_store()
    none, areas = cast("Any", None), Areas(store)
    parts = store, none, none, areas, Sheets(store), FetchPolicy()
    return Service(ServiceSettings(), *parts)


@pytest.fixture
def roster(service: Service) -> int:
    return put(service, *DUTIES)


def put(service: Service, *duties: Any, **tables: Any) -> int:
    instance = data()
    plan = Roster(month="2026-12", instance=instance.content_hash, duties=duties, **tables)
    with service.store.begin() as session:
        put_instance(session, instance, area=COUNTY, by="a")
        report = Report(status=Status.CHECKED, month="2026-12")
        return put_draft(session, plan, report, area=COUNTY, by="a").id


def kept(service: Service, roster: int) -> set[Any]:
    with service.store.read() as session:
        return set(rows_of(get_roster(session, roster)))


def code(caught: Any) -> str:
    return str(caught.value.issues[0].code)


def test_undo_and_redo_are_each_the_inverse(service: Service, roster: int):
    before = kept(service, roster)
    change(service, roster, assigning(SLOT, "L004", "L003"), seen=1, by="a", cell=SLOT)
    after = kept(service, roster)
    assert after - before == {duty("Z000-咨询", 8, "L004")}
    undo(service, roster, by="a")
    assert kept(service, roster) == before
    redo(service, roster, by="a")
    assert kept(service, roster) == after
    with pytest.raises(InputError) as caught:
        redo(service, roster, by="a")
    assert code(caught) == "nothing_to_redo"


def test_nobody_undoes_what_another_did(service: Service, roster: int):
    change(service, roster, emptying(SLOT, "L003"), seen=1, by="a", cell=SLOT)
    with pytest.raises(InputError) as caught:
        undo(service, roster, by="b")
    assert code(caught) == "nothing_to_undo"


def test_what_another_changed_since_is_not_undone(service: Service, roster: int):
    change(service, roster, assigning(SLOT, "L004", "L003"), seen=1, by="a", cell=SLOT)
    change(service, roster, assigning(SLOT, "L001", "L004"), seen=2, by="b", cell=SLOT)
    with pytest.raises(InputError) as caught:
        undo(service, roster, by="a")
    assert code(caught) == "undo_overtaken"


def test_the_same_place_changed_meanwhile_is_refused_and_another_place_is_not(
    service: Service, roster: int
):
    change(service, roster, assigning(SLOT, "L004", "L003"), seen=1, by="b", cell=SLOT)
    with pytest.raises(MeanwhileError) as caught:
        change(service, roster, assigning(SLOT, "L001", "L003"), seen=1, by="a", cell=SLOT)
    assert (code(caught), caught.value.version) == ("edited_meanwhile", 2)
    assert [edit.by for edit in caught.value.theirs] == ["b"]
    elsewhere = Cell("slot", "Z000-咨询@20261209am")
    made = change(service, roster, emptying(elsewhere, "L002"), seen=1, by="a", cell=elsewhere)
    assert made.version == 3


def test_who_is_not_there_cannot_be_replaced(service: Service, roster: int):
    with pytest.raises(InputError) as caught:
        change(service, roster, assigning(SLOT, "L001", "L002"), seen=1, by="a", cell=SLOT)
    assert code(caught) == "not_there"


def test_who_stood_by_gives_that_up_to_hold_the_slot(service: Service):
    ready = duty("Z000-咨询", 8, "L002", standby=True)
    roster = put(service, *DUTIES, ready)
    change(service, roster, assigning(SLOT, "L002", "L003"), seen=1, by="a", cell=SLOT)
    assert ready not in kept(service, roster)
    undo(service, roster, by="a")
    assert kept(service, roster) == {*DUTIES, ready}


def test_an_advisers_visits_go_along(service: Service):
    visit = Visit(village=VILLAGE, person="L001", date="2026-12-10", part=Part.AM)
    roster = put(service, advisers=(AdviserSeat(village=VILLAGE, person="L001"),), visits=(visit,))
    cell = Cell("village", VILLAGE)
    change(service, roster, assigning(cell, "L002", "L001"), seen=1, by="a", cell=cell)
    assert kept(service, roster) == {
        AdviserSeat(village=VILLAGE, person="L002"),
        visit.model_copy(update={"person": "L002"}),
    }


def test_the_report_follows_an_edit(service: Service, roster: int):
    made = change(service, roster, emptying(SLOT, "L003"), seen=1, by="a", cell=SLOT)
    with service.store.read() as session:
        assert not roster_record(session, roster).is_checked
    report = service.open_plans.report(made, wait_seconds=30)
    assert report == check_anew(service, roster, is_current=False)
    with service.store.read() as session:
        assert roster_record(session, roster).is_checked


PEOPLE, DAYS = st.sampled_from(("L001", "L002", "L003", "L004")), st.sampled_from((7, 8, 9))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from("ab"), PEOPLE, DAYS), max_size=5))
def test_all_undone_in_turn_gives_the_first_plan(
    service: Service, moves: list[tuple[str, str, int]]
):
    """Two people change slots; undone in the opposite order, nothing is left of it."""
    roster = put(service, *DUTIES)
    made: list[str] = []
    for by, person, day in moves:
        cell = Cell("slot", f"Z000-咨询@202612{day:02}am")
        held = cell.rows(service.open_plans.get(roster).plan)
        holder = getattr(held[0], "person", None)
        if holder == person:
            continue
        seen = service.open_plans.version(roster)
        change(service, roster, assigning(cell, person, holder), seen=seen, by=by, cell=cell)
        made.append(by)
    for by in reversed(made):
        undo(service, roster, by=by)
    assert kept(service, roster) == set(DUTIES)
    assert all(not steps_of(service, roster, by).done for by in "ab")


def test_a_further_stop_of_a_trip_that_is_moved_begins_with_its_new_half_day(service: Service):
    day = dt.date(2026, 12, 8)
    stop = Visit(village=VILLAGE, person="L001", date=day, part=Part.AM, start="10:30")
    roster = put(service, visits=(stop,))
    change(service, roster, moving(visit_cell(stop), day, Part.PM), seen=1, by="a")
    with service.store.read() as session:
        (moved,) = get_roster(session, roster).visits
    assert (moved.part, moved.start) == (Part.PM, None)
