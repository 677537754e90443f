"""What is paid for a month, to the cent: a row for everything held, and sums of the rows.

Nothing is added up from anything but rows, so that every sum has its rows behind it. A later
correction of attendance is paid by rows of its own, old and new, beside those of a later month.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field

from models.attendance import WorkKind, WorkRow
from models.calendar import month_days
from models.instance import Instance
from models.issues import Sentence
from models.roster import Roster
from models.vocabulary import DayClass, PersonKind, Term
from solver.profiles.rates import Rates
from solver.year.appointments import AppointmentKind
from solver.year.apportion import apportion
from solver.year.attended import Attended

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MONTHS = 12


class PaidItem(Term):
    """What is paid for; the value is the name of its rate."""

    VILLAGE = "village_year", "村居顾问"
    DUTY = "duty_half_day", "值班"
    NIGHT = "night", "夜班"
    STANDBY = "standby_half_day", "备班"
    VISIT = "visit", "走访"
    LECTURE = "lecture", "讲座"
    MEDIATOR = "mediator_month", "调解员席位"
    MEDIATION = "mediation", "一般纠纷调解"
    MAJOR_MEDIATION = "major_mediation", "重大疑难纠纷调解"
    AID_CASE = "aid_case", "法律援助案件"
    DOCUMENT = "document", "代书审查文书"
    DECISION = "decision", "参与决策论证"
    PHONE = "phone", "电话解答"
    GROUP = "group", "群内解答"
    CAP = "person_month_most", "超上限扣减"


_ITEMS = {
    AppointmentKind.DUTY: PaidItem.DUTY,
    AppointmentKind.STANDBY: PaidItem.STANDBY,
    AppointmentKind.VISIT: PaidItem.VISIT,
    AppointmentKind.LECTURE: PaidItem.LECTURE,
    AppointmentKind.MEDIATION: PaidItem.MEDIATOR,
}
_WORK = {kind: item for kind in WorkKind for item in PaidItem if item.value == kind.value}
_FOR_ANYBODY = frozenset({PaidItem.VILLAGE, PaidItem.MEDIATOR})
_FOR_MEDIATORS = frozenset({PaidItem.MEDIATION, PaidItem.MAJOR_MEDIATION})


class PaidRow(BaseModel):
    """One thing somebody is paid for; ``id`` tells what, ``area`` where it lies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: str = Field(description="month in which it was done")
    id: str
    person: str
    firm: str = ""
    area: str
    date: dt.date
    item: PaidItem
    count: int = 1
    rate: Decimal = Field(description="yuan for one")
    amount: Decimal = Field(description="yuan, whole cents")
    note: str = ""


class Share(BaseModel):
    """A part of the sum: of one payer, or of one township's fund."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    amount: Decimal


class Statement(BaseModel):
    """What is paid in a month: rows, and how the sum is shared by those who pay."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: str
    title: str
    source: str = Field(description="where the rates come from")
    rows: tuple[PaidRow, ...]
    payers: tuple[Share, ...]
    remarks: tuple[Sentence, ...] = ()

    @property
    def total(self) -> Decimal:
        """Yuan of all rows."""
        return sum((row.amount for row in self.rows), ZERO)

    def sums(self, *fields: str) -> dict[tuple[str, ...], Decimal]:
        """Return the sum of the rows by the values of some of their fields, in order."""
        found: dict[tuple[str, ...], Decimal] = defaultdict(lambda: ZERO)
        for row in self.rows:
            found[tuple(str(getattr(row, field)) for field in fields)] += row.amount
        return dict(sorted(found.items()))


def paid_rows(
    instance: Instance,
    roster: Roster,
    rates: Rates,
    done: Iterable[Attended],
    work: Mapping[int, WorkRow] = MappingProxyType({}),
) -> tuple[PaidRow, ...]:
    """Return a row for everything that was held and has a rate, in order of person, date and id.

    Work comes under numbers that stay the same when it is corrected.

    Formula: count × rate. A village's month costs the year's rate, rounded to the cent over the year:
    round(m × year / 12) - round((m - 1) × year / 12) in month m, so that twelve months make the year.
    """
    known = tuple(done)
    made = _PaidMonth(instance, roster.month, rates)
    rows = [*made.villages(roster, known), *made.held(known), *made.work(work)]
    rows += made.capped(rows)
    return tuple(sorted(rows, key=lambda row: (row.person, row.date, row.item, row.id)))


def corrections(paid: Iterable[PaidRow], rows: Iterable[PaidRow]) -> tuple[PaidRow, ...]:
    """Return what a corrected month pays more or less than the rows that were paid for it so far."""
    old, was = _by_thing(paid)
    new, now = _by_thing(rows)
    found = []
    for key in sorted(old.keys() | new.keys()):
        more = now[key] - was[key]
        if more:
            note = f"更正：原 {was[key]}，现 {now[key]}"
            row = new.get(key) or old[key]
            found.append(row.model_copy(update={"amount": more, "note": note}))
    return tuple(found)


def _by_thing(
    rows: Iterable[PaidRow],
) -> tuple[dict[tuple[str, ...], PaidRow], dict[tuple[str, ...], Decimal]]:
    """Return a row, and the sum of all rows, for each thing that somebody is paid for."""
    first: dict[tuple[str, ...], PaidRow] = {}
    sums: dict[tuple[str, ...], Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        key = row.id, row.person, row.item.value
        first.setdefault(key, row)
        sums[key] += row.amount
    return first, sums


def statement(
    instance: Instance, month: str, rates: Rates, rows: Sequence[PaidRow], source: str
) -> Statement:
    """Return the statement of some rows; the sum is shared by the payers' weights, to the cent."""
    cents = sum(int(row.amount / CENT) for row in rows)
    weights = {
        "省级 province": rates.payer_province,
        "县级 county": rates.payer_county,
        "乡镇 town": rates.payer_town,
    }
    parts = apportion(abs(cents), [Fraction(_exact(weight)) for weight in weights.values()])
    sign = 1 if cents >= 0 else -1
    payers = [
        Share(name=name, amount=sign * part * CENT)
        for (name, weight), part in zip(weights.items(), parts, strict=True)
        if weight
    ]
    return Statement(
        month=month,
        title=instance.settings.name,
        source=source,
        rows=tuple(rows),
        payers=tuple(payers),
        remarks=tuple(_remarks(instance, rates, rows)),
    )


def forecast(month: str, paid: Mapping[str, Decimal]) -> Decimal:
    """Return the sum of the year of ``month``: what is paid, and the mean month for those to come.

    ``paid`` has the sums of the year's months so far, ``month`` the newest of them.
    """
    year = {name: amount for name, amount in paid.items() if name[:4] == month[:4]}
    left = MONTHS - int(month[5:])
    mean = sum(year.values(), ZERO) / max(1, len(year))
    return (sum(year.values(), ZERO) + left * mean).quantize(CENT, ROUND_HALF_UP)


def fund_shares(instance: Instance, rates: Rates, by: str = "villages") -> tuple[Share, ...]:
    """Return the year's fund split over the areas of villages by ``villages`` or ``population``."""
    weight: dict[str, int] = defaultdict(int)
    for village in instance.villages:
        weight[village.area] += (village.population or 0) if by == "population" else 1
    areas = sorted(weight)
    cents = int(_exact(rates.fund_year or 0) / CENT)
    parts = apportion(cents, [weight[area] for area in areas])
    return tuple(
        Share(name=area, amount=part * CENT) for area, part in zip(areas, parts, strict=True)
    )


class _PaidMonth:
    """Makes the rows of one month."""

    def __init__(self, instance: Instance, month: str, rates: Rates) -> None:
        self.instance, self.month, self.rates = instance, month, rates

    def villages(self, roster: Roster, done: Sequence[Attended]) -> Iterator[PaidRow]:
        """Yield a month of each village that has an adviser."""
        visits: dict[str, list[bool]] = defaultdict(list)
        for thing in done:
            if thing.planned.kind is AppointmentKind.VISIT:
                visits[thing.planned.place].append(thing.is_held)
        for seat in roster.advisers:
            failed = visits[seat.village] and not any(visits[seat.village])
            unpaid = "本月走访全部落空" if failed and self.rates.village_needs_visit else ""
            name = f"village/{seat.village}@{self.month.replace('-', '')}/{seat.person}"
            area = self.instance.village_by_id[seat.village].area
            first = month_days(self.month)[0]
            yield self._row(name, seat.person, area, first, PaidItem.VILLAGE, note=unpaid)

    def held(self, done: Iterable[Attended]) -> Iterator[PaidRow]:
        """Yield everything planned that somebody served."""
        for thing in done:
            if thing.server is not None:
                planned = thing.planned
                item = _ITEMS[planned.kind]
                is_night = planned.slot and planned.slot.turn_class is DayClass.NIGHT
                if item is PaidItem.DUTY and is_night and self.rates.night:
                    item = PaidItem.NIGHT
                yield self._row(planned.id, thing.server, planned.area, planned.day, item)

    def work(self, work: Mapping[int, WorkRow]) -> Iterator[PaidRow]:
        """Yield work beyond the roster."""
        area_of = {place.id: place.area for place in self.instance.villages}
        area_of |= {place.id: place.area for place in self.instance.sites}
        for number, row in work.items():
            if row.kind in _WORK:
                area = area_of[row.place]
                name = f"work/{self.month.replace('-', '')}-{number}/{row.person}"
                yield self._row(name, row.person, area, row.date, _WORK[row.kind], row.count)

    def capped(self, rows: Iterable[PaidRow]) -> Iterator[PaidRow]:
        """Yield what is taken off again from whoever is above the cap of a month, if it binds."""
        most = self.rates.person_month_most
        if most is None or not self.rates.cap_binds:
            return
        of_person: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for row in rows:
            of_person[row.person] += row.amount
        last = month_days(self.month)[-1]
        for person, amount in sorted(of_person.items()):
            over = amount - _exact(most).quantize(CENT, ROUND_HALF_UP)
            if over > 0:
                home = self.instance.person_by_id[person]
                yield PaidRow(
                    month=self.month,
                    id=f"cap/{self.month.replace('-', '')}/{person}",
                    person=person,
                    firm=home.firm or "",
                    area=home.area,
                    date=last,
                    item=PaidItem.CAP,
                    rate=-over,
                    amount=-over,
                    note=f"每人每月上限 {_exact(most)}",
                )

    def _row(
        self,
        name: str,
        person: str,
        area: str,
        date: dt.date,
        item: PaidItem,
        count: int = 1,
        note: str = "",
    ) -> PaidRow:
        who = self.instance.person_by_id[person]
        if not note and not self._is_paid(who.kind, item):
            note = f"{who.kind.label}不计酬"
        rate = _exact(getattr(self.rates, item.value))
        amount = self._month_of(rate) if item is PaidItem.VILLAGE else rate * count
        return PaidRow(
            month=self.month,
            id=name,
            person=person,
            firm=who.firm or "",
            area=area,
            date=date,
            item=item,
            count=count,
            rate=rate,
            amount=ZERO if note else amount.quantize(CENT, ROUND_HALF_UP),
            note=note,
        )

    def _month_of(self, year: Decimal) -> Decimal:
        number = int(self.month[5:])
        until, before = (
            (year * n / MONTHS).quantize(CENT, ROUND_HALF_UP) for n in (number, number - 1)
        )
        return until - before

    def _is_paid(self, kind: PersonKind, item: PaidItem) -> bool:
        settles = item in _FOR_MEDIATORS and kind is PersonKind.MEDIATOR
        return item in _FOR_ANYBODY or settles or kind in self.rates.paid


def _exact(number: float) -> Decimal:
    """Return a rate as it is written: 0.1 is one tenth."""
    return Decimal(str(number))


def _remarks(instance: Instance, rates: Rates, rows: Sequence[PaidRow]) -> Iterator[Sentence]:
    """Yield what the office should know: who is above the cap, and what has no rate."""
    of_person: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        of_person[row.person] += row.amount
    most = rates.person_month_most
    for person, amount in sorted(of_person.items()):
        if most is not None and amount > _exact(most):
            name = instance.person_by_id[person].name
            yield Sentence(
                zh=f"{name}（{person}）{amount} 元，超过每人每月上限 {_exact(most)} 元",
                en=f"{person}: {amount} yuan, above the cap of {_exact(most)} a person and month",
            )
    unrated = sorted({row.item.label for row in rows if not row.rate})
    if unrated:
        yield Sentence(
            zh=f"没有单独标准、不另付：{'、'.join(unrated)}",
            en=f"{len(unrated)} kinds of work have no rate of their own and add nothing",
        )
