"""What-if questions: asked as a file, answered by a job, read, deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, UploadFile

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.jobs.contract.plan import File
from api.office.plans import ordering, question_answers
from api.routes.answering.listings import BeforeTime, Listing, page_after, page_key
from api.routes.answering.path_ids import AreaId, QuestionId, area_place
from api.routes.answering.repetition import IdempotencyKey
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, asked_for, job_view
from api.routes.whatif.whatif_views import (
    QuestionText,
    QuestionView,
    place_of_question,
    question_text_view,
    question_views,
)
from models.store.jobs.questions import questions

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
    check(grant.actor, Action.ASK_QUESTION, data.place)
    asked = asked_for("whatif", data.area, grant.actor, idempotency_key)
    named = File(name=_label(file.filename), content=file.file.read())
    return job_view(service, ordering.ask_question(service, data, asked, named))


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
    question_answers.remove_question(service, question, by=grant.actor.by)


def _label(name: str | None) -> str:
    """Return what issues call the file: printable, one line."""
    plain = "".join(c for c in name or "" if c.isprintable())
    return plain[:80] or "question.toml"
