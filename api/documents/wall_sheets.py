"""The public sheets of duties: 公示表, days down and places across, and 月历, a calendar for each place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from api.documents.duty_sheets import days_note
from api.documents.lines import WEEKDAYS, DayMark, DutyLine
from api.documents.printed_sheet import (
    Audience,
    Cell,
    Paper,
    RowKind,
    Sheet,
    SheetColumn,
    SheetRow,
    tight_height,
)
from api.documents.view import View
from api.documents.wall import (
    MOST_COLUMNS,
    WallBlock,
    firms_on_duty,
    hours_note,
    part_words,
    served_from_afar,
    shown_names,
    usual_hours,
    wall_blocks,
)
from models.vocabulary import Part

_DATE_COLUMNS = (SheetColumn("日期", 8.5), SheetColumn("星期", 5))
_NAMES_WIDTH = 80.0
_FONT = 9.5
_PAGE_POINTS = 715.0
"""Height of an A4 page upright below title and note."""
_HEAD_POINTS = 96.0
_BAND_POINTS = 46.0
_WEEK_FONT, _DAY_WIDTH = 9.0, 13.4


def public_sheet(view: View) -> Sheet:
    """Return 公示表: who is on duty where, day by day; a place, its phone and hours once."""
    blocks = wall_blocks(view)
    width = max((len(block.columns) for block in blocks), default=MOST_COLUMNS)
    names = (SheetColumn("", _NAMES_WIDTH / width),) * width
    starts, usual = _page_starts(blocks), usual_hours(view)
    lines = [line for n, one in enumerate(blocks) for line in _block_lines(one, n in starts, usual)]
    lines += [SheetRow((text,), kind=RowKind.NOTE) for text in _foot(view)] if blocks else []
    return Sheet(
        name="公示表",
        heading=f"{view.title}公共法律服务值班表（{view.month_label}）",
        note="　".join(filter(None, (hours_note(view), days_note(view)))),
        columns=(*_DATE_COLUMNS, *names),
        lines=tuple(lines),
        audience=Audience.PUBLIC,
        paper=Paper.A4_PORTRAIT,
        empty="本次未排值班",
        has_headers=False,
        font_size=_FONT,
        is_tight=True,
        link=view.instance.settings.public_url or "",
    )


def month_sheet(view: View) -> Sheet:
    """Return 月历: a calendar for each place, weeks down and Monday to Sunday across."""
    lines: list[SheetRow] = []
    used = 0.0
    for site, duties in groupby(view.duties, key=lambda duty: duty.site):
        weeks = _weeks(view, list(duties))
        height = _BAND_POINTS + sum(_week_points(week) for week in weeks)
        starts_page = bool(lines) and used + height > _PAGE_POINTS
        used = height + (0 if starts_page else used)
        phone = f"　电话：{site.phone}" if site.phone else ""
        band = (site.name + phone, *[""] * 6)
        lines.append(SheetRow(band, kind=RowKind.BAND, starts_page=starts_page))
        lines.append(SheetRow(tuple(f"周{day}" for day in WEEKDAYS), kind=RowKind.HEAD))
        lines += weeks
    return Sheet(
        name="月历",
        heading=f"{view.title}值班月历（{view.month_label}）",
        note=days_note(view),
        columns=tuple(SheetColumn("", _DAY_WIDTH, is_shaded=n > 4) for n in range(7)),
        lines=tuple(lines),
        audience=Audience.PUBLIC,
        paper=Paper.A4_PORTRAIT,
        font_size=_WEEK_FONT,
        is_tight=True,
        empty="本次未排值班",
        has_headers=False,
    )


def _page_starts(blocks: list[WallBlock]) -> set[int]:
    """Return the blocks that begin a page: those that do not fit below the ones before."""
    starts, used = set[int](), 0.0
    for n, block in enumerate(blocks):
        rows = [line.cells[2:] for line in _block_lines(block, False, {})][3:]
        widths = [_NAMES_WIDTH / MOST_COLUMNS] * MOST_COLUMNS
        height = _HEAD_POINTS + sum(tight_height(widths, cells, _FONT) for cells in rows)
        if n and used + height > _PAGE_POINTS:
            starts.add(n)
            used = 0.0
        used += height
    return starts


def _block_lines(block: WallBlock, starts: bool, usual: dict[Part, str]) -> Iterator[SheetRow]:
    """Yield the heads of the places, of the posts and of the hours, then a row for each day."""
    places, spans, column = [], [], 2
    for site, width in block.places:
        places += [f"{site.name}\n{site.phone}".strip(), *[""] * (width - 1)]
        spans.append((column, column + width - 1))
        column += width
    head = ("日期", "星期", *places)
    yield SheetRow(head, kind=RowKind.HEAD, spans=tuple(spans), starts_page=starts)
    yield SheetRow(("", "", *(column.post for column in block.columns)), kind=RowKind.HEAD)
    hours = (
        "\n".join(part_words(part, time, usual) for part, time in column.parts)
        for column in block.columns
    )
    yield SheetRow(("", "", *hours), kind=RowKind.HEAD)
    for day in block.days:
        names = ("\n".join(column.names.get(day.date, ())) for column in block.columns)
        yield SheetRow((day.date, WEEKDAYS[day.date.weekday()], *names))


def _foot(view: View) -> Iterator[str]:
    """Yield what stands below the table: firms, whom to complain to, who signs, and when."""
    firms = (
        f"{firm}{f'（{phone}）' if phone else ''}：{'、'.join(names)}"
        for firm, phone, names in firms_on_duty(view)
    )
    yield from served_from_afar(view)
    if text := "；".join(firms):
        yield f"执业机构　{text}"
    yield signature(view)


def signature(view: View) -> str:
    """Return the line with 监督电话, 落款 and date, blanks for a pen where nothing is entered."""
    settings = view.instance.settings
    phone = settings.supervision_phone or "＿＿＿＿＿＿＿＿"
    signed = settings.signed_by or "＿＿＿＿＿＿＿＿（盖章）"
    return f"监督电话：{phone}　　　　{signed}　　　　＿＿＿＿年＿＿月＿＿日"


def _weeks(view: View, duties: list[DutyLine]) -> list[SheetRow]:
    """Return a row for each week of the month."""
    texts: dict[dt.date, list[str]] = {}
    posts = {duty.post for duty in duties}
    for duty in duties:
        post = f"{duty.post_name}" if len(posts) > 1 else ""
        text = f"{post}{duty.part.label} {'、'.join(shown_names(duty))}"
        texts.setdefault(duty.day.date, []).append(text)
    rows: dict[tuple[int, int], list[Cell]] = {}
    for day in view.days:
        week = rows.setdefault(day.date.isocalendar()[:2], [""] * 7)
        week[day.date.weekday()] = "\n".join([_day(day), *texts.get(day.date, ())])
    return [SheetRow(tuple(week)) for week in rows.values()]


def _week_points(week: SheetRow) -> float:
    return tight_height([_DAY_WIDTH] * 7, week.cells, _WEEK_FONT)


def _day(day: DayMark) -> str:
    return f"{day.date.day}日 {day.note}".strip()
