"""The report of a month in the service: every office inside an area, the months of the year so far."""

from __future__ import annotations

from collections.abc import Iterator

from api.access.actions import Action
from api.access.policy import check
from api.access.roles import Actor
from api.office.areas import Data
from api.office.context import Service
from api.office.year.opening import data_for
from api.office.year.planned_months import published_records, read_month
from models.attendance import Happened
from models.calendar import month_days
from models.issues import InputError
from models.messages import Spot, issue
from models.store.plans.instances import areas_in_use
from models.store.year.held_rows import attendance_of
from models.store.year.work_records import work_records, work_row
from solver.profiles import load_reporting
from solver.profiles.reporting import Reporting
from solver.year.counts import MonthOfOffice
from solver.year.month_report import MonthReport, month_report
from solver.year.yearly_targets import profile_targets


def read_report(
    service: Service, actor: Actor, area: str, month: str, cutoff: int | None = None
) -> MonthReport:
    """Return the report of an area's month up to the day ``cutoff``, or that of the area's numbers.

    Raises
    ------
    DeniedError
        The area is not the actor's, or works with data that are not.
    InputError
        Nothing of the month is published.
    """
    return _made(service, actor, area, month, cutoff)[0]


def report_workbook(
    service: Service, actor: Actor, area: str, month: str, cutoff: int | None = None
) -> bytes:
    """Return the report as a workbook. Raises as ``read_report`` does."""
    from api.documents.year.report_sheets import render_report  # late: xlsxwriter

    return render_report(*_made(service, actor, area, month, cutoff))


def report_page(
    service: Service, actor: Actor, area: str, month: str, cutoff: int | None = None
) -> str:
    """Return the report as one printed page. Raises as ``read_report`` does."""
    from api.documents.year.report_page import render_report_page  # late: jinja2

    return render_report_page(_made(service, actor, area, month, cutoff)[0])


def _made(
    service: Service, actor: Actor, area: str, month: str, cutoff: int | None
) -> tuple[MonthReport, Reporting]:
    data = data_for(service, actor, area, Action.KPIS)
    owners = list(_owners(service, data, area))
    for owner in owners:
        check(actor, Action.KPIS, owner.place)
    offices = [one for owner in owners for one in _months(service, owner, month)]
    if not any(one.month == month for one in offices):
        raise InputError([issue("month_not_published", Spot(cell="$.month"), month, month=month)])
    instance = data.instance
    reporting = load_reporting(instance.settings.profile, instance.rules)
    days = month_days(month)
    last = days[min(cutoff or reporting.cutoff_day, len(days)) - 1]
    targets = profile_targets(reporting, last.year)
    return month_report(offices, month, last, reporting, targets), reporting


def _owners(service: Service, data: Data, area: str) -> Iterator[Data]:
    """Yield the data of all areas inside one; above them there are none but its own."""
    with service.store.read() as session:
        using = areas_in_use(session)
    inside = service.areas.inside(area)
    below = [code for code in using if code in inside and code != data.area]
    yield data
    for code in sorted(below):
        yield service.areas.data_at(code)


def _months(service: Service, data: Data, until: str) -> Iterator[MonthOfOffice]:
    """Yield the published months of the year up to one, each with what is reported of it."""
    names = [f"{until[:4]}-{number:02}" for number in range(1, int(until[5:]) + 1)]
    with service.store.read() as session:
        for name in names:
            if not published_records(service, session, data, name):
                continue
            planned = read_month(service, session, data, name)
            work = map(work_row, work_records(session, data.area, name))
            happened = Happened(
                attendance=attendance_of(session, data.area, name), work=tuple(work)
            )
            yield MonthOfOffice(planned.instance, planned.roster, happened)
