"""What was held: appointments with what attendance says became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.attendance import AttendanceRow, Presence
from models.vocabulary import Mode, Speciality
from solver.year.appointments import Appointment


@dataclass(frozen=True, slots=True)
class Attended:
    """One appointment and what became of it.

    ``presence`` is None as long as nothing is reported. ``server`` is who served: the person
    planned, the substitute, or None when nobody did.
    """

    planned: Appointment
    presence: Presence | None
    server: str | None
    hours: float
    people: int
    mode: Mode
    matters: Mapping[Speciality, int]
    rating: float | None

    @property
    def is_held(self) -> bool:
        """Whether somebody served."""
        return self.server is not None

    @property
    def is_missed(self) -> bool:
        """Whether the person planned stayed away without a reason, and nobody stood in."""
        return self.presence is Presence.UNEXCUSED and self.server is None


def attended(
    planned: Iterable[Appointment], rows: Iterable[AttendanceRow] | None = None
) -> tuple[Attended, ...]:
    """Return what became of each appointment; without any attendance all is taken as held.

    Rows name appointments by id; the reader of attendance has refused all others.
    """
    if rows is None:
        return tuple(_joined(thing, AttendanceRow(id=thing.id, presence=HELD)) for thing in planned)
    of_id = {row.id: row for row in rows}
    return tuple(_joined(thing, of_id.get(thing.id)) for thing in planned)


HELD = Presence.HELD


def _joined(thing: Appointment, row: AttendanceRow | None) -> Attended:
    if row is None or row.presence is None:
        return Attended(thing, None, None, 0.0, 0, thing.mode, {}, None)
    server = thing.person if row.presence.is_there else row.substitute
    hours = thing.hours if row.hours is None else row.hours
    return Attended(
        planned=thing,
        presence=row.presence,
        server=server,
        hours=hours if server is not None else 0.0,
        people=row.people,
        mode=row.mode or thing.mode,
        matters=row.matters,
        rating=row.rating,
    )
