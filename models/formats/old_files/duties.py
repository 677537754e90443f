"""Last month's duty tables: a row a turn, or dates down and places across."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from models.calendar import Calendar, previous_month
from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import Raw
from models.formats.intake.moments import Around, parse_date, parse_month
from models.formats.old_files.layouts import Layout
from models.formats.old_files.mapping import Holding
from models.formats.old_files.registers import Registers, add
from models.formats.old_files.words_in_names import split_names
from models.formats.sheet_cells import SheetOrigin, cell_text, filled
from models.messages import issue
from models.vocabulary import DayClass, Part, PinKind, PostKind

DAYS_HELD = 14
"""How many of the month's last days count for rest, spacing and weekly caps of the next."""
WHOLE_DAY = (Part.AM, Part.PM)
_WEEK = "一二三四五六日"
_WEEKDAY = re.compile(r"^(?:周|星期|礼拜)?([一二三四五六日天])$")
_WEEKDAY_TITLES = {"星期", "周", "周几", "星期几", "周次"}
_MONTH = re.compile(r"(20\d\d)\s*[年.-]\s*(\d{1,2})\s*月?")


class Turn(NamedTuple):
    """One duty that was held: ``parts`` of the day, the place's name, the person's name."""

    date: dt.date
    parts: tuple[Part, ...]
    site: str
    person: str
    place: tuple[SheetOrigin, int]
    is_untimed: bool


def month_named(text: str) -> str | None:
    """Return the month that a title names, as 2027年1月."""
    match = _MONTH.search(unicodedata.normalize("NFKC", text))
    return f"{match[1]}-{int(match[2]):02d}" if match and 1 <= int(match[2]) <= 12 else None


def month_of(layout: Layout, around: str | None, planned: str | None) -> str | None:
    """Return a duty table's month: as its heading says, else near other tables, else the last."""
    heading = unicodedata.normalize("NFKC", layout.banner)
    if named := month_named(heading):
        return named
    without_year = re.search(r"(\d{1,2})月", heading)
    near = planned or around
    if without_year and near and 1 <= int(without_year[1]) <= 12:
        return parse_month(without_year[0], Around(near))
    return around or (previous_month(planned) if planned else None)


def turns_of(layout: Layout, registers: Registers, month: str | None) -> Iterator[Turn]:
    """Yield every turn of a duty table; what cannot be read becomes an issue of the book."""
    day: dt.date | None = None
    for index, row in layout.body():
        cells = _cells(layout, index)
        if not cells or _is_parts(row, layout):
            continue
        number = layout.places["date"]
        raw = row[number] if number < len(row) else None
        if filled([raw]):
            day = _date(layout, index, raw, registers, month)
            _check_weekday(layout, index, day, registers)
        elif day is None:
            registers.missing(layout, index, "date", "日期")
        for column, site in cells if day else ():
            yield from _turns(layout, (index, column), (day, site), registers)


def _cells(layout: Layout, index: int) -> list[tuple[int, str]]:
    """Return the columns that hold names in a row, each with its place."""
    row = layout.sheet.rows[index]
    if layout.holding is Holding.DUTY_LIST:
        number, place = layout.places["person"], layout.places.get("place")
        site = str(row[place] or "").strip() if place is not None and place < len(row) else ""
        return [(number, site)] if number < len(row) and filled([row[number]]) else []
    across = _sites(layout)
    return [(n, across[n]) for n in across if n < len(row) and filled([row[n]])]


def _sites(layout: Layout) -> dict[int, str]:
    """Return the place over each column; a heading over several columns holds for each."""
    known, found, last = set(layout.places.values()), dict[int, str](), ""
    header = layout.sheet.rows[layout.header]
    below = (
        layout.sheet.rows[layout.header + 1] if layout.header + 1 < len(layout.sheet.rows) else []
    )
    for number, cell in enumerate(header):
        if number in known or str(cell or "").strip() in ("序号", "备注", "说明"):
            last = ""
            continue
        last = str(cell).strip() if filled([cell]) else last
        has_heading = filled([cell]) or (number < len(below) and _part(below[number]))
        if last and has_heading:
            found[number] = last
    return found


def _is_parts(row: list[Raw], layout: Layout) -> bool:
    """Whether a row is the second line of a header: 上午 and 下午 under the places."""
    cells = [row[n] for n in _sites(layout) if n < len(row)] if _is_grid(layout) else []
    return bool(cells) and all(_part(cell) for cell in cells)


def _is_grid(layout: Layout) -> bool:
    return layout.holding is Holding.DUTY_GRID


def _part(cell: Raw) -> tuple[Part, ...]:
    text = str(cell or "").strip()
    found = tuple(part for part in Part if part.label == text)
    return WHOLE_DAY if text == "全天" else found


def _turns(
    layout: Layout, cell: tuple[int, int], when: tuple[dt.date | None, str], registers: Registers
) -> Iterator[Turn]:
    (index, column), (day, site) = cell, when
    places = layout.places | {"person": column}
    origin = (SheetOrigin(layout.sheet, places), index)
    parts = registers.cell(layout, index, "posts", "parts", "part")
    if parts is None and _is_grid(layout):
        below = layout.sheet.rows[layout.header + 1]
        parts = _part(below[column]) if column < len(below) else ()
    if site:
        registers.site(site, origin)
    names = split_names(cell_text(layout.sheet.rows[index][column]))
    beside = {} if _is_grid(layout) else registers.known(layout, index, "people")
    if len(names) > 1:
        registers.shared += [layout.sheet.spot(index, layout.places[name]) for name in beside]
        beside = {}
    for name in names:
        person = registers.meet(layout, index, name, beside)
        if day is not None:
            yield Turn(day, tuple(parts or WHOLE_DAY), site, person, origin, not parts)


def _date(
    layout: Layout, index: int, raw: Raw, registers: Registers, month: str | None
) -> dt.date | None:
    number = layout.places["date"]
    spelled = f"{raw:g}" if isinstance(raw, float) else str(raw).strip()
    if month and re.fullmatch(r"[0-3]?\d", spelled):
        raw = f"{spelled}日"
    try:
        return parse_date(raw, Around(month, layout.sheet.epoch))
    except CellError as error:
        words: dict[str, Any] = {"column": "日期", "field": "date", "allowed": ""} | error.words
        spot = layout.sheet.spot(index, number)
        registers.book.issues.append(issue(error.code, spot, cell_text(raw), **words))
        return None


def _check_weekday(layout: Layout, index: int, day: dt.date | None, registers: Registers) -> None:
    """Remark a day of the week that is not that of its date: one of the two is a slip."""
    header, row = layout.sheet.rows[layout.header], layout.sheet.rows[index]
    titled = [n for n, cell in enumerate(header) if str(cell or "").strip() in _WEEKDAY_TITLES]
    for number in titled if day else ():
        match = _WEEKDAY.match(str(row[number] or "").strip()) if number < len(row) else None
        if day and match and _WEEK.index(match[1].replace("天", "日")) != day.weekday():
            spot, word = layout.sheet.spot(index, number), cell_text(row[number])
            right = f"星期{_WEEK[day.weekday()]}"
            words = {"date": f"{day}", "word": word, "right": right, "right_en": f"{day:%A}"}
            registers.book.remark(issue("weekday_odd", spot, word, **words))


def keep(turns: list[Turn], registers: Registers, month: str) -> Counter[str]:
    """Write turns into 上月末安排 and 往月台账; return how many went where, or nowhere."""
    first = dt.date.fromisoformat(f"{month}-01")
    held, served, count = set[tuple[object, ...]](), Counter[tuple[object, ...]](), Counter[str]()
    origins: dict[tuple[object, ...], tuple[SheetOrigin, int]] = {}
    calendar = Calendar()
    for turn in {turn[:4]: turn for turn in turns}.values():
        if turn.date >= first:
            count["later"] += 1
            continue
        is_night = turn.parts == (Part.NIGHT,)
        day_class = DayClass.NIGHT if is_night else calendar.day_class(turn.date)
        site = turn.site if turn.site in registers.sites else None
        key = (turn.person, f"{turn.date:%Y-%m}", day_class, site)
        served[key] += 1
        count["untimed"] += turn.is_untimed
        origins.setdefault(key, turn.place)
        if (first - turn.date).days <= DAYS_HELD:
            count["held"] += 1
            for part in turn.parts:
                row = {"person": turn.person, "date": turn.date, "part": part}
                row |= {"kind": PinKind.DUTY, "place": turn.site or None}
                if tuple(row.values()) not in held:
                    held.add(tuple(row.values()))
                    add(registers.book, "held_around", row, turn.place)
    for group, turns_served in served.items():
        person, of, its_class, its_site = group
        row = {"person": person, "month": of, "kind": PostKind.CONSULTATION}
        row |= {"day_class": its_class, "site": its_site, "turns": turns_served}
        add(registers.book, "ledger", row, origins[group])
    count["served"] = sum(served.values())
    count["before"] = sum(n for k, n in served.items() if k[1] != previous_month(month))
    return count
