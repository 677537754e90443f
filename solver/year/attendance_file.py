"""The attendance sheet of a month: written with a row for everything planned, and read back.

What cannot be is told with its cell, all at once: what was never planned, a second row for the same
duty, a substitute for somebody who came, figures of what nobody held.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from models.attendance import AttendanceRow, Happened, Presence, WorkRow
from models.formats.document import read_content, unknown_tables
from models.formats.intake.cross_checks import duplicate_rows
from models.formats.intake.references import KnownIds, Reference, dangling
from models.formats.intake.row_drafts import Book, Draft
from models.formats.intake.tables import happened_tables, instance_tables
from models.formats.read import read_book
from models.formats.workbook import write_tables
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import issue
from models.roster import Roster
from solver.year.appointments import Appointment, AppointmentKind, appointments, described

_REFERENCES = (
    Reference("attendance", "substitute", ("people",)),
    Reference("work", "person", ("people",)),
    Reference("work", "place", ("villages", "sites")),
)
_FIGURES = ("hours", "people", "mode", "matters", "rating")
"""What only a service that was held has."""


def write_attendance(
    instance: Instance,
    roster: Roster,
    path: Path,
    presence: Presence | None = None,
    known: Mapping[str, AttendanceRow] = MappingProxyType({}),
    only: Container[str] | None = None,
) -> int:
    """Write a sheet with a row for everything planned; return how many.

    Parameters
    ----------
    instance, roster
        The month.
    path
        Workbook to write.
    presence
        What every row says of attendance; None leaves it blank.
    known
        What is reported so far, by id.
    only
        Ids of the rows to be written; None for all.
    """
    rows = [
        known.get(thing.id, AttendanceRow(id=thing.id, presence=presence)).model_copy(
            update={"what": described(instance, thing)}
        )
        for thing in appointments(instance, roster)
        if only is None or thing.id in only
    ]
    content: dict[str, list[AttendanceRow]] = {"attendance": rows, "work": []}
    write_tables(path, [(table, content[table.name]) for table in happened_tables()])
    return len(rows)


def read_attendance(path: Path, instance: Instance, roster: Roster) -> Happened:
    """Read what happened in the month of ``roster``.

    Raises
    ------
    InputError
        With every issue found.
    """
    book, extra = read_book(path, happened_tables())
    book.issues.extend(unknown_tables(extra, book))
    planned = {thing.id: thing for thing in appointments(instance, roster)}
    return _read(book, instance, roster.month, planned)


def checked_attendance(
    happened: Happened, instance: Instance, month: str, planned: Mapping[str, Appointment]
) -> Happened:
    """Return what was reported without a file, after the checks of one.

    Raises
    ------
    InputError
        With every issue found, each with its path, such as ``$.attendance[0].presence``.
    """
    book = Book(happened_tables())
    read_content(happened.model_dump(mode="json", exclude_defaults=True), book)
    return _read(book, instance, month, planned)


def _read(
    book: Book, instance: Instance, month: str, planned: Mapping[str, Appointment]
) -> Happened:
    issues = [*book.issues, *_checks(book, instance, month, planned)]
    if issues:
        raise InputError(issues)
    rows = {table.name: [draft.row for draft in book.rows(table.name)] for table in book.tables}
    attendance = [row for row in rows["attendance"] if isinstance(row, AttendanceRow)]
    work = tuple(row for row in rows["work"] if isinstance(row, WorkRow))
    plain = tuple(row.model_copy(update={"what": ""}) for row in attendance)
    return Happened(attendance=plain, work=work)


def check_complete(planned: Iterable[Appointment], happened: Happened) -> None:
    """Ensure that attendance says of everything planned whether it was held.

    Raises
    ------
    InputError
        When rows are missing or blank.
    """
    told = {row.id for row in happened.attendance if row.presence is not None}
    missing = [thing.id for thing in planned if thing.id not in told]
    if missing:
        raise InputError([issue("attendance_missing", count=len(missing), example=missing[0])])


def _checks(
    book: Book, instance: Instance, month: str, planned: Mapping[str, Appointment]
) -> Iterator[Issue]:
    names = ("people", "villages", "sites")
    ids = {name: {row.id for row in getattr(instance, name)} for name in names}
    titles = {table.name: table.title for table in instance_tables()}
    yield from dangling(book, _REFERENCES, KnownIds(ids, titles))
    yield from duplicate_rows(book, (("attendance", ("id",)),))
    rows = {draft.get("id"): draft for draft in book.rows("attendance")}
    for draft in book.rows("attendance"):
        thing = planned.get(str(draft.get("id")))
        if thing is None and draft.get("id") is not None:
            yield _unknown(draft, month, planned)
        elif thing is not None and draft.row is not None:
            yield from _row(draft, thing)
            yield from _lecture(draft, thing, rows)
    for draft in book.rows("work"):
        yield from _work(draft, month)


def _unknown(draft: Draft, month: str, planned: Mapping[str, Appointment]) -> Issue:
    word = str(draft.get("id"))
    close = difflib.get_close_matches(word, planned, 1, 0.9)
    hint = {"hint": f"是不是“{close[0]}”？" if close else ""}
    hint |= {"hint_en": f"Maybe {close[0]}. " if close else ""}
    return issue("attendance_unknown", draft.spot("id"), word, word=word, month=month, **hint)


def _row(draft: Draft, thing: Appointment) -> Iterator[Issue]:
    """Yield what contradicts itself in one row."""
    row = draft.row
    assert isinstance(row, AttendanceRow)
    blank = AttendanceRow.model_fields
    filled = [name for name in _FIGURES if getattr(row, name) != _default(name)]
    if row.presence is None:
        if filled or row.substitute:
            yield issue("attendance_blank", draft.spot("presence"))
        return
    if row.substitute and row.presence.is_there:
        yield issue("attendance_substitute_idle", draft.spot("substitute"), row.substitute)
    elif row.substitute == thing.person:
        yield issue("attendance_same_person", draft.spot("substitute"), row.substitute)
    elif row.substitute is None and not row.presence.is_there:
        for name in filled:
            words = {"column": blank[name].title, "field": name}
            yield issue("attendance_nobody", draft.spot(name), **words)


def _default(name: str) -> object:
    return AttendanceRow.model_fields[name].get_default(
        call_default_factory=True, validated_data={}
    )


def _lecture(draft: Draft, thing: Appointment, rows: Mapping[object, Draft]) -> Iterator[Issue]:
    """Yield a lecture held on a visit to which nobody came."""
    visit = thing.id.replace(AppointmentKind.LECTURE.value, AppointmentKind.VISIT.value, 1)
    other = rows.get(visit)
    if thing.kind is not AppointmentKind.LECTURE or other is None or not _is_held(draft):
        return
    if other.get("presence") is not None and not _is_held(other):
        yield issue("attendance_lecture_alone", draft.spot("presence"), visit=visit)


def _is_held(draft: Draft) -> bool:
    presence = draft.get("presence")
    return presence is not None and (presence.is_there or draft.get("substitute") is not None)


def _work(draft: Draft, month: str) -> Iterator[Issue]:
    date = draft.get("date")
    if isinstance(date, dt.date) and f"{date:%Y-%m}" != month:
        yield issue("work_month", draft.spot("date"), str(date), month=month)
    row = draft.row
    if isinstance(row, WorkRow) and row.succeeded is not None:
        if not row.kind.is_mediation:
            fault = {"fault": f"{row.kind.label}没有成败", "fault_en": f"{row.kind.value} has none"}
            yield issue("work_succeeded", draft.spot("succeeded"), row.succeeded, **fault)
        elif row.succeeded > row.count:
            fault = {"fault": f"{row.succeeded} 大于 {row.count}"}
            fault |= {"fault_en": f"{row.succeeded} of {row.count}"}
            yield issue("work_succeeded", draft.spot("succeeded"), row.succeeded, **fault)
