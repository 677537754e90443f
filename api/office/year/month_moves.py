"""An area's months in their order: the next one opened, a month closed, opened again.

The data move on when the next month is opened, or when the month is closed without that. Until it
is closed, what nobody reported counts as held; at closing everything must be reported.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.office.areas import Data
from api.office.conflicts import ConflictError
from api.office.context import Service
from api.office.data.data_changes import Changed
from api.office.year.attendance_reports import AttendanceRows
from api.office.year.carrying import Carried, carry_again, carry_on, done_so_far, held_rows
from api.office.year.month_money import settle
from api.office.year.planned_months import PlannedMonth, read_month
from models.attendance import Happened
from models.calendar import next_month
from models.issues import InputError, Sentence
from models.messages import Spot, issue
from models.rows import Month, Why
from models.store.database.clock import now
from models.store.database.log import record
from models.store.plans.roster_queries import rosters
from models.store.tables.year_tables import MonthRecord
from models.store.year.held_rows import attendance_of, keep_attendance
from models.store.year.month_records import hold_months, month_record, months_of, reopen_from
from solver.year.attendance_file import check_complete, checked_attendance


class MonthOpening(BaseModel):
    """The month after which the next one is opened."""

    model_config = ConfigDict(extra="forbid")

    month: Month
    fresh: bool = Field(
        False, description="席位不固定，可重新安排 advisers may change; else they are kept"
    )
    why: Why = ""


class MonthClosing(MonthOpening):
    """What is said when a month is closed."""

    attendance: AttendanceRows | None = Field(
        None,
        description="补报的出勤；一件也没有填报过的，不给则全部按到岗 "
        "what is not reported yet; all is taken as held where nothing was ever reported",
    )
    rest_held: bool = Field(False, description="未填报的按到岗 what nobody reported counts as held")


class OpenedMonth(Changed):
    """The data of the month that is worked with now, and what went into them."""

    month: str
    carried: tuple[Sentence, ...]
    dropped: tuple[Sentence, ...]


class ReopenedMonth(BaseModel):
    """A month that was opened again, and the rosters of later months, which stay as they are."""

    month: str
    rosters: list[int] = Field(description="以后月份的排班 rosters of later months")


def open_next_month(
    service: Service, data: Data, opening: MonthOpening, *, by: str, revision: int
) -> OpenedMonth:
    """Let the area plan the month after ``opening.month``, which goes on and is closed later.

    Raises
    ------
    InputError
        The data are of another month, or nothing of it is published.
    StaleError
        The data are not at ``revision`` any more.
    """
    month = opening.month
    with service.store.begin() as session:
        hold_months(session, data.area)
        _check_month(data, month)
        planned = read_month(service, session, data, month)
        done = done_so_far(session, planned, rest_held=True)
        carried = carry_on(
            session,
            planned,
            done,
            keep_seats=not opening.fresh,
            revision=revision,
            by=by,
            why=opening.why or f"open {next_month(month)}",
        )
        _tell(session, "open_month", data, next_month(month), by, opening.why)
    return _opened(carried)


def close_month(
    service: Service, data: Data, closing: MonthClosing, *, by: str, revision: int
) -> OpenedMonth:
    """Close a month: what was held is settled, paid and remembered; the next one is worked with.

    Raises
    ------
    InputError
        The month is not open, nothing is published, rows are missing or have issues.
    StaleError
        The data are not at ``revision`` any more.
    """
    month = closing.month
    with service.store.begin() as session:
        hold_months(session, data.area)
        known = month_record(session, data.area, month)
        is_opened = known is not None and known.closed_at is None and _is_past(data, month)
        if not is_opened:
            _check_month(data, month)
        _check_earlier(session, data, month)
        planned = read_month(service, session, data, month)
        _complete(session, planned, closing, by)
        carried = _carried(session, planned, known if is_opened else None, (closing, by, revision))
        settle(service, session, planned, carried.record)
        carried.record.closed_at, carried.record.closed_by = now(), by
        _tell(session, "close_month", data, month, by, closing.why)
    return _opened(carried)


def reopen_month(service: Service, data: Data, month: str, *, by: str, why: str) -> ReopenedMonth:
    """Open the month that was closed last again; the data and what is planned by now stay.

    Attendance may be reported and the roster published again; closing it again carries what came out
    differently into the data of by then, and states anew what is paid.

    Raises
    ------
    ConflictError
        It is not closed, or a later month is: that one is opened first.
    """
    with service.store.begin() as session:
        hold_months(session, data.area)
        closed = [row.month for row in months_of(session, data.area) if row.closed_at]
        if month not in closed:
            raise ConflictError(issue("month_not_closed", value=month, month=month))
        if month != closed[-1]:
            told = issue("month_closed_later", value=month, month=month, later=closed[-1])
            raise ConflictError(told)
        reopen_from(session, data.area, month, by=by, why=why)
        page = rosters(session, areas=[data.area], month=next_month(month), limit=500)
        later = sorted(row.id for row in page.rows)
    return ReopenedMonth(month=month, rosters=later)


def _check_month(data: Data, month: str) -> None:
    now_month = data.instance.settings.month
    if now_month != month:
        told = issue("month_not_open", Spot(cell="$.month"), month, month=now_month)
        raise InputError([told])


def _is_past(data: Data, month: str) -> bool:
    return data.instance.settings.month > month


def _check_earlier(session: Session, data: Data, month: str) -> None:
    """Let months be closed in their order."""
    for row in months_of(session, data.area):
        if row.month < month and row.closed_at is None:
            told = issue("month_earlier_open", Spot(cell="$.month"), month, earlier=row.month)
            raise InputError([told])


def _complete(session: Session, planned: PlannedMonth, closing: MonthClosing, by: str) -> None:
    """Keep what is reported with the closing, and ensure that nothing is missing."""
    known = attendance_of(session, planned.area, planned.month)
    new = closing.attendance or ()
    checked = checked_attendance(
        Happened(attendance=new), planned.instance, planned.month, planned.planned
    ).attendance
    ids = {row.id for row in checked}
    whole = (*checked, *(row for row in known if row.id not in ids))
    if closing.rest_held or (closing.attendance is None and not known):
        checked += held_rows(planned, whole)
        whole += held_rows(planned, whole)
    check_complete(planned.planned.values(), Happened(attendance=whole))
    keep_attendance(
        session, planned.area, planned.month, checked, planned.people, by=by, why=closing.why
    )


def _carried(
    session: Session,
    planned: PlannedMonth,
    opened: MonthRecord | None,
    said: tuple[MonthClosing, str, int],
) -> Carried:
    """Carry what was held into the data: of the month that was opened before, or of the next one."""
    closing, by, revision = said
    done = done_so_far(session, planned)
    why = closing.why or f"close {closing.month}"
    if opened is not None:
        return carry_again(session, planned, opened, done, revision=revision, by=by, why=why)
    return carry_on(
        session, planned, done, keep_seats=not closing.fresh, revision=revision, by=by, why=why
    )


def _tell(session: Session, action: str, data: Data, month: str, by: str, why: str) -> None:
    record(session, action, f"area:{data.area}", by=by, why=why, after={"month": month})


def _opened(carried: Carried) -> OpenedMonth:
    return OpenedMonth(
        revision=carried.revision,
        instance=carried.instance,
        month=next_month(carried.record.month),
        carried=carried.made.carried,
        dropped=carried.made.dropped,
    )
