"""Villages, townships and sites of all sides of a comparison, each once and with its number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.results.geography import plane_around, point_of
from api.results.lines import Point
from models.instance import Instance
from models.places import Site, Village


class Places:
    """The places of some instances; where they differ, as the first has them."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self.villages: dict[str, int] = {}
        self.sites: dict[tuple[str, Point | None], int] = {}
        self._villages: list[Village] = []
        self._sites: list[Site] = []
        self._towns: dict[str, int] = {}
        self._town_names: list[str] = []
        for instance in {instance.content_hash: instance for instance in instances}.values():
            self._add(instance)
        places: list[Village | Site] = [*self._villages, *self._sites]
        self.points = [point for place in places if (point := point_of(place))]
        self.plane = plane_around(self.points)

    def _add(self, instance: Instance) -> None:
        for area in instance.areas:
            self.town(area.id, area.name)
        for village in instance.villages:
            if village.id not in self.villages:
                self.villages[village.id] = len(self._villages)
                self._villages.append(village)
        for site in instance.sites:
            if _spot(site) not in self.sites:
                self.sites[_spot(site)] = len(self._sites)
                self._sites.append(site)

    def town(self, area: str, name: str) -> int:
        """Return the number of an area in the page."""
        if area not in self._towns:
            self._towns[area] = len(self._town_names)
            self._town_names.append(name)
        return self._towns[area]

    def site(self, site: Site) -> int:
        """Return the number of a site where it stands."""
        return self.sites[_spot(site)]

    def moved(self, instance: Instance, base: Instance) -> dict[str, Any]:
        """Return the sites that open, close and move (from where, to where), by number."""
        known, before = instance.site_by_id, base.site_by_id
        both = [(before[n], known[n]) for n in before if n in known]
        return {
            "opened": [self.site(known[n]) for n in known if n not in before],
            "closed": [self.site(before[n]) for n in before if n not in known],
            "moved": [
                [self.site(was), self.site(now)] for was, now in both if _spot(was) != _spot(now)
            ],
        }

    def of_demand(self, target: str, instance: Instance) -> list[Any] | None:
        """Return where a demand stands: table and number; None if it is nowhere."""
        post = instance.post_by_id.get(target)
        site = instance.site_by_id.get(post.site if post else target)
        if site is not None:
            return ["sites", self.site(site)]
        return ["villages", self.villages[target]] if target in self.villages else None

    def tables(self) -> dict[str, Any]:
        """Return villages, sites and townships as the page has them."""
        return {
            "villages": [self._row(village) for village in self._villages],
            "sites": [self._row(site) | {"kind": site.kind.label} for site in self._sites],
            "towns": self._town_names,
        }

    def _row(self, place: Village | Site) -> dict[str, Any]:
        point = point_of(place)
        at = self.plane.place(point) if point else None
        return {"name": place.name, "town": self._town_names[self._towns[place.area]], "at": at}


def _spot(site: Site) -> tuple[str, Point | None]:
    return site.id, point_of(site)
