"""Made-up firms, lawyers, grassroots workers, officers, volunteers and notaries.

Ranges are those of the domain notes (e): firms by size (Ministry of Justice 2022: 65.5 %
up to 10 lawyers, 20.7 % 11–20, the rest more, cut at 50), 4–5 workers per grassroots
office, 1–12 listed people per firm and at least 5 in firms of 10 and more, 20–50 % of
lawyers able in criminal cases, 70 % with three years of practice, 1–3 specialities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from models.people import Firm, Person
from models.vocabulary import FirmKind, Gender, PersonKind, Speciality
from scenarios.generator.commission import Commission
from scenarios.generator.draws import near, pick
from scenarios.generator.selection import apportion, distances_km, points_of

_FIRM_BANDS = ((1, 10), (11, 20), (21, 50))
_FIRM_SHARES = (0.655, 0.207, 0.138)

_CIVIL = {
    Speciality.FAMILY: 20,
    Speciality.LABOUR: 16,
    Speciality.CONTRACT: 22,
    Speciality.LAND: 10,
    Speciality.DAMAGES: 10,
    Speciality.TRAFFIC: 8,
    Speciality.PROPERTY: 7,
    Speciality.CONSUMER: 4,
    Speciality.MEDICAL: 4,
    Speciality.ADMINISTRATIVE: 5,
}

_OFFICER_TURNS = 46  # an officer may sit every half day of a month of 23 workdays
_VOLUNTEER_TURNS = 8
_FULL_TIME_HOURS = 176.0


def make_staff(commission: Commission) -> tuple[list[Firm], list[Person]]:
    """Make all firms and people of the district except mediators."""
    firms: list[Firm] = []
    people: list[Person] = []
    for firm, heads in _practices(commission):
        rng = commission.rng(f"people of {firm.id}")
        firms.append(firm)
        people += [_adviser(commission, firm, rng) for _ in range(heads)]
    people += _colleagues(commission, firms, people)
    if commission.size.has_centre:
        notaries, notary = _notary(commission)
        firms.append(notaries)
        people.append(notary)
    return firms, people + _officers(commission) + _volunteers(commission)


def mother_tongues(commission: Commission, rng: np.random.Generator) -> tuple[str, ...]:
    """Draw the languages of a person: Mandarin, mostly the dialect, a quarter the minority's."""
    minority = commission.minority_language
    spoken = ["普通话"]
    spoken += [commission.dialect] if rng.random() < 0.75 else []
    spoken += [minority] if minority and rng.random() < 0.25 else []
    return tuple(spoken)


def gender(rng: np.random.Generator, share_of_women: float = 0.42) -> Gender:
    """Draw a gender."""
    return Gender.FEMALE if rng.random() < share_of_women else Gender.MALE


def _practices(commission: Commission) -> Iterator[tuple[Firm, int]]:
    """Yield law firms and grassroots offices with the number of listed people of each."""
    rng = commission.rng("practices")
    share = rng.uniform(0.04, 0.12) if commission.is_urban else rng.uniform(0.18, 0.30)
    grassroots = round(share * commission.adviser_count)
    for heads in _listed(rng, commission.adviser_count - grassroots):
        yield _law_firm(commission, rng), heads
    while grassroots > 0:
        heads = min(grassroots, int(rng.integers(4, 6)))
        yield _grassroots_office(commission, rng), heads
        grassroots -= heads


def _listed(rng: np.random.Generator, total: int) -> Iterator[int]:
    """Yield listed people per firm until ``total`` is reached."""
    while total > 0:
        low, high = _FIRM_BANDS[rng.choice(len(_FIRM_BANDS), p=_FIRM_SHARES)]
        lawyers = int(rng.integers(low, high + 1))
        heads = int(np.clip(round(lawyers * rng.uniform(0.3, 0.6)), 5 if lawyers >= 10 else 1, 12))
        yield min(heads, total)
        total -= heads


def _law_firm(commission: Commission, rng: np.random.Generator) -> Firm:
    """Put a firm in the county seat or, with falling probability, in towns farther away."""
    townships = commission.district.townships
    far = distances_km(commission.seat[None, :], points_of([t.point for t in townships]))[0]
    order = np.argsort(far, kind="stable")
    place = rng.integers(len(order)) if commission.is_urban else rng.geometric(0.6) - 1
    home = townships[int(order[min(place, len(order) - 1)])]
    # the firms that serve a single township sit in the county seat
    in_seat = len(townships) == 1
    point = commission.seat if in_seat else points_of([home.point])[0]
    area = commission.district.county.code if in_seat else home.code
    return _firm(commission, (FirmKind.LAW_FIRM, "律师事务所"), area, near(rng, point, 1.0))


def _grassroots_office(commission: Commission, rng: np.random.Generator) -> Firm:
    """Put an office in any township."""
    home = commission.district.townships[int(rng.integers(len(commission.district.townships)))]
    point = near(rng, points_of([home.point])[0], 0.6)
    kind = (FirmKind.GRASSROOTS_OFFICE, "基层法律服务所")
    return _firm(commission, kind, home.code, point)


def _firm(
    commission: Commission, kind: tuple[FirmKind, str], area: str, point: tuple[float, float]
) -> Firm:
    names = commission.names
    return Firm(
        id=names.next_id("F"),
        name=names.firm_name(kind[1]),
        kind=kind[0],
        area=area,
        lon=point[0],
        lat=point[1],
        phone=names.phone(commission.district.county.city_code),
    )


def _adviser(commission: Commission, firm: Firm, rng: np.random.Generator) -> Person:
    """Make one lawyer or grassroots worker; who is not on one list is on the other."""
    is_lawyer = firm.kind is FirmKind.LAW_FIRM
    is_duty = bool(rng.random() < 0.92)
    years = int(np.clip(rng.gamma(1.3, 6.5), 0, 38))
    skills = pick(rng, tuple(_CIVIL), tuple(_CIVIL.values()), int(rng.integers(1, 4)))
    if is_lawyer and rng.random() < 0.38:
        skills = [Speciality.CRIMINAL, *skills[:2]]
    return Person(
        kind=PersonKind.LAWYER if is_lawyer else PersonKind.GRASSROOTS,
        firm=firm.id,
        practice_years=years,
        specialities=tuple(skills),
        is_duty=is_duty,
        is_adviser=not is_duty or commission.quota is not None or bool(rng.random() < 0.95),
        share=0.5 if rng.random() < 0.05 else 1.0,
        serves_areas=commission.home_areas,
        **_identity(commission, rng, "L" if is_lawyer else "G", firm.area, firm.phone),
    )


def _colleagues(commission: Commission, firms: list[Firm], listed: list[Person]) -> list[Person]:
    """Make the practitioners who advise no village: some on duty, the others on no list."""
    quota = commission.quota
    if quota is None or not quota.duty_only + quota.unlisted:
        return []
    rng = commission.rng("colleagues")
    heads = Counter(person.firm for person in listed)
    hosts = [f for f in firms if f.kind is FirmKind.LAW_FIRM] or firms
    shares = apportion(quota.duty_only + quota.unlisted, [heads[firm.id] for firm in hosts])
    homes = [firm for firm, count in zip(hosts, shares, strict=True) for _ in range(count)]
    on_duty = set(rng.permutation(len(homes))[: quota.duty_only].tolist())
    made = [_adviser(commission, firm, rng) for firm in homes]
    return [
        person.model_copy(update={"is_adviser": False, "is_duty": place in on_duty})
        for place, person in enumerate(made)
    ]


def _identity(
    commission: Commission, rng: np.random.Generator, prefix: str, area: str, phone: str
) -> dict[str, Any]:
    """Return what everybody has: id, name, licence, gender, languages, area, phone."""
    key = commission.names.next_id(prefix)
    return {
        "id": key,
        "name": commission.names.person_name(),
        # one of its own in every county, since the number tells who serves several
        "licence_no": f"示例{commission.district.county.code}{key}" if prefix in "LGN" else "",
        "gender": gender(rng),
        "languages": mother_tongues(commission, rng),
        "area": area,
        "phone": phone,
    }


def _officers(commission: Commission) -> list[Person]:
    """Make an officer per township (two if it is the only one) and two for the centre."""
    rng = commission.rng("officers")
    townships = [t.code for t in commission.district.townships]
    homes: list[tuple[str, tuple[str, ...]]]
    homes = [(code, (code,)) for code in (townships if len(townships) > 1 else townships * 2)]
    if commission.size.has_centre:
        county = commission.district.county.code
        homes += [(county, commission.staff_areas)] * 2
    return [_helper(commission, rng, PersonKind.OFFICER, *home) for home in homes]


def _volunteers(commission: Commission) -> list[Person]:
    """Make the volunteers who help at the centre's reception."""
    rng = commission.rng("volunteers")
    county = commission.district.county.code
    home = (county, commission.staff_areas)
    count = commission.size.volunteers if commission.size.has_centre else 0
    return [_helper(commission, rng, PersonKind.VOLUNTEER, *home) for _ in range(count)]


def _helper(
    commission: Commission,
    rng: np.random.Generator,
    kind: PersonKind,
    area: str,
    serves: tuple[str, ...],
) -> Person:
    is_officer = kind is PersonKind.OFFICER
    phone = commission.names.phone(commission.district.county.city_code)
    return Person(
        kind=kind,
        is_adviser=False,
        serves_areas=serves,
        monthly_turns=_OFFICER_TURNS if is_officer else _VOLUNTEER_TURNS,
        monthly_hours=_FULL_TIME_HOURS if is_officer else None,
        **_identity(commission, rng, "S" if is_officer else "V", area, phone),
    )


def _notary(commission: Commission) -> tuple[Firm, Person]:
    """Make the notary who comes round to the centre."""
    rng = commission.rng("notary")
    county = commission.district.county.code
    office = _firm(commission, (FirmKind.OTHER, "公证处"), county, near(rng, commission.seat, 1.0))
    person = Person(
        kind=PersonKind.NOTARY,
        firm=office.id,
        is_adviser=False,
        practice_years=int(rng.integers(3, 25)),
        serves_areas=commission.staff_areas,
        monthly_turns=_VOLUNTEER_TURNS,
        **_identity(commission, rng, "N", county, office.phone),
    )
    return office, person
