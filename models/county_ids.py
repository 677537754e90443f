"""Ids that are unique across offices, for calendars and for finding double bookings.

Offices number their people, sites and villages themselves, and templates begin at L001. So an id is
unique only within one county, that of the row's area, and is prefixed with it: ``410105/L001``.
Offices that share a person use the same area and the same id for them.

A person with different ids is still identified by the licence to practise, whose number is unique
nationwide (Lawyers Law, 2017, arts. 6 and 10; 律师执业证号 of 17 digits).
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from models.area_codes import county_code
from models.instance import Instance
from models.vocabulary import AreaLevel

LONGEST_KEY = 121
"""Characters of a key at most: two ids and a stroke."""


def county_of(instance: Instance, area: str | None) -> str:
    """Return the county of an area, from its code or else from the data; else the area itself.

    Without an area, return the county of the data, which may have none either.
    """
    area = area or instance.settings.area or ""
    if code := county_code(area):
        return code
    above = (
        a for a in instance.ancestors(area) if instance.area_by_id[a].level is AreaLevel.COUNTY
    )
    return next(above, area)


def person_key(instance: Instance, person: str) -> str:
    """Return a person's key across all offices; unknown people get the data's own area."""
    known = instance.person_by_id.get(person)
    return _key(instance, known.area if known else None, person)


def site_key(instance: Instance, site: str) -> str:
    """Return a site's key across all offices; see ``person_key``."""
    known = instance.site_by_id.get(site)
    return _key(instance, known.area if known else None, site)


def village_key(instance: Instance, village: str) -> str:
    """Return a village's key across all offices; see ``person_key``."""
    known = instance.village_by_id.get(village)
    return _key(instance, known.area if known else None, village)


def firm_key(instance: Instance, firm: str) -> str:
    """Return a firm's key across all offices; see ``person_key``."""
    known = instance.firm_by_id.get(firm)
    return _key(instance, known.area if known else None, firm)


def id_of(key: str) -> str:
    """Return the office's own id from a key."""
    return key.partition("/")[2] or key


def county_in(key: str) -> str:
    """Return the county part of a key."""
    return key.partition("/")[0]


class Marks(NamedTuple):
    """What identifies a person across offices: the key, and a hash of the licence number.

    ``licence`` is a SHA-256 (hex), None without a number; the number stays in the office's data.
    """

    key: str
    licence: str | None


def person_marks(instance: Instance, person: str) -> Marks:
    """Return the marks of a person; either is enough to recognise them in another office's data."""
    known = instance.person_by_id.get(person)
    number = "".join(known.licence_no.split()).upper() if known else ""
    licence = hashlib.sha256(number.encode()).hexdigest() if number else None
    return Marks(person_key(instance, person), licence)


def _key(instance: Instance, area: str | None, own: str) -> str:
    return f"{county_of(instance, area)}/{own}"
