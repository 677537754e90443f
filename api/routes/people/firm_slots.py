"""The slots of a firm: who could be named, who is named."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.fields import MonthText
from api.office.people.firm_naming import (
    FirmNames,
    NamedPerson,
    keep_names,
    prepare_names,
    until_current,
)
from api.office.people.firm_slots import FirmSlot, firm_slots
from api.routes.answering.path_ids import AreaId, FirmId, firm_place
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService, Today

router = APIRouter(prefix="/api/v1", tags=["firm slots"])

OfFirm = Annotated[Grant, Depends(require(Action.NAME_LAWYER, firm_place))]


class FirmSlots(BaseModel):
    """The slots of a firm, by start."""

    slots: list[FirmSlot]


class NamesKept(BaseModel):
    """Who serves the slots now."""

    named: list[NamedPerson]


@router.get("/areas/{area}/firms/{firm}/slots", responses=responses(*GUARDED))
def list_firm_slots(
    area: AreaId,
    firm: FirmId,
    service: InService,
    grant: OfFirm,
    today: Today,
    month: Annotated[MonthText | None, Query(description="默认本月起 this month on")] = None,
) -> FirmSlots:
    """机构的班次 / The published slots that a firm staffs, with its people ranked for each."""
    return FirmSlots(slots=firm_slots(service, area, firm, month, today))


@router.post("/areas/{area}/firms/{firm}/names", responses=responses(*GUARDED, "conflict"))
def name_people(
    area: AreaId,
    firm: FirmId,
    asked: FirmNames,
    service: InService,
    grant: OfFirm,
    today: Today,
    idempotency_key: IdempotencyKey = None,
) -> NamesKept:
    """机构派人 / Name people of the firm for its slots; all are published at once, or none.

    A firm may name and rename until the deadline, the office at any time.
    """
    actor, why = grant.actor, asked.why or f"机构派人 {firm}"
    again = Repeatable(actor, idempotency_key, asked, f"name {area} {firm}")

    def attempt() -> NamesKept:
        prepared = prepare_names(service, actor, area, firm, asked, today)

        def act(session: Session) -> NamesKept:
            return NamesKept(named=keep_names(session, prepared, by=actor.by, why=why))

        return again.once(service.store, NamesKept, act)

    return until_current(attempt)
