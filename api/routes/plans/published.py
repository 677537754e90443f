"""What is published: duties and visits by person, site, township and day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.policy import check_signed_in
from api.http.guard import FOR_ALL, GUARDED, CurrentActor, Grant, require
from api.http.problems import Problem, responses
from api.office.fields import MonthText
from api.office.plans.bookings import Booking, BookingsAsked, published_bookings
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.listings import BeforeTime, Limit, Listing, page_after, page_key
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from models.messages import issue
from models.store.plans.roster_queries import published_roster

router = APIRouter(prefix="/api/v1", tags=["published"])

Id = Annotated[str | None, Query(min_length=1, max_length=60)]
LONGEST = dt.timedelta(days=366)


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
        raise Problem("bad-request", issue("dates_too_far"))
    whose = BookingsAsked(area, person, site, township)
    items, end = published_bookings(service, actor, whose, (first, last), _after(before), limit)
    return Listing(items=items, next=page_key(*end) if end else None)


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


def _after(before: str | None) -> tuple[dt.datetime, int] | None:
    found = page_after(before)
    if found is None:
        return None
    at, row = found
    return at, int(row) if row.isascii() and row.isdigit() and len(row) < 19 else 0
