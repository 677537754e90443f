"""Errors as pages: what is wrong and what to do; who is not signed in signs in and comes back."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from api.http.problems import TYPES, Problem
from api.pages.frame.page import HEADERS, page, see

_NOT_PAGES = ("/api/", "/feeds/", "/healthz", "/readyz", "/metrics")


def page_of_problem(request: Request, problem: Problem) -> Response | None:
    """Return the page that tells of a problem; None where a program asks."""
    is_browser = "text/html" in request.headers.get("accept", "") or _is_part(request)
    if not is_browser or request.url.path.startswith(_NOT_PAGES):
        return None
    if problem.slug == "sign-in-required":
        return _to_sign_in(request)
    known = TYPES[problem.slug]
    return page(
        request,
        "frame/problem.html",
        status=known.status,
        headers={name: value for name, value in problem.headers.items() if name == "Retry-After"},
        problem=problem,
        known=known,
        issues=problem.members.get("issues") or [],
    )


def _to_sign_in(request: Request) -> Response:
    """Send a browser to sign in; a part of a page asks the whole page to go there."""
    came_from = request.headers.get("X-Page-Address", "")
    is_part = _is_part(request)
    target = _path_of(came_from) if is_part else _target(request)
    address = f"/sign-in?{urlencode({'target': target})}"
    if is_part:
        return Response(status_code=401, headers=HEADERS | {"X-Sign-In": address})
    return see(address)


def _is_part(request: Request) -> bool:
    """Whether a script of ours asks for a part of a page."""
    return request.headers.get("X-Page-Part") == "true"


def _target(request: Request) -> str:
    """Return where to go after sign-in: the page itself; of a form, the page it stood on."""
    if request.method in {"GET", "HEAD"}:
        query = f"?{request.url.query}" if request.url.query else ""
        return request.url.path + query
    return _path_of(request.headers.get("referer", ""))


def _path_of(address: str) -> str:
    """Return the path of an address of our own; only a path is ever gone to."""
    rest = address.split("://", 1)[-1]
    _, slash, path = rest.partition("/")
    return slash + path if slash else "/"
