"""Close a month: its published roster, as it was held, becomes the history of the next month's data."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.office.areas import Data
from api.office.context import Service
from api.office.data.data_changes import Changed, document_of, keep_data
from models.attendance import AttendanceRow, Happened
from models.formats.containers.whole_files import write_text
from models.formats.roster_table import check_rows
from models.issues import InputError, Sentence
from models.messages import Spot, issue
from models.roster import Roster
from models.rows import Month, Why
from models.store.plans.roster_queries import get_roster, published_roster
from solver.year.appointments import appointments
from solver.year.attendance_file import check_complete, read_attendance
from solver.year.attended import Attended, attended
from solver.year.following import following

MOST_ROWS = 20_000


class MonthClosing(BaseModel):
    """What is said when a month is closed."""

    model_config = ConfigDict(extra="forbid")

    month: Month
    attendance: Annotated[tuple[AttendanceRow, ...], Field(max_length=MOST_ROWS)] | None = Field(
        None,
        description="出勤，每件一行；不给则按发布的排班全部到岗 "
        "what became of everything planned; all is taken as held if not given",
    )
    fresh: bool = Field(
        False, description="席位不固定，可重新安排 advisers may change; else they are kept"
    )
    why: Why = ""


class ClosedMonth(Changed):
    """The data of the month that is open now, and what went into them."""

    month: str
    carried: tuple[Sentence, ...]
    dropped: tuple[Sentence, ...]


def close_month(
    service: Service, data: Data, closing: MonthClosing, *, by: str, revision: int
) -> ClosedMonth:
    """Let the area work with the month after ``closing.month``.

    The data before stay as they are: to open a month again, put them to use again.

    Raises
    ------
    InputError
        The data are of another month, nothing is published, or attendance has issues.
    StaleError
        The data are not at ``revision`` any more.
    """
    month = closing.month
    if data.instance.settings.month != month:
        told = issue(
            "month_not_open", Spot(cell="$.month"), month, month=data.instance.settings.month
        )
        raise InputError([told])
    roster = _published(service, data, month)
    done = _done(data, roster, closing)
    made = following(data.instance, roster, done, keep_seats=not closing.fresh)
    why = closing.why or f"close {month}"
    document = document_of(made.instance)
    changed = keep_data(service, data, document, by=by, revision=revision, why=why)
    return ClosedMonth(
        revision=changed.revision,
        instance=changed.instance,
        month=made.instance.settings.month,
        carried=made.carried,
        dropped=made.dropped,
    )


def _published(service: Service, data: Data, month: str) -> Roster:
    """Return the published roster of a month, which has to suit the data."""
    with service.store.read() as session:
        record = published_roster(session, data.area, month)
        roster = get_roster(session, record.id) if record is not None else None
    if roster is None:
        raise InputError([issue("month_not_published", Spot(cell="$.month"), month, month=month)])
    check_rows(roster, data.instance)
    return roster


def _done(data: Data, roster: Roster, closing: MonthClosing) -> tuple[Attended, ...] | None:
    """Return what was held, read and checked as a sheet is."""
    if closing.attendance is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "attendance.json")
        write_text(file, Happened(attendance=closing.attendance).model_dump_json())
        happened = read_attendance(file, data.instance, roster)
    planned = appointments(data.instance, roster)
    check_complete(planned, happened)
    return attended(planned, happened.attendance)
