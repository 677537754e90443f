"""Changes of a draft by hand."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import issue
from models.report import Report
from models.store.database.errors import NotFoundError, StoreError, WrongStageError
from models.store.database.locks import hold_roster
from models.store.database.log import record
from models.store.plans.instances import get_instance
from models.store.plans.roster_rows import RosterRow, check_month, columns, identity
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import RosterState


class Edit(NamedTuple):
    """``before`` becomes ``after``; without ``before`` a row is added, without ``after`` removed."""

    before: RosterRow | None
    after: RosterRow | None


def edit_assignment(
    session: Session,
    roster_id: int,
    edit: Edit,
    *,
    version: int,
    by: str,
    why: str = "",
    report: Report | None = None,
) -> int:
    """Change one row of a draft and return the new version.

    Parameters
    ----------
    version
        The one that was read (If-Match).
    report
        What the check says of the changed roster; the old report stays if none is given.

    Raises
    ------
    StaleError
        Somebody changed the roster since.
    WrongStageError
        It is no draft: what was published is changed by publishing another draft.
    NotFoundError
        There is no such roster, or no row like ``before``.
    StoreError
        ``row_exists``: the roster has a row like ``after``.
    InputError
        ``after`` lies outside the month.
    """
    draft = hold_roster(session, roster_id, version)
    if draft.stage is not RosterState.DRAFT:
        raise WrongStageError("edit_not_draft")
    before, after = edit
    _replace(session, draft, before, after)
    draft.version += 1
    if report is not None:
        draft.report = report.model_dump_json()
    record(
        session,
        "edit_assignment",
        f"roster:{roster_id}",
        by=by,
        why=why,
        before=before.model_dump(mode="json") if before else None,
        after=after.model_dump(mode="json") if after else None,
    )
    return draft.version


def _replace(
    session: Session, draft: RosterRecord, before: RosterRow | None, after: RosterRow | None
) -> None:
    old = _find(session, draft.id, before) if before else None
    if before and old is None:
        raise NotFoundError("no_row", " ".join(str(v) for v in identity(before).values() if v))
    if after is None:
        if old is not None:
            session.delete(old)
        return
    check_month(draft.month, [after])
    if after != before and _find(session, draft.id, after) is not None:
        raise StoreError(issue("row_exists"))
    kept = old or AssignmentRow(roster=draft.id)
    for name, value in columns(get_instance(session, draft.instance), after).items():
        setattr(kept, name, value)
    session.add(kept)


def _find(session: Session, roster_id: int, row: RosterRow) -> AssignmentRow | None:
    same = [getattr(AssignmentRow, name) == value for name, value in identity(row).items()]
    query = select(AssignmentRow).where(AssignmentRow.roster == roster_id, *same)
    return session.scalars(query.limit(1)).first()
