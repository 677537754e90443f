"""What a month pays: stated from attendance while it is open, as it was settled once it is closed.

Corrections of closed months are rows of their own in the statement of the month that is open: what
the month would pay now, less everything that was settled for it so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.actions.statements import basis, rates_of, year_lines
from api.office.areas import Data
from api.office.context import Service
from api.office.year.carrying import done_so_far
from api.office.year.opening import data_for
from api.office.year.planned_months import PlannedMonth, read_month
from models.instance import Instance
from models.people import Firm, Person
from models.places import Area
from models.store.tables.year_tables import MonthRecord
from models.store.year.month_records import month_record, months_of
from models.store.year.work_records import work_records, work_row
from solver.profiles.rates import Rates
from solver.year.statement import (
    PaidRow,
    Share,
    Statement,
    corrections,
    fund_shares,
    paid_rows,
    statement,
)


class MoneySum(BaseModel):
    """The sum of the rows of one person, firm or township."""

    id: str
    name: str
    amount: Decimal


class MonthMoney(BaseModel):
    """The statement of a month, with sums and what the year has cost."""

    statement: Statement
    is_closed: bool = Field(description="已结转的为定数 settled once the month is closed")
    total: Decimal
    people: list[MoneySum]
    firms: list[MoneySum]
    areas: list[MoneySum]
    year: list[tuple[str, Decimal]]
    fund: list[Share]


class _Stated(NamedTuple):
    made: Statement
    rates: Rates
    instance: Instance
    is_closed: bool
    earlier: Sequence[Statement]


def settle(
    service: Service, session: Session, planned: PlannedMonth, known: MonthRecord
) -> Statement:
    """Keep what a month pays as it is closed, with the corrections of earlier months."""
    made, rates = _stated(service, session, planned)
    known.statement = made.model_dump_json()
    known.rates = {"rates": rates.model_dump(mode="json"), "source": made.source}
    return made


def month_money(service: Service, actor: Actor, area: str, month: str) -> MonthMoney:
    """Return what a month pays, as far as the actor may see it: all, the own area, firm or person.

    Raises
    ------
    DeniedError
        See ``check``; also where nothing of it is the actor's.
    InputError
        Nothing of the month is published.
    """
    stated = _read(service, data_for(service, actor, area, Action.READ_MONEY), month)
    rows = tuple(row for row in stated.made.rows if _may_see(actor, stated.instance, row))
    is_whole = len(rows) == len(stated.made.rows)
    if not is_whole and not rows:
        raise UnseenError
    made = stated.made if is_whole else stated.made.model_copy(update={"rows": rows, "payers": ()})
    year = year_lines(made, stated.earlier, stated.rates) if is_whole else []
    has_fund = is_whole and stated.rates.fund_year
    return MonthMoney(
        statement=made,
        is_closed=stated.is_closed,
        total=made.total,
        people=_sums(made, "person", stated.instance),
        firms=_sums(made, "firm", stated.instance),
        areas=_sums(made, "area", stated.instance),
        year=year,
        fund=list(fund_shares(stated.instance, stated.rates)) if has_fund else [],
    )


def money_workbook(service: Service, actor: Actor, area: str, month: str) -> bytes:
    """Return the statement of a month as a workbook. Raises as ``month_money`` does."""
    from api.documents.year.statement_sheets import render_statement  # late: xlsxwriter

    shown = month_money(service, actor, area, month)
    data = data_for(service, actor, area, Action.READ_MONEY)
    instance = _read(service, data, month).instance
    return render_statement(shown.statement, instance, shown.fund, shown.year)


def _read(service: Service, data: Data, month: str) -> _Stated:
    with service.store.read() as session:
        planned = read_month(service, session, data, month)
        known = month_record(session, data.area, month)
        closed = known is not None and known.closed_at is not None
        earlier = [
            Statement.model_validate_json(row.statement)
            for row in months_of(session, data.area)
            if row.statement is not None and row.month < month
        ]
        if closed and known is not None and known.statement is not None and known.rates:
            made = Statement.model_validate_json(known.statement)
            rates = Rates.model_validate(known.rates["rates"])
        else:
            made, rates = _stated(service, session, planned)
    return _Stated(made, rates, planned.instance, closed, earlier)


def _stated(service: Service, session: Session, planned: PlannedMonth) -> tuple[Statement, Rates]:
    """Return what a month pays by what is known now, and by which rates."""
    rates, source = rates_of(planned.data.instance, None)
    rows = (*_rows(session, planned, rates), *_corrections(service, session, planned))
    made = statement(planned.instance, planned.month, rates, rows, source)
    told = tuple(basis(is_planned=False, done=done_so_far(session, planned)))
    return made.model_copy(update={"remarks": (*told, *made.remarks)}), rates


def _rows(session: Session, planned: PlannedMonth, rates: Rates) -> tuple[PaidRow, ...]:
    done = done_so_far(session, planned)
    work = {row.id: work_row(row) for row in work_records(session, planned.area, planned.month)}
    return paid_rows(planned.instance, planned.roster, rates, done, work)


def _corrections(service: Service, session: Session, planned: PlannedMonth) -> Iterator[PaidRow]:
    """Yield what earlier months that were corrected after their closing pay more or less."""
    earlier = [row for row in months_of(session, planned.area) if row.month < planned.month]
    settled = [
        paid
        for row in earlier
        if row.statement is not None
        for paid in Statement.model_validate_json(row.statement).rows
    ]
    for row in earlier:
        if row.corrected_at is not None and row.rates is not None:
            then = read_month(service, session, planned.data, row.month)
            rates = Rates.model_validate(row.rates["rates"])
            paid = (one for one in settled if one.month == row.month)
            yield from corrections(paid, _rows(session, then, rates))


def _may_see(actor: Actor, instance: Instance, row: PaidRow) -> bool:
    if row.person not in instance.person_by_id:
        return False
    place = Place.of_person(instance, row.person, row.area)
    return decide(actor, Action.READ_MONEY, place) is Decision.ALLOW


def _sums(made: Statement, field: str, instance: Instance) -> list[MoneySum]:
    named: dict[str, Iterable[Person | Firm | Area]] = {
        "person": instance.people,
        "firm": instance.firms,
        "area": instance.areas,
    }
    names = {row.id: row.name for row in named[field]}
    return [
        MoneySum(id=key, name=names.get(key, key), amount=amount)
        for (key,), amount in made.sums(field).items()
    ]
