"""Pins: assignments that the next plan keeps; of one row, or of all that is frozen at once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.office.conflicts import ConflictError
from models.freeze import Freeze, frozen, pin_of
from models.messages import issue
from models.people import Pin
from models.roster import VillageStation
from models.store.plans.instances import get_instance
from models.store.plans.pins import remove_same_pin, set_pin, set_pins
from models.store.plans.roster_queries import get_roster, roster_record
from models.store.plans.roster_rows import RosterRow, rows_of
from models.vocabulary import Strength


def pin_row(
    session: Session, roster: int, row: RosterRow, strength: Strength, *, by: str, why: str
) -> Pin:
    """Let the next plan keep a row of a roster; a repetition changes nothing.

    Raises
    ------
    ConflictError
        It is a station, or the roster has no such row.
    """
    if isinstance(row, VillageStation):
        raise ConflictError(issue("pin_station"))
    if row not in rows_of(get_roster(session, roster)):
        raise ConflictError(issue("pin_no_row"))
    pin = pin_of(row, strength)
    set_pin(session, roster_record(session, roster).area, pin, by=by, why=why)
    return pin


def unpin_row(session: Session, roster: int, row: RosterRow, *, by: str) -> bool:
    """Let the next plan change a row of a roster again; return whether it was pinned."""
    if isinstance(row, VillageStation):
        raise ConflictError(issue("pin_station"))
    area = roster_record(session, roster).area
    return remove_same_pin(session, area, pin_of(row), by=by)


def freeze_roster(session: Session, roster: int, freeze: Freeze, *, by: str, why: str) -> int:
    """Let the next plan keep what is frozen of a roster; return how many pins were set."""
    plan, area = get_roster(session, roster), roster_record(session, roster).area
    pins = frozen(get_instance(session, plan.instance), plan, freeze)
    return set_pins(session, area, pins, by=by, why=why, source=f"roster:{roster}")
