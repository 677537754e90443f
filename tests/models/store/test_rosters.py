"""Instances, drafts, edits by hand, pins, jobs, and how rosters are read."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from models.issues import InputError
from models.people import Pin
from models.roster import AdviserSeat, MediatorSeat, VillageStation
from models.store.database.errors import (
    KeyReusedError,
    NotFoundError,
    StaleError,
    StoreError,
    UnavailableError,
    WrongStageError,
)
from models.store.database.log import log_of
from models.store.jobs.jobs import (
    get_job,
    job_file,
    jobs,
    keep_job_file,
    keep_job_instance,
    keep_job_plan,
    put_job,
)
from models.store.plans.editing import Edit, edit_assignment
from models.store.plans.instances import current_instance, get_instance, put_instance, set_current
from models.store.plans.pins import (
    Which,
    pin_of,
    pin_records,
    pins_of,
    remove_pin,
    remove_pins,
    set_pin,
    set_pins,
)
from models.store.plans.roster_queries import (
    Asked,
    get_report,
    get_roster,
    published_assignments,
    rosters,
)
from models.store.plans.roster_rows import identity, row_of
from models.store.tables.plan_tables import AssignmentRow, JobRow
from models.store.tables.words import RosterState
from models.vocabulary import Part, PinKind, Strength
from tests.models.store.samples import (
    EAST,
    MONTH,
    WEST,
    draft,
    duty,
    office,
    published,
    report,
    roster,
    visit,
)

VILLAGE = f"{EAST}001001"
ALL = (
    AdviserSeat(village=VILLAGE, person="L001"),
    MediatorSeat(site="Z001", person="M001"),
    duty(EAST, 8, Part.PM, "L002"),
    duty(EAST, 1, Part.AM, "L001"),
    duty(EAST, 1, Part.AM, "L002", standby=True),
    visit(EAST, 3, Part.PM, "L001", lecture=True),
    VillageStation(village=VILLAGE, host=VILLAGE),
    VillageStation(village=f"{EAST}001002"),
)


WAITING = duty(EAST, 1, Part.AM, "L001").model_copy(update={"firm": "F01"})


@given(st.sampled_from((*ALL, WAITING)))
def test_row_comes_back_as_it_was(row):
    assert row_of(AssignmentRow(**identity(row))) == row


def test_instance_comes_back_by_its_hash_and_is_kept_once(store):
    instance = office(EAST)
    with store.begin() as session:
        keys = {put_instance(session, instance, area=EAST, by="a") for _ in range(2)}
    with store.read() as session:
        assert keys == {instance.content_hash}
        assert get_instance(session, instance.content_hash) == instance.canonical()
        assert len(log_of(session, f"instance:{instance.content_hash}").rows) == 1
        with pytest.raises(NotFoundError) as caught:
            get_instance(session, "0" * 64)
    assert caught.value.issue.code == "no_instance"


def test_instance_that_lost_its_hash_is_told(store):
    other = "f" * 64
    with store.begin() as session:
        put_instance(session, office(EAST), area=EAST, by="a")
        session.execute(text("UPDATE instances SET hash = :hash"), {"hash": other})
    with pytest.raises(UnavailableError) as caught, store.read() as session:
        get_instance(session, other)
    assert caught.value.issue.code == "damaged"


def test_current_instance_changes_only_from_the_revision_read(store):
    with store.begin() as session:
        first = put_instance(session, office(EAST), area=EAST, by="a")
        second = put_instance(session, office(EAST, notice="新"), area=EAST, by="a")
        assert current_instance(session, EAST) is None
        assert set_current(session, EAST, first, revision=0, by="a") == 1
    for revision in (0, 2):
        with pytest.raises(StaleError) as caught, store.begin() as session:
            set_current(session, EAST, second, revision=revision, by="b")
        assert caught.value.actual == 1
    with store.begin() as session:
        assert set_current(session, EAST, second, revision=1, by="b", why="更正") == 2
    with store.read() as session:
        found = current_instance(session, EAST)
        assert found is not None
        assert (found.instance, found.revision, found.changed_by) == (second, 2, "b")
        entry = log_of(session, f"area:{EAST}").rows[0]
        assert (entry.before, entry.why) == ({"instance": first}, "更正")


def test_draft_comes_back_with_its_report(store):
    with store.begin() as session:
        key = draft(session, EAST, *ALL)
    with store.read() as session:
        assert get_roster(session, key) == roster(office(EAST), *ALL)
        assert get_report(session, key) == report()
        (record,) = rosters(session).rows
        assert (record.stage, record.version, record.revision) == (RosterState.DRAFT, 1, None)


def test_draft_with_rows_of_other_months_is_refused_with_every_one(store):
    wrong = [
        duty(EAST, 1, Part.AM, "L001").model_copy(update={"date": dt.date(2027, 1, day)})
        for day in (1, 2)
    ]
    with pytest.raises(InputError) as caught, store.begin() as session:
        draft(session, EAST, *ALL, *wrong)
    assert [issue.value for issue in caught.value.issues] == ["2027-01-01", "2027-01-02"]
    with store.read() as session:
        assert rosters(session).rows == ()


def test_draft_of_an_unknown_instance_is_refused(store):
    from models.store.plans.drafts import put_draft

    with pytest.raises(NotFoundError), store.begin() as session:
        put_draft(session, roster(office(EAST)), report(), area=EAST, by="a")


OLD, NEW = duty(EAST, 1, Part.AM, "L001"), duty(EAST, 1, Part.AM, "L003")


@pytest.mark.parametrize(
    ("edit", "rows"),
    [
        (Edit(OLD, NEW), (NEW, ALL[5])),
        (Edit(OLD, None), (ALL[5],)),
        (Edit(None, NEW), (OLD, NEW, ALL[5])),
        (Edit(OLD, OLD), (OLD, ALL[5])),
    ],
)
def test_edit_changes_one_row_and_raises_the_version(store, edit, rows):
    with store.begin() as session:
        key = draft(session, EAST, OLD, ALL[5])
    with store.begin() as session:
        assert edit_assignment(session, key, edit, version=1, by="b", report=report("改")) == 2
    with store.read() as session:
        assert get_roster(session, key) == roster(office(EAST), *rows)
        assert get_report(session, key) == report("改")
        entry = log_of(session, f"roster:{key}").rows[0]
        told = [row.model_dump(mode="json") if row else None for row in edit]
        assert [entry.before, entry.after] == told


@pytest.mark.parametrize(
    ("edit", "version", "error", "code"),
    [
        (Edit(OLD, NEW), 2, StaleError, "stale"),
        (Edit(NEW, OLD), 1, NotFoundError, "no_row"),
        (Edit(None, OLD), 1, StoreError, "row_exists"),
        (
            Edit(OLD, NEW.model_copy(update={"date": dt.date(2027, 1, 1)})),
            1,
            InputError,
            "other_month",
        ),
    ],
)
def test_edit_that_cannot_be_is_refused_and_changes_nothing(store, edit, version, error, code):
    with store.begin() as session:
        key = draft(session, EAST, OLD)
    with pytest.raises(error) as caught, store.begin() as session:
        edit_assignment(session, key, edit, version=version, by="b")
    assert [issue.code for issue in caught.value.issues] == [code]
    with store.read() as session:
        assert get_roster(session, key) == roster(office(EAST), OLD)
        assert rosters(session).rows[0].version == 1


def test_published_roster_is_not_edited(store):
    key = published(store, EAST, OLD)
    with pytest.raises(WrongStageError) as caught, store.begin() as session:
        edit_assignment(session, key, Edit(OLD, NEW), version=2, by="b")
    assert caught.value.issue.code == "edit_not_draft"


def test_rosters_are_filtered_and_paged_by_key(store):
    first = [published(store, EAST, duty(EAST, day, Part.AM, "L001")) for day in (1, 2, 3)]
    other = published(store, WEST, duty(WEST, 9, Part.AM, "L001"))
    with store.read() as session:
        page = rosters(session, areas=[EAST], month=MONTH, limit=2)
        rest = rosters(session, areas=[EAST], month=MONTH, limit=2, before=page.next)
        current = rosters(session, stages=[RosterState.PUBLISHED])
        assert [row.id for row in (*page.rows, *rest.rows)] == first[::-1]
        assert rest.next is None
        assert [row.id for row in current.rows] == [other, first[2]]
        assert rosters(session, areas=[]).rows == ()
        assert rosters(session, month="2027-01").rows == ()


def test_published_rows_are_read_by_person_site_township_and_day(store):
    published(store, EAST, *ALL)
    published(store, WEST, duty(WEST, 2, Part.AM, "L001"))
    with store.begin() as session:
        draft(session, EAST, duty(EAST, 4, Part.AM, "L001"))

    def found(**asked):
        with store.read() as session:
            return [row_of(row) for row in published_assignments(session, Asked(**asked))]

    assert found(person="L001") == [ALL[3], duty(WEST, 2, Part.AM, "L001"), ALL[5]]
    assert found(site="Z000") == [ALL[3], ALL[4], ALL[2]]
    assert found(areas=[f"{EAST}001"]) == [ALL[5]]
    second = dt.date(2026, 12, 2)
    assert found(first=second, last=second) == [duty(WEST, 2, Part.AM, "L001")]
    assert found(person="nobody") == []


def test_pins_are_kept_per_area_and_month(store):
    frozen = Pin(
        kind=PinKind.DUTY,
        target="Z000-咨询",
        person="L001",
        date=dt.date(2026, 12, 1),
        part=Part.AM,
        strength=Strength.KEEP,
    )
    seat = Pin(kind=PinKind.ADVISER, target=VILLAGE, person="L001")
    fixed = frozen.model_copy(update={"strength": Strength.FIXED})
    with store.begin() as session:
        for pin in (frozen, seat, fixed, fixed):
            set_pin(session, EAST, pin, by="a", why="已公示")
    with store.read() as session:
        assert pins_of(session, EAST) == (fixed, seat)
        assert pins_of(session, EAST, "2027-01") == (seat,)
        assert pins_of(session, WEST) == ()
        assert len(log_of(session, f"area:{EAST}").rows) == 3
    with store.begin() as session:
        (newest, oldest) = pin_records(session, EAST).rows
        assert (pin_of(newest), pin_of(oldest)) == (seat, fixed)
        assert not remove_pin(session, WEST, oldest.id, by="a")
        assert remove_pin(session, EAST, oldest.id, by="a")
        assert not remove_pin(session, EAST, oldest.id, by="a")
        assert pins_of(session, EAST) == (seat,)


def test_many_pins_are_set_and_removed_at_once_with_one_entry_each(store):
    days = [dt.date(2026, 12, day) for day in (1, 2, 3)]
    held = [
        Pin(kind=PinKind.DUTY, target="Z000-咨询", person=who, date=day, part=Part.AM)
        for day in days
        for who in ("L001", "L002")
    ]
    nobody = [Pin(kind=PinKind.VISIT, date=day) for day in days]
    kept = [pin.model_copy(update={"strength": Strength.KEEP}) for pin in held[:2]]
    with store.begin() as session:
        assert set_pins(session, EAST, [*held, *nobody], by="a", source="roster:7") == 9
        assert set_pins(session, EAST, held, by="a") == 0
        assert set_pins(session, EAST, kept, by="a") == 2
        assert pins_of(session, EAST) == (*kept, *held[2:], *nobody)
        page = pin_records(session, EAST, limit=4)
        rest = pin_records(session, EAST, before=page.next, limit=50)
        assert (len(page.rows), len(rest.rows), rest.next) == (4, 5, None)
    with store.begin() as session:
        assert remove_pins(session, EAST, Which(first=days[1], person="L001"), by="a") == 2
        assert remove_pins(session, EAST, Which(last=days[0]), by="a") == 3
        assert remove_pins(session, WEST, Which(), by="a") == 0
        assert len(pins_of(session, EAST)) == 4
        entries = log_of(session, f"area:{EAST}").rows
    assert [
        (e.action, e.after["pins" if e.action == "set_pins" else "removed"]) for e in entries
    ] == [
        ("remove_pins", 3),
        ("remove_pins", 2),
        ("set_pins", 2),
        ("set_pins", 9),
    ]


def test_job_keeps_its_first_plan_and_file(store):
    instance = office(EAST)
    with store.begin() as session:
        for number in range(3):
            put_job(
                session, JobRow(id=f"j{number}", kind="solve", area=EAST, owner="ab"[number == 0])
            )
    for person in ("L001", "L002"):
        plan = roster(instance, duty(EAST, 1, Part.AM, person))
        with store.begin() as session:
            keep_job_plan(session, "j1", instance, plan, report())
            keep_job_file(session, "j1", f"{person}.xlsx", person.encode())
    with store.read() as session:
        key = get_job(session, "j1").roster
        assert key is not None
        assert [row.person for row in get_roster(session, key).duties] == ["L001"]
        found = rosters(session, areas=[EAST]).rows
        assert [(row.id, row.created_by, row.instance) for row in found] == [
            (key, "a", instance.content_hash)
        ]
        kept = job_file(session, "j1")
        assert kept is not None
        assert (kept.name, kept.content) == ("L001.xlsx", b"L001")
        assert job_file(session, "j2") is None


def test_job_asked_for_many_times_at_once_is_kept_and_logged_once(store):
    together = threading.Barrier(8)

    def ask(number: int) -> dt.datetime:
        together.wait()
        with store.begin() as session:
            kept = put_job(session, JobRow(id="j", kind="import", area=EAST, owner="a"))
            keep_job_file(session, "j", "month.json", f"{number}".encode())
            return kept.created_at

    with ThreadPoolExecutor(8) as pool:
        times = set(pool.map(ask, range(8)))
    with store.read() as session:
        assert times == {get_job(session, "j").created_at}
        assert len(log_of(session, "job:j").rows) == 1


@pytest.mark.parametrize("other", [{"kind": "import"}, {"area": WEST}, {"owner": "b"}])
def test_id_of_another_job_is_refused(store, other):
    first = {"id": "j", "kind": "solve", "area": EAST, "owner": "a"}
    with store.begin() as session:
        put_job(session, JobRow(**first))
    with pytest.raises(KeyReusedError), store.begin() as session:
        put_job(session, JobRow(**first | other))


def test_jobs_are_listed_by_owner_and_area_in_pages(store):
    with store.begin() as session:
        for number in range(3):
            put_job(
                session, JobRow(id=f"j{number}", kind="solve", area=EAST, owner="ba"[number > 0])
            )
    with store.read() as session:
        assert [job.id for job in jobs(session, owner="a")] == ["j2", "j1"]
        (first,) = jobs(session, areas=[EAST], limit=1)
        rest = jobs(session, areas=[EAST], before=(first.created_at, first.id))
        assert [job.id for job in (first, *rest)] == ["j2", "j1", "j0"]
        with pytest.raises(NotFoundError) as caught:
            get_job(session, "nothing")
    assert caught.value.issue.code == "no_job"


def test_import_keeps_its_instance(store):
    instance = office(EAST)
    with store.begin() as session:
        put_job(session, JobRow(id="j", kind="import", area=EAST, owner="a"))
        keep_job_instance(session, "j", instance)
        keep_job_instance(session, "j", instance)
    with store.read() as session:
        assert get_job(session, "j").instance == instance.content_hash
        kept = get_instance(session, instance.content_hash)
    assert kept.content_hash == instance.content_hash
