"""The report of a month: read from inputs, results and attendance, written as three documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.actions.months import roster_file
from models.calendar import month_days
from models.formats.containers.whole_files import replacing, write_text
from models.formats.read import read_instance
from models.formats.roster_table import read_roster
from models.issues import InputError, Issue
from models.messages import issue
from solver.profiles import load_reporting
from solver.profiles.reporting import Reporting
from solver.year.attendance_file import read_attendance
from solver.year.counts import MonthOfOffice
from solver.year.month_report import AreaTree, MonthReport, month_report
from solver.year.yearly_targets import TargetRow, profile_targets, read_targets

NAME = "month-report"
"""File name of a report without its suffix; a plan's own report is report.json."""
NONE = "-"
"""In place of an attendance sheet: there is none."""


@dataclass(frozen=True)
class ReportOrder:
    """What is to be reported: inputs with their results and attendance, in the same order."""

    inputs: Sequence[Path]
    results: Sequence[Path]
    attendance: Sequence[Path] = ()
    month: str | None = None
    cutoff: int | None = None
    targets: Path | None = None
    by_population: bool = False


def report(order: ReportOrder, out: Path) -> MonthReport:
    """Write the report as JSON, workbook and page into ``out``; return it.

    Raises
    ------
    InputError
        With every issue of the inputs; nothing is written.
    """
    # late: xlsxwriter and jinja2 are only needed when something is written
    from api.documents.year.report_page import render_report_page
    from api.documents.year.report_sheets import render_report

    offices = _offices(order)
    month = order.month or max(office.month for office in offices)
    now = [office for office in offices if office.month == month] or offices[:1]
    reporting = _reporting(now)
    last = month_days(month)[-1]
    cutoff = last.replace(day=min(last.day, order.cutoff or reporting.cutoff_day))
    targets = _targets(order, now, reporting, cutoff)
    made = month_report(
        offices, month, cutoff, reporting, targets, by_population=order.by_population
    )
    sheets, page = render_report(made, reporting), render_report_page(made)
    write_text(out / f"{NAME}.json", made.model_dump_json(indent=1) + "\n")
    write_text(out / f"{NAME}.html", page)
    with replacing(out / f"{NAME}.xlsx") as temporary:
        temporary.write_bytes(sheets)
    return made


def _reporting(now: Sequence[MonthOfOffice]) -> Reporting:
    first = now[0].instance
    return load_reporting(first.settings.profile, first.rules)


def _targets(
    order: ReportOrder, now: Sequence[MonthOfOffice], reporting: Reporting, cutoff: dt.date
) -> tuple[TargetRow, ...]:
    """Return the office's sheet of targets, else the profile's volumes."""
    if order.targets is None:
        return profile_targets(reporting, cutoff.year)
    return read_targets(order.targets, AreaTree(office.instance for office in now).below)


def _offices(order: ReportOrder) -> list[MonthOfOffice]:
    """Read every month of every office; what is wrong with any of them is told together."""
    sheets = order.attendance or [Path(NONE)] * len(order.inputs)
    if not len(order.inputs) == len(order.results) == len(sheets):
        inputs, results = len(order.inputs), len(order.results)
        count = len(order.attendance)
        raise InputError([issue("report_pairs", inputs=inputs, results=results, sheets=count)])
    found: list[MonthOfOffice] = []
    issues: list[Issue] = []
    for file, folder, sheet in zip(order.inputs, order.results, sheets, strict=True):
        try:
            found += list(_office(file, folder, sheet))
        except InputError as error:
            issues += error.issues
    if issues:
        raise InputError(issues)
    return found


def _office(file: Path, results: Path, sheet: Path) -> Iterator[MonthOfOffice]:
    instance = read_instance(file)
    roster = read_roster(roster_file(results), instance)
    is_told = str(sheet) != NONE
    happened = read_attendance(sheet, instance, roster) if is_told else None
    yield MonthOfOffice(instance, roster, happened)
