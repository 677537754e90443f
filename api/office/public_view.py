"""The view that may be posted: of people name, office and office phone, and no private number in any text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from api.documents.lines import PersonCard, PlaceCard
from api.documents.view import View
from models.phones import without_private_numbers


def public_view(view: View) -> View:
    """Return a view without mobile and identity numbers; a person nobody knows is shown by id, which may be one."""
    return replace(
        view,
        title=without_private_numbers(view.title),
        people={key: _person(card) for key, card in view.people.items()},
        sites=tuple(map(_place, view.sites)),
        duties=tuple(
            replace(
                duty,
                site=_place(duty.site),
                post_name=without_private_numbers(duty.post_name),
                holders=_people(duty.holders),
                standbys=_people(duty.standbys),
            )
            for duty in view.duties
        ),
        villages=tuple(
            replace(
                line,
                name=without_private_numbers(line.name),
                adviser=_person(line.adviser) if line.adviser else None,
            )
            for line in view.villages
        ),
    )


def _people(cards: Iterable[PersonCard]) -> tuple[PersonCard, ...]:
    return tuple(map(_person, cards))


def _person(card: PersonCard) -> PersonCard:
    name, firm = without_private_numbers(card.name), without_private_numbers(card.firm)
    return replace(card, name=name, firm=firm, mobile="")


def _place(card: PlaceCard) -> PlaceCard:
    return replace(card, name=without_private_numbers(card.name))
