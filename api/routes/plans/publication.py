"""Drafts become what everybody sees: merged if overtaken, published, withdrawn."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.plans.merging import Side, keep_merged, merge_draft
from api.office.plans.publication import check_draft, publish_checked
from api.routes.answering.entity_tags import IfMatch, tagged, version_if_given
from api.routes.answering.path_ids import RosterId
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService
from api.routes.plans.rosters import (
    CHANGING,
    LoggedReason,
    RosterView,
    place_of_roster,
    roster_view,
)
from models.store.plans.publishing import withdraw

router = APIRouter(prefix="/api/v1", tags=["rosters"])

BreachKeys = Annotated[
    tuple[Annotated[str, StringConstraints(pattern="^[0-9a-f]{12}$")], ...],
    Field(
        max_length=2000,
        description="逐一确认的硬性违规（409 中的 key） keys of the breaches that a 409 told",
    ),
]


class PublicationRequest(LoggedReason):
    """How a draft is published."""

    acknowledge: BreachKeys = ()
    over: int | None = Field(
        None,
        ge=1,
        le=2**31 - 1,
        description="明知会撤销其变动的已发布版次 the newer revision that is knowingly replaced",
    )


class MergeRequest(LoggedReason):
    """How a draft is merged with what was published since."""

    prefer: Side | None = Field(
        None, description="双方都改过之处以谁为准 which side counts where both changed a place"
    )


@router.post("/rosters/{roster}/merge", status_code=201, responses=responses(*GUARDED, "conflict"))
def merge_roster(
    roster: RosterId,
    how: MergeRequest,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, place_of_roster))],
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """合并 / Merge a draft with what was published since it was made, as a new draft, checked.

    409 with ``conflicts`` where both changed the same place differently and ``prefer`` is not given.
    """
    merged = merge_draft(service, roster, how.prefer)

    def act(session: Session) -> RosterView:
        return roster_view(keep_merged(session, merged, roster, by=grant.actor.by))

    asked = Repeatable(grant.actor, idempotency_key, how, f"merge {roster}")
    return tagged(response, asked.once(service.store, RosterView, act))


@router.post("/rosters/{roster}/publish", responses=responses(*CHANGING))
def publish_roster(
    roster: RosterId,
    asked: PublicationRequest,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.PUBLISH, place_of_roster))],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """发布 / Publish a draft: calendars follow at once.

    409 with ``clashes`` on a double booking; with ``overtaken``, both sides' changes, when something
    newer was published since the draft was made (merge, or name its revision in ``over``); with
    ``breaches`` of hard rules that are to be listed in ``acknowledge``.
    """
    by, why, over = grant.actor.by, asked.why, asked.over
    version, named = version_if_given(if_match), asked.acknowledge
    checked = check_draft(service, roster)

    def act(session: Session) -> RosterView:
        made = publish_checked(session, checked, named, by=by, why=why, version=version, over=over)
        return roster_view(made)

    once = Repeatable(grant.actor, idempotency_key, asked, f"publish {roster}")
    return tagged(response, once.once(service.store, RosterView, act))


@router.post("/rosters/{roster}/withdraw", responses=responses(*CHANGING))
def withdraw_roster(
    roster: RosterId,
    reason: LoggedReason,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.WITHDRAW, place_of_roster))],
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """撤回 / Take a published roster back: its events stay in the calendars as cancelled."""
    by = grant.actor.by

    def act(session: Session) -> RosterView:
        return roster_view(withdraw(session, roster, by=by, why=reason.why))

    asked = Repeatable(grant.actor, idempotency_key, reason, f"withdraw {roster}")
    return tagged(response, asked.once(service.store, RosterView, act))
