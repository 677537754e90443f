"""Roster sheets as people edit them: names beside codes, and the plan as it was in a hidden sheet.

Who changes a plan types a name, a code or both. Where name and code of a row no longer agree, the one that was
changed counts; the hidden sheet tells which one that is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import Raw, encode, parse
from models.formats.intake.tables import Table, roster_tables
from models.formats.intake.titles import plain
from models.formats.sheet_cells import RawSheet
from models.formats.sheets import HEADER_ROWS
from models.instance import Instance
from models.issues import Issue
from models.messages import issue
from models.roster import Roster

ORIGINAL = "原安排"
"""The hidden sheet with the plan as it was written."""


class Named(NamedTuple):
    """A column of ids, and the columns beside it that say what an id means."""

    field: str
    titles: tuple[str, ...]


NAMED = {
    "advisers": (Named("village", ("村居",)), Named("person", ("法律顾问",))),
    "mediators": (Named("site", ("站点",)), Named("person", ("调解员",))),
    "duties": (Named("post", ("值班地点", "值班岗位")), Named("person", ("值班人员",))),
    "visits": (Named("village", ("村居",)), Named("person", ("法律顾问",))),
    "stations": (Named("village", ("村居",)), Named("host", ("固定站",))),
}
TOWNSHIP, WEEKDAY, HOURS = "乡镇", "星期", "起止时间"
SHOWN = (TOWNSHIP, WEEKDAY, HOURS)
"""Columns that are only shown; what is typed there is passed over."""


class RosterNames:
    """What people read in place of the ids of an instance."""

    def __init__(self, instance: Instance) -> None:
        sites = {site.id: site.name for site in instance.sites}
        villages = {village.id: (village.name,) for village in instance.villages}
        self._words: dict[str, Mapping[str, tuple[str, ...]]] = {
            "person": {person.id: (person.name,) for person in instance.people},
            "village": villages,
            "host": villages,
            "site": {site: (name,) for site, name in sites.items()},
            "post": {p.id: (sites.get(p.site, p.site), p.name) for p in instance.posts},
        }
        self._ids: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for name, known in self._words.items():
            for key, words in known.items():
                self._ids.setdefault((name, _plain(words)), []).append(key)

    def of(self, name: str, key: str) -> tuple[str, ...] | None:
        """Return the words of an id in a field, None if there is no such id."""
        return self._words[name].get(key)

    def ids(self, name: str, words: Iterable[Raw]) -> list[str]:
        """Return the ids that words may mean in a field."""
        return self._ids.get((name, _plain(words)), [])


def original_rows(roster: Roster) -> Iterator[tuple[str, str]]:
    """Yield the rows of the hidden sheet."""
    yield "month", roster.month
    yield "instance", roster.instance
    for table in roster_tables():
        for row in getattr(roster, table.name):
            yield table.name, row.model_dump_json()


def read_original(sheets: Iterable[RawSheet]) -> Roster | None:
    """Return the plan of the hidden sheet, None if it is not there or was spoilt."""
    rows = next((sheet.rows for sheet in sheets if sheet.title == ORIGINAL), [])
    content: dict[str, Any] = {table.name: [] for table in roster_tables()}
    try:
        for name, text, *_ in rows:
            if isinstance(content.get(str(name)), list):
                content[str(name)].append(json.loads(str(text)))
            else:
                content[str(name)] = "" if text is None else str(text)
        return Roster.model_validate(content)
    except ValueError:  # pydantic's and json's too
        return None


@dataclass
class EditedSheets:
    """Carries what was typed into columns of names over to the columns of ids.

    Parameters
    ----------
    names
        Of the people and places of the instance.
    before
        The plan as it was, None if that is not known.
    """

    names: RosterNames
    before: Roster | None
    issues: list[Issue] = field(default_factory=list)

    def settle(self, sheets: Iterable[RawSheet]) -> list[RawSheet]:
        """Return the sheets without columns of names, and keep an issue for each doubtful row."""
        tables = {plain(word): t for t in roster_tables() for word in (t.title, t.name)}
        return [
            self._settled(sheet, tables[plain(sheet.title)])
            if plain(sheet.title) in tables
            else sheet
            for sheet in sheets
        ]

    def _settled(self, sheet: RawSheet, table: Table) -> RawSheet:
        extra = {plain(title) for one in NAMED[table.name] for title in one.titles}
        titles = {plain(w): c.field for c in table.columns for w in (c.title, c.field)}
        header = _header(sheet, extra | set(titles))
        if header is None:
            return sheet
        places = {plain(cell): n for n, cell in enumerate(sheet.rows[header])}
        columns = {titles[word]: n for word, n in places.items() if word in titles}
        _complete(sheet, header, table, columns)
        originals = self._originals(table)
        for index in range(header + 1, len(sheet.rows)):
            row = _NamedRow(sheet, index, table, columns)
            for one in (one for one in NAMED[table.name] if one.field in columns):
                cells = [places[plain(t)] for t in one.titles if plain(t) in places]
                self._settle(row, one, cells if len(cells) == len(one.titles) else [], originals)
        return _without(sheet, header, extra)

    def _originals(self, table: Table) -> set[tuple[str, ...]]:
        rows = getattr(self.before, table.name) if self.before else ()
        return {
            tuple(str(encode(c, getattr(row, c.field)) or "") for c in table.columns if _is_key(c))
            for row in rows
        }

    def _settle(
        self, row: _NamedRow, one: Named, cells: list[int], originals: set[tuple[str, ...]]
    ) -> None:
        """Choose between the id and the name of a row; a name may stand in the place of the id."""
        words, key = [row.cell(n) for n in cells], row.text(one.field)
        known = self.names.of(one.field, key)
        is_named = any(str(word or "").strip() for word in words)
        if key and known is None:
            self._put(row, one.field, key.split("·") if one.field == "post" else [key])
        elif is_named and not key:
            self._put(row, one.field, words)
        elif is_named and known is not None and _plain(known) != _plain(words):
            self._decide(row, one, words, originals)

    def _decide(
        self, row: _NamedRow, one: Named, words: Sequence[Raw], originals: set[tuple[str, ...]]
    ) -> None:
        """Take the name where the id is the original one, keep the id where the name is."""
        meant = self.names.ids(one.field, words)
        for ignored in ((), ("date", "part")):
            known = {row.shortened(key, ignored) for key in originals}
            by_id = row.shortened(row.key(), ignored) in known
            by_name = any(
                row.shortened(row.key({one.field: other}), ignored) in known for other in meant
            )
            if by_id != by_name:
                if by_id:
                    self._put(row, one.field, words)
                return
        key = row.text(one.field)
        shown = _joined(self.names.of(one.field, key) or ())
        told = {"word": key, "name": shown, "other": _joined(words)}
        self.issues.append(issue("name_and_id", row.spot(one.field), **told))

    def _put(self, row: _NamedRow, name: str, words: Sequence[Raw]) -> None:
        """Write the id that words mean, or the words where none is meant; several are told."""
        meant = self.names.ids(name, words)
        if len(meant) > 1:
            told = {"word": _joined(words), "ids": "、".join(meant)}
            self.issues.append(issue("roster_namesakes", row.spot(name), **told))
        row.put(name, meant[0] if meant else _joined(words))


@dataclass
class _NamedRow:
    """One row of a sheet with names beside ids."""

    sheet: RawSheet
    index: int
    table: Table
    columns: Mapping[str, int]

    def cell(self, column: int) -> Raw:
        """Return a cell; a row may be shorter than its header."""
        cells = self.sheet.rows[self.index]
        return cells[column] if column < len(cells) else None

    def put(self, name: str, word: str) -> None:
        """Write a word into the column of a field."""
        cells = self.sheet.rows[self.index]
        cells.extend([None] * (self.columns[name] + 1 - len(cells)))
        cells[self.columns[name]] = word

    def key(self, instead: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return what tells the row from others, with other ids if given."""
        known = instead or {}
        keys = [column.field for column in self.table.columns if _is_key(column)]
        return tuple(known.get(name, self.text(name)) for name in keys)

    def shortened(self, key: tuple[str, ...], ignored: tuple[str, ...]) -> tuple[str, ...]:
        """Return a key without some fields."""
        names = [column.field for column in self.table.columns if _is_key(column)]
        return tuple(word for name, word in zip(names, key, strict=True) if name not in ignored)

    def spot(self, name: str) -> Any:
        """Return the place of a field."""
        return self.sheet.spot(self.index, self.columns[name])

    def text(self, name: str) -> str:
        """Return what stands in a field as it would be written, empty if nothing."""
        column = self.table.by_field[name]
        raw = self.cell(self.columns[name]) if name in self.columns else None
        try:
            return str(encode(column, parse(column, raw)) or "")
        except CellError:
            return str(raw or "")


def _is_key(column: Any) -> bool:
    return column.field not in {"lecture", "standby", "firm"}


def _plain(words: Iterable[Raw]) -> tuple[str, ...]:
    return tuple(map(plain, words))


def _joined(words: Iterable[Raw]) -> str:
    return "·".join(str(word or "") for word in words)


def _header(sheet: RawSheet, titles: set[str]) -> int | None:
    """Return the row of the first ten that names most columns."""
    scores = [sum(plain(cell) in titles for cell in row) for row in sheet.rows[:HEADER_ROWS]]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def _complete(sheet: RawSheet, header: int, table: Table, columns: dict[str, int]) -> None:
    """Add a column of ids where somebody left only the names."""
    shown = {plain(cell) for cell in sheet.rows[header]}
    for one in NAMED[table.name]:
        if one.field not in columns and {plain(title) for title in one.titles} <= shown:
            columns[one.field] = max(map(len, sheet.rows))
            for index, row in enumerate(sheet.rows):
                row.extend([None] * (columns[one.field] + 1 - len(row)))
                if index == header:
                    row[columns[one.field]] = table.by_field[one.field].title


def _without(sheet: RawSheet, header: int, titles: set[str]) -> RawSheet:
    """Return the sheet without columns that are only shown."""
    gone = titles | {plain(title) for title in SHOWN}
    places = {n for n, cell in enumerate(sheet.rows[header]) if plain(cell) in gone}
    rows = [
        [None if n in places and index >= header else cell for n, cell in enumerate(row)]
        for index, row in enumerate(sheet.rows)
    ]
    return RawSheet(sheet.title, rows, sheet.label, sheet.merged)
