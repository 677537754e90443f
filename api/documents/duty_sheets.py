"""Sheets of duties: the public notice, the internal list, the month grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from api.documents.lines import (
    TO_BE_NAMED,
    VACANT,
    WEEKDAYS,
    DayMark,
    DutyLine,
    PersonCard,
    PlaceCard,
)
from api.documents.printed_sheet import Audience, Cell, Paper, Sheet, SheetColumn, SheetRow, breadth
from api.documents.view import View

PUBLIC_COLUMNS = (
    SheetColumn("日期", 11),
    SheetColumn("星期", 9),
    SheetColumn("时段", 22),
    SheetColumn("值班地点", 37, is_left=True),
    SheetColumn("值班岗位", 15),
    SheetColumn("值班人员", 12),
    SheetColumn("执业机构", 33, is_left=True),
    SheetColumn("联系电话", 18),
    SheetColumn("备注", 14, is_left=True),
)
INTERNAL_COLUMNS = (
    SheetColumn("日期", 9, "Date"),
    SheetColumn("星期", 8, "Day"),
    SheetColumn("时段", 20, "Time"),
    SheetColumn("值班地点", 30, "Site", is_left=True),
    SheetColumn("值班岗位", 16, "Post"),
    SheetColumn("方式", 7, "Mode"),
    SheetColumn("班次", 7, "Role"),
    SheetColumn("人员编号", 10, "Id"),
    SheetColumn("值班人员", 11, "Person"),
    SheetColumn("执业机构", 24, "Firm", is_left=True),
    SheetColumn("联系电话", 16, "Office phone"),
    SheetColumn("手机", 14, "Mobile"),
    SheetColumn("远程服务站点", 22, "Remote sites", is_left=True),
    SheetColumn("备注", 14, "Remark", is_left=True),
)
Rows = Callable[[DutyLine], Iterator[tuple[Cell, ...]]]


def public_sheet(view: View) -> Sheet:
    """Return 公示表: name, office and office phone only; every site starts a page."""
    return Sheet(
        name="公示表",
        heading=f"{view.title}公共法律服务值班表（{view.month_label}）",
        note=_note(view),
        columns=PUBLIC_COLUMNS,
        lines=_by_site(view, _public_rows, len(PUBLIC_COLUMNS)),
        audience=Audience.PUBLIC,
        font_size=12,
        empty="本次未排值班",
    )


def internal_sheet(view: View) -> Sheet:
    """Return 内部值班表: with mobile numbers, standby, mode and remote sites."""
    return Sheet(
        name="内部值班表",
        heading=f"{view.title}内部值班表（{view.month_label}）",
        note=_note(view),
        columns=INTERNAL_COLUMNS,
        lines=_by_site(view, _internal_rows, len(INTERNAL_COLUMNS)),
        audience=Audience.INTERNAL,
        empty="本次未排值班",
    )


def month_sheet(view: View) -> Sheet:
    """Return 月历: sites and posts down, days across, names in the cells."""
    used = {duty.day.date for duty in view.duties}
    names = (person.name for duty in view.duties for person in duty.holders)
    room = min(11.0, max(7.4, 1.6 + max(map(breadth, names), default=0)))
    days = tuple(_day_column(day, room if day.date in used else 3.4) for day in view.days)
    head = (
        SheetColumn("值班地点", 33, is_left=True),
        SheetColumn("岗位", 13),
        SheetColumn("时段", 6),
    )
    return Sheet(
        name="月历",
        heading=f"{view.title}值班月历（{view.month_label}）",
        note=_note(view),
        columns=head + days,
        lines=tuple(_grid_lines(view)),
        audience=Audience.PUBLIC,
        paper=Paper.A3_LANDSCAPE,
        frozen_columns=3,
        empty="本次未排值班",
    )


def _day_column(day: DayMark, width: float) -> SheetColumn:
    """Return the column of a day: 1 above 四."""
    title = f"{day.date.day}\n{WEEKDAYS[day.date.weekday()]}"
    return SheetColumn(title, width, is_shaded=not day.is_workday)


def _note(view: View) -> str:
    """Name the special days of the month, and say when they are not official yet."""
    parts = [_days_text("放假", (d for d in view.days if d.note and not d.is_workday))]
    parts.append(_days_text("调休上班", (d for d in view.days if d.note and d.is_workday)))
    if view.report.estimated_days:
        parts.append("本月工作日为推算，以国务院办公厅通知为准")
    parts.append(view.notice)
    return "　".join(part for part in parts if part)


def _days_text(label: str, days: Iterable[DayMark]) -> str:
    """放假：10月1日—7日国庆节."""
    runs: list[list[DayMark]] = []
    for day in days:
        last = runs[-1][-1] if runs else None
        joins = last and last.note == day.note and (day.date - last.date).days == 1
        if joins:
            runs[-1].append(day)
        else:
            runs.append([day])
    shown = "、".join(_run_text(run) for run in runs)
    return f"{label}：{shown}" if shown else ""


def _run_text(run: list[DayMark]) -> str:
    first, last = run[0], run[-1]
    until = f"—{last.date.day}日" if last is not first else ""
    name = "" if first.is_workday else first.note
    return f"{first.date.month}月{first.date.day}日{until}{name}"


def _by_site(view: View, rows: Rows, width: int) -> tuple[SheetRow, ...]:
    lines: list[SheetRow] = []
    for site, duties in groupby(view.duties, key=lambda duty: duty.site):
        band = (_band(site), *("",) * (width - 1))
        lines.append(SheetRow(band, is_band=True, starts_page=bool(lines)))
        for _, slots in groupby(duties, key=lambda duty: duty.day.date):
            cells = [row for slot in slots for row in rows(slot)]
            lines += [SheetRow(row, starts_group=n == 0) for n, row in enumerate(cells)]
    return tuple(lines)


def _band(site: PlaceCard) -> str:
    return f"{site.name}　公开电话：{site.phone}" if site.phone else site.name


def _public_rows(duty: DutyLine) -> Iterator[tuple[Cell, ...]]:
    when = (duty.day.date, duty.day.weekday, duty.when, duty.site.name, duty.post_name)
    for person in _seats(duty.holders, duty.vacant):
        if person is None:
            yield (*when, VACANT, "", duty.site.phone, duty.remark)
        else:
            yield (*when, person.name, person.firm, person.phone or duty.site.phone, duty.remark)


def _internal_rows(duty: DutyLine) -> Iterator[tuple[Cell, ...]]:
    when = (duty.day.date, duty.day.weekday, duty.when, duty.site.name, duty.post_name)
    serves = "、".join(duty.serves)
    groups = ((duty.holders, duty.vacant, "值班"), (duty.standbys, duty.standby_vacant, "备班"))
    for people, vacant, role in groups:
        for person in _seats(people, vacant):
            head = (*when, duty.mode.label, role)
            card = person or PersonCard("", VACANT)
            who = (card.id, card.name, card.firm, card.phone, card.mobile)
            yield (*head, *who, serves, duty.day.note)


def _seats(people: tuple[PersonCard, ...], vacant: int) -> tuple[PersonCard | None, ...]:
    return (*people, *(None,) * vacant)


def _grid_lines(view: View) -> Iterator[SheetRow]:
    for n, (site, duties) in enumerate(groupby(view.duties, key=lambda duty: duty.site)):
        rows: dict[tuple[str, str, str], dict[int, str]] = {}
        for duty in duties:
            row = rows.setdefault((duty.post, duty.post_name, duty.part.label), {})
            people = _seats(duty.holders, duty.vacant)
            names = [_short(person) for person in people]
            row[duty.day.date.day] = "\n".join(names)
        for place, ((_, post, part), cells) in enumerate(sorted(rows.items(), key=_grid_order)):
            days = (cells.get(day.date.day, "") for day in view.days)
            yield SheetRow((site.name, post, part, *days), starts_group=n > 0 and place == 0)


def _short(person: PersonCard | None) -> str:
    """Return the name for a cell of the month grid: of the firm where it is still to name somebody."""
    if person is None:
        return VACANT
    return f"{person.firm}（待派）" if person.name == TO_BE_NAMED else person.name


def _grid_order(item: tuple[tuple[str, str, str], object]) -> tuple[str, int]:
    (post, _, part), _ = item
    return post, ("上午", "下午", "夜间").index(part)
