"""People, firms, villages and places as they are met in old files, each kept once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import parse
from models.formats.intake.moments import Around
from models.formats.intake.row_drafts import Book, draft_row, named, provisional_id, without_id
from models.formats.old_files.layouts import Layout
from models.formats.old_files.mapping import Holding
from models.formats.old_files.words_in_names import (
    TOWN,
    firm_kind,
    parts_of_person,
    placed_village,
    site_kind,
    split_names,
    town_root,
)
from models.formats.sheet_cells import RawSheet, SheetOrigin, cell_text, filled
from models.messages import Spot, issue
from models.vocabulary import AreaLevel, PersonKind


@dataclass
class Met:
    """One thing that was met: what is known of it, and the cell where it was met first."""

    values: dict[str, Any]
    place: tuple[SheetOrigin, int]


@dataclass
class Registers:
    """Everything met so far, by name.

    ``county`` is where what stands in no township is; ``kind`` is that of people of whom nothing
    says it; ``shared`` are the numbers and firms that stand beside several people.
    """

    book: Book
    county: str
    kind: PersonKind | None = None
    people: dict[str, list[Met]] = field(default_factory=dict)
    firms: dict[str, Met] = field(default_factory=dict)
    villages: dict[tuple[str, str], Met] = field(default_factory=dict)
    towns: dict[str, Met] = field(default_factory=dict)
    sites: dict[str, Met] = field(default_factory=dict)
    shared: list[Spot] = field(default_factory=list)

    def read(self, layout: Layout) -> None:
        """Take up every row of a list of people, villages or firms."""
        town = layout.sheet.title if TOWN.match(layout.sheet.title) else ""
        for index, row in layout.body():
            words = [str(cell).strip() for cell in row if filled([cell])]
            if len(words) == 1 and TOWN.match(words[0]) and "area" not in layout.places:
                town = words[0]
            elif layout.holding is Holding.VILLAGES:
                town = str(self.cell(layout, index, "villages", "area") or town)
                self._read_village(layout, index, town)
            elif layout.holding is Holding.PEOPLE:
                self._read_person(layout, index)
            elif name := self.cell(layout, index, "firms", "name"):
                self.firm(
                    str(name), self._origin(layout, index), self.known(layout, index, "firms")
                )

    def cell(self, layout: Layout, index: int, table: str, name: str, title: str = "") -> Any:
        """Return what a cell holds for a field; None if it is blank, has no column or is refused."""
        number = layout.places.get(title or name)
        row = layout.sheet.rows[index]
        if number is None or number >= len(row):
            return None
        column = next(t for t in self.book.tables if t.name == table).by_field[name]
        try:
            return parse(column, row[number], Around(self.book.around.month, layout.sheet.epoch))
        except CellError as error:
            words = named(column) | {"allowed": "、".join(column.words)} | error.words
            spot = layout.sheet.spot(index, number)
            self.book.issues.append(issue(error.code, spot, cell_text(row[number]), **words))
            return None

    def missing(self, layout: Layout, index: int, name: str, what: str) -> None:
        """Say that a row lacks what it is about."""
        spot = layout.sheet.spot(index, layout.places.get(name))
        self.book.issues.append(issue("old_cell_missing", spot, what=what))

    def _read_person(self, layout: Layout, index: int) -> None:
        text = self.cell(layout, index, "people", "name")
        if not text:
            return self.missing(layout, index, "name", "姓名")
        self.meet(layout, index, str(text), self.known(layout, index, "people"))
        return None

    def known(self, layout: Layout, index: int, table: str, but: str = "") -> dict[str, Any]:
        """Return what a row says of a table's fields, without those that also stand in ``but``."""
        fields = {t.name: list(t.by_field) for t in self.book.tables}
        found = {
            name: self.cell(layout, index, table, name)
            for name in fields[table]
            if name in layout.places and name not in ("id", "name", "village", "adviser")
            and name not in fields.get(but, ())
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}

    def meet(self, layout: Layout, index: int, text: str, known: dict[str, Any]) -> str:
        """Take up a person by name, with what the row says; return the name to refer to by."""
        name, firm, mobile = parts_of_person(text)
        values = known | ({"firm": firm} if firm else {})
        values |= {"mobile": mobile} if mobile else {}
        place = self._origin(layout, index)
        if "firm" in values:
            self.firm(str(values["firm"]), place)
        if TOWN.match(str(values.get("area", ""))):
            self.town(str(values["area"]), place)
        namesakes = self.people.setdefault(name, [])
        same = [e for e in namesakes if _may_be_one(e.values, values)]
        if same:
            same[0].values = {**values, **same[0].values}
        else:
            namesakes.append(Met({"name": name, **values}, place))
        return f"{name}（{values['firm']}）" if "firm" in values else name

    def _read_village(self, layout: Layout, index: int, town: str) -> None:
        text = self.cell(layout, index, "villages", "name", "village")
        if not text:
            return self.missing(layout, index, "village", "村居名称")
        adviser = self.cell(layout, index, "people", "name", "adviser")
        of_person = self.known(layout, index, "people", but="villages")
        known = self.known(layout, index, "villages")
        if adviser:
            known["adviser"] = self.meet(layout, index, str(adviser), of_person)
        if phone := self.cell(layout, index, "villages", "phone", "village_phone"):
            known["phone"] = phone
        for name in split_names(str(text)):
            where, bare = (town, name) if town else placed_village(name)
            if where:
                self._village(layout, index, (where, bare), known)
            else:
                self.missing(layout, index, "village", f"{bare}所在乡镇")
        return None

    def _village(
        self, layout: Layout, index: int, key: tuple[str, str], known: dict[str, Any]
    ) -> None:
        place = self._origin(layout, index)
        self.town(key[0], place)
        values = {"name": key[1], "area": key[0], **known}
        old = self.villages.setdefault(key, Met(values, place))
        one, other = (_bare_name(str(e.get("adviser", ""))) for e in (old.values, values))
        if one and other and one != other:
            spot = layout.sheet.spot(index, layout.places.get("adviser"))
            words = {"word": key[1], "one": one, "other": other}
            self.book.issues.append(issue("old_two_advisers", spot, other, **words))
        old.values = {**values, **old.values}

    def town(self, name: str, place: tuple[SheetOrigin, int]) -> None:
        """Take up a township."""
        if name != self.county:
            values = {"name": name, "level": AreaLevel.TOWNSHIP, "parent": self.county}
            self.towns.setdefault(name, Met(values, place))

    def firm(
        self, name: str, place: tuple[SheetOrigin, int], known: dict[str, Any] | None = None
    ) -> None:
        """Take up a firm; its kind follows from its name unless it is known."""
        values = {"name": name, "kind": firm_kind(name)} | (known or {})
        entry = self.firms.setdefault(name, Met(values, place))
        entry.values |= known or {}

    def site(self, name: str, place: tuple[SheetOrigin, int]) -> None:
        """Take up a place of duty; its kind follows from its name, unless it is a village."""
        if not any(name == village for _, village in self.villages):
            kind = site_kind(name)
            self.sites.setdefault(name, Met({"name": name, "kind": kind}, place))

    def area_of(self, name: str) -> str:
        """Return the township whose name a firm or place bears, else the county."""
        roots = {town_root(town): town for town in self.towns}
        return next((t for root, t in roots.items() if len(root) > 1 and root in name), self.county)

    def _origin(self, layout: Layout, index: int) -> tuple[SheetOrigin, int]:
        return SheetOrigin(layout.sheet, layout.places), index


def _may_be_one(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rows of one name are one person: firm and licence do not contradict."""
    return all(
        not one.get(f) or not other.get(f) or one[f] == other[f] for f in ("firm", "licence_no")
    )


def _bare_name(text: str) -> str:
    return text.partition("（")[0]


def add(book: Book, table_name: str, values: dict[str, Any], place: tuple[Any, int]) -> None:
    """Add one row to the book, with its id to be given later."""
    table = next(table for table in book.tables if table.name == table_name)
    rows = book.drafts.setdefault(table_name, [])
    unnumbered = without_id(table, values)
    if unnumbered:
        values = values | {"id": provisional_id(table, len(rows))}
    draft, issues = draft_row(table, values, place, frozenset())
    book.issues.extend(issues)
    rows.append(draft)
    if unnumbered:
        book.unnumbered.append((table_name, draft))


def filled_merged(sheet: RawSheet) -> RawSheet:
    """Return the sheet with what stands in a merged cell written into each row it covers."""
    for top, left, bottom, _ in sheet.merged:
        for row in sheet.rows[top + 1 : bottom + 1]:
            if left < len(row) and top < len(sheet.rows) and left < len(sheet.rows[top]):
                row[left] = sheet.rows[top][left]
    return sheet
