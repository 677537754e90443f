"""The role of an account, and the actor that a request acts as."""

from __future__ import annotations

from dataclasses import dataclass

from models.store.tables.words import Role

__all__ = ["PUBLIC", "Actor", "Role"]


@dataclass(frozen=True)
class Actor:
    """Who makes a request.

    Parameters
    ----------
    role
        What the account is.
    user
        Id of the account; None for the public.
    area
        Area code in which the account counts: the bureau's, the township's; of a firm, adviser
        or mediator the area of the instance that knows them, because the ids of people and
        firms are unique only within an instance. Without an area an account may do nothing.
    person, firm
        The person (adviser, mediator) or firm the account stands for.
    """

    role: Role
    user: str | None = None
    area: str | None = None
    person: str | None = None
    firm: str | None = None

    @property
    def by(self) -> str:
        """The actor's name in the log; empty for the public."""
        return self.user or ""

    @property
    def is_signed_in(self) -> bool:
        """Whether the actor has an account."""
        return self.user is not None


PUBLIC = Actor(Role.PUBLIC)
"""Everybody who has not signed in."""
