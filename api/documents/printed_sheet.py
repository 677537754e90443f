"""A sheet of the roster workbook as plain data, written by ``workbook``."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from enum import Enum

Cell = str | int | float | dt.date | None


class Audience(Enum):
    """Who may see a sheet; the value is printed at its foot."""

    PUBLIC = ""
    INTERNAL = "内部资料 请勿公示"
    EDIT = "可修改后用 zhiban verify 核对"


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


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. A band runs across all columns; a break starts a new page before the row."""

    cells: tuple[Cell, ...]
    is_band: bool = False
    starts_page: bool = False
    starts_group: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Without a heading the headers stand in the first row, for programs to read."""

    name: str
    columns: tuple[SheetColumn, ...]
    lines: tuple[SheetRow, ...]
    audience: Audience
    heading: str = ""
    note: str = ""
    paper: Paper = Paper.A4_LANDSCAPE
    frozen_columns: int = 0
    font_size: float = 10.5
    empty: str = "无 None"

    @property
    def has_english(self) -> bool:
        """Whether a second header row in English is written."""
        return any(column.en for column in self.columns)


def breadth(text: str) -> int:
    """Return the width of ``text`` in half-width characters; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
