"""The month that follows a plan: the same office a month on, with everything that is remembered.

Turns that were held go into the ledger, lectures into their records, visits into the villages' last
visit, and the last days of the month into what is settled around it. Advisers and mediators who are
still in office keep their seats, so that a replacement touches the seats of whoever left, and no
others. What has passed and means nothing to a later month is dropped, and told.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.calendar import Calendar, month_days, next_month
from models.instance import Instance, Settings
from models.issues import Sentence
from models.people import HeldAround, Leave, LectureRecord, LedgerEntry, Person, Pin
from models.places import Leaving, Village
from models.roster import Roster
from models.vocabulary import Mode, PinKind, Strength
from solver.modelling.borders import NEAR
from solver.modelling.past import MONTHS_MOST, long_leaves, months_before
from solver.year.appointments import AppointmentKind, appointments
from solver.year.attended import Attended, attended
from solver.year.settled_ahead import pins_of

SEATS = (PinKind.ADVISER, PinKind.MEDIATOR)
_KINDS = {
    AppointmentKind.DUTY: PinKind.DUTY,
    AppointmentKind.STANDBY: PinKind.STANDBY,
    AppointmentKind.VISIT: PinKind.VISIT,
}


@dataclass(frozen=True)
class Following:
    """Next month's instance, what it carries, and what was dropped on the way."""

    instance: Instance
    carried: tuple[Sentence, ...]
    dropped: tuple[Sentence, ...]


def following(
    instance: Instance,
    roster: Roster,
    done: Sequence[Attended] | None = None,
    *,
    keep_seats: bool = True,
) -> Following:
    """Return the month after ``roster``.

    Parameters
    ----------
    instance
        What the roster was planned from.
    roster
        The month as it came to be.
    done
        What became of it; without, all of it is taken as held.
    keep_seats
        Whether advisers and mediators in office are fixed; else they are preferred only.
    """
    if done is None:
        done = attended(appointments(instance, roster))
    step = _MonthStep(instance, roster, tuple(thing for thing in done if thing.is_held), keep_seats)
    return Following(step.made(), tuple(step.carried()), tuple(step.dropped()))


class _MonthStep:
    """One step from a month to the next; ``held`` is what somebody served."""

    def __init__(
        self, before: Instance, roster: Roster, held: tuple[Attended, ...], keep_seats: bool
    ) -> None:
        self.before, self.roster, self.held = before, roster, held
        self.month = next_month(roster.month)
        self.first = month_days(self.month)[0]
        self.seats = tuple(self._seats()) if keep_seats else ()
        self.served = tuple(self._served())
        self.leave = tuple(self._leave())
        self.ahead = pins_of(before, self.month)
        self.around = tuple(dict.fromkeys(self._around()))

    def made(self) -> Instance:
        """Return the next month's instance."""
        earliest = months_before(self.month, MONTHS_MOST)
        months = {self.roster.month}
        ledger = [r for r in self.before.ledger if earliest <= r.month and r.month not in months]
        pins = [*self._pins_ahead(), *self.seats]
        known = {(pin.kind, pin.target, pin.person, pin.date, pin.part) for pin in pins}
        pins += [p for p in self.ahead if (p.kind, p.target, p.person, p.date, p.part) not in known]
        changes = {
            "settings": _renamed(self.before.settings, self.roster.month, self.month),
            "villages": tuple(map(self._village, self.before.villages)),
            "pins": tuple(pins),
            "held_around": self.around,
            "ledger": (*ledger, *self.served),
            "lectures": tuple(self._lectures()),
            "leave": self.leave,
            "wishes": tuple(w for w in self.before.wishes if not w.date or w.date >= self.first),
        }
        return self.before.model_copy(update=changes)

    def carried(self) -> Iterator[Sentence]:
        """Say what the next month takes along."""
        turns = sum(row.turns for row in self.served)
        last = f"{self.roster.month}"
        yield Sentence(
            zh=f"台账新增 {last} 的 {turns} 次（{len(self.served)} 行）",
            en=f"the ledger gains {turns} turns of {last} in {len(self.served)} rows",
        )
        lectures = sum(thing.planned.kind is AppointmentKind.LECTURE for thing in self.held)
        yield Sentence(zh=f"已办讲座新增 {lectures} 场", en=f"{lectures} more lectures on record")
        count = Counter(pin.kind for pin in self.seats)
        zh = f"留任：法律顾问 {count[PinKind.ADVISER]} 席，调解员 {count[PinKind.MEDIATOR]} 席"
        en = f"kept: {count[PinKind.ADVISER]} advisers, {count[PinKind.MEDIATOR]} mediators' seats"
        yield Sentence(zh=zh, en=en)
        yield Sentence(
            zh=f"上月末安排 {len(self.around)} 条",
            en=f"{len(self.around)} rows of the days around the month",
        )
        missed = sorted(self._unvisited())
        if missed:
            names = "、".join(missed[:10]) + ("…" if len(missed) > 10 else "")
            yield Sentence(
                zh=f"本月没有走访的村居 {len(missed)} 个：{names}",
                en=f"{len(missed)} villages were not visited",
            )

    def dropped(self) -> Iterator[Sentence]:
        """Say what has passed and is left out, one line for each table."""
        gone = [row for row in self.before.leave if row not in self.leave]
        if gone:
            yield Sentence(
                zh=f"请假开庭 {len(gone)} 条已过：{_shown(gone)}",
                en=f"{len(gone)} rows of leave that are over",
            )
        pins = [p for p in self.before.pins if p.date is not None and p.date < self.first]
        wishes = [w for w in self.before.wishes if w.date is not None and w.date < self.first]
        earliest = months_before(self.month, MONTHS_MOST)
        old = [row for row in self.before.ledger if row.month < earliest]
        for rows, zh, en in (
            (pins, "固定安排", "pins of days that have passed"),
            (wishes, "意愿", "wishes for days that have passed"),
            (old, "三年前的台账", "rows of the ledger older than three years"),
        ):
            if rows:
                yield Sentence(zh=f"{zh} {len(rows)} 条已过", en=f"{len(rows)} {en}")
        unclear = sum(f"{row.date:%Y-%m}" == self.month for row in self.before.held_around)
        if unclear := unclear - len(self.ahead):
            yield Sentence(
                zh=f"上月末安排中下月的 {unclear} 条看不出是哪个岗位，请填入固定安排",
                en=f"{unclear} rows settled for next month name no single post: pin them by hand",
            )
        yield from self._left()

    def _left(self) -> Iterator[Sentence]:
        """Say whose seats are free again."""
        known, lost = self.before.person_by_id, Counter[str]()
        holders = [seat.person for seat in self.roster.advisers]
        for person in [*holders, *(seat.person for seat in self.roster.mediators)]:
            lost[person] += not _in_office(known[person], self.first)
        for person, seats in sorted(lost.items()):
            if seats:
                yield Sentence(
                    zh=f"{known[person].name}（{person}）已离任，空出 {seats} 个席位",
                    en=f"{person} has left office; {seats} seats are free",
                )

    def _seats(self) -> Iterator[Pin]:
        """Yield the seats of everybody who is in office on the first day of the month."""
        known = self.before.person_by_id
        own = {(p.kind, p.target, p.person): p for p in self.before.pins if p.kind in SEATS}
        seats = [(PinKind.ADVISER, seat.village, seat.person) for seat in self.roster.advisers]
        seats += [(PinKind.MEDIATOR, seat.site, seat.person) for seat in self.roster.mediators]
        for kind, target, person in seats:
            if _in_office(known[person], self.first):
                pin = own.get((kind, target, person))
                strength = pin.strength if pin is not None else Strength.FIXED
                yield Pin(kind=kind, target=target, person=person, strength=strength)

    def _pins_ahead(self) -> Iterator[Pin]:
        """Yield pins of the month to come and later ones."""
        for pin in self.before.pins:
            if pin.kind not in SEATS and (pin.date is None or pin.date >= self.first):
                yield pin

    def _served(self) -> Iterator[LedgerEntry]:
        """Yield the turns served and stood by for, as the ledger counts them."""
        turns: Counter[tuple[object, ...]] = Counter()
        for thing in self.held:
            slot = thing.planned.slot
            if slot is not None:
                standby = thing.planned.kind is AppointmentKind.STANDBY
                turns[thing.server, slot.post.kind, slot.turn_class, slot.site.id, standby] += 1
        fields = ("person", "kind", "day_class", "site", "standby")
        for key, count in sorted(turns.items()):
            row = dict(zip(fields, key, strict=True))
            yield LedgerEntry.model_validate(row | {"month": self.roster.month, "turns": count})

    def _lectures(self) -> Iterator[LectureRecord]:
        """Yield the lectures on record and those held, each once."""
        found = {(row.village, row.date) for row in self.before.lectures}
        yield from self.before.lectures
        for thing in self.held:
            key = (thing.planned.place, thing.planned.day)
            if thing.planned.kind is AppointmentKind.LECTURE and key not in found:
                found.add(key)
                yield LectureRecord(village=key[0], date=key[1])

    def _village(self, village: Village) -> Village:
        adviser = self._adviser_of.get(village.id, village.adviser)
        since, until = village.adviser_since, village.adviser_until
        left = self._handed_over.get(village.id)
        if adviser != village.adviser:
            since = left.next_day if left else month_days(self.roster.month)[0]
        if adviser != village.adviser or left:
            until = None
        last = self._last_visit.get(village.id, village.last_visit)
        changes = {"adviser": adviser, "adviser_since": since}
        changes |= {"adviser_until": until, "last_visit": last}
        return village.model_copy(update=changes)

    @cached_property
    def _handed_over(self) -> dict[str, Leaving]:
        days = month_days(self.roster.month)
        return {row.village: row for row in self.before.leaving(days[0], days[-1])}

    @cached_property
    def _adviser_of(self) -> dict[str, str]:
        return {seat.village: seat.person for seat in self.roster.advisers}

    @cached_property
    def _last_visit(self) -> dict[str, dt.date]:
        found: dict[str, dt.date] = {}
        for thing in self.held:
            if thing.planned.kind is AppointmentKind.VISIT:
                place, day = thing.planned.place, thing.planned.day
                found[place] = max(day, found.get(place, day))
        return found

    def _unvisited(self) -> Iterator[str]:
        """Yield the names of villages that somebody was to visit this month, and nobody did."""
        asked = {visit.village for visit in self.roster.visits}
        for village in asked - set(self._last_visit):
            yield self.before.village_by_id[village].name

    def _leave(self) -> Iterator[Leave]:
        """Yield leave that goes on or is to come, and long leave that fair shares look back to."""
        calendar = Calendar(self.before.days)
        whole: dict[str, list[Leave]] = defaultdict(list)
        for row in self.before.leave:
            whole[row.person].append(row)
        spans = {person: long_leaves(rows, calendar) for person, rows in whole.items()}
        earliest = month_days(months_before(self.month, MONTHS_MOST))[0]
        for row in self.before.leave:
            is_long = row.part is None and any(
                first <= row.first and row.last <= last for first, last in spans[row.person]
            )
            if row.last >= self.first or (is_long and row.last >= earliest):
                yield row

    def _around(self) -> Iterator[HeldAround]:
        """Yield what was held in the last days of the month, and is settled after the next one."""
        for thing in self.held:
            planned = thing.planned
            kind = _KINDS.get(planned.kind)
            if kind is not None and planned.day >= self.first - NEAR:
                assert thing.server is not None
                yield _row_around(thing, kind, thing.server)
        yield from (row for row in self.before.held_around if f"{row.date:%Y-%m}" > self.month)


def _row_around(thing: Attended, kind: PinKind, server: str) -> HeldAround:
    planned, post = thing.planned, thing.planned.slot.post if thing.planned.slot else None
    row = HeldAround(person=server, date=planned.day, part=planned.part, kind=kind)
    if post is not None and planned.slot is not None:
        goes = post.mode is Mode.ONSITE and kind is PinKind.DUTY
        times = {"place": planned.place if goes else None}
        if post.start is not None or post.end is not None:
            times |= {"start": f"{planned.slot.start:%H:%M}", "end": f"{planned.slot.end:%H:%M}"}
        return row.model_copy(update=times)
    return row.model_copy(update={"place": planned.place})


def _renamed(settings: Settings, month: str, following: str) -> Settings:
    """Return the settings of the month to come; a name that tells the month tells the new one."""
    year, number = map(int, month.split("-"))
    after = dt.date.fromisoformat(f"{following}-01")
    spelled = re.compile(rf"{year}(\s*)年(\s*)0?{number}(\s*)月")
    name = spelled.sub(rf"{after.year}\1年\g<2>{after.month}\3月", settings.name)
    return settings.model_copy(update={"month": following, "name": name})


def _in_office(person: Person, day: dt.date) -> bool:
    begun = person.active_from is None or person.active_from <= day
    return begun and (person.active_to is None or day <= person.active_to)


def _shown(rows: Iterable[Leave]) -> str:
    """Return the first few rows of leave in words."""
    known = list(rows)
    words = [f"{row.person} {row.kind.label} {row.first} 至 {row.last}" for row in known[:5]]
    return "；".join(words) + ("…" if len(known) > 5 else "")
