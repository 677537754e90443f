"""Villages, townships and sites of all sides of a comparison, each once and with its number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from api.documents.lines import Point
from api.documents.map_geometry import plane_around, point_of
from models.instance import Instance
from models.places import Site, Village


@dataclass(frozen=True)
class _ComparedPlace:
    """A village or site as the page has it."""

    name: str
    town: str
    point: Point | None
    kind: str = ""


class ComparedPlaces:
    """The places of some instances; a village is as the first has it, a site stands where each has it."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self.villages: dict[str, int] = {}
        self._sites: dict[tuple[str, Point | None], int] = {}
        self._towns: dict[str, int] = {}
        self._villages_told: list[_ComparedPlace] = []
        self._sites_told: list[_ComparedPlace] = []
        self._towns_told: list[str] = []
        for instance in {instance.content_hash: instance for instance in instances}.values():
            self._add(instance)
        told = (*self._villages_told, *self._sites_told)
        self.points = [place.point for place in told if place.point]
        self.plane = plane_around(self.points)

    def _add(self, instance: Instance) -> None:
        for area in instance.areas:
            self.town(area.id, area.name)
        for village in instance.villages:
            if village.id not in self.villages:
                self.villages[village.id] = len(self._villages_told)
                self._villages_told.append(self._told(village, point_of(village)))
        for site in instance.sites:
            spot = _spot(site, instance)
            if spot not in self._sites:
                self._sites[spot] = len(self._sites_told)
                self._sites_told.append(self._told(site, spot[1], site.kind.label))

    def _told(self, place: Village | Site, point: Point | None, kind: str = "") -> _ComparedPlace:
        return _ComparedPlace(place.name, self._towns_told[self._towns[place.area]], point, kind)

    def town(self, area: str, name: str) -> int:
        """Return the number of an area in the page."""
        if area not in self._towns:
            self._towns[area] = len(self._towns_told)
            self._towns_told.append(name)
        return self._towns[area]

    def moved(self, instance: Instance, base: Instance) -> dict[str, Any]:
        """Return the sites that open, close and move (from where, to where), by number."""
        now, before = (
            {site.id: self._sites[_spot(site, side)] for site in side.sites}
            for side in (instance, base)
        )
        both = [(before[site], now[site]) for site in before if site in now]
        return {
            "opened": [number for site, number in now.items() if site not in before],
            "closed": [number for site, number in before.items() if site not in now],
            "moved": [[was, is_now] for was, is_now in both if was != is_now],
        }

    def of_demand(self, target: str, instance: Instance) -> list[Any] | None:
        """Return where a demand stands: table and number; None if it is nowhere."""
        post = instance.post_by_id.get(target)
        site = instance.site_by_id.get(post.site if post else target)
        if site is not None:
            return ["sites", self._sites[_spot(site, instance)]]
        return ["villages", self.villages[target]] if target in self.villages else None

    def tables(self) -> dict[str, Any]:
        """Return villages, sites and townships as the page has them."""
        return {
            "villages": [self._row(place) for place in self._villages_told],
            "sites": [self._row(place) | {"kind": place.kind} for place in self._sites_told],
            "towns": self._towns_told,
        }

    def _row(self, place: _ComparedPlace) -> dict[str, Any]:
        at = self.plane.place(place.point) if place.point else None
        return {"name": place.name, "town": place.town, "at": at}


def _spot(site: Site, instance: Instance) -> tuple[str, Point | None]:
    """Return a site where it stands: at its own point, else at its area's."""
    return site.id, point_of(site) or point_of(instance.area_by_id.get(site.area))
