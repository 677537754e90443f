"""Publication: one rule of what may be published, for drafts, swaps and repairs alike.

Double bookings are always refused, and so is a draft that would silently undo a newer publication
(``models.store.plans.publishing``). Any other hard breach that what is published does not have
already must be named by whoever publishes; the log keeps which were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.actions.planning import rules_of
from api.office.areas import Areas
from api.office.conflicts import ConflictError
from api.office.context import Service
from models.area_codes import is_within
from models.instance import Instance
from models.messages import issue
from models.report import Breach, Level
from models.roster import Roster
from models.store.database.log import record
from models.store.plans.instances import get_instance
from models.store.plans.publishing import publish
from models.store.plans.roster_queries import (
    assignments_of,
    get_roster,
    published_roster,
    roster_record,
)
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from solver.check import check
from solver.modelling.facts import Facts


class NamedBreach(BaseModel):
    """A hard breach under the name by which it is acknowledged."""

    key: str
    rule: str
    subject: str
    amount: int
    zh: str
    en: str

    @classmethod
    def of(cls, breach: Breach) -> NamedBreach:
        """Return a breach with its name, which stays the same as long as the breach does."""
        said = (breach.rule, breach.subject, str(breach.amount), breach.en)
        key = hashlib.sha256("\0".join(said).encode()).hexdigest()[:12]
        return cls(key=key, **breach.model_dump(exclude={"level"}))


class BreachError(ConflictError):
    """A roster that would be published breaks hard rules, and not all of it was acknowledged."""

    def __init__(self, breaches: Collection[NamedBreach]) -> None:
        self.breaches = tuple(breaches)
        first = self.breaches[0]
        count = len(self.breaches)
        super().__init__(
            issue("breaches_unacknowledged", count=count, first=first.zh, first_en=first.en)
        )


class CheckedDraft(NamedTuple):
    """A draft at a version, and the hard breaches that its publication would add."""

    roster: int
    version: int
    breaches: tuple[NamedBreach, ...]


def check_draft(service: Service, roster: int) -> CheckedDraft:
    """Check a draft with the leave that is known today, and where its rows lie.

    Raises
    ------
    ConflictError
        It names places that are others' to publish.
    NotFoundError
        There is no such roster.
    """
    with service.store.read() as session:
        draft = roster_record(session, roster)
        rows = assignments_of(session, roster)
        plan, instance = get_roster(session, roster), get_instance(session, draft.instance)
        version, area = draft.version, draft.area
        current = published_roster(session, area, draft.month)
        before = get_roster(session, current.id) if current else None
        known = get_instance(session, before.instance) if before else None
    _refuse_outside(service.areas, area, rows)
    was = _hard(with_leave_of_today(service, area, known), before) if before and known else ()
    now = _hard(with_leave_of_today(service, area, instance), plan)
    return CheckedDraft(roster, version, tuple(map(NamedBreach.of, added_hard(was, now))))


def publish_checked(
    session: Session,
    checked: CheckedDraft,
    acknowledged: Collection[str],
    *,
    by: str,
    why: str,
    version: int | None = None,
    over: int | None = None,
) -> RosterRecord:
    """Publish a draft whose hard breaches are all acknowledged by their names.

    Raises
    ------
    BreachError
        With every hard breach that is not.
    StoreError
        See ``publish``; also when the draft has changed since it was checked.
    """
    read = checked.version if version is None else version
    made = publish(session, checked.roster, by=by, why=why, version=read, over=over)
    if missing := [breach for breach in checked.breaches if breach.key not in acknowledged]:
        raise BreachError(missing)
    if checked.breaches:
        named = [breach.model_dump(exclude={"zh", "en"}) for breach in checked.breaches]
        subject, after = f"roster:{checked.roster}", {"breaches": named}
        record(session, "acknowledge", subject, by=by, why=why, after=after)
    return made


def with_leave_of_today(service: Service, area: str, planned: Instance) -> Instance:
    """Return what a roster was planned with, but the leave as the area's data know it now."""
    data = service.areas.data(area)
    if data is None:
        return planned
    known = planned.person_by_id
    leave = tuple(row for row in data.instance.leave if row.person in known)
    return planned.model_copy(update={"leave": leave})


def added_hard(before: Collection[Breach], after: Collection[Breach]) -> list[Breach]:
    """Return the hard breaches that a change adds, in their order."""
    was = set(before)
    return [breach for breach in after if breach.level is Level.HARD and breach not in was]


def _refuse_outside(areas: Areas, area: str, rows: Sequence[AssignmentRow]) -> None:
    """Let a roster name places of its own area alone: others' are theirs to publish."""
    lies_outside = {
        township: _is_outside(areas, area, township)
        for township in {row.township for row in rows}
        if township is not None
    }
    outside = [row for row in rows if lies_outside.get(row.township or "")]
    if outside:
        first = f"{outside[0].kind.label} {outside[0].target}"
        raise ConflictError(issue("roster_outside", count=len(outside), area=area, first=first))


def _is_outside(areas: Areas, area: str, township: str) -> bool:
    """Tell whether a township is none of an area: not inside it in its data, or in data of others."""
    home, own = areas.data(township), areas.data(area)
    if home is None:
        return False
    if own is not None and own.area == home.area:
        return not Place.of_area(home.instance, township).is_inside(area)
    return not is_within(home.area, area)


def _hard(instance: Instance, plan: Roster) -> list[Breach]:
    """Return the hard breaches of a plan."""
    found = check(Facts(instance, plan.month), rules_of(instance), plan).breaches
    return [breach for breach in found if breach.level is Level.HARD]
