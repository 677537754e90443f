"""The route of the feeds: ``/feeds/{token}.ics``."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from api.access.tokens import hash_token
from api.feeds.event import FeedSource
from api.feeds.feed_responses import Conditions, FeedResponse, FeedResponses


def feed_router(source: FeedSource, answers: FeedResponses | None = None) -> APIRouter:
    """Return the routes of the feeds of ``source``.

    Parameters
    ----------
    source
        Where tokens and events are read from.
    answers
        Answers with settings of their own, instead of the usual ones for ``source``.
    """
    replies = answers or FeedResponses(source)
    router = APIRouter(tags=["feeds"])

    async def answered(token: str, conditions: Conditions) -> FeedResponse:
        if not source.is_near:
            return await run_in_threadpool(replies.answer, token, conditions)
        # a thread for each look-up would take longer than the look-up, and wait for the others
        found = replies.at_hand(token, conditions)
        if isinstance(found, FeedResponse):
            return found
        return await run_in_threadpool(replies.rendered, found, conditions)

    # HEAD apart and undocumented: one operation for both would have one id in OpenAPI twice.
    @router.head("/feeds/{token}.ics", include_in_schema=False)
    @router.get(
        "/feeds/{token}.ics",
        response_class=Response,
        responses={
            200: {"content": {"text/calendar": {}}, "description": "The calendar"},
            304: {"description": "The client's copy is still good"},
            404: {"content": {"text/plain": {}}, "description": "No such calendar"},
        },
    )
    async def feed(token: str, request: Request) -> Response:
        """订阅日历 / A calendar for its subscriber; the link is the secret, no sign-in is asked."""
        asked = request.headers
        conditions = Conditions(
            if_none_match=_joined(asked.getlist("if-none-match")),
            if_modified_since=asked.get("if-modified-since"),
            accept_encoding=_joined(asked.getlist("accept-encoding")),
        )
        answer = await answered(token, conditions)
        body = b"" if request.method == "HEAD" else answer.body
        is_due = answer.status != 404 and source.is_use_due(hash_token(token))
        note = BackgroundTask(source.note_use, hash_token(token)) if is_due else None
        return Response(body, answer.status, answer.headers, background=note)

    return router


def _joined(values: list[str]) -> str | None:
    """Return the values of a header that came several times as one; None if it did not come."""
    return ", ".join(values) if values else None
