"""Changes of a draft by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, cast, get_args

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.instance import Instance
from models.messages import issue
from models.report import Report
from models.store.database.errors import NotFoundError, StoreError, WrongStageError
from models.store.database.locks import hold_roster
from models.store.database.log import record
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import roster_record
from models.store.plans.roster_rows import RosterRow, check_month, columns, identity
from models.store.tables.log_table import LogEntry
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import RosterState

EditAction = Literal["edit_assignment", "undo_edit", "redo_edit"]
"""How the log calls an edit, its inverse, and the inverse of that."""

REMEMBERED = 500
"""Edits of a roster that are looked through for what may be undone."""

_ROW: TypeAdapter[RosterRow] = TypeAdapter(RosterRow)


class Edit(NamedTuple):
    """``before`` becomes ``after``; without ``before`` a row is added, without ``after`` removed."""

    before: RosterRow | None
    after: RosterRow | None


class EditStep(NamedTuple):
    """What somebody changes at once, and what the log calls it."""

    edits: tuple[Edit, ...]
    by: str
    why: str = ""
    action: EditAction = "edit_assignment"


class LoggedEdit(NamedTuple):
    """An edit that was kept: rows that went, rows that came."""

    entry: int
    by: str
    action: EditAction
    before: tuple[RosterRow, ...]
    after: tuple[RosterRow, ...]

    @property
    def inverse(self) -> tuple[Edit, ...]:
        """What undoes it."""
        gone = [Edit(row, None) for row in self.after]
        return (*gone, *(Edit(None, row) for row in self.before))


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
    """Change one row of a draft and return the new version. See ``edit_rows``."""
    step = EditStep((edit,), by, why)
    return edit_rows(session, roster_id, step, version=version, report=report)


def edit_rows(
    session: Session,
    roster_id: int,
    step: EditStep,
    *,
    version: int,
    report: Report | None = None,
    instance: Instance | None = None,
) -> int:
    """Change rows of a draft in one step, with one entry in the log, and return the new version.

    Parameters
    ----------
    version
        The one that was read (If-Match).
    report
        What the check says of the changed roster; without one the roster counts as unchecked
        until ``keep_report``.
    instance
        The roster's data, where the caller has read them: a city's take most of a second.

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
    known = instance or get_instance(session, draft.instance)
    for edit in step.edits:
        _replace(session, draft, edit, known)
    draft.version += 1
    draft.is_checked = report is not None
    if report is not None:
        draft.report = report.model_dump_json()
    record(
        session,
        step.action,
        f"roster:{roster_id}",
        by=step.by,
        why=step.why,
        before=_logged([edit.before for edit in step.edits]),
        after=_logged([edit.after for edit in step.edits]),
    )
    return draft.version


def keep_report(session: Session, roster_id: int, version: int, report: Report) -> bool:
    """Keep what the check says of a roster at ``version``; return whether it is still at that."""
    found = roster_record(session, roster_id)
    if found.version != version:
        return False
    found.report, found.is_checked = report.model_dump_json(), True
    return True


def edits_made(session: Session, roster_id: int, by: str | None = None) -> list[LoggedEdit]:
    """Return the edits of a roster that the log knows, oldest first; of one person with ``by``."""
    query = select(LogEntry).where(
        LogEntry.target == f"roster:{roster_id}", LogEntry.action.in_(get_args(EditAction))
    )
    if by is not None:
        query = query.where(LogEntry.by == by)
    newest = session.scalars(query.order_by(LogEntry.id.desc()).limit(REMEMBERED)).all()
    return [_edit_of(entry) for entry in reversed(newest)]


def _edit_of(entry: LogEntry) -> LoggedEdit:
    before, after = _rows_logged(entry.before), _rows_logged(entry.after)
    return LoggedEdit(entry.id, entry.by, cast("EditAction", entry.action), before, after)


def _logged(rows: Sequence[RosterRow | None]) -> dict[str, Any] | None:
    """Return what the log keeps: the row itself, or several as a list."""
    told = [row.model_dump(mode="json") for row in rows if row is not None]
    if not told:
        return None
    return told[0] if len(told) == 1 else {"rows": told}


def _rows_logged(told: dict[str, Any] | None) -> tuple[RosterRow, ...]:
    if told is None:
        return ()
    return tuple(_ROW.validate_python(row) for row in told.get("rows", [told]))


def _replace(session: Session, draft: RosterRecord, edit: Edit, instance: Instance) -> None:
    before, after = edit
    old = _find(session, draft.id, before) if before else None
    if before and old is None:
        raise NotFoundError("no_row", " ".join(str(v) for v in identity(before).values() if v))
    if after is None:
        if old is not None:
            session.delete(old)
            session.flush()  # a later edit of the same step may add a row like it
        return
    check_month(draft.month, [after])
    if after != before and _find(session, draft.id, after) is not None:
        raise StoreError(issue("row_exists"))
    kept = old or AssignmentRow(roster=draft.id)
    for name, value in columns(instance, after).items():
        setattr(kept, name, value)
    session.add(kept)


def _find(session: Session, roster_id: int, row: RosterRow) -> AssignmentRow | None:
    same = [getattr(AssignmentRow, name) == value for name, value in identity(row).items()]
    query = select(AssignmentRow).where(AssignmentRow.roster == roster_id, *same)
    return session.scalars(query.limit(1)).first()
