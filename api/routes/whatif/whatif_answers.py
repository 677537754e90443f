"""What a question came to: the comparison, its files, and a scenario promoted to a draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.access.denied import UnseenError
from api.actions.whatif import JSON, RUNS, chosen
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.entity_tags import tag
from api.routes.answering.path_ids import QuestionId
from api.routes.answering.repetition import IdempotencyKey, answered_before, keep_answered
from api.routes.answering.running import InService
from api.routes.plans.rosters import RosterView, roster_again, roster_view
from api.routes.whatif.whatif_views import place_of_question
from models.instance import Instance
from models.report import Report
from models.roster import Roster
from models.rows import Why
from models.store.database.log import record
from models.store.jobs.questions import get_question, question_file
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.question_tables import QuestionRecord
from scenarios.compare.result import Compared, Comparison

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
        return _comparison(session, question)


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
    with service.store.begin() as session:
        about = f"promote {question}"
        known = answered_before(session, grant.actor, idempotency_key, asked, about)
        if known is not None:
            return roster_again(response, known)
        made = _promoted(session, get_question(session, question), asked, by)
        tag(response, made.version)
        view = roster_view(made)
        keep_answered(session, grant.actor, idempotency_key, view)
        return view


def _promoted(
    session: Session, question: QuestionRecord, asked: Promotion, by: str
) -> RosterRecord:
    """Keep the scenario's data and its plan as a draft of the question's area."""
    comparison = _comparison(session, question.id)
    row = chosen(comparison, asked.scenario, asked.seed)
    instance = Instance.model_validate_json(_answer(session, question.id, row, "input.json"))
    roster = Roster.model_validate_json(_answer(session, question.id, row, "roster.json"))
    report = Report.model_validate_json(_answer(session, question.id, row, "report.json"))
    put_instance(session, instance, area=question.area, by=by)
    draft = put_draft(session, roster, report, area=question.area, by=by, why=asked.why)
    origin = {"question": question.id, "scenario": row.name, "seed": row.seed}
    after = origin | {"changes": _changes(comparison, row)}
    record(session, "promote", f"roster:{draft.id}", by=by, why=asked.why, after=after)
    return draft


def _changes(comparison: Comparison, row: Compared) -> list[dict[str, Any]]:
    """Return in words what sets the scenario apart from the area's data, the base's changes too."""
    base = next(one for one in comparison.scenarios if one.is_base and one.seed == row.seed)
    said = base.sentences if row.is_base else base.sentences + row.sentences
    return [asdict(sentence) for sentence in said]


def _comparison(session: Session, question: str) -> Comparison:
    found = question_file(session, question, JSON)
    if found is None:
        raise UnseenError
    return Comparison.model_validate_json(found)


def _answer(session: Session, question: str, row: Compared, name: str) -> bytes:
    found = question_file(session, question, f"{RUNS}/{row.run}/{name}")
    assert found is not None, "an answer is kept before it is compared"
    return found
