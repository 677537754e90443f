"""A solve knows what is published for the days around its month."""

from __future__ import annotations

from typing import Any

from api.actions.planning import plan
from models.instance import Instance
from models.store.plans.instances import get_instance
from solver.limits import Limits, Stage
from tests.api.routes.test_pins import instance_of_next_solve
from tests.api.service.office import COUNTY, Office, county


def nights(month: str, **changes: Any) -> Instance:
    """Return a county with one lawyer, a night on the last of November and a morning after it."""
    post = {"site": "Z000", "name": "示例岗", "kind": "consultation", "holiday": "keep"}
    night = post | {"id": "Z000-夜", "recurrence": "2026-11-24、2026-11-30", "parts": ["night"]}
    remote = post | {"id": "Z000-远程", "recurrence": "2026-11-27", "mode": "remote"}
    morning = post | {"id": "Z000-晨", "recurrence": "2026-12-01"}
    people = [person for person in county().people if person.id == "L001"]
    rows: dict[str, Any] = {"posts": [night, remote, morning], "people": people, "villages": []}
    return county(**rows | {"settings": {"month": month}} | changes)


def test_what_is_published_for_the_last_week_counts_in_the_next_solve(office: Office) -> None:
    office.publish(office.draft(nights("2026-11")))
    office.use(nights("2026-12"))
    december = instance_of_next_solve(office)
    told = [
        (row.person, f"{row.date:%m-%d}", row.start, row.end, row.kind.value, row.place)
        for row in december.held_around
    ]
    assert told == [
        ("L001", "11-24", "20:00", "08:00", "duty", "Z000"),
        ("L001", "11-27", "09:00", "12:00", "duty", None),
        ("L001", "11-30", "20:00", "08:00", "duty", "Z000"),
    ]
    outcome = plan(december, Stage.ALL, Limits(seconds=5), lambda _: None)
    (lack,) = (lack for lack in outcome.report.unmet if lack.target == "Z000-晨")
    assert [reason.code for reason in lack.reasons] == ["rest_after_night"]


def test_months_further_away_and_drafts_do_not_count(office: Office) -> None:
    office.publish(office.draft(nights("2026-11")))
    office.use(nights("2027-01"))
    assert instance_of_next_solve(office).held_around == ()
    office.draft(nights("2026-12"))
    assert instance_of_next_solve(office).held_around == ()


def test_what_the_data_say_of_a_day_goes_before_what_was_published(office: Office) -> None:
    office.publish(office.draft(nights("2026-11")))
    own = {"person": "L001", "date": "2026-11-30", "part": "am"}
    office.use(nights("2026-12", held_around=[own]))
    rows = [row for row in instance_of_next_solve(office).held_around if row.date.day == 30]
    assert [(row.part, row.start) for row in rows] == [("am", None)]


def test_what_is_published_for_january_counts_in_a_new_december(office: Office) -> None:
    morning = {"id": "Z000-晨", "site": "Z000", "name": "示例岗", "kind": "consultation"}
    morning |= {"recurrence": "2027-01-04、2027-01-12", "holiday": "keep"}
    office.publish(office.draft(nights("2027-01", posts=[morning])))
    office.use(nights("2026-12"))
    (row,) = instance_of_next_solve(office).held_around
    assert f"{row.date}" == "2027-01-04"


def test_the_data_of_the_area_stay_as_they_are(office: Office) -> None:
    office.publish(office.draft(nights("2026-11")))
    key = office.use(nights("2026-12"))
    instance_of_next_solve(office)
    with office.service.store.read() as session:
        assert get_instance(session, key).held_around == ()
    assert office.get("boss", f"areas/{COUNTY}/data/held_around").json()["items"] == []
