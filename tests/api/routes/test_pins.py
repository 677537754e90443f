"""Pins and freezing by route, and how the next solve takes them up."""

from __future__ import annotations

from typing import Any

from models.roster import Roster
from models.store.plans.instances import get_instance
from models.vocabulary import PinKind
from tests.api.service.office import COUNTY, EAST, Office, county
from tests.told import code_told


def instance_of_next_solve(office: Office, **order: Any) -> Any:
    answer = office.ask("boss", "POST", f"areas/{COUNTY}/solves", json=order)
    assert answer.status_code == 202, answer.text
    with office.service.store.read() as session:
        return get_instance(session, answer.json()["instance"])


def rows_of(office: Office, roster: int) -> Roster:
    return Roster.model_validate(office.get("boss", f"rosters/{roster}/rows").json())


def test_a_row_is_pinned_listed_kept_and_unpinned(office: Office) -> None:
    office.use(county())
    roster = office.draft(county())
    duty = rows_of(office, roster).duties[0]
    row = {"row": {"duty": duty.model_dump(mode="json")}, "strength": "keep", "why": "老搭档"}
    pinned = office.ask("boss", "POST", f"rosters/{roster}/pins", json=row)
    assert pinned.status_code == 200, pinned.text
    assert office.ask("boss", "POST", f"rosters/{roster}/pins", json=row).json() == pinned.json()
    (listed,) = office.all("boss", f"areas/{COUNTY}/pins")
    assert {name: listed[name] for name in pinned.json()} == pinned.json()
    assert (listed["strength"], listed["created_by"]) == ("keep", "boss")
    (pin,) = instance_of_next_solve(office).pins
    assert (pin.target, pin.date, pin.person) == (duty.post, duty.date, duty.person)
    assert instance_of_next_solve(office, month="2027-01").pins == ()
    where = f"areas/{COUNTY}/pins/{listed['id']}"
    assert office.ask("stranger", "DELETE", where).status_code == 404
    assert office.ask("boss", "DELETE", where).json() == {"pins": 1}
    assert office.ask("boss", "DELETE", where).status_code == 404
    assert instance_of_next_solve(office).content_hash == county().content_hash


def test_what_is_not_in_the_roster_cannot_be_pinned(office: Office) -> None:
    office.use(county())
    roster = office.draft(county())
    duty = rows_of(office, roster).duties[0].model_dump(mode="json")
    for row, code in (
        ({"duty": duty | {"person": "M001"}}, "pin_no_row"),
        ({"station": {"village": f"{EAST}001"}}, "pin_station"),
    ):
        refused = office.ask("boss", "POST", f"rosters/{roster}/pins", json={"row": row})
        assert (refused.status_code, code_told(refused.json())) == (409, code)
    for user in ("east", "stranger"):
        row = {"row": {"duty": duty}}
        assert office.ask(user, "POST", f"rosters/{roster}/pins", json=row).status_code == 404


def test_frozen_days_are_kept_as_they_are_by_the_next_plan(office: Office) -> None:
    office.use(county())
    first = office.draft(county())
    before = rows_of(office, first)
    empty = next(d for d in before.duties if d.date.day < 10)
    gone = {"before": {"duty": empty.model_dump(mode="json")}, "why": "出庭"}
    done = office.ask(
        "boss", "PATCH", f"rosters/{first}/rows", json=gone, headers={"If-Match": '"1"'}
    )
    assert done.status_code == 200, done.text
    frozen = {"last": "2026-12-09", "seats": True, "why": "已过"}
    count = office.ask("boss", "POST", f"rosters/{first}/freeze", json=frozen).json()["pins"]
    assert count == len(office.all("boss", f"areas/{COUNTY}/pins", limit=20))
    again = office.ask("boss", "POST", f"rosters/{first}/freeze", json=frozen)
    assert again.json() == {"pins": 0}
    leave = {"person": "L003", "first": "2026-12-10", "last": "2026-12-31"}
    office.use(county(leave=[leave]))
    pinned = instance_of_next_solve(office)
    after = rows_of(office, office.draft(pinned))
    kept = rows_of(office, first)
    for table in ("duties", "visits"):
        was, now = (
            {row for row in getattr(plan, table) if row.date.day < 10} for plan in (kept, after)
        )
        assert now == was
    assert empty not in after.duties
    assert set(after.advisers) == set(kept.advisers)
    assert after.duties != kept.duties


def test_thawing_takes_the_pins_of_days_people_and_places(office: Office) -> None:
    office.use(county())
    roster = office.draft(county())
    where = f"rosters/{roster}/freeze"
    assert office.ask("boss", "POST", where, json={"why": "x"}).status_code == 422
    sites = {"sites": ["Z002"], "slots": ["Z000-咨询@20261201am"]}
    office.ask("boss", "POST", where, json=sites)
    pins = office.all("boss", f"areas/{COUNTY}/pins")
    assert {pin["target"] for pin in pins} == {"Z002-调解", "Z000-咨询"}
    assert {pin["kind"] for pin in pins} == {PinKind.DUTY, PinKind.STANDBY}
    thaw = f"areas/{COUNTY}/pins/thaw"
    assert office.ask("boss", "POST", thaw, json={}).status_code == 422
    assert office.ask("stranger", "POST", thaw, json={"target": "Z002-调解"}).status_code == 404
    gone = office.ask("boss", "POST", thaw, json={"target": "Z002-调解"}).json()["pins"]
    assert gone == sum(pin["target"] == "Z002-调解" for pin in pins)
    left = office.ask("boss", "POST", thaw, json={"first": "2026-12-01"}).json()["pins"]
    assert left == len(pins) - gone
    assert office.all("boss", f"areas/{COUNTY}/pins") == []


def test_a_pin_whose_person_is_gone_is_told_before_the_solve(office: Office) -> None:
    office.use(county())
    roster = office.draft(county())
    people = {"people": [rows_of(office, roster).duties[0].person]}
    office.ask("boss", "POST", f"rosters/{roster}/freeze", json=people)
    pins = office.all("boss", f"areas/{COUNTY}/pins")
    office.use(county(people=[p for p in county().people if p.id != people["people"][0]]))
    refused = office.ask("boss", "POST", f"areas/{COUNTY}/solves", json={})
    assert refused.status_code == 422
    issues = refused.json()["issues"]
    assert [issue["code"] for issue in issues] == ["pin_gone"] * len(pins)
    assert all(people["people"][0] in issue["value"] for issue in issues)
