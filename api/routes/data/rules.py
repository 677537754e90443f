"""Rules and settings of an area's data: numbers, sources and levels; changed by the bureau."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.http.guard import GUARDED, CurrentActor, Grant, require
from api.http.problems import responses
from api.office.areas import Data
from api.office.context import Service
from api.office.data import data_changes as office
from api.office.data.data_changes import Changed, RulesChange, SettingsChange
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import CHANGES_DATA, told
from models.goals import Goal
from models.instance import Instance, Settings
from models.report import Level
from solver.profiles import every_rule, profile_names, profile_tables
from solver.rules import enabled

router = APIRouter(prefix="/api/v1", tags=["rules"])


class RuleView(BaseModel):
    """A rule as an area's data have it."""

    code: str
    zh: str
    en: str
    level: Level
    goal: Goal = Field(description="计入的目标 rung on which a breach is priced")
    is_on: bool
    numbers: dict[str, Any] = Field(description="参数 its numbers, as they hold")
    changed: dict[str, str] = Field(description="本单位的调整 what the office changed")
    source: str = Field(description="规则方案中的出处 where the profile has its numbers from")
    text: str = Field(description="说明、公式与出处 words, formula and source")


class ProfileView(BaseModel):
    """A named set of rule numbers, each with the line of its source."""

    name: str
    is_used: bool
    rules: dict[str, dict[str, Any]]


@router.get("/areas/{area}/rules", responses=responses(*GUARDED))
def list_rules(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_RULES, area_place))],
) -> list[RuleView]:
    """规则列表 / Every rule with level, numbers and source, as the area's data have it."""
    data = service.areas.data_at(area)
    tag(response, data.revision)
    return rule_views(data.instance)


@router.get("/areas/{area}/profiles", responses=responses(*GUARDED))
def list_profiles(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_RULES, area_place))],
) -> list[ProfileView]:
    """规则方案 / The profiles with the numbers and sources they set, and which one is used."""
    used = service.areas.data_at(area).instance.settings.profile
    return [
        ProfileView(name=name, is_used=name == used, rules=profile_tables(name))
        for name in profile_names()
    ]


@router.patch("/areas/{area}/rules", responses=responses(*GUARDED, *CHANGES_DATA))
def change_rules(
    area: AreaId,
    change: RulesChange,
    service: InService,
    response: Response,
    actor: CurrentActor,
    if_match: IfMatch = None,
) -> Changed:
    """修改规则 / Choose another profile, set numbers, or give them back to the profile."""
    data, revision = may_edit_rules(service, area, actor), version_of(if_match)
    return told(
        office.change_rules(service, data, change, by=actor.by, revision=revision), response
    )


@router.get("/areas/{area}/settings", responses=responses(*GUARDED))
def read_settings(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_RULES, area_place))],
) -> Settings:
    """查看方案设置 / The settings of the area's data: month, profile, speeds, hours of the day."""
    data = service.areas.data_at(area)
    tag(response, data.revision)
    return data.instance.settings


@router.patch("/areas/{area}/settings", responses=responses(*GUARDED, *CHANGES_DATA))
def change_settings(
    area: AreaId,
    change: SettingsChange,
    service: InService,
    response: Response,
    actor: CurrentActor,
    if_match: IfMatch = None,
) -> Changed:
    """修改方案设置 / Change some settings of the area's data."""
    data, revision = may_edit_rules(service, area, actor), version_of(if_match)
    return told(
        office.change_settings(service, data, change, by=actor.by, revision=revision), response
    )


def may_edit_rules(service: Service, area: str, actor: Actor) -> Data:
    """Return the data of an area to those who may change the rules of all of them."""
    check_signed_in(actor, Action.EDIT_RULES)
    if service.areas.data(area) is None:  # that there are none is told to those whose area it is
        check(actor, Action.EDIT_RULES, service.areas.place(area))
    data = service.areas.data_at(area)
    check(actor, Action.EDIT_RULES, data.place)
    return data


def rule_views(instance: Instance) -> list[RuleView]:
    """Return every rule as some data have it."""
    rules = every_rule(instance.settings.profile, instance.rules)
    on = {rule.code for rule in enabled(rules)}
    sources = profile_tables(instance.settings.profile)
    return [
        RuleView(
            code=rule.code,
            zh=rule.zh,
            en=rule.en,
            level=rule.level,
            goal=rule.rung,
            is_on=rule.code in on,
            numbers=rule.model_dump(mode="json", exclude={"level", "goal"}),
            changed={row.field: row.value for row in instance.rules if row.rule == rule.code},
            source=sources.get(rule.code, {}).get("source", ""),
            text=inspect.cleandoc(type(rule).__doc__ or ""),
        )
        for rule in rules
    ]
