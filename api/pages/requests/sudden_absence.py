"""Somebody is suddenly away: choose person and days, see the ranked repair, publish it in one step."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.actions.named import meant
from api.http.guard import Grant
from api.office.context import Service
from api.office.plans.repairs import (
    RepairedMonth,
    RepairRequest,
    enter_absence,
    keep_repaired,
    repair_roster,
)
from api.pages.frame.doors import require_page
from api.pages.frame.page import page, see
from api.pages.frame.shown_changes import ShownChange, shown_changes
from api.pages.requests.form_days import days_of
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService, Today
from models.issues import InputError
from models.messages import Spot, issue
from models.rows import Why
from models.store.plans.roster_queries import published_roster
from models.vocabulary import Part

router = APIRouter(prefix="/office/{area}/absence")
Publishing = Annotated[Grant, Depends(require_page(Action.PUBLISH, area_place))]
Word = Annotated[str, Query(max_length=80)]
FormWord = Annotated[str, Form(max_length=80)]
PartWord = Part | None


class RepairToPublish(NamedTuple):
    """A published month repaired, not kept yet, and its changes in words."""

    roster: int
    month: str
    made: RepairedMonth
    changes: list[ShownChange]


@router.get("")
def show_repair(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Publishing,
    today: Today,
    person: Word = "",
    first: Word = "",
    last: Word = "",
    part: Word = "",
) -> HTMLResponse:
    """Show the form; with a person and days also what the absence hits and the repaired month."""
    return _shown(request, service, area, today, (person, first, last, part))


@router.post("")
def publish_repair(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Publishing,
    today: Today,
    how: Annotated[str, Form(pattern="^(publish|draft)$")],
    person: FormWord = "",
    first: FormWord = "",
    last: FormWord = "",
    part: FormWord = "",
    why: Annotated[Why, Form()] = "",
) -> Response:
    """Publish the repaired months, or keep them as drafts; the absence enters the data when published."""
    try:
        asked = _asked(service, area, (person, first, last, part))
        repaired = _repaired(service, area, asked, today)
        if not repaired:
            raise InputError([issue("absence_unpublished", Spot("", ""), first)])
    except InputError as error:
        return _shown(request, service, area, today, (person, first, last, part), error)
    kept = _kept(service, repaired, publish_it=how == "publish", by=grant.actor.by, why=why)
    if how == "publish":
        reason = why or "absence"
        enter_absence(service, area, asked.absence.leave, by=grant.actor.by, why=reason)
    return see(f"/office/{area}/rosters/{kept}/publish")


def _kept(
    service: Service, repaired: list[RepairToPublish], *, publish_it: bool, by: str, why: str
) -> int:
    """Keep the repaired months, all or none; return the last of them."""
    kept = 0
    with service.store.begin() as session:
        for one in repaired:
            reason = why or f"repair of roster {one.roster}"
            kept = keep_repaired(session, one.made, publish_it=publish_it, by=by, why=reason).id
    return kept


def _asked(service: Service, area: str, told: tuple[str, str, str, str]) -> RepairRequest:
    """Return who is away and when.

    Raises
    ------
    InputError
        With every issue of the form.
    """
    person, first, last, part = told
    instance = service.areas.data_at(area).instance
    who = meant(instance, "people", person.strip())
    if who not in instance.person_by_id:
        raise InputError([issue("unknown_person", Spot("", ""), person)])
    days = days_of(first, last or first)
    if days[1] < days[0]:
        words = {"first": days[0], "last": days[1]}
        raise InputError([issue("first_after_last", Spot("", ""), last, **words)])
    return RepairRequest(
        person=who, first=days[0], last=days[1], part=Part.meant_by(part) if part else None
    )


def _repaired(
    service: Service, area: str, asked: RepairRequest, today: dt.date
) -> list[RepairToPublish]:
    """Return each published month that the absence touches, repaired."""
    found = []
    for month in _months(asked.first, asked.last or asked.first):
        with service.store.read() as session:
            record = published_roster(session, area, month)
        if record is not None:
            made = repair_roster(service, record.id, asked, today)
            changes = shown_changes(made.instance, made.changes)
            found.append(RepairToPublish(record.id, month, made, changes))
    return found


def _months(first: dt.date, last: dt.date) -> list[str]:
    """Return the months from a day to another, twelve at most."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    steps = [first.year * 12 + first.month - 1 + n for n in range(min(count, 12))]
    return [f"{step // 12}-{step % 12 + 1:02d}" for step in steps]


def _shown(
    request: Request,
    service: Service,
    area: str,
    today: dt.date,
    told: tuple[str, str, str, str],
    error: InputError | None = None,
) -> HTMLResponse:
    repaired: list[RepairToPublish] = []
    if told[0] and error is None:
        try:
            repaired = _repaired(service, area, _asked(service, area, told), today)
        except InputError as found:
            error = found
    within = service.areas.inside(area)
    people = [one for one in service.areas.data_at(area).instance.people if one.area in within]
    person, first, last, part = told
    return page(
        request,
        "requests/absence.html",
        status=422 if error else 200,
        area=area,
        told={"person": person, "first": first or f"{today}", "last": last, "part": part},
        is_asked=bool(person) and error is None,
        repaired=repaired,
        error=error,
        people=people,
        parts_of_day=list(Part),
    )
