"""Requests for leave and swaps: what is asked, and every way from one state to the next.

| state | agree | decline | withdraw | refuse | draft | accept | confirm |
|---|---|---|---|---|---|---|---|
| offered | open | declined | withdrawn | refused | | | |
| open | | | withdrawn | refused | drafted | accepted | |
| drafted | | | withdrawn | refused | drafted | accepted | accepted |

A swap with a named colleague begins as offered, everything else as open. What is not in the
table cannot be done. Who may do it is decided by the routes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.store.database.clock import now
from models.store.database.errors import DecidedError, NotFoundError, RepeatedError, StaleError
from models.store.database.log import record
from models.store.database.paging import Page, newest_first
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestState
from models.vocabulary import Term

WAITING = frozenset({RequestState.OFFERED, RequestState.OPEN, RequestState.DRAFTED})
"""States in which something can still happen."""
_WITH_THE_OFFICE = WAITING - {RequestState.OFFERED}


class Move(Term):
    """What is done with a request: by the colleague, by who asked, the rest by the office."""

    AGREE = "agree", "愿意接班"
    DECLINE = "decline", "不接"
    WITHDRAW = "withdraw", "撤回"
    REFUSE = "refuse", "不同意"
    DRAFT = "draft", "拟稿"
    ACCEPT = "accept", "同意"
    CONFIRM = "confirm", "确认"


MOVES: dict[Move, tuple[frozenset[RequestState], RequestState]] = {
    Move.AGREE: (frozenset({RequestState.OFFERED}), RequestState.OPEN),
    Move.DECLINE: (frozenset({RequestState.OFFERED}), RequestState.DECLINED),
    Move.WITHDRAW: (WAITING, RequestState.WITHDRAWN),
    Move.REFUSE: (WAITING, RequestState.REFUSED),
    Move.DRAFT: (_WITH_THE_OFFICE, RequestState.DRAFTED),
    Move.ACCEPT: (_WITH_THE_OFFICE, RequestState.ACCEPTED),
    Move.CONFIRM: (frozenset({RequestState.DRAFTED}), RequestState.ACCEPTED),
}
"""From which states a move is possible, and where it leads."""


def ask(session: Session, request: Request, *, by: str) -> Request:
    """Keep a new request; state, version and times are set here.

    Raises
    ------
    RepeatedError
        The person waits for an answer to the same already.
    """
    waiting = select(Request).where(
        Request.owner == request.owner,
        Request.person == request.person,
        Request.state.in_(WAITING),
    )
    if any(_asked(other) == _asked(request) for other in session.scalars(waiting)):
        raise RepeatedError
    request.state = RequestState.OPEN if request.colleague is None else RequestState.OFFERED
    request.version, request.answer = 1, ""
    request.asked_at = request.changed_at = now()
    request.asked_by = by
    session.add(request)
    session.flush()
    what = {"kind": request.kind.value, "person": request.person, "colleague": request.colleague}
    after = what | {"state": request.state.value} | _asked(request)
    record(session, "ask", f"request:{request.id}", by=by, after=after)
    return request


def move(
    session: Session,
    request_id: int,
    how: Move,
    *,
    by: str,
    why: str = "",
    version: int | None = None,
) -> Request:
    """Bring a request to its next state, locked until this transaction ends.

    Parameters
    ----------
    version
        The one that was read (If-Match); none for any.

    Raises
    ------
    NotFoundError
        There is no such request.
    StaleError
        It is not at ``version``.
    DecidedError
        Its state does not allow the move: somebody has decided meanwhile.
    """
    request = session.get(Request, request_id, with_for_update=True, populate_existing=True)
    if request is None:
        raise NotFoundError("no_request", request_id)
    check_move(request, how, version)
    state = MOVES[how][1]
    before = {"state": request.state.value}
    request.state, request.answer = state, why
    request.version += 1
    request.changed_at = now()
    after = {"state": state.value}
    record(session, how.value, f"request:{request_id}", by=by, why=why, before=before, after=after)
    return request


def check_move(request: Request, how: Move, version: int | None = None) -> None:
    """Ensure that a request allows a move. Raises StaleError, DecidedError: see ``move``."""
    if version is not None and request.version != version:
        raise StaleError(version, request.version)
    if request.state not in MOVES[how][0]:
        raise DecidedError(request.state.label, request.state.value)


def get_request(session: Session, request_id: int) -> Request:
    """Return a request. Raises NotFoundError."""
    found = session.get(Request, request_id)
    if found is None:
        raise NotFoundError("no_request", request_id)
    return found


def requests(
    session: Session,
    *,
    areas: Collection[str],
    people: Collection[str] | None = None,
    states: Collection[RequestState] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page[Request]:
    """Return the requests that some areas decide on, newest first.

    Parameters
    ----------
    people
        Only what one of them asked for, or is asked to take over.
    """
    query = select(Request).where(Request.area.in_(areas))
    if people is not None:
        query = query.where(or_(Request.person.in_(people), Request.colleague.in_(people)))
    if states is not None:
        query = query.where(Request.state.in_(states))
    return newest_first(session, query, Request.id, before, limit)


def _asked(request: Request) -> dict[str, Any]:
    """Return what a request is about; ids and times alone."""
    return {"leave": request.leave, "duty": request.duty, "in_return": request.in_return}
