"""The update action: a plan edited by hand is checked, and every result follows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from api.actions.planning import county_cells, rules_of
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.roster import Duty, Roster

if TYPE_CHECKING:
    from models.instance import Instance
    from models.report import DifferenceRow, Report

ROSTER, PUBLIC = "roster.json", "public.xlsx"
CALENDARS = "calendars"


class Updated(NamedTuple):
    """A plan after an update: its check, what changed, hard breaches that are new, and remarks."""

    report: Report
    changes: tuple[DifferenceRow, ...]
    sentences: tuple[str, ...]
    new_breaches: int
    remarks: tuple[Issue, ...]


def update_month(
    instance: Instance, file: Path, out: Path, at: dt.datetime, before: Path | None = None
) -> Updated:
    """Check an edited roster and write every result anew; calendars carry on from those beside it.

    Parameters
    ----------
    instance
        What the plan is checked by.
    file
        The edited workbook, a folder of CSV files or a roster.json.
    out
        Folder of the results.
    at
        Aware time of the change, written into the calendars.
    before
        The plan before the edit; by default the one the workbook was written with, else the
        ``roster.json`` beside it.

    Raises
    ------
    InputError
        With every issue of the file.
    """
    from api.documents.paper.printed_edits import printed_edits
    from models.formats.roster_table import read_edited, read_roster

    edited = read_edited(file, instance)
    old = read_roster(before, instance) if before else edited.before
    beside = file.parent / ROSTER
    if old is None and beside != file and beside.is_file():
        old = read_roster(beside, instance)
    known = old or edited.roster
    remarks = printed_edits(instance, known, edited.printed, file.parent / PUBLIC, old is not None)
    if old is None:
        remarks = (issue("plan_before_unknown", value=file), *remarks)
    earlier = calendars_in(file.parent)
    return write_changed(instance, known, edited.roster, out, at, earlier, remarks)


def write_changed(
    instance: Instance,
    before: Roster,
    after: Roster,
    out: Path,
    at: dt.datetime,
    earlier: Mapping[str, bytes],
    remarks: tuple[Issue, ...] = (),
) -> Updated:
    """Check a changed plan and write every result; ``earlier`` are the calendars people have, by name."""
    from api.documents.result_files import write_results
    from api.documents.sentences import difference_words
    from api.documents.view import build_view
    from solver.changes.roster_changes import differences
    from solver.verify import verify

    rules = rules_of(instance)
    after = after.model_copy(update={"instance": instance.content_hash})
    changes = tuple(differences(before, after))
    known = set(verify(instance, rules, before).hard)
    report = verify(instance, rules, after).model_copy(update={"differences": changes})
    view = build_view(instance, after, report)
    write_results(
        instance,
        after,
        report,
        out,
        at,
        background=county_cells(instance),
        earlier=earlier or calendars_of(instance, before),
    )
    sentences = tuple(difference_words(view, row) for row in changes)
    return Updated(report, changes, sentences, len(set(report.hard) - known), remarks)


def calendars_in(folder: Path) -> dict[str, bytes]:
    """Return the calendars that an earlier run wrote into a folder, by file name."""
    return {path.name: path.read_bytes() for path in sorted((folder / CALENDARS).glob("*.ics"))}


def calendars_of(instance: Instance, roster: Roster) -> dict[str, bytes]:
    """Return the calendars of a plan as they were first written, by file name."""
    from api.actions.planning import revision_time
    from api.documents.calendars import CalendarWriters
    from api.documents.view import build_view
    from models.report import Report, Status

    report = Report(status=Status.CHECKED, month=roster.month)
    view = build_view(instance, roster, report)
    with CalendarWriters(view, revision_time(roster.month)) as calendars:
        return {path.name: content for path, content in calendars}


def swapped(roster: Roster, given: Duty, to: str, in_return: Duty | None = None) -> Roster:
    """Return the roster in which ``to`` holds a duty, and its holder the one given in return."""
    new = {given: given.model_copy(update={"person": to})}
    if in_return is not None:
        new[in_return] = in_return.model_copy(update={"person": given.person})
    duties = tuple(new.get(duty, duty) for duty in roster.duties)
    return roster.model_copy(update={"duties": duties})


def duty_on(roster: Roster, person: str, slot: str, option: str) -> Duty:
    """Return the duty or standby of a person on a slot.

    Raises
    ------
    InputError
        When the person is not on it.
    """
    mine = [duty for duty in roster.duties if (duty.slot, duty.person) == (slot, person)]
    if not mine:
        raise InputError([issue("not_on_slot", Spot(cell=option), slot, person=person)])
    return min(mine, key=lambda duty: duty.standby)
