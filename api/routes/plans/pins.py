"""Pins: assignments that the next plan keeps; of one row, or of all that is frozen at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.actions import Action
from api.access.denied import UnseenError
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.fields import MonthText
from api.office.plans import pins as office
from api.routes.answering.listings import Before, Limit, Listing
from api.routes.answering.path_ids import AreaId, RosterId, area_place
from api.routes.answering.running import InService
from api.routes.plans.edits import RowEdit
from api.routes.plans.rosters import place_of_roster
from models.freeze import Freeze
from models.people import Pin
from models.rows import Id, Why
from models.store.plans.pins import (
    Which,
    pin_of,
    pin_records,
    remove_pin,
    remove_pins,
)
from models.store.tables.plan_tables import PinRecord
from models.vocabulary import Strength

router = APIRouter(prefix="/api/v1", tags=["pins"])

PinId = Annotated[int, Path(ge=1, le=2**31 - 1, description="固定安排编号 id of the pin")]
Ids = Annotated[frozenset[Id], Field(max_length=2000)]
SlotId = Annotated[str, Field(pattern=r"^[^\s,;:@/\\|]{1,60}@\d{8}(am|pm|night)$")]


class PinRequest(BaseModel):
    """One row of a roster to be kept."""

    model_config = ConfigDict(extra="forbid")

    row: RowEdit
    strength: Strength = Field(Strength.FIXED, description="fixed 固定、keep 尽量沿用")
    why: Why = ""


class FreezeRequest(BaseModel):
    """What is frozen: duties and visits that meet every condition given; at least one is needed."""

    model_config = ConfigDict(extra="forbid")

    first: dt.date | None = Field(None, description="首日 first day")
    last: dt.date | None = Field(None, description="末日（含） last day, included")
    sites: Ids = Field(frozenset(), description="只冻结这些站点 only at these sites")
    people: Ids = Field(frozenset(), description="只冻结这些人员 only of these people")
    slots: Annotated[frozenset[SlotId], Field(max_length=2000)] = Field(
        frozenset(), description="单个班次，如 Z001-咨询@20261208am single slots"
    )
    seats: bool = Field(False, description="也冻结顾问、调解员 standing seats too")
    strength: Strength = Strength.FIXED
    why: Why = ""

    @model_validator(mode="after")
    def _some(self) -> FreezeRequest:
        if not (self.first or self.last or self.sites or self.people or self.slots or self.seats):
            message = "请说明冻结什么 / say what is to be frozen"
            raise ValueError(message)
        return self

    @property
    def freeze(self) -> Freeze:
        """The same in words of the plan."""
        return Freeze(**self.model_dump(exclude={"why"}))


class ThawRequest(BaseModel):
    """Which pins are removed: those that meet every condition given; at least one is needed."""

    model_config = ConfigDict(extra="forbid")

    first: dt.date | None = Field(None, description="首日 first day")
    last: dt.date | None = Field(None, description="末日（含） last day, included")
    person: Id | None = None
    target: Id | None = Field(None, description="岗位、村居或站点 post, village or site")
    why: Why = ""

    @model_validator(mode="after")
    def _some(self) -> ThawRequest:
        if not (self.first or self.last or self.person or self.target):
            message = "请说明解冻什么 / say what is to be thawed"
            raise ValueError(message)
        return self


class PinView(Pin):
    """A pin of the office."""

    id: int
    created: dt.datetime
    created_by: str


class PinCount(BaseModel):
    """How many pins were set or removed."""

    pins: int


@router.get("/areas/{area}/pins", responses=responses(*GUARDED))
def list_pins(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, area_place))],
    month: Annotated[MonthText | None, Query()] = None,
    before: Before = None,
    limit: Limit = 50,
) -> Listing[PinView]:
    """固定安排列表 / The pins that the next plan of an area keeps, newest first.

    They come on top of those in the data (``data/pins``). A pin without a person keeps others
    from being added: to a slot, a post, or a whole day.
    """
    with service.store.read() as session:
        page = pin_records(session, area, month, before=before, limit=limit)
        return Listing(items=[_view(row) for row in page.rows], next=page.next)


@router.post("/rosters/{roster}/pins", responses=responses(*GUARDED, "conflict"))
def pin_row(
    roster: RosterId,
    asked: PinRequest,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.PIN, place_of_roster))],
) -> Pin:
    """固定一处安排 / Let the next plan keep a row of a roster; a repetition changes nothing."""
    by = grant.actor.by
    with service.store.begin() as session:
        return office.pin_row(session, roster, asked.row.row, asked.strength, by=by, why=asked.why)


@router.post("/rosters/{roster}/freeze", responses=responses(*GUARDED))
def freeze_roster(
    roster: RosterId,
    asked: FreezeRequest,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.PIN, place_of_roster))],
) -> PinCount:
    """冻结 / Let the next plan keep days, sites, people or slots of a roster as they are.

    What is held is pinned; what is empty stays empty: nobody is added to frozen days, sites and
    slots. A frozen person may still be given more. A repetition changes nothing.
    """
    with service.store.begin() as session:
        by, why = grant.actor.by, asked.why
        count = office.freeze_roster(session, roster, asked.freeze, by=by, why=why)
    return PinCount(pins=count)


@router.delete("/areas/{area}/pins/{pin}", responses=responses(*GUARDED))
def unpin(
    area: AreaId,
    pin: PinId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.PIN, area_place))],
) -> PinCount:
    """取消一条固定安排 / Remove one pin."""
    with service.store.begin() as session:
        if not remove_pin(session, area, pin, by=grant.actor.by):
            raise UnseenError
    return PinCount(pins=1)


@router.post("/areas/{area}/pins/thaw", responses=responses(*GUARDED))
def thaw(
    area: AreaId,
    asked: ThawRequest,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.PIN, area_place))],
) -> PinCount:
    """解冻 / Remove every pin of some days, of a person, or of a post, village or site."""
    with service.store.begin() as session:
        which = Which(asked.first, asked.last, asked.person, asked.target)
        count = remove_pins(session, area, which, by=grant.actor.by, why=asked.why)
    return PinCount(pins=count)


def _view(row: PinRecord) -> PinView:
    return PinView(
        **pin_of(row).model_dump(),
        id=row.id,
        created=row.created_at,
        created_by=row.created_by,
    )
