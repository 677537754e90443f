"""The naming action: names of firms go into a roster, and every result is written anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from api.actions.planning import rules_of
from api.actions.updating import write_changed
from models.formats.intake.tables import roster_tables, table_of
from models.formats.read import read_book
from models.formats.roster_table import RESULT_SHEETS
from models.issues import InputError
from models.roster import NAMING_SHEET, FirmNaming

if TYPE_CHECKING:
    from models.instance import Instance
    from models.report import Report
    from models.roster import Roster


def read_names(path: Path) -> tuple[FirmNaming, ...]:
    """Read the sheet 机构派人 of a workbook, a CSV folder or a JSON document.

    Raises
    ------
    InputError
        With every issue found.
    """
    table = table_of("names", NAMING_SHEET, FirmNaming)
    passed_over = RESULT_SHEETS | {flat.title for flat in roster_tables()}
    book, _ = read_book(path, (table,), passed_over - {NAMING_SHEET})
    if book.issues:
        raise InputError(book.issues)
    return tuple(d.row for d in book.rows(table.name) if isinstance(d.row, FirmNaming))


def name_people(
    instance: Instance,
    roster: Roster,
    names: Path | None,
    out: Path,
    earlier: Mapping[str, bytes],
    at: dt.datetime,
    *,
    by_office: bool,
) -> Report:
    """Enter the names, check the whole independently and write all results into ``out``.

    Calendars carry on from ``earlier`` ones, by file name; ``at`` is the time of the change.
    """
    from solver.changes.naming import named_by_office, with_names

    named = roster
    if names is not None:
        named = with_names(instance, rules_of(instance), named, read_names(names))
    if by_office:
        named = named_by_office(named)
    return write_changed(instance, roster, named, out, at, earlier).report
