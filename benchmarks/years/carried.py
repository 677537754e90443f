"""Month after month: planned, repaired after illness, written into the ledger, checked."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.history import Closed
from benchmarks.machine import commit, machine, now, versions
from benchmarks.years.county import Row, county, leave, months, sickness, staff, workdays_of
from models.calendar import Calendar, month_days
from models.instance import Instance
from models.people import Leave, Person
from models.roster import Roster
from models.slots import expand
from solver.changes.absence import Absence
from solver.changes.repair import repair
from solver.profiles import load_rules
from solver.solve import solve
from solver.year.following import following

LONG_LEAVE = 5
"""Workdays from which on a leave is no time available."""


class Account:
    """Turns served and due, added up day by day and turn by turn: the solver's own are not asked."""

    def __init__(self) -> None:
        self.served: dict[str, Counter[str]] = defaultdict(Counter)
        self.due: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))

    def add(self, instance: Instance, roster: Roster, away: list[Row]) -> None:
        """Share each turn of the month among those who might have taken it."""
        available = _share_days(instance, away)
        slots = {slot.id: slot for slot in expand(instance, roster.month)}
        for duty in roster.duties:
            slot = slots[duty.slot]
            name = "standby" if duty.standby else f"{slot.post.kind.value} {slot.turn_class.value}"
            self.served[name][duty.person] += 1
            pool = [p.id for p in instance.people if p.kind in slot.post.kinds]
            whole = sum(available[person] for person in pool)
            for person in pool:
                self.due[name][person] += available[person] / whole

    def closed(self, origin: dict[str, Any]) -> list[Closed]:
        """Return how far the people are off in each class, and the least and most of it."""
        rows = []
        for name, own in sorted(self.due.items()):
            off = [float(self.served[name][person] - due) for person, due in own.items()]
            most = {"most_below": round(min(off), 3), "most_above": round(max(off), 3)}
            turns = self.served[name].total()
            rows.append(Closed.model_validate(origin | most | {"name": name, "turns": turns}))
        return rows


def closed(seed: int) -> Iterator[list[Closed]]:
    """Plan the months one after the other; yield what each class came to at the end of each."""
    rng = np.random.default_rng(seed)
    people = staff(rng)
    away, account = leave(people, rng), Account()
    rules = load_rules("default")
    instance = _joined(county(months()[0], [], [], []), people, away)
    for month in months():
        began = time.monotonic()
        outcome = solve(instance, rules)
        seconds, roster = time.monotonic() - began, outcome.roster
        for row in sickness(month, roster.duties, rng):
            gone = Absence(row["person"], row["first"], row["last"])
            roster = repair(instance, rules, roster, gone).roster
            instance = _joined(instance, people, [row])
            away.append(row)
        account.add(instance, roster, away)
        origin = {"date": now(), "commit": commit(), "machine": machine(), "seed": seed}
        origin |= {"python": versions()["python"], "people": len(instance.people), "month": month}
        origin |= {"unmet": len(outcome.report.unmet), "seconds": round(seconds, 2)}
        yield account.closed(origin)
        instance = _joined(following(instance, roster).instance, people, away)


def _joined(instance: Instance, people: list[Row], away: list[Row]) -> Instance:
    """Return the month with whoever has come by then, and their leave of that month and later ones."""
    month = instance.settings.month
    known = [p for p in people if str(p.get("active_from", month))[:7] <= month]
    ids, first = {person["id"] for person in known}, month_days(month)[0]
    told = [row for row in away if row["person"] in ids and row["last"] >= first]
    leaves = (*instance.leave, *(Leave.model_validate(row) for row in told))
    changes = {"people": tuple(map(Person.model_validate, known))}
    return instance.model_copy(update=changes | {"leave": tuple(dict.fromkeys(leaves))})


def _share_days(instance: Instance, away: list[Row]) -> dict[str, Fraction]:
    """Return share × days of the month in office and on no leave of five workdays and more."""
    calendar = Calendar(instance.days)
    long = [row for row in away if workdays_of(row, calendar) >= LONG_LEAVE]
    days = month_days(instance.settings.month)
    found = {}
    for person in instance.people:
        first, last = person.active_from or days[0], person.active_to or days[-1]
        gone = [(row["first"], row["last"]) for row in long if row["person"] == person.id]
        here = [d for d in days if first <= d <= last and not any(a <= d <= b for a, b in gone)]
        found[person.id] = Fraction(str(person.share)) * len(here)
    return found
