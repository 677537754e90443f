"""From one month to the next: what commands and pages do with the office's year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.actions.planning import check_new
from models.formats.write import write_csv_folder, write_json, write_workbook
from models.instance import Instance
from models.roster import Roster
from solver.year.attended import Attended
from solver.year.following import Following, following

ROSTER = "roster.json"


def roster_file(results: Path) -> Path:
    """Return the roster of a results folder; a file, or a folder of CSV files, is one itself."""
    inside = results / ROSTER
    return inside if inside.is_file() else results


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
