"""roster.xlsx: the plan as sheets an office prints, posts, keeps and edits."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from api.documents.about_sheet import about_sheet
from api.documents.duty_sheets import internal_sheet, month_sheet, public_sheet
from api.documents.flat_sheets import flat_sheets, naming_sheets
from api.documents.lines import VACANT
from api.documents.list_sheets import (
    adviser_sheet,
    difference_sheet,
    fairness_sheet,
    firm_share_sheet,
    mediator_sheet,
    overbooked_sheet,
    share_sheet,
    station_sheet,
    unmet_sheet,
    waiver_sheet,
)
from api.documents.printed_sheet import Audience, Cell, Sheet, SheetColumn, SheetRow, breadth
from api.documents.view import View

BODY_FONT, HEAD_FONT = "宋体", "黑体"
BODY_SIZE = 10.5
"""Points; a column of width w holds w half-width characters of this size."""
INK, RULE, BAND, HEADER, SHADE, ALARM = (
    "#1A1A1A", "#8C9AA6", "#E3ECF4", "#D3E0EC", "#F1EEE6", "#FDE2C8",
)  # fmt: skip
TABS = {Audience.PUBLIC: "#2C8C3C", Audience.INTERNAL: "#B03A2E", Audience.EDIT: "#1F6FB4"}
LEADING = 1.48
"""Line height by font size."""
_TALLEST = 409.0
"""Points; no sheet program allows a taller row."""


def render_workbook(view: View) -> bytes:
    """Return the bytes of roster.xlsx; equal views give equal bytes."""
    return render_sheets(roster_sheets(view), _title(view), view.month)


def render_public_workbook(view: View) -> bytes:
    """Return a workbook of the sheets that may be posted, and of no other."""
    public = (s for s in roster_sheets(view) if s.audience is Audience.PUBLIC)
    return render_sheets(public, _title(view), view.month)


def _title(view: View) -> str:
    return f"{view.title}公共法律服务排班（{view.month_label}）"


def render_sheets(sheets: Iterable[Sheet], title: str, month: str) -> bytes:
    """Return the bytes of a workbook, stamped with the first of ``month`` (``YYYY-MM``): no clock is read."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    created = dt.datetime.fromisoformat(f"{month}-01")
    book.set_properties({"title": title, "author": "zhiban", "created": created})
    styles = _Styles(book)
    for sheet in sheets:
        _Writer(book, sheet, styles).write()
    book.close()
    return buffer.getvalue()


def roster_sheets(view: View) -> Iterable[Sheet]:
    """Return the sheets of the workbook, public ones first."""
    return (
        public_sheet(view),
        month_sheet(view),
        adviser_sheet(view),
        mediator_sheet(view),
        *([station_sheet(view)] if view.stations else []),
        *([firm_share_sheet(view)] if view.report.firm_shares else []),
        internal_sheet(view),
        unmet_sheet(view),
        *([overbooked_sheet(view)] if view.report.overbooked else []),
        waiver_sheet(view),
        fairness_sheet(view),
        share_sheet(view),
        difference_sheet(view),
        about_sheet(view),
        *naming_sheets(view),
        *flat_sheets(view.roster),
    )


class _Styles:
    """Cell formats by their properties, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **look: object) -> Any:
        """Return the format with these properties on top of the body text."""
        base = {
            "font_name": BODY_FONT,
            "font_size": BODY_SIZE,
            "font_color": INK,
            "valign": "vcenter",
        }
        key = tuple(sorted((base | look).items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]


@dataclass
class _Writer:
    """Writes one sheet."""

    book: Any
    sheet: Sheet
    styles: _Styles

    def write(self) -> None:
        """Write headings, headers, lines and the print setup."""
        self.page = self.book.add_worksheet(self.sheet.name)
        self.page.set_tab_color(TABS[self.sheet.audience])
        for n, column in enumerate(self.sheet.columns):
            self.page.set_column(n, n, column.width)
        top = self._heading() if self.sheet.heading else 0
        first = self._headers(top)
        self._lines(first)
        self._print_setup(first)
        self._bars(first)

    def _heading(self) -> int:
        last = len(self.sheet.columns) - 1
        title = self.styles.get(font_name=HEAD_FONT, font_size=20, align="center")
        self._merge(0, last, self.sheet.heading, title)
        self.page.set_row(0, 34)
        note = self.styles.get(font_color="#444444", align="left", text_wrap=True)
        width = sum(column.width for column in self.sheet.columns)
        self._merge(1, last, self.sheet.note, note)
        self.page.set_row(1, 5 + 15.5 * _count_lines(self.sheet.note, width))
        return 2

    def _merge(self, row: int, last: int, text: str, style: Any) -> None:
        # merge_range would turn a text that begins with = into a formula
        self.page.merge_range(row, 0, row, last, "", style)
        self.page.write_string(row, 0, text, style)

    def _headers(self, row: int) -> int:
        """Write the header rows and return the row of the first line."""
        look: dict[str, object] = {"align": "center", "bg_color": HEADER, "border": 1}
        look |= {"border_color": RULE, "text_wrap": True}
        head = self.styles.get(font_name=HEAD_FONT, font_size=11, **look)
        small = self.styles.get(font_size=8.5, font_color="#555555", **look)
        for n, column in enumerate(self.sheet.columns):
            self.page.write_string(row, n, column.zh, head)
            if self.sheet.has_english:
                self.page.write_string(row + 1, n, column.en, small)
        tallest = max(column.zh.count("\n") + 1 for column in self.sheet.columns)
        self.page.set_row(row, 8 + 15 * tallest)
        return row + 1 + self.sheet.has_english

    def _lines(self, first: int) -> None:
        if not self.sheet.lines and self.sheet.empty:
            style = self.styles.get(font_color="#555555", align="left")
            self.page.write_string(first, 0, self.sheet.empty, style)
        for row, line in enumerate(self.sheet.lines, start=first):
            if line.is_band:
                self._band(row, line)
                continue
            for n, (cell, column) in enumerate(zip(line.cells, self.sheet.columns, strict=True)):
                self._cell(row, n, cell, self._style(cell, column, line.starts_group))
            self.page.set_row(row, self._height(line))

    def _band(self, row: int, line: SheetRow) -> None:
        style = self.styles.get(
            font_name=HEAD_FONT, font_size=13, align="center_across", bg_color=BAND,
            top=1, bottom=1, border_color=RULE,
        )  # fmt: skip
        self.page.write_string(row, 0, str(line.cells[0]), style)
        for n in range(1, len(line.cells)):
            self.page.write_blank(row, n, None, style)
        self.page.set_row(row, 26)

    def _style(self, cell: Cell, column: SheetColumn, starts_group: bool) -> Any:
        look: dict[str, object] = {"border": 1, "border_color": RULE, "text_wrap": True}
        look |= {"font_size": self.sheet.font_size, "align": "left" if column.is_left else "center"}
        if column.is_left:
            look["indent"] = 1
        if starts_group:
            look["top"] = 2 if self.sheet.paper.name.startswith("A3") else 1
            look["top_color"] = "#44546A"
        if column.is_shaded:
            look["bg_color"] = SHADE
        if isinstance(cell, str) and VACANT in cell.split("\n"):
            look |= {"bg_color": ALARM, "bold": True}
        if column.is_money:
            look["num_format"] = "#,##0.00"
        if isinstance(cell, dt.date):
            look["num_format"] = 'm"月"d"日"' if self.sheet.heading else "yyyy-mm-dd"
        return self.styles.get(**look)

    def _cell(self, row: int, column: int, cell: Cell, style: Any) -> None:
        """Write one cell; a text stays a text whatever it begins with."""
        if cell is None or cell == "":
            self.page.write_blank(row, column, None, style)
        elif isinstance(cell, str):
            self.page.write_string(row, column, cell, style)
        elif isinstance(cell, dt.date):
            self.page.write_datetime(row, column, cell, style)
        else:
            self.page.write_number(row, column, cell, style)

    def _height(self, line: SheetRow) -> float:
        scale = self.sheet.font_size / BODY_SIZE
        tallest = max(
            _count_lines(str(cell), (column.width - 2 * column.is_left) / scale)
            for cell, column in zip(line.cells, self.sheet.columns, strict=True)
            if not isinstance(cell, dt.date)
        )
        return min(_TALLEST, 5 + LEADING * self.sheet.font_size * max(1.15, tallest))

    def _print_setup(self, first: int) -> None:
        sheet, page = self.sheet, self.page
        paper, landscape = sheet.paper.value
        page.set_paper(paper)
        if landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, first - 1)
        page.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.65)
        page.center_horizontally()
        page.set_footer(f"&C&9第 &P 页&R&9{sheet.audience.value}")
        page.freeze_panes(first, sheet.frozen_columns)
        last = first + max(1, len(sheet.lines)) - 1
        page.autofilter(first - 1, 0, last, len(sheet.columns) - 1)
        page.set_h_pagebreaks(
            [row for row, line in enumerate(sheet.lines, start=first) if line.starts_page]
        )

    def _bars(self, first: int) -> None:
        last = first + len(self.sheet.lines) - 1
        for n, column in enumerate(self.sheet.columns):
            if column.has_bars and last >= first:
                bar = {"type": "data_bar", "bar_color": "#A9C7E3", "min_type": "num"}
                self.page.conditional_format(first, n, last, n, {**bar, "min_value": 0})


def _count_lines(text: str, width: float) -> int:
    """Return how many lines ``text`` takes in a column of ``width`` half-width characters."""
    room = max(2.0, width - 1.2)
    return sum(max(1, math.ceil(breadth(part) / room)) for part in text.split("\n"))
