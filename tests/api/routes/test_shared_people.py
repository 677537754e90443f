"""People and places that two offices have: busy times, licences, whose places a roster may name."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor, Role
from api.actions.planning import plan
from models.instance import Instance
from models.roster import Roster
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from scenarios.generator.generate import generate
from solver.limits import Limits, Stage
from tests.api.routes.test_pins import instance_of_next_solve
from tests.api.service.office import COUNTY, EAST, OTHER, Office, county
from tests.factories import tiny_content, tiny_instance
from tests.told import code_told

LICENCE = "made-up 0001"


def neighbour(**changes: Any) -> dict[str, Any]:
    """Return the tables of the neighbouring county, whose L009 is L001 by licence."""
    text = json.dumps(tiny_content(), ensure_ascii=False).replace(COUNTY, OTHER)
    content: dict[str, Any] = json.loads(text)
    return content | changes


def licensed(people: list[dict[str, Any]], number: int, **fields: Any) -> list[dict[str, Any]]:
    return [
        person | ({"licence_no": LICENCE} | fields if place == number else {})
        for place, person in enumerate(people)
    ]


def here(**changes: Any) -> Instance:
    return tiny_instance(people=licensed(tiny_content()["people"], 0), **changes)


def there(**fields: Any) -> Instance:
    content = neighbour()
    people = licensed(content["people"], 0, id="L009", **fields)
    content |= {"people": people, "leave": [], "wishes": [], "conflicts": [], "pins": []}
    content["villages"] = [village | {"adviser": None} for village in content["villages"]]
    return Instance.model_validate(content)


def put(office: Office, user: str, area: str, instance: Instance, **more: Any) -> httpx.Response:
    """Put imported data of an area to use, as its bureau does."""
    with office.service.store.begin() as session:
        key = put_instance(session, instance, area=area, by="test")
    known = office.get(user, f"areas/{area}/data")
    tag = known.headers["ETag"] if known.status_code == 200 else '"0"'
    sent = {"instance": key} | more
    return office.ask(user, "PUT", f"areas/{area}/data", json=sent, headers={"If-Match": tag})


def keep(office: Office, instance: Instance, area: str, *duties: Any) -> int:
    roster = Roster.model_validate(
        {"month": "2026-12", "instance": instance.content_hash, "duties": duties}
    )
    report = plan(instance, Stage.ADVISERS, Limits(seconds=2), lambda _: None).report
    with office.service.store.begin() as session:
        put_instance(session, instance, area=area, by="test")
        return put_draft(session, roster, report, area=area, by="test").id


def duty(person: str, day: int = 7, post: str = "Z000-咨询") -> dict[str, Any]:
    return {"post": post, "date": f"2026-12-{day:02}", "part": "am", "person": person}


def test_a_solve_keeps_clear_of_what_other_offices_publish(office: Office) -> None:
    office.use(there(), OTHER)
    office.publish(keep(office, there(), OTHER, duty("L009"), duty("L009", 8)))
    office.use(here())
    solved = instance_of_next_solve(office)
    busy = [row for row in solved.leave if row.kind.value == "busy"]
    told = [(row.person, f"{row.first}", row.start, row.end) for row in busy]
    assert told == [
        ("L001", "2026-12-07", "09:00", "12:00"),
        ("L001", "2026-12-08", "09:00", "12:00"),
    ]
    assert "L009" not in solved.model_dump_json()
    made = plan(solved, Stage.ALL, Limits(seconds=5), lambda _: None).roster
    with office.service.store.begin() as session:
        put_instance(session, solved, area=COUNTY, by="test")
        report = plan(solved, Stage.ADVISERS, Limits(seconds=2), lambda _: None).report
        draft = put_draft(session, made, report, area=COUNTY, by="test").id
    office.publish(draft)  # and so no clash


def test_what_an_office_published_itself_does_not_make_its_people_busy(office: Office) -> None:
    office.use(here())
    office.publish(keep(office, here(), COUNTY, duty("L001")))
    assert [r for r in instance_of_next_solve(office).leave if r.kind.value == "busy"] == []


def test_a_licence_under_two_names_is_to_be_confirmed(office: Office) -> None:
    office.use(here())
    refused = put(office, "stranger", OTHER, there(name="例生"))
    assert (refused.status_code, code_told(refused.json())) == (409, "licence_claimed")
    assert refused.json()["people"] == ["L009"]
    assert put(office, "stranger", OTHER, there(name="例生"), confirm=["L009"]).status_code == 200
    # what was confirmed is not asked again
    assert put(office, "stranger", OTHER, there(name="例生")).status_code == 200


def test_a_lawyer_whom_two_offices_know_by_one_name_needs_no_confirmation(office: Office) -> None:
    office.use(here())
    assert put(office, "stranger", OTHER, there()).status_code == 200


def test_data_of_another_place_are_refused(office: Office) -> None:
    office.use(there(), OTHER)
    with office.service.store.begin() as session:
        put_instance(session, there(), area=COUNTY, by="test")
    refused = put(office, "boss", COUNTY, there(name="例丙三"))
    assert [i["code"] for i in refused.json()["issues"]] == ["data_elsewhere"]
    assert put(office, "boss", COUNTY, county()).status_code == 200


@pytest.mark.parametrize(
    ("area", "post", "status"),
    [(EAST, "Z001-咨询", 200), (EAST, "Z000-咨询", 409), (COUNTY, "Z000-咨询", 200)],
)
def test_a_roster_names_places_of_its_own_area_alone(
    office: Office, area: str, post: str, status: int
) -> None:
    office.use(here())
    draft = keep(office, here(), area, duty("L001", 8, post))
    answer = office.ask("boss", "POST", f"rosters/{draft}/publish", json={})
    if answer.status_code == 409 and "breaches" in answer.json():
        keys = [breach["key"] for breach in answer.json()["breaches"]]
        told = {"acknowledge": keys}
        answer = office.ask("boss", "POST", f"rosters/{draft}/publish", json=told)
    assert answer.status_code == status, answer.text
    if status == 409:
        assert code_told(answer.json()) == "roster_outside"


def test_bureaus_above_see_by_official_codes(office: Office) -> None:
    """The county's data say nothing of the city in which it lies."""
    office.use(here())
    city = Actor(Role.BUREAU, user="city", area="410100")
    other = Actor(Role.BUREAU, user="other", area="410200")
    for area in (COUNTY, EAST):
        place = office.service.areas.place(area)
        assert decide(city, Action.READ_INSTANCE, place) is Decision.ALLOW
        assert decide(other, Action.READ_INSTANCE, place) is Decision.DENY


def test_made_up_counties_share_no_licence() -> None:
    made = [generate(code, "T", seed=1) for code in ("340223105", "340281")]
    one, other = ({p.licence_no for p in county.people if p.licence_no} for county in made)
    assert (bool(one), bool(other), one & other) == (True, True, set())
