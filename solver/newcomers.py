"""People who are not there: one made-up adviser at the seat of each township, and whom they may serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from models.people import Person
from models.travel import Floats, Ints
from models.vocabulary import PersonKind, PinKind, Strength
from solver.choices import Choices, adviser_choices
from solver.facts import Facts
from solver.rules.base import Rule
from solver.rules.kinds_admitted import KindsAdmitted
from solver.rules.service_circle import ServiceCircle
from solver.rules.villages_per_adviser import VillagesPerAdviser


def with_agreed_excess(facts: Facts, cap: VillagesPerAdviser) -> Facts:
    """Return the facts with the limit of whoever has more villages by fixed pins raised to these."""
    pins = facts.instance.pins
    seats = {
        (p.person, p.target)
        for p in pins
        if p.kind is PinKind.ADVISER and p.strength is Strength.FIXED
    }
    held = Counter(person for person, _ in seats)
    limit = {p.id: cap.most if p.villages_max is None else p.villages_max for p in facts.people}
    agreed = {person: count for person, count in held.items() if count > limit.get(person, count)}
    if not agreed:
        return facts
    people = tuple(
        p.model_copy(update={"villages_max": agreed[p.id]}) if p.id in agreed else p
        for p in facts.people
    )
    return Facts(facts.instance.model_copy(update={"people": people}), facts.month)


def newcomers(facts: Facts, rules: Iterable[Rule], townships: Iterable[str]) -> Facts:
    """Return the facts with one made-up adviser at each township's seat, and nobody else."""
    instance = facts.instance
    admitted = next((r.advisers for r in rules if isinstance(r, KindsAdmitted)), ())
    languages = sorted({name for village in facts.villages for name in village.languages})
    people = tuple(
        Person(
            id=f"NEW-{area}",
            name="新增顾问",
            kind=(*admitted, PersonKind.LAWYER)[0],
            area=area,
            languages=tuple(languages),
            # an adviser is hired by a county
            serves_areas=instance.ancestors(area)[1:2],
        )
        for area in townships
    )
    personal = ("leave", "wishes", "conflicts", "pins", "ledger", "pairs", "posts")
    update = {"people": people} | dict.fromkeys(personal, ())
    return Facts(instance.model_copy(update=update), facts.month)


def nearby(facts: Facts, rules: Iterable[Rule], townships: list[str]) -> Choices:
    """Return each newcomer with the villages of the own township and those within the circle."""
    choices = adviser_choices(facts)
    township = {area: number for number, area in enumerate(townships)}
    home = np.array([township[village.area] for village in facts.villages], dtype=np.int64)
    near = home[choices.demand] == choices.person
    circle = next((rule for rule in rules if isinstance(rule, ServiceCircle)), None)
    if circle is not None:
        minutes = facts.travel.minutes(choices.person, choices.place)
        near |= circle.amounts(facts, replace(choices, minutes=minutes)) == 0
    return choices.where(near)


def dealt_out(spent: Floats, high: Ints) -> int:
    """Return how many people hold these villages, each within ``high``: first fit, dearest first.

    ``spent`` has a row per limit and a column per village. More than the fewest possible only
    where hours bind unevenly.
    """
    room: list[Floats] = []
    for column in spent[:, np.argsort(-(spent / high[:, None]).sum(axis=0), kind="stable")].T:
        fitting = (n for n, used in enumerate(room) if (used + column <= high).all())
        at = next(fitting, len(room))
        room[at : at + 1] = [room[at] + column if at < len(room) else column]
    return len(room)
