"""Solving a published month again: what is published stays unless it is asked anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.actions.planning import plan
from models.instance import Instance
from models.roster import Roster
from models.store.tables.plan_tables import JobRow
from models.vocabulary import Strength
from solver.limits import Limits, Stage
from tests.api.routes.test_pins import rows_of
from tests.api.service.office import COUNTY, Office, county

NEW = {"id": "L005", "name": "例己", "kind": "lawyer", "firm": "F01", "area": "410105001"}
FAR = {"area": "410105001", "practice_years": 5, "languages": ["普通话"]}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    yield made
    made.close()


def published(office: Office) -> Roster:
    office.use(county())
    roster = office.draft(county())
    office.publish(roster)
    return rows_of(office, roster)


def ordered(office: Office, **choices: Any) -> Instance:
    """Return the data that a solve is ordered with."""
    job = office.ask("boss", "POST", f"areas/{COUNTY}/solves", json=choices)
    assert job.status_code == 202, job.text
    with office.service.store.read() as session:
        row = session.get(JobRow, job.json()["id"])
        assert row is not None
        assert row.instance is not None
    return office.service.areas.instance(row.instance)


def solved(instance: Instance) -> Roster:
    return plan(instance, Stage.ALL, Limits(seconds=5, seed=1), lambda _: None).roster


def with_new_lawyer() -> Instance:
    """Return the county with one lawyer more, who would suit some villages better."""
    people = [person.model_dump(exclude_defaults=True) for person in county().people]
    return county(people=[*people, NEW | FAR])


def test_one_lawyer_more_changes_no_adviser_until_that_is_asked(office: Office) -> None:
    roster = published(office)
    office.use(with_new_lawyer())
    again = solved(ordered(office))
    assert again.advisers == roster.advisers
    moved = set(roster.duties) ^ set(again.duties)
    fresh = ordered(office, fresh=True)
    assert fresh.pins == ()
    assert set(solved(fresh).advisers) != set(roster.advisers)
    assert len(moved) < len(roster.duties)


def test_what_cannot_be_kept_is_only_preferred(office: Office) -> None:
    roster = published(office)
    seat = roster.advisers[0]
    barred = {"person": seat.person, "village": seat.village}
    office.use(county(conflicts=[barred]))
    planned = ordered(office)
    assert {pin.strength for pin in planned.pins} == {Strength.KEEP}
    again = {one.village: one.person for one in solved(planned).advisers}
    assert again[seat.village] != seat.person


def test_what_is_past_is_fixed_and_a_pin_of_the_office_goes_before(office: Office) -> None:
    from api.office.plans.from_published import from_published  # a day that the clock has not

    roster = published(office)
    with office.service.store.read() as session:
        made = from_published(session, county(), COUNTY, "2026-12", dt.date(2026, 12, 10))
    strengths = {(pin.date < dt.date(2026, 12, 10), pin.strength) for pin in made.pins if pin.date}
    assert strengths == {(True, Strength.FIXED), (False, Strength.KEEP)}
    duty = roster.duties[0]
    other = next(p.id for p in county().people if p.id != duty.person)
    own = [{"kind": "duty", "target": duty.post, "person": other} | at(duty)]
    with office.service.store.read() as session:
        made = from_published(session, county(pins=own), COUNTY, "2026-12", duty.date)
    assert [
        pin.person
        for pin in made.pins
        if (pin.target, pin.date, pin.part) == (duty.post, duty.date, duty.part)
    ] == [other]


def at(duty: Any) -> dict[str, Any]:
    return {"date": duty.date, "part": duty.part}
