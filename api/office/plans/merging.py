"""A draft that was overtaken, merged with what has been published since it was made.

Rows are compared place by place: the holders of a slot, the visits of a village, the adviser of a
village, the mediators of a site, the station of a village. What one side alone changed is taken;
where both changed the same place differently, whoever merges says which side counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from api.actions.planning import rules_of
from api.office.conflicts import ConflictError
from api.office.context import Service
from api.office.plans.publication import with_leave_of_today
from models.formats.roster_table import check_rows
from models.instance import Instance
from models.messages import issue
from models.report import Report
from models.roster import Duty, MediatorSeat, Roster
from models.store.database.errors import WrongStageError
from models.store.plans.drafts import put_draft
from models.store.plans.instances import get_instance, put_instance
from models.store.plans.overtaking import base_of
from models.store.plans.roster_queries import get_roster, published_roster, roster_record
from models.store.plans.roster_rows import RosterRow, rows_of, tables_of
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState
from solver.verify import verify

Side = Literal["draft", "published"]
"""Whose rows count where both sides changed the same place."""
Place = tuple[str, ...]
"""Kind of row, and what it fills."""


class MergeConflictError(ConflictError):
    """Both sides changed the same places differently, and it was not said which side counts."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = [" ".join(place) for place in places]
        first = self.places[0]
        super().__init__(issue("merge_conflict", count=len(self.places), first=first))


class MergedDraft(NamedTuple):
    """A draft with what was published since; ``base`` is the revision it contains now."""

    area: str
    base: int
    instance: Instance
    plan: Roster
    report: Report


def merge_draft(service: Service, roster: int, prefer: Side | None) -> MergedDraft:
    """Merge an overtaken draft with the published roster, and check the result.

    Raises
    ------
    MergeConflictError
        Both changed the same place differently, and ``prefer`` is none.
    ConflictError
        Nothing newer is published.
    InputError
        What is published names people or posts that the draft's data do not know.
    NotFoundError, WrongStageError
        There is no such roster, or it is no draft.
    """
    with service.store.read() as session:
        draft = roster_record(session, roster)
        if draft.stage is not RosterState.DRAFT:
            raise WrongStageError("edit_not_draft")
        now = published_roster(session, draft.area, draft.month)
        if now is None or now.revision is None or now.revision <= draft.base:
            raise ConflictError(issue("merge_current"))
        base, own = base_of(session, draft), get_roster(session, roster)
        theirs = get_roster(session, now.id)
        planned, area, revision = get_instance(session, draft.instance), draft.area, now.revision
    instance = with_leave_of_today(service, area, planned)
    rows = tables_of(_merged(base, own, theirs, prefer))
    plan = Roster(month=own.month, instance=instance.content_hash, **rows)
    check_rows(plan, instance)
    report = verify(instance, rules_of(instance), plan)
    return MergedDraft(area, revision, instance, plan, report)


def keep_merged(session: Session, merged: MergedDraft, roster: int, *, by: str) -> RosterRecord:
    """Keep a merged draft beside the one that it was made of, and return its record."""
    area, why = merged.area, f"merge of roster {roster} with revision {merged.base}"
    put_instance(session, merged.instance, area=area, by=by)
    plan, report = merged.plan, merged.report
    return put_draft(session, plan, report, area=area, by=by, why=why, base=merged.base)


def _merged(base: Roster, own: Roster, theirs: Roster, prefer: Side | None) -> list[RosterRow]:
    """Return the rows of a three-way merge: the draft's in their order, then those that came."""
    was, mine, now = (_by_place(roster) for roster in (base, own, theirs))
    both = [
        place
        for place in dict.fromkeys((*mine, *now, *was))
        if was[place] != mine[place] != now[place] != was[place]
    ]
    if both and prefer is None:
        raise MergeConflictError(both)
    taken = {place for place in (*now, *was) if mine[place] == was[place]}
    taken |= set(both) if prefer == "published" else set()
    kept = [row for row in rows_of(own) if place_of(row) not in taken or row in now[place_of(row)]]
    known = set(kept)
    return kept + [row for row in rows_of(theirs) if place_of(row) in taken and row not in known]


def _by_place(roster: Roster) -> defaultdict[Place, frozenset[RosterRow]]:
    found: defaultdict[Place, frozenset[RosterRow]] = defaultdict(frozenset)
    for row in rows_of(roster):
        found[place_of(row)] |= {row}
    return found


def place_of(row: RosterRow) -> Place:
    """Return what a row fills, as people are told: a slot with its day, a village, a site."""
    if isinstance(row, Duty):
        return "duty", row.post, f"{row.date:%Y-%m-%d}", row.part.value
    if isinstance(row, MediatorSeat):
        return "mediator", row.site
    return type(row).__name__.lower(), row.village
