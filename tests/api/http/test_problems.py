"""Problem details over real requests: every error of the service has one shape, in two languages."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import uuid
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, Body, FastAPI, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api.access.denied import UnseenError
from api.http.handlers import install
from api.http.problems import MEDIA_TYPE, TYPES, Problem, ProblemBody, responses
from models.issues import InputError, Issue
from models.messages import issue
from models.rows import Id, Month
from tests.told import code_told


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: Id
    month: Month
    hours: Annotated[float, Field(ge=0, le=80)]
    kind: Literal["leave", "court"] = "leave"
    day: Annotated[dt.date, Field(ge=dt.date(2026, 1, 1))] = dt.date(2026, 1, 1)
    password: Annotated[str, Field(min_length=12)] = "long enough here"
    note: Annotated[str, Field(pattern="^[a-z]+$")] = "a"


FAULTS = [
    Issue(
        code="word_unknown",
        table="人员",
        cell="C3",
        value="律",
        zh="不在可选项中",
        en="not allowed",
    ),
    Issue(code="missing_value", table="村居", cell="A2", zh="缺少", en="missing"),
]


notes = APIRouter()


@notes.get("/notes/{number}")
def read(number: int) -> None: ...


@notes.put("/notes/{number}")
def write(number: int) -> None: ...


def make_app() -> FastAPI:
    app = FastAPI()
    install(app)

    @app.get("/refused", responses=responses("conflict"))
    def refused() -> None:
        raise Problem("conflict", issue("question_running"), job="J1")

    @app.get("/slow", responses=responses("slow-down"))
    def slow() -> None:
        raise Problem("slow-down", headers={"Retry-After": "8"})

    @app.get("/missing", responses=responses("not-found", "not-allowed", "forged-request"))
    def missing() -> None:
        raise UnseenError

    @app.post("/upload")
    def upload() -> None:
        raise InputError(FAULTS)

    @app.post("/orders/{number}")
    def order(
        number: Annotated[int, Path(ge=1)],
        order: Annotated[Order, Body()],
        size: Annotated[int, Query(le=500)] = 1,
    ) -> None:
        return None

    @app.get("/status/{status}")
    def status(status: int) -> None:
        raise HTTPException(status, "internal words", {"X-Kept": "yes"})

    @app.get("/feeds/{token}.ics")
    def broken(token: str) -> Response:
        raise RuntimeError("the mobile is 13800000000")

    app.include_router(notes, prefix="/v1")
    return app


def ask(method: str, path: str, **options: Any) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(make_app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://office.test") as client:
            return await client.request(method, path, **options)

    return asyncio.run(answer())


JSON = {"Content-Type": "application/json"}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


GOOD = {"person": "L001", "month": "2026-12", "hours": 4}


@pytest.mark.parametrize(
    ("method", "path", "options", "slug"),
    [
        ("GET", "/refused", {}, "conflict"),
        ("GET", "/slow", {}, "slow-down"),
        ("GET", "/missing", {}, "not-found"),
        ("GET", "/nowhere", {}, "not-found"),
        ("DELETE", "/refused", {}, "method-not-allowed"),
        ("POST", "/upload", {}, "input"),
        ("POST", "/orders/0", {"json": GOOD}, "input"),
        ("POST", "/orders/1", {"content": b'"\xff"', "headers": {"Content-Type": "application/json"}}, "bad-request"),
        ("GET", "/feeds/secret-token.ics", {}, "internal"),
    ],
)  # fmt: skip
def test_every_error_is_a_bilingual_problem(method, path, options, slug):
    answer = ask(method, path, **options)
    body = ProblemBody.model_validate(answer.json())
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["cache-control"] == "no-store"
    assert (body.type, body.status, answer.status_code) == (
        f"/problems/{slug}",
        TYPES[slug].status,
        TYPES[slug].status,
    )
    assert (body.title, body.title_en) == TYPES[slug][1:]


def test_problem_carries_detail_and_members():
    assert ask("GET", "/refused").json() == {
        "type": "/problems/conflict",
        "title": "与现状冲突",
        "title_en": "Conflict with the present state",
        "status": 409,
        "detail": issue("question_running").detail_zh,
        "detail_en": issue("question_running").detail_en,
        "job": "J1",
    }
    assert ask("GET", "/slow").headers["retry-after"] == "8"


def test_missing_thing_and_missing_route_are_answered_alike():
    assert ask("GET", "/missing").content == ask("GET", "/nowhere").content


def test_method_not_allowed_says_what_is():
    assert ask("DELETE", "/refused").headers["allow"] == "GET"
    assert ask("DELETE", "/v1/notes/1").headers["allow"] == "GET, PUT"


def test_bad_input_lists_every_issue():
    body = ask("POST", "/upload").json()
    assert body["issues"] == [fault.model_dump() for fault in FAULTS]
    assert body["detail_en"] == issue("input_refused", count=2).detail_en
    assert body["detail_en"].startswith("2 issue(s); nothing was saved.")


def found(answer: httpx.Response) -> dict[str, tuple[str, str]]:
    """Return code and value by place."""
    assert answer.status_code == 422
    issues = answer.json()["issues"]
    assert all(i["zh"] and i["en"] and i["mend_zh"] and i["mend_en"] for i in issues)
    return {f"{i['table']} {i['cell']}": (i["code"], i["value"]) for i in issues}


def test_request_faults_come_all_at_once_with_their_places():
    order = {
        "person": "a b",
        "month": "2026-13",
        "hours": 81,
        "kind": "holiday",
        "day": "2025-12-31",
        "password": "hunter2",
        "note": "A",
        "extra": 1,
    }
    answer = ask("POST", "/orders/0?size=501", content=_json(order), headers=JSON)
    assert found(answer) == {
        "path number": ("too_small", "0"),
        "query size": ("too_large", "501"),
        "body $.person": ("id_pattern", "a b"),
        "body $.month": ("month_unreadable", "2026-13"),
        "body $.hours": ("too_large", "81"),
        "body $.kind": ("word_unknown", "holiday"),
        "body $.day": ("value_refused", "2025-12-31"),
        "body $.password": ("text_too_short", ""),
        "body $.note": ("value_refused", "A"),
        "body $.extra": ("unknown_field", "1"),
    }
    assert "hunter2" not in answer.text
    assert "pydantic" not in answer.text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"person": "L001",\n oops}', {"body 2:2": ("json_syntax", "")}),
        (b"[]", {"body $": ("wrong_type", "")}),
        (b"", {"body $": ("missing_value", "")}),
        (b"{}", {f"body $.{name}": ("missing_value", "") for name in GOOD}),
        (_json(GOOD | {"hours": "NaN"}), {"body $.hours": ("too_large", "NaN")}),
        (_json(GOOD | {"hours": [1]}), {"body $.hours": ("wrong_type", "")}),
        (_json(GOOD | {"\ud800": 1}), {"body $": ("value_refused", "\\ud800")}),
        (_json(GOOD | {"person": "\ud800"}), {"body $.person": ("value_refused", "\\ud800")}),
    ],
)
def test_bodies_that_cannot_be_read(body, expected):
    assert found(ask("POST", "/orders/1", content=body, headers=JSON)) == expected


@pytest.mark.parametrize("status", [400, 401, 403, 405, 409, 410, 413, 415, 418, 503])
def test_framework_errors_keep_status_and_headers_but_not_their_words(status):
    answer = ask("GET", f"/status/{status}")
    assert (answer.status_code, answer.headers["x-kept"]) == (status, "yes")
    assert "internal words" not in answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_answers_that_have_no_body_stay_empty():
    assert ask("GET", "/status/304").content == b""


def test_unexpected_error_tells_an_id_which_the_log_has(caplog):
    with caplog.at_level(logging.ERROR, "zhiban.api"):
        answer = ask("GET", "/feeds/secret-token.ics")
    number = answer.json()["instance"]
    uuid.UUID(number)
    assert code_told(answer.json()) == "service_broken"
    (record,) = caplog.records
    assert record.getMessage() == f"{number} GET /feeds/{{token}}.ics"
    assert record.exc_info is not None
    assert "13800000000" not in answer.text
    assert "RuntimeError" not in answer.text


def test_openapi_knows_the_problems():
    app = make_app()
    document = app.openapi()
    assert app.openapi() == document
    schemas = document["components"]["schemas"]
    assert set(schemas) == {"Problem", "Issue", "Order"}
    paths = document["paths"]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert paths["/slow"]["get"]["responses"]["429"]["content"] == content
    assert paths["/slow"]["get"]["responses"]["429"]["headers"].keys() == {"Retry-After"}
    assert paths["/orders/{number}"]["post"]["responses"]["422"]["content"] == content
    assert all("500" in o["responses"] for p in paths.values() for o in p.values())
    both = paths["/missing"]["get"]["responses"]["403"]["description"]
    assert (
        both == "没有权限 / Not allowed; 请求来源无法确认 / The origin of the request is not sure"
    )


def test_titles_are_unique_and_in_both_languages():
    assert len({known.title for known in TYPES.values()}) == len(TYPES)
    assert len({known.title_en for known in TYPES.values()}) == len(TYPES)
