"""A draft changed by hand, one row at a time, and any roster checked anew."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.actions import Action
from api.access.guard import GUARDED, Grant, require
from api.planning import rules_of
from api.problems import not_found, responses
from api.routes.rosters import CHANGING, place_of_roster
from api.routes.shared import IfMatch, RosterId, tag, version_of
from api.service.service import InService, Service
from models.formats.roster_table import check_rows
from models.report import Breach, Report
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.store.editing import Edit, edit_assignment
from models.store.instances import get_instance
from models.store.reading import get_roster, roster_record
from models.store.rows import RosterRow
from solver.verify import verify

router = APIRouter(prefix="/api/v1", tags=["rosters"])


class Row(BaseModel):
    """One row of a roster, under the name of its kind."""

    model_config = ConfigDict(extra="forbid")

    adviser: AdviserSeat | None = None
    mediator: MediatorSeat | None = None
    duty: Duty | None = None
    visit: Visit | None = None
    station: VillageStation | None = None

    @model_validator(mode="after")
    def _one(self) -> Row:
        if len([row for row in self.__dict__.values() if row is not None]) != 1:
            message = "请给出一种安排 / give exactly one kind of row"
            raise ValueError(message)
        return self

    @property
    def row(self) -> RosterRow:
        """The row itself."""
        found: RosterRow = next(row for row in self.__dict__.values() if row is not None)
        return found


class EditRequest(BaseModel):
    """``before`` becomes ``after``; without ``before`` a row is added, without ``after`` removed."""

    model_config = ConfigDict(extra="forbid")

    before: Row | None = None
    after: Row | None = None
    why: str = Field("", max_length=400)


class Edited(BaseModel):
    """What an edit did to the plan: the check of the whole, and what is new in it."""

    version: int
    hard: int = Field(description="硬性违规数 hard breaches now")
    terms: dict[str, int] = Field(description="各规则分值的变化 change of each rule's amount")
    new: tuple[Breach, ...]
    gone: tuple[Breach, ...]


@router.patch("/rosters/{roster}/rows", responses=responses(*CHANGING))
def edit_row(
    roster: RosterId,
    edit: EditRequest,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, place_of_roster))],
    if_match: IfMatch = None,
) -> Edited:
    """修改一处安排 / Change one row of a draft; the whole plan is checked before it is kept."""
    version = version_of(if_match)
    before = edit.before.row if edit.before else None
    after = edit.after.row if edit.after else None
    old, new = _checked(service, roster, before, after)
    with service.store.begin() as session:
        version = edit_assignment(
            session,
            roster,
            Edit(before, after),
            version=version,
            by=grant.actor.user or "",
            why=edit.why,
            report=new,
        )
    tag(response, version)
    was, now = set(old.breaches), set(new.breaches)
    changed = {
        code: new.terms.get(code, 0) - old.terms.get(code, 0) for code in old.terms | new.terms
    }
    return Edited(
        version=version,
        hard=len(new.hard),
        terms={code: amount for code, amount in changed.items() if amount},
        new=tuple(b for b in new.breaches if b not in was),
        gone=tuple(b for b in old.breaches if b not in now),
    )


@router.get("/rosters/{roster}/check", responses=responses(*GUARDED))
def check_roster(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
    data: Annotated[
        Literal["own", "current"],
        Query(
            description="own：排班所用的数据；current：现在的数据 the roster's own data, or today's"
        ),
    ] = "own",
) -> Report:
    """重新核对 / Check a roster anew by code that did not make it; nothing is kept.

    Against the current data it tells what new leave, posts or rules would break; a roster that
    names people or posts who are gone answers with every issue.
    """
    with service.store.read() as session:
        plan, area = get_roster(session, roster), roster_record(session, roster).area
        instance = get_instance(session, plan.instance)
    if data == "current":
        found = service.areas.data(area)
        if found is None:
            raise not_found()
        instance = found.instance
        check_rows(plan, instance)
    return verify(instance, rules_of(instance), plan)


def _checked(
    service: Service, roster: int, before: RosterRow | None, after: RosterRow | None
) -> tuple[Report, Report]:
    """Return what the independent check says of the plan as it is, and after the edit."""
    with service.store.read() as session:
        plan = get_roster(session, roster)
        instance = get_instance(session, plan.instance)
    if after is not None:
        alone = Roster(month=plan.month)
        check_rows(alone.model_copy(update=_edited(alone, None, after)), instance)
    rules = rules_of(instance)
    changed = plan.model_copy(update=_edited(plan, before, after))
    return verify(instance, rules, plan), verify(instance, rules, changed)


def _edited(
    plan: Roster, before: RosterRow | None, after: RosterRow | None
) -> dict[str, tuple[Any, ...]]:
    tables = {
        AdviserSeat: "advisers",
        MediatorSeat: "mediators",
        Duty: "duties",
        Visit: "visits",
        VillageStation: "stations",
    }
    rows: dict[str, tuple[Any, ...]] = {}
    if before is not None:
        name = tables[type(before)]
        rows[name] = tuple(row for row in getattr(plan, name) if row != before)
    if after is not None:
        name = tables[type(after)]
        rows[name] = (*rows.get(name, getattr(plan, name)), after)
    return rows
