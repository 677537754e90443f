"""The rules of an area's data: words, numbers and sources, changed ones marked; changed by the bureau."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.http.guard import Grant
from api.office.context import Service
from api.office.data.data_changes import RulesChange, change_rules
from api.pages.frame.doors import SignedInActor, require_page
from api.pages.frame.forms import FormVersion, form_error
from api.pages.frame.page import page, see
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.rules import may_edit_rules, rule_views
from models.issues import InputError
from models.report import Level
from models.rows import Why
from solver.profiles import profile_names

router = APIRouter(prefix="/office/{area}/rules")
Reading = Annotated[Grant, Depends(require_page(Action.READ_RULES, area_place))]
Reason = Annotated[Why, Form()]
Shown = Literal["all", "changed", "on"]


@router.get("")
def show_rules(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    show: Annotated[Shown, Query()] = "on",
) -> HTMLResponse:
    """Show every rule, those in use, or those that the office changed."""
    return _shown(request, service, grant.actor, area, show)


@router.post("/number")
def change_number(
    request: Request,
    area: AreaId,
    service: InService,
    actor: SignedInActor,
    revision: FormVersion,
    rule: Annotated[str, Form(max_length=80)],
    field: Annotated[str, Form(max_length=80)],
    value: Annotated[str, Form(max_length=400)] = "",
    how: Annotated[Literal["set", "reset"], Form()] = "set",
    why: Reason = "",
) -> Response:
    """Set a number of a rule, or give it back to the profile."""
    named = {"rule": rule, "field": field}
    told = {"set": [named | {"value": value}]} if how == "set" else {"unset": [named]}
    try:
        change = RulesChange.model_validate(told | {"why": why})
    except ValidationError as error:
        raise form_error(error) from None
    return _changed(request, service, actor, area, change, revision, at=rule)


@router.post("/profile")
def choose_profile(
    request: Request,
    area: AreaId,
    service: InService,
    actor: SignedInActor,
    revision: FormVersion,
    profile: Annotated[str, Form(max_length=80)],
    why: Reason = "",
) -> Response:
    """Work with the numbers of another profile; what the office changed stays."""
    change = RulesChange(profile=profile, why=why)
    return _changed(request, service, actor, area, change, revision, at="content")


def _changed(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    change: RulesChange,
    revision: int,
    at: str,
) -> Response:
    data = may_edit_rules(service, area, actor)
    try:
        change_rules(service, data, change, by=actor.by, revision=revision)
    except InputError as error:
        return _shown(request, service, actor, area, "all", error)
    return see(f"/office/{area}/rules?show=all#{at}")


def _shown(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    show: Shown,
    error: InputError | None = None,
) -> HTMLResponse:
    data = service.areas.data_at(area)
    every = rule_views(data.instance)
    wanted = {
        "all": every,
        "on": [rule for rule in every if rule.is_on],
        "changed": [rule for rule in every if rule.changed],
    }
    return page(
        request,
        "rules/rules.html",
        status=422 if error else 200,
        area=area,
        rules=wanted[show],
        total=len(every),
        changed=len(wanted["changed"]),
        show=show,
        revision=data.revision,
        profile=data.instance.settings.profile,
        profiles=profile_names(),
        may_edit=decide(actor, Action.EDIT_RULES, data.place) is Decision.ALLOW,
        levels=list(Level),
        error=error,
    )
