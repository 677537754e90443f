"""The five flat tables of a roster: edited by hand, read back by ``zhiban verify``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from api.documents.printed_sheet import Audience, Cell, Sheet, SheetColumn, SheetRow
from models.formats.intake.cells import encode
from models.formats.intake.tables import roster_tables
from models.roster import Roster

_WIDTH = 18


def flat_sheets(roster: Roster) -> Iterator[Sheet]:
    """Yield 顾问安排, 调解员安排, 值班安排, 走访安排 and 站点安排, headers in the first row."""
    for table in roster_tables():
        rows = getattr(roster, table.name)
        yield Sheet(
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
