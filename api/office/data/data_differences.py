"""What other data would change against those in use: rows that come, go and change, table by table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from models.formats.intake.row_words import RowWords
from models.formats.intake.tables import Table, instance_tables
from models.instance import Instance
from models.rows import Row


class FieldDifference(NamedTuple):
    """One field of a row, in words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedRow:
    """A row that stays, with the fields that change."""

    name: str
    fields: tuple[FieldDifference, ...]


@dataclass(frozen=True)
class TableDifference:
    """What changes in one table; rows are named, and only rows with an id can change."""

    table: str
    title: str
    before: int
    after: int
    came: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[ChangedRow, ...]


def data_differences(before: Instance, after: Instance) -> tuple[TableDifference, ...]:
    """Return what changes in each table that changes at all, the settings first."""
    old, new = RowWords(before), RowWords(after)
    found = (_difference(table, old, new) for table in instance_tables())
    return tuple(one for one in found if one.came or one.gone or one.changed)


def _difference(table: Table, old: RowWords, new: RowWords) -> TableDifference:
    before, after = old.rows(table), new.rows(table)
    if table.is_settings:
        rows = [(table.title, before[0], after[0])]
        came, gone = [], []
    elif "id" in table.by_field:
        was, now = _by_id(before), _by_id(after)
        rows = [(new.name(table, now[i]), was[i], now[i]) for i in now if i in was]
        came = [new.name(table, row) for i, row in now.items() if i not in was]
        gone = [old.name(table, row) for i, row in was.items() if i not in now]
    else:
        held, holds = Counter(before), Counter(after)
        rows = []
        came = [new.name(table, row) for row in (holds - held).elements()]
        gone = [old.name(table, row) for row in (held - holds).elements()]
    changed = (
        ChangedRow(name, tuple(_fields(table, (old, one), (new, other))))
        for name, one, other in rows
        if one != other
    )
    return TableDifference(
        table=table.name,
        title=table.title,
        before=len(before),
        after=len(after),
        came=tuple(came),
        gone=tuple(gone),
        changed=tuple(changed),
    )


def _fields(
    table: Table, before: tuple[RowWords, Row], after: tuple[RowWords, Row]
) -> Iterator[FieldDifference]:
    (old, one), (new, other) = before, after
    for column in table.columns:
        if getattr(one, column.field) != getattr(other, column.field):
            said = old.value(table, column, one), new.value(table, column, other)
            yield FieldDifference(column.title, *said)


def _by_id(rows: tuple[Row, ...]) -> dict[str, Row]:
    return {row.id: row for row in rows}  # type: ignore[attr-defined]
