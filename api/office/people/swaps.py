"""Swaps of published duties: what a swap changes, its check, its draft, its publication.

In one step where no hard rule is broken that was kept before: the clerk who says yes wants the
calendars to be right, not a second thing to do. Otherwise, or when asked to, the changed plan
waits as a draft for a confirmation, so that nobody breaks a hard rule without having read which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.office.conflicts import ConflictError
from api.office.context import Service
from api.office.people.request_notices import tell_replaced
from api.office.people.swap_issues import swap_issue
from api.office.plans.edits import CheckedEdits, check_edits
from api.office.plans.publication import check_draft, publish_checked, with_leave_of_today
from models.instance import Instance
from models.issues import InputError
from models.messages import issue
from models.roster import Duty
from models.store.database.locks import hold_publishing
from models.store.people.requests import WAITING, Move, get_request, move
from models.store.plans.drafts import put_draft
from models.store.plans.editing import Edit
from models.store.plans.instances import get_instance, put_instance
from models.store.plans.publishing import publish
from models.store.plans.roster_queries import (
    Asked,
    get_roster,
    published_assignments,
    published_roster,
    roster_record,
)
from models.store.plans.roster_rows import row_of
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.request_tables import Request
from models.vocabulary import Part


class CheckedSwap(NamedTuple):
    """A swap with its check: the published roster ``base``, changed; ``instance`` is what it is checked by."""

    base: int
    instance: Instance
    checked: CheckedEdits
    colleague: str


def published_duties(
    session: Session, areas: Collection[str], person: str, date: dt.date, part: Part
) -> list[tuple[RosterRecord, Duty]]:
    """Return the published duties of a person in a part of a day, mostly one, with their rosters."""
    rows = published_assignments(session, Asked(person=person, first=date, last=date))
    held = [(row.roster, row_of(row)) for row in rows if row.part is part]
    found = [(roster_record(session, key), row) for key, row in held if isinstance(row, Duty)]
    return [(record, duty) for record, duty in found if record.area in areas]


def colleague_named(instance: Instance, word: str, person: str) -> str:
    """Return the id of who is to take a duty of ``person`` over, by id or by a name that one person has.

    Raises
    ------
    InputError
        With the issue of ``to``.
    """
    is_id = word in instance.person_by_id
    found = [word] if is_id else [one.id for one in instance.people if one.name == word]
    code = "swap_self" if found == [person] else "swap_namesakes" if found else "swap_nobody"
    if len(found) != 1 or found == [person]:
        raise InputError([swap_issue(code, "to", word, count=len(found))])
    return found[0]


def prepare(service: Service, request: Request, to: str) -> CheckedSwap:
    """Change the published roster by a swap and check it, with the leave that is known today.

    Parameters
    ----------
    to
        Who takes the duty over, by id or name.

    Raises
    ------
    InputError
        There is no such person, or there was none when the roster was planned.
    ConflictError
        The roster does not hold the duties any more.
    """
    duty, in_return = duties_of(request)
    with service.store.read() as session:
        record = published_roster(session, request.area, f"{duty.date:%Y-%m}")
        if record is None:
            raise _moved_on()
        plan = get_roster(session, record.id)
        planned = get_instance(session, plan.instance)
    instance = with_leave_of_today(service, request.owner, planned)
    if not {duty, in_return} - {None} <= set(plan.duties):
        raise _moved_on()
    colleague = colleague_named(instance, to, request.person)
    plan = plan.model_copy(update={"instance": instance.content_hash})
    checked = check_edits(instance, plan, _edits(duty, in_return, colleague))
    return CheckedSwap(record.id, instance, checked, colleague)


def settle(
    service: Service,
    request_id: int,
    made: CheckedSwap,
    how: Move,
    *,
    by: str,
    why: str,
    version: int | None,
) -> None:
    """Keep a prepared swap as a draft; to ``ACCEPT`` also publishes it.

    Raises
    ------
    ConflictError
        Another roster has been published meanwhile.
    StoreError
        See ``move`` and ``publish``.
    """
    reason = f"request:{request_id}"
    with service.store.begin() as session:
        request = move(session, request_id, how, by=by, why=why, version=version)
        if _published(session, request) != made.base:
            raise _moved_on()
        put_instance(session, made.instance, area=request.owner, by=by)
        plan, report = made.checked.plan, made.checked.after
        draft = put_draft(session, plan, report, area=request.area, by=by, why=reason)
        was, request.colleague = request.colleague, made.colleague
        request.base, request.draft = made.base, draft.id
        tell_replaced(service, session, request, was)
        if how is Move.ACCEPT:
            publish(session, draft.id, by=by, why=reason)


def confirm(
    service: Service,
    request_id: int,
    acknowledged: Collection[str],
    *,
    by: str,
    why: str,
    version: int | None,
) -> None:
    """Publish the draft of a swap, as the office has left it.

    Parameters
    ----------
    acknowledged
        Names of the hard breaches that the swap adds; see ``publish_checked``.

    Raises
    ------
    ConflictError
        Another roster has been published since the draft was made; it would
        be undone.
    BreachError
        See ``publish_checked``.
    StoreError
        See ``move`` and ``publish``.
    """
    with service.store.read() as session:
        draft = get_request(session, request_id).draft
    checked = check_draft(service, draft) if draft is not None else None
    with service.store.begin() as session:
        request = move(session, request_id, Move.CONFIRM, by=by, why=why, version=version)
        now = _published(session, request)
        if now == request.draft:
            return  # published like any draft
        if now != request.base or checked is None or checked.roster != request.draft:
            raise _moved_on()
        publish_checked(session, checked, acknowledged, by=by, why=f"request:{request_id}")


def duties_of(request: Request) -> tuple[Duty, Duty | None]:
    """Return the duty given away, and the one taken for it."""
    duty, wanted = request.duty, request.in_return
    return Duty.model_validate(duty), Duty.model_validate(wanted) if wanted else None


def is_overtaken(session: Session, request: Request) -> bool:
    """Whether a waiting swap is about a duty that is not published as it was asked for any more."""
    if request.duty is None or request.state not in WAITING:
        return False
    for duty in duties_of(request):
        if duty is not None:
            known = published_duties(session, [request.area], duty.person, duty.date, duty.part)
            if duty not in [held for _, held in known]:
                return True
    return False


def _edits(duty: Duty, in_return: Duty | None, colleague: str) -> Iterator[Edit]:
    yield Edit(duty, duty.model_copy(update={"person": colleague}))
    if in_return is not None:
        yield Edit(in_return, in_return.model_copy(update={"person": duty.person}))


def _published(session: Session, request: Request) -> int | None:
    """Return the published roster of the swap's month; it stays so until the transaction ends."""
    hold_publishing(session)
    found = published_roster(session, request.area, f"{duties_of(request)[0].date:%Y-%m}")
    return found.id if found else None


def _moved_on() -> ConflictError:
    return ConflictError(issue("swap_moved_on"))
