"""Who sees a request and who moves it: the office that decides, who asked, the colleague who is asked."""

from __future__ import annotations

from enum import Enum

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import NotAllowedError, UnseenError
from api.access.policy import Decision, check, decide
from api.access.roles import Actor
from api.office.context import Service
from models.instance import Instance
from models.store.database.errors import NotFoundError
from models.store.people.requests import Move, get_request
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind


class Eye(Enum):
    """As what somebody looks at a request; an office is often all three."""

    OFFICE = "office"
    ASKER = "asker"
    COLLEAGUE = "colleague"


MOVERS = {Move.AGREE: Eye.COLLEAGUE, Move.DECLINE: Eye.COLLEAGUE, Move.WITHDRAW: Eye.ASKER}
"""Who makes a move; the office makes all others."""


def open_request(service: Service, actor: Actor, key: int, how: Move | None = None) -> Request:
    """Return a request that the actor may see, and move as ``how`` says.

    Raises
    ------
    UnseenError
        For what is missing or must seem so.
    NotAllowedError
        The move is somebody else's.
    """
    try:
        with service.store.read() as session:
            request = get_request(session, key)
    except NotFoundError:
        raise UnseenError from None
    eyes = eyes_on(service, actor, request)
    if not eyes:
        raise UnseenError
    if how is not None and MOVERS.get(how, Eye.OFFICE) not in eyes:
        raise NotAllowedError(Action.DECIDE)
    return request


def eyes_on(service: Service, actor: Actor, request: Request) -> frozenset[Eye]:
    """Return as what the actor may look at a request; as nothing if he may not."""
    data = service.areas.data(request.owner)
    if data is None:
        return frozenset()
    asks = Action.ASK_LEAVE if request.kind is RequestKind.LEAVE else Action.ASK_SWAP
    looks = (
        (Eye.OFFICE, Action.DECIDE, Place.of_area(data.instance, request.area)),
        (Eye.ASKER, asks, _place(data.instance, request.person)),
        (Eye.COLLEAGUE, Action.ASK_SWAP, _place(data.instance, request.colleague)),
    )
    return frozenset(
        eye
        for eye, action, place in looks
        if place is not None and decide(actor, action, place) is Decision.ALLOW
    )


def listed(
    service: Service, actor: Actor, area: str, person: str | None, firm: str | None
) -> tuple[list[str] | None, frozenset[str]]:
    """Return whose requests the actor may list (None: everybody's) and the areas that decide on them.

    Those of a person or a firm are theirs to list, those of an area are the office's.

    Raises
    ------
    DeniedError
        See ``check``.
    """
    if person is None and firm is None:
        check(actor, Action.DECIDE, service.areas.place(area))
        return None, service.areas.inside(area)
    if service.areas.data(area) is None:  # that there are none is told to those whose area it is
        check(actor, Action.ASK_SWAP, service.areas.place(area))
    data = service.areas.data_at(area)
    if person is not None:
        check(actor, Action.ASK_SWAP, service.areas.place_of_person(area, person))
        return [person], service.areas.inside(data.area)
    check(actor, Action.ASK_SWAP, service.areas.place_of_firm(area, firm or ""))
    own = [one.id for one in data.instance.people if one.firm == firm]
    return own, service.areas.inside(data.area)


def _place(instance: Instance, person: str | None) -> Place | None:
    """Return where a person's things lie; nowhere for one whom the data do not know any more."""
    return Place.of_person(instance, person) if person in instance.person_by_id else None
