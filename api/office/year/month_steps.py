"""The seven steps of a month, from data to closing: where each stands, and which is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.office.areas import Data
from api.office.context import Service
from api.office.roster_briefs import RosterBrief
from api.office.year.open_months import MonthDates, month_dates, waiting_months
from models.calendar import month_days
from models.instance import Instance
from models.store.jobs.jobs import jobs
from models.store.plans.roster_queries import published_roster, rosters
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestState, RosterState
from models.vocabulary import BilingualTerm

COUNTED = ("people", "firms", "villages", "sites", "posts")
_FOR_THE_OFFICE = (RequestState.OPEN, RequestState.DRAFTED)


class OfficeStep(BilingualTerm):
    """A step of a month; members stand in their order."""

    DATA = "data", "资料", "Data"
    REQUESTS = "requests", "征集", "Requests"
    SOLVE = "solve", "排班", "Plan"
    CHECK = "check", "核对", "Check"
    PUBLISH = "publish", "公示", "Publish"
    RUN = "run", "执行", "On duty"
    CLOSE = "close", "结账", "Close"


class StepState(BilingualTerm):
    """Where a step stands."""

    DONE = "done", "已完成", "done"
    TODO = "todo", "待办", "to do"
    OPEN = "open", "进行中", "under way"
    LATER = "later", "未开始", "not begun"


@dataclass(frozen=True)
class DraftAtHand:
    """The newest draft of the month."""

    record: RosterRecord
    brief: RosterBrief


@dataclass(frozen=True)
class MonthSteps:
    """A month of an area's data: what there is of it, and the state of each step."""

    month: str
    counts: dict[str, int]
    leave: int
    waiting: int
    drafts: int
    jobs: tuple[str, ...]
    draft: DraftAtHand | None
    published: RosterRecord | None
    running: RosterRecord | None
    """What is published of the month it is, where the data are of another already."""
    states: dict[OfficeStep, StepState]
    dates: MonthDates
    behind: tuple[str, ...] = ()
    """Earlier months that are not closed yet."""

    @property
    def next(self) -> OfficeStep:
        """The one thing to do now: the first step to do, else the last under way, else what comes."""
        todo, under_way, later = (
            [step for step in OfficeStep if self.states[step] is state]
            for state in (StepState.TODO, StepState.OPEN, StepState.LATER)
        )
        return (todo or under_way[-1:] or later)[0]


def month_steps(service: Service, data: Data, area: str, today: dt.date) -> MonthSteps:
    """Return how far the month of the data is.

    Parameters
    ----------
    area
        Whose requests and people are counted; plans are those of the data, whole.
    today
        The day it is in China.
    """
    instance, inside = data.instance, service.areas.inside(area)
    month = instance.settings.month
    unfinished = service.jobs.unfinished()
    with service.store.read() as session:
        drafts = rosters(
            session, areas=[data.area], month=month, stages=[RosterState.DRAFT], limit=500
        ).rows
        published = published_roster(session, data.area, month)
        this = f"{today:%Y-%m}"
        running = published_roster(session, data.area, this) if this != month else None
        behind = waiting_months(session, data.area, month)
        newest = jobs(session, areas=[data.area], limit=200)
        waiting = _waiting(session, inside)
    solves = tuple(job.id for job in newest if job.kind == "solve" and job.id in unfinished)
    draft = DraftAtHand(drafts[0], service.briefs.of(drafts[0])) if drafts else None
    return MonthSteps(
        month=month,
        counts={name: len(getattr(instance, name)) for name in COUNTED},
        leave=_leave_rows(instance, inside, month),
        waiting=waiting,
        drafts=len(drafts),
        jobs=solves,
        draft=draft,
        published=published,
        running=running,
        dates=month_dates(instance, month),
        behind=behind,
        states=_states(month, today, waiting, bool(solves), draft, published),
    )


def _states(
    month: str,
    today: dt.date,
    waiting: int,
    is_solving: bool,
    draft: DraftAtHand | None,
    published: RosterRecord | None,
) -> dict[OfficeStep, StepState]:
    done, todo, under_way, later = StepState
    is_out = published is not None
    is_newer = draft is not None and (published is None or draft.record.id > published.id)
    is_clean = draft is not None and not draft.brief.hard
    days = month_days(month)
    requests = todo if waiting else done if is_out else under_way
    solve = under_way if is_solving else done if draft or is_out else todo
    check = todo if is_newer and not is_clean else done if is_out or is_clean else later
    publish = (todo if is_clean else later) if not is_out else under_way if is_newer else done
    run = later if not is_out or today < days[0] else under_way if today <= days[-1] else done
    return {
        OfficeStep.DATA: done,
        OfficeStep.REQUESTS: requests,
        OfficeStep.SOLVE: solve,
        OfficeStep.CHECK: check,
        OfficeStep.PUBLISH: publish,
        OfficeStep.RUN: run,
        OfficeStep.CLOSE: todo if run is done else later,
    }


def _waiting(session: Session, areas: Collection[str]) -> int:
    """Count the requests that some areas are to answer."""
    query = select(func.count()).where(Request.area.in_(areas), Request.state.in_(_FOR_THE_OFFICE))
    return session.scalar(query) or 0


def _leave_rows(instance: Instance, areas: Collection[str], month: str) -> int:
    """Count the rows of leave of an area's people that touch the month."""
    days = month_days(month)
    return sum(
        row.first <= days[-1] and row.last >= days[0]
        for row in instance.leave
        if instance.person_by_id[row.person].area in areas
    )
