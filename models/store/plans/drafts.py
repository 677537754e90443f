"""Drafts: a roster with its report, kept row by row, not yet seen by anybody else."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from models.report import Report
from models.roster import Roster
from models.store.database.clock import now
from models.store.database.errors import WrongStageError
from models.store.database.locks import hold_roster
from models.store.database.log import record
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster, roster_record
from models.store.plans.roster_rows import check_month, columns, rows_of
from models.store.tables.plan_tables import AssignmentRow, JobRow, RosterRecord
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestState, RosterState


def put_draft(
    session: Session,
    roster: Roster,
    report: Report,
    *,
    area: str,
    by: str,
    why: str = "",
    base: int | None = None,
) -> RosterRecord:
    """Keep a roster and its report as a draft of ``area`` and return its record.

    Parameters
    ----------
    base
        The published revision that it was made from; the latest if none.

    Raises
    ------
    NotFoundError
        The instance it was made from (``roster.instance``) is not in the store.
    InputError
        Rows lie outside the roster's month.
    """
    rows = rows_of(roster)
    check_month(roster.month, rows)
    instance = get_instance(session, roster.instance)
    draft = RosterRecord(
        area=area,
        month=roster.month,
        instance=roster.instance,
        stage=RosterState.DRAFT,
        base=latest_revision(session, area, roster.month) if base is None else base,
        version=1,
        report=report.model_dump_json(),
        created_at=now(),
        created_by=by,
    )
    session.add(draft)
    session.flush()
    if rows:
        session.execute(
            insert(AssignmentRow), [columns(instance, row) | {"roster": draft.id} for row in rows]
        )
    record(
        session,
        "put_draft",
        f"roster:{draft.id}",
        by=by,
        why=why,
        after={"area": area, "month": roster.month, "instance": roster.instance},
    )
    return draft


def copy_draft(session: Session, roster_id: int, *, by: str, why: str = "") -> RosterRecord:
    """Keep the same plan as a new draft: how a published roster is changed. Raises NotFoundError.

    It changes the revision that it is a copy of, or that the copied draft changes.
    """
    known = roster_record(session, roster_id)
    return put_draft(
        session,
        get_roster(session, roster_id),
        get_report(session, roster_id),
        area=known.area,
        by=by,
        why=why or f"copy of roster {roster_id}",
        base=known.revision or known.base,
    )


def delete_draft(session: Session, roster_id: int, *, by: str, why: str = "") -> None:
    """Delete a draft that nothing depends on; the log keeps that there was one.

    Raises
    ------
    WrongStageError
        It is no draft, or a request for a swap waits for it.
    NotFoundError
        There is no such roster.
    """
    draft = hold_roster(session, roster_id, None)
    if draft.stage is not RosterState.DRAFT:
        raise WrongStageError("delete_not_draft")
    waits = select(Request.id).where(
        Request.draft == roster_id, Request.state == RequestState.DRAFTED
    )
    if session.scalar(waits) is not None:
        raise WrongStageError("delete_awaited")
    session.execute(update(Request).where(Request.draft == roster_id).values(draft=None))
    session.execute(update(JobRow).where(JobRow.roster == roster_id).values(roster=None))
    session.execute(delete(AssignmentRow).where(AssignmentRow.roster == roster_id))
    before = {"area": draft.area, "month": draft.month, "instance": draft.instance}
    session.delete(draft)
    record(session, "delete_draft", f"roster:{roster_id}", by=by, why=why, before=before)


def latest_revision(session: Session, area: str, month: str, at: dt.datetime | None = None) -> int:
    """Return the last revision published of an area and month, up to a time; 0 if none was."""
    query = select(func.max(RosterRecord.revision)).where(
        RosterRecord.area == area, RosterRecord.month == month
    )
    if at is not None:
        query = query.where(RosterRecord.published_at <= at)
    return session.scalar(query) or 0
