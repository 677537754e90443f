"""The five flat tables of a roster: edited by hand, read back by ``zhiban verify``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import cast

from api.documents.printed_sheet import Audience, Cell, Sheet, SheetColumn, SheetRow
from api.documents.view import View
from models.formats.intake.cells import encode
from models.formats.intake.tables import Table, roster_tables, table_of
from models.roster import NAMING_SHEET, Duty, FirmNaming, Roster
from models.rows import Row

_WIDTH = 18


def flat_sheets(roster: Roster) -> Iterator[Sheet]:
    """Yield 顾问安排, 调解员安排, 值班安排, 走访安排 and 站点安排, headers in the first row."""
    for table in roster_tables():
        yield _flat_sheet(table, getattr(roster, table.name))


def naming_sheets(view: View) -> Iterator[Sheet]:
    """Yield 机构派人 if slots wait for a firm to name somebody; read back by ``zhiban name``."""
    rows = [_naming(view, duty) for duty in view.roster.duties if duty.firm]
    if rows:
        yield _flat_sheet(table_of("names", NAMING_SHEET, FirmNaming), rows)


def _naming(view: View, duty: Duty) -> FirmNaming:
    days = max((row.days_ahead for row in view.report.firm_shares), default=0)
    line = next(line for line in view.duties if line.slot == duty.slot)
    firm = view.target(duty.firm or "")
    return FirmNaming(
        post=duty.post,
        date=duty.date,
        part=duty.part,
        firm=duty.firm or "",
        deadline=duty.date - dt.timedelta(days=days),
        about=f"{line.site.name} {line.post_name} {line.when} {firm}",
        fallback=view.person(duty.person).name,
    )


def _flat_sheet(table: Table, rows: Iterable[Row]) -> Sheet:
    return Sheet(
        name=table.title,
        columns=tuple(SheetColumn(column.title, _WIDTH) for column in table.columns),
        lines=tuple(
            SheetRow(
                tuple(
                    cast("Cell", encode(column, getattr(row, column.field)))
                    for column in table.columns
                )
            )
            for row in rows
        ),
        audience=Audience.EDIT,
        empty="",
    )
