"""A lawyer of the centre serves many stations by video."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.places import Post, Site
from models.recurrence import Recurrence
from models.rows import Id
from models.slots import expand
from models.vocabulary import Mode, Part, PersonKind, PostKind, SiteKind
from scenarios.changes.base import Change, areas_within, listed
from scenarios.changes.dropping import without_lost_pins, without_posts
from scenarios.generator.rhythms import monthly_rhythm


class RemoteDuty(Change):
    """Lawyers at the centre serve stations by video, each at most ``per_lawyer`` of them at a time.

    The stations' own consultation posts on site shrink to one half day a month each, spread over the
    weeks, since every station has a duty a month (S2); with ``no_visits`` they end. Remote posts that the
    centre has for some of these stations are replaced.

    Source: S1 金水区 2018: the centre's duty lawyer serves the stations by video; Ma'anshan 2017: 10
    duty lawyers for 48 town and 455 village ends.
    """

    zh: ClassVar[str] = "远程值班"
    en: ClassVar[str] = "remote duty"

    centre: Id | None = Field(
        None, title="中心", description="站点编号；只有一个中心时可不填", examples=["Z000"]
    )
    stations: tuple[Id, ...] = Field(
        (),
        title="工作站",
        description="站点编号；不填为中心所在区划的全部工作站",
        examples=["Z001"],
    )
    per_lawyer: Annotated[int, Field(ge=1, le=500)] = Field(title="每人服务站数", examples=[8])
    recurrence: Recurrence = Field(Recurrence("工作日"), title="日期规律", examples=["工作日"])
    parts: tuple[Part, ...] = Field((Part.AM, Part.PM), title="时段", examples=["上午"])
    no_visits: bool = Field(
        False, title="不再到站", description="站上不再有现场咨询", examples=[False]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown ids, no centre or too many to choose from, no station."""
        unknown = list(self.unknown("stations", instance.site_by_id, "站点"))
        if self.centre is not None:
            unknown += self.unknown("centre", instance.site_by_id, "站点")
        yield from unknown
        if not self.parts:
            yield self.refusal("change_no_part", "parts")
        if unknown:
            return
        if len(self._centres(instance)) != 1:
            yield self.refusal("change_centres", "centre", count=len(self._centres(instance)))
        elif not self._stations(instance):
            yield self.refusal("change_no_station", "stations")

    def sentence(self, instance: Instance) -> Sentence:
        """Say who serves which stations, what remains on site, and the seats before and after."""
        centre, stations = self._centres(instance)[0], self._stations(instance)
        names = [station.name for station in stations]
        lawyers = len(self._groups(instance))
        seats = [_seats(i) for i in (instance, self.changed(instance))]
        stays_zh = "不再有现场咨询" if self.no_visits else "现场咨询改为每站每月半天"
        stays_en = (
            "no consultation on site" if self.no_visits else "a half day a month on site each"
        )
        parts = "、".join(part.label for part in self.parts)
        return Sentence(
            f"{centre.name}{self.recurrence}{parts}由 {lawyers} 名律师远程服务"
            f"{listed(names, '等 {} 个站')}（每人至多 {self.per_lawyer} 站）；{stays_zh}；"
            f"全月班次 {seats[0]}→{seats[1]}",
            f"{lawyers} lawyers at {centre.name} serve {listed(names, ' … {} stations', ', ')} by video"
            f" on {self.recurrence}, at most {self.per_lawyer} each; {stays_en};"
            f" duty seats of the month {seats[0]}→{seats[1]}",
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with remote posts at the centre in place of duties on site."""
        stations = {station.id for station in self._stations(instance)}
        local = [
            post
            for post in instance.posts
            if post.site in stations
            and post.kind is PostKind.CONSULTATION
            and post.mode is Mode.ONSITE
        ]
        centre = self._centres(instance)[0]
        replaced = [
            post
            for post in instance.posts
            if post.site == centre.id and post.mode is Mode.REMOTE and stations & set(post.serves)
        ]
        ended = [*replaced, *(local if self.no_visits else ())]
        kept = without_posts(instance, {post.id for post in ended})
        monthly = {} if self.no_visits else {p.id: _monthly(p, n) for n, p in enumerate(local)}
        posts = [monthly.get(post.id, post) for post in kept.posts]
        remote = [
            self._remote(centre, group, number)
            for number, group in enumerate(self._groups(instance), 1)
        ]
        return without_lost_pins(kept.model_copy(update={"posts": (*posts, *remote)}))

    def _centres(self, instance: Instance) -> list[Site]:
        if self.centre is not None:
            return [instance.site_by_id[self.centre]]
        return [site for site in instance.sites if site.kind is SiteKind.CENTRE]

    def _stations(self, instance: Instance) -> list[Site]:
        if self.stations:
            return [instance.site_by_id[code] for code in self.stations]
        inside = areas_within(instance, [self._centres(instance)[0].area])
        return [s for s in instance.sites if s.kind is SiteKind.STATION and s.area in inside]

    def _groups(self, instance: Instance) -> list[tuple[str, ...]]:
        """Return the stations of each lawyer, as evenly as they can be shared."""
        codes = [station.id for station in self._stations(instance)]
        count = -(-len(codes) // self.per_lawyer)
        return [tuple(codes[n::count]) for n in range(count)]

    def _remote(self, centre: Site, stations: tuple[str, ...], number: int) -> Post:
        return Post(
            id=f"{centre.id}-远程值班{number}",
            site=centre.id,
            name=f"远程值班岗{number}",
            kind=PostKind.CONSULTATION,
            mode=Mode.REMOTE,
            recurrence=self.recurrence,
            parts=self.parts,
            kinds=(PersonKind.LAWYER,),
            serves=stations,
        )


def _monthly(post: Post, number: int) -> Post:
    """Return the post with one half day a month; neighbours in the list get different days."""
    rhythm = monthly_rhythm(number)
    recurrence = Recurrence(rhythm.recurrence)
    return post.model_copy(update={"recurrence": recurrence, "parts": rhythm.parts})


def _seats(instance: Instance) -> int:
    return sum(slot.head_count for slot in expand(instance, instance.settings.month))
