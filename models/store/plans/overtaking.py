"""Drafts that a newer publication has overtaken: what each changes, told before anything is undone."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import issue
from models.roster import Roster
from models.store.database.errors import StoreError
from models.store.plans.roster_queries import get_roster, published_roster
from models.store.plans.roster_rows import RosterRow, rows_of
from models.store.tables.plan_tables import RosterRecord


class RowChanges(NamedTuple):
    """How one plan differs from an older one: the rows that went and those that came."""

    gone: tuple[RosterRow, ...]
    new: tuple[RosterRow, ...]


class OvertakenError(StoreError):
    """A newer revision was published since the draft was made: publishing it would undo changes.

    Parameters
    ----------
    base, revision
        The revision that the draft was made from, 0 for none, and the one published now.
    published
        Id of the roster that is published now.
    theirs, own
        What the newer revisions and the draft change, as rows that went and came.
    """

    def __init__(
        self, base: int, revision: int, published: int, theirs: RowChanges, own: RowChanges
    ) -> None:
        self.base, self.revision, self.published = base, revision, published
        self.theirs, self.own = theirs, own
        super().__init__(issue("overtaken", value=str(revision), base=base, revision=revision))


def refuse_overtaken(session: Session, draft: RosterRecord, over: int | None) -> bool:
    """Refuse a draft made from an older revision than the published one, unless ``over`` names that.

    Returns
    -------
    Whether the draft knowingly replaces changes that it does not contain.

    Raises
    ------
    OvertakenError
        With what both change since the draft was made.
    """
    now = published_roster(session, draft.area, draft.month)
    if now is None or now.revision is None or now.revision <= draft.base:
        return False
    if over == now.revision:
        return True
    base, own, published = base_of(session, draft), get_roster(session, draft.id), now.id
    theirs = changes(base, get_roster(session, published))
    raise OvertakenError(draft.base, now.revision, published, theirs, changes(base, own))


def base_of(session: Session, draft: RosterRecord) -> Roster:
    """Return the plan that a draft was made from, an empty one where nothing was published."""
    query = select(RosterRecord.id).where(
        RosterRecord.area == draft.area,
        RosterRecord.month == draft.month,
        RosterRecord.revision == draft.base,
    )
    found = session.scalar(query)
    return Roster(month=draft.month) if found is None else get_roster(session, found)


def changes(old: Roster, new: Roster) -> RowChanges:
    """Return how a plan differs from an older one, row by row, in their order."""
    was, now = rows_of(old), rows_of(new)
    before, after = set(was), set(now)
    return RowChanges(
        gone=tuple(row for row in was if row not in after),
        new=tuple(row for row in now if row not in before),
    )
