"""A sheet of the roster workbook as plain data, written by ``workbook``."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

Cell = str | int | float | dt.date | None


class Audience(Enum):
    """Who may see a sheet; the value is printed at its foot."""

    PUBLIC = ""
    INTERNAL = "内部资料 请勿公示"
    EDIT = "可修改，改后用 zhiban update 更新"
    HIDDEN = "程序用"


class Paper(Enum):
    """Paper size and orientation."""

    A4_PORTRAIT = (9, False)
    A4_LANDSCAPE = (9, True)
    A3_LANDSCAPE = (8, True)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: Chinese header, English header, width in half-width characters."""

    zh: str
    width: float
    en: str = ""
    is_left: bool = False
    is_shaded: bool = False
    has_bars: bool = False
    is_money: bool = False
    is_english: bool = False


class RowKind(Enum):
    """What a row is: cells, a band or a note across all columns, or heads within the table."""

    BODY = "body"
    BAND = "band"
    HEAD = "head"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; a break starts a new page before it. ``spans`` are first and last columns of merged heads."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.BODY
    spans: tuple[tuple[int, int], ...] = ()
    starts_page: bool = False
    starts_group: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Without a heading the headers stand in the first row, for programs to read.

    Without headers its heads are rows of their own; ``link`` is an address printed as a QR code.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    lines: tuple[SheetRow, ...]
    audience: Audience
    heading: str = ""
    note: str = ""
    paper: Paper = Paper.A4_LANDSCAPE
    frozen_columns: int = 0
    font_size: float = 10.5
    empty: str = "无"
    has_headers: bool = True
    is_tight: bool = False
    link: str = ""

    @property
    def has_english(self) -> bool:
        """Whether a second header row in English is written."""
        return any(column.en for column in self.columns)

    def in_chinese(self) -> Sheet:
        """Return the sheet without English headers and columns."""
        kept = [n for n, column in enumerate(self.columns) if not column.is_english]
        lines = self.lines
        if len(kept) < len(self.columns):
            cells = [tuple(line.cells[n] for n in kept) for line in lines]
            lines = tuple(replace(x, cells=c) for x, c in zip(lines, cells, strict=True))
        columns = tuple(replace(self.columns[n], en="") for n in kept)
        return replace(self, columns=columns, lines=lines)


def tight_height(sheet_width: Sequence[float], cells: Sequence[Cell], font_size: float) -> float:
    """Return the height in points of a row of a sheet on which as much as possible is to fit.

    Parameters
    ----------
    sheet_width
        Widths of the columns, in half-width characters of 10.5 points.
    """
    room = [max(2.0, width * 10.5 / font_size) for width in sheet_width]
    lines = (
        sum(max(1, math.ceil(breadth(part) / width)) for part in cell.split("\n"))
        for cell, width in zip(cells, room, strict=False)
        if isinstance(cell, str)
    )
    return 3 + 1.2 * font_size * max(lines, default=1)


def breadth(text: str) -> int:
    """Return the width of ``text`` in half-width characters; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
