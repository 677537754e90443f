"""What a sheet of an old file holds, and which column is what, seen from its header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from models.formats.intake.cells import Raw
from models.formats.intake.tables import instance_tables
from models.formats.intake.titles import column_aliases, column_names, plain
from models.formats.old_files.mapping import Holding, Mapped, SheetMapping
from models.formats.sheet_cells import RawSheet, filled
from models.issues import Issue
from models.messages import issue

HEADER_ROWS = 12
_OWN = {"序号", "序", "备注", "说明", "no.", "no"}
_NOTE_ROW = re.compile(r"^(合计|总计|小计|备注|注[:：]|说明|制表|填表|审核|监督电话|联系人)")
_DUTY = re.compile(r"值班|排班|坐班")
_PLACE = re.compile(r"(站|中心|室|所|院|厅|村|社区|点|局|大厅|窗口)$")
_LEAVE = re.compile(r"请假|休假|开庭|出差|意愿|回避")
_DUTY_WORDS: Mapping[str, tuple[str, ...]] = {
    "date": ("日期", "值班日期", "值班日"),
    "weekday": ("星期", "周几"),
    "part": ("时段", "班次", "上下午", "值班时段"),
    "place": ("地点", "值班地点", "站点", "值班站点", "值班点", "工作站", "值班平台"),
    "person": ("值班人员", "值班律师", "值班人", "姓名", "人员", "律师", "值班顾问"),
    "firm": ("执业机构", "单位", "律所", "工作单位", "所在单位", "律师事务所", "机构"),
    "mobile": ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式"),
}
_ASKED: Mapping[Holding, tuple[tuple[str, ...], ...]] = {
    Holding.DUTY_LIST: (("date",), ("person",)),
    Holding.VILLAGES: (("village",), ("adviser", "area", "population", "market")),
    Holding.PEOPLE: (
        ("name",),
        ("kind", "firm", "mobile", "phone", "licence_no", "specialities", "practice_years"),
    ),
    Holding.FIRMS: (("name",), ("kind", "phone", "area")),
}
"""The columns a sheet must have: one of each group."""


@dataclass
class Layout:
    """One sheet as it is understood; ``places`` are the columns of the fields, from 0."""

    sheet: RawSheet
    holding: Holding
    header: int
    places: dict[str, int]
    unread: dict[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the sheet is called in messages."""
        return self.sheet.label or self.sheet.title

    def notes(self) -> list[int]:
        """Return the rows below the header that are passed over: notes, sums, signatures."""
        read = {index for index, _ in self.body()}
        rows = enumerate(self.sheet.rows)
        return [n for n, row in rows if n > self.header and filled(row) and n not in read]

    def body(self) -> Iterator[tuple[int, list[Raw]]]:
        """Yield the rows below the header that are neither notes nor the header once more."""
        header = [plain(cell) for cell in self.sheet.rows[self.header]]
        for index, row in enumerate(self.sheet.rows[self.header + 1 :], self.header + 1):
            first = next((str(cell).strip() for cell in row if filled([cell])), "")
            again = [plain(cell) for cell in row]
            if first and not _NOTE_ROW.match(first) and again != header:
                yield index, row

    @property
    def banner(self) -> str:
        """The words above the header, behind the sheet's title."""
        return _above(self.sheet, self.header)


def _above(sheet: RawSheet, header: int) -> str:
    words = [str(cell) for row in sheet.rows[:header] for cell in row if filled([cell])]
    return " ".join([sheet.title, *words])


@cache
def words_of(holding: Holding) -> Mapping[str, str]:
    """Return the field that each title means in sheets of one kind, from ``titles.toml``."""
    if holding in (Holding.DUTY_LIST, Holding.DUTY_GRID):
        return {plain(word): name for name, words in _DUTY_WORDS.items() for word in words}
    if holding is not Holding.VILLAGES:
        return _titles("people" if holding is Holding.PEOPLE else "firms")
    of_villages = {
        word: {"name": "village", "phone": "village_phone"}.get(name, name)
        for word, name in _titles("villages").items()
        if name not in ("name", "phone") or re.search("[村社居]", word)
    }
    own = {"姓名": "adviser", "顾问律师": "adviser", "挂点律师": "adviser"}
    of_people = {w: n for w, n in _titles("people").items() if n not in ("name", "area")}
    return {**of_people, **own, **of_villages}


@cache
def _own_titles() -> frozenset[str]:
    """Return the template's own titles: they go before what else means the same."""
    return frozenset(column.title for table in instance_tables() for column in table.columns)


def _titles(name: str) -> dict[str, str]:
    table = next(table for table in instance_tables() if table.name == name)
    known = {**column_aliases(table), **column_names(table)}
    return {word: column.field for word, column in known.items() if column.field != "id"}


def layout_of(sheet: RawSheet, mapped: Mapped) -> tuple[Layout | None, list[Issue]]:
    """Return what a sheet holds; None if nothing that is looked for, issues where that is unclear."""
    known = mapped.of(sheet.title)
    if known.holding == Holding.NOTHING.value:
        return None, []
    wanted = [kind for kind in _ASKED if known.holding in ("", kind.value)]
    found = [lay for kind in wanted if (lay := _table_layout(sheet, kind, known))]
    if not found and known.holding in ("", Holding.DUTY_GRID.value):
        found = [lay for lay in (_grid_layout(sheet, known),) if lay]
    best = found[0] if found else None
    if best is None or (best.holding is Holding.DUTY_LIST and _LEAVE.search(best.banner)):
        return None, []
    is_told = known.holding or "place" in best.places or _DUTY.search(best.banner)
    if best.holding is Holding.DUTY_LIST and not is_told:
        words = {"word": sheet.title, "key": mapped.key(sheet.title)}
        return None, [issue("old_sheet_unclear", sheet.spot(best.header, 0), **words)]
    return best, _twice(best, known, mapped.key(sheet.title))


def _table_layout(sheet: RawSheet, holding: Holding, known: SheetMapping) -> Layout | None:
    asked, best, most = _ASKED[holding], None, 0
    for number, row in enumerate(sheet.rows[:HEADER_ROWS]):
        places, unread = _places(row, holding, known)
        if all(any(name in places for name in group) for group in asked) and len(places) > most:
            best, most = Layout(sheet, holding, number, places, unread), len(places)
    return best


def _places(
    row: Sequence[Raw], holding: Holding, known: SheetMapping
) -> tuple[dict[str, int], dict[int, str]]:
    words, places, unread = words_of(holding), dict[str, int](), dict[int, str]()
    for number, cell in enumerate(row):
        title = str(cell or "").strip()
        answer = known.columns.get(title)
        name = words.get(plain(title if answer is None else answer))
        is_better = answer or (name and title in _own_titles() and name in places)
        if name and (name not in places or is_better):
            places[name] = number
        elif title and plain(title) not in _OWN - {"备注", "说明"}:
            unread[number] = title
    return places, unread


def _twice(layout: Layout, known: SheetMapping, key: str) -> list[Issue]:
    """Ask about two columns that may both be the same."""
    words, found = words_of(layout.holding), list[Issue]()
    for number, cell in enumerate(layout.sheet.rows[layout.header]):
        title = str(cell or "").strip()
        name = words.get(plain(title))
        place = layout.places.get(name or "")
        if place is None or place == number or title in known.columns:
            continue
        other = str(layout.sheet.rows[layout.header][place] or "").strip()
        if other not in known.columns and not {title, other} & _own_titles():
            told = {"word": title, "other": other, "key": key}
            found.append(
                issue("old_column_twice", layout.sheet.spot(layout.header, number), **told)
            )
    return found


def _grid_layout(sheet: RawSheet, known: SheetMapping) -> Layout | None:
    """Return the layout of dates down and places across: the header begins with a date's title."""
    words = words_of(Holding.DUTY_GRID)
    for number, row in enumerate(sheet.rows[:HEADER_ROWS]):
        names = {n: words.get(plain(cell)) for n, cell in enumerate(row) if filled([cell])}
        across = [n for n, name in names.items() if name is None and plain(row[n]) not in _OWN]
        date = next((n for n, name in names.items() if name == "date"), None)
        is_duty = bool(known.holding or _DUTY.search(_above(sheet, number)))
        is_duty = is_duty or any(_PLACE.search(plain(row[n])) for n in across)
        if date is not None and across and is_duty and "person" not in names.values():
            places = {str(name): n for n, name in names.items() if name}
            return Layout(sheet, Holding.DUTY_GRID, number, places)
    return None
