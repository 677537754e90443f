"""Tables: sheet titles and columns, derived from the fields of the pydantic rows.

A table is one field of ``Instance`` (or ``Roster``); its columns are the fields of the
row type: ``title`` is the header, ``description`` the note, ``examples`` the template.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from models.instance import Instance
from models.recurrence import Recurrence
from models.rows import Clock, Id, Link, Month, Row
from models.vocabulary import Term

SETTINGS = "settings"
"""The one table that is not a list of rows but a key/value sheet."""


class CellKind(Enum):
    """What a cell of a column holds; it selects the codec."""

    __hash__ = (
        object.__hash__
    )  # every cell is looked up by its kind, and Enum's own is four times slower

    ID = "id"
    TEXT = "text"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    TERM = "term"
    DATE = "date"
    MONTH = "month"
    CLOCK = "clock"
    RECURRENCE = "recurrence"
    LINK = "link"
    LIST = "list"
    MAP = "map"


_SCALARS: dict[type, CellKind] = {
    bool: CellKind.BOOL,
    int: CellKind.INT,
    float: CellKind.FLOAT,
    dt.date: CellKind.DATE,
    Recurrence: CellKind.RECURRENCE,
}
_ALIASES: tuple[tuple[Any, CellKind], ...] = (
    (Id, CellKind.ID),
    (Clock, CellKind.CLOCK),
    (Month, CellKind.MONTH),
    (Link, CellKind.LINK),
)


@dataclass(frozen=True)
class Column:
    """One column: ``field`` is the English header, ``title`` the Chinese one."""

    field: str
    title: str
    note: str
    example: Any
    kind: CellKind
    item: CellKind | None
    term: type[Term] | None
    required: bool
    default: Any

    @property
    def words(self) -> tuple[str, ...]:
        """The Chinese words allowed in a cell, empty if any text is."""
        if self.kind is CellKind.BOOL:
            return ("是", "否")
        return tuple(member.label for member in self.term) if self.term else ()


@dataclass(frozen=True, eq=False)
class Table:
    """One table: ``name`` is the field of the instance, ``title`` the sheet."""

    name: str
    title: str
    row: type[Row]
    columns: tuple[Column, ...]

    @cached_property
    def by_field(self) -> dict[str, Column]:
        """Columns by field name."""
        return {column.field: column for column in self.columns}

    @property
    def is_settings(self) -> bool:
        """Whether this is the key/value sheet."""
        return self.name == SETTINGS


@cache
def instance_tables() -> tuple[Table, ...]:
    """Return the tables of an instance, in the order of its fields."""
    return _tables_of(Instance)


@cache
def roster_tables() -> tuple[Table, ...]:
    """Return the five tables of a roster: seats, seats, duties, visits, stations."""
    # Late: a blank template must not wait for types that it does not use.
    from models.roster import Roster

    return _tables_of(Roster)


@cache
def happened_tables() -> tuple[Table, ...]:
    """Return the tables of what happened in a month: attendance, and work beyond the roster."""
    from models.attendance import Happened  # late: only these tables need it

    return _tables_of(Happened)


def _tables_of(document: type[BaseModel]) -> tuple[Table, ...]:
    found = []
    for name, info in document.model_fields.items():
        row = _row_type(info.annotation)
        if row is not None:
            found.append(table_of(name, info.title or name, row))
    return tuple(found)


def table_of(name: str, title: str, row: type[Row]) -> Table:
    """Return the table whose rows are of this type."""
    return Table(name, title, row, _columns(row))


def _row_type(annotation: Any) -> type[Row] | None:
    candidates = typing.get_args(annotation) or (annotation,)
    first = candidates[0]
    return first if isinstance(first, type) and issubclass(first, Row) else None


def _columns(row: type[Row]) -> tuple[Column, ...]:
    hints = typing.get_type_hints(row, include_extras=True)
    return tuple(_column(name, info, hints[name]) for name, info in row.model_fields.items())


def _column(name: str, info: FieldInfo, hint: Any) -> Column:
    bare = _without_none(hint)
    kind, item, term = _shape(bare)
    default = info.get_default(call_default_factory=True, validated_data={})
    return Column(
        field=name,
        title=info.title or name,
        note=info.description or "",
        example=(info.examples or [""])[0],
        kind=kind,
        item=item,
        term=term,
        required=info.is_required(),
        default=None if default is PydanticUndefined else default,
    )


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        return next(arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint


def _shape(hint: Any) -> tuple[CellKind, CellKind | None, type[Term] | None]:
    """Return kind, kind of the items, and the word list of a bare type."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        kind, _, term = _shape(args[0])
        return CellKind.LIST, kind, term
    if origin is dict:
        kind, _, _ = _shape(args[1])
        return CellKind.MAP, kind, args[0]
    return _scalar(hint, args)


def _scalar(
    hint: Any, args: tuple[Any, ...]
) -> tuple[CellKind, CellKind | None, type[Term] | None]:
    for alias, kind in _ALIASES:
        if hint == alias:
            return kind, None, None
    base = args[0] if args else hint
    if issubclass(base, Term):
        return CellKind.TERM, None, base
    return _SCALARS.get(base, CellKind.TEXT), None, None
