"""The data of an area for those who may work with its months."""

from __future__ import annotations

from dataclasses import replace

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.office.areas import Data
from api.office.context import Service


def data_for(service: Service, actor: Actor, area: str, action: Action) -> Data:
    """Return what an area works with to whoever may take an action in it, or for the own person.

    Raises
    ------
    DeniedError
        See ``check``; also before the first upload.
    """
    check_signed_in(actor, action)
    if service.areas.data(area) is None:  # that there are none is told to those whose area it is
        check(actor, action, service.areas.place(area))
    data = service.areas.data_at(area)
    instance, place = data.instance, service.areas.place(area)
    is_stranger = actor.person not in {None, *instance.person_by_id}
    if is_stranger or actor.firm not in {None, *instance.firm_by_id}:
        raise UnseenError
    check(actor, action, replace(place, person=actor.person, firm=actor.firm))
    return data
