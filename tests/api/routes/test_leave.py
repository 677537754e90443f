"""Leave over HTTP: who enters it, what it hits, the month repaired, and what an upload leaves of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from models.store.database.store import Store
from models.store.plans.instances import put_instance
from tests.api.routes.test_publication import POST, copied, publish, published
from tests.api.routes.test_requests import HERE, holders, leave, move
from tests.api.service.county import COUNTY, County, data, duty
from tests.factories import tiny_instance

ROWS = f"{HERE}/data/leave"


def patch_leave(county: County, who: str, person: str, day: str) -> httpx.Response:
    tag = county.ask("bureau", "GET", f"{HERE}/data").headers["ETag"]
    row = {"after": {"person": person, "first": day, "last": day}}
    return county.ask(who, "PATCH", ROWS, json=row, headers={"If-Match": tag})


def choose(county: County, people: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    """Put other data of the county to use, as after an upload."""
    content = data()
    if people:
        kept = [person for person in content.people if person.id not in people]
        changes |= {"people": [person.model_dump(mode="json") for person in kept]}
        changes |= {"leave": [], "conflicts": [], "wishes": []}
    instance = tiny_instance(**changes)
    with Store.open(county.folder) as store, store.begin() as session:
        key = put_instance(session, instance, area=COUNTY, by="test")
    tag = county.ask("bureau", "GET", f"{HERE}/data").headers["ETag"]
    sent = {"instance": key}
    return dict(county.got("bureau", "PUT", f"{HERE}/data", json=sent, headers={"If-Match": tag}))


def leave_rows(county: County) -> set[tuple[str, str]]:
    found = county.got("bureau", "GET", ROWS)["items"]
    return {(row["person"], row["first"]) for row in found}


def test_lawyers_ask_for_leave_and_offices_enter_it(own_county: County) -> None:
    assert patch_leave(own_county, "L001", "L001", "2026-12-18").status_code == 403
    assert patch_leave(own_county, "bureau", "L001", "2026-12-18").status_code == 200
    tag = own_county.ask("bureau", "GET", f"{HERE}/data").headers["ETag"]
    gone = {"before": {"person": "L001", "first": "2026-12-18", "last": "2026-12-18"}}
    refused = own_county.ask("L001", "PATCH", ROWS, json=gone, headers={"If-Match": tag})
    assert refused.status_code == 403
    assert ("L001", "2026-12-18") in leave_rows(own_county)


@pytest.mark.parametrize("who", ["L001", "bureau"])
def test_leave_long_past_is_refused(own_county: County, who: str) -> None:
    past = {"person": "L001", "first": "2026-01-12", "last": "2026-01-13"}
    answer = own_county.ask(who, "POST", f"{HERE}/requests/leave", json=past)
    assert [i["code"] for i in answer.json()["issues"]] == ["leave_past"]
    late = past | {"first": "2026-10-19", "last": "2026-10-19"}
    answer = own_county.ask(who, "POST", f"{HERE}/requests/leave", json=late)
    assert [i["code"] for i in answer.json()["issues"]] == ["leave_past"]
    sick = past | {"first": "2026-11-18", "last": "2026-11-19"}
    assert own_county.ask(who, "POST", f"{HERE}/requests/leave", json=sick).status_code == 201


def test_accepted_leave_survives_an_upload_and_is_shown(own_county: County) -> None:
    key = leave(own_county)
    move(own_county, "bureau", key, "accept")
    patch_leave(own_county, "bureau", "L003", "2026-12-28")
    told = choose(
        own_county, leave=[{"person": "L004", "first": "2026-12-30", "last": "2026-12-30"}]
    )
    kept = {(row["person"], row["first"]) for row in told["leave_kept"]}
    assert kept == {("L001", "2026-12-21"), ("L003", "2026-12-28")}
    new = {("L004", "2026-12-30")}
    assert leave_rows(own_county) == kept | new
    again = choose(own_county)
    assert {(row["person"], row["first"]) for row in again["leave_kept"]} == kept
    assert leave_rows(own_county) == kept


def test_leave_that_the_upload_has_is_not_doubled(own_county: County) -> None:
    move(own_county, "bureau", leave(own_county), "accept")
    rows = own_county.got("bureau", "GET", ROWS)["items"]
    assert choose(own_county, leave=rows)["leave_kept"] == []
    assert leave_rows(own_county) == {("L001", "2026-12-21"), ("L002", "2026-12-15")}


def test_leave_of_somebody_whom_the_upload_does_not_know_is_told(own_county: County) -> None:
    move(own_county, "bureau", leave(own_county), "accept")
    told = choose(own_county, people=("L001",))
    assert [row["person"] for row in told["leave_lost"]] == ["L001"]


def with_standby(county: County) -> int:
    """Publish L004 as standby of the duty of the 11th; return the roster."""
    draft = copied(county)
    tag = county.ask("bureau", "GET", f"rosters/{draft}").headers["ETag"]
    row = {"duty": duty(POST, 11, "L004", standby=True).model_dump(mode="json")}
    county.got(
        "bureau", "PATCH", f"rosters/{draft}/rows", json={"after": row}, headers={"If-Match": tag}
    )
    answer = publish(county, draft)
    assert answer.status_code == 200, answer.text
    return draft


def test_accepted_leave_tells_what_it_hits_and_who_could_stand_in(own_county: County) -> None:
    roster = with_standby(own_county)
    key = leave(own_county, "L003", first="2026-12-11", last="2026-12-12")
    (hit,) = move(own_county, "bureau", key, "accept").json()["hits"]
    assert (hit["roster"], hit["duty"]["date"], hit["visit"]) == (roster, "2026-12-11", None)
    assert (hit["substitutes"][0]["person"], hit["substitutes"][0]["is_standby"]) == ("L004", True)
    free = leave(own_county, "L003", first="2026-12-24", last="2026-12-24")
    assert move(own_county, "bureau", free, "accept").json()["hits"] == []


def test_a_month_is_repaired_in_one_step_and_the_standby_is_called(own_county: County) -> None:
    roster = with_standby(own_county)
    away = {"person": "L003", "first": "2026-12-11", "publish": True, "why": "突发疾病"}
    made = own_county.got("bureau", "POST", f"rosters/{roster}/repair", 201, json=away)
    assert made["roster"]["stage"] == "published"
    changed = {(c["kind"], c["before"], c["after"]) for c in made["changes"]}
    assert ("duty", "L003", "L004") in changed
    before = holders(own_county)
    assert (before["11"], before["08"]) == ("L004", "L003")
    assert ("L003", "2026-12-11") in leave_rows(own_county)
    assert published(own_county)["id"] == made["roster"]["id"]


def test_a_repair_waits_as_a_draft_of_the_revision_it_changes(own_county: County) -> None:
    roster = published(own_county)["id"]
    away = {"person": "L003", "first": "2026-12-08", "part": "am"}
    made = own_county.got("bureau", "POST", f"rosters/{roster}/repair", 201, json=away)
    assert (made["roster"]["stage"], made["roster"]["base"]) == ("draft", 1)
    assert holders(own_county)["08"] == "L003"
    assert publish(own_county, made["roster"]["id"]).status_code == 200
    assert holders(own_county).get("08") != "L003"
    assert ("L003", "2026-12-08") not in leave_rows(own_county)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"person": "L099", "first": "2026-12-08"}, "unknown_person"),
        ({"person": "L003", "first": "2027-02-08"}, "absence_outside"),
        ({"person": "L003", "first": "2026-12-08", "last": "2026-12-07"}, "absence_outside"),
    ],
)
def test_a_repair_that_cannot_be_is_refused(
    shared_county: County, asked: dict[str, Any], code: str
) -> None:
    roster = published(shared_county)["id"]
    answer = shared_county.ask("bureau", "POST", f"rosters/{roster}/repair", json=asked)
    assert [i["code"] for i in answer.json()["issues"]] == [code]


def test_a_lawyer_repairs_nothing(shared_county: County) -> None:
    roster = published(shared_county)["id"]
    away = {"person": "L003", "first": "2026-12-08"}
    assert shared_county.ask("L003", "POST", f"rosters/{roster}/repair", json=away).is_client_error
