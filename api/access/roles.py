"""Who asks: the role of an account, and the actor a request acts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from models.vocabulary import Term


class BilingualTerm(Term):
    """A word with an English label beside the Chinese one."""

    label_en: str

    def __new__(cls, value: str, label: str, label_en: str) -> Self:
        """Make the member ``value`` carrying both labels."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.label_en = label_en
        return member


class Role(BilingualTerm):
    """What an account is. City and county bureaus differ by their area alone."""

    BUREAU = "bureau", "司法局", "bureau of justice"
    OFFICE = "office", "司法所", "township office of justice"
    FIRM = "firm", "执业机构", "firm"
    ADVISER = "adviser", "法律顾问、调解员", "adviser or mediator"
    PUBLIC = "public", "公众", "public"


@dataclass(frozen=True)
class Actor:
    """The one who asks.

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
    def is_signed_in(self) -> bool:
        """Whether the actor has an account."""
        return self.user is not None


PUBLIC = Actor(Role.PUBLIC)
"""Everybody who has not signed in."""
