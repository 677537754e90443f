"""A roster as five flat tables; read back so that plans made by hand can be checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from models.formats import csv_folder
from models.formats.document import JsonOrigin, unknown_tables
from models.formats.edited_sheets import ORIGINAL, EditedSheets, RosterNames, read_original
from models.formats.intake.cross_checks import duplicate_rows
from models.formats.intake.moments import parse_month
from models.formats.intake.references import ROSTER_REFERENCES, KnownIds, dangling
from models.formats.intake.row_drafts import Book, Draft
from models.formats.intake.tables import Table, instance_tables, roster_tables
from models.formats.read import read_book
from models.formats.sheet_cells import RawSheet
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.places import Post
from models.roster import Roster
from models.rows import Row

_KEYS = (
    ("advisers", ("village", "person")),
    ("mediators", ("site", "person")),
    ("duties", ("post", "date", "part", "person")),
    ("visits", ("village", "person", "date", "part")),
    ("stations", ("village", "host")),
)


RESULT_SHEETS = frozenset(
    {
        ORIGINAL,
        "公示表",
        "月历",
        "顾问名单",
        "调解员名单",
        "固定站与流动点",
        "内部值班表",
        "机构派班份额",
        "后备名单",
        "机构派人",
        "缺岗清单",
        "未满足清单",  # of workbooks written before it was called 缺岗清单
        "超员清单",
        "豁免清单",
        "公平与负荷",
        "分担明细",
        "与原方案差异",
        "附录",
    }
)
"""Sheets of a written roster workbook that are for reading; only its flat tables are read back."""


def roster_rows(roster: Roster) -> list[tuple[Table, Sequence[Row]]]:
    """Return the five tables of a roster with their rows."""
    return [(table, getattr(roster, table.name)) for table in roster_tables()]


def write_roster_csv_folder(roster: Roster, folder: Path | str) -> None:
    """Write a roster as five CSV files."""
    csv_folder.write_tables(roster_rows(roster), Path(folder))


def read_roster(path: Path | str, instance: Instance) -> Roster:
    """Read a roster for ``instance`` from roster.json, a workbook or a folder of CSV files.

    A JSON document names its month; tables are of the month of the instance. A roster is only
    required to be checkable: ids exist, and dates and parts are those of the posts.

    Raises
    ------
    InputError
        With every issue found.
    """
    return read_edited(path, instance).roster


class EditedRoster(NamedTuple):
    """A roster as it was read, the plan that its file was written with, and the printed sheets."""

    roster: Roster
    before: Roster | None
    printed: tuple[RawSheet, ...]


def read_edited(path: Path | str, instance: Instance) -> EditedRoster:
    """Read a roster with what its file says of the plan before it was edited. See ``read_roster``."""
    kept: list[RawSheet] = []
    before: list[Roster | None] = []

    def settled(sheets: list[RawSheet]) -> tuple[list[RawSheet], list[Issue]]:
        kept.extend(sheet for sheet in sheets if sheet.title in RESULT_SHEETS - {ORIGINAL})
        before.append(read_original(sheets))
        edited = EditedSheets(RosterNames(instance), before[0])
        return edited.settle(sheets), edited.issues

    book, extra = read_book(Path(path), roster_tables(), RESULT_SHEETS, settled)
    roster = _checked(book, extra, instance)
    return EditedRoster(roster, before[0] if before else None, tuple(kept))


def _checked(book: Book, extra: dict[str, Any], instance: Instance) -> Roster:
    """Return the roster of a book, or raise all its issues."""
    month = extra.pop("month", instance.settings.month)
    made_from = extra.pop("instance", "")
    book.issues.extend(unknown_tables(extra, book))
    heads = list(_heads(month, made_from, book))
    if not heads:
        settings = instance.settings.model_copy(update={"month": month})
        instance = instance.model_copy(update={"settings": settings})
    issues = [*book.issues, *heads, *_checks(book, instance)]
    if issues:
        raise InputError(issues)
    rows = {table.name: tuple(d.row for d in book.rows(table.name)) for table in book.tables}
    return Roster.model_validate({"month": month, "instance": made_from, **rows})


def check_rows(roster: Roster, instance: Instance) -> None:
    """Ensure that the rows of a roster can be checked against ``instance``, as for a file.

    Raises
    ------
    InputError
        With every unknown id, and every duty without a slot.
    """
    book = Book(roster_tables(), label="$")
    for table, rows in roster_rows(roster):
        origin = JsonOrigin("", f"$.{table.name}")
        book.drafts[table.name] = [
            Draft(number, origin, row.model_dump(), row) for number, row in enumerate(rows)
        ]
    settings = instance.settings.model_copy(update={"month": roster.month})
    issues = list(_checks(book, instance.model_copy(update={"settings": settings})))
    if issues:
        raise InputError(issues)


def _heads(month: Any, made_from: Any, book: Book) -> Iterator[Issue]:
    try:
        parse_month(month)
    except ValueError:
        yield issue("roster_month", Spot(book.label, "$.month"), month, word=month)
    if not isinstance(made_from, str):
        words = {"expected": "文字", "expected_en": "text"}
        yield issue("json_shape", Spot(book.label, "$.instance"), made_from, **words)


def _checks(book: Book, instance: Instance) -> Iterator[Issue]:
    if not any(table.name in book.drafts for table in book.tables):
        allowed = "、".join(table.title for table in book.tables)
        yield issue("roster_empty", Spot(book.label), allowed=allowed)
    yield from dangling(book, ROSTER_REFERENCES, _known(instance))
    yield from duplicate_rows(book, _KEYS)
    yield from _dates(book, instance)
    yield from _slots(book, instance)


def _known(instance: Instance) -> KnownIds:
    titles = {table.name: table.title for table in instance_tables()}
    names = ("villages", "sites", "posts", "people", "firms")
    return KnownIds({name: {row.id for row in getattr(instance, name)} for name in names}, titles)


def _dates(book: Book, instance: Instance) -> Iterator[Issue]:
    month = instance.settings.month
    for name in ("duties", "visits"):
        for draft in book.rows(name):
            date = draft.get("date")
            if isinstance(date, dt.date) and f"{date:%Y-%m}" != month:
                yield issue("date_outside_month", draft.spot("date"), str(date), month=month)


def _slots(book: Book, instance: Instance) -> Iterator[Issue]:
    """Yield the duties without a slot in the month."""
    duties = [draft for draft in book.rows("duties") if draft.row is not None]
    if not duties:
        return
    # Late: the calendar tables are only needed when there are duties.
    from models.slots import expand

    month = instance.settings.month
    dates = {(slot.post.id, slot.date) for slot in expand(instance, month)}
    for draft in duties:
        post = instance.post_by_id.get(draft.get("post"))
        if post is not None and f"{draft.get('date'):%Y-%m}" == month:
            yield from _slot(draft, post, (post.id, draft.get("date")) in dates)


def _slot(draft: Draft, post: Post, is_day: bool) -> Iterator[Issue]:
    part = draft.get("part")
    if part not in post.parts:
        allowed = "、".join(p.label for p in post.parts)
        words = {"word": post.id, "allowed": allowed}
        yield issue("duty_wrong_part", draft.spot("part"), part.label, **words)
    if not is_day:
        yield issue("duty_no_slot", draft.spot("date"), str(draft.get("date")), word=post.id)
