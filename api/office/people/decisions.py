"""What becomes of a request: accepted, it changes data or plan; or somebody answers otherwise."""

from __future__ import annotations

from api.access.roles import Actor
from api.office.conflicts import UnclearError
from api.office.context import Service
from api.office.people import swaps
from api.office.people.leave_requests import enter_leave
from api.office.people.request_eyes import open_request
from api.office.people.request_notices import tell_answered
from api.office.plans.edits import Effect
from api.office.plans.repairs import Hit, hits
from models.issues import InputError
from models.messages import Spot, issue
from models.people import Leave
from models.store.people.requests import Move, check_move, move
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind


def accept(
    service: Service,
    request: Request,
    *,
    to: str | None,
    publish: bool,
    by: str,
    why: str,
    version: int | None,
) -> Effect | list[Hit]:
    """Accept a request: leave enters the data, a swap is published, or waits as a draft.

    Parameters
    ----------
    to
        Who takes the duty over, in place of the colleague who was named, if one was.
    publish
        Publish a swap that breaks no hard rule which was kept before; any other waits.

    Returns
    -------
    What a swap does to the plan; what leave hits of what is published, with who could stand in.

    Raises
    ------
    UnclearError
        Nobody is named for the duty, or somebody else than the colleague of an exchange.
    ConflictError
        What is published has changed since.
    InputError
        With every issue of the data or the rows as they would be.
    StoreError
        See ``move`` and ``publish``.
    """
    check_move(request, Move.ACCEPT, version)
    if request.kind is RequestKind.LEAVE:
        enter_leave(service, request, by=by, why=why, version=version)
        return hits(service, request.owner, Leave.model_validate(request.leave))
    made = swaps.prepare(service, request, _colleague(request, to))
    is_plain = publish and not made.checked.breaks_hard_rule
    step = Move.ACCEPT if is_plain else Move.DRAFT
    swaps.settle(service, request.id, made, step, by=by, why=why, version=version)
    return made.checked.effect


def answer(
    service: Service,
    actor: Actor,
    request_id: int,
    how: Move,
    *,
    why: str = "",
    version: int | None = None,
) -> Request:
    """Let a colleague agree or decline, who asked withdraw, the office refuse, which says why.

    Raises
    ------
    UnseenError, NotAllowedError
        See ``open_request``.
    InputError
        The office refuses without a reason.
    StoreError
        See ``move``.
    """
    open_request(service, actor, request_id, how)
    if how is Move.REFUSE and not why:
        named = {"column": "why", "field": "why"}
        raise InputError([issue("missing_value", Spot("body", "$.why"), **named)])
    with service.store.begin() as session:
        request = move(session, request_id, how, by=actor.by, why=why, version=version)
        tell_answered(service, session, request, how)
        return request


def _colleague(request: Request, found: str | None) -> str:
    """Return who takes the duty over: whom the office has found, else the one named."""
    colleague = found or request.colleague
    if colleague is None:
        raise UnclearError(issue("swap_to_nobody"))
    if found and request.in_return is not None and found != request.colleague:
        raise UnclearError(issue("swap_other_colleague"))
    return colleague
