"""Sign-in through an office's provider, against a real one on loopback: right, and wrong in each way."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from api.access.provider import Provider, ProviderSettings, local_path
from tests.api.access.local_provider import (
    CLIENT,
    EC,
    RSA,
    SECRET,
    LocalProvider,
    running,
    signed_by,
)
from tests.api.access.office import add_people, browser, make_app, run

BACK = "https://office.test/sign-in/provider/answer"


@pytest.fixture(scope="module")
def served():
    with running(LocalProvider()) as found:
        yield found


@pytest.fixture
def server(served, clock):
    served.reset(clock)
    return served


class World:
    """Our service, the provider, and a browser that goes between them."""

    def __init__(self, server, accounts, passwords, clock, claim="preferred_username"):
        settings = ProviderSettings(server.issuer, CLIENT, SECRET, BACK, claim)
        self.people = add_people(accounts, passwords)
        self.http = httpx.Client(timeout=5)
        self.provider = Provider(settings, accounts, self.http, clock)
        self.app = make_app(accounts, passwords, clock, self.provider)

    async def depart(self, client: httpx.AsyncClient, target: str = "/plans") -> str:
        """Go to the provider; return the address to which it sends the browser back."""
        there = await client.get("/sign-in/provider", params={"target": target})
        assert there.status_code == 303, there.text
        async with httpx.AsyncClient(timeout=5) as outside:
            return (await outside.get(there.headers["location"])).headers["location"]

    def sign_in(self, target: str = "/plans") -> httpx.Response:
        async def story():
            async with browser(self.app) as client:
                return await client.get(await self.depart(client, target))

        return run(story())


@pytest.fixture
def world(server, accounts, passwords, clock):
    found = World(server, accounts, passwords, clock)
    yield found
    found.http.close()


def is_refused(answer: httpx.Response) -> bool:
    if answer.status_code == 303:
        return False
    assert answer.json()["type"] == "/problems/sign-in-failed"
    assert "zhiban_session" not in answer.headers.get("set-cookie", "")
    return True


def test_user_of_the_provider_gets_a_session(world, server):
    async def story():
        async with browser(world.app) as client:
            back = await world.depart(client, "/plans?month=2026-12")
            answer = await client.get(back)
            return answer, (await client.get("/api/v1/session")).json(), list(client.cookies)

    answer, me, cookies = run(story())
    assert (answer.status_code, answer.headers["location"]) == (303, "/plans?month=2026-12")
    assert me == {"role": "office", "area": "410105001", "person": None, "firm": None}
    assert "__Host-zhiban_handshake" not in cookies
    assert server.asked == ["metadata", "keys"]


def test_request_carries_pkce_nonce_and_state(world):
    url, state = world.provider.begin()
    query = parse_qs(urlsplit(url).query)
    assert query["state"] == [state]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert len(query["nonce"][0]) == 46
    assert (query["redirect_uri"], query["response_type"]) == ([BACK], ["code"])


@pytest.mark.parametrize(("key", "algorithm"), [(EC, "ES256"), (RSA, "PS256")])
def test_other_signatures_are_known(world, server, key, algorithm):
    server.sign = signed_by(key, algorithm)
    assert not is_refused(world.sign_in())


INVALID, MISSING = "InvalidClaimError", "MissingClaimError"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ({"nonce": "another"}, INVALID),
        ({"nonce": None}, MISSING),
        ({"aud": "somebody-else"}, INVALID),
        ({"aud": [CLIENT, "somebody-else"]}, MISSING),
        ({"aud": None}, MISSING),
        ({"azp": "somebody-else"}, INVALID),
        ({"iss": "https://evil.test"}, INVALID),
        ({"iss": None}, MISSING),
        ({"exp": 1}, "ExpiredTokenError"),
        ({"exp": None}, MISSING),
        ({"exp": "never"}, INVALID),
        ({"nbf": 4_000_000_000}, INVALID),
        ({"iat": 4_000_000_000}, INVALID),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, INVALID),
        ({"sub": None}, MISSING),
    ],
)
def test_id_token_that_is_wrong_is_refused(world, server, caplog, spoil, why):
    server.spoil = spoil
    assert is_refused(world.sign_in())
    assert reasons(caplog) == [f"ID token refused: {why}"]


def reasons(caplog) -> list[str]:
    """Return why the log says that sign-in was refused."""
    said = [r.getMessage() for r in caplog.records if r.name == "zhiban.access"]
    return [message.partition("refused: ")[2] for message in said]


@pytest.mark.parametrize("name", ["nobody", "closed", ["east"], 1, None, ""])
def test_only_existing_accounts_are_let_in(world, server, accounts, caplog, name):
    before = accounts.everything()
    server.spoil = {"preferred_username": name}
    assert is_refused(world.sign_in())
    assert reasons(caplog) == ["no such account"]
    assert accounts.everything() == before


def test_expiry_counts_with_a_little_leeway(world, server, clock):
    now = int(clock().timestamp())
    server.spoil = {"exp": now - 29}
    assert not is_refused(world.sign_in())
    server.spoil = {"exp": now - 30}
    assert is_refused(world.sign_in())


def unsigned(claims):
    parts = [{"alg": "none", "kid": "rsa-1"}, claims]
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*coded, ""])


STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1"})


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    ("sign", "why"),
    [
        (signed_by(STRANGER, "RS256"), "BadSignatureError"),
        (signed_by(STRANGER, "RS256", kid="unknown"), "InvalidKeyIdError"),
        (signed_by(OctKey.import_key("x" * 32), "HS256", kid="rsa-1"), "UnsupportedAlgorithmError"),
        (unsigned, "UnsupportedAlgorithmError"),
        (lambda claims: signed_by(RSA, "RS256")(claims)[:-8] + "AAAAAAAA", "BadSignatureError"),
        (lambda claims: "no.token", "DecodeError"),
    ],
    ids=["wrong key", "unknown key", "HMAC", "none", "broken", "garbage"],
)
def test_signature_that_is_wrong_is_refused(world, server, caplog, sign, why):
    server.sign = sign
    assert is_refused(world.sign_in())
    assert reasons(caplog) == [f"ID token refused: {why}"]


def test_answer_without_id_token_is_refused(world, server, caplog):
    server.sign = lambda claims: None
    assert is_refused(world.sign_in())
    assert reasons(caplog) == ["no ID token"]


def test_provider_may_change_its_keys(world, server, clock):
    assert not is_refused(world.sign_in())
    new = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
    server.keys, server.sign = [new], signed_by(new, "RS256")
    assert is_refused(world.sign_in())  # keys are a moment old: not fetched again at once
    clock.advance(minutes=1)
    assert not is_refused(world.sign_in())
    assert server.asked.count("keys") == 2


def test_answer_cannot_be_used_twice(world):
    async def story():
        async with browser(world.app) as client:
            back = await world.depart(client)
            cookie = client.cookies["__Host-zhiban_handshake"]
            first = await client.get(back)
            client.cookies.set("__Host-zhiban_handshake", cookie, domain="office.test")
            return first, await client.get(back)

    first, second = run(story())
    assert not is_refused(first)
    assert is_refused(second)


def test_answer_of_another_browser_is_refused_and_used_up(world):
    async def story():
        async with browser(world.app) as victim, browser(world.app) as attacker:
            back = await world.depart(attacker)
            await world.depart(victim)
            return await victim.get(back), await attacker.get(back)

    assert [is_refused(answer) for answer in run(story())] == [True, True]


def test_answer_that_comes_too_late_is_refused(world, clock):
    async def story():
        async with browser(world.app) as client:
            back = await world.depart(client)
            clock.advance(minutes=10, seconds=1)
            return await client.get(back)

    assert is_refused(run(story()))


@pytest.mark.parametrize(
    ("old", "new"),
    [("code=", "code=x"), ("code=", "error=access_denied&x="), ("iss=", "iss=https://evil.test/")],
)
def test_answer_that_was_changed_is_refused(world, old, new):
    async def story():
        async with browser(world.app) as client:
            return await client.get((await world.depart(client)).replace(old, new))

    assert is_refused(run(story()))


@pytest.mark.parametrize("query", ["", "?state=x", "?state=%ED%A0%80&code=1", "?code=1"])
def test_answer_without_a_beginning_is_refused(world, query):
    async def story():
        async with browser(world.app) as client:
            return await client.get(f"/sign-in/provider/answer{query}")

    assert is_refused(run(story()))


def test_code_stolen_without_its_verifier_is_worthless(world, server):
    url, _ = world.provider.begin()
    with httpx.Client() as outside:
        back = outside.get(url).headers["location"]
        code = parse_qs(urlsplit(back).query)["code"][0]
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        body |= {"code_verifier": "x" * 43}
        answer = outside.post(f"{server.issuer}/token", data=body, auth=(CLIENT, SECRET))
    assert answer.status_code == 400


@pytest.mark.parametrize(("is_verified", "refused"), [(True, False), (False, True), (None, True)])
def test_mail_address_counts_when_verified(
    server, accounts, passwords, clock, is_verified, refused
):
    world = World(server, accounts, passwords, clock, claim="email")
    server.person = {"email": "East", "email_verified": is_verified}
    assert is_refused(world.sign_in()) is refused
    world.http.close()


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_description_that_is_wrong_is_not_believed(world, server, metadata):
    server.metadata = metadata
    assert ask_for_departure(world) == (503, "/problems/unavailable")


def ask_for_departure(world) -> tuple[int, str]:
    async def story():
        async with browser(world.app) as client:
            return await client.get("/sign-in/provider")

    answer = run(story())
    return answer.status_code, answer.json()["type"]


def test_provider_that_is_down_is_unavailable(accounts, passwords, clock):
    with running(LocalProvider()) as server:
        world = World(server, accounts, passwords, clock)
    assert ask_for_departure(world) == (503, "/problems/unavailable")
    world.http.close()


def test_office_without_provider_has_no_such_route(accounts, passwords, clock):
    app = make_app(accounts, passwords, clock)

    async def story():
        async with browser(app) as client:
            return await client.get("/sign-in/provider")

    assert run(story()).status_code == 404


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/plans?month=2026-12#x", "/plans?month=2026-12#x"),
        ("https://evil.test/", "/"),
        ("//evil.test/", "/"),
        ("/\\evil.test", "/"),
        ("/\t/evil.test", "/"),
        ("/\r\nSet-Cookie: x=y", "/"),
        ("plans", "/"),
        ("", "/"),
    ],
)
def test_sign_in_leads_to_no_other_site(target, kept):
    assert local_path(target) == kept
