"""A month as it is published: everything that somebody is to do in it, each thing with its id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.office.areas import Data
from api.office.context import Service
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue
from models.roster import Roster
from models.store.plans.roster_queries import get_roster, rosters
from models.store.plans.roster_rows import rows_of, tables_of
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState
from solver.year.appointments import Appointment, appointments

JOINED = ("areas", "villages", "sites", "posts", "firms", "people")
"""Tables of which a month knows what any of its rosters was planned from, and what came since."""
MOST_ROSTERS = 500


@dataclass(frozen=True)
class PlannedMonth:
    """What is published of a month: by the area that has the data, and by those below it.

    ``instance`` is what the rosters were planned from, with people and places that came since.
    """

    data: Data
    roster: Roster
    instance: Instance

    @property
    def area(self) -> str:
        """The area that has the data."""
        return self.data.area

    @property
    def month(self) -> str:
        """The month, ``YYYY-MM``."""
        return self.roster.month

    @cached_property
    def planned(self) -> Mapping[str, Appointment]:
        """Everything planned, by its id, in order of day."""
        return {thing.id: thing for thing in appointments(self.instance, self.roster)}

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Who is planned for everything, by its id."""
        return {key: thing.person for key, thing in self.planned.items()}

    def place(self, thing: Appointment) -> Place:
        """Return where something planned lies, and whose it is."""
        return Place.of_person(self.instance, thing.person, thing.area)


def planned_month(service: Service, data: Data, month: str) -> PlannedMonth:
    """Return a month as it is published.

    Raises
    ------
    InputError
        Nothing of it is.
    """
    with service.store.read() as session:
        return read_month(service, session, data, month)


def read_month(service: Service, session: Session, data: Data, month: str) -> PlannedMonth:
    """Return a month as it is published, in a transaction. See ``planned_month``."""
    found = published_records(service, session, data, month)
    if not found:
        raise InputError([issue("month_not_published", Spot(cell="$.month"), month, month=month)])
    plans = [get_roster(session, record.id) for record in found]
    rows = dict.fromkeys(row for plan in plans for row in rows_of(plan))
    roster = Roster(month=month, instance=found[0].instance, **tables_of(rows))
    known = [service.areas.instance(record.instance) for record in found]
    return PlannedMonth(data, roster, _joined(known[0], [*known[1:], data.instance]))


def published_records(
    service: Service, session: Session, data: Data, month: str
) -> Sequence[RosterRecord]:
    """Return the published rosters of a month made from the data of an area, its own first."""
    inside = service.areas.inside(data.area)
    published = [RosterState.PUBLISHED]
    page = rosters(session, areas=inside, month=month, stages=published, limit=MOST_ROSTERS)
    ours = (record for record in page.rows if _is_ours(service, data, record.area))
    return sorted(ours, key=lambda record: (record.area != data.area, record.area))


def _is_ours(service: Service, data: Data, area: str) -> bool:
    """Whether an area works with these data."""
    found = service.areas.data(area) if area != data.area else data
    return found is not None and found.area == data.area


def _joined(first: Instance, others: Iterable[Instance]) -> Instance:
    changes: dict[str, Any] = {table: tuple(_rows([first, *others], table)) for table in JOINED}
    return first.model_copy(update=changes)


def _rows(instances: Sequence[Instance], table: str) -> Iterator[Any]:
    """Yield the rows of a table, each id as the first instance has it."""
    seen: set[str] = set()
    for instance in instances:
        for row in getattr(instance, table):
            if row.id not in seen:
                seen.add(row.id)
                yield row
