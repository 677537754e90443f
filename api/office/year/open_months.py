"""The months an area works with: which are live, what is reported of them, and what is due when.

The data are of the month that is planned. Months before it stay open until they are closed.
"""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.office.areas import Data
from api.office.context import Service
from api.office.year.planned_months import published_records
from models.calendar import month_days
from models.instance import Instance
from models.store.tables.plan_tables import AssignmentRow
from models.store.tables.words import AssignmentKind
from models.store.tables.year_tables import AttendanceRecord
from models.store.year.month_records import month_record, months_of
from models.vocabulary import BilingualTerm
from solver.profiles import load_reporting


class MonthTask(BilingualTerm):
    """The one thing to do next for a month."""

    COLLECT = "collect", "征集请假和意愿", "Collect leave and wishes"
    PUBLISH = "publish", "排班并公示", "Plan and publish"
    AWAIT = "await", "等待本月开始", "Wait for the month to begin"
    REPORT_ATTENDANCE = "report_attendance", "填报出勤", "Enter attendance"
    HAND_IN = "hand_in", "报送月报", "Hand in the report"
    CLOSE = "close", "结转", "Close the month"
    NONE = "none", "已结转", "Closed"


class MonthDates(BaseModel):
    """When what is due for a month."""

    collect_until: dt.date = Field(description="征集截止")
    publish_by: dt.date = Field(description="公示日")
    report_by: dt.date = Field(description="上报日")


class OpenMonth(BaseModel):
    """A month that is planned, runs, or waits to be closed; ``due`` is what lies before tomorrow."""

    month: str
    dates: MonthDates
    is_published: bool
    is_next_opened: bool = Field(description="已开始下月 the next month is worked with")
    is_closed: bool
    planned: int = Field(description="全月应填报 things planned")
    due: int = Field(description="至今应填报 of them until today")
    reported: int = Field(description="已填报 reported")
    task: MonthTask
    task_zh: str
    task_en: str


def open_months(service: Service, data: Data, today: dt.date) -> list[OpenMonth]:
    """Return the month the data are of, and earlier ones that are not closed, the earliest first."""
    month = data.instance.settings.month
    with service.store.read() as session:
        names = [*waiting_months(session, data.area, month), month]
        return [_open_month(service, session, data, name, today) for name in names]


def waiting_months(session: Session, area: str, month: str) -> tuple[str, ...]:
    """Return the months before one after which the next was opened, and which are not closed."""
    known = months_of(session, area)
    return tuple(row.month for row in known if row.closed_at is None and row.month < month)


def month_dates(instance: Instance, month: str) -> MonthDates:
    """Return when what is due for a month; days that it lacks are its last."""
    first = month_days(month)[0]
    before = f"{first - dt.timedelta(days=1):%Y-%m}"
    reporting = load_reporting(instance.settings.profile, instance.rules)
    return MonthDates(
        collect_until=_day(before, instance.settings.collect_day),
        publish_by=_day(before, instance.settings.publish_day),
        report_by=_day(month, reporting.cutoff_day),
    )


def _day(month: str, number: int) -> dt.date:
    days = month_days(month)
    return days[min(number, len(days)) - 1]


def _open_month(
    service: Service, session: Session, data: Data, month: str, today: dt.date
) -> OpenMonth:
    record = month_record(session, data.area, month)
    published = [found.id for found in published_records(service, session, data, month)]
    dates = month_dates(data.instance, month)
    reported = _reported(session, data.area, month)
    due = _planned(session, published, today)
    closed = record is not None and record.closed_at is not None
    task = MonthTask.NONE if closed else _task(month, dates, bool(published), due > reported, today)
    return OpenMonth(
        month=month,
        dates=dates,
        is_published=bool(published),
        is_next_opened=record is not None and data.instance.settings.month > month,
        is_closed=closed,
        planned=_planned(session, published, month_days(month)[-1]),
        due=due,
        reported=reported,
        task=task,
        task_zh=task.label,
        task_en=task.label_en,
    )


def _task(
    month: str, dates: MonthDates, is_published: bool, lacks_reports: bool, today: dt.date
) -> MonthTask:
    days = month_days(month)
    if not is_published:
        return MonthTask.COLLECT if today <= dates.collect_until else MonthTask.PUBLISH
    if today < days[0]:
        return MonthTask.AWAIT
    if today <= days[-1]:
        return MonthTask.HAND_IN if today == dates.report_by else MonthTask.REPORT_ATTENDANCE
    return MonthTask.REPORT_ATTENDANCE if lacks_reports else MonthTask.CLOSE


def _planned(session: Session, rosters: list[int], until: dt.date) -> int:
    """Count what rosters ask for until a day, by their rows: a lecture is a thing of its own."""
    dated = select(func.count()).where(
        AssignmentRow.roster.in_(rosters),
        AssignmentRow.person.is_not(None),
        AssignmentRow.date <= until,
    )
    seats = select(func.count()).where(
        AssignmentRow.roster.in_(rosters), AssignmentRow.kind == AssignmentKind.MEDIATOR
    )
    lectures = dated.where(AssignmentRow.lecture.is_(True))
    return sum(session.scalar(query) or 0 for query in (dated, lectures, seats))


def _reported(session: Session, area: str, month: str) -> int:
    query = select(func.count()).where(
        AttendanceRecord.area == area, AttendanceRecord.month == month
    )
    return session.scalar(query) or 0
