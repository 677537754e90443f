"""Turns every error into an HTTP answer: domain errors, bad requests, program faults."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from fastapi.utils import is_body_allowed_for_status_code
from starlette.exceptions import HTTPException

from api.access.denied import (
    NoDataError,
    NotAllowedError,
    ProviderSilentError,
    SignInFailedError,
    SignInRequiredError,
    SlowDownError,
    UnseenError,
)
from api.http.problems import MEDIA_TYPE, TYPES, Problem, ProblemBody, input_problem, responses
from api.http.request_issues import request_issues
from api.office.conflicts import ConflictError, UnclearError
from api.office.data.claims import ClaimedError
from api.office.people.accounts import UnreadError
from api.office.plans.merging import MergeConflictError
from api.office.plans.publication import BreachError
from models.issues import InputError
from models.messages import issue
from models.store.database.errors import (
    ClashError,
    NotFoundError,
    StaleError,
    StoreError,
    UnavailableError,
)
from models.store.database.failures import is_full, unavailable
from models.store.plans.overtaking import OvertakenError, RowChanges
from models.store.plans.roster_rows import tables_of

log = logging.getLogger("zhiban.api")
_BY_STATUS = {known.status: slug for slug, known in reversed(TYPES.items())}
_SLUGS: dict[type[InputError], str] = {
    UnreadError: "changed-meanwhile",
    UnseenError: "not-found",
    NoDataError: "not-found",
    NotAllowedError: "not-allowed",
    SignInFailedError: "sign-in-failed",
    SlowDownError: "slow-down",
    ProviderSilentError: "unavailable",
    UnclearError: "bad-request",
    ConflictError: "conflict",
    NotFoundError: "not-found",
    StaleError: "changed-meanwhile",
    UnavailableError: "unavailable",
    StoreError: "conflict",
}
"""How HTTP calls an error of the domain; a narrower kind stands before the wider one."""


def install(app: FastAPI) -> None:
    """Let ``app`` answer every error as a problem, and say so in its OpenAPI document."""
    app.add_exception_handler(Problem, _of_problem)
    app.add_exception_handler(InputError, _of_domain)
    app.add_exception_handler(OSError, _of_file)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_anything)
    plain = app.openapi
    app.openapi = lambda: _documented(plain())  # type: ignore[method-assign]


Shown = Callable[[Request, Problem], Response | None]
"""Shows a problem in another form, such as a page; None leaves it a problem document."""


def shown_as(app: FastAPI, shown: Shown) -> None:
    """Let ``app`` show problems by ``shown`` wherever that returns an answer."""
    app.state.shown = shown


def _answer(request: Request, problem: Problem) -> Response:
    shown: Shown | None = getattr(request.app.state, "shown", None)
    return (shown and shown(request, problem)) or problem.response()


def problem_of(error: InputError) -> Problem:
    """Return the problem for a domain error; plain bad input with every issue."""
    if isinstance(error, SignInRequiredError):
        return Problem("sign-in-required", headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, UnreadError) and not error.is_named:
        return Problem("if-match-required", error.issues[0])
    slug = next((slug for kind, slug in _SLUGS.items() if isinstance(error, kind)), None)
    if slug is None:
        return input_problem(error.issues)
    headers = {"Retry-After": str(error.wait_seconds)} if isinstance(error, SlowDownError) else {}
    return Problem(slug, error.issues[0], headers=headers, **_members(error))


def _members(error: InputError) -> dict[str, Any]:
    """Return what a program needs to go on after a refusal."""
    if isinstance(error, ClashError):
        return {"clashes": jsonable_encoder([clash._asdict() for clash in error.clashes])}
    if isinstance(error, BreachError):
        return {"breaches": jsonable_encoder(error.breaches)}
    if isinstance(error, OvertakenError):
        numbers = {"base": error.base, "revision": error.revision, "published": error.published}
        sides = {"theirs": error.theirs, "own": error.own}
        return {"overtaken": jsonable_encoder(numbers | {k: _tables(v) for k, v in sides.items()})}
    if isinstance(error, ClaimedError):
        return {"people": list(error.people)}
    if isinstance(error, MergeConflictError):
        return {"conflicts": error.places}
    return {}


def _tables(changes: RowChanges) -> dict[str, dict[str, Any]]:
    """Return rows that went and came, table by table."""
    return {"gone": tables_of(changes.gone), "new": tables_of(changes.new)}


def _documented(document: dict[str, Any]) -> dict[str, Any]:
    """Put our schema in the place of FastAPI's own, and the answer 500 everywhere."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    body = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= body.pop("$defs")
    schemas["Problem"] = body
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    ours = {str(status): entry for status, entry in responses("input", "internal").items()}
    for path in document.get("paths", {}).values():
        for operation in path.values():
            known = operation["responses"]
            if "HTTPValidationError" in str(known.get("422")):
                known["422"] = ours["422"]
            known.setdefault("500", ours["500"])
    return document


async def _of_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _answer(request, error)


async def _of_domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    return _answer(request, problem_of(error))


async def _of_file(request: Request, error: Exception) -> Response:
    """Report a disk that fills while spooling an upload, like a full disk of the store."""
    assert isinstance(error, OSError)
    if not is_full(error):
        raise error
    return _answer(request, problem_of(unavailable("disk_full")))


async def _of_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _answer(request, input_problem(request_issues(error)))


async def _of_http(request: Request, error: Exception) -> Response:
    """Answer what the framework raised; its English text is left out."""
    assert isinstance(error, HTTPException)
    if not is_body_allowed_for_status_code(error.status_code):
        return Response(status_code=error.status_code, headers=error.headers)
    if error.status_code == 404:
        return _answer(request, problem_of(UnseenError()))
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
    slug = _BY_STATUS.get(error.status_code)
    if slug is not None:
        return _answer(request, Problem(slug, headers=headers))
    content = {"type": "about:blank", "status": error.status_code}
    return JSONResponse(content, error.status_code, error.headers, MEDIA_TYPE)


def _methods(request: Request) -> list[str]:
    """Return every method of this path; the router names those of its first route only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(path):
            found |= route.methods or set()
    return sorted(found)


async def _of_anything(request: Request, error: Exception) -> Response:
    """Tell the client an id only; the log has the rest under the same id.

    The log names the route, not the path: a path may hold the token of a feed.
    """
    found = f"urn:uuid:{uuid.uuid4()}"
    route = getattr(request.scope.get("route"), "path", "")
    log.error("%s %s %s", found, request.method, route, exc_info=error)
    return _answer(request, Problem("internal", issue("service_broken"), instance=found))
