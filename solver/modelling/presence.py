"""Presence: who is in office and not on leave for at least half of a month's working time."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from models.instance import Instance, Settings
from models.people import Leave
from models.slots import clock_times, part_times
from models.vocabulary import Part

DAY_PARTS = (Part.AM, Part.PM)
"""The half days of a working day."""


def people_away(instance: Instance, workdays: Collection[dt.date]) -> frozenset[str]:
    """Return the people who miss more than half of the half days of some workdays.

    Leave by the hour counts where it covers the whole half day by the office's hours.
    """
    missed: dict[str, set[tuple[dt.date, Part]]] = defaultdict(set)
    for leave in (row for row in instance.leave if row.start is not None):
        days = (day for day in workdays if leave.first <= day <= leave.last)
        missed[leave.person].update(_covered(instance.settings, leave, days))
    for leave in (row for row in instance.leave if row.start is None):
        parts = DAY_PARTS if leave.part is None else (leave.part,)
        days = (day for day in workdays if leave.first <= day <= leave.last)
        missed[leave.person].update((day, p) for day in days for p in parts if p in DAY_PARTS)
    for person in instance.people:
        first, last = person.active_from or dt.date.min, person.active_to or dt.date.max
        if first <= min(workdays, default=first) and max(workdays, default=last) <= last:
            continue
        days = (day for day in workdays if not first <= day <= last)
        missed[person.id].update((day, part) for day in days for part in DAY_PARTS)
    return frozenset(p for p, halves in missed.items() if len(halves) > len(workdays))


def _covered(
    settings: Settings, leave: Leave, days: Iterable[dt.date]
) -> Iterator[tuple[dt.date, Part]]:
    """Yield the half days of some days that a leave by the hour covers."""
    for day, part in itertools.product(days, DAY_PARTS):
        start, end = part_times(settings, day, part)
        first, last = clock_times(day, leave.start or "", leave.end or "")
        if first <= start and end <= last:
            yield day, part
