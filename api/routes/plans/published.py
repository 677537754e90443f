"""What is published: duties and visits by person, site, township and day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.places import Place
from api.access.policy import Decision, check, check_signed_in, decide
from api.http.guard import FOR_ALL, GUARDED, CurrentActor, Grant, require
from api.http.problems import Problem, responses
from api.office.context import Service
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.fields import MonthText
from api.routes.answering.listings import BeforeTime, Limit, Listing, page_after, page_key
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from models.county_ids import person_marks
from models.store.plans.roster_queries import (
    Asked,
    published_assignments,
    published_roster,
    roster_record,
)
from models.store.tables.plan_tables import Assignment, RosterRecord
from models.store.tables.words import AssignmentKind
from models.vocabulary import Part

router = APIRouter(prefix="/api/v1", tags=["published"])

Id = Annotated[str | None, Query(min_length=1, max_length=60)]
LONGEST = dt.timedelta(days=366)


class Booking(BaseModel):
    """One duty or visit. Of a person shared with others only when, not where and what."""

    kind: AssignmentKind | None
    person: str | None
    date: dt.date
    part: Part
    starts: dt.datetime | None
    ends: dt.datetime | None
    target: str | None
    site: str | None
    standby: bool | None
    lecture: bool | None


@router.get("/areas/{area}/bookings", responses=responses(*GUARDED, "bad-request"))
def list_bookings(
    area: AreaId,
    service: InService,
    actor: CurrentActor,
    first: Annotated[dt.date, Query(description="首日 first day")],
    last: Annotated[dt.date, Query(description="末日（含）last day, included")],
    person: Id = None,
    site: Id = None,
    township: Id = None,
    before: BeforeTime = None,
    limit: Limit = 500,
) -> Listing[Booking]:
    """已发布的安排 / Published duties and visits of some days, by start: of a person, site or township.

    A page may hold fewer rows than ``limit``, where rows of others lie between; ``next`` tells of more.
    """
    check_signed_in(actor, Action.READ_PUBLISHED)
    if last < first or last - first > LONGEST:
        raise Problem(
            "bad-request",
            "末日应在首日之后一年以内",
            "The last day lies within a year of the first",
        )
    decision = check(actor, Action.READ_PUBLISHED, _place(service, area, person, site, township))
    asked = _asked(service, area, person, site, township)._replace(first=first, last=last)
    with service.store.read() as session:
        rows = published_assignments(session, asked, after=_after(before), limit=limit + 1)
        found = [(row, roster_record(session, row.roster)) for row in rows[:limit]]
    data = service.areas.data(area)
    is_whole = not (person or site or township)
    bookings = []
    for row, roster in found:
        place, own = _place_of_row(service, roster, row), decision
        if is_whole and not place.is_inside(area):
            continue
        if data is None or roster.area != data.area:
            # what others publish of somebody shared is decided anew
            own = decide(actor, Action.READ_PUBLISHED, place)
        if own is Decision.ALLOW or person is not None:
            bookings.append(_booking(row, is_busy_only=own is not Decision.ALLOW))
    end = rows[limit - 1] if len(rows) > limit else None
    key = page_key(end.starts, end.id) if end and end.starts else None
    return Listing(items=bookings, next=key)


@router.get(
    "/areas/{area}/sheet",
    response_class=Response,
    responses=responses("sign-in-required", "not-found") | FILE,
    openapi_extra=FOR_ALL,
)
def read_sheet(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_SHEET, area_place))],
    month: Annotated[MonthText, Query()],
) -> Response:
    """公示表 / The public sheets of a published month, for everybody; names and office phones only."""
    with service.store.read() as session:
        found = published_roster(session, area, month)
        if found is None:
            raise UnseenError
        key = found.id, found.version
    return attachment(f"public-{area}-{month}.xlsx", service.sheets.workbook(*key))


def _asked(
    service: Service, area: str, person: str | None, site: str | None, township: str | None
) -> Asked:
    """Return which rows are meant by ids of the area's data, which other counties may have too."""
    data = service.areas.data(area)
    marks = person_marks(data.instance, person) if data and person else None
    if data and site:
        return Asked(marks=marks, site=site, areas={data.instance.site_by_id[site].area})
    is_wide = township is not None or person is None
    areas = service.areas.inside(township or area) if is_wide else None
    return Asked(marks=marks, areas=areas)


def _after(before: str | None) -> tuple[dt.datetime, int] | None:
    found = page_after(before)
    if found is None:
        return None
    at, row = found
    return at, int(row) if row.isascii() and row.isdigit() and len(row) < 19 else 0


def _place(
    service: Service, area: str, person: str | None, site: str | None, township: str | None
) -> Place | None:
    """Return where what is asked about lies; none for what the area's data do not know."""
    data = service.areas.data(area)
    if data is None:
        return None
    instance = data.instance
    if person is not None:
        return service.areas.place_of_person(area, person)
    if site is not None:
        found = instance.site_by_id.get(site)
        return Place.of_area(instance, found.area) if found else None
    code = township or area
    return Place.of_area(instance, code) if code in instance.area_by_id else None


def _place_of_row(service: Service, roster: RosterRecord, row: Assignment) -> Place:
    """Return where a published row lies, by the data that it was planned with."""
    instance = service.areas.instance(roster.instance)
    area = row.township or roster.area
    if row.person in instance.person_by_id:
        return Place.of_person(instance, row.person, area)
    return Place.of_area(instance, area)


def _booking(row: Assignment, *, is_busy_only: bool) -> Booking:
    assert row.date is not None
    assert row.part is not None
    when = {"date": row.date, "part": row.part, "starts": row.starts, "ends": row.ends}
    if is_busy_only:
        blank = dict.fromkeys(("kind", "target", "site", "standby", "lecture"))
        return Booking(person=row.person, **when, **blank)
    return Booking(
        kind=row.kind,
        person=row.person,
        target=row.target,
        site=row.site,
        standby=row.standby,
        lecture=row.lecture,
        **when,
    )
