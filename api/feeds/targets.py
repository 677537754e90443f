"""Finds the target of a calendar from an office's own id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from api.feeds.event import Target, TargetKind
from models.county_ids import county_of, firm_key, person_key, site_key, village_key
from models.instance import Instance
from models.people import Firm, Person
from models.places import Area, Site, Village

_KEYS: dict[TargetKind, Callable[[Instance, str], str]] = {
    TargetKind.PERSON: person_key,
    TargetKind.SITE: site_key,
    TargetKind.VILLAGE: village_key,
    TargetKind.FIRM: firm_key,
    TargetKind.TOWNSHIP: lambda _instance, area: area,
}


class KnownCalendar(NamedTuple):
    """A calendar, the area of what it is about (of a township itself), and the county of its key."""

    target: Target
    area: str
    county: str


def known_as(instance: Instance, kind: TargetKind, own_id: str) -> KnownCalendar | None:
    """Return the calendar of what an office's data know by an id, None if they do not."""
    tables: dict[TargetKind, Mapping[str, Person | Site | Village | Area | Firm]] = {
        TargetKind.PERSON: instance.person_by_id,
        TargetKind.SITE: instance.site_by_id,
        TargetKind.VILLAGE: instance.village_by_id,
        TargetKind.TOWNSHIP: instance.area_by_id,
        TargetKind.FIRM: instance.firm_by_id,
    }
    found = tables[kind].get(own_id)
    if found is None:
        return None
    area = found.id if isinstance(found, Area) else found.area
    target = Target(kind, _KEYS[kind](instance, own_id), found.name)
    return KnownCalendar(target, area, county_of(instance, area))
