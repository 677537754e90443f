"""Jobs that an office orders: kept with whose they are before they are queued, once under an id."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.actions.planning import with_pins
from api.jobs.contract.order import StageName
from api.jobs.contract.plan import File
from api.jobs.job import Job
from api.jobs.kinds.draft import DraftOrder
from api.jobs.kinds.export import ExportOrder, Form
from api.jobs.kinds.import_data import ImportOrder
from api.jobs.kinds.solve import SolveOrder
from api.jobs.kinds.whatif import WhatifOrder
from api.jobs.service import Announce
from api.office.areas import Data
from api.office.conflicts import ConflictError
from api.office.context import Service
from api.office.fields import MonthText
from api.office.plans.days_around import with_days_around
from api.office.plans.from_published import from_published
from models.calendar import ZONE
from models.instance import Instance
from models.messages import issue
from models.store.database.clock import now
from models.store.database.errors import KeyReusedError
from models.store.jobs.jobs import count_jobs, get_job, put_job
from models.store.jobs.questions import put_question
from models.store.plans.instances import put_instance
from models.store.plans.pins import pins_of
from models.store.tables.plan_tables import JobRow
from models.store.tables.question_tables import QuestionRecord
from scenarios.whatif.question_file import parse_question, question_text

USUAL_SECONDS = 60.0
"""For a solve that names no time, or the most that the settings allow."""


class SolveRequest(BaseModel):
    """What to solve of the area's current data."""

    model_config = ConfigDict(extra="forbid")

    month: MonthText | None = Field(None, description="不填为数据中的月份 that of the data if none")
    stage: StageName = "all"
    profile: Annotated[str, Field(max_length=80)] | None = None
    changes: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=200)
    ] = ()
    seconds: Annotated[float, Field(ge=1, le=86_400)] | None = Field(
        None, description="不超过设置的上限 at most what the settings allow"
    )
    seed: int = Field(1, ge=0, le=2**31 - 1)
    fresh: bool = Field(
        False,
        description="不沿用本月已发布的排班 do not start from what is published of the month",
    )


def submit(
    service: Service,
    asked: JobRow,
    enqueue: Callable[[Announce], Job],
    along: Callable[[Session], object] = lambda session: None,
    ahead: Instance | None = None,
) -> JobRow:
    """Put a job into the queue, and before that keep whose it is; asking again changes nothing.

    In the transaction that keeps it goes what is kept ``along``, and the data of the order if they
    were made for it (``ahead``): an order that is refused leaves nothing.

    Raises
    ------
    KeyReusedError
        The id is that of another kind, area or owner.
    ConflictError
        As many jobs of the area wait or run as the settings allow.
    InputError
        With every reason why the job cannot be done.
    """
    with service.store.read() as session:
        known = session.get(JobRow, asked.id)
        if known is not None:
            if (known.kind, known.area, known.owner) != (asked.kind, asked.area, asked.owner):
                raise KeyReusedError(at_work=False)
            asked.instance = known.instance  # asked again, it is about the data of the first time
    if known is None:
        _refuse_crowd(service, asked.area)

    def announce() -> None:
        with service.store.begin() as session:
            if ahead is not None and ahead.content_hash == asked.instance:
                put_instance(session, ahead, area=asked.area, by=asked.owner)
            put_job(session, asked)
            along(session)

    enqueue(announce)
    with service.store.read() as session:
        return get_job(session, asked.id)


def upload_data(service: Service, asked: JobRow, file: File, *, keep: bool) -> JobRow:
    """Order the reading of data, only to check them unless ``keep``. See ``submit``."""
    order = partial(ImportOrder, keep=keep)

    def enqueue(announce: Announce) -> Job:
        return service.jobs.upload(file, order, asked.id, asked.owner, announce)

    return submit(service, asked, enqueue)


def upload_roster(
    service: Service, asked: JobRow, file: File, month: str | None, stage: StageName
) -> JobRow:
    """Order the reading of a roster, to be checked with the data of ``asked``. See ``submit``."""

    def enqueue(announce: Announce) -> Job:
        order = partial(DraftOrder, instance=asked.instance or "", month=month, stage=stage)
        return service.jobs.upload(file, order, asked.id, asked.owner, announce)

    return submit(service, asked, enqueue)


def order_export(service: Service, asked: JobRow, version: int, form: Form) -> JobRow:
    """Order the writing of the roster of ``asked`` as a file. See ``submit``."""
    order = ExportOrder(roster=asked.roster or 0, version=version, form=form)

    def enqueue(announce: Announce) -> Job:
        return service.jobs.submit(order, asked.id, asked.owner, announce)

    return submit(service, asked, enqueue)


def order_solve(service: Service, data: Data, asked: JobRow, choices: SolveRequest) -> JobRow:
    """Order a solve of the data with the area's pins of the month. See ``submit``.

    It starts from what is published of the month: see ``from_published``.
    """
    planned = _with_pins(service, data, choices.month)
    if not choices.fresh:
        month = choices.month or data.instance.settings.month
        today = now().astimezone(ZONE).date()
        with service.store.read() as session:
            planned = from_published(session, planned, data.area, month, today)
    asked.instance = planned.content_hash
    seconds = choices.seconds or min(USUAL_SECONDS, service.jobs.settings.most_seconds)

    def enqueue(announce: Announce) -> Job:
        chosen = choices.model_dump(exclude={"fresh"}) | {
            "instance": asked.instance,
            "seconds": seconds,
        }
        order = SolveOrder.model_validate(chosen)
        return service.jobs.submit(order, asked.id, asked.owner, announce, planned)

    return submit(service, asked, enqueue, ahead=planned)


def ask_question(service: Service, data: Data, asked: JobRow, file: File) -> JobRow:
    """Order the answers to a question file about the data with the area's pins. See ``submit``."""
    text = question_text(file.content, file.name)
    question = parse_question(text, file.name)
    head = question.head
    planned = _with_pins(service, data, head.month)
    asked.instance = planned.content_hash

    def enqueue(announce: Announce) -> Job:
        order = WhatifOrder(
            instance=asked.instance or "",
            name=file.name,
            text=text,
            solves=len(head.seeds) * (1 + len(question.variants)),
            seconds=head.time_limit,
        )
        return service.jobs.submit(order, asked.id, asked.owner, announce, planned)

    kept = QuestionRecord(
        id=asked.id,
        area=asked.area,
        instance=asked.instance,
        name=head.name,
        name_en=head.name_en,
        text=text,
        created_by=asked.owner,
    )
    return submit(service, asked, enqueue, lambda session: put_question(session, kept), planned)


def _with_pins(service: Service, data: Data, month: str | None) -> Instance:
    """Return the data with the pins and what is published around the month."""
    with service.store.read() as session:
        pins = pins_of(session, data.area, month or data.instance.settings.month)
        instance = with_pins(data.instance, pins) if pins else data.instance
        planned = month or instance.settings.month
        return with_days_around(session, instance, data.area, planned)


def _refuse_crowd(service: Service, area: str) -> None:
    """Let no area keep the others waiting without end.

    Raises
    ------
    ConflictError
        As many jobs of the area wait or run as the settings allow.
    """
    most = service.settings.area_jobs
    with service.store.read() as session:
        if count_jobs(session, area, service.jobs.unfinished()) >= most:
            raise ConflictError(issue("job_crowd", value=area, most=most))
