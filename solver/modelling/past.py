"""The past: days in office and turns served by each person in the ledger's months.

A month of which the ledger has no row at all counts for nobody. Facts only: what follows from
them for this month says ``fair_share``, and ``entitlement`` in words of its own.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from models.calendar import Calendar, month_days
from models.people import Leave, Person
from models.vocabulary import DayClass, PersonKind, PostKind

if TYPE_CHECKING:
    from solver.modelling.facts import Facts

MONTHS_MOST = 36
"""How far back anything is asked."""

LONG_LEAVE = 5
"""Workdays from which on a leave is taken off the days available."""

BEHIND = 2
"""Turns behind the median of their kind at which people who served nothing for months were away."""

TINY = 1e-9

Span = tuple[dt.date, dt.date]


class TurnClass(NamedTuple):
    """What is shared out by itself: a kind of duty on a class of day, standing by, or all turns."""

    kind: PostKind | None
    day_class: DayClass | None
    is_standby: bool = False

    @property
    def zh(self) -> str:
        """Chinese name."""
        if self.kind is None or self.day_class is None:
            return "备班" if self.is_standby else "值班合计"
        return f"{self.day_class.label}{self.kind.label}"

    @property
    def en(self) -> str:
        """English name."""
        if self.kind is None or self.day_class is None:
            return "standing by" if self.is_standby else "all turns"
        return f"{self.kind.value} on {self.day_class.value}"


ALL = TurnClass(None, None)
"""All turns together; standing by is no turn."""

STANDBY = TurnClass(None, None, is_standby=True)
"""Standing by, whatever the post."""


@dataclass(frozen=True)
class Past:
    """What the ledger's months and this one say of everybody.

    ``months`` are those before this one, the oldest first. ``days`` has, by person and month,
    this one too, the days in office without long leave; months away are left out. ``turns`` has
    the turns by person, month and class.
    """

    months: tuple[str, ...]
    days: Mapping[str, Mapping[str, int]]
    turns: Mapping[str, Mapping[tuple[str, TurnClass], int]]


def past_of(facts: Facts) -> Past:
    """Return the past of everybody on the instance's list."""
    instance = facts.instance
    earliest = months_before(facts.month, MONTHS_MOST)
    rows = [row for row in instance.ledger if earliest <= row.month < facts.month]
    months = tuple(sorted({row.month for row in rows}))
    turns: dict[str, Counter[tuple[str, TurnClass]]] = defaultdict(Counter)
    for row in rows:
        own = turns[row.person]
        if row.standby:
            own[row.month, STANDBY] += row.turns
        else:
            own[row.month, TurnClass(row.kind, row.day_class)] += row.turns
            own[row.month, ALL] += row.turns
    days = {person.id: _days(facts, person, (*months, facts.month)) for person in instance.people}
    for person, away in _months_away(instance.people, months, days, turns):
        for month in away:
            del days[person][month]
    return Past(months, days, {person: dict(own) for person, own in turns.items()})


def months_before(month: str, count: int) -> str:
    """Return the month ``count`` months before ``month`` (``YYYY-MM``)."""
    year, number = map(int, month.split("-"))
    index = 12 * year + number - 1 - count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def long_leaves(rows: Iterable[Leave], calendar: Calendar) -> list[Span]:
    """Return the spans of whole days away that hold five workdays or more.

    Rows between which nobody works are one span.
    """
    spans: list[Span] = []
    whole = sorted((row.first, row.last) for row in rows if row.part is None)
    for first, last in whole:
        if spans and not _works_between(spans[-1][1], first, calendar):
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return [span for span in spans if _is_long(span, calendar)]


def _works_between(last: dt.date, first: dt.date, calendar: Calendar) -> bool:
    between = (last + dt.timedelta(days=n) for n in range(1, (first - last).days))
    return any(calendar.is_workday(day) for day in between)


def _is_long(span: Span, calendar: Calendar) -> bool:
    first, last = span
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    workdays = (day for day in days if calendar.is_workday(day))
    return len(list(islice(workdays, LONG_LEAVE))) == LONG_LEAVE


def _days(facts: Facts, person: Person, months: Iterable[str]) -> dict[str, int]:
    """Return the days of each month in office and not on long leave."""
    office = person.active_from or dt.date.min, person.active_to or dt.date.max
    leaves = long_leaves(facts.leave_of.get(person.id, ()), facts.calendar)
    found = {}
    for month in months:
        days = month_days(month)
        ours = max(office[0], days[0]), min(office[1], days[-1])
        lost = (_length((max(ours[0], first), min(ours[1], last))) for first, last in leaves)
        found[month] = _length(ours) - sum(lost)
    return found


def _length(span: Span) -> int:
    return max(0, (span[1] - span[0]).days + 1) if span[0] <= span[1] else 0


def _months_away(
    people: Sequence[Person],
    months: Sequence[str],
    days: Mapping[str, Mapping[str, int]],
    turns: Mapping[str, Mapping[tuple[str, TurnClass], int]],
) -> Iterable[tuple[str, list[str]]]:
    """Yield each person's months away: in a row without any turn, until two or more behind.

    Where everybody has their share nobody present falls so far behind in months without a turn.
    """
    rates: dict[PersonKind, list[float]] = defaultdict(list)
    for person in people:
        served = sum(turns.get(person.id, {}).get((month, ALL), 0) for month in months)
        in_office = sum(days[person.id][month] for month in months)
        if served and in_office:
            rates[person.kind].append(served / (person.share * in_office))
    usual = {kind: statistics.median(found) for kind, found in rates.items()}
    for person in people:
        own, rate = turns.get(person.id, {}), usual.get(person.kind, 0.0) * person.share
        due = [rate * days[person.id][month] for month in months]
        yield person.id, _away(own, months, due)


def _away(
    own: Mapping[tuple[str, TurnClass], int], months: Sequence[str], due: Sequence[float]
) -> list[str]:
    away: list[str] = []
    behind, idle, idle_due = 0.0, list[str](), 0.0
    for month, turns_due in zip(months, due, strict=True):
        held = own.get((month, ALL), 0)
        if held or own.get((month, STANDBY), 0):
            behind += turns_due - held + (0 if idle and idle[0] in away else idle_due)
            idle, idle_due = [], 0.0
            continue
        idle.append(month)
        idle_due += turns_due
        if behind + idle_due >= BEHIND - TINY:
            away += [gone for gone in idle if gone not in away]
    return away
