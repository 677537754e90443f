"""Remarks on oddities in an instance that do not prevent planning; shown beside the plan."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from models.calendar import Calendar, month_days, previous_month
from models.days.day_patterns import Dates
from models.formats.intake.oddities import oddities
from models.formats.intake.tables import CellKind, instance_tables
from models.instance import Instance, Settings
from models.issues import Issue
from models.messages import Spot, issue
from models.phones import has_private_number
from models.places import Post
from models.slots import PART_ORDER, part_times, post_times
from models.vocabulary import HolidayPolicy, Part

NUMBERS = frozenset({"mobile", "licence_no"})
"""Columns that are meant for numbers; they are shown nowhere."""
_DAY = dt.timedelta(days=1)
Times = tuple[dt.datetime, dt.datetime]


def remarks(instance: Instance, month: str | None = None) -> tuple[Issue, ...]:
    """Return remarks that an office should read before the plan of a month.

    Parameters
    ----------
    month
        ``YYYY-MM``; default: the instance's.
    """
    day = month_days(month or instance.settings.month)[0]
    found = itertools.chain(
        _parts_overlap(instance.settings, day),
        _posts_leave_their_part(instance, day),
        _nothing_held_around(instance, month or instance.settings.month),
        _dates_off(instance, month or instance.settings.month),
        _posts_without_dates(instance, month or instance.settings.month),
        _month_before_missing(instance, month or instance.settings.month),
        _numbers_hidden(instance),
        oddities(instance, month or instance.settings.month),
    )
    return tuple(found)


def _numbers_hidden(instance: Instance) -> Iterator[Issue]:
    """Report tables in whose texts mobile or identity numbers were typed, and ids that are such."""
    for table in instance_tables():
        rows = (instance.settings,) if table.is_settings else getattr(instance, table.name)
        names = [c.field for c in table.columns if c.kind in (CellKind.TEXT, CellKind.ID)]
        names = [name for name in names if name not in NUMBERS]
        found = [row for row in rows if any(_is_number(getattr(row, name)) for name in names)]
        if found:
            first = getattr(found[0], "name", "") or str(getattr(found[0], "id", ""))
            yield issue("numbers_hidden", Spot(table.title), first, count=len(found))


def _is_number(text: object) -> bool:
    return isinstance(text, str) and has_private_number(text)


def _parts_overlap(settings: Settings, day: dt.date) -> Iterator[Issue]:
    """Report parts of the day that overlap, including the night and the next morning."""
    times = [(part.label, part_times(settings, day, part)) for part in Part]
    times.append((f"次日{Part.AM.label}", part_times(settings, day + _DAY, Part.AM)))
    for (one, span), (other, later) in itertools.pairwise(times):
        if _overlap(span, later):
            words = {"one": one, "other": other, "first": _clock(span), "second": _clock(later)}
            yield issue("parts_overlap", Spot("设置"), **words)


def _posts_leave_their_part(instance: Instance, day: dt.date) -> Iterator[Issue]:
    """Report posts whose own hours reach into another part of the day, or miss their own."""
    for post in instance.posts:
        if post.start is None and post.end is None:
            continue
        for part in sorted(set(post.parts), key=PART_ORDER.__getitem__):
            span = post_times(instance.settings, post, day, part)
            if _leaves(instance.settings, post, day, part, span):
                words = {"part": part.label, "part_en": part.value, "times": _clock(span)}
                yield issue("post_leaves_part", Spot("岗位"), post.id, **words)


def _leaves(settings: Settings, post: Post, day: dt.date, part: Part, span: Times) -> bool:
    """Whether a slot reaches into a part that its post does not have, or misses its own."""
    if not _overlap(span, part_times(settings, day, part)):
        return True
    others = [
        part_times(settings, day + number * _DAY, other)
        for number in (-1, 0, 1)
        for other in Part
        if (number, other) != (0, part) and not (number == 0 and other in post.parts)
    ]
    return any(_overlap(span, other) for other in others)


def _nothing_held_around(instance: Instance, month: str) -> Iterator[Issue]:
    """Report rows of duties held around the month that lie within it."""
    inside = [row for row in instance.held_around if f"{row.date:%Y-%m}" == month]
    if inside:
        yield issue("held_inside", Spot("上月末安排"), f"{inside[0].date}", count=len(inside))


def _dates_off(instance: Instance, month: str) -> Iterator[Issue]:
    """Report dates that a post names one by one and that are not worked: what becomes of them."""
    calendar, days = Calendar(instance.days), month_days(month)
    for post in instance.posts:
        if not isinstance(post.recurrence.pattern, Dates):
            continue
        off = [day for day in post.recurrence.pattern.dates if not calendar.is_workday(day)]
        named = "、".join(f"{day}" for day in off if day in days)
        if named:
            moved = post.holiday in {HolidayPolicy.NEXT_WORKDAY, HolidayPolicy.PREVIOUS_WORKDAY}
            what = (post.holiday.label, post.holiday.value) if moved else ("照常安排", "kept")
            words = {"dates": named, "what": what[0], "what_en": what[1]}
            yield issue("dates_off", Spot("岗位"), post.id, **words)


def _posts_without_dates(instance: Instance, month: str) -> Iterator[Issue]:
    """Report posts whose every day of the month is dropped since it is not worked."""
    calendar, days = Calendar(instance.days), month_days(month)
    for post in instance.posts:
        if post.holiday is not HolidayPolicy.SKIP or post.recurrence.dates(
            calendar, days, HolidayPolicy.SKIP
        ):
            continue
        if post.recurrence.dates(calendar, days, HolidayPolicy.KEEP):
            words = {"rhythm": post.recurrence.text, "month": month}
            yield issue("post_always_skipped", Spot("岗位"), post.id, **words)


def _month_before_missing(instance: Instance, month: str) -> Iterator[Issue]:
    """Report a ledger without the month just before: turns cannot be shared on from it."""
    before = previous_month(month)
    if instance.posts and all(row.month != before for row in instance.ledger):
        yield issue("ledger_month_missing", Spot("往月台账"), month=before)


def _overlap(one: Times, other: Times) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _clock(span: Times) -> str:
    return f"{span[0]:%H:%M}–{span[1]:%H:%M}"
