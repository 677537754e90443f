"""The gate over real requests: tokens, cookies, CSRF, and what strangers learn (nothing)."""

from __future__ import annotations

import datetime as dt

import pytest
from fastapi import Depends, FastAPI

from api.access.action_places import Place
from api.access.actions import Action
from api.access.tokens import hash_token, new_token
from api.http.guard import require
from tests.api.access.office import EAST, WEST, add_people, browser, make_app, run, sign_in
from tests.told import code_told

UNKNOWN = "zb_" + "A" * 43
"""A token that nobody has; a new one would give each process of the run another test."""


@pytest.fixture
def people(accounts, passwords):
    return add_people(accounts, passwords)


@pytest.fixture
def app(accounts, passwords, clock, people) -> FastAPI:
    return make_app(accounts, passwords, clock)


@pytest.fixture
def token_of(accounts, people):
    def make(name: str, expires_at: dt.datetime | None = None) -> str:
        token = new_token()
        accounts.add_token(people[name].name, hash_token(token), expires_at)
        return token

    return make


def ask(app: FastAPI, method: str, path: str, token: str | None = None, **headers: str):
    async def story():
        async with browser(app) as client:
            if token is not None:
                client.headers["Authorization"] = f"Bearer {token}"
            return await client.request(method, path, headers=headers)

    return run(story())


@pytest.mark.parametrize(
    ("name", "method", "path", "status"),
    [
        ("bureau", "PUT", "/leave/L001", 200),
        ("bureau", "GET", f"/plans/{EAST}/draft", 200),
        ("bureau", "GET", "/plans/410105/draft", 200),
        ("east", "PUT", "/leave/L001", 200),
        ("east", "GET", f"/plans/{EAST}/draft", 200),
        ("east", "GET", f"/plans/{WEST}/draft", 404),
        ("east", "GET", "/plans/410105/draft", 404),
        ("west", "PUT", "/leave/L001", 403),
        ("firm", "GET", "/leave/L002", 200),
        ("firm", "PUT", "/leave/L002", 403),
        ("firm", "GET", "/leave/L003", 404),
        ("firm", "PUT", "/leave/L003", 404),
        ("adviser", "PUT", "/leave/L001", 403),  # asks for it; the office decides
        ("adviser", "GET", "/leave/L002", 404),
        ("adviser", "PUT", "/leave/L002", 404),
        ("adviser", "GET", f"/plans/{EAST}/draft", 404),
        ("adviser", "GET", f"/plans/{EAST}/sheet", 200),
    ],
)
def test_routes_follow_the_policy(app, token_of, name, method, path, status):
    assert ask(app, method, path, token_of(name)).status_code == status


def test_shared_lawyers_are_seen_as_busy_only(app, token_of):
    seen = {n: ask(app, "GET", "/leave/L001", token_of(n)).json() for n in ("east", "west")}
    assert seen == {
        "east": {"decision": "allow", "person": "L001"},
        "west": {"decision": "busy_only", "person": "L001"},
    }


def test_refusal_names_the_action_in_both_languages(app, token_of):
    body = ask(app, "PUT", "/leave/L001", token_of("west")).json()
    assert code_told(body) == "not_allowed"
    assert body["detail"].startswith("您不能在这里登记请假。")
    assert body["detail_en"].startswith("You may not do this here: enter leave. ")


@pytest.mark.parametrize(
    ("name", "hidden", "missing"),
    [
        ("east", f"/plans/{WEST}/draft", "/plans/999999/draft"),
        ("adviser", "/leave/L002", "/leave/L999"),
        ("firm", "/leave/L003", "/leave/L999"),
        ("adviser", "/leave/L002", "/no/such/route"),
    ],
)
def test_hidden_and_missing_are_the_same_bytes(app, token_of, name, hidden, missing):
    token = token_of(name)
    answers = [ask(app, "GET", path, token) for path in (hidden, missing)]
    assert (answers[0].status_code, code_told(answers[0].json())) == (404, "unseen")
    assert answers[0].content == answers[1].content
    assert answers[0].headers == answers[1].headers


def test_stranger_is_asked_to_sign_in_whatever_there_is(app):
    paths = ["/leave/L001", "/leave/L999", f"/plans/{EAST}/draft", "/plans/999999/draft"]
    answers = [ask(app, "GET", path) for path in paths]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"] == "Bearer"


def test_nothing_is_looked_up_for_strangers(app):
    def place_of(area: str) -> Place:
        raise AssertionError(area)

    guarded = Depends(require(Action.READ_DRAFT, place_of))
    app.add_api_route("/secret/{area}", lambda: None, dependencies=[guarded])
    assert ask(app, "GET", "/secret/1").status_code == 401


def test_public_reads_the_printed_sheet(app):
    assert ask(app, "GET", f"/plans/{EAST}/sheet").json() == {"area": EAST}
    assert ask(app, "GET", "/plans/999999/sheet").status_code == 404


def test_token_holds_until_it_expires_or_its_account_is_closed(app, token_of, clock, accounts):
    token = token_of("east", clock() + dt.timedelta(days=1))
    path = f"/plans/{EAST}/draft"
    seen = [ask(app, "GET", path, token).status_code]
    clock.advance(days=1)
    seen.append(ask(app, "GET", path, token).status_code)
    unlimited = token_of("east")
    seen.append(ask(app, "GET", path, unlimited).status_code)
    accounts.close_user("east")
    seen.append(ask(app, "GET", path, unlimited).status_code)
    assert seen == [200, 401, 200, 401]


@pytest.mark.parametrize("token", ["", "zb_", "x" * 46, UNKNOWN, "zb_" + "é" * 43, " "])
def test_bad_token_is_refused_even_where_the_public_may_read(app, token):
    answer = ask(app, "GET", f"/plans/{EAST}/draft", token.encode().decode("latin1"))
    assert answer.status_code == 401
    if token.startswith("zb_"):
        answer = ask(app, "GET", f"/plans/{EAST}/sheet", token.encode().decode("latin1"))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert code_told(answer.json()) == "token_invalid"


def test_hash_of_a_token_is_no_token(app, token_of):
    assert ask(app, "GET", "/leave/L001", hash_token(token_of("east"))).status_code == 401


def test_cookie_changes_need_the_csrf_token_of_their_session(app):
    async def story():
        async with browser(app) as client, browser(app) as other:
            await sign_in(client, "east")
            await sign_in(other, "east")
            foreign = other.headers["X-CSRF-Token"]
            own = client.headers.pop("X-CSRF-Token")
            tries = [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": foreign}, {"X-CSRF-Token": own}]
            tries.append({"X-CSRF-Token": own, "Sec-Fetch-Site": "same-site"})
            tries.append({"X-CSRF-Token": own, "Sec-Fetch-Site": "same-origin"})
            puts = [await client.put("/leave/L001", headers=h) for h in tries]
            gets = (await client.get("/leave/L001")).status_code
            return puts, gets

    puts, gets = run(story())
    assert ([put.status_code for put in puts], gets) == ([403, 403, 403, 200, 403, 200], 200)
    assert {code_told(put.json()) for put in puts if put.is_error} == {"forged_request"}


def test_bearer_needs_no_csrf_token_and_wins_over_a_cookie(app, token_of):
    token = token_of("bureau")

    async def story():
        async with browser(app) as client:
            await sign_in(client, "east")
            del client.headers["X-CSRF-Token"]
            headers = {"Authorization": f"Bearer {token}"}
            return (await client.put("/leave/L001", headers=headers)).json()

    assert run(story()) == {"by": "bureau"}


def test_session_of_a_closed_account_holds_no_longer(app, accounts):
    async def story():
        async with browser(app) as client:
            await sign_in(client, "east")
            before = (await client.get("/leave/L001")).status_code
            accounts.close_user("east")
            return before, (await client.get("/leave/L001")).status_code

    assert run(story()) == (200, 401)


@pytest.mark.parametrize("cookie", ["", "zb_", UNKNOWN, "x" * 5000])
def test_cookie_that_is_no_session_is_the_public(app, cookie):
    headers = {"Cookie": f"__Host-zhiban_session={cookie}"}
    assert ask(app, "GET", f"/plans/{EAST}/sheet", **headers).status_code == 200
    assert ask(app, "GET", "/leave/L001", **headers).status_code == 401


def test_routes_of_sign_in_document_their_problems(app):
    paths = app.openapi()["paths"]
    answers = paths["/api/v1/session"]["post"]["responses"]
    assert set(answers) == {"200", "400", "401", "403", "422", "429", "500"}
