"""Sign-in over real requests: cookies, equal answers and times, waiting, no lock-out."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie
from statistics import median

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from api.access.accounts import fold_name
from api.access.denied import SignInFailedError
from api.access.passwords import Passwords
from api.access.sign_in import SignIn
from api.access.tokens import hash_token
from tests.api.access.office import PASSWORD, add_people, browser, make_app, run, sign_in
from tests.told import code_told

SESSION = "__Host-zhiban_session"


@pytest.fixture
def people(accounts, passwords):
    return add_people(accounts, passwords)


@pytest.fixture
def app(accounts, passwords, clock, people) -> FastAPI:
    return make_app(accounts, passwords, clock)


def cookies_of(answer: httpx.Response) -> dict[str, dict[str, object]]:
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        for name, morsel in SimpleCookie(line).items():
            found[name] = {k: v for k, v in morsel.items() if v} | {"value": morsel.value}
    return found


def test_sign_in_gives_guarded_cookies_and_no_secret_in_the_body(app):
    async def story():
        async with browser(app) as client:
            return await sign_in(client, " EAST ")

    answer = run(story())
    assert answer.json() == {"role": "office", "area": "410105001", "person": None, "firm": None}
    assert answer.headers["cache-control"] == "no-store"
    cookies = cookies_of(answer)
    guarded = {"path": "/", "samesite": "lax", "secure": True}
    hidden = guarded | {"httponly": True}
    ages = {"session": "43200", "csrf": "43200", "device": "31536000"}
    assert {name: {k: v for k, v in c.items() if k != "value"} for name, c in cookies.items()} == {
        f"__Host-zhiban_{word}": (guarded if word == "csrf" else hidden) | {"max-age": age}
        for word, age in ages.items()
    }


def test_cookies_of_an_office_without_certificate(accounts, passwords, clock, people):
    app = make_app(accounts, passwords, clock, secure=False)

    async def story():
        async with browser(app) as client:
            body = {"name": "east", "password": PASSWORD}
            return await client.post("/api/v1/session", json=body)

    cookies = cookies_of(run(story()))
    assert set(cookies) == {"zhiban_session", "zhiban_csrf", "zhiban_device"}
    assert all("secure" not in cookie for cookie in cookies.values())


def test_store_holds_no_secret_in_clear(app, accounts):
    async def story():
        async with browser(app) as client:
            answer = await sign_in(client, "east")
            await sign_in(client, "east", "wrong wrong wrong")
            return answer

    cookies = cookies_of(run(story()))
    kept = accounts.everything()
    assert hash_token(str(cookies[SESSION]["value"])) in kept
    for secret in (PASSWORD, "wrong wrong wrong", *(str(c["value"]) for c in cookies.values())):
        assert secret not in kept


def test_every_failure_is_answered_by_the_same_bytes(app):
    async def story():
        async with browser(app) as client:
            names = ["nobody", "closed", "provider-only", "east"]
            return [await sign_in(client, name, "wrong wrong wrong") for name in names]

    answers = run(story())
    assert {answer.json()["type"] for answer in answers} == {"/problems/sign-in-failed"}
    assert len({answer.content for answer in answers}) == 1
    assert code_told(answers[0].json()) == "sign_in_failed"
    assert all("set-cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "body",
    [b'{"name": "\\ud800", "password": "wrong"}', b'{"name": "east"}', b'{"name": 1}', b"[", b""],
)
def test_sign_in_that_cannot_be_read_is_bad_input(app, body):
    async def story():
        async with browser(app) as client:
            headers = {"Content-Type": "application/json"}
            return await client.post("/api/v1/session", content=body, headers=headers)

    assert run(story()).json()["type"] == "/problems/input"


def test_right_password_of_a_closed_account_is_refused(app):
    async def story():
        async with browser(app) as client:
            return await sign_in(client, "closed")

    assert run(story()).status_code == 401


def test_unknown_name_takes_as_long_as_a_wrong_password(accounts, clock):
    slow = Passwords(PasswordHasher(time_cost=20, memory_cost=8192, parallelism=1))
    add_people(accounts, slow)
    door = SignIn(accounts, slow, clock)
    times: dict[str, list[float]] = {"nobody": [], "provider-only": [], "east": []}
    for _ in range(5):
        for name, taken in times.items():
            begin = time.process_time()
            with pytest.raises(SignInFailedError):
                door.with_password(name, "wrong wrong wrong", "192.0.2.1")
            taken.append(time.process_time() - begin)
            clock.advance(hours=2)
    nobody, without, known = (median(taken) for taken in times.values())
    assert 0.6 < nobody / known < 1.6
    assert 0.6 < without / known < 1.6


def test_guessing_is_slowed_down_and_says_how_long(app, clock):
    async def story():
        async with browser(app) as client:
            codes = [(await sign_in(client, "east", "wrong")).status_code for _ in range(6)]
            refused = await sign_in(client, "east")
            clock.advance(seconds=int(refused.headers["retry-after"]))
            return codes, refused, await sign_in(client, "east")

    codes, refused, later = run(story())
    assert codes == [401] * 5 + [429]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json()["type"] == "/problems/slow-down"
    assert code_told(refused.json()) == "slow_down"
    assert later.status_code == 200


def test_unknown_names_are_slowed_down_like_known_ones(app):
    async def story():
        async with browser(app) as client:
            return [(await sign_in(client, "nobody", "wrong")).status_code for _ in range(6)]

    assert run(story()) == [401] * 5 + [429]


def test_one_address_that_tries_many_names_is_slowed_down_others_are_not(app):
    async def story():
        async with browser(app) as attacker, browser(app, "192.0.2.99") as other:
            codes = [(await sign_in(attacker, f"n{i}", "wrong")).status_code for i in range(6)]
            return codes, (await sign_in(other, "east")).status_code

    assert run(story()) == ([401] * 5 + [429], 200)


def test_many_addresses_that_try_one_name_are_slowed_down(app):
    async def story():
        codes = []
        for number in range(6):
            async with browser(app, f"192.0.2.{number}") as client:
                codes.append((await sign_in(client, "east", "wrong")).status_code)
        return codes

    assert run(story()) == [401] * 5 + [429]


def test_attacker_does_not_lock_out_a_browser_that_has_signed_in_before(app, clock):
    async def story():
        async with browser(app) as clerk, browser(app) as attacker:
            await sign_in(clerk, "east")
            clock.advance(days=3)
            attacks = [(await sign_in(attacker, "east", "wrong")).status_code for _ in range(8)]
            return attacks, (await sign_in(clerk, "east")).status_code

    attacks, clerk = run(story())
    assert attacks == [401] * 5 + [429] * 3
    assert clerk == 200


def test_a_known_browser_is_itself_slowed_down(app):
    async def story():
        async with browser(app) as thief:
            await sign_in(thief, "east")
            return [(await sign_in(thief, "east", "wrong")).status_code for _ in range(6)]

    assert run(story()) == [401] * 5 + [429]


def test_known_browser_of_one_account_has_no_privilege_with_another(app):
    async def story():
        async with browser(app, "192.0.2.8") as insider, browser(app, "192.0.2.9") as attacker:
            await sign_in(insider, "west")
            for _ in range(5):
                await sign_in(attacker, "east", "wrong")
            return (await sign_in(insider, "east")).status_code

    assert run(story()) == 429


def test_a_whole_office_signs_in_from_one_address(app):
    async def story():
        codes = []
        for _ in range(30):
            async with browser(app) as client:
                codes.append((await sign_in(client, "east")).status_code)
        return codes

    assert run(story()) == [200] * 30


def test_sign_in_renews_an_old_hash(accounts, passwords, clock):
    people = add_people(accounts, Passwords(PasswordHasher(time_cost=2, memory_cost=64)))
    old = people["east"].password_hash
    SignIn(accounts, passwords, clock).with_password("east", PASSWORD, "192.0.2.1")
    new = accounts.user("east").password_hash
    assert new != old
    assert passwords.compare(new, PASSWORD) == (True, None)


def test_session_ends_by_sign_out_idleness_and_age(app, clock):
    async def status(client):
        return (await client.get("/api/v1/session")).status_code

    async def story():
        async with browser(app) as client:
            await sign_in(client, "east")
            stolen = client.cookies[SESSION]
            seen = [await status(client)]
            seen.append((await client.delete("/api/v1/session")).status_code)
            client.cookies.set(SESSION, stolen, domain="office.test")
            seen.append(await status(client))

            await sign_in(client, "east")
            clock.advance(minutes=59)
            seen.append(await status(client))
            clock.advance(minutes=59)
            seen.append(await status(client))
            clock.advance(minutes=60)
            seen.append(await status(client))

            await sign_in(client, "east")
            for _ in range(13):
                clock.advance(minutes=55)
                await status(client)
            seen.append(await status(client))
            clock.advance(minutes=6)
            seen.append(await status(client))
            return seen

    assert run(story()) == [200, 204, 401, 200, 200, 401, 200, 401]


def test_new_password_ends_every_other_session(app):
    new = "nine boats on the lake"

    async def story():
        async with browser(app) as one, browser(app) as other:
            await sign_in(one, "east")
            await sign_in(other, "east")
            bodies = [{"old": "wrong", "password": new}, {"old": PASSWORD, "password": "east"}]
            bodies.append({"old": PASSWORD, "password": new})
            answers = [await one.put("/api/v1/session/password", json=body) for body in bodies]
            after = [(await c.get("/api/v1/session")).status_code for c in (one, other)]
            async with browser(app) as third:
                old_one = (await sign_in(third, "east")).status_code
                new_one = (await sign_in(third, "east", new)).status_code
            return answers, after, old_one, new_one

    answers, after, old_one, new_one = run(story())
    assert [answer.status_code for answer in answers] == [401, 422, 204]
    codes = {issue["code"] for issue in answers[1].json()["issues"]}
    assert codes == {"password_length", "password_common", "password_name"}
    assert (after, old_one, new_one) == ([200, 401], 401, 200)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" ＥＡＳＴ ", "east"), ("Straße", "strasse"), ("a\0b", "a?b"), ("\ud800", "?")],
)
def test_names_are_folded_to_what_a_database_keeps(typed, kept):
    assert fold_name(typed) == kept


@given(st.text(st.characters(exclude_categories=[]), max_size=20))
def test_any_folded_name_can_be_kept(name):
    fold_name(name).encode()
    assert "\0" not in fold_name(name)


def test_sign_in_from_a_page_of_another_site_is_refused(app):
    async def story():
        async with browser(app) as client:
            client.headers["Sec-Fetch-Site"] = "cross-site"
            return await sign_in(client, "east")

    assert run(story()).json()["type"] == "/problems/forged-request"
