"""The internal list of duties, and what is said of the days of a month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from api.documents.lines import VACANT, DayMark, DutyLine, PersonCard, PlaceCard
from api.documents.printed_sheet import Audience, Cell, RowKind, Sheet, SheetColumn, SheetRow
from api.documents.view import View
from models.calendar import LAST_DAYS, Calendar

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


def internal_sheet(view: View) -> Sheet:
    """Return 内部值班表: with mobile numbers, standby, mode and remote sites."""
    return Sheet(
        name="内部值班表",
        heading=f"{view.title}内部值班表（{view.month_label}）",
        note=days_note(view),
        columns=INTERNAL_COLUMNS,
        lines=_by_site(view, _internal_rows, len(INTERNAL_COLUMNS)),
        audience=Audience.INTERNAL,
        empty="本次未排值班",
    )


def days_note(view: View) -> str:
    """Name the special days of the month, and say when they are not official yet."""
    parts = [_days_text("放假", (d for d in view.days if d.note and not d.is_workday))]
    parts.append(_days_text("调休上班", (d for d in view.days if d.note and d.is_workday)))
    if view.report.estimated_days:
        parts.append("本月工作日为推算，以国务院办公厅通知为准")
    elif Calendar(view.instance.days).last_days_open(view.month):
        year, first = view.days[0].date.year + 1, view.days[-LAST_DAYS].date.day
        parts.append(f"12月{first}日起以{year}年放假通知为准")
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
        lines.append(SheetRow(band, kind=RowKind.BAND, starts_page=bool(lines)))
        for _, slots in groupby(duties, key=lambda duty: duty.day.date):
            cells = [row for slot in slots for row in rows(slot)]
            lines += [SheetRow(row, starts_group=n == 0) for n, row in enumerate(cells)]
    return tuple(lines)


def _band(site: PlaceCard) -> str:
    return f"{site.name}　公开电话：{site.phone}" if site.phone else site.name


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
