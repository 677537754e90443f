"""Reads the rows below a header into drafts.

A row whose cell in the table's first column begins with ``示例`` and a blank or colon is an example
of the template: no id, date or word can look like that, since ids hold neither. It is skipped if
untouched and reported if edited. A cell that names several people stands for a row each.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import Raw, parse
from models.formats.intake.moments import Around, parse_date, parse_span
from models.formats.intake.row_drafts import (
    Book,
    Draft,
    draft_row,
    named,
    provisional_id,
    without_id,
)
from models.formats.intake.tables import Column, Table
from models.formats.sheet_cells import SheetOrigin, cell_text, filled
from models.messages import Spot, issue
from models.vocabulary import Part

EXAMPLE_MARK = "示例 "
_EXAMPLE = re.compile(r"^(示例|example)[\s:：]", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BLANK = (None, "")
_HALF_DAY = re.compile(r"^(.*\d[日号]?)\s*(上午|下午)$")
_PEOPLE = re.compile(r"[、,，;；/\n]+")
_FOR_SEVERAL = {"leave", "wishes", "conflicts", "pairs"}
"""Tables in which a cell may name several people."""


def read_rows(table: Table, origin: SheetOrigin, header: int, book: Book) -> Iterator[Draft]:
    """Read every row of a sheet below its header."""
    sheet, places = origin.sheet, origin.places
    has_name = "name" in places
    missing = [
        c for c in table.columns
        if c.required and c.field not in places and not (c.field == "id" and has_name)
    ]  # fmt: skip
    body = [
        index
        for index in range(header + 1, len(sheet.rows))
        if filled(sheet.rows[index]) and not _is_example(index, table, origin, book)
    ]
    if body:
        spot = Spot(sheet.label or sheet.title, f"A{header + 1}")
        book.issues.extend(
            issue("missing_column", spot, word=c.title, field=c.field) for c in missing
        )
    absent = frozenset(column.field for column in missing)
    columns = [(table.by_field[name], place) for name, place in places.items()]
    around = Around(book.around.month, sheet.epoch)
    for index in body:
        values, broken = _cells(columns, (origin, index), around, book)
        if not values and not broken:
            continue
        for each in _for_each(table, values):
            yield _draft(table, each, (origin, index), broken | absent, book)


def _cells(
    columns: list[tuple[Column, int]], place: tuple[SheetOrigin, int], around: Around, book: Book
) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the values of one row, and the fields that could not be read."""
    origin, index = place
    row = origin.sheet.rows[index]
    values: dict[str, Any] = {}
    broken = set[str]()
    for column, number in columns:
        if number >= len(row) or row[number] in _BLANK:
            continue
        try:
            value = parse(column, row[number], around)
        except CellError as error:
            span = _span(column, row[number], around)
            if span and not ("part" in span and _has_other_end(columns, row, span, around)):
                values |= {name: value for name, value in span.items() if name not in values}
                continue
            broken.add(column.field)
            words = named(column) | {"allowed": "、".join(column.words)} | error.words
            spot = origin.sheet.spot(index, number)
            book.issues.append(issue(error.code, spot, cell_text(row[number]), **words))
        else:
            if value is not None:
                values[column.field] = value
    return values, frozenset(broken)


def _span(column: Column, raw: Raw, around: Around) -> dict[str, Any]:
    """Return both days of a leave written into the cell of its first, and the half day behind it."""
    if column.field != "first":
        return {}
    half = _HALF_DAY.match(raw) if isinstance(raw, str) else None
    text = half[1] if half else raw
    part = {"part": Part.AM if half[2] == "上午" else Part.PM} if half else {}
    try:
        days = parse_span(text, around)
        first, last = days or (parse_date(text, around),) * 2
    except CellError:
        return {}
    return {"first": first, "last": last} | part


def _has_other_end(
    columns: list[tuple[Column, int]], row: list[Raw], span: dict[str, Any], around: Around
) -> bool:
    """Whether the row ends on another day, so that a half day behind its first day is unclear."""
    cells = [(c, row[n]) for c, n in columns if c.field == "last" and n < len(row)]
    try:
        ends = {parse(column, raw, around) for column, raw in cells}
    except CellError:
        return True
    return bool(ends - {None, span["first"]})


def _for_each(table: Table, values: dict[str, Any]) -> list[dict[str, Any]]:
    person = values.get("person")
    if table.name not in _FOR_SEVERAL or not isinstance(person, str):
        return [values]
    people = [name for name in map(str.strip, _PEOPLE.split(person)) if name]
    return [values | {"person": name} for name in people] or [values]


def _draft(
    table: Table,
    values: dict[str, Any],
    place: tuple[SheetOrigin, int],
    broken: frozenset[str],
    book: Book,
) -> Draft:
    is_unnumbered = "id" not in broken and without_id(table, values)
    if is_unnumbered:
        values["id"] = provisional_id(table, place[1])
    draft, issues = draft_row(table, values, place, broken)
    book.issues.extend(issues)
    if is_unnumbered:
        book.unnumbered.append((table.name, draft))
    return draft


def _is_example(index: int, table: Table, origin: SheetOrigin, book: Book) -> bool:
    row = origin.sheet.rows[index]
    place = origin.places.get(table.columns[0].field)
    first = row[place] if place is not None and place < len(row) else row[0]
    if not (isinstance(first, str) and _EXAMPLE.match(first)):
        return False
    # Templates of earlier versions had fewer columns and other days.
    shown = Counter(_shown(cell) for cell in row if filled([cell]))
    expected = Counter(_shown(c.example) for c in table.columns if c.example != "")
    if shown - expected:
        book.issues.append(issue("example_edited", origin.spot(index, None), first))
    return True


def _shown(cell: Any) -> str:
    """Spell a cell the same way whether it is stored as text, number or date; all days alike."""
    text = _EXAMPLE.sub("", unicodedata.normalize("NFKC", str(cell)).strip()).strip()
    try:
        return f"{float(text):g}" if len(text) < 9 else str(int(float(text)))
    except ValueError:
        return _DAY.sub("day", text.removesuffix(" 00:00:00"))
