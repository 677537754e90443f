"""What publishing a draft would do, told before it is done: what changes, for whom, what stands against it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.office.context import Service
from api.office.plans.publication import NamedBreach, check_draft
from models.county_ids import person_key
from models.instance import Instance
from models.report import DifferenceRow, Report
from models.roster import Roster
from models.store.database.errors import Clashing
from models.store.plans.clashes import clashes
from models.store.plans.instances import get_instance
from models.store.plans.overtaking import OvertakenError, refuse_overtaken
from models.store.plans.roster_queries import (
    get_report,
    get_roster,
    published_roster,
    roster_record,
)
from models.store.tables.feed_tables import FeedToken
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import FeedKind, RosterState
from solver.changes.roster_changes import differences


class ReachedPerson(NamedTuple):
    """Somebody whose month changes, in how many places, and when their calendar was last read.

    ``links`` counts the living links to the calendar; ``read_at`` is None where none was ever used.
    """

    person: str
    changes: int
    links: int
    read_at: dt.datetime | None


class Preview(NamedTuple):
    """A draft beside what is published. Without something published, everything is new."""

    record: RosterRecord
    instance: Instance
    report: Report
    published: RosterRecord | None
    changes: tuple[DifferenceRow, ...]
    reached: tuple[ReachedPerson, ...]
    clashes: tuple[Clashing, ...]
    breaches: tuple[NamedBreach, ...]
    overtaken: OvertakenError | None


def preview(service: Service, roster: int) -> Preview:
    """Look at a draft as publication will. Raises as ``check_draft`` does."""
    with service.store.read() as session:
        record = roster_record(session, roster)
        plan, report = get_roster(session, roster), get_report(session, roster)
        instance = get_instance(session, record.instance)
        now = published_roster(session, record.area, record.month)
        before = get_roster(session, now.id) if now else Roster(month=record.month)
        is_draft = record.stage is RosterState.DRAFT
        found = clashes(session, record) if is_draft else []
        overtaken = _overtaken(session, record) if is_draft else None
        changes = tuple(differences(before, plan))
        reached = _reached(session, instance, changes)
    breaches = check_draft(service, roster).breaches if is_draft else ()
    return Preview(
        record, instance, report, now, changes, reached, tuple(found), breaches, overtaken
    )


def people_of(row: DifferenceRow) -> set[str]:
    """Return whom a change concerns; a visit that moves may go to somebody else."""
    after = row.after.split(" ")[-1] if row.kind.value == "visit" else row.after
    return {person for person in (row.before, after) if person}


def _reached(
    session: Session, instance: Instance, changes: tuple[DifferenceRow, ...]
) -> tuple[ReachedPerson, ...]:
    count: defaultdict[str, int] = defaultdict(int)
    for row in changes:
        for person in people_of(row) & set(instance.person_by_id):
            count[person] += 1
    keys = {person_key(instance, person): person for person in count}
    query = (
        select(FeedToken.target, func.count(), func.max(FeedToken.last_used_at))
        .where(
            FeedToken.kind == FeedKind.PERSON,
            FeedToken.revoked_at.is_(None),
            FeedToken.target.in_(keys),
        )
        .group_by(FeedToken.target)
    )
    links = {keys[key]: (many, read_at) for key, many, read_at in session.execute(query)}
    return tuple(
        ReachedPerson(person, many, *links.get(person, (0, None)))
        for person, many in sorted(count.items(), key=lambda one: (-one[1], one[0]))
    )


def _overtaken(session: Session, record: RosterRecord) -> OvertakenError | None:
    try:
        refuse_overtaken(session, record, None)
    except OvertakenError as error:
        return error
    return None
