"""Whose calendar is meant by what an office calls it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.feeds.event import Target, TargetKind
from models.county_ids import person_key, site_key, village_key
from models.instance import Instance
from models.people import Person
from models.places import Area, Site, Village

_KEYS: dict[TargetKind, Callable[[Instance, str], str]] = {
    TargetKind.PERSON: person_key,
    TargetKind.SITE: site_key,
    TargetKind.VILLAGE: village_key,
    TargetKind.TOWNSHIP: lambda _instance, area: area,
}


def target_in(instance: Instance, kind: TargetKind, own_id: str) -> Target | None:
    """Return the calendar of what an office's data know by an id, None if they do not."""
    known = _known(instance, kind, own_id)
    return Target(kind, _KEYS[kind](instance, own_id), known.name) if known else None


def area_of(instance: Instance, kind: TargetKind, own_id: str) -> str:
    """Return the area in which it lies; of a township itself. Raises KeyError if it is unknown."""
    known = _known(instance, kind, own_id)
    if known is None:
        raise KeyError(own_id)
    return known.id if isinstance(known, Area) else known.area


def _known(
    instance: Instance, kind: TargetKind, own_id: str
) -> Person | Site | Village | Area | None:
    tables: dict[TargetKind, Mapping[str, Person | Site | Village | Area]] = {
        TargetKind.PERSON: instance.person_by_id,
        TargetKind.SITE: instance.site_by_id,
        TargetKind.VILLAGE: instance.village_by_id,
        TargetKind.TOWNSHIP: instance.area_by_id,
    }
    return tables[kind].get(own_id)
