"""Reads old files of any layout into an instance, and says what was taken for what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from models.calendar import next_month
from models.formats.containers.archive import faults_of_file
from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import parse
from models.formats.intake.cross_checks import CHECKS, points
from models.formats.intake.moments import Around
from models.formats.intake.named_rows import Naming
from models.formats.intake.row_drafts import Book, named
from models.formats.intake.tables import instance_tables
from models.formats.old_files.duties import Turn, keep, month_named, month_of, turns_of
from models.formats.old_files.layouts import Layout, layout_of
from models.formats.old_files.mapping import Holding, Mapped, SheetMapping
from models.formats.old_files.registers import Met, Registers, add, filled_merged
from models.formats.old_files.telling import counted, left_out, taken
from models.formats.old_files.words_in_names import kind_by_firm
from models.formats.sheet_cells import filled
from models.formats.workbook import read_workbook
from models.instance import Instance, Settings
from models.issues import InputError, Issue, Sentence
from models.messages import Spot, issue
from models.vocabulary import AreaLevel, PersonKind

_COUNTY = re.compile(
    r"^(?:20\d\d年(?:\d+月)?)?(?:[一-鿿]{2,4}省)?(?:[一-鿿]{2,4}市)?([一-鿿]{1,6}?[县区旗市])"
)
_NO_COUNTY = re.compile(r"(社区|小区|地区|片区|辖区|各[县区市])$")
_DUTIES = (Holding.DUTY_LIST, Holding.DUTY_GRID)
_SHOWN = 8


class OldFiles(NamedTuple):
    """What old files gave: an instance, what was taken for what, what was not, what to keep."""

    instance: Instance
    taken: tuple[Sentence, ...]
    left: tuple[Sentence, ...]
    remarks: tuple[Issue, ...]
    mapped: Mapped


def read_old_files(paths: Sequence[Path], mapped: Mapped, month: str | None) -> OldFiles:
    """Read people, firms, villages, advisers and last month's duties from an office's own files.

    ``month`` is the month to plan, by default the one after the last duty table. Points are not in
    such files, so that they are not asked for.

    Raises
    ------
    InputError
        With every cell that cannot be read and every question that has two answers.
    """
    layouts, left = _layouts(paths, mapped)
    months = [m for lay in layouts if lay.holding in _DUTIES and (m := month_named(lay.banner))]
    book = Book(instance_tables(), label=paths[0].name, around=Around(max(months, default=None)))
    registers = Registers(book, _county(layouts, mapped, book), _kind(mapped))
    for layout in sorted(layouts, key=lambda lay: lay.holding is not Holding.PEOPLE):
        if layout.holding not in _DUTIES:
            registers.read(layout)
    turns, planned = _turns(layouts, registers, month)
    _write(registers, planned)
    count = keep(turns, registers, planned)
    issues = [*book.issues, *Naming(book).settle()]
    issues += [found for check in CHECKS if check is not points for found in check(book)]
    if issues:
        raise InputError(issues)
    tables = {
        t.name: tuple(d.row for d in book.rows(t.name)) for t in book.tables if not t.is_settings
    }
    settings = Settings(name=f"{registers.county} {planned}", month=planned,
                        area=str(book.rows("areas")[0].get("id")))  # fmt: skip
    kept = Mapped(registers.county, mapped.kind, {**mapped.sheets, **_kept(layouts, mapped)})
    return OldFiles(
        Instance.model_validate({"settings": settings, **tables}),
        (*map(taken, layouts), *counted(count, registers, planned)),
        (*left, *left_out(layouts, count, registers)),
        tuple(book.remarks),
        kept,
    )


def _layouts(paths: Sequence[Path], mapped: Mapped) -> tuple[list[Layout], list[Sentence]]:
    found, left, issues = list[Layout](), list[Sentence](), list[Issue]()
    for path in paths:
        if fault := faults_of_file(path):
            issues.append(fault)
            continue
        sheets, faults = read_workbook(path)
        issues += faults
        for sheet in sheets:
            sheet.label = f"{path.name} {sheet.title}" if len(paths) > 1 else sheet.title
            layout, unclear = layout_of(filled_merged(sheet), mapped)
            issues += unclear
            if layout is not None:
                found.append(layout)
            elif any(map(filled, sheet.rows)) and not unclear:
                left.append(Sentence(f"工作表“{sheet.label}”", f"sheet {sheet.label}"))
    if not found and not issues:
        issues.append(issue("old_nothing_found", Spot("、".join(p.name for p in paths))))
    if issues:
        raise InputError(issues)
    return found, left


def _county(layouts: Sequence[Layout], mapped: Mapped, book: Book) -> str:
    """Return the county that the headings name; none or several is a question."""
    if mapped.county:
        return mapped.county
    words = [word for layout in layouts for word in layout.banner.split(" ")[1:]]
    found = {m[1] for word in words if (m := _COUNTY.match(word.strip()))}
    found = {name for name in found if not _NO_COUNTY.search(name) and len(name) > 1}
    if len(found) != 1:
        book.issues.append(
            issue("old_county_unclear", Spot(book.label), shown="、".join(sorted(found)) or "—")
        )
    return min(found, default="本县")


def _kind(mapped: Mapped) -> PersonKind | None:
    """Return the kind that was answered for people of whom nothing says it."""
    table = next(table for table in instance_tables() if table.name == "people")
    column = table.by_field["kind"]
    try:
        found: PersonKind | None = parse(column, mapped.kind)
    except CellError as error:
        words = named(column) | {"allowed": "、".join(column.words)} | error.words
        raise InputError([issue(error.code, Spot("--kind"), mapped.kind, **words)]) from None
    return found


def _turns(
    layouts: Sequence[Layout], registers: Registers, month: str | None
) -> tuple[list[Turn], str]:
    turns, around = list[Turn](), registers.book.around.month
    for layout in layouts:
        if layout.holding in _DUTIES:
            turns += turns_of(layout, registers, month_of(layout, around, month))
    if month is None and not turns:
        registers.book.issues.append(issue("old_month_unclear", Spot(registers.book.label)))
    latest = max((turn.date for turn in turns), default=None)
    return turns, month or (next_month(f"{latest:%Y-%m}") if latest else "2026-12")


def _write(registers: Registers, planned: str) -> None:
    """Write what was met into the tables of the book."""
    book, county = registers.book, registers.county
    entries = [entry for same in registers.people.values() for entry in same]
    others = [*entries, *registers.villages.values(), *registers.sites.values()]
    book.around = Around(planned)
    for first in others[:1]:
        add(book, "areas", {"name": county, "level": AreaLevel.COUNTY}, first.place)
    for town in registers.towns.values():
        add(book, "areas", town.values, town.place)
    for table, rows in (("firms", registers.firms), ("sites", registers.sites)):
        for name, entry in rows.items():
            add(book, table, entry.values | {"area": registers.area_of(name)}, entry.place)
    for entry in entries:
        firm = entry.values.get("firm")
        entry.values.setdefault("area", registers.area_of(firm) if firm else county)
    _give_kinds(registers, entries)
    for entry in entries:
        add(book, "people", entry.values, entry.place)
    for village in registers.villages.values():
        add(book, "villages", village.values, village.place)


def _give_kinds(registers: Registers, people: Sequence[Met]) -> None:
    """Give people the kind that their firm implies; ask once for all whose kind nothing says."""
    unclear = list[Met]()
    for entry in people:
        if "kind" not in entry.values:
            kind = kind_by_firm(str(entry.values.get("firm", ""))) or registers.kind
            if not kind:
                unclear.append(entry)
            entry.values["kind"] = kind or PersonKind.LAWYER  # only until asked
    if unclear:
        origin, index = unclear[0].place
        shown = "、".join(str(entry.values["name"]) for entry in unclear[:_SHOWN])
        words = {"count": len(unclear), "shown": shown}
        columns = [origin.places[f] for f in ("name", "adviser", "person") if f in origin.places]
        spot = origin.sheet.spot(index, columns[0])
        registers.book.issues.append(issue("old_kind_unclear", spot, **words))


def _kept(layouts: Sequence[Layout], mapped: Mapped) -> dict[str, SheetMapping]:
    return {
        mapped.key(lay.sheet.title): SheetMapping(
            lay.holding.value, mapped.of(lay.sheet.title).columns
        )
        for lay in layouts
    }
