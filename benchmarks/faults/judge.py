"""Invariants checked at the end of a trial, whatever was killed; one sentence per violation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.faults.office import ENDED, Office, events_of
from models.county_ids import Marks, person_key
from models.store.database.store import Store
from models.store.plans.roster_queries import EVERY, Asked, published_assignments
from models.store.tables.feed_tables import FeedRow, event_of
from models.store.tables.log_table import LogEntry
from models.store.tables.plan_tables import AssignmentRow, JobRow, RosterRecord
from models.store.tables.words import RosterState

TOLD = ("put_job", "set_current", "edit_assignment", "publish", "withdraw")
"""Actions that only an office takes: the log has each that was answered once, and no other."""


def complaints(store: Store, offices: Sequence[Office]) -> Iterator[str]:
    """Yield what is wrong: with the jobs, the log, the publications, the calendars."""
    for office in offices:
        yield from office.wrong
        yield from office.client.broken
        yield from _jobs(office)
    with store.read() as session:
        yield from _drafts(session, offices)
        yield from _log(session, offices)
        yield from _revisions(session)
        yield from _feeds(session)
        yield from _twice([row for row in published_assignments(session, EVERY) if row.date])
        for office in offices:
            yield from _phones(session, office)
        if store.url.get_backend_name() == "sqlite":
            found = session.scalar(text("PRAGMA integrity_check"))
            yield from [] if found == "ok" else [f"database: {found}"]


def _jobs(office: Office) -> Iterator[str]:
    """Check that every job ended as asked, in words, and that its end stays as it was told."""
    for job, seen in office.jobs.items():
        state, issues = seen["state"], seen["issues"]
        if state not in ENDED:
            yield f"job {job} hangs: {state}"
        if state == "failed" and not issues:
            yield f"job {job} failed without a reason"
        if state == "failed" and "job_broken" in [issue["code"] for issue in issues]:
            yield f"job {job} failed by an error of the program"
        if state == "cancelled" and job not in office.cancelled:
            yield f"job {job} was cancelled unasked"
        made = seen["roster" if seen["kind"] == "solve" else "instance"]
        if state == "done" and made is None:
            yield f"job {job} is done and made nothing"
        if office.client.read(f"/api/v1/jobs/{job}").json() != seen:
            yield f"job {job} changed after its end"


def _drafts(session: Session, offices: Sequence[Office]) -> Iterator[str]:
    """Check that no job was lost or made up, and that each draft is that of one solve."""
    asked = {job for office in offices for job in office.jobs}
    kept = set(session.scalars(select(JobRow.id)))
    if kept != asked:
        yield f"jobs lost: {sorted(asked - kept)}, made up: {sorted(kept - asked)}"
    told = sorted(
        seen["roster"] for o in offices for seen in o.jobs.values() if seen["roster"] is not None
    )
    made = sorted(session.scalars(select(RosterRecord.id)))
    if told != made:
        yield f"drafts told {told}, made {made}"


def _log(session: Session, offices: Sequence[Office]) -> Iterator[str]:
    """Check that what was answered is in the log once, and nothing else."""
    told = sum((office.told for office in offices), Counter[tuple[str, str]]())
    query = select(LogEntry.action, LogEntry.target).where(LogEntry.action.in_(TOLD))
    logged = Counter((action, target) for action, target in session.execute(query))
    for key in sorted(told.keys() | logged.keys()):
        if told[key] != logged[key]:
            yield f"{' '.join(key)}: told {told[key]} times, in the log {logged[key]} times"


def _revisions(session: Session) -> Iterator[str]:
    """Check that the publications of an area and month are counted from 1, and that one holds at most."""
    groups = defaultdict(list)
    for row in session.scalars(select(RosterRecord)):
        groups[row.area, row.month].append(row)
    for (area, month), rows in groups.items():
        revisions = sorted(row.revision for row in rows if row.revision is not None)
        if revisions != list(range(1, len(revisions) + 1)):
            yield f"{area} {month}: revisions {revisions}"
        if sum(row.stage is RosterState.PUBLISHED for row in rows) > 1:
            yield f"{area} {month}: more than one roster is published"


def _feeds(session: Session) -> Iterator[str]:
    """Check that the calendars hold what is published, and all else as cancelled."""
    events: Counter[tuple[object, ...]] = Counter()
    for row in session.scalars(select(FeedRow).where(FeedRow.cancelled.is_(False))):
        event = event_of(row.body)
        events[row.area, row.month, event.person, event.start, event.end] += 1
    booked: Counter[tuple[object, ...]] = Counter()
    query = (
        select(AssignmentRow, RosterRecord)
        .join(RosterRecord, RosterRecord.id == AssignmentRow.roster)
        .where(RosterRecord.stage == RosterState.PUBLISHED, AssignmentRow.date.is_not(None))
    )
    for held, roster in session.execute(query):
        booked[roster.area, roster.month, held.who, held.starts, held.ends] += 1
    for key in (events - booked) + (booked - events):
        yield f"published {booked[key]} times, in the calendars {events[key]} times: {key}"


def _twice(rows: Sequence[AssignmentRow]) -> Iterator[str]:
    """Check that nobody is in two published rosters at once."""
    held = defaultdict(list)
    for row in rows:
        held[row.licence or row.who].append(row)
    for person, own in held.items():
        for one, other in combinations(own, 2):
            if one.roster != other.roster and _is_together(one, other):
                yield f"{person} is booked twice on {one.date} {one.part}"


def _is_together(one: AssignmentRow, other: AssignmentRow) -> bool:
    if (one.date, one.part) == (other.date, other.part):
        return True
    if one.starts is None or one.ends is None or other.starts is None or other.ends is None:
        return False
    return one.starts < other.ends and other.starts < one.ends


def _phones(session: Session, office: Office) -> Iterator[str]:
    """Check that a subscribed phone shows what is published for its person."""
    for person, path in office.feeds.items():
        seen = events_of(office.client.read(path)).values()
        shown = sorted((event.start, event.end) for event in seen if not event.is_cancelled)
        marks = Marks(person_key(office.instance, person), None)
        rows = published_assignments(session, Asked(marks=marks))
        booked = sorted((row.starts, row.ends) for row in rows if row.starts and row.ends)
        if shown != booked:
            yield f"{person}: the phone shows {len(shown)} events, published are {len(booked)}"
