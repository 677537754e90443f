"""roster.xlsx, which an office edits and keeps, and public.xlsx, which it pins up."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from api.documents.about_sheet import about_sheet, appendix_sheet
from api.documents.duty_sheets import internal_sheet
from api.documents.flat_sheets import flat_sheets, naming_sheets, original_sheet
from api.documents.lines import VACANT
from api.documents.list_sheets import (
    adviser_sheet,
    difference_sheet,
    fairness_sheet,
    firm_share_sheet,
    has_reserves,
    mediator_sheet,
    overbooked_sheet,
    reserve_sheet,
    share_sheet,
    station_sheet,
    unmet_sheet,
    waiver_sheet,
)
from api.documents.printed_sheet import (
    Audience,
    Cell,
    RowKind,
    Sheet,
    SheetColumn,
    SheetRow,
    breadth,
    tight_height,
)
from api.documents.view import View
from api.documents.wall_sheets import month_sheet, public_sheet

BODY_FONT, HEAD_FONT = "宋体", "黑体"
BODY_SIZE = 10.5
"""Points; a column of width w holds w half-width characters of this size."""
INK, RULE, BAND, HEADER, SHADE, ALARM = (
    "#1A1A1A", "#8C9AA6", "#E3ECF4", "#D3E0EC", "#F1EEE6", "#FDE2C8",
)  # fmt: skip
TABS = {
    Audience.PUBLIC: "#2C8C3C", Audience.INTERNAL: "#B03A2E", Audience.EDIT: "#1F6FB4",
    Audience.HIDDEN: "#888888",
}  # fmt: skip
LEADING = 1.48
"""Line height by font size."""
_TALLEST = 409.0
"""Points; no sheet program allows a taller row."""


def render_workbook(view: View) -> bytes:
    """Return the bytes of roster.xlsx; equal views give equal bytes."""
    is_bilingual = view.instance.settings.bilingual
    kept = [sheet if is_bilingual else sheet.in_chinese() for sheet in roster_sheets(view)]
    return render_sheets(kept, _title(view), view.month)


def render_public_workbook(view: View) -> bytes:
    """Return the bytes of public.xlsx: the sheets that may be posted, and no other."""
    return render_sheets(public_sheets(view), _title(view), view.month)


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


def public_sheets(view: View) -> Iterable[Sheet]:
    """Return the sheets that are pinned up."""
    stations = [station_sheet(view)] if view.stations else []
    return (
        public_sheet(view),
        month_sheet(view),
        adviser_sheet(view),
        mediator_sheet(view),
        *stations,
    )


def roster_sheets(view: View) -> Iterable[Sheet]:
    """Return the sheets that stay in the office: to edit, to read, and the appendix."""
    return (
        *flat_sheets(view),
        *naming_sheets(view),
        *([firm_share_sheet(view)] if view.report.firm_shares else []),
        internal_sheet(view),
        *([reserve_sheet(view)] if has_reserves(view) else []),
        unmet_sheet(view),
        *([overbooked_sheet(view)] if view.report.overbooked else []),
        waiver_sheet(view),
        fairness_sheet(view),
        share_sheet(view),
        difference_sheet(view),
        about_sheet(view),
        appendix_sheet(view),
        original_sheet(view),
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
        first = self._headers(top) if self.sheet.has_headers else top
        self._lines(first)
        self._print_setup(first)
        self._bars(first)
        self._guard()
        self._link(first + len(self.sheet.lines))

    def _link(self, row: int) -> None:
        """Print the address of the sheet as a QR code below it."""
        if not self.sheet.link:
            return
        import segno  # late: few sheets have an address

        image = io.BytesIO()
        segno.make(self.sheet.link, error="m").save(image, kind="png", scale=3, border=2)
        self.page.insert_image(row, 0, "qr.png", {"image_data": image})

    def _guard(self) -> None:
        """Keep hands off what is only printed; no password, so that an office can still lay it out."""
        if self.sheet.audience is Audience.HIDDEN:
            self.page.very_hidden()
        elif self.sheet.audience is not Audience.EDIT:
            allowed = ("format_cells", "format_columns", "format_rows", "autofilter", "sort")
            self.page.protect("", dict.fromkeys(allowed, True))

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
        writers = {RowKind.BAND: self._band, RowKind.HEAD: self._head, RowKind.NOTE: self._foot}
        for row, line in enumerate(self.sheet.lines, start=first):
            writers.get(line.kind, self._body)(row, line)

    def _body(self, row: int, line: SheetRow) -> None:
        for n, (cell, column) in enumerate(zip(line.cells, self.sheet.columns, strict=False)):
            self._cell(row, n, cell, self._style(cell, column, line.starts_group))
        self.page.set_row(row, self._height(line))

    def _head(self, row: int, line: SheetRow) -> None:
        """Write heads within a table; merged ones show the first of their cells."""
        look: dict[str, object] = {"align": "center", "bg_color": HEADER, "border": 1}
        look |= {"border_color": RULE, "text_wrap": True, "font_size": 9}
        style = self.styles.get(font_name=HEAD_FONT, **look)
        for n, cell in enumerate(line.cells):
            self.page.write_string(row, n, str(cell or ""), style)
        for first, last in line.spans:
            if last > first:
                self.page.merge_range(row, first, row, last, "", style)
                self.page.write_string(row, first, str(line.cells[first] or ""), style)
        self.page.set_row(row, 6 + 12.5 * self._head_lines(line))

    def _head_lines(self, line: SheetRow) -> int:
        columns, ends = self.sheet.columns, dict(line.spans)
        return max(
            _count_lines(
                str(cell or ""), 1.15 * sum(c.width for c in columns[n : ends.get(n, n) + 1])
            )
            for n, cell in enumerate(line.cells)
        )

    def _foot(self, row: int, line: SheetRow) -> None:
        """Write a note across the table."""
        style = self.styles.get(align="left", text_wrap=True)
        text, last = str(line.cells[0]), len(self.sheet.columns) - 1
        width = sum(column.width for column in self.sheet.columns)
        self._merge(row, last, text, style)
        self.page.set_row(row, min(_TALLEST, 8 + 15.5 * _count_lines(text, width)))

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
        size = self.sheet.font_size
        scale = size / BODY_SIZE
        tallest = max(
            _count_lines(str(cell), (column.width - 2 * column.is_left) / scale)
            for cell, column in zip(line.cells, self.sheet.columns, strict=False)
            if not isinstance(cell, dt.date)
        )
        if self.sheet.is_tight:
            return tight_height([c.width for c in self.sheet.columns], line.cells, size)
        return min(_TALLEST, 5 + LEADING * self.sheet.font_size * max(1.15, tallest))

    def _print_setup(self, first: int) -> None:
        sheet, page = self.sheet, self.page
        paper, landscape = sheet.paper.value
        page.set_paper(paper)
        if landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        if first:
            page.repeat_rows(0, first - 1)
        page.set_margins(left=0.45, right=0.45, top=0.45, bottom=0.5)
        page.center_horizontally()
        page.set_footer(f"&C&9第 &P 页&R&9{sheet.audience.value}")
        page.freeze_panes(first, sheet.frozen_columns)
        self._page_breaks(first)
        if not sheet.has_headers:
            return
        last = first + max(1, len(sheet.lines)) - 1
        page.autofilter(first - 1, 0, last, len(sheet.columns) - 1)

    def _page_breaks(self, first: int) -> None:
        rows = enumerate(self.sheet.lines, start=first)
        self.page.set_h_pagebreaks([row for row, line in rows if line.starts_page])

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
