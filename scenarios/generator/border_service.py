"""Advisers who serve a neighbouring county of their city too.

S2 (Suzhou 2016): 32 of 96 towns have no law office, so that their advisers come from another
town or county. Duty lists are the own bureau's (Wujiang 2024), so duties stay at home. The share
is a number of the size; the nearer the border, the likelier.
"""

from __future__ import annotations

from models.people import Firm, Person
from models.vocabulary import PersonKind
from scenarios.generator.commission import Commission
from scenarios.generator.draws import pick
from scenarios.generator.selection import distances_km, points_of

_NEAR_KM = 3.0  # keeps a firm on the border from being certain to cross it


def cross_borders(commission: Commission, people: list[Person], firms: list[Firm]) -> list[Person]:
    """Return the people, some advisers serving the district nearest to their firm too."""
    listed = [n for n, person in enumerate(people) if _is_listed(person)]
    count = round(commission.size.border_share * len(listed))
    if not count or not commission.neighbours:
        return people
    nearest = _nearest_district(commission, [people[n] for n in listed], firms)
    weights = [1 / (_NEAR_KM + km) for km, _ in nearest]
    crossing = pick(commission.rng("borders"), range(len(listed)), weights, count)
    changed = {listed[n]: nearest[n][1] for n in crossing}
    return [
        person.model_copy(
            update={
                "serves_areas": (*person.serves_areas, *changed[n]),
                "duty_areas": person.serves_areas,
            }
        )
        if n in changed
        else person
        for n, person in enumerate(people)
    ]


def _is_listed(person: Person) -> bool:
    is_practitioner = person.kind in {PersonKind.LAWYER, PersonKind.GRASSROOTS}
    return is_practitioner and person.is_adviser


def _nearest_district(
    commission: Commission, people: list[Person], firms: list[Firm]
) -> list[tuple[float, tuple[str, ...]]]:
    """Return for each person the km to the nearest township across a border, and whose it is."""
    towns = [
        (township.point, tuple(county.code for county in district.counties))
        for district in commission.neighbours
        for township in district.townships
    ]
    points = {f.id: (f.lon, f.lat) for f in firms if f.lon is not None and f.lat is not None}
    bases = points_of([points.get(person.firm or "") for person in people])
    far = distances_km(bases, points_of([point for point, _ in towns]))
    best = far.argmin(axis=1).tolist()
    return [(float(far[n, town]), towns[town][1]) for n, town in enumerate(best)]
