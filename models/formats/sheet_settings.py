"""Reads the key/value sheet: setting in the first column, value in the second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import Raw, parse
from models.formats.intake.moments import Around, parse_month
from models.formats.intake.row_drafts import Book, Draft, draft_row, hint, named
from models.formats.intake.tables import Column, Table
from models.formats.intake.titles import column_aliases, column_names, plain
from models.formats.sheet_cells import (
    SETTING_HEADERS,
    RawSheet,
    SettingsOrigin,
    cell_text,
    filled,
)
from models.messages import issue
from models.vocabulary import Datum

DATUM = ("坐标系", "高德、腾讯地图取的点填 GCJ-02，百度地图取的点填 BD-09；读入时换算为 WGS84")
"""The setting of the coordinate system, and its note."""
_HEADERS = {plain(SETTING_HEADERS[0]), "setting", "key"}


def planned_month(sheet: RawSheet, table: Table, around: Around) -> str | None:
    """Return the planned month of a settings sheet, ``None`` if it says none that can be read."""
    for row in sheet.rows:
        column = _column(table, row[0]) if row else None
        if column is not None and column.field == "month" and len(row) > 1 and filled([row[1]]):
            try:
                return parse_month(row[1], around)
            except CellError:
                return None
    return None


def _column(table: Table, key: Raw) -> Column | None:
    return column_names(table).get(plain(key)) or column_aliases(table).get(plain(key))


def read_settings(sheet: RawSheet, table: Table, book: Book) -> Iterator[Draft]:
    """Read the settings as one draft."""
    origin = SettingsOrigin(sheet, {})
    values: dict[str, Any] = {}
    broken: set[str] = set()
    for index, row in enumerate(sheet.rows):
        key = row[0] if row else None
        if not filled([key]) or plain(key) in _HEADERS:
            continue
        if plain(key) == plain(DATUM[0]):
            _read_datum(row[1:2], (sheet, index), book)
            continue
        column = _column(table, key)
        if column is None:
            titles = [c.title for c in table.columns]
            words = hint(str(key), titles) | {"allowed": "、".join(titles), "word": key}
            book.issues.append(issue("unknown_setting", sheet.spot(index, 0), str(key), **words))
        elif column.field in origin.places:
            other = sheet.spot(*origin.places[column.field]).cell
            words = {"word": column.title, "other": other}
            book.issues.append(issue("duplicate_setting", sheet.spot(index, 0), **words))
        else:
            origin.places[column.field] = (index, 1)
            _read_setting(column, row[1:2], (origin, index), (values, broken), book)
    if not values.get("month") and "month" not in broken:
        book.issues.append(issue("month_missing", origin.spot(0, "month")))
    draft, issues = draft_row(table, values, (origin, 0), frozenset(broken))
    book.issues.extend(issues)
    yield draft


def _read_datum(cells: Sequence[Raw], place: tuple[RawSheet, int], book: Book) -> None:
    """Read the coordinate system; it is no setting of a plan, whose points are all WGS84."""
    for cell in (cell for cell in cells if filled([cell])):
        datum = Datum.meant_by(str(cell))
        if datum is None:
            words = {"column": DATUM[0], "field": "datum", "word": cell_text(cell)}
            allowed = "、".join(member.label for member in Datum)
            spot = place[0].spot(place[1], 1)
            book.issues.append(
                issue("word_unknown", spot, cell_text(cell), allowed=allowed, **words)
            )
        else:
            book.datum = datum


def _read_setting(
    column: Column,
    cells: Sequence[Raw],
    place: tuple[SettingsOrigin, int],
    found: tuple[dict[str, Any], set[str]],
    book: Book,
) -> None:
    origin, _ = place
    values, broken = found
    around = Around(None, origin.sheet.epoch)
    for cell in cells:
        try:
            value = parse(column, cell, around)
        except CellError as error:
            broken.add(column.field)
            words = named(column) | {"allowed": "、".join(column.words)} | error.words
            spot = origin.spot(0, column.field)
            book.issues.append(issue(error.code, spot, cell_text(cell), **words))
        else:
            if value is not None:
                values[column.field] = value
