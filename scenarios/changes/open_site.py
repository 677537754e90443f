"""A new station, mobile point or other site."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.places import Post, Site
from models.recurrence import Recurrence
from models.rows import Id, Latitude, Longitude, Name
from models.vocabulary import HolidayPolicy, Part, PersonKind, PostKind, SiteKind
from scenarios.changes.base import Change


class OpenSite(Change):
    """A site opens in ``area``, at its point, in ``village`` or at the coordinates given.

    With a ``recurrence`` it has one post of that pattern; without, it only has what rules ask
    of its kind, such as mediators. A duty that falls on a holiday is left out.
    """

    zh: ClassVar[str] = "新设站点"
    en: ClassVar[str] = "a site opens"

    name: Name = Field(title="站点名称", examples=["示例流动服务点"])
    kind: SiteKind = Field(title="站点类别", examples=["流动服务点"])
    area: Id = Field(title="所属区划", examples=["410105001"])
    village: Id | None = Field(
        None, title="所在村居", description="村居代码；坐标同此村居", examples=["410105001003"]
    )
    villages: tuple[Id, ...] = Field((), title="服务村居", examples=["410105001003"])
    lon: Longitude | None = Field(None, title="经度", examples=[113.69])
    lat: Latitude | None = Field(None, title="纬度", examples=[34.78])
    mediators_min: Annotated[int, Field(ge=0, le=50)] | None = Field(
        None, title="调解员下限", description="不填则按规则", examples=[0]
    )
    mediators_max: Annotated[int, Field(ge=0, le=50)] | None = Field(
        None, title="调解员上限", description="不填则按规则", examples=[1]
    )
    post: PostKind = Field(PostKind.CONSULTATION, title="岗位类别", examples=["法律咨询"])
    recurrence: Recurrence | None = Field(
        None, title="日期规律", description="不填则没有岗位", examples=["周三"]
    )
    parts: tuple[Part, ...] = Field((Part.AM,), title="时段", examples=["上午"])
    head_count: Annotated[int, Field(ge=1, le=50)] = Field(1, title="人数", examples=[1])
    post_kinds: tuple[PersonKind, ...] = Field(
        (), title="人员类别", description="不填则按规则", examples=["律师"]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown ids, half a point, bounds the wrong way round, or no part of the day."""
        yield from self.unknown("area", instance.area_by_id, "区划")
        yield from self.unknown("villages", instance.village_by_id, "村居")
        if self.village is not None:
            yield from self.unknown("village", instance.village_by_id, "村居")
        if (self.lon is None) != (self.lat is None):
            yield self.refusal("change_coordinate_half", "lon")
        if (self.mediators_min or 0) > (50 if self.mediators_max is None else self.mediators_max):
            yield self.refusal("change_mediators_order", "mediators_min", most=self.mediators_max)
        if not self.parts:
            yield self.refusal("change_no_part", "parts")

    def sentence(self, instance: Instance) -> Sentence:
        """Say what opens where, and when somebody sits there."""
        area = instance.area_by_id[self.area].name
        if self.village is not None:
            area += instance.village_by_id[self.village].name
        zh = f"在{area}新设{self.kind.label}“{self.name}”"
        en = f"{self.name} ({self.kind.value}) opens in {area}"
        if self.recurrence is None:
            return Sentence(f"{zh}，不设值班岗位", f"{en}, without a post")
        parts_zh = "、".join(part.label for part in self.parts)
        parts_en = ", ".join(part.value for part in self.parts)
        return Sentence(
            f"{zh}，{self.recurrence}{parts_zh}{self.post.label}岗 {self.head_count} 人",
            f"{en}; {self.post.value} on {self.recurrence} ({parts_en}), {self.head_count} each",
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the site, and its post if it has one."""
        taken = instance.site_by_id.keys() | instance.village_by_id.keys()
        code = next(f"NEW-{n}" for n in count(1) if f"NEW-{n}" not in taken)
        place = instance.village_by_id.get(self.village or "")
        lon, lat = (place.lon, place.lat) if place and self.lon is None else (self.lon, self.lat)
        site = Site(
            id=code,
            name=self.name,
            kind=self.kind,
            area=self.area,
            lon=lon,
            lat=lat,
            villages=self.villages,
            mediators_min=self.mediators_min,
            mediators_max=self.mediators_max,
        )
        posts = instance.posts if self.recurrence is None else (*instance.posts, self._post(code))
        return instance.model_copy(update={"sites": (*instance.sites, site), "posts": posts})

    def _post(self, site: str) -> Post:
        assert self.recurrence is not None
        return Post(
            id=f"{site}-{self.post.label}",
            site=site,
            name=f"{self.post.label}岗",
            kind=self.post,
            recurrence=self.recurrence,
            holiday=HolidayPolicy.SKIP,
            parts=self.parts,
            head_count=self.head_count,
            kinds=self.post_kinds,
        )
