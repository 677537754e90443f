"""Ids of another county are as good as ids that nobody has: same status, headers and bytes.

Every operation of the OpenAPI document is asked, so a new route is asked by itself; one whose
request cannot be made from ``values`` fails here until a value is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from models.store.tables.words import Role
from tests.api.service.hostile.asking import Operation, operations
from tests.api.service.hostile.conftest import Settled
from tests.api.service.hostile.world import HERE, QUESTION, THERE, County, World

Ids = dict[str, Any]

ASKERS = ("b-bureau", "b-office", "b-firm", "b-adviser", None)
SIGN_IN = "/api/v1/session"
FOR_ALL = "GET /api/v1/areas/{area}/sheet"
"""Posted at the door of the station; everybody may read it."""
NAMES_ARE_SHARED = "PUT /api/v1/areas/{area}/users/{name}"
"""A user name is one over all counties, so a taken one cannot be had: that much is told."""

MISSING: Ids = {
    "area": "999999",
    "township": "999999001",
    "instance": "f" * 64,
    "roster": 987654,
    "other": 987654,
    "job": "00000000-0000-4000-8000-000000000000",
    "question": "00000000-0000-4000-8000-000000000000",
    "name": "nobody",
    "person": "QL001",
    "site": "QZ001",
    "village": "999999001001",
    "slot": "QZ000-咨询@20261201am",
    "replacing": "QL001",
    "firm": "QF01",
    "id": "QL001",
}


def values(operation: Operation, ids: Ids, county: County) -> Ids:
    """Return the ids and what else a request needs; changes name people and posts of the county."""
    leave = {"person": ids["person"], "first": "2026-12-07", "last": "2026-12-07"}
    duty = {"post": county.post, "date": "2026-12-03", "part": "am", "person": ids["person"]}
    after = leave if "/data/" in operation.path else {"duty": duty}
    more = {"table": "leave", "after": after, "kind": "person", "role": "office"}
    days = {"first": "2026-12-01", "last": "2026-12-31", "month": "2026-12"}
    more |= days | {"id": ids["person"], "row": ids["person"], "form": "map"}
    more |= {"link": "0" * 16} | MEANT.get(operation.id, {})
    if operation.path.endswith("/attendance"):
        more["attendance"] = [{"id": f"duty/{ids.get('slot')}/{ids['person']}", "presence": "held"}]
    if operation.path.endswith("/work-items"):
        work = {"date": "2026-12-01", "person": ids["person"], "place": ids.get("village")}
        more["work"] = [work | {"kind": "phone"}]
    if operation.path.endswith("/pins"):
        more["row"] = {"duty": duty}
    if "questions" in operation.path:
        more |= {"file": ("q.toml", QUESTION.encode()), "scenario": "base"}
        ids = ids | ({"name": "comparison.json"} if "{name}" in operation.path else {})
    return {name: value for name, value in (ids | more).items() if value is not None}


MEANT: dict[str, Ids] = {
    "GET /api/v1/areas/{area}/data/file": {"form": "json"},
    "GET /api/v1/areas/{area}/data/{table}/{row}": {"table": "people"},
    "GET /api/v1/areas/{area}/requests": {"firm": None},
    "GET /api/v1/rosters/{roster}/unmet": {"kind": "duty"},
    "POST /api/v1/areas/{area}/requests/leave": {"kind": "training"},
    "POST /api/v1/areas/{area}/requests/swap": {"date": "2026-12-01", "part": "am"},
}
"""Values of operations in which a name means something else than elsewhere, or nothing."""

EMPTY: dict[str, int] = {
    "GET /api/v1/jobs/{job}/file": 404,
    "PUT /api/v1/areas/{area}/people/{person}/busy": 422,
    "PUT /api/v1/areas/{area}/people/{person}/busy/address": 422,
    "POST /api/v1/areas/{area}/people/{person}/busy/refresh": 404,
    "POST /api/v1/areas/{area}/firms/{firm}/names": 422,
    "POST /api/v1/areas/{area}/feeds/{link}/rotate": 404,
    "DELETE /api/v1/areas/{area}/feeds/{link}": 404,
    "POST /api/v1/areas/{area}/months/{month}/attendance": 422,
    "POST /api/v1/areas/{area}/months/{month}/work-items": 422,
    "PUT /api/v1/areas/{area}/work-items/{work}": 404,
    "PUT /api/v1/areas/{area}/people/{person}/notice-way": 422,
    "POST /api/v1/areas/{area}/notice-groups": 422,
    "DELETE /api/v1/areas/{area}/notice-groups/{group}": 404,
}
"""What the own bureau is answered where there is no file, calendar, name, address, link, duty or way."""

LAST = "DELETE /api/v1/rosters/{roster}"
"""Asked after all others, which need the draft."""


def named(operation: Operation) -> list[str]:
    """Return the names of the parameters that may hold an id of somebody."""
    places = ("path", "query", "body")
    return [
        name for place in places for name in operation.names(place) if name in {*MISSING, "after"}
    ]


def attempts(operation: Operation, foreign: Ids, own: Ids) -> Iterator[tuple[str, Ids, Ids]]:
    """Yield requests with ids of another county, and the same with ids that nobody has."""
    none = values(operation, MISSING, County("999999", "Q"))
    theirs, ours = values(operation, foreign, HERE), values(operation, own, THERE)
    names = [name for name in named(operation) if name in theirs]
    needed = {
        name
        for place in ("path", "query", "body")
        for name, (_, is_needed) in operation.names(place).items()
        if is_needed
    }
    fixed = {name: value for name, value in ours.items() if name in needed}
    wide = {name: value for name, value in ours.items() if name not in MISSING}
    yield "all", wide | {n: theirs[n] for n in names}, wide | {n: none[n] for n in names}
    for name in names:
        if (operation.id, name) != (NAMES_ARE_SHARED, "name"):
            yield name, fixed | {name: theirs[name]}, fixed | {name: none[name]}


def shown(answer: httpx.Response, asked: Ids) -> tuple[int, dict[str, str], str]:
    """Return an answer without the id of the request and the ids that were sent."""
    headers = {name: text for name, text in answer.headers.items() if name != "x-request-id"}
    text = answer.text
    for value in sorted(map(str, _scalars(asked)), key=len, reverse=True):
        if len(value) > 3:
            text = text.replace(value, "ID")
    return answer.status_code, headers | {"content-length": ""}, text


def _scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _scalars(inner)
    else:
        yield value


def documented(world: World) -> list[Operation]:
    every = operations(world.ask(None, "GET", "/openapi.json").json())
    found = sorted(every, key=lambda one: one.id == LAST)
    return [
        one
        for one in found
        if named(one) and not one.path.startswith(SIGN_IN) and one.id != FOR_ALL
    ]


def county_of(world: World) -> dict[str, Any]:
    """Return all that the first county's bureau reads of its own."""
    where = f"/areas/{HERE.code}"
    rosters = world.ask("a-bureau", "GET", f"{where}/rosters").json()["items"]
    paths = [f"{where}/data", f"{where}/data/leave", f"{where}/users"]
    for roster in rosters:
        paths += [f"/rosters/{roster['id']}{part}" for part in ("", "/rows", "/log")]
    answers = {path: world.ask("a-bureau", "GET", path).json() for path in paths}
    return answers | {"rosters": rosters}


def test_ids_of_another_county_are_ids_of_nobody(world: World, settled: Settled) -> None:
    before = county_of(world)
    foreign = settled.here | {"other": settled.here["roster"], "replacing": HERE.person}
    own = settled.there | {"other": settled.there["roster"], "replacing": THERE.person}
    told = []
    for operation in documented(world):
        for what, theirs, none in attempts(operation, foreign, own):
            for who in ASKERS:
                found = world.ask(who, **operation.request(theirs))
                missing = world.ask(who, **operation.request(none))
                here, there = shown(found, theirs), shown(missing, none)
                is_hidden = what != "all" or here[0] == (401 if who is None else 404)
                if here != there or not is_hidden or here[0] >= 500:
                    told.append((operation.id, what, who, here, there))
    assert told == []
    assert county_of(world) == before


def test_the_requests_above_reach_what_they_name(world: World, settled: Settled) -> None:
    """The same requests by the county's own bureau: otherwise equal answers would prove nothing."""
    world.add("a-extra", Role.OFFICE, HERE.township)
    ids = settled.here | {"other": settled.here["roster"], "replacing": HERE.person}
    missed = []
    for operation in documented(world):
        given = values(operation, ids | {"name": "a-extra"}, HERE)
        kept = _less(given, "village", "site") if "/candidates" in operation.path else given
        answer = world.ask("a-bureau", **operation.request(kept))
        if answer.status_code not in (EMPTY.get(operation.id), 200, 201, 202, 204, 409, 412):
            missed.append((operation.id, answer.status_code, answer.text))
    assert missed == []


def _less(values: Ids, *names: str) -> Ids:
    return {key: value for key, value in values.items() if key not in names}


def test_a_township_is_seen_from_its_county_and_not_the_other_way_round(
    world: World, settled: Settled
) -> None:
    """A township that plans for itself, inside the county that has data of its own."""
    instance = HERE.instance()
    world.work_with(HERE.township, instance)
    job, draft = world.draft(HERE.township, instance, HERE.duty(3, HERE.person))
    seen = (f"/rosters/{draft}", f"/rosters/{draft}/rows", f"/jobs/{job}")
    assert [world.ask("a-bureau", "GET", path).status_code for path in seen] == [200] * 3
    assert [world.ask("a-office", "GET", path).status_code for path in seen] == [200] * 3
    assert [world.ask("a-other", "GET", path).status_code for path in seen] == [404] * 3
    above = (
        f"/areas/{HERE.code}/data",
        f"/areas/{HERE.code}/rosters",
        f"/rosters/{settled.here['published']}",
        f"/rosters/{settled.here['roster']}/rows",
        f"/jobs/{settled.here['job']}",
    )
    assert [world.ask("a-office", "GET", path).status_code for path in above] == [404] * 5
