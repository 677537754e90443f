"""From the sheets of a workbook or CSV folder to drafts: which sheet is which table, and its header.

Conventions: the header is the first of the first ten rows that names most columns; rows above it (a
title, a print date) are skipped. Columns named 序号 or 备注 and sheets named 说明… or 备注… belong to the
office and are not read, nor is the list of issues of an earlier check. Titles may be those of the
office (``intake/titles.toml``); what was taken for what is remarked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from models.formats.intake.cells import Raw
from models.formats.intake.moments import EPOCH, Around
from models.formats.intake.row_drafts import Book, hint
from models.formats.intake.tables import Table
from models.formats.intake.titles import (
    column_aliases,
    column_names,
    header_table,
    plain,
    sheet_table,
)
from models.formats.sheet_cells import RawSheet, SheetOrigin, column_letters, filled
from models.formats.sheet_rows import read_rows
from models.formats.sheet_settings import planned_month, read_settings
from models.messages import Spot, issue

MAX_ROWS = 200_000
"""Rows read from one sheet."""
MAX_COLUMNS = 104
"""Columns A to CZ; the widest table has about thirty."""
HEADER_ROWS = 10
_OWN_COLUMNS = {"序号", "备注", "no.", "no", "remark", "remarks", "note", "序", "附注", "说明"}
ISSUE_SHEET = "问题清单"
"""The sheet that lists the issues of an earlier check."""
_OWN_SHEETS = ("说明", "备注", "readme", "notes", ISSUE_SHEET)


@dataclass
class _Matches:
    """Which sheet is read as which table."""

    sheets: dict[str, RawSheet] = field(default_factory=dict)
    taken: list[tuple[str, str]] = field(default_factory=list)


def read_sheets(
    sheets: Iterable[RawSheet], book: Book, passed_over: frozenset[str] = frozenset()
) -> None:
    """Read every sheet into drafts and issues of ``book``, except those titled ``passed_over``."""
    matches = _match([s for s in sheets if s.title not in passed_over], book)
    if matches.taken:
        shown = "、".join(f"“{title}”按“{table}”" for title, table in matches.taken)
        shown_en = ", ".join(f"{title} as {table}" for title, table in matches.taken)
        book.remark(issue("sheets_taken", Spot(book.label), shown=shown, shown_en=shown_en))
    settings = next((table for table in book.tables if table.is_settings), None)
    if settings:
        sheet = matches.sheets.get(settings.name)
        epoch = sheet.epoch if sheet else EPOCH
        month = planned_month(sheet, settings, Around(None, epoch)) if sheet else None
        book.around = Around(month or book.around.month, epoch)
    for table in book.tables:
        if table.name in matches.sheets:
            _read_sheet(matches.sheets[table.name], table, book)


def _match(sheets: Sequence[RawSheet], book: Book) -> _Matches:
    """Find the table of each sheet: by its exact title, an office's title, then by its header."""
    matches, left = _Matches(), list[RawSheet]()
    exact = {plain(n): t for t in book.tables for n in (t.title, t.name)}
    for sheet in sheets:
        table = exact.get(plain(sheet.title))
        if table is None:
            left.append(sheet)
        elif table.name in matches.sheets:
            spot = Spot(sheet.label or sheet.title)
            book.issues.append(issue("duplicate_sheet", spot, word=table.title))
        else:
            matches.sheets[table.name] = sheet
            if sheet.title.strip() not in (table.title, table.name):
                matches.taken.append((sheet.title, table.title))
    for sheet in left:
        if plain(sheet.title).startswith(_OWN_SHEETS) or not any(map(filled, sheet.rows)):
            continue
        table = _guess(sheet, [t for t in book.tables if t.name not in matches.sheets])
        if table is None:
            _unknown_sheet(sheet, book)
        else:
            matches.sheets[table.name] = sheet
            matches.taken.append((sheet.title, table.title))
    return matches


def _guess(sheet: RawSheet, free: Sequence[Table]) -> Table | None:
    """Return the table that the title means and whose columns the sheet has, or the header's."""
    head = sheet.rows[:HEADER_ROWS]
    named = sheet_table(sheet.title, free)
    if named and max((_score(row, named) for row in head), default=0) >= 2:
        return named
    return next((t for row in head if (t := header_table(row, free))), None)


def _score(row: Sequence[Raw], table: Table) -> int:
    names, aliases = column_names(table), column_aliases(table)
    cells = [plain(cell) for cell in row]
    return len({(names.get(c) or aliases[c]).field for c in cells if c in names or c in aliases})


def _unknown_sheet(sheet: RawSheet, book: Book) -> None:
    titles = [table.title for table in book.tables]
    words = hint(sheet.title, titles) | {"allowed": "、".join(titles)}
    spot = Spot(sheet.label or sheet.title)
    book.issues.append(issue("unknown_sheet", spot, word=sheet.title, **words))


def _read_sheet(sheet: RawSheet, table: Table, book: Book) -> None:
    drafts = book.drafts.setdefault(table.name, [])
    if len(sheet.rows) > MAX_ROWS:
        spot = Spot(sheet.label or sheet.title, f"A{MAX_ROWS + 1}")
        book.issues.append(issue("too_many_rows", spot, limit=MAX_ROWS))
        return
    wide = next((n for n, row in enumerate(sheet.rows) if filled(row[MAX_COLUMNS:])), None)
    if wide is not None:
        book.issues.append(issue("too_wide", sheet.spot(wide, MAX_COLUMNS), limit=MAX_COLUMNS))
        return
    _report_hidden(sheet, book)
    if table.is_settings:
        drafts.extend(read_settings(sheet, table, book))
        return
    header = _find_header(sheet, table, book)
    if header is not None:
        _report_merged(sheet, header, book)
        origin = SheetOrigin(sheet, _places(sheet, table, header, book))
        drafts.extend(read_rows(table, origin, header, book))


def _report_hidden(sheet: RawSheet, book: Book) -> None:
    """Remark that what is hidden was read as well, with its number."""
    spot = Spot(sheet.label or sheet.title)
    if sheet.is_hidden:
        book.remark(issue("hidden_sheet", spot))
    if sheet.hidden_rows or sheet.hidden_columns:
        rows = [str(row + 1) for row in sheet.hidden_rows]
        columns = [column_letters(column) for column in sheet.hidden_columns]
        words = {"rows": len(rows), "columns": len(columns)}
        words_zh = "、".join(
            [*(f"第 {row} 行" for row in rows[:10]), *(f"{c} 列" for c in columns[:10])]
        )
        shown = {"shown": words_zh, "shown_en": ", ".join([*rows[:10], *columns[:10]])}
        book.remark(issue("hidden_cells", spot, **words, **shown))


def _report_merged(sheet: RawSheet, header: int, book: Book) -> None:
    for top, left, bottom, right in sheet.merged:
        if bottom >= header:
            area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
            spot = Spot(sheet.label or sheet.title, area)
            book.issues.append(issue("merged_cells", spot))


def _find_header(sheet: RawSheet, table: Table, book: Book) -> int | None:
    """Return the row that names most columns; a sheet without any content has none."""
    names = column_names(table)
    scores = [sum(plain(cell) in names for cell in row) for row in sheet.rows[:HEADER_ROWS]]
    if max(scores, default=0) < 2:
        wider = [_score(row, table) for row in sheet.rows[:HEADER_ROWS]]
        scores = wider if max(wider, default=0) > max(scores, default=0) else scores
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    if any(filled(row) for row in sheet.rows):
        allowed = "、".join(column.title for column in table.columns)
        spot = Spot(sheet.label or sheet.title, "A1")
        book.issues.append(issue("no_header", spot, allowed=allowed))
    return None


def _places(sheet: RawSheet, table: Table, header: int, book: Book) -> dict[str, int]:
    """Return the column number of each field that the header names, exactly or as offices do."""
    names, places, others = column_names(table), dict[str, int](), list[int]()
    for number, cell in enumerate(sheet.rows[header]):
        column = names.get(plain(cell))
        if column is None:
            others.append(number)
        elif column.field in places:
            other = sheet.spot(header, places[column.field]).cell
            spot = sheet.spot(header, number)
            book.issues.append(issue("duplicate_column", spot, word=column.title, other=other))
        else:
            places[column.field] = number
    for number in others:
        _other_column(sheet, table, (header, number), places, book)
    return places


def _other_column(
    sheet: RawSheet, table: Table, place: tuple[int, int], places: dict[str, int], book: Book
) -> None:
    header, number = place
    title = str(sheet.rows[header][number] or "").strip()
    if plain(title) in _OWN_COLUMNS:
        return
    spot = sheet.spot(header, number)
    column = column_aliases(table).get(plain(title))
    if column is not None and column.field not in places:
        places[column.field] = number
        book.remark(issue("column_taken", spot, title, word=title, title=column.title))
    elif title:
        _unknown_column(table, spot, title, book)
    else:
        below = (row[number] for row in sheet.rows[header + 1 :] if number < len(row))
        value = next((cell for cell in below if filled([cell])), None)
        if value is not None:
            book.remark(issue("headerless_column", spot, value))


def _unknown_column(table: Table, spot: Spot, title: str, book: Book) -> None:
    """Refuse a title that looks misspelt; remark a column of the office's own."""
    titles = [column.title for column in table.columns]
    words = hint(title, [*titles, *table.by_field])
    if words["hint"]:
        allowed = {"allowed": "、".join(titles)}
        book.issues.append(issue("unknown_column", spot, title, word=title, **words, **allowed))
    else:
        book.remark(issue("column_unread", spot, title, word=title))
