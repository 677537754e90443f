"""What goes from a month into the data of the next: reckoned when it is opened, again when more is known.

Everything happens in the transaction of the caller, who holds the area's months.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.office.areas import Data
from api.office.year.planned_months import PlannedMonth
from models.attendance import AttendanceRow, Presence
from models.formats.read import rebuilt
from models.formats.roster_table import check_rows
from models.instance import Instance
from models.store.database.clock import now
from models.store.plans.instances import get_instance, put_instance, set_current
from models.store.tables.year_tables import MonthRecord
from models.store.year.held_rows import attendance_of
from models.store.year.month_records import forget_closing, month_record
from solver.year.attended import Attended, attended
from solver.year.correcting import corrected
from solver.year.following import Following, following


class Carried(NamedTuple):
    """A month, what followed from it, and the data the area works with by now."""

    record: MonthRecord
    made: Following
    instance: str
    revision: int


def done_so_far(
    session: Session, planned: PlannedMonth, *, rest_held: bool = False
) -> tuple[Attended, ...]:
    """Return what became of everything planned; with ``rest_held`` what nobody reported was held."""
    rows = attendance_of(session, planned.area, planned.month)
    if rest_held:
        rows = (*rows, *held_rows(planned, rows))
    return attended(planned.planned.values(), rows)


def held_rows(planned: PlannedMonth, known: Iterable[AttendanceRow]) -> tuple[AttendanceRow, ...]:
    """Return rows that say of everything not reported that it was held."""
    told = {row.id for row in known}
    return tuple(
        AttendanceRow(id=key, presence=Presence.HELD) for key in planned.planned if key not in told
    )


def carry_on(
    session: Session,
    planned: PlannedMonth,
    done: tuple[Attended, ...],
    *,
    keep_seats: bool,
    revision: int,
    by: str,
    why: str,
) -> Carried:
    """Let the area work with the month after.

    Raises
    ------
    InputError
        The rosters do not suit the data.
    StaleError
        The data are not at ``revision`` any more.
    """
    data = planned.data
    check_rows(planned.roster, data.instance)
    made = following(data.instance, planned.roster, done, keep_seats=keep_seats)
    before = put_instance(session, data.instance, area=data.area, by=by)
    after = _put(session, data, made.instance, by=by)
    revision = set_current(session, data.area, after, revision=revision, by=by, why=why)
    known = month_record(session, data.area, planned.month)
    if known is None:
        known = MonthRecord(area=data.area, month=planned.month)
        session.add(known)
    known.before, known.after, known.keeps_seats = before, after, keep_seats
    known.opened_at, known.opened_by = now(), by
    forget_closing(known)
    return Carried(known, made, after, revision)


def carry_again(
    session: Session,
    planned: PlannedMonth,
    known: MonthRecord,
    done: tuple[Attended, ...],
    *,
    revision: int | None = None,
    by: str,
    why: str,
) -> Carried:
    """Reckon an earlier month anew and carry what came out differently into the data of by now.

    The revision of the data stays where nothing changes.

    Raises
    ------
    InputError
        With every issue of the data as they would be.
    StaleError
        The data are not at ``revision``; none means any.
    """
    data = planned.data
    before, was = get_instance(session, known.before), get_instance(session, known.after)
    made = following(before, planned.roster, done, keep_seats=known.keeps_seats)
    changed = corrected(data.instance, was, rebuilt(made.instance), planned.month)
    known.after = _put(session, data, made.instance, by=by)
    key = _put(session, data, changed, by=by)
    read = data.revision if revision is None else revision
    if key == data.instance.content_hash and read == data.revision:
        return Carried(known, made, key, read)
    revision = set_current(session, data.area, key, revision=read, by=by, why=why)
    return Carried(known, made, key, revision)


def carry_correction(session: Session, planned: PlannedMonth, *, by: str, why: str) -> None:
    """Carry corrections of a closed month into the data of by now. Raises as ``carry_again`` does."""
    known = month_record(session, planned.area, planned.month)
    if known is not None:
        done = done_so_far(session, planned)
        known.corrected_at = now()
        why = why or f"correct {planned.month}"
        carry_again(session, planned, known, done, by=by, why=why)


def _put(session: Session, data: Data, instance: Instance, *, by: str) -> str:
    """Check data as those of an upload are checked, keep them and return their hash."""
    return put_instance(session, rebuilt(instance), area=data.area, by=by)
