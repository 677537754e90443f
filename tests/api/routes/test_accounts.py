"""Accounts over HTTP: never overwritten unread, never the last bureau closed, nothing revived."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.accounts import fold_name
from models.store.people.users import put_user
from models.store.tables.access_tables import User
from models.store.tables.words import Role
from tests.api.service.office import COUNTY, EAST, Office, county
from tests.api.service.running import PASSWORD
from tests.told import code_told

USERS = f"areas/{COUNTY}/users"


def put(
    office: Office, name: str, tag: str | None = None, area: str = COUNTY, **fields: Any
) -> httpx.Response:
    headers = {} if tag is None else {"If-Match": tag}
    where = f"areas/{area}/users/{name}"
    return office.ask("boss", "PUT", where, json={"role": "office"} | fields, headers=headers)


def tag_of(office: Office, name: str) -> str:
    return office.get("boss", f"{USERS}/{name}").headers["ETag"]


@given(st.text(max_size=12))
def test_a_name_is_folded_once(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@pytest.mark.parametrize(
    "names", [("Zhao", "ZHAO", "ｚｈａｏ", " zhao "), ("straße", "STRASSE"), ("ﬁrm", "FIRM"), ("Σ", "ς")]
)  # fmt: skip
def test_one_name_in_any_spelling_is_one_account(names: tuple[str, ...]) -> None:
    assert len({fold_name(name) for name in names}) == 1


def test_an_account_is_not_overwritten_by_who_has_not_read_it(office: Office) -> None:
    office.use(county())
    assert put(office, "Zhao", area=EAST).status_code == 200
    blind = put(office, "ZHAO", area=EAST, role="bureau")
    assert (blind.status_code, code_told(blind.json())) == (428, "account_exists")
    tag = tag_of(office, "zhao")
    assert put(office, "zhao", tag, EAST, role="bureau").json()["role"] == "bureau"
    late = put(office, "zhao", tag, EAST)
    assert (late.status_code, late.json()["type"]) == (412, "/problems/changed-meanwhile")
    elsewhere = put(office, "zhao")
    assert (elsewhere.status_code, code_told(elsewhere.json())) == (409, "name_taken")
    assert office.get("east", f"{USERS}/zhao").status_code == 404


def test_a_name_that_grows_too_long_by_folding_is_refused(office: Office) -> None:
    answer = put(office, "ﷺ" * 20)
    assert [i["code"] for i in answer.json()["issues"]] == ["account_name_long"]


def test_person_and_firm_of_an_account_exist(office: Office) -> None:
    for role, fields, code in (
        ("adviser", {"person": "L001"}, "account_person"),
        ("firm", {"firm": "F01"}, "account_firm"),
    ):
        early = put(office, "li", role=role, **fields)
        assert [i["code"] for i in early.json()["issues"]] == [code]  # there are no data yet
    office.use(county())
    for role, fields, code in (
        ("adviser", {}, "account_person"),
        ("adviser", {"person": "L099"}, "account_person"),
        ("firm", {"firm": "F99"}, "account_firm"),
    ):
        answer = put(office, "li", role=role, **fields)
        assert [i["code"] for i in answer.json()["issues"]] == [code]
    assert put(office, "li", role="adviser", person="L001").status_code == 200
    assert put(office, "wang", role="firm", firm="F01").status_code == 200


def test_the_last_bureau_of_an_area_stays(office: Office) -> None:
    office.use(county())
    refused = office.ask("boss", "POST", f"{USERS}/boss/disable")
    assert (refused.status_code, code_told(refused.json())) == (409, "last_bureau")
    lowered = put(office, "boss", tag_of(office, "boss"))
    assert (lowered.status_code, code_told(lowered.json())) == (409, "last_bureau")
    assert put(office, "second", role="bureau").status_code == 200
    assert office.ask("boss", "POST", f"{USERS}/second/disable").status_code == 200
    assert office.ask("boss", "POST", f"{USERS}/boss/disable").status_code == 409
    with office.service.store.begin() as session:
        put_user(session, User(name="city", role=Role.BUREAU, area="410100"), by="test")
    assert office.ask("boss", "POST", f"{USERS}/boss/disable").status_code == 200


def test_what_a_closed_account_had_is_gone_for_good(office: Office) -> None:
    office.use(county())
    whose = {"kind": "site", "id": "Z001"}
    made = office.ask("east", "POST", f"areas/{EAST}/feeds", json=whose).json()
    link = httpx.URL(made["https"]).path
    assert office.get("", link).status_code == 200
    assert office.ask("boss", "POST", f"{USERS}/east/disable").status_code == 200
    assert office.get("", link).status_code == 404
    assert office.get("east", f"areas/{EAST}/data").status_code == 401
    assert put(office, "east", tag_of(office, "east"), EAST).json()["disabled"] is None
    assert office.get("east", f"areas/{EAST}/data").status_code == 401
    assert office.get("", link).status_code == 404
    assert office.get("boss", f"{USERS}/east/tokens").json() == []


def test_an_account_that_is_let_in_again_needs_a_new_password(office: Office) -> None:
    office.use(county())
    assert put(office, "east", tag_of(office, "east"), EAST, password=PASSWORD).status_code == 200
    word = {"name": "east", "password": PASSWORD}
    assert office.ask("", "POST", "session", json=word).status_code == 200
    assert office.ask("boss", "POST", f"{USERS}/east/disable").status_code == 200
    assert put(office, "east", tag_of(office, "east"), EAST).json()["disabled"] is None
    assert office.ask("", "POST", "session", json=word).status_code == 401


def test_tokens_are_listed_and_revoked_one_by_one(office: Office) -> None:
    where = f"{USERS}/east/tokens"
    made = office.ask("boss", "POST", where, json={"label": "报表", "days": 3}).json()["token"]
    first, second = office.get("boss", where).json()
    assert (first["label"], second["label"], second["expires"] is None) == ("test", "报表", False)
    assert made not in str(office.get("boss", where).json())
    gone = office.ask("boss", "DELETE", where, params={"token": second["id"]})
    assert gone.json() == {"revoked": 1}
    assert [t["id"] for t in office.get("boss", where).json()] == [first["id"]]
    assert office.ask("boss", "DELETE", where, params={"token": "0" * 16}).status_code == 404
    assert office.get("west", where).status_code == 404


def test_a_new_password_asks_what_becomes_of_tokens(office: Office) -> None:
    office.use(county())
    assert put(office, "east", tag_of(office, "east"), EAST, password=PASSWORD).status_code == 200
    change = {"old": PASSWORD, "password": "quite another one, as long"}
    asked = office.ask("east", "PUT", "session/password", json=change)
    assert [i["code"] for i in asked.json()["issues"]] == ["password_tokens"]
    kept = office.ask("east", "PUT", "session/password", json=change | {"tokens": "keep"})
    assert kept.status_code == 204
    assert office.get("east", f"areas/{EAST}/data").status_code == 200
    again = {"old": change["password"], "password": PASSWORD, "tokens": "revoke"}
    assert office.ask("east", "PUT", "session/password", json=again).status_code == 204
    assert office.get("east", f"areas/{EAST}/data").status_code == 401
