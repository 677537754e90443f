"""Made-up full-time mediators: a few fewer than there are seats, as in most districts."""

from __future__ import annotations

import numpy as np

from models.people import Person
from models.vocabulary import PersonKind, Speciality
from scenarios.generator.commission import Commission
from scenarios.generator.draws import pick
from scenarios.generator.made_up_people import gender, mother_tongues

INDUSTRIES = (
    Speciality.MEDICAL,
    Speciality.TRAFFIC,
    Speciality.PROPERTY,
    Speciality.CONSUMER,
    Speciality.TOURISM,
    Speciality.ENVIRONMENT,
    Speciality.COMMERCE,
)
"""The seven fields of trade and professional mediation (Bengbu plan of 2020)."""

CENTRE_SEATS = 3
STATION_SEATS = 2
"""Full-time mediators of a centre and of a station (Jinshui plan of 2018, section 4)."""

_NEIGHBOURLY = {
    Speciality.FAMILY: 30,
    Speciality.LAND: 20,
    Speciality.DAMAGES: 15,
    Speciality.PROPERTY: 15,
    Speciality.CONTRACT: 10,
    Speciality.LABOUR: 10,
}

_MISSING_SHARE = 0.025
_WORKROOM_SHARE = 0.08  # outside the 3/2/1 standard few workrooms have a full-time mediator
_DUTY_TURNS = 30
_FULL_TIME_HOURS = 176.0


def centre_panels(commission: Commission) -> tuple[Speciality, ...]:
    """Return the three or four trade panels of the centre."""
    rng = commission.rng("panels")
    chosen = pick(rng, INDUSTRIES, [1] * len(INDUSTRIES), int(rng.integers(3, 5)))
    return tuple(sorted(chosen, key=INDUSTRIES.index))


def make_mediators(commission: Commission) -> list[Person]:
    """Make the mediators of the centre, then those of every township less a few missing."""
    rng = commission.rng("mediators")
    centre = _centre(commission, rng) if commission.size.has_centre else []
    homes = [
        code for code in commission.terrain for _ in range(_township_heads(commission, code, rng))
    ]
    missing = round(_MISSING_SHARE * len(homes))
    gone = set(rng.choice(len(homes), size=missing, replace=False).tolist())
    kept = [code for place, code in enumerate(homes) if place not in gone]
    return centre + [_local(commission, code, rng) for code in kept]


def _township_heads(commission: Commission, township: str, rng: np.random.Generator) -> int:
    """Return the mediators of a station and its workrooms."""
    villages = len(commission.district.villages_of(township))
    if commission.size.mediator_standard:
        return STATION_SEATS + villages
    return int(rng.integers(1, STATION_SEATS + 1)) + int(rng.binomial(villages, _WORKROOM_SHARE))


def _centre(commission: Commission, rng: np.random.Generator) -> list[Person]:
    """Make the centre's mediators, who share the panels among them."""
    panels = centre_panels(commission)
    county = commission.district.county.code
    serves = commission.staff_areas
    skills = [panels[place::CENTRE_SEATS] for place in range(CENTRE_SEATS)]
    return [_mediator(commission, rng, (county, serves), skill, True) for skill in skills]


def _local(commission: Commission, township: str, rng: np.random.Generator) -> Person:
    skills = pick(rng, tuple(_NEIGHBOURLY), tuple(_NEIGHBOURLY.values()), int(rng.integers(1, 3)))
    return _mediator(commission, rng, (township, (township,)), tuple(skills), False)


def _mediator(
    commission: Commission,
    rng: np.random.Generator,
    home: tuple[str, tuple[str, ...]],
    skills: tuple[Speciality, ...],
    is_duty: bool,
) -> Person:
    """Make one mediator; only those of the centre sit on duty, none is a village's adviser."""
    return Person(
        id=commission.names.next_id("M"),
        name=commission.names.person_name(),
        kind=PersonKind.MEDIATOR,
        area=home[0],
        serves_areas=home[1],
        gender=gender(rng, 0.5),
        languages=mother_tongues(commission, rng),
        specialities=skills,
        practice_years=int(rng.integers(1, 20)),
        is_adviser=False,
        is_duty=is_duty,
        monthly_turns=_DUTY_TURNS if is_duty else None,
        monthly_hours=_FULL_TIME_HOURS,
        phone=commission.names.phone(commission.district.county.city_code),
    )
