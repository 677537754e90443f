"""What accepting a request would do, told before it is decided: nothing is kept."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from api.office.context import Service
from api.office.people import swaps
from api.office.plans.edits import Effect
from api.office.plans.repairs import Hit, hits
from api.office.plans.roster_questions import candidates
from models.people import Leave
from models.store.plans.roster_queries import published_roster
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind
from solver.changes.candidates import Candidate

SHOWN = 8
"""Candidates that are shown for a duty that is given away to nobody in particular."""


class RequestEffect(NamedTuple):
    """What becomes of the plan.

    ``hits`` are published rows that leave takes; ``swap`` is what a swap does, None as long as
    nobody takes the duty over, whom ``candidates`` may be; ``decide_by`` is the last day on which
    it is decided in time.
    """

    hits: tuple[Hit, ...] = ()
    swap: Effect | None = None
    candidates: tuple[Candidate, ...] = ()
    decide_by: dt.date | None = None


def request_effect(service: Service, request: Request, to: str | None = None) -> RequestEffect:
    """Return what accepting a request does.

    Parameters
    ----------
    to
        Who takes the duty over, in place of the colleague who was named.

    Raises
    ------
    InputError, ConflictError
        See ``prepare``: the duty is not published as it was asked for any more.
    """
    if request.kind is RequestKind.LEAVE:
        leave = Leave.model_validate(request.leave)
        return RequestEffect(hits=tuple(hits(service, request.owner, leave)), decide_by=leave.first)
    duty, _ = swaps.duties_of(request)
    notice = dt.timedelta(days=service.settings.swap_notice_days)
    colleague = to or request.colleague
    if colleague is not None:
        checked = swaps.prepare(service, request, colleague).checked
        return RequestEffect(swap=checked.effect, decide_by=duty.date - notice)
    with service.store.read() as session:
        record = published_roster(session, request.area, f"{duty.date:%Y-%m}")
    found: tuple[Candidate, ...] = ()
    if record is not None:
        found = candidates(service, record.id, "slot", duty.slot, duty.person).candidates
    return RequestEffect(candidates=found[:SHOWN], decide_by=duty.date - notice)
