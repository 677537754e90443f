"""The Instance: everything a plan is made from. Immutable, content-hashed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Self, cast

from pydantic import BaseModel, ConfigDict, Field

from models.people import (
    Conflict,
    Firm,
    HeldAround,
    Leave,
    LectureRecord,
    LedgerEntry,
    Limit,
    Pair,
    Person,
    Pin,
    Succession,
    Wish,
)
from models.places import Area, Leaving, Post, Site, Village
from models.rows import Clock, Id, Link, Month, Name, Row, Text


class Settings(Row):
    """What holds for the whole plan."""

    name: Name = Field("未命名", title="方案名称", examples=["示例街道 2026 年 12 月"])
    area: Id | None = Field(
        None, title="区划代码", description="计划覆盖的区划", examples=["410105001"]
    )
    month: Month = Field("2026-12", title="计划月份", description="YYYY-MM", examples=["2026-12"])
    profile: Text = Field("default", title="规则方案", examples=["default"])
    town_kmh: Annotated[float, Field(ge=1, le=120)] = Field(
        25.0, title="城区车速", description="公里/小时", examples=[25]
    )
    country_kmh: Annotated[float, Field(ge=1, le=120)] = Field(
        40.0, title="乡村车速", description="公里/小时", examples=[40]
    )
    circuity: Annotated[float, Field(ge=1, le=5)] = Field(
        1.35, title="绕行系数", description="路程 ÷ 直线距离", examples=[1.35]
    )
    access_minutes: Annotated[float, Field(ge=0, le=60)] = Field(
        5.0, title="起步分钟", description="每次出行取车、停车、步行", examples=[5]
    )
    walk_kmh: Annotated[float, Field(ge=1, le=20)] = Field(
        4.0,
        title="步行速度",
        description="公里/小时，用于固定站步行距离；4 为假设",
        examples=[4],
    )
    am_start: Clock = Field("09:00", title="上午开始", examples=["09:00"])
    am_end: Clock = Field("12:00", title="上午结束", examples=["12:00"])
    pm_start: Clock = Field("14:00", title="下午开始", examples=["14:00"])
    pm_end: Clock = Field("17:00", title="下午结束", examples=["17:00"])
    night_start: Clock = Field("20:00", title="夜间开始", examples=["20:00"])
    night_end: Clock = Field("08:00", title="夜间结束", description="次日", examples=["08:00"])
    visit_hours: Annotated[float, Field(gt=0, le=12)] = Field(
        4.0,
        title="走访时长",
        description="每次走访最多几小时；上午不够长时提前开始，下午不够长时延后结束",
        examples=[4],
    )
    visits_per_half_day: Annotated[int, Field(ge=1, le=4)] = Field(
        2,
        title="半天走访村数",
        description="短走访（不足一次走访时长）同一半天最多几个村，途中时间够才合并；1 为不合并",
        examples=[2],
    )
    collect_day: Annotated[int, Field(ge=1, le=31)] = Field(
        15, title="征集截止日", description="上月几日止收请假和意愿；15 为假设", examples=[15]
    )
    publish_day: Annotated[int, Field(ge=1, le=31)] = Field(
        25, title="公示日", description="上月几日前公示；25 为假设", examples=[25]
    )
    supervision_phone: Text = Field(
        "", title="监督电话", description="印在公示表下方", examples=["0371-60000000"]
    )
    signed_by: Text = Field(
        "", title="落款单位", description="印在公示表下方", examples=["示例区司法局"]
    )
    public_url: Link | None = Field(
        None,
        title="公示网址",
        description="有网上公示的填写，公示表印二维码",
        examples=["https://example.gov.cn/zhiban"],
    )
    bilingual: bool = Field(
        False, title="内部表附英文", description="是/否；不填为否，内部表只有中文"
    )
    notice: Text = Field(
        "",
        title="说明",
        description="随每份结果显示，如人员为虚构、坐标为生成",
        examples=["示例，人员虚构"],
    )


class RuleSetting(Row):
    """A rule number or level changed by the office."""

    rule: Id = Field(title="规则", examples=["villages_per_adviser"])
    field: Id = Field(title="参数", description="规则的参数名，或 level、weight", examples=["most"])
    value: Text = Field(title="取值", examples=["5"])


class DayOverride(Row):
    """A day whose class the office knows better than the tables."""

    date: dt.date = Field(title="日期", examples=["2026-02-14"])
    is_workday: bool = Field(title="是否工作日", description="是/否", examples=["是"])
    name: Text = Field(
        "",
        title="名称",
        description="全年通知都已录入时，任一行写“放假通知已录入”，不再提示推算",
        examples=["春节调休补班"],
    )


def _maps_sorted(row: Row) -> Row:
    maps = {name: dict(sorted(value.items())) for name, value in row if isinstance(value, dict)}
    return row.model_copy(update=maps) if any(maps.values()) else row


def _row_order(row: Row) -> str:
    # Defaults are left out: an untouched 0 and a validated 0.0 must sort alike.
    return row.model_dump_json(exclude_defaults=True)


class Instance(BaseModel):
    """Everything a plan is made from; one tuple of rows per table.

    ``content_hash`` is the same for the same content, whatever file it came from and
    in whatever order its rows stood.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: Settings = Field(default_factory=Settings, title="设置")
    areas: tuple[Area, ...] = Field((), title="区划")
    villages: tuple[Village, ...] = Field((), title="村居")
    sites: tuple[Site, ...] = Field((), title="站点")
    posts: tuple[Post, ...] = Field((), title="岗位")
    firms: tuple[Firm, ...] = Field((), title="机构")
    people: tuple[Person, ...] = Field((), title="人员")
    leave: tuple[Leave, ...] = Field((), title="请假开庭")
    wishes: tuple[Wish, ...] = Field((), title="意愿")
    limits: tuple[Limit, ...] = Field((), title="班次限额")
    successions: tuple[Succession, ...] = Field((), title="班次接续")
    conflicts: tuple[Conflict, ...] = Field((), title="利益冲突")
    pins: tuple[Pin, ...] = Field((), title="固定安排")
    held_around: tuple[HeldAround, ...] = Field((), title="上月末安排")
    ledger: tuple[LedgerEntry, ...] = Field((), title="往月台账")
    lectures: tuple[LectureRecord, ...] = Field((), title="已办讲座")
    pairs: tuple[Pair, ...] = Field((), title="人员与村居约定")
    rules: tuple[RuleSetting, ...] = Field((), title="规则调整")
    days: tuple[DayOverride, ...] = Field((), title="日历调整")

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the canonical JSON: tables and maps sorted, defaults left out."""
        return hashlib.sha256(
            self.canonical().model_dump_json(exclude_defaults=True).encode()
        ).hexdigest()

    def canonical(self) -> Self:
        """Return the same instance with the rows of every table and every map in a fixed order."""
        known = self.tables_in_order
        for name, rows in self.tables():
            if name not in known:
                known[name] = tuple(sorted(map(_maps_sorted, rows), key=_row_order))
        made = self.model_copy(update=known)
        made.tables_in_order.update(known)
        return made

    @cached_property
    def tables_in_order(self) -> dict[str, tuple[Row, ...]]:
        """Tables that are already sorted, with their sorted rows."""
        return {}

    def tables(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """Yield name and rows of every table, in order; the settings are no table."""
        for name in type(self).model_fields:
            if name != "settings":
                yield name, getattr(self, name)

    def counts(self) -> dict[str, int]:
        """Return the number of rows of every table that has some."""
        return {name: len(rows) for name, rows in self.tables() if rows}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with ``update``; of what was computed, only the order of other tables goes along."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        made = cast("Self", type(self).model_construct(**(fields | dict(update or {}))))
        made.tables_in_order.update(
            (name, rows)
            for name, rows in self.tables_in_order.items()
            if name not in (update or {})
        )
        return made

    @cached_property
    def area_by_id(self) -> dict[str, Area]:
        """Areas by id."""
        return {area.id: area for area in self.areas}

    @cached_property
    def village_by_id(self) -> dict[str, Village]:
        """Villages by id."""
        return {village.id: village for village in self.villages}

    @cached_property
    def site_by_id(self) -> dict[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.sites}

    @cached_property
    def post_by_id(self) -> dict[str, Post]:
        """Posts by id."""
        return {post.id: post for post in self.posts}

    @cached_property
    def post_names(self) -> dict[str, str]:
        """Names of posts by id, with those of the posts merged into them: 综合接待、法律咨询."""
        names = {post.id: [post.name] for post in self.posts}
        for post in self.posts:
            if post.merged_into in names:
                names[post.merged_into].append(post.name)
        return {post: "、".join(words) for post, words in names.items()}

    @cached_property
    def firm_by_id(self) -> dict[str, Firm]:
        """Firms by id."""
        return {firm.id: firm for firm in self.firms}

    @cached_property
    def person_by_id(self) -> dict[str, Person]:
        """People by id."""
        return {person.id: person for person in self.people}

    def ancestors(self, area_id: str | None) -> tuple[str, ...]:
        """Return the area and the areas above it, lowest first."""
        chain: list[str] = []
        while area_id is not None and area_id in self.area_by_id and area_id not in chain:
            chain.append(area_id)
            area_id = self.area_by_id[area_id].parent
        return tuple(chain)

    def term_end(self, village: Village) -> dt.date | None:
        """Return the last day of the present adviser: of the term in the village or, earlier, in office."""
        adviser = self.person_by_id.get(village.adviser or "")
        ends = (village.adviser_until, adviser.active_to if adviser else None)
        return min((day for day in ends if day is not None), default=None)

    def leaving(self, first: dt.date, last: dt.date) -> Iterator[Leaving]:
        """Yield the villages that change hands from the first to the last day of a month.

        Whose term ends on the last day serves the whole month; whose ended before it is adviser no more.
        """
        for village in self.villages:
            end = self.term_end(village)
            if village.adviser in self.person_by_id and end and first <= end < last:
                yield Leaving(village.id, village.adviser, end)
