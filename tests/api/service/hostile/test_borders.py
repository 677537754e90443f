"""What one county may do to another: nothing, whatever its own data say."""

from __future__ import annotations

from typing import Any

import pytest

from models.instance import Instance
from models.store.tables.words import Role
from tests.api.service.hostile.world import HERE, SHARED, THERE, County, World

NEAR = "340222"
"""A county whose code sorts before the others'."""


def annexed(code: str, *areas: str) -> Instance:
    """Return the data of a county that claims areas of others as its own townships."""
    content = County(code, "C").content()
    content["areas"] += [
        {"id": area, "name": "示例街道", "level": "township", "parent": code} for area in areas
    ]
    return Instance.model_validate(content)


def test_data_give_no_county_the_accounts_of_another(world: World) -> None:
    world.add("near", Role.BUREAU, NEAR)
    world.work_with(NEAR, annexed(NEAR, HERE.township, HERE.code))
    users = world.ask("near", "GET", f"/areas/{NEAR}/users").json()["items"]
    assert [user["name"] for user in users] == ["near"]
    for name in ("a-office", "a-bureau"):
        where = f"/areas/{NEAR}/users/{name}"
        assert world.ask("near", "POST", f"{where}/tokens", json={"label": "x"}).status_code == 404
        assert world.ask("near", "POST", f"{where}/disable").status_code == 404
    for area in (HERE.township, HERE.code):
        made = world.ask("near", "PUT", f"/areas/{area}/users/evil", json={"role": "bureau"})
        assert made.status_code == 404
    read = world.ask("a-office", "GET", f"/areas/{HERE.township}/data").json()
    assert read["area"] == HERE.code
    whose = {"kind": "township", "id": HERE.township}
    assert world.ask("near", "POST", f"/areas/{NEAR}/feeds", json=whose).status_code == 404


def test_data_give_no_county_the_accounts_of_one_that_has_no_data_yet(empty: World) -> None:
    empty.add("near", Role.BUREAU, NEAR)
    for area in (HERE.code, "park"):
        empty.add(area, Role.BUREAU, area)
    empty.work_with(NEAR, annexed(NEAR, HERE.code, HERE.township, "park"))
    for area in (HERE.code, "park"):
        where = f"/areas/{NEAR}/users/{area}"
        assert empty.ask("near", "POST", f"{where}/tokens", json={"label": "x"}).status_code == 404
        made = empty.ask("near", "PUT", f"/areas/{area}/users/evil", json={"role": "bureau"})
        assert made.status_code == 404
        assert empty.ask(area, "GET", f"/areas/{area}/data").status_code == 404


def test_a_city_sees_its_counties_and_a_park_that_is_nobody_elses(empty: World) -> None:
    """A code without meaning lies where the data say, as long as no bureau has it."""
    city = "340200"
    empty.add("city", Role.BUREAU, city)
    content = HERE.content()
    content["areas"] += [
        {"id": city, "name": "示例市", "level": "city"},
        {"id": "park", "name": "示例园区", "level": "township", "parent": HERE.code},
    ]
    content["areas"][0]["parent"] = city
    key = empty.work_with(city, Instance.model_validate(content))
    for area in (city, HERE.code, HERE.township, "park"):
        assert empty.ask("city", "GET", f"/areas/{area}/data").json()["instance"] == key
    empty.add("county", Role.BUREAU, HERE.code)
    assert empty.ask("county", "GET", f"/areas/{HERE.code}/data").json()["area"] == city
    assert empty.ask("county", "GET", f"/areas/{city}/data").status_code == 404
    own = empty.work_with(HERE.code, Instance.model_validate(content | {"days": []}), revision=0)
    empty.work_with(city, HERE.instance(), revision=1)
    assert empty.ask("county", "GET", f"/areas/{HERE.township}/data").json()["area"] == HERE.code
    assert empty.ask("city", "GET", f"/areas/{HERE.code}/data").json()["instance"] == own


def test_data_of_another_county_cannot_be_chosen_by_their_hash(world: World) -> None:
    where = f"/areas/{THERE.code}/data"
    here = {"If-Match": world.ask("b-bureau", "GET", where).headers["ETag"]}
    answers = [
        world.ask("b-bureau", "PUT", where, json={"instance": key}, headers=here)
        for key in (HERE.instance().content_hash, "0" * 64)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    mine = {"instance": THERE.instance().content_hash}
    assert world.ask("b-bureau", "PUT", where, json=mine, headers=here).status_code == 200


def test_data_that_both_uploaded_may_be_chosen_by_both(world: World) -> None:
    """Equal data are kept once: whoever imported them has them, though another kept them first."""
    content = HERE.content()
    content["areas"].append(content["areas"][0] | {"id": THERE.code, "parent": None})
    both = Instance.model_validate(content)
    key = world.work_with("340224", both)
    assert key == both.content_hash
    world.draft(THERE.code, both)
    where = f"/areas/{THERE.code}/data"
    here = {"If-Match": world.ask("b-bureau", "GET", where).headers["ETag"]}
    chosen = world.ask("b-bureau", "PUT", where, json={"instance": key}, headers=here)
    assert chosen.status_code == 200


ROW = {"person": SHARED, "first": "2026-12-07", "last": "2026-12-08"}


def test_nobody_changes_data_of_another_county(world: World) -> None:
    before = world.ask("a-bureau", "GET", f"/areas/{HERE.code}/data").json()
    for who in ("b-bureau", "b-office", "b-firm", "b-adviser"):
        for change in ({}, {"before": {}}, {"after": {}}, {"after": ROW}):
            for tag in ('"1"', '"7"'):
                sent: Any = {"json": change, "headers": {"If-Match": tag}}
                told = world.ask(who, "PATCH", f"/areas/{HERE.code}/data/leave", **sent)
                none = world.ask(who, "PATCH", "/areas/999999/data/leave", **sent)
                assert (told.status_code, told.content) == (none.status_code, none.content)
                assert told.status_code == (404 if change else 422)
    assert world.ask("a-bureau", "GET", f"/areas/{HERE.code}/data").json() == before


def test_a_change_of_nothing_is_refused(world: World) -> None:
    where = f"/areas/{HERE.code}/data/leave"
    for change in ({}, {"before": ROW, "after": ROW}):
        refused = world.ask("a-bureau", "PATCH", where, json=change, headers={"If-Match": '"1"'})
        assert refused.status_code == 422
        assert [issue["code"] for issue in refused.json()["issues"]] == ["nothing_changes"]


def test_a_county_named_in_the_data_of_another_does_not_change_them(world: World) -> None:
    content = THERE.content()
    content["areas"].append({"id": HERE.township, "name": "示例街道", "level": "township"})
    content["areas"].append({"id": HERE.code, "name": "示例县", "level": "county"})
    content["areas"][-2]["parent"] = HERE.code
    content["people"][-1]["area"] = HERE.township  # the shared lawyer, at home here
    world.work_with(THERE.code, Instance.model_validate(content), revision=1)
    sent = {"json": {"after": ROW}, "headers": {"If-Match": '"2"'}}
    refused = world.ask("a-bureau", "PATCH", f"/areas/{THERE.code}/data/leave", **sent)
    assert refused.status_code == 404
    assert world.ask("b-bureau", "GET", f"/areas/{THERE.code}/data").json()["revision"] == 2


def test_of_a_shared_lawyer_others_see_busy_times_only(world: World) -> None:
    days = {"first": "2026-12-01", "last": "2026-12-31"}
    for who, county in (("a-bureau", HERE), ("b-bureau", THERE)):
        where = f"/areas/{county.code}/bookings"
        rows = world.ask(who, "GET", where, params=days | {"person": SHARED}).json()["items"]
        assert [row["date"] for row in rows] == ["2026-12-01", "2026-12-02"]
        shown = [row["target"] for row in rows]
        assert shown == ([HERE.post, None] if county is HERE else [None, THERE.post])
        assert {row["kind"] for row in rows if row["target"] is None} == {None}


def test_the_second_publication_is_told_with_whom_it_clashes(world: World) -> None:
    _, clashing = world.draft(THERE.code, THERE.instance(), THERE.duty(1, SHARED))
    refused = world.ask("b-bureau", "POST", f"/rosters/{clashing}/publish", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
    (clash,) = refused.json()["clashes"]
    assert (clash["person"], clash["date"], clash["part"]) == (SHARED, "2026-12-01", "am")
    assert (clash["roster"], clash["other_area"]) == (clashing, HERE.code)


def test_an_id_taken_from_another_county_means_somebody_else(world: World) -> None:
    """Whoever writes another county's ids into his own data learns nothing by it."""
    content = THERE.content()
    content["people"].append(content["people"][0] | {"id": HERE.person})
    content["sites"].append(content["sites"][1] | {"id": HERE.site})
    content["sites"].append(content["sites"][0] | {"id": f"{HERE.letter}Z000"})
    world.work_with(THERE.code, Instance.model_validate(content), revision=1)
    days = {"first": "2026-12-01", "last": "2026-12-31"}
    where = f"/areas/{THERE.code}/bookings"
    rows = world.ask("b-bureau", "GET", where, params=days | {"person": HERE.person}).json()[
        "items"
    ]
    assert rows == []
    centre = {"site": f"{HERE.letter}Z000"}
    assert world.ask("b-bureau", "GET", where, params=days | centre).json()["items"] == []


@pytest.mark.parametrize("claimed", [None, THERE.code], ids=["as it is", "as one's own"])
def test_no_link_to_the_calendar_of_who_is_at_home_elsewhere(
    world: World, claimed: str | None
) -> None:
    """Who writes another county's lawyer with his own area shares him, and gets no link of his."""
    content = THERE.content()
    content["areas"] += [
        row | {"parent": claimed} if row["id"] == HERE.code else row
        for row in HERE.content()["areas"]
    ]
    content["people"].append(HERE.content()["people"][0])
    world.work_with(THERE.code, Instance.model_validate(content), revision=1)
    whose = {"kind": "person", "id": HERE.person}
    for who in ("b-bureau", "b-office"):
        where = f"/areas/{THERE.code}/feeds"
        assert world.ask(who, "POST", where, json=whose).status_code == 404
        assert world.ask(who, "GET", where, params=whose).status_code == 404
    assert world.ask("a-bureau", "POST", f"/areas/{HERE.code}/feeds", json=whose).status_code == 201


@pytest.mark.parametrize("kind", ["person", "site", "village"])
def test_no_link_through_an_area_without_an_official_code(world: World, kind: str) -> None:
    """A street of one's own, said to lie in another county, makes nobody of that county one's own."""
    table = {"person": "people", "site": "sites", "village": "villages"}[kind]
    theirs = HERE.content()[table][0]
    content = THERE.content()
    above = {"id": HERE.code, "name": "例县", "level": "county", "parent": THERE.code}
    content["areas"] += [above, {**above, "id": "例街", "level": "township", "parent": HERE.code}]
    content[table].append(theirs | {"area": "例街"})
    world.work_with(THERE.code, Instance.model_validate(content), revision=1)
    whose = {"kind": kind, "id": theirs["id"]}
    asked = world.ask("b-bureau", "POST", f"/areas/{THERE.code}/feeds", json=whose)
    assert asked.status_code == 404


def test_an_office_does_not_solve_what_lies_around_it(world: World) -> None:
    refused = world.ask("a-office", "POST", f"/areas/{HERE.township}/solves", json={})
    assert refused.status_code == 404
    assert world.service.jobs.numbers().now.total() == 0
