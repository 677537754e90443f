"""Which published month a page of figures is about."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import Query

from api.access.denied import UnseenError
from api.office.context import Service
from models.instance import Instance
from models.report import Report
from models.roster import Roster
from models.store.plans.roster_queries import get_report, get_roster, rosters
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState

MonthAsked = Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$")]
MOST = 36


class ChosenMonth(NamedTuple):
    """The months an area has published, newest first, and the one that is looked at."""

    months: tuple[str, ...]
    record: RosterRecord
    roster: Roster
    report: Report
    instance: Instance


def published_months(service: Service, area: str) -> list[RosterRecord]:
    """Return the published rosters of an area, the newest month first."""
    with service.store.read() as session:
        found = rosters(session, areas=[area], stages=[RosterState.PUBLISHED], limit=MOST).rows
    return sorted(found, key=lambda record: record.month, reverse=True)


def chosen_month(service: Service, area: str, month: str | None) -> ChosenMonth | None:
    """Return the month that is asked for, else the newest; None where nothing is published.

    Raises
    ------
    UnseenError
        The month asked for is not published.
    """
    found = published_months(service, area)
    if not found:
        return None
    record = next((one for one in found if month in (None, one.month)), None)
    if record is None:
        raise UnseenError
    with service.store.read() as session:
        roster, report = get_roster(session, record.id), get_report(session, record.id)
    instance = service.areas.instance(record.instance)
    return ChosenMonth(tuple(one.month for one in found), record, roster, report, instance)
