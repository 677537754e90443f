"""A good roster, and the small changes that spoil it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.vocabulary import Part
from solver.check import check
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule

Breaches = Counter[tuple[str, str, int]]


@dataclass(frozen=True)
class Plant:
    """A roster of some facts; every change returns another plant."""

    facts: Facts
    rules: tuple[Rule, ...]
    roster: Roster

    def breaches(self) -> Breaches:
        """Count the hard and waivable breaches by rule, subject and amount."""
        found = check(self.facts, self.rules, self.roster).breaches
        return Counter((b.rule, b.subject, b.amount) for b in found)

    def of_rule(self, code: str) -> Breaches:
        """Count the breaches of one rule, soft ones too."""
        (rule,) = (rule for rule in self.rules if rule.code == code)
        found = rule.check(self.facts, Reading(self.facts, self.roster))
        return Counter((b.rule, b.subject, b.amount) for b in found)

    def subjects(self, code: str) -> set[str]:
        """Return whom breaches of one rule name."""
        return {subject for _, subject, _ in self.of_rule(code)}

    def terms(self) -> dict[str, int]:
        """Return the amounts of all rules."""
        return check(self.facts, self.rules, self.roster).terms

    def slots(self, post: str) -> list[str]:
        """Return the slots of a post that no pin speaks of."""
        pinned = {pin.date for pin in self.facts.instance.pins}
        return [s.id for s in self.facts.slots if s.post.id == post and s.date not in pinned]

    def holder(self, slot: str) -> str:
        """Return who holds a slot alone."""
        (duty,) = self.duties(lambda d: d.slot == slot and not d.standby)
        return duty.person

    def duties(self, which: Callable[[Duty], bool]) -> list[Duty]:
        """Return some of the duties."""
        return [duty for duty in self.roster.duties if which(duty)]

    def is_free(self, person: str, slot: str, but: Iterable[str] = ()) -> bool:
        """Say whether the person has nothing in the week of a slot, but for some slots."""
        week = self.date_of(slot).isocalendar()[:2]
        rows: list[Duty | Visit] = [*self.roster.duties, *self.roster.visits]
        mine = [r for r in rows if r.person == person and r.date.isocalendar()[:2] == week]
        return all(isinstance(row, Duty) and row.slot in but for row in mine)

    def date_of(self, slot: str) -> dt.date:
        """Return the date of a slot."""
        return self.facts.slots[self.facts.slot_idx[slot]].date

    def give(self, slot: str, person: str, instead_of: str | None = None) -> Plant:
        """Let a person hold a slot in place of its holder, or where nobody does."""
        holders = self.duties(lambda d: d.slot == slot and not d.standby)
        if not holders:
            known = self.facts.slots[self.facts.slot_idx[slot]]
            held = {"post": known.post.id, "date": known.date, "part": known.part}
            return self.with_duties((*self.roster.duties, Duty(person=person, **held)))
        before = instead_of or holders[0].person
        return self.with_duties(
            d.model_copy(update={"person": person})
            if d.slot == slot and d.person == before and not d.standby
            else d
            for d in self.roster.duties
        )

    def give_free(self, post: str, person: str) -> tuple[Plant, str]:
        """Let a person, who serves beside others only now, hold a slot in a week of nothing else."""
        ready = self.without_duties(lambda d: d.person == person and d.post != "P-team")
        slot = next(slot for slot in ready.slots(post) if ready.is_free(person, slot))
        return ready.give(slot, person), slot

    def cleared(self, person: str) -> Plant:
        """Drop the duties and visits of a person; the team, which others need, stays whole."""
        kept = (v for v in self.roster.visits if v.person != person)
        rest = self._with(visits=tuple(kept))
        return rest.without_duties(lambda d: d.person == person and d.post != "P-team")

    def without_duties(self, which: Callable[[Duty], bool]) -> Plant:
        """Drop some duties."""
        return self.with_duties(d for d in self.roster.duties if not which(d))

    def with_duties(self, duties: Iterable[Duty]) -> Plant:
        """Put other duties in place."""
        return self._with(duties=tuple(duties))

    def seat(self, village: str, person: str | None) -> Plant:
        """Give a village another adviser or none; its visits fall away."""
        seats = [s for s in self.roster.advisers if s.village != village]
        seats += [AdviserSeat(village=village, person=person)] if person else []
        visits = tuple(v for v in self.roster.visits if v.village != village)
        return self._with(advisers=tuple(seats), visits=visits)

    def seat_mediator(self, site: str, person: str) -> Plant:
        """Add a mediator to a site."""
        return self._with(
            mediators=(*self.roster.mediators, MediatorSeat(site=site, person=person))
        )

    def without_mediator(self, person: str) -> Plant:
        """Take a mediator away."""
        return self._with(mediators=tuple(m for m in self.roster.mediators if m.person != person))

    def station(self, *villages: str, host: str | None) -> Plant:
        """Let villages share the station in another, or give them mobile points."""
        rows = [row for row in self.roster.stations if row.village not in villages]
        rows += [VillageStation(village=village, host=host) for village in villages]
        return self._with(stations=tuple(rows))

    def own_stations(self) -> Plant:
        """Give every village its own station, but let the small V4 share and keep V8 where it is."""
        everyone = (village.id for village in self.facts.villages)
        alone = tuple(VillageStation(village=v, host=v) for v in everyone)
        own = self._with(stations=alone)
        return own.station("V4", host="V3").station("V8", host="V7")

    def visit(self, village: str) -> Visit:
        """Return the only visit to a village."""
        (visit,) = (v for v in self.roster.visits if v.village == village)
        return visit

    def move_visit(self, village: str, **changes: object) -> Plant:
        """Change the only visit to a village."""
        return self.change_visit(self.visit(village), **changes)

    def change_visit(self, before: Visit, **changes: object) -> Plant:
        """Change one visit."""
        after = before.model_copy(update=changes)
        return self._with(visits=tuple(after if v is before else v for v in self.roster.visits))

    def idle(self, person: str, days: Iterable[dt.date]) -> Plant:
        """Drop the duties and visits of a person on some days."""
        free = set(days)
        kept = (v for v in self.roster.visits if v.person != person or v.date not in free)
        idle = self._with(visits=tuple(kept))
        return idle.without_duties(lambda d: d.person == person and d.date in free)

    def add_visits(self, *rows: tuple[str, str, dt.date]) -> Plant:
        """Add visits on some mornings: village, person, date."""
        made = (Visit(village=v, person=p, date=d, part=Part.AM) for v, p, d in rows)
        return self._with(visits=(*self.roster.visits, *made))

    def into_week(self, visit: Visit, monday: dt.date) -> Plant:
        """Move a visit to a workday of a week on which its person has nothing, if there is one."""
        days = [monday + dt.timedelta(days=n) for n in range(5)]
        free = self.free_days(visit.person, days)
        return self.change_visit(visit, date=free[0]) if free else self

    def free_days(self, person: str, days: Iterable[dt.date]) -> list[dt.date]:
        """Return those of some days on which the person has nothing."""
        rows: list[Duty | Visit] = [*self.roster.duties, *self.roster.visits]
        busy = {row.date for row in rows if row.person == person}
        return [day for day in days if day not in busy]

    def free_morning(self, person: str, days: Iterable[dt.date]) -> dict[str, object]:
        """Return the first of some mornings with no duty or visit of the person on the days around."""
        rows: list[Duty | Visit] = [*self.roster.duties, *self.roster.visits]
        busy = [row.date for row in rows if row.person == person]
        day = next(day for day in days if all(abs((day - other).days) > 1 for other in busy))
        return {"date": day, "part": Part.AM}

    def without_visits(self, village: str) -> Plant:
        """Drop the visits to a village."""
        return self._with(visits=tuple(v for v in self.roster.visits if v.village != village))

    def _with(self, **tables: object) -> Plant:
        return replace(self, roster=self.roster.model_copy(update=tables))
