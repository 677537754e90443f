"""What becomes of a request: colleagues agree or decline, offices accept or refuse, who asked withdraws."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.policy import check_signed_in
from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.office.people import decisions, swaps
from api.office.people.request_eyes import open_request
from api.office.plans.edits import Effect
from api.office.plans.repairs import Hit
from api.routes.answering.entity_tags import IfMatch, tag, tagged, version_if_given
from api.routes.answering.path_ids import RequestId
from api.routes.answering.running import InService
from api.routes.people.request_views import RequestView, request_view
from api.routes.plans.publication import BreachKeys
from models.roster import Duty, Visit
from models.rows import Text
from models.store.people.requests import Move
from solver.changes.candidates import Candidate

router = APIRouter(prefix="/api/v1", tags=["requests"])

MOVING = (*GUARDED, "conflict", "changed-meanwhile")


class DecisionNote(BaseModel):
    """What is answered; to refuse it must say why."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    why: Text = ""


class Acceptance(DecisionNote):
    """How a request is accepted.

    ``to`` takes the duty over, in place of the colleague who was named, if one was. Without
    ``publish`` a swap waits as a draft in any case.
    """

    to: Text | None = Field(
        None, description="接班人的编号或姓名，可用 candidates 查 who was found, by id or name"
    )
    publish: bool = Field(
        True, description="不违反硬性规则时直接发布 publish if it breaks no hard rule"
    )


class Confirmation(DecisionNote):
    """How the draft of a swap is published."""

    acknowledge: BreachKeys = ()


class HitView(BaseModel):
    """A published duty or visit that leave takes, and who could stand in, standbys first."""

    roster: int = Field(description="可用 rosters/{id}/repair 一步调整 to be repaired in one step")
    duty: Duty | None
    visit: Visit | None
    substitutes: tuple[Candidate, ...]

    @classmethod
    def of(cls, hit: Hit) -> HitView:
        """Return what is told of a hit."""
        duty = hit.row if isinstance(hit.row, Duty) else None
        visit = hit.row if isinstance(hit.row, Visit) else None
        return cls(roster=hit.roster, duty=duty, visit=visit, substitutes=hit.substitutes)


class Decided(BaseModel):
    """The request after it was decided, what a swap does to the plan, what leave hits of it."""

    request: RequestView
    effect: Effect | None = Field(
        None, description="换班后整月检查的变化 what changed in the check of the month"
    )
    hits: list[HitView] = Field(
        [], description="请假期间已发布的安排 published duties and visits in the time of the leave"
    )


@router.post("/requests/{request}/accept", responses=responses(*MOVING, "bad-request"))
def accept_request(
    request: RequestId,
    how: Acceptance,
    service: InService,
    actor: CurrentActor,
    response: Response,
    if_match: IfMatch = None,
) -> Decided:
    """同意申请 / Accept: leave enters the data; a swap is checked and published, or waits for a confirmation.

    A swap that breaks a hard rule which was kept before becomes a draft (state ``drafted``)
    and ``effect`` says which: confirm it, mend the draft first, or refuse. Accepting again
    makes a new draft from what is published by then.
    """
    check_signed_in(actor, Action.DECIDE)
    version, by = version_if_given(if_match), actor.by
    found = open_request(service, actor, request, Move.ACCEPT)
    done = decisions.accept(
        service, found, to=how.to, publish=how.publish, by=by, why=how.why, version=version
    )
    found = open_request(service, actor, request)
    tag(response, found.version)
    view = request_view(service, actor, found)
    if isinstance(done, Effect):
        return Decided(request=view, effect=done)
    return Decided(request=view, hits=[HitView.of(hit) for hit in done])


@router.post("/requests/{request}/confirm", responses=responses(*MOVING))
def confirm_request(
    request: RequestId,
    words: Confirmation,
    service: InService,
    actor: CurrentActor,
    response: Response,
    if_match: IfMatch = None,
) -> RequestView:
    """确认发布换班草稿 / Publish the draft of a swap, as the office has left it.

    409 with ``breaches`` of hard rules that the swap adds and ``acknowledge`` does not list.
    """
    check_signed_in(actor, Action.DECIDE)
    version = version_if_given(if_match)
    open_request(service, actor, request, Move.CONFIRM)
    swaps.confirm(service, request, words.acknowledge, by=actor.by, why=words.why, version=version)
    found = open_request(service, actor, request)
    return tagged(response, request_view(service, actor, found))


@router.post("/requests/{request}/{answer}", responses=responses(*MOVING))
def answer_request(
    request: RequestId,
    answer: Literal["agree", "decline", "withdraw", "refuse"],
    words: DecisionNote,
    service: InService,
    actor: CurrentActor,
    response: Response,
    if_match: IfMatch = None,
) -> RequestView:
    """答复 / The colleague agrees or declines, who asked withdraws, the office refuses and says why."""
    check_signed_in(actor, Action.ASK_SWAP)
    how, version = Move[answer.upper()], version_if_given(if_match)
    found = decisions.answer(service, actor, request, how, why=words.why, version=version)
    return tagged(response, request_view(service, actor, found))
