"""The absence action: parse the options, repair the month, write every result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from api.actions.planning import RESULTS, check_apart, check_folder, county_cells, rules_of
from models.calendar import ZONE, month_days
from models.formats.intake.cell_problem import CellError
from models.formats.intake.moments import parse_date
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.vocabulary import Part

if TYPE_CHECKING:
    from models.instance import Instance
    from models.report import Report
    from models.roster import Roster
    from solver.changes.absence import Absence
    from solver.changes.repair import Repaired

INPUT = "input.xlsx"
"""The input with the leave, written beside the results."""


def check_places(file: Path, roster: Path, out: Path) -> None:
    """Ensure that the results can be written without overwriting input or published roster.

    Raises
    ------
    InputError
        When one of them lies in ``out`` under the name of a result.
    OSError
        ``out`` is no folder, or may not be written.
    """
    check_folder(out)
    for path in (file, roster):
        check_apart(path, out, RESULTS | {INPUT})


def absence_of(
    instance: Instance, month: str, person: str, dates: tuple[str, str | None], part: str | None
) -> Absence:
    """Return the absence that the options name; ``dates`` are first and last day.

    Raises
    ------
    InputError
        With an Issue for an unknown person, each unreadable date or part, and an absence that
        ends before it begins or touches neither the month nor the day its last night ends.
    """
    from solver.changes.absence import Absence

    issues = [] if person in instance.person_by_id else [issue("unknown_person", value=person)]
    first, last = dates
    begin = _date("--from", first, issues)
    end = begin if last is None else _date("--to", last, issues)
    meant = _part(part, issues)
    if begin and end and (fault := absence_outside(month, begin, end, Spot(cell="--from"))):
        issues.append(fault)
    if issues or begin is None or end is None:
        raise InputError(issues)
    return Absence(person, begin, end, meant)


def today_of(option: str | None, absence: Absence) -> dt.date:
    """Return the first day that can still change: as given, else today.

    A request for a substitute concerns days that can still be served, so the default is never later
    than the first day of the absence.

    Raises
    ------
    InputError
        When the option cannot be read.
    """
    if option is None:
        return min(dt.datetime.now(ZONE).date(), absence.first)
    issues: list[Issue] = []
    given = _date("--today", option, issues)
    if given is None:
        raise InputError(issues)
    return given


def repair_month(
    instance: Instance,
    roster: Roster,
    absence: Absence,
    out: Path,
    today: dt.date,
    earlier: Mapping[str, bytes],
    at: dt.datetime,
) -> tuple[Repaired, Report]:
    """Repair the roster, check the whole of it independently and write all results into ``out``.

    Calendars carry on from ``earlier`` ones, by file name; ``at`` is the time of the change.
    """
    from api.actions.updating import calendars_of
    from api.documents.result_files import write_results
    from models.formats.write import write_workbook
    from models.report import Status
    from solver.changes.repair import repair
    from solver.verify import verify

    rules = rules_of(instance)
    repaired = repair(instance, rules, roster, absence, today=today)
    named = {"instance": repaired.instance.content_hash}
    after = repaired.roster.model_copy(update=named)
    proven = all(goal.gap == 0 for goal in repaired.goals)
    said = {
        "status": Status.OPTIMAL if proven else Status.FEASIBLE,
        "goals": repaired.goals,
        "seconds": repaired.seconds,
        "differences": repaired.changes,
    }
    report = verify(repaired.instance, rules, after).model_copy(update=said)
    write_results(
        repaired.instance,
        after,
        report,
        out,
        at,
        background=county_cells(repaired.instance),
        earlier=earlier or calendars_of(instance, roster),
    )
    write_workbook(repaired.instance, out / INPUT)
    return repaired, report


def _date(option: str, text: str, issues: list[Issue]) -> dt.date | None:
    try:
        return parse_date(text)
    except CellError:
        spot = Spot(cell=option)
        issues.append(issue("bad_option", spot, text, option=option, example="2026-12-07"))
        return None


def _part(text: str | None, issues: list[Issue]) -> Part | None:
    if text is None:
        return None
    meant = [part for part in Part if text.strip().lower() in (part.value, part.label)]
    if not meant:
        issues.append(issue("option_part", Spot(cell="--part"), text))
    return meant[0] if meant else None


def absence_outside(month: str, first: dt.date, last: dt.date, spot: Spot) -> Issue | None:
    """Return the issue of an absence that touches neither a month nor the day its last night ends."""
    days = month_days(month)
    if first <= last and days[0] <= last and first <= days[-1] + dt.timedelta(days=1):
        return None
    return issue("absence_outside", spot, f"{first}..{last}", month=month)
