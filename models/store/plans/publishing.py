"""Publication and withdrawal: what everybody sees, changed in one transaction."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.formats.feeds.feed_plan import planned_events
from models.store.database.clock import now
from models.store.database.errors import ClashError, WrongStageError
from models.store.database.locks import hold_publishing, hold_roster
from models.store.database.log import record
from models.store.feeds.feed_rows import write_events
from models.store.feeds.moved_people import follow_moved_people
from models.store.notices.outbox import tell_changes
from models.store.plans.clashes import clashes
from models.store.plans.drafts import latest_revision
from models.store.plans.instances import get_instance
from models.store.plans.overtaking import refuse_overtaken
from models.store.plans.roster_queries import assignments_of
from models.store.plans.roster_rows import roster_of
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState
from models.store.year.month_records import refuse_closed


def publish(
    session: Session,
    roster_id: int,
    *,
    by: str,
    why: str = "",
    version: int | None = None,
    at: dt.datetime | None = None,
    over: int | None = None,
) -> RosterRecord:
    """Publish a draft: it replaces the published roster of its area and month.

    Parameters
    ----------
    version
        The one that was read (If-Match); none for any.
    at
        Time of the publication, aware; now if none.
    over
        The revision that is knowingly replaced, though the draft was made from an older one.

    Raises
    ------
    ClashError
        People are booked at the same time in other published rosters.
    OvertakenError
        A newer revision was published since the draft was made; its changes would be undone.
    TakenError
        Another area's published roster holds the same slots or visits.
    WrongStageError
        It is no draft.
    MonthClosedError
        The month is closed: open it again first.
    NotFoundError, StaleError
        See ``hold_roster``.
    """
    at = at or now()
    hold_publishing(session)
    draft = hold_roster(session, roster_id, version)
    if draft.stage is not RosterState.DRAFT:
        raise WrongStageError("publish_not_draft")
    refuse_closed(session, draft.area, draft.month)
    if found := clashes(session, draft):
        raise ClashError(found)
    is_over = refuse_overtaken(session, draft, over)
    follow_moved_people(session, draft, at)
    previous = _supersede(session, draft)
    draft.stage = RosterState.PUBLISHED
    draft.revision = latest_revision(session, draft.area, draft.month) + 1
    draft.version += 1
    draft.published_at = at
    session.flush()
    roster = roster_of(draft, assignments_of(session, draft.id))
    events = planned_events(get_instance(session, draft.instance), roster, at)
    changes = write_events(session, draft, events, at)
    tell_changes(session, draft, f"publication:{roster_id}", changes, at)
    record(
        session,
        "publish",
        f"roster:{roster_id}",
        by=by,
        why=why,
        before={"published": previous.id, "revision": previous.revision} if previous else None,
        after={"published": roster_id, "revision": draft.revision}
        | ({"over": over} if is_over else {}),
    )
    return draft


def withdraw(
    session: Session,
    roster_id: int,
    *,
    by: str,
    why: str,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> RosterRecord:
    """Take a published roster back: its entries stay in the calendars as cancelled.

    Raises
    ------
    WrongStageError
        It is not published.
    MonthClosedError
        The month is closed: open it again first.
    NotFoundError, StaleError
        See ``hold_roster``.
    """
    at = at or now()
    hold_publishing(session)
    published = hold_roster(session, roster_id, version)
    if published.stage is not RosterState.PUBLISHED:
        raise WrongStageError("withdraw_not_published")
    refuse_closed(session, published.area, published.month)
    published.stage = RosterState.WITHDRAWN
    published.version += 1
    changes = write_events(session, published, (), at)
    tell_changes(session, published, f"withdrawal:{roster_id}", changes, at)
    record(
        session,
        "withdraw",
        f"roster:{roster_id}",
        by=by,
        why=why,
        before={"published": roster_id, "revision": published.revision},
    )
    return published


def _supersede(session: Session, draft: RosterRecord) -> RosterRecord | None:
    """Step the published roster of the same area and month down, and return it."""
    query = select(RosterRecord).where(
        RosterRecord.area == draft.area,
        RosterRecord.month == draft.month,
        RosterRecord.stage == RosterState.PUBLISHED,
    )
    previous = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if previous is not None:
        previous.stage = RosterState.SUPERSEDED
        previous.version += 1
        session.flush()  # before the new one: there is one published roster at a time
    return previous
