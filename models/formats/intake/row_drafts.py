"""Drafts: the values read from each row, the location of each cell, and the issues so far.

The cross-checks work on drafts, so that a row with one bad cell still takes part in
the checks of its good cells, and every problem is reported at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import ValidationError

from models.formats.intake.field_errors import translate
from models.formats.intake.moments import NOWHERE, Around
from models.formats.intake.tables import CellKind, Column, Table
from models.issues import Issue
from models.messages import Spot, issue
from models.rows import Row
from models.vocabulary import Datum


class TableOrigin(Protocol):
    """Where the rows of one table were in the input."""

    def spot(self, index: int, field_name: str | None) -> Spot:
        """Return the place of one field of row ``index``; of the row if ``None``."""
        ...


@dataclass(slots=True)
class Draft:
    """One row: ``values`` are the fields that could be read, ``row`` is set if all could."""

    index: int
    origin: TableOrigin
    values: dict[str, Any]
    row: Row | None

    def spot(self, field_name: str | None = None) -> Spot:
        """Return the place of one field, or of the row."""
        return self.origin.spot(self.index, field_name)

    def get(self, field_name: str) -> Any:
        """Return the value of a field; the default if the row is whole, else ``None``."""
        if self.row is not None:
            return getattr(self.row, field_name, None)
        return self.values.get(field_name)

    def put(self, field_name: str, value: Any) -> None:
        """Replace the value of a field by one that is known to be valid."""
        self.values = {**self.values, field_name: value}
        if self.row is not None:
            self.row = self.row.model_copy(update={field_name: value})


@dataclass
class Book:
    """All tables read from one input, every issue found in it, and remarks on how it was read.

    ``around`` is what its cells do not say themselves; ``unnumbered`` are rows without an id;
    ``datum`` is the system of its coordinates until they are converted.
    """

    tables: tuple[Table, ...]
    drafts: dict[str, list[Draft]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    label: str = ""
    remarks: list[Issue] = field(default_factory=list)
    around: Around = NOWHERE
    unnumbered: list[tuple[str, Draft]] = field(default_factory=list)
    datum: Datum = Datum.WGS84

    def remark(self, told: Issue) -> None:
        """Keep a remark: something was read in a way that the office should know of."""
        self.remarks.append(told)

    def rows(self, name: str) -> list[Draft]:
        """Return the drafts of one table, empty if the table is not there."""
        return self.drafts.get(name, [])

    def title(self, name: str) -> str:
        """Return the Chinese title of a table."""
        return next(table.title for table in self.tables if table.name == name)


def draft_row(
    table: Table, values: dict[str, Any], place: tuple[TableOrigin, int], broken: frozenset[str]
) -> tuple[Draft, list[Issue]]:
    """Validate one row; ``broken`` fields were reported already and are left out.

    Returns
    -------
    tuple
        The draft and the issues of its values.
    """
    origin, index = place
    try:
        row = None if broken else table.row.model_validate(values)
        errors: list[Any] = []
        if broken:
            table.row.model_validate(values)
    except ValidationError as caught:
        row, errors = None, list(caught.errors(include_url=False))
    errors = [e for e in errors if not (e["loc"] and e["loc"][0] in broken)]
    bad = {str(e["loc"][0]) for e in errors if e["loc"]}
    draft = Draft(index, origin, {k: v for k, v in values.items() if k not in bad}, row)
    return draft, explain(table, draft, errors, values)


def explain(table: Table, draft: Draft, errors: list[Any], values: dict[str, Any]) -> list[Issue]:
    """Turn pydantic's errors of one row into issues, one per place and code."""
    swapped = _swapped(draft, values)
    found: dict[tuple[Spot, str], Issue] = {}
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else ""
        if swapped and name in {"lon", "lat"}:
            continue
        made = _explain_one(table, draft, error)
        found.setdefault((Spot(made.table, made.cell), made.code), made)
    return [*swapped, *found.values()]


def _explain_one(table: Table, draft: Draft, error: Any) -> Issue:
    location = error["loc"]
    column = table.by_field.get(str(location[0])) if location else None
    if column is None:
        return _explain_row(table, draft, error)
    code, words = translate(error, column)
    value = "" if error["type"] == "missing" else error["input"]
    return issue(code, draft.spot(column.field), value, **named(column), **words)


def _explain_row(table: Table, draft: Draft, error: Any) -> Issue:
    name = str(error["loc"][0]) if error["loc"] else None
    allowed = "、".join(column.title for column in table.columns)
    allowed_en = ", ".join(table.by_field)
    if error["type"] == "extra_forbidden":
        words = {"word": name, "allowed": allowed, "allowed_en": allowed_en}
        return issue("unknown_field", draft.spot(name), error["input"], **words)
    expected = {"expected": "一个对象", "expected_en": "an object"}
    return issue("json_shape", draft.spot(name), error["input"], **expected)


def named(column: Column) -> dict[str, object]:
    """Return the words that name a column in a sentence."""
    return {"column": column.title, "field": column.field}


def _swapped(draft: Draft, values: dict[str, Any]) -> list[Issue]:
    lon, lat = values.get("lon"), values.get("lat")
    if not isinstance(lon, (int, float)) or not isinstance(lat, (int, float)):
        return []
    if not (3 <= lon <= 54 and 73 <= lat <= 136):
        return []
    return [issue("coordinates_swapped", draft.spot("lon"), f"{lon}, {lat}", lon=lon, lat=lat)]


def hint(word: str, known: Iterable[str]) -> dict[str, str]:
    """Return "did you mean …" in both languages, empty if nothing is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if not close:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"是不是“{close[0]}”？", "hint_en": f"Maybe {close[0]}. "}


def without_id(table: Table, values: dict[str, Any]) -> bool:
    """Whether a row has a name but no id, so that it is given one."""
    return "id" in table.by_field and values.get("id") in (None, "") and bool(values.get("name"))


def provisional_id(table: Table, index: int) -> str:
    """Return the id of a row that has none, until all rows are read."""
    return f"?{table.name}-{index}"


def is_reference(column: Column) -> bool:
    """Whether a column holds ids, so that its raw text may be used before validation."""
    return CellKind.ID in {column.kind, column.item}
