"""By which ways people and groups are told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.access.actions import Action
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.notices.notice_choices import (
    ChoiceView,
    Chosen,
    choose,
    person_target,
    read_choice,
    unchoose,
)
from api.office.notices.notice_groups import (
    GroupView,
    GroupWanted,
    add_group,
    drop_group,
    list_groups,
)
from api.office.notices.notice_states import NoticeView, person_notices
from api.routes.answering.listings import Before, Limit, Listing
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.people.busy import PersonId, person_place

router = APIRouter(prefix="/api/v1/areas/{area}", tags=["notices"])

GroupId = Annotated[int, Path(ge=1, le=2**31 - 1, description="群编号 group id")]
Choosing = Annotated[Grant, Depends(require(Action.CHOOSE_NOTICES, person_place))]
Passing = Annotated[Grant, Depends(require(Action.PASS_NOTICES, area_place))]


@router.get("/people/{person}/notices", responses=responses(*GUARDED))
def list_own_notices(
    area: AreaId,
    person: PersonId,
    service: InService,
    grant: Choosing,
    before: Before = None,
    limit: Limit = 50,
) -> Listing[NoticeView]:
    """本人的通知 / What a person was told, newest first."""
    target = person_target(service, area, person)
    page = person_notices(service, area, target, before=before, limit=limit)
    return Listing(items=list(page.rows), next=page.next)


@router.get("/people/{person}/notice-way", responses=responses(*GUARDED))
def read_way(area: AreaId, person: PersonId, service: InService, grant: Choosing) -> ChoiceView:
    """通知方式 / How a person is told, and what there is to choose from."""
    return read_choice(service, area, person)


@router.put("/people/{person}/notice-way", responses=responses(*GUARDED))
def choose_way(
    area: AreaId, person: PersonId, wanted: Chosen, service: InService, grant: Choosing
) -> ChoiceView:
    """选择通知方式 / Choose how to be told, and whether to be reminded the day before."""
    choose(service, area, person, wanted, by=grant.actor.by)
    return read_choice(service, area, person)


@router.delete("/people/{person}/notice-way", responses=responses(*GUARDED))
def forget_way(area: AreaId, person: PersonId, service: InService, grant: Choosing) -> ChoiceView:
    """恢复默认通知方式 / Forget what was chosen, with the address."""
    unchoose(service, area, person, by=grant.actor.by)
    return read_choice(service, area, person)


@router.get("/notice-groups", responses=responses(*GUARDED))
def list_notice_groups(area: AreaId, service: InService, grant: Passing) -> list[GroupView]:
    """通知群 / The groups that are told of publications, without what opens them."""
    return list_groups(service, area)


@router.post("/notice-groups", status_code=201, responses=responses(*GUARDED))
def add_notice_group(
    area: AreaId, wanted: GroupWanted, service: InService, grant: Passing
) -> GroupView:
    """添加通知群 / Tell a group of WeCom, DingTalk or Feishu by its robot from now on."""
    return add_group(service, area, wanted, by=grant.actor.by)


@router.delete("/notice-groups/{group}", status_code=204, responses=responses(*GUARDED))
def drop_notice_group(area: AreaId, group: GroupId, service: InService, grant: Passing) -> None:
    """移除通知群 / Tell a group no more, and forget its address and secret."""
    drop_group(service, area, group, by=grant.actor.by)
