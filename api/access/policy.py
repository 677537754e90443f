"""Authorisation: one table, one function. Source: "People and what they may do" (architecture)."""

from __future__ import annotations

from enum import Enum

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import NotAllowedError, SignInRequiredError, UnseenError
from api.access.roles import Actor, Role


class Decision(Enum):
    """The answer. ``BUSY_ONLY``: the caller may show only that and when a person is busy."""

    DENY = "deny"
    BUSY_ONLY = "busy_only"
    ALLOW = "allow"


class Reach(Enum):
    """How far a right goes. All but ``ANYWHERE`` end at the border of the actor's area."""

    AREA = "area"
    OWN_FIRM = "own_firm"
    OWN_PERSON = "own_person"
    OWN_ACCOUNT = "own_account"
    ANYWHERE = "anywhere"


_BUREAU = {Role.BUREAU: Reach.AREA}
_OFFICES = _BUREAU | {Role.OFFICE: Reach.AREA}
_FIRM = {Role.FIRM: Reach.OWN_FIRM}
_SELF = {Role.ADVISER: Reach.OWN_PERSON}

GRANTS: dict[Action, dict[Role, Reach]] = {
    Action.READ_SHEET: dict.fromkeys(Role, Reach.ANYWHERE),
    Action.READ_INSTANCE: _OFFICES,
    Action.UPLOAD_INSTANCE: _BUREAU,
    Action.PATCH_INSTANCE: _OFFICES,
    Action.READ_LEAVE: _OFFICES | _FIRM | _SELF,
    Action.EDIT_LEAVE: _OFFICES,
    Action.EDIT_BUSY: _OFFICES | _SELF,
    Action.ASK_LEAVE: _OFFICES | _FIRM | _SELF,
    Action.EDIT_WISHES: _OFFICES | _SELF,
    Action.SOLVE: _OFFICES,
    Action.READ_QUESTION: _OFFICES,
    Action.ASK_QUESTION: _OFFICES,
    Action.READ_DRAFT: _OFFICES,
    Action.EDIT_DRAFT: _OFFICES,
    Action.PIN: _OFFICES,
    Action.PUBLISH: _OFFICES,
    Action.WITHDRAW: _OFFICES,
    Action.READ_PUBLISHED: _OFFICES | _FIRM | _SELF,
    Action.NAME_LAWYER: _OFFICES | _FIRM,
    Action.ASK_SWAP: _OFFICES | _FIRM | _SELF,
    Action.DECIDE: _OFFICES,
    Action.CANDIDATES: _OFFICES | _FIRM,
    Action.UNMET: _OFFICES,
    Action.FAIRNESS: _OFFICES,
    Action.KPIS: _OFFICES,
    Action.READ_ATTENDANCE: _OFFICES | _FIRM | _SELF,
    Action.ENTER_ATTENDANCE: _OFFICES | _SELF,
    Action.READ_MONEY: _OFFICES | _FIRM | _SELF,
    Action.CLOSE_MONTH: _OFFICES,
    Action.FEED_TOKEN: _OFFICES | _FIRM | _SELF,
    Action.READ_NOTICES: _OFFICES,
    Action.PASS_NOTICES: _OFFICES,
    Action.CHOOSE_NOTICES: _OFFICES | _SELF,
    Action.OWN_ACCOUNT: dict.fromkeys(set(Role) - {Role.PUBLIC}, Reach.OWN_ACCOUNT),
    Action.API_TOKENS: _BUREAU | {Role.OFFICE: Reach.OWN_ACCOUNT},
    Action.USERS: _BUREAU,
    Action.LOG: _BUREAU,
    Action.READ_RULES: _OFFICES,
    Action.EDIT_RULES: _BUREAU,
    Action.OPERATE: _BUREAU,
}
"""How far each role may take each action; what is not listed is denied."""

BUSY_TIMES = frozenset({Action.READ_LEAVE, Action.READ_DRAFT, Action.READ_PUBLISHED})
"""What a township office sees, as busy times, of a person whom it shares with others."""


def decide(actor: Actor, action: Action, place: Place) -> Decision:
    """Say whether ``actor`` may take ``action`` at ``place``. No other code decides this."""
    reach = GRANTS[action].get(actor.role)
    if reach is not None and _reaches(reach, actor, place):
        return Decision.ALLOW
    is_sharer = actor.role is Role.OFFICE and action in BUSY_TIMES
    if is_sharer and place.person is not None and place.is_shared_with(actor.area):
        return Decision.BUSY_ONLY
    return Decision.DENY


def check(actor: Actor, action: Action, place: Place | None) -> Decision:
    """Return if the action is allowed; ``place`` is None if the thing does not exist.

    Raises
    ------
    SignInRequiredError
        Whatever is or is not there.
    UnseenError
        For what is missing or must seem so.
    NotAllowedError
        For those who may know of it.
    """
    check_signed_in(actor, action)
    if place is None:
        raise UnseenError
    decision = decide(actor, action, place)
    if decision is not Decision.DENY:
        return decision
    if decide(actor, action.shown_by, place) is Decision.DENY:
        raise UnseenError
    raise NotAllowedError(action)


def check_signed_in(actor: Actor, action: Action) -> None:
    """Ask for sign-in, unless ``action`` is open to all.

    Raises
    ------
    SignInRequiredError
        Whatever is or is not there.
    """
    if not actor.is_signed_in and not may_public(action):
        raise SignInRequiredError


def may_public(action: Action) -> bool:
    """Whether ``action`` is open to people who have not signed in."""
    return Role.PUBLIC in GRANTS[action]


def _reaches(reach: Reach, actor: Actor, place: Place) -> bool:
    if reach is Reach.ANYWHERE:
        return True
    return place.is_inside(actor.area) and _is_own(reach, actor, place)


def _is_own(reach: Reach, actor: Actor, place: Place) -> bool:
    """Compare the ids a right is bound to; two missing ids are not equal."""
    if reach is Reach.AREA:
        return True
    mine, its = {
        Reach.OWN_FIRM: (actor.firm, place.firm),
        Reach.OWN_PERSON: (actor.person, place.person),
        Reach.OWN_ACCOUNT: (actor.user, place.user),
    }[reach]
    return mine is not None and mine == its
