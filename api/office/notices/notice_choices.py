"""How a person is told: by e-mail, SMS, the office's own message system, or by hand; with reminders or not."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field

from api.access.denied import UnseenError
from api.notices.addresses import Addresses
from api.notices.ways.setup import ROBOTS, open_ways
from api.office.context import Service
from models.county_ids import person_key
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.store.notices.chosen_ways import choice_of, forget_choice, keep_choice
from models.store.tables.notice_tables import NoticeChoice
from models.store.tables.words import NoticeWay

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")


class Chosen(BaseModel):
    """What a person chooses."""

    model_config = ConfigDict(extra="forbid")

    way: NoticeWay
    address: str = Field("", max_length=254, description="邮箱，仅 email 需要 for email alone")
    reminder: bool = Field(True, description="前一天提醒 reminders the day before")


class ChoiceView(BaseModel):
    """How a person is told now, and what there is to choose from."""

    way: NoticeWay | None = Field(description="实际采用的方式 the way in use, none: by hand")
    address: str
    reminder: bool
    is_chosen: bool = Field(description="false 为默认 the default, nothing was chosen")
    open: list[NoticeWay] = Field(description="可选的方式 ways that are set up")


def person_target(service: Service, area: str, person: str) -> str:
    """Return the key by which a person is told. Raises UnseenError for a stranger."""
    data = service.areas.data_at(area)
    if person not in data.instance.person_by_id:
        raise UnseenError
    return person_key(data.instance, person)


def read_choice(service: Service, area: str, person: str) -> ChoiceView:
    """Return how a person is told. Raises UnseenError."""
    target, ways = person_target(service, area, person), open_ways(service.settings)
    with service.store.read() as session:
        chosen = choice_of(session, target)
        found = Addresses(service.areas, ways).of(session, target, area)
    return ChoiceView(
        way=found.way if found else None,
        address=chosen.address if chosen else "",
        reminder=chosen.reminder if chosen else True,
        is_chosen=chosen is not None,
        open=sorted({*(ways - ROBOTS), NoticeWay.HAND}, key=list(NoticeWay).index),
    )


def choose(service: Service, area: str, person: str, wanted: Chosen, *, by: str) -> None:
    """Keep what a person chooses.

    Raises
    ------
    InputError
        The way is not set up, or leads to no address.
    UnseenError
        The data know no such person.
    """
    target = person_target(service, area, person)
    if fault := _fault(service, target, area, wanted):
        raise InputError([fault])
    address = wanted.address if wanted.way is NoticeWay.EMAIL else ""
    choice = NoticeChoice(target=target, way=wanted.way, address=address, reminder=wanted.reminder)
    with service.store.begin() as session:
        keep_choice(session, choice, by=by)


def unchoose(service: Service, area: str, person: str, *, by: str) -> None:
    """Forget what a person has chosen, with the address. Raises UnseenError."""
    target = person_target(service, area, person)
    with service.store.begin() as session:
        forget_choice(session, target, by=by)


def _fault(service: Service, target: str, area: str, wanted: Chosen) -> Issue | None:
    ways = open_ways(service.settings) - ROBOTS
    if wanted.way is not NoticeWay.HAND and wanted.way not in ways:
        words = " ".join(way.value for way in sorted({*ways, NoticeWay.HAND}))
        return issue("notice_way_closed", Spot("body", "$.way"), wanted.way.value, open=words)
    if wanted.way is NoticeWay.EMAIL and not _EMAIL.fullmatch(wanted.address):
        return issue("notice_email", Spot("body", "$.address"), wanted.address)
    person = Addresses(service.areas, ways).person(target, area)
    if wanted.way is NoticeWay.SMS and not (person and person.mobile):
        return issue("notice_no_mobile", Spot("body", "$.way"), wanted.way.value)
    return None
