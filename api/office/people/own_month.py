"""What a person sees of the published plans: the own duties to come, villages, turns beside others'."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from api.feeds.event import EventKind, FeedEvent, TargetKind
from api.office.areas import Data
from api.office.context import Service
from models.calendar import ZONE
from models.county_ids import person_key
from models.places import Village
from models.report import FairnessRow
from models.store.feeds.calendar_states import feed_events
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import (
    Asked,
    get_report,
    get_rows,
    published_months,
    published_roster,
)
from models.store.tables.plan_tables import RosterRecord
from models.vocabulary import Part

_SLOT = re.compile(r"@(\d{8})(am|pm|night)$")


class OwnDuty(NamedTuple):
    """One published duty, stand-by or visit of a person, as the own calendar tells it."""

    event: FeedEvent

    @property
    def day(self) -> dt.date:
        """The day on which it begins, in China."""
        return self.event.start.astimezone(ZONE).date()

    @property
    def others(self) -> list[str]:
        """Names of those who serve with the person."""
        return [name for name in self.event.crew if name != self.event.person_name]

    @property
    def part(self) -> Part | None:
        """The part of the day by which a duty is given away; none for a visit."""
        found = _SLOT.search(self.event.slot)
        return Part.meant_by(found[2]) if found else None

    @property
    def may_be_given(self) -> bool:
        """Whether it is a duty of the person's own, which may be given away."""
        return self.event.kind is EventKind.DUTY and self.part is not None


class OwnTurns(NamedTuple):
    """Load of a person in a published month beside the mean of those of the same kind."""

    month: str
    own: FairnessRow
    peers: Sequence[FairnessRow]

    def mean(self, of: str) -> float:
        """Return the mean of a number over the people of the kind who hold something."""
        return float(sum(getattr(row, of) for row in self.peers)) / len(self.peers)

    @property
    def rows(self) -> list[tuple[str, float, float]]:
        """Return name, own number and mean of each number that is shown."""
        shown = ("turns", "weekend_turns", "night_turns", "standby_turns", "visits", "lectures")
        numbers = (*shown, "hours", "carried_turns")
        return [(name, float(getattr(self.own, name)), self.mean(name)) for name in numbers]


def own_duties(service: Service, data: Data, person: str, now: dt.datetime) -> list[OwnDuty]:
    """Return the published duties and visits of a person that are not over yet, by start."""
    since = now - dt.timedelta(days=1)  # a night may still go on
    key = person_key(data.instance, person)
    with service.store.read() as session:
        events = feed_events(session, TargetKind.PERSON, key, since=since)
    return [OwnDuty(event) for event in events if not event.is_cancelled and event.end > now]


def own_villages(
    service: Service, data: Data, person: str, today: dt.date
) -> list[tuple[Village, str]]:
    """Return the villages that a person advises by what is published, with their townships."""
    with service.store.read() as session:
        record = _published(session, data, today)
        rows = get_rows(session, record.id, Asked(person=person)) if record else None
    villages, areas = data.instance.village_by_id, data.instance.area_by_id
    known = (
        [villages[seat.village] for seat in rows.advisers if seat.village in villages]
        if rows
        else []
    )
    return [(one, areas[one.area].name if one.area in areas else "") for one in known]


def own_turns(service: Service, data: Data, person: str, today: dt.date) -> OwnTurns | None:
    """Return a person's load beside that of the own kind, none where the plan has nothing of theirs."""
    with service.store.read() as session:
        record = _published(session, data, today)
        if record is None:
            return None
        report, instance = get_report(session, record.id), get_instance(session, record.instance)
    known = instance.person_by_id
    kinds = {row.person: known[row.person].kind for row in report.fairness if row.person in known}
    own = next((row for row in report.fairness if row.person == person), None)
    if own is None or person not in kinds:
        return None
    peers = [row for row in report.fairness if kinds.get(row.person) is kinds[person]]
    return OwnTurns(report.month, own, peers)


def _published(session: Session, data: Data, today: dt.date) -> RosterRecord | None:
    """Return what is published of this month, else of the newest."""
    months, now = published_months(session, data.area), f"{today:%Y-%m}"
    if not months:
        return None
    return published_roster(session, data.area, now if now in months else months[0])
