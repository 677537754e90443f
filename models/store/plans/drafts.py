"""Drafts: a roster with its report, kept row by row, not yet seen by anybody else."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.report import Report
from models.roster import Roster
from models.store.database.clock import now
from models.store.database.log import record
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster, roster_record
from models.store.plans.roster_rows import check_month, columns, rows_of
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import RosterState


def put_draft(
    session: Session,
    roster: Roster,
    report: Report,
    *,
    area: str,
    by: str,
    why: str = "",
    at: dt.datetime | None = None,
) -> RosterRecord:
    """Keep a roster and its report as a draft of ``area`` and return its record.

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
        version=1,
        report=report.model_dump_json(),
        created_at=at or now(),
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
    """Keep the same plan as a new draft: how a published roster is changed. Raises NotFoundError."""
    known = roster_record(session, roster_id)
    return put_draft(
        session,
        get_roster(session, roster_id),
        get_report(session, roster_id),
        area=known.area,
        by=by,
        why=why or f"copy of roster {roster_id}",
    )
