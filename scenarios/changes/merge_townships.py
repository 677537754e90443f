"""Several townships become one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.people import Firm, Person
from models.places import Area, Site, Village
from models.rows import Id, Name
from models.vocabulary import AreaLevel, SiteKind
from scenarios.changes.base import Change, listed
from scenarios.changes.dropping import without_sites

Placed = TypeVar("Placed", Village, Site, Firm, Person)


class MergeTownships(Change):
    """The townships ``areas`` become part of the township ``into``, which may get a new name.

    Villages, sites, firms and people move over and stay where they are on the map: who had no point
    of their own keeps the old seat's. Villages keep town or country; a site's way follows the new
    township's. Whoever served one of them serves the whole. Their stations close, unless ``keep_stations``.
    """

    zh: ClassVar[str] = "合并乡镇"
    en: ClassVar[str] = "townships merge"

    areas: tuple[Id, ...] = Field(title="并入的乡镇", examples=["410105002"])
    into: Id = Field(title="并到", examples=["410105001"])
    name: Name | None = Field(None, title="新名称", examples=["示例镇"])
    keep_stations: bool = Field(
        False, title="保留工作站", description="不填则并入乡镇的工作站关闭", examples=[False]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown areas, none to merge, an area that is not a township, the target itself."""
        unknown = [
            *self.unknown("areas", instance.area_by_id, "区划"),
            *self.unknown("into", instance.area_by_id, "区划"),
        ]
        yield from unknown
        if unknown:
            return
        if not self.areas or self.into in self.areas:
            yield self.refusal("change_townships_same", "areas")
        known = instance.area_by_id
        others = [a for a in (*self.areas, self.into) if known[a].level is not AreaLevel.TOWNSHIP]
        if others:
            yield self.refusal(
                "change_not_township", "areas", areas="、".join(others), areas_en=", ".join(others)
            )

    def sentence(self, instance: Instance) -> Sentence:
        """Say what becomes part of what, how many villages move, and which stations close."""
        names = [instance.area_by_id[area].name for area in self.areas]
        into = instance.area_by_id[self.into].name
        moved = sum(village.area in self.areas for village in instance.villages)
        closed = len(self._closing(instance))
        zh = f"{listed(names, '等 {} 个乡镇')}并入{into}"
        en = f"{listed(names, ' … {} townships', ', ')} become part of {into}"
        if self.name:
            zh, en = f"{zh}，改名{self.name}", f"{en}, renamed {self.name}"
        return Sentence(
            f"{zh}；{moved} 个村居改隶，关闭 {closed} 个工作站",
            f"{en}; {moved} villages move over, {closed} stations close",
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with one township in the place of several."""
        made = without_sites(instance, self._closing(instance))
        areas = tuple(
            a.model_copy(update={"name": self.name}) if a.id == self.into and self.name else a
            for a in made.areas
            if a.id not in self.areas
        )
        update: dict[str, object] = {"areas": areas}
        for table in ("villages", "sites", "firms", "people"):
            update[table] = tuple(self._over(instance, row) for row in getattr(made, table))
        if instance.settings.area in self.areas:
            update["settings"] = made.settings.model_copy(update={"area": self.into})
        return made.model_copy(update=update)

    def _closing(self, instance: Instance) -> frozenset[str]:
        if self.keep_stations:
            return frozenset()
        stations = (site for site in instance.sites if site.kind is SiteKind.STATION)
        return frozenset(site.id for site in stations if site.area in self.areas)

    def _over(self, instance: Instance, row: Placed) -> Placed:
        """Return a row with the new township wherever it named an old one, at its old place."""
        update: dict[str, Any] = {}
        if isinstance(row, Person):
            update |= {f: self._merged(getattr(row, f)) for f in ("serves_areas", "duty_areas")}
        if row.area in self.areas:
            update["area"] = self.into
            old = instance.area_by_id[row.area]
            is_at_firm = isinstance(row, Person) and row.firm is not None
            if row.lon is None and not is_at_firm:
                update |= dict(zip(("lon", "lat"), _point(instance, old), strict=True))
            if isinstance(row, Village) and row.terrain is None:
                update["terrain"] = old.terrain
        return row.model_copy(update=update) if update else row

    def _merged(self, areas: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.into if area in self.areas else area for area in areas))


def _point(instance: Instance, area: Area) -> tuple[float | None, float | None]:
    """Return the point of an area, or of the lowest one above that has one."""
    chain = (instance.area_by_id[code] for code in instance.ancestors(area.id))
    placed = (a for a in chain if a.lon is not None)
    return next(((a.lon, a.lat) for a in placed), (None, None))
