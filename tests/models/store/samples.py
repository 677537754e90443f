"""Made-up rosters of two areas that share their people."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy.orm import Session

from models.instance import Instance
from models.report import Report, Status
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.store.database.store import Store
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from models.store.plans.publishing import publish
from models.store.plans.roster_rows import RosterRow
from models.vocabulary import Part
from tests.factories import tiny_content

MONTH = "2026-12"
EAST, WEST = "410105", "410106"
AT = dt.datetime(2026, 11, 25, 1, tzinfo=dt.UTC)
PHONE = "13900000000"
"""A mobile number that must never come out."""


def office(area: str, *, is_home: bool = False, **settings: Any) -> Instance:
    """Return the tiny instance as the data of an area: own places and posts, the same people of the east.

    With ``is_home`` the people are others: they have the same ids, but are at home in the area.
    """
    marks = {EAST: "Z0", WEST: "Y0"}
    text = json.dumps(tiny_content()).replace(EAST, area).replace("Z0", marks[area])
    content = json.loads(text)
    if not is_home:
        content["people"] = tiny_content()["people"]
    content["areas"] += [row for row in tiny_content()["areas"] if area != EAST]
    content["settings"] |= settings
    own = area if is_home else EAST
    content["people"][0] |= {"mobile": PHONE, "licence_no": f"{own}-{PHONE}"}
    night = content["posts"][0] | {"id": f"{marks[area]}00-夜", "parts": ["night"]}
    early = content["posts"][0] | {
        "id": f"{marks[area]}00-早",
        "parts": ["am"],
        "start": "07:30",
    }
    content["posts"] += [night, early]
    return Instance.model_validate(content)


def duty(area: str, day: int, part: Part, person: str, *, standby: bool = False) -> Duty:
    """Return a duty at the centre of an area."""
    mark = {EAST: "Z000", WEST: "Y000"}[area]
    post = f"{mark}-夜" if part is Part.NIGHT else f"{mark}-咨询"
    date = dt.date(2026, 12, day)
    return Duty(post=post, date=date, part=part, person=person, standby=standby)


def visit(area: str, day: int, part: Part, person: str, *, lecture: bool = False) -> Visit:
    """Return a visit to the first village of an area."""
    date = dt.date(2026, 12, day)
    return Visit(village=f"{area}001001", date=date, part=part, person=person, lecture=lecture)


def roster(instance: Instance, *rows: RosterRow) -> Roster:
    """Return a roster of rows of any kind."""
    tables: dict[str, Any] = {
        name: tuple(row for row in rows if isinstance(row, kind))
        for name, kind in {
            "advisers": AdviserSeat,
            "mediators": MediatorSeat,
            "duties": Duty,
            "visits": Visit,
            "stations": VillageStation,
        }.items()
    }
    return Roster(month=MONTH, instance=instance.content_hash, **tables)


def report(notice: str = "") -> Report:
    return Report(status=Status.CHECKED, month=MONTH, notice=notice)


def draft(session: Session, area: str, *rows: RosterRow, instance: Instance | None = None) -> int:
    """Put a draft with its instance and return its id."""
    source = instance or office(area)
    put_instance(session, source, area=area, by="test")
    return put_draft(session, roster(source, *rows), report(), area=area, by="test").id


def published(
    store: Store,
    area: str,
    *rows: RosterRow,
    instance: Instance | None = None,
    at: dt.datetime = AT,
) -> int:
    """Publish a roster and return its id."""
    with store.begin() as session:
        key = draft(session, area, *rows, instance=instance)
        publish(session, key, by="test", at=at)
    return key
