"""Who and what an id means where the data of several offices meet: in calendars and double bookings.

Offices number their people, sites and villages themselves, and templates begin at L001. So an id
counts within one county, that of the row's own area, and is told from others by it:
``410105/L001``. Offices that share somebody write him with the same area and the same id.

Who is written with different ids is still known by the number of his licence to practise, which is
unique in the country (Lawyers Law, 2017, arts. 6 and 10; 律师执业证号 of 17 digits).
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
    """Return the county in which an area lies, as its code or else the data tell; else the area itself.

    Without an area it is that of the data, which may have none either.
    """
    area = area or instance.settings.area or ""
    if code := county_code(area):
        return code
    above = (
        a for a in instance.ancestors(area) if instance.area_by_id[a].level is AreaLevel.COUNTY
    )
    return next(above, area)


def person_key(instance: Instance, person: str) -> str:
    """Return who a person is over all offices; one the data do not know is counted at their own area."""
    known = instance.person_by_id.get(person)
    return _key(instance, known.area if known else None, person)


def site_key(instance: Instance, site: str) -> str:
    """Return which site it is over all offices; see ``person_key``."""
    known = instance.site_by_id.get(site)
    return _key(instance, known.area if known else None, site)


def village_key(instance: Instance, village: str) -> str:
    """Return which village it is over all offices; see ``person_key``."""
    known = instance.village_by_id.get(village)
    return _key(instance, known.area if known else None, village)


def id_of(key: str) -> str:
    """Return the id that an office knows what has a key by."""
    return key.partition("/")[2] or key


def county_in(key: str) -> str:
    """Return the county in which a key counts."""
    return key.partition("/")[0]


class Marks(NamedTuple):
    """What tells a person from all others: his key, and what equal licence numbers have in common.

    ``licence`` is a SHA-256 (hex), None without a number; the number stays in the office's data.
    """

    key: str
    licence: str | None


def person_marks(instance: Instance, person: str) -> Marks:
    """Return by what a person is known to be the same in the data of another office: either mark."""
    known = instance.person_by_id.get(person)
    number = "".join(known.licence_no.split()).upper() if known else ""
    licence = hashlib.sha256(number.encode()).hexdigest() if number else None
    return Marks(person_key(instance, person), licence)


def _key(instance: Instance, area: str | None, own: str) -> str:
    return f"{county_of(instance, area)}/{own}"
