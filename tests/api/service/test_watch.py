from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import anyio
import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st

from api.service.health import health_router
from api.service.metrics import Metrics
from api.service.request_limits import RequestLimits, depth
from api.service.watch import Watch
from models.issues import Issue
from tests.told import code_told


def refusal(status: int, why: Issue) -> JSONResponse:
    return JSONResponse({"detail": why.detail_zh}, status)


def broken() -> None:
    raise OSError("disk of secret-host")


def service(checks: dict[str, object] | None = None, token: str = "") -> Watch:
    metrics, app = Metrics(), FastAPI()

    @app.post("/things/{name}")
    async def thing(name: str, request: Request) -> int:
        return len(await request.body())

    app.include_router(health_router(checks or {}, metrics, token))
    return Watch(RequestLimits(app, 1000, 5, refusal, body_seconds=0.2), metrics)


def ask(app: Watch, method: str, path: str, **more: object) -> httpx.Response:
    async def send() -> httpx.Response:
        host = more.pop("host", "127.0.0.1")
        transport = httpx.ASGITransport(app, client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **more)

    return anyio.run(send)


def test_bodies_up_to_the_limit_arrive_whole() -> None:
    assert ask(service(), "POST", "/things/a", content=b"x" * 1000).json() == 1000
    refused = ask(service(), "POST", "/things/a", content=b"x" * 1001)
    assert (refused.status_code, code_told(refused.json())) == (413, "request_too_large")


def test_a_body_of_unknown_length_is_cut_off() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    assert ask(service(), "POST", "/things/a", content=chunks()).status_code == 413


def test_a_body_that_comes_too_slowly_is_not_waited_for() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"x"
        await anyio.sleep(60)

    refused = ask(service(), "POST", "/things/a", content=chunks())
    assert (refused.status_code, code_told(refused.json())) == (408, "request_too_slow")


def test_deep_json_is_refused_in_both_languages() -> None:
    head = {"content-type": "application/json"}
    answer = ask(service(), "POST", "/things/a", content=b"[" * 6 + b"]" * 6, headers=head)
    assert (answer.status_code, code_told(answer.json())) == (400, "request_too_deep")
    assert ask(service(), "POST", "/things/a", content=b"[[[[[]]]]]", headers=head).json() == 10


values = st.recursive(
    st.none() | st.text('[]{}"\\ab'),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('[}\\"'), inner),
)


@given(values)
def test_depth_is_what_nests(value: object) -> None:
    def nested(v: object) -> int:
        inner = v.values() if isinstance(v, dict) else v if isinstance(v, list) else None
        return 0 if inner is None else 1 + max(map(nested, inner), default=0)

    assert depth(json.dumps(value).encode()) == nested(value)


def test_health_names_what_fails_and_nothing_more() -> None:
    app = service({"database": broken, "folder": lambda: None})
    answer = ask(app, "GET", "/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "failing", "failing": ["database"]},
    )
    assert ask(app, "GET", "/healthz").json() == {"status": "ok", "failing": []}
    assert ask(service(), "GET", "/readyz").status_code == 200


def test_metrics_count_by_template_and_are_for_the_operator() -> None:
    app = service()
    ask(app, "POST", "/things/secret-name", content=b"x")
    text = ask(app, "GET", "/metrics").text
    assert 'zhiban_requests_total{method="POST",route="/things/{name}",status="200"} 1.0' in text
    assert "secret-name" not in text
    assert ask(app, "GET", "/metrics", host="10.0.0.9").status_code == 404
    proxied = {"x-forwarded-for": "10.0.0.9"}
    assert ask(app, "GET", "/metrics", headers=proxied).status_code == 404
    guarded, good = service(token="t"), {"authorization": "Bearer t"}
    assert ask(guarded, "GET", "/metrics").status_code == 404
    assert ask(guarded, "GET", "/metrics", headers=good, host="10.0.0.9").status_code == 200


def test_a_request_leaves_one_line_without_its_path(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "zhiban.request"):
        answer = ask(service(), "POST", "/things/secret-name", content=b"x")
    (line,) = [r for r in caplog.records if r.name == "zhiban.request"]
    assert (line.method, line.route, line.status) == ("POST", "/things/{name}", 200)
    assert "secret-name" not in str(line.__dict__)
    assert len(answer.headers["x-request-id"]) == 16
