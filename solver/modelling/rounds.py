"""Rounds of visits and lectures every few months; ids and history decide whose turn it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from models.places import Village
from solver.modelling.facts import Facts


def visit_due_in(facts: Facts, village: Village, every: int) -> int:
    """Return in how many months a village is next due one of its visits, 0 for this month.

    A visit is due ``every`` months after the last one, at once where it is late. A lecture was
    held on a visit. Villages without a known visit take turns in the order of their ids.
    """
    now = month_number(facts.days[0])
    last = facts.last_visits.get(village.id)
    if last is None:
        return -(now + facts.village_idx[village.id]) % every
    return max(0, month_number(last) + every - now)


def visits_left(facts: Facts, village: Village, every: int, months: int) -> int:
    """Return how many visits a village is due in this month and those after it, ``months`` in all."""
    first = visit_due_in(facts, village, every)
    return len(range(first, months, every))


def longest_waiting(facts: Facts, villages: Iterable[str], count: int) -> Iterator[str]:
    """Yield ``count`` villages whose last lecture is longest ago, of equals some spread over the ids."""
    by_month: dict[int, list[str]] = {}
    for village in sorted(villages):
        last = facts.last_lectures.get(village)
        by_month.setdefault(month_number(last) if last else 0, []).append(village)
    for _, equals in sorted(by_month.items()):
        taken = min(count, len(equals))
        yield from spread(equals, taken)
        count -= taken


def spread(villages: Iterable[str], count: int) -> Iterator[str]:
    """Yield ``count`` of the villages, spread evenly over their ids; all of them where they are fewer."""
    known = sorted(villages)
    count = min(count, len(known))
    return (known[n * len(known) // count] for n in range(count))


def month_number(day: dt.date) -> int:
    """Return the number of a month since the year 0."""
    return 12 * day.year + day.month - 1
