"""Rules and settings of an area's data: numbers, sources and levels; changed by the bureau."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.places import Place
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.http.guard import GUARDED, CurrentActor, Grant, require
from api.http.problems import responses
from api.office.areas import Data
from api.office.context import Service
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.fields import Why
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import CHANGES_DATA, Changed, data_of, document_of, keep, told
from models.goals import Goal
from models.instance import Settings
from models.report import Level
from models.rows import Id, Text
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


class RuleNumber(BaseModel):
    """One number of one rule."""

    model_config = ConfigDict(extra="forbid")

    rule: Id
    field: Id = Field(description="参数名，或 level、weight a parameter, or level, weight")


class NewRuleValue(RuleNumber):
    """What a number is to be; words of a list are separated by semicolons."""

    value: Annotated[Text, Field(min_length=1)]


class RulesChange(BaseModel):
    """Another profile, and numbers set or given back to the profile."""

    model_config = ConfigDict(extra="forbid")

    profile: Annotated[str, Field(max_length=80)] | None = None
    set: Annotated[tuple[NewRuleValue, ...], Field(max_length=500)] = ()
    unset: Annotated[tuple[RuleNumber, ...], Field(max_length=500)] = ()
    why: Why = ""


class SettingsChange(BaseModel):
    """The settings to be changed, each under its name; the others stay."""

    model_config = ConfigDict(extra="forbid")

    settings: dict[str, Any]
    why: Why = ""


@router.get("/areas/{area}/rules", responses=responses(*GUARDED))
def list_rules(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_RULES, area_place))],
) -> list[RuleView]:
    """规则列表 / Every rule with level, numbers and source, as the area's data have it."""
    data = data_of(service, area)
    tag(response, data.revision)
    instance = data.instance
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


@router.get("/areas/{area}/profiles", responses=responses(*GUARDED))
def list_profiles(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_RULES, area_place))],
) -> list[ProfileView]:
    """规则方案 / The profiles with the numbers and sources they set, and which one is used."""
    used = data_of(service, area).instance.settings.profile
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
    data = _may_edit(service, area, actor)
    revision, document = version_of(if_match), document_of(data)
    gone = {(number.rule, number.field) for number in (*change.unset, *change.set)}
    kept = [row for row in document.get("rules", []) if (row["rule"], row["field"]) not in gone]
    document["rules"] = [*kept, *(value.model_dump() for value in change.set)]
    if change.profile is not None:
        document.setdefault("settings", {})["profile"] = change.profile
    why = change.why or "rules"
    return told(keep(service, data, document, actor, revision, why), response)


@router.get("/areas/{area}/settings", responses=responses(*GUARDED))
def read_settings(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_RULES, area_place))],
) -> Settings:
    """查看方案设置 / The settings of the area's data: month, profile, speeds, hours of the day."""
    data = data_of(service, area)
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
    data = _may_edit(service, area, actor)
    revision, document = version_of(if_match), document_of(data)
    document["settings"] = document.get("settings", {}) | change.settings
    why = change.why or "settings"
    return told(keep(service, data, document, actor, revision, why), response)


def _may_edit(service: Service, area: str, actor: Actor) -> Data:
    """Return the data of an area to those who may change the rules of all of them."""
    check_signed_in(actor, Action.EDIT_RULES)
    data = service.areas.data(area)
    check(actor, Action.EDIT_RULES, Place.of_area(data.instance, data.area) if data else None)
    assert data is not None
    return data
