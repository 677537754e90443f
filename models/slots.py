"""Slots: the dated duties that the posts of an instance ask for in a month."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from models.calendar import ZONE, Calendar, month_days
from models.instance import Instance, Settings
from models.people import Leave
from models.places import Post, Site, Village, admitted_kinds
from models.recurrence import Recurrence
from models.roster import Visit, slot_id
from models.vocabulary import DayClass, HolidayPolicy, Part

_DAY = dt.timedelta(days=1)
Times = tuple[dt.datetime, dt.datetime]
"""Start and end."""

PART_ORDER = {part: number for number, part in enumerate(Part)}
"""Morning before afternoon before night."""

QUARTER = dt.timedelta(minutes=15)
"""Further stops of a trip begin on the quarter hour."""

STOPS_APART = dt.timedelta(minutes=30)
"""The longest way between two stops of a trip; what a further stop counts as its way."""

MOMENT = dt.timedelta(seconds=1)
"""What a duty lacks that ends at midnight to be of two days."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A dated duty of a post.

    ``start`` and ``end`` are aware times in Asia/Shanghai; a night ends on the next day.
    Slots are compared by id, date, times and day class: post and site are looked up by them.
    """

    id: str
    post: Post = field(compare=False, repr=False)
    site: Site = field(compare=False, repr=False)
    date: dt.date
    part: Part
    start: dt.datetime
    end: dt.datetime
    day_class: DayClass

    @property
    def turn_class(self) -> DayClass:
        """The class of turn to share out: a night if it crosses midnight or is marked as one."""
        runs_across = (self.end - MOMENT).date() > self.date
        return DayClass.NIGHT if runs_across or self.part is Part.NIGHT else self.day_class

    @property
    def head_count(self) -> int:
        """How many people it needs: the post's number for nights, for the day, or in general."""
        counts = self.post.head_counts
        of_day = counts.get(self.day_class, self.post.head_count)
        return counts.get(self.turn_class, of_day)

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) / dt.timedelta(hours=1)


def expand(instance: Instance, month: str) -> tuple[Slot, ...]:
    """Return all slots of ``month`` (``YYYY-MM``) that need people, by date, part, site and post.

    Raises
    ------
    KeyError
        A post names a site that the instance does not have.
    """
    calendar = Calendar(instance.days)
    dates = _post_dates(instance, calendar, month)
    slots: Iterable[Slot] = (
        _slot(instance, calendar, post, date, part)
        for post, days in dates
        for date in days
        for part in sorted(set(post.parts), key=PART_ORDER.__getitem__)
    )
    if any(post.merged_into for post in instance.posts):
        slots = _merged(tuple(slots))
    asked = (slot for slot in slots if slot.head_count)
    return tuple(sorted(asked, key=lambda s: (s.date, PART_ORDER[s.part], s.site.id, s.post.id)))


def _merged(slots: tuple[Slot, ...]) -> Iterator[Slot]:
    """Yield the slots with those of merged posts taken into the slot that they share a time with."""
    led = {(slot.post.id, slot.date, slot.part): slot for slot in slots}
    taken: dict[str, list[Post]] = {}
    for slot in slots:
        leader = led.get((slot.post.merged_into or "", slot.date, slot.part))
        if leader is not None and leader.post.merged_into is None and slot.head_count:
            taken.setdefault(leader.id, []).append(slot.post)
    gone = {
        slot_id(post.id, led_slot.date, led_slot.part)
        for led_slot in slots
        for post in taken.get(led_slot.id, ())
    }
    for slot in slots:
        if slot.id in taken:
            yield replace(slot, post=_combined(slot.post, taken[slot.id]))
        elif slot.id not in gone:
            yield slot


def _combined(leader: Post, merged: Sequence[Post]) -> Post:
    """Return a post that asks for what all of them ask for, of people admitted to each."""
    posts = (leader, *merged)
    admitted = [set(admitted_kinds(post)) for post in posts]
    common = set.intersection(*admitted)
    asked = {
        "kinds": tuple(kind for kind in admitted_kinds(leader) if kind in common),
        "languages": tuple(dict.fromkeys(word for post in posts for word in post.languages)),
        "special_cases": tuple(dict.fromkeys(w for post in posts for w in post.special_cases)),
        "practice_years": max(post.practice_years for post in posts),
        "gender": next((post.gender for post in posts if post.gender), None),
    }
    return leader.model_copy(update=asked)


def market_days(village: Village, calendar: Calendar, month: str) -> frozenset[dt.date]:
    """Return the market days of ``village`` in ``month``; a market is held on rest days too."""
    if village.market is None:
        return frozenset()
    return frozenset(village.market.dates(calendar, month_days(month), HolidayPolicy.KEEP))


def part_times(settings: Settings, date: dt.date, part: Part) -> tuple[dt.datetime, dt.datetime]:
    """Return start and end of a part of ``date``; an end not after the start is on the next day."""
    return clock_times(date, *_part_clocks(settings, part))


def visit_hours(settings: Settings, village: Village | None) -> float:
    """Return how long a visit to a village lasts, which is also what it counts for."""
    asked = village.service_hours if village is not None else None
    return min(settings.visit_hours, asked or settings.visit_hours)


def visit_times(
    settings: Settings,
    village: Village | None,
    date: dt.date,
    part: Part,
    own_start: str | None = None,
) -> tuple[dt.datetime, dt.datetime]:
    """Return start and end of a visit in a part of ``date``.

    It begins at ``own_start`` (``HH:MM``) if that is given, else with the part. One that is longer than
    the morning begins earlier instead, so that the break at noon is kept; longer than the afternoon, it
    ends later.
    """
    start, end = part_times(settings, date, part)
    length = dt.timedelta(hours=visit_hours(settings, village))
    if own_start is not None:
        start = dt.datetime.combine(date, dt.time.fromisoformat(own_start), ZONE)
        return start, start + length
    if part is Part.AM and length > end - start:
        return end - length, end
    return start, start + length


def trip_end(settings: Settings, date: dt.date, part: Part) -> dt.datetime:
    """Return when the last stop of a trip that fills a half day ends at latest.

    Noon stays free. In the afternoon there is time for the hours of one whole visit and, beside them, the
    longest way between two stops, though the office closes before.
    """
    start, end = part_times(settings, date, part)
    if part is Part.AM:
        return end
    return max(end, start + dt.timedelta(hours=settings.visit_hours) + STOPS_APART)


def quarters(settings: Settings, days: Iterable[dt.date]) -> Iterator[dt.datetime]:
    """Yield the quarter hours of the mornings and afternoons of days: further stops begin on them."""
    for day, part in itertools.product(days, (Part.AM, Part.PM)):
        moment, end = part_times(settings, day, part)[0], trip_end(settings, day, part)
        moment += -dt.timedelta(minutes=moment.minute) % QUARTER
        while moment < end:
            yield moment
            moment += QUARTER


def is_later_stop(settings: Settings, village: Village | None, visit: Visit) -> bool:
    """Say whether a visit begins later than its half day does: a further stop of a trip."""
    if visit.start is None:
        return False
    usual, _ = visit_times(settings, village, visit.date, visit.part)
    return f"{usual:%H:%M}" < visit.start


def leave_times(settings: Settings, leave: Leave) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield start and end of each stretch of time that a row of leave takes.

    Its own hours, or the office's hours of its part, count on each of its days; without either
    the days are taken from midnight to midnight.
    """
    if leave.part is None and leave.start is None:
        first = dt.datetime.combine(leave.first, dt.time(), ZONE)
        yield first, dt.datetime.combine(leave.last + _DAY, dt.time(), ZONE)
        return
    for number in range((leave.last - leave.first).days + 1):
        day = leave.first + number * _DAY
        if leave.start is not None and leave.end is not None:
            yield clock_times(day, leave.start, leave.end)
        elif leave.part is not None:
            yield part_times(settings, day, leave.part)


def leave_takes(
    settings: Settings, leave: Leave, day: dt.date, part: Part | None, span: Times
) -> bool:
    """Whether a leave overlaps the hours of a part of ``day`` by at least a minute.

    夜间 of a date also means the night duty of that date, whatever its hours.
    """
    if leave.first - _DAY > span[1].date() or leave.last + 2 * _DAY < span[0].date():
        return False  # far apart: most rows of a month
    is_named = leave.part is part is Part.NIGHT and leave.start is None
    if is_named and leave.first <= day <= leave.last:
        return True
    return any(a < span[1] and span[0] < b for a, b in leave_times(settings, leave))


def post_times(
    settings: Settings, post: Post, date: dt.date, part: Part
) -> tuple[dt.datetime, dt.datetime]:
    """Return start and end of one slot of ``post``.

    The post's own start holds for the first of its parts and its own end for the last, so
    that a post of morning and afternoon from 08:30 to 17:30 keeps its break at noon.
    """
    start, end = _part_clocks(settings, part)
    parts = sorted(post.parts, key=PART_ORDER.__getitem__) or [part]
    if post.start is not None and part is parts[0]:
        start = post.start
    if post.end is not None and part is parts[-1]:
        end = post.end
    return clock_times(date, start, end)


def _part_clocks(settings: Settings, part: Part) -> tuple[str, str]:
    """Return the usual start and end (``HH:MM``) of a part."""
    match part:
        case Part.AM:
            return settings.am_start, settings.am_end
        case Part.PM:
            return settings.pm_start, settings.pm_end
        case _:
            return settings.night_start, settings.night_end


@lru_cache(maxsize=4096)
def clock_times(date: dt.date, start: str, end: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the times of ``date`` from ``start`` to ``end`` (``HH:MM``), at most 24 hours long."""
    first = dt.datetime.combine(date, dt.time.fromisoformat(start), ZONE)
    last = dt.datetime.combine(date, dt.time.fromisoformat(end), ZONE)
    return first, last if last > first else last + dt.timedelta(days=1)


def _slot(instance: Instance, calendar: Calendar, post: Post, date: dt.date, part: Part) -> Slot:
    """Return the slot of ``post`` on ``date``."""
    start, end = post_times(instance.settings, post, date, part)
    return Slot(
        id=slot_id(post.id, date, part),
        post=post,
        site=instance.site_by_id[post.site],
        date=date,
        part=part,
        start=start,
        end=end,
        day_class=calendar.day_class(date),
    )


def _post_dates(
    instance: Instance, calendar: Calendar, month: str
) -> Iterator[tuple[Post, list[dt.date]]]:
    """Yield each post with its dates in ``month`` on which it is valid."""
    days = month_days(month)
    known: dict[tuple[Recurrence, HolidayPolicy], list[dt.date]] = {}
    for post in instance.posts:
        key = (post.recurrence, post.holiday)
        if key not in known:
            known[key] = post.recurrence.dates(calendar, days, post.holiday)
        first, last = post.valid_from or dt.date.min, post.valid_to or dt.date.max
        yield post, [date for date in known[key] if first <= date <= last]
