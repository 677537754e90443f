"""From one month to the next: what commands and pages do with the office's year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from api.actions.planning import check_new, check_new_workbook
from models.attendance import Presence
from models.formats.write import write_csv_folder, write_json, write_workbook
from models.instance import Instance
from models.roster import Roster
from solver.year.appointments import appointments
from solver.year.attendance_file import check_complete, read_attendance, write_attendance
from solver.year.attended import Attended, attended
from solver.year.following import Following, following

ROSTER = "roster.json"


def roster_file(results: Path) -> Path:
    """Return the roster of a results folder; a file, or a folder of CSV files, is one itself."""
    inside = results / ROSTER
    return inside if inside.is_file() else results


def closed(sheet: Path | None, instance: Instance, roster: Roster) -> tuple[Attended, ...] | None:
    """Return what was held in a month, by a sheet that is complete; None without a sheet.

    Raises
    ------
    InputError
        With every issue of the sheet, or when rows are not filled in.
    """
    if sheet is None:
        return None
    planned = appointments(instance, roster)
    happened = read_attendance(sheet, instance, roster)
    check_complete(planned, happened)
    return attended(planned, happened.attendance)


def attendance_sheet(instance: Instance, roster: Roster, out: Path, *, held: bool) -> int:
    """Write the attendance sheet of a month; return its rows.

    Raises
    ------
    InputError
        When there is something of this name, or it is no workbook's.
    """
    check_new_workbook(out)
    return write_attendance(instance, roster, out, Presence.HELD if held else None)


def summed(instance: Instance, roster: Roster, sheet: Path) -> dict[str, float]:
    """Return the figures of an attendance sheet by name.

    Raises
    ------
    InputError
        With every issue of the sheet.
    """
    happened = read_attendance(sheet, instance, roster)
    done = attended(appointments(instance, roster), happened.attendance)
    count = Counter(thing.presence for thing in done)
    return {
        "planned": len(done),
        "unreported": count[None],
        **{presence.value: count[presence] for presence in Presence},
        "substituted": sum(
            thing.is_held and thing.server != thing.planned.person for thing in done
        ),
        "missed": sum(thing.is_missed for thing in done),
        "hours": round(sum(thing.hours for thing in done), 2),
        "people": sum(thing.people for thing in done),
        "work": sum(row.count for row in happened.work),
    }


SUMS = {
    "planned": "计划",
    "unreported": "未填报",
    **{presence.value: presence.label for presence in Presence},
    "substituted": "有人替班",
    "missed": "无故缺勤且无人替班",
    "hours": "实际小时",
    "people": "服务人次",
    "work": "其他工作件数",
}
"""Chinese names of the figures."""


def next_input(
    instance: Instance,
    roster: Roster,
    out: Path,
    done: Sequence[Attended] | None = None,
    *,
    keep_seats: bool = True,
) -> Following:
    """Write next month's input to ``out``, in the form that its suffix names.

    Raises
    ------
    InputError
        When there is something of this name.
    """
    check_new(out)
    made = following(instance, roster, done, keep_seats=keep_seats)
    writers = {".xlsx": write_workbook, ".json": write_json}
    writers.get(out.suffix.lower(), write_csv_folder)(made.instance, out)
    return made
