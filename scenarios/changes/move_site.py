"""A site moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.rows import Id, Latitude, Longitude
from scenarios.changes.base import Change


class MoveSite(Change):
    """A site moves into ``village``, to the seat of ``area``, or to the coordinates given.

    It keeps its posts, seats and villages; minutes that the pair table gives for it are dropped,
    since they were measured to the old place.
    """

    zh: ClassVar[str] = "迁移站点"
    en: ClassVar[str] = "a site moves"

    site: Id = Field(title="站点", examples=["Z001"])
    village: Id | None = Field(None, title="迁入村居", examples=["410105001003"])
    area: Id | None = Field(
        None, title="迁入区划", description="所属区划随之改变", examples=["410105001"]
    )
    lon: Longitude | None = Field(None, title="经度", examples=[113.69])
    lat: Latitude | None = Field(None, title="纬度", examples=[34.78])

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown ids, half a point, no destination, or a village without a known point."""
        yield from self.unknown("site", instance.site_by_id, "站点")
        for field, known, title in (
            ("village", instance.village_by_id, "村居"),
            ("area", instance.area_by_id, "区划"),
        ):
            if getattr(self, field) is not None:
                yield from self.unknown(field, known, title)
        if (self.lon is None) != (self.lat is None):
            yield self.refusal("change_coordinate_half", "lon")
        if self.village is None and self.area is None and self.lon is None:
            yield self.refusal("change_site_where", "village")

    def sentence(self, instance: Instance) -> Sentence:
        """Say where to, and how many given minutes are dropped."""
        site = instance.site_by_id[self.site]
        village, area = (
            instance.village_by_id.get(self.village or ""),
            instance.area_by_id.get(self.area or ""),
        )
        names = [place.name for place in (area, village) if place is not None]
        where = "".join(names) or f"{self.lon:.4f}, {self.lat:.4f}"
        dropped = sum(pair.place == site.id and pair.minutes is not None for pair in instance.pairs)
        zh, en = f"{site.name}迁到{where}", f"{site.name} moves to {where}"
        if dropped:
            zh += f"；“人员与村居约定”中到此站的 {dropped} 个分钟数作废"
            en += f"; {dropped} minutes of the pair table are dropped"
        return Sentence(zh, en)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the site at its new place."""
        village = instance.village_by_id.get(self.village or "")
        point = (self.lon, self.lat)
        area = self.area
        if village is not None:
            area = area or village.area
            point = point if self.lon is not None else (village.lon, village.lat)
        place = {"lon": point[0], "lat": point[1]} | ({"area": area} if area else {})
        sites = tuple(
            s.model_copy(update=place) if s.id == self.site else s for s in instance.sites
        )
        pairs = tuple(
            p.model_copy(update={"minutes": None}) if p.place == self.site else p
            for p in instance.pairs
        )
        return instance.model_copy(update={"sites": sites, "pairs": pairs})
