"""Renders a page: a template of a family within the frame, in the reader's language."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from typing import Any

from babel.dates import format_date
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.access.roles import PUBLIC, Actor
from api.access.tokens import csrf_token
from api.http.guard import guard_of
from api.pages.frame.languages import PAGES, Language, language_of, said, translations
from models.calendar import ZONE

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **shown: Any,
) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    template
        A template below ``api/pages``, such as ``home/month.html``; it extends ``frame/frame.html``.
    headers
        In place of the usual ones, such as ``Cache-Control`` of a public page.
    shown
        What the template shows, beside ``actor``, ``csrf``, ``language`` and ``path``.
    """
    language = language_of(request)
    session = guard_of(request).cookies.session_of(request)
    actor: Actor = getattr(request.state, "actor", PUBLIC)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    frame = {
        "actor": actor,
        "csrf": csrf_token(session) if session and actor.is_signed_in else "",
        "language": language,
        "path": path,
    }
    body = _environment(language).get_template(template).render(frame | shown)
    return HTMLResponse(body, status, HEADERS | (headers or {}))


def see(address: str) -> RedirectResponse:
    """Send the browser to another page after something was done (POST, redirect, GET)."""
    return RedirectResponse(address, 303, HEADERS)


@cache
def asset(name: str) -> str:
    """Return the address of a static file: ``frame/page.css`` is ``frame/static/page.css``.

    The address changes with the content, so that it may be kept for ever.
    """
    family, file = name.split("/")
    content = (PAGES / family / "static" / file).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


@cache
def _environment(language: Language) -> Environment:
    found = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = translations(language)
    found.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    found.filters["said"] = lambda what: said(what, language)
    found.filters["day"] = lambda day: _day(day, language)
    found.filters["month"] = lambda month: _month(month, language)
    found.filters["moment"] = lambda at: f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"
    found.filters["clock"] = lambda time: f"{time:%H:%M}"
    found.globals["asset"] = asset
    return found


def _day(day: dt.date, language: Language) -> str:
    """Return a date with its weekday: 12月3日 周四, Thu 3 Dec."""
    if language == "en":
        return format_date(day, "EEE d MMM", locale="en")
    return format_date(day, "M月d日 EEE", locale="zh_Hans_CN")


def _month(month: str, language: Language) -> str:
    """Return a month in words: 2026年12月, December 2026."""
    first = dt.date.fromisoformat(f"{month}-01")
    return format_date(
        first,
        "MMMM y" if language == "en" else "y年M月",
        locale="en" if language == "en" else "zh_Hans_CN",
    )
