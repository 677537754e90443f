"""What a question came to: the comparison, its files, and a scenario promoted to a draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.access.denied import UnseenError
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.plans.question_answers import comparison_of, promote
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.entity_tags import tagged
from api.routes.answering.path_ids import QuestionId
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService
from api.routes.plans.rosters import RosterView, roster_view
from api.routes.whatif.whatif_views import place_of_question
from models.rows import Why
from models.store.jobs.questions import get_question, question_file
from scenarios.compare.result import Comparison

router = APIRouter(prefix="/api/v1", tags=["questions"])

FileName = Annotated[
    str, Path(pattern=r"^[a-z_]{1,40}\.(json|xlsx|html|zip)$", description="文件名 name of a file")
]


class Promotion(BaseModel):
    """Which scenario becomes a draft, and why."""

    model_config = ConfigDict(extra="forbid")

    scenario: Annotated[str, Field(min_length=1, max_length=400)] = Field(
        description="方案名称 its name in the comparison"
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        None, description="有几个种子时必填 needed where there are several"
    )
    why: Why = ""


@router.get("/questions/{question}/comparison", responses=responses(*GUARDED))
def read_comparison(
    question: QuestionId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_QUESTION, place_of_question))],
) -> Comparison:
    """查看比较 / Every scenario beside its base; 404 until the job has ended."""
    with service.store.read() as session:
        return comparison_of(session, question)


@router.get(
    "/questions/{question}/files/{name}",
    response_class=Response,
    responses=responses(*GUARDED) | FILE,
)
def download_answer(
    question: QuestionId,
    name: FileName,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_QUESTION, place_of_question))],
) -> Response:
    """下载比较文件 / Download a file that the question names: comparison.xlsx, comparison.json."""
    with service.store.read() as session:
        found = question_file(session, question, name)
    if found is None:
        raise UnseenError
    return attachment(name, found)


@router.post(
    "/questions/{question}/promote", status_code=201, responses=responses(*GUARDED, "conflict")
)
def promote_scenario(
    question: QuestionId,
    asked: Promotion,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.ASK_QUESTION, place_of_question))],
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """采用方案 / Make a draft of a scenario's plan, on the data that the scenario changed.

    The data that the area works with stay as they are. The log of the draft tells the changes.
    """
    by = grant.actor.by

    def act(session: Session) -> RosterView:
        row = get_question(session, question)
        return roster_view(promote(session, row, asked.scenario, asked.seed, by, asked.why))

    repeatable = Repeatable(grant.actor, idempotency_key, asked, f"promote {question}")
    return tagged(response, repeatable.once(service.store, RosterView, act))
