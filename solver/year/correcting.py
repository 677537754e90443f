"""A month reckoned anew after the next one was opened: what changes in the data of by now.

The months of an office follow from what was held. When attendance of an earlier month is reported or
corrected later, the month after it is made again, and what came out differently is carried over.
"""

from __future__ import annotations

from models.calendar import month_days, next_month
from models.instance import Instance
from models.people import HeldAround, LectureRecord, LedgerEntry, Pin
from models.places import Village
from solver.modelling.past import MONTHS_MOST, months_before
from solver.year.following import SEATS


def corrected(now: Instance, was: Instance, made: Instance, month: str) -> Instance:
    """Return the data of by now with ``month`` as it is known now.

    The ledger has the month's rows as they follow, whatever stood there; of everything else only what
    came out differently changes, so that what the office entered since stays.

    Parameters
    ----------
    now
        Data of any later month.
    was, made
        The data that followed from ``month`` as it was reckoned before, and as it is now.
    """
    step = _Correction(now, was, made, month)
    changes = {
        "ledger": step.ledger(),
        "lectures": step.lectures(),
        "held_around": step.held_around(),
        "pins": step.seats(),
        "villages": tuple(map(step.village, now.villages)),
    }
    return now.model_copy(update=changes)


class _Correction:
    """What changes, table by table; people and places that left the data meanwhile are passed over."""

    def __init__(self, now: Instance, was: Instance, made: Instance, month: str) -> None:
        self.now, self.was, self.made, self.month = now, was, made, month
        self.last = month_days(month)[-1]
        self.was_village = was.village_by_id
        self.made_village = made.village_by_id

    def ledger(self) -> tuple[LedgerEntry, ...]:
        kept = [row for row in self.now.ledger if row.month != self.month]
        if self.month >= months_before(self.now.settings.month, MONTHS_MOST):
            kept += [
                row
                for row in self.made.ledger
                if row.month == self.month
                and row.person in self.now.person_by_id
                and (row.site is None or row.site in self.now.site_by_id)
            ]
        return tuple(kept)

    def lectures(self) -> tuple[LectureRecord, ...]:
        gone = set(self.was.lectures) - set(self.made.lectures)
        kept = [row for row in self.now.lectures if row not in gone]
        new = set(self.made.lectures) - set(self.was.lectures) - set(kept)
        kept += sorted(
            (row for row in new if row.village in self.now.village_by_id),
            key=lambda row: (row.date, row.village),
        )
        return tuple(kept)

    def held_around(self) -> tuple[HeldAround, ...]:
        if self.now.settings.month != next_month(self.month):
            return self.now.held_around
        gone = set(self.was.held_around) - set(self.made.held_around)
        kept = [row for row in self.now.held_around if row not in gone]
        known = {*self.was.held_around, *kept}
        kept += [
            row
            for row in self.made.held_around
            if row not in known and row.person in self.now.person_by_id
        ]
        return tuple(kept)

    def seats(self) -> tuple[Pin, ...]:
        """Return the pins with the seats of whoever came into office since."""
        was, made = (
            {pin for pin in instance.pins if pin.kind in SEATS}
            for instance in (self.was, self.made)
        )
        kept = [pin for pin in self.now.pins if pin not in was - made]
        taken = {(pin.kind, pin.target) for pin in kept}
        new = sorted(made - was, key=lambda pin: (pin.kind.value, pin.target, pin.person))
        return tuple(kept) + tuple(
            pin
            for pin in new
            if (pin.kind, pin.target) not in taken and pin.person in self.now.person_by_id
        )

    def village(self, village: Village) -> Village:
        was, made = self.was_village.get(village.id), self.made_village.get(village.id)
        if was is None or made is None or was == made:
            return village
        changes: dict[str, object] = {}
        is_later = village.last_visit is not None and village.last_visit > self.last
        if was.last_visit != made.last_visit and not is_later:
            changes["last_visit"] = made.last_visit
        if was.adviser != made.adviser and village.adviser == was.adviser:
            changes |= {"adviser": made.adviser, "adviser_since": made.adviser_since}
        return village.model_copy(update=changes)
