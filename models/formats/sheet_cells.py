"""One sheet as it was read, and the way from a field back to its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.formats.intake.cells import Raw
from models.formats.intake.moments import EPOCH
from models.messages import Spot

SETTING_HEADERS = ("项目", "取值", "说明")


@dataclass
class RawSheet:
    """One sheet of the file; ``rows`` begin at row 1, column A; ``epoch`` is day 0 of its dates."""

    title: str
    rows: list[list[Raw]]
    label: str = ""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    epoch: dt.date = EPOCH
    is_hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    def spot(self, row: int, column: int | None) -> Spot:
        """Return the address of a cell, both numbers from 0; of the row without column."""
        letters = column_letters(column) if column is not None else "A"
        return Spot(self.label or self.title, f"{letters}{row + 1}")


@dataclass
class SheetOrigin:
    """The way from a field back to its cell."""

    sheet: RawSheet
    places: dict[str, int]

    def spot(self, index: int, field_name: str | None) -> Spot:
        """Return the cell of a field in the row ``index`` (from 0)."""
        first = min(self.places.values(), default=0)
        return self.sheet.spot(index, self.places.get(field_name or "", first))


@dataclass
class SettingsOrigin:
    """The way from a setting back to its row in the key/value sheet."""

    sheet: RawSheet
    places: dict[str, tuple[int, int]]

    def spot(self, index: int, field_name: str | None) -> Spot:
        """Return the value cell of a setting, or the row ``index``."""
        row, column = self.places.get(field_name or "", (index, 0))
        return self.sheet.spot(row, column)


def column_letters(index: int) -> str:
    """Return the spreadsheet letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def filled(row: Sequence[Raw]) -> bool:
    """Whether any cell of a row holds more than blanks."""
    return any(cell not in (None, "") and str(cell).strip() for cell in row)


def cell_text(cell: Raw) -> str:
    """Spell a cell for a message."""
    return cell if isinstance(cell, str) else str(cell)
