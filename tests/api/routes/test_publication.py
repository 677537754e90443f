"""Publication over HTTP: overtaken drafts, merges, hard breaches that are to be acknowledged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from models.store.database.store import Store
from models.store.plans.drafts import put_draft
from models.store.plans.roster_queries import get_report, get_roster
from tests.api.routes.test_requests import EXCHANGE, away, holders, move, swap
from tests.api.service.county import COUNTY, County, duty
from tests.told import code_told

HERE = f"areas/{COUNTY}"
POST = "Z000-咨询"


def published(county: County) -> dict[str, Any]:
    found = county.got("bureau", "GET", f"{HERE}/rosters", params={"stage": "published"})
    return dict(found["items"][0])


def copied(county: County) -> int:
    return int(
        county.got("bureau", "POST", f"rosters/{published(county)['id']}/draft", 201, json={})["id"]
    )


def publish(county: County, roster: int, **how: Any) -> httpx.Response:
    return county.ask("bureau", "POST", f"rosters/{roster}/publish", json=how)


def row(day: int, person: str) -> dict[str, Any]:
    return {"duty": duty(POST, day, person).model_dump(mode="json")}


def hand(county: County, roster: int, day: int, old: str | None, new: str | None) -> None:
    """Give the duty of a day in a draft to somebody else."""
    tag = county.ask("bureau", "GET", f"rosters/{roster}").headers["ETag"]
    edit = {"before": old and row(day, old), "after": new and row(day, new)}
    edit = {side: kept for side, kept in edit.items() if kept}
    county.got("bureau", "PATCH", f"rosters/{roster}/rows", json=edit, headers={"If-Match": tag})


def swapped(county: County) -> None:
    """Let L001 and L002 exchange the 7th and the 9th, published at once."""
    key = swap(county, **EXCHANGE)
    move(county, "L002", key, "agree")
    assert move(county, "bureau", key, "accept").json()["request"]["state"] == "accepted"


def persons(side: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    return {
        kind: sorted((r["date"][8:], r["person"]) for r in rows["duties"])
        for kind, rows in side.items()
    }


def test_a_draft_made_before_a_swap_never_undoes_it_unasked(own_county: County) -> None:
    draft = copied(own_county)
    hand(own_county, draft, 11, "L003", "L004")
    swapped(own_county)
    refused = publish(own_county, draft)
    assert (refused.status_code, code_told(refused.json())) == (409, "overtaken")
    told = refused.json()["overtaken"]
    assert (told["base"], told["revision"], told["published"]) == (
        1,
        2,
        published(own_county)["id"],
    )
    assert persons(told["theirs"]) == {
        "gone": [("07", "L001"), ("09", "L002")],
        "new": [("07", "L002"), ("09", "L001")],
    }
    assert persons(told["own"]) == {"gone": [("11", "L003")], "new": [("11", "L004")]}
    assert holders(own_county)["07"] == "L002"
    merged = own_county.got("bureau", "POST", f"rosters/{draft}/merge", 201, json={})
    assert merged["base"] == 2
    assert publish(own_county, merged["id"]).status_code == 200
    now = holders(own_county)
    assert (now["07"], now["09"], now["11"]) == ("L002", "L001", "L004")


def test_an_override_names_what_it_replaces_and_is_logged(own_county: County) -> None:
    draft = copied(own_county)
    swapped(own_county)
    assert code_told(publish(own_county, draft, over=1).json()) == "overtaken"
    assert publish(own_county, draft, over=2).status_code == 200
    assert holders(own_county)["07"] == "L001"
    log = own_county.got("bureau", "GET", f"rosters/{draft}/log")["items"]
    assert log[0]["after"] == {"published": draft, "revision": 3, "over": 2}


def test_of_four_drafts_of_one_base_published_at_once_one_goes_through(own_county: County) -> None:
    drafts = [copied(own_county) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda key: publish(own_county, key).status_code, drafts))
    assert sorted(answers) == [200, 409, 409, 409]


def test_what_both_changed_is_merged_as_the_office_says(own_county: County) -> None:
    draft = copied(own_county)
    hand(own_county, draft, 7, "L001", "L004")
    swapped(own_county)
    where = f"rosters/{draft}/merge"
    asked = own_county.ask("bureau", "POST", where, json={})
    assert (asked.status_code, code_told(asked.json())) == (409, "merge_conflict")
    assert asked.json()["conflicts"] == [f"duty {POST} 2026-12-07 am"]
    for side, who in (("draft", "L004"), ("published", "L002")):
        made = own_county.got("bureau", "POST", where, 201, json={"prefer": side})
        rows = own_county.got("bureau", "GET", f"rosters/{made['id']}/rows")["duties"]
        held = {r["date"][8:]: r["person"] for r in rows}
        assert (held["07"], held["09"]) == (who, "L001")


def test_there_is_nothing_to_merge_before_something_newer_is_published(own_county: County) -> None:
    asked = own_county.ask("bureau", "POST", f"rosters/{copied(own_county)}/merge", json={})
    assert (asked.status_code, code_told(asked.json())) == (409, "merge_current")


def test_a_copy_changes_what_it_is_a_copy_of(own_county: County) -> None:
    first = published(own_county)["id"]
    draft = copied(own_county)
    swapped(own_county)
    again = own_county.got("bureau", "POST", f"rosters/{draft}/draft", 201, json={})
    old = own_county.got("bureau", "POST", f"rosters/{first}/draft", 201, json={})
    assert (again["base"], old["base"]) == (1, 1)
    assert code_told(publish(own_county, old["id"]).json()) == "overtaken"


def test_after_a_withdrawal_nothing_is_overtaken(own_county: County) -> None:
    draft = copied(own_county)
    swapped(own_county)
    now = published(own_county)["id"]
    own_county.got("bureau", "POST", f"rosters/{now}/withdraw", json={})
    assert publish(own_county, draft).status_code == 200


def test_a_request_says_when_its_duty_has_changed(own_county: County) -> None:
    key, other = swap(own_county), swap(own_county, who="L003", date="2026-12-11")
    draft = copied(own_county)
    hand(own_county, draft, 7, "L001", "L004")
    assert publish(own_county, draft).status_code == 200
    told = {r["id"]: r["duty_changed"] for r in listed(own_county)}
    assert told == {key: True, other: False}
    assert own_county.got("L001", "GET", f"requests/{key}")["duty_changed"] is True
    move(own_county, "bureau", key, "refuse", why="已由他人接班")
    assert own_county.got("L001", "GET", f"requests/{key}")["duty_changed"] is False


def listed(county: County) -> list[dict[str, Any]]:
    return list(county.got("bureau", "GET", f"{HERE}/requests")["items"])


def test_hard_breaches_are_published_only_by_name(own_county: County) -> None:
    away(own_county, "L004", "2026-12-07")
    away(own_county, "L002", "2026-12-11")
    draft = copied(own_county)
    hand(own_county, draft, 7, "L001", "L004")
    hand(own_county, draft, 11, "L003", "L002")
    refused = publish(own_county, draft)
    assert (refused.status_code, code_told(refused.json())) == (409, "breaches_unacknowledged")
    told = refused.json()["breaches"]
    assert [b["rule"] for b in told] == ["leave", "leave"]
    one, both = told[0]["key"], [b["key"] for b in told]
    half = publish(own_county, draft, acknowledge=[one])
    assert [b["key"] for b in half.json()["breaches"]] == both[1:]
    assert holders(own_county)["07"] == "L001"
    assert publish(own_county, draft, acknowledge=both).status_code == 200
    log = own_county.got("bureau", "GET", f"rosters/{draft}/log")["items"]
    named = next(entry for entry in log if entry["action"] == "acknowledge")
    assert [b["key"] for b in named["after"]["breaches"]] == both
    # the next publication adds no breach, so nobody is asked again
    assert publish(own_county, copied(own_county)).status_code == 200


@pytest.mark.parametrize(("day", "person"), [(7, "L001"), (9, "L002")])
def test_a_double_booking_is_refused_whatever_is_acknowledged(
    own_county: County, day: int, person: str
) -> None:
    known = published(own_county)["id"]
    with Store.open(own_county.folder) as store, store.begin() as session:
        plan = get_roster(session, known)
        twice = (*plan.duties, duty("Z001-咨询", day, person))
        plan = plan.model_copy(update={"duties": twice})
        draft = put_draft(session, plan, get_report(session, known), area=COUNTY, by="test").id
    assert code_told(publish(own_county, draft).json()) == "clash"
