"""Whose pages these are: the person of the account that is signed in."""

# no postponed annotations here: FastAPI could not look up the local names in ``me_to``

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.access.action_places import Place
from api.access.actions import Action
from api.access.roles import Actor
from api.http.guard import Grant, guard_of
from api.office.areas import Data
from api.office.context import Service
from api.pages.frame.doors import PageActor, require_page
from api.routes.answering.running import InService
from models.calendar import ZONE
from models.people import Person


@dataclass(frozen=True)
class OwnPerson:
    """Who looks at the own pages, and when (in China)."""

    request: Request
    service: Service
    actor: Actor
    data: Data
    person: Person
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return self.now.date()

    @property
    def is_in_wechat(self) -> bool:
        """Whether the page is read in WeChat, which opens neither calendars nor downloads."""
        return "MicroMessenger" in self.request.headers.get("user-agent", "")


def own_place(actor: PageActor, service: InService) -> Place | None:
    """Return where the own things of an account lie; none for an account of no person."""
    if actor.area is None or actor.person is None:
        return None
    return service.areas.place_of_person(service.areas.data_at(actor.area).area, actor.person)


def me_to(action: Action) -> Callable[..., OwnPerson]:
    """Return the dependency of a page on which a person does something with the own things."""

    def me(
        request: Request,
        service: InService,
        grant: Annotated[Grant, Depends(require_page(action, own_place))],
    ) -> OwnPerson:
        data = service.areas.data_at(grant.actor.area or "")
        person = data.instance.person_by_id[grant.actor.person or ""]
        now = guard_of(request).clock().astimezone(ZONE)
        return OwnPerson(request, service, grant.actor, data, person, now)

    return me


MeReading = Annotated[OwnPerson, Depends(me_to(Action.READ_PUBLISHED))]
"""A parameter of a page: who reads the own things."""
