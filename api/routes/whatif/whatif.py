"""What-if questions: asked as a file, answered by a job, read, deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, UploadFile

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import Problem, responses
from api.jobs.job import Job
from api.jobs.kinds.whatif import WhatifOrder
from api.jobs.service import Announce
from api.routes.answering.listings import BeforeTime, Listing, page_after, page_key
from api.routes.answering.path_ids import AreaId, QuestionId, area_place
from api.routes.answering.repetition import IdempotencyKey
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, asked_for, enqueued
from api.routes.jobs.solves import with_pins_of
from api.routes.whatif.whatif_views import (
    QuestionText,
    QuestionView,
    place_of_question,
    question_text_view,
    question_views,
)
from models.messages import issue
from models.store.jobs.jobs import forget_jobs
from models.store.jobs.questions import delete_question, get_question, put_question, questions
from models.store.tables.question_tables import QuestionRecord
from scenarios.whatif.question import Question
from scenarios.whatif.question_file import parse_question, question_text

router = APIRouter(prefix="/api/v1", tags=["questions"])


@router.post(
    "/areas/{area}/questions",
    status_code=202,
    responses=responses(*GUARDED, "too-large", "conflict"),
)
def ask_question(
    area: AreaId,
    file: UploadFile,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.ASK_QUESTION, area_place))],
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """提出假设分析 / Ask what if: a question file (TOML) about the area's current data.

    Its base is always these data with the pins of the area; ``base`` and ``base_seed`` of the
    file are not looked at. The job's id is that of the question. Every answer is kept as soon as
    it is there: a job that is cut off goes on, one that is cancelled compares what it has.
    """
    data = service.areas.data_at(area)
    check(grant.actor, Action.ASK_QUESTION, Place.of_area(data.instance, data.area))
    name = _label(file.filename)
    text = question_text(file.file.read(), name)
    question = parse_question(text, name)
    asked = asked_for("whatif", data.area, grant.actor, idempotency_key)
    asked.instance = with_pins_of(service, data, question.head.month, asked.owner)

    def enqueue(announce: Announce) -> Job:
        order = WhatifOrder(
            instance=asked.instance or "",
            name=name,
            text=text,
            solves=_solves(question),
            seconds=question.head.time_limit,
        )
        return service.jobs.submit(order, asked.id, asked.owner, announce)

    kept = QuestionRecord(
        id=asked.id,
        area=asked.area,
        instance=asked.instance,
        name=question.head.name,
        name_en=question.head.name_en,
        text=text,
        created_by=asked.owner,
    )
    return enqueued(service, asked, enqueue, lambda session: put_question(session, kept))


@router.get("/areas/{area}/questions", responses=responses(*GUARDED, "bad-request"))
def list_questions(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_QUESTION, area_place))],
    before: BeforeTime = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Listing[QuestionView]:
    """假设分析列表 / The questions of an area and of all that lie in it, newest first."""
    with service.store.read() as session:
        found = questions(
            session, service.areas.inside(area), before=page_after(before), limit=limit + 1
        )
    page = found[:limit]
    last = page_key(page[-1].created_at, page[-1].id) if len(found) > limit else None
    return Listing(items=question_views(service, page), next=last)


@router.get("/questions/{question}", responses=responses(*GUARDED))
def read_question(
    question: QuestionId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_QUESTION, place_of_question))],
) -> QuestionText:
    """查看假设分析 / Read a question: its text, its state, what each scenario changes, its files."""
    return question_text_view(service, question)


@router.delete("/questions/{question}", status_code=204, responses=responses(*GUARDED, "conflict"))
def remove_question(
    question: QuestionId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.ASK_QUESTION, place_of_question))],
) -> None:
    """删除假设分析 / Delete a question with its answers; drafts promoted of it stay."""
    job = service.jobs.status(question)
    if job is not None and not job.state.is_final:
        raise Problem("conflict", issue("question_running"))
    with service.store.begin() as session:
        get_question(session, question)
        service.jobs.forget([question])  # first: a job without its row is found here no more
        delete_question(session, question, by=grant.actor.by)
        forget_jobs(session, [question])


def _solves(question: Question) -> int:
    return len(question.head.seeds) * (1 + len(question.variants))


def _label(name: str | None) -> str:
    """Return what issues call the file: printable, one line."""
    plain = "".join(c for c in name or "" if c.isprintable())
    return plain[:80] or "question.toml"
