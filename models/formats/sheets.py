"""From the sheets of a workbook or CSV folder to drafts: titles, headers, rows, cells.

Conventions: the header is the first of the first ten rows that names most columns; rows above it (a
title, a print date) are skipped. Columns named 序号 or 备注 and sheets named 说明… or 备注… belong to the
office and are not read. A row whose cell in the table's first column begins with ``示例`` and a blank
or colon is an example of the template: no id, date or word can look like that, since ids hold
neither. It is skipped if untouched and reported if edited.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import Raw, parse
from models.formats.intake.row_drafts import Book, Draft, draft_row, hint, named
from models.formats.intake.tables import Column, Table
from models.messages import Spot, issue

MAX_ROWS = 200_000
"""Rows read from one sheet."""
MAX_COLUMNS = 104
"""Columns A to CZ; the widest table has about thirty."""
HEADER_ROWS = 10
EXAMPLE_MARK = "示例 "
_EXAMPLE = re.compile(r"^(示例|example)[\s:：]", re.IGNORECASE)
_OWN_COLUMNS = {"序号", "备注", "no.", "no", "remark", "remarks", "note"}
_OWN_SHEETS = ("说明", "备注", "readme", "notes")
SETTING_HEADERS = ("项目", "取值", "说明")


@dataclass
class RawSheet:
    """One sheet of the file; ``rows`` begin at row 1, column A."""

    title: str
    rows: list[list[Raw]]
    label: str = ""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

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


def plain(text: Raw) -> str:
    """Normalise width, case, blanks and the required mark, for comparing titles."""
    folded = unicodedata.normalize("NFKC", str(text if text is not None else ""))
    return re.sub(r"\(必填\)$|\*", "", "".join(folded.casefold().split()))


def read_sheets(
    sheets: Iterable[RawSheet], book: Book, passed_over: frozenset[str] = frozenset()
) -> None:
    """Read every sheet into drafts and issues of ``book``, except those titled ``passed_over``."""
    by_title = {plain(n): t for t in book.tables for n in (t.title, t.name)}
    seen: set[str] = set()
    for sheet in sheets:
        table = by_title.get(plain(sheet.title))
        if sheet.title in passed_over:
            continue
        if table is None:
            _unknown_sheet(sheet, book)
        elif table.name in seen:
            book.issues.append(issue("duplicate_sheet", Spot(sheet.label), word=table.title))
        else:
            seen.add(table.name)
            _read_sheet(sheet, table, book)


def _unknown_sheet(sheet: RawSheet, book: Book) -> None:
    own = plain(sheet.title).startswith(_OWN_SHEETS)
    if own or not any(_filled(row) for row in sheet.rows):
        return
    titles = [table.title for table in book.tables]
    words = hint(sheet.title, titles) | {"allowed": "、".join(titles)}
    spot = Spot(sheet.label or sheet.title)
    book.issues.append(issue("unknown_sheet", spot, word=sheet.title, **words))


def _filled(row: Sequence[Raw]) -> bool:
    return any(cell not in (None, "") and str(cell).strip() for cell in row)


def _read_sheet(sheet: RawSheet, table: Table, book: Book) -> None:
    drafts = book.drafts.setdefault(table.name, [])
    if len(sheet.rows) > MAX_ROWS:
        spot = Spot(sheet.label or sheet.title, f"A{MAX_ROWS + 1}")
        book.issues.append(issue("too_many_rows", spot, limit=MAX_ROWS))
        return
    wide = next((n for n, row in enumerate(sheet.rows) if _filled(row[MAX_COLUMNS:])), None)
    if wide is not None:
        book.issues.append(issue("too_wide", sheet.spot(wide, MAX_COLUMNS), limit=MAX_COLUMNS))
        return
    if table.is_settings:
        drafts.extend(_read_settings(sheet, table, book))
        return
    header = _find_header(sheet, table, book)
    if header is not None:
        _report_merged(sheet, header, book)
        drafts.extend(_read_rows(sheet, table, header, book))


def _report_merged(sheet: RawSheet, header: int, book: Book) -> None:
    for top, left, bottom, right in sheet.merged:
        if bottom >= header:
            area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
            spot = Spot(sheet.label or sheet.title, area)
            book.issues.append(issue("merged_cells", spot))


def _names(table: Table) -> dict[str, Column]:
    return {plain(name): c for c in table.columns for name in (c.field, c.title)}


def _find_header(sheet: RawSheet, table: Table, book: Book) -> int | None:
    """Return the row that names most columns; a sheet without any content has none."""
    names = _names(table)
    scores = [sum(plain(cell) in names for cell in row) for row in sheet.rows[:HEADER_ROWS]]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    if any(_filled(row) for row in sheet.rows):
        allowed = "、".join(column.title for column in table.columns)
        spot = Spot(sheet.label or sheet.title, "A1")
        book.issues.append(issue("no_header", spot, allowed=allowed))
    return None


def _read_rows(sheet: RawSheet, table: Table, header: int, book: Book) -> Iterator[Draft]:
    places = _places(sheet, table, header, book)
    origin = SheetOrigin(sheet, places)
    missing = [c for c in table.columns if c.required and c.field not in places]
    body = [
        index
        for index in range(header + 1, len(sheet.rows))
        if _filled(sheet.rows[index]) and not _is_example(sheet, index, table, origin, book)
    ]
    if body:
        spot = Spot(sheet.label or sheet.title, f"A{header + 1}")
        book.issues.extend(
            issue("missing_column", spot, word=c.title, field=c.field) for c in missing
        )
    absent = frozenset(column.field for column in missing)
    columns = [(table.by_field[name], place) for name, place in places.items()]
    for index in body:
        draft = _read_row(table, columns, (origin, index), absent, book)
        if draft.values:
            yield draft


def _places(sheet: RawSheet, table: Table, header: int, book: Book) -> dict[str, int]:
    """Return the column number of each field that the header names."""
    names, places = _names(table), dict[str, int]()
    for number, cell in enumerate(sheet.rows[header]):
        column = names.get(plain(cell))
        if column is None:
            _unknown_column(sheet, table, (header, number), book)
        elif column.field in places:
            other = sheet.spot(header, places[column.field]).cell
            spot = sheet.spot(header, number)
            book.issues.append(issue("duplicate_column", spot, word=column.title, other=other))
        else:
            places[column.field] = number
    return places


def _unknown_column(sheet: RawSheet, table: Table, place: tuple[int, int], book: Book) -> None:
    header, number = place
    title = str(sheet.rows[header][number] or "").strip()
    if plain(title) in _OWN_COLUMNS:
        return
    spot = sheet.spot(header, number)
    titles = [column.title for column in table.columns]
    if title:
        words = hint(title, [*titles, *table.by_field]) | {"allowed": "、".join(titles)}
        book.issues.append(issue("unknown_column", spot, title, word=title, **words))
        return
    below = (row[number] for row in sheet.rows[header + 1 :] if number < len(row))
    value = next((cell for cell in below if _filled([cell])), None)
    if value is not None:
        book.issues.append(issue("headerless_column", spot, value))


def _is_example(sheet: RawSheet, index: int, table: Table, origin: SheetOrigin, book: Book) -> bool:
    row = sheet.rows[index]
    place = origin.places.get(table.columns[0].field)
    first = row[place] if place is not None and place < len(row) else row[0]
    if not (isinstance(first, str) and _EXAMPLE.match(first)):
        return False
    shown = Counter(_shown(cell) for cell in row if _filled([cell]))
    expected = Counter(_shown(c.example) for c in table.columns if c.example != "")
    if shown != expected:
        book.issues.append(issue("example_edited", origin.spot(index, None), first))
    return True


def _shown(cell: Any) -> str:
    """Spell a cell the same way whether it is stored as text, number or date."""
    text = _EXAMPLE.sub("", unicodedata.normalize("NFKC", str(cell)).strip()).strip()
    try:
        return f"{float(text):g}" if len(text) < 9 else str(int(float(text)))
    except ValueError:
        return text.removesuffix(" 00:00:00")


def _read_row(
    table: Table,
    columns: list[tuple[Column, int]],
    place: tuple[SheetOrigin, int],
    absent: frozenset[str],
    book: Book,
) -> Draft:
    origin, index = place
    row = origin.sheet.rows[index]
    values: dict[str, Any] = {}
    broken = set(absent)
    for column, number in columns:
        if number >= len(row):
            continue
        try:
            value = parse(column, row[number])
        except CellError as error:
            broken.add(column.field)
            words = named(column) | {"allowed": "、".join(column.words)} | error.words
            spot = origin.sheet.spot(index, number)
            book.issues.append(issue(error.code, spot, _cell_text(row[number]), **words))
        else:
            if value is not None:
                values[column.field] = value
    if not values and broken == absent:
        return Draft(index, origin, values, None)
    draft, issues = draft_row(table, values, (origin, index), frozenset(broken))
    book.issues.extend(issues)
    return draft


def _cell_text(cell: Raw) -> str:
    return cell if isinstance(cell, str) else str(cell)


def _read_settings(sheet: RawSheet, table: Table, book: Book) -> Iterator[Draft]:
    """Read the key/value sheet: setting in the first column, value in the second."""
    names = _names(table)
    origin = SettingsOrigin(sheet, {})
    values: dict[str, Any] = {}
    broken: set[str] = set()
    for index, row in enumerate(sheet.rows):
        key = row[0] if row else None
        if not _filled([key]) or plain(key) in {plain(SETTING_HEADERS[0]), "setting", "key"}:
            continue
        column = names.get(plain(key))
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
    draft, issues = draft_row(table, values, (origin, 0), frozenset(broken))
    book.issues.extend(issues)
    yield draft


def _read_setting(
    column: Column,
    cells: Sequence[Raw],
    place: tuple[SettingsOrigin, int],
    found: tuple[dict[str, Any], set[str]],
    book: Book,
) -> None:
    origin, _ = place
    values, broken = found
    for cell in cells:
        try:
            value = parse(column, cell)
        except CellError as error:
            broken.add(column.field)
            words = named(column) | {"allowed": "、".join(column.words)} | error.words
            spot = origin.spot(0, column.field)
            book.issues.append(issue(error.code, spot, _cell_text(cell), **words))
        else:
            if value is not None:
                values[column.field] = value
