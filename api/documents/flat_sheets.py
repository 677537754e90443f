"""The five tables of a roster that people edit, and the hidden sheet with the plan as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from api.documents.lines import WEEKDAYS
from api.documents.printed_sheet import Audience, Cell, Sheet, SheetColumn, SheetRow
from api.documents.view import View
from models.formats.edited_sheets import (
    HOURS,
    NAMED,
    ORIGINAL,
    TOWNSHIP,
    WEEKDAY,
    RosterNames,
    original_rows,
)
from models.formats.intake.cells import encode
from models.formats.intake.tables import Column, Table, roster_tables, table_of
from models.roster import NAMING_SHEET, Duty, FirmNaming
from models.rows import Row

_ORDER = {
    "advisers": (TOWNSHIP, "村居", "法律顾问", "village", "person"),
    "mediators": ("站点", "调解员", "site", "person"),
    "duties": (
        *("date", WEEKDAY, "part", HOURS, "值班地点", "值班岗位"),
        *("值班人员", "standby", "post", "person", "firm"),
    ),
    "visits": (
        *("date", WEEKDAY, "part", TOWNSHIP, "村居", "法律顾问"),
        *("start", "lecture", "village", "person"),
    ),
    "stations": (TOWNSHIP, "村居", "固定站", "village", "host"),
}
"""The columns of each table from left to right: a field, or what is shown beside the codes."""
_WIDTHS = {
    "值班地点": 32.0, "村居": 20.0, "固定站": 20.0, "站点": 32.0, HOURS: 15.0, WEEKDAY: 8.0,
    "standby": 7.0, "lecture": 7.0, "part": 7.0,
}  # fmt: skip
_WIDTH = 14.0


def flat_sheets(view: View) -> Iterator[Sheet]:
    """Yield 顾问安排, 调解员安排, 值班安排, 走访安排 and 站点安排, headers in the first row."""
    shown = _shown(view)
    for table in roster_tables():
        order = _ORDER[table.name]
        rows = getattr(view.roster, table.name)
        yield Sheet(
            name=table.title,
            columns=tuple(_column(table, name) for name in order),
            lines=tuple(
                SheetRow(tuple(_cell(table, name, row, shown) for name in order)) for row in rows
            ),
            audience=Audience.EDIT,
            empty="",
        )


def naming_sheets(view: View) -> Iterator[Sheet]:
    """Yield 机构派人 if slots wait for a firm to name somebody; read back by ``zhiban name``."""
    rows = [_naming(view, duty) for duty in view.roster.duties if duty.firm]
    if rows:
        yield _flat_sheet(table_of("names", NAMING_SHEET, FirmNaming), rows)


def _naming(view: View, duty: Duty) -> FirmNaming:
    line = next(x for x in view.duties if x.slot == duty.slot and not x.remote_from)
    firm = view.target(duty.firm or "")
    return FirmNaming(
        post=duty.post,
        date=duty.date,
        part=duty.part,
        firm=duty.firm or "",
        deadline=view.report.named_until(duty.post, duty.date),
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


def original_sheet(view: View) -> Sheet:
    """Return the hidden sheet that an update compares with."""
    return Sheet(
        name=ORIGINAL,
        columns=(SheetColumn("month", 12), SheetColumn(view.roster.month, 60)),
        lines=tuple(SheetRow(row) for row in list(original_rows(view.roster))[1:]),
        audience=Audience.HIDDEN,
        empty="",
    )


def _column(table: Table, name: str) -> SheetColumn:
    width = _WIDTHS.get(name, _WIDTH)
    column = table.by_field.get(name)
    if column is not None:
        return SheetColumn(column.title, width)
    return SheetColumn(name, width, is_shaded=name in {TOWNSHIP, WEEKDAY, HOURS})


def _cell(table: Table, name: str, row: Any, shown: dict[str, Callable[[Any], str]]) -> Cell:
    column: Column | None = table.by_field.get(name)
    if column is not None:
        return cast("Cell", encode(column, getattr(row, name)))
    if name in shown:
        return shown[name](row)
    named, place = next(
        (one, one.titles.index(name)) for one in NAMED[table.name] if name in one.titles
    )
    return shown[named.field](row).split("\n")[place]


def _shown(view: View) -> dict[str, Callable[[Any], str]]:
    """Return what stands beside the codes of a row, by column or by field of the code."""
    names, hours = RosterNames(view.instance), {line.slot: line.hours for line in view.duties}
    township = {village.id: village.township for village in view.villages}

    def words(field: str) -> Callable[[Any], str]:
        return lambda row: "\n".join(
            names.of(field, getattr(row, field) or "") or (getattr(row, field) or "", "")
        )

    return {field: words(field) for field in ("person", "village", "host", "site", "post")} | {
        WEEKDAY: lambda row: f"星期{WEEKDAYS[row.date.weekday()]}",
        HOURS: lambda row: hours.get(row.slot, ""),
        TOWNSHIP: lambda row: township.get(row.village, ""),
    }
