"""Where services happen: areas, villages, sites and the posts of a site."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

from pydantic import Field

from models.recurrence import Recurrence
from models.rows import Clock, Id, Language, Latitude, Link, Longitude, Name, Row, Text
from models.vocabulary import (
    AreaLevel,
    DayClass,
    Gender,
    HolidayPolicy,
    Mode,
    Part,
    PersonKind,
    PostKind,
    SiteKind,
    Speciality,
    Terrain,
)

_LAW_PRACTICE = (PersonKind.LAWYER, PersonKind.GRASSROOTS)
ADMITTED: dict[PostKind, tuple[PersonKind, ...]] = {
    PostKind.RECEPTION: (PersonKind.OFFICER, PersonKind.VOLUNTEER, *_LAW_PRACTICE),
    PostKind.CONSULTATION: _LAW_PRACTICE,
    PostKind.LEGAL_AID: (PersonKind.LAWYER, PersonKind.OFFICER),
    PostKind.MEDIATION: (PersonKind.MEDIATOR,),
    PostKind.NOTARY: (PersonKind.NOTARY,),
    PostKind.FORENSIC: (PersonKind.FORENSIC,),
    PostKind.ARBITRATION: (PersonKind.ARBITRATOR,),
    PostKind.PUBLICITY: tuple(PersonKind),
    PostKind.DUTY_LAWYER: (PersonKind.LAWYER,),
    PostKind.HOTLINE: _LAW_PRACTICE,
    PostKind.TEAM: tuple(PersonKind),
}
"""Kinds of people by kind of post, where the post names none."""

_LON = Field(None, title="经度", description="WGS84，东经度数 73–136", examples=[113.6883])
_LAT = Field(None, title="纬度", description="WGS84，北纬度数 3–54", examples=[34.7790])
_SOURCE = Field(
    "", title="坐标来源", description="坐标怎么来的；生成的坐标必须注明", examples=["synthetic"]
)


class Area(Row):
    """A county, township or higher area. Codes nest by ``parent``."""

    id: Id = Field(title="区划代码", description="唯一编号", examples=["410105001"])
    name: Name = Field(title="区划名称", examples=["示例街道"])
    level: AreaLevel = Field(title="级别", examples=["乡镇街道"])
    parent: Id | None = Field(
        None, title="上级区划", description="上级的区划代码", examples=["410105"]
    )
    terrain: Terrain = Field(
        Terrain.COUNTRY, title="地形", description="城区或乡村：决定车速与服务圈", examples=["城区"]
    )
    lon: Longitude | None = _LON
    lat: Latitude | None = _LAT
    population: Annotated[int, Field(ge=0, le=200_000_000)] | None = Field(
        None, title="人口", description="人", examples=[80000]
    )
    coordinate_source: Text = _SOURCE


class Village(Row):
    """A village or community that needs an adviser and monthly visits."""

    id: Id = Field(title="村居代码", description="唯一编号", examples=["410105001003"])
    name: Name = Field(title="村居名称", examples=["示例社区"])
    area: Id = Field(title="所属乡镇", description="乡镇街道的区划代码", examples=["410105001"])
    terrain: Terrain | None = Field(
        None, title="地形", description="不填则同所属乡镇", examples=["城区"]
    )
    lon: Longitude | None = _LON
    lat: Latitude | None = _LAT
    coordinate_source: Text = _SOURCE
    population: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        None, title="人口", description="人", examples=[3200]
    )
    priority: Annotated[int, Field(ge=0, le=3)] = Field(
        0,
        title="优先级",
        description="0 普通，1–3 优先（如重点帮扶村），优先村不会先被舍弃",
        examples=[0],
    )
    demand: dict[Speciality, Annotated[int, Field(ge=0, le=1000)]] = Field(
        default_factory=dict,
        title="专业需求",
        description="专业:每月件数，用分号隔开",
        examples=["婚姻家庭:3;物业:2"],
    )
    languages: tuple[Language, ...] = Field(
        (), title="语言", description="需要的语言或方言，用分号隔开", examples=[""]
    )
    service_hours: Annotated[float, Field(gt=0, le=80)] | None = Field(
        None, title="每月服务小时", description="不填则按规则", examples=[4]
    )
    market: Recurrence | None = Field(
        None,
        title="赶集日",
        description="如：周三；逢1、5、8；农历逢2、5；逢辰、戌；每3天 自2026-01-01；每天",
        examples=["农历逢2、5"],
    )
    adviser: Id | None = Field(
        None, title="现任法律顾问", description="人员编号", examples=["L001"]
    )
    adviser_since: dt.date | None = Field(
        None, title="任职起始", description="现任法律顾问从哪天起任职", examples=[""]
    )
    adviser_until: dt.date | None = Field(
        None,
        title="任职截止",
        description="聘期最后一天；月中到期的次日起由接任顾问负责，不填为未定",
        examples=[""],
    )
    last_visit: dt.date | None = Field(
        None,
        title="上次走访",
        description="日期；隔月走访时据此推算，不填则轮流",
        examples=[""],
    )
    phone: Text = Field("", title="公开电话", description="可以公示的办公电话", examples=[""])


class Leaving(NamedTuple):
    """The adviser of a village whose term ends within a month, and the last day of it."""

    village: str
    person: str
    last: dt.date

    @property
    def next_day(self) -> dt.date:
        """The first day of whoever takes the village over."""
        return self.last + dt.timedelta(days=1)


class Site(Row):
    """A place where people sit on duty or hold a standing seat."""

    id: Id = Field(title="站点编号", description="唯一编号", examples=["Z001"])
    name: Name = Field(title="站点名称", examples=["示例街道公共法律服务工作站"])
    kind: SiteKind = Field(title="站点类别", examples=["公共法律服务工作站"])
    area: Id = Field(title="所属区划", description="区划代码", examples=["410105001"])
    lon: Longitude | None = _LON
    lat: Latitude | None = _LAT
    villages: tuple[Id, ...] = Field(
        (), title="服务村居", description="村居代码，用分号隔开", examples=[""]
    )
    mixed_area: bool = Field(
        False,
        title="多民族居住地区",
        description="调解委员会应有少数民族成员（是/否）",
        examples=["否"],
    )
    mediators_min: Annotated[int, Field(ge=0, le=50)] | None = Field(
        None, title="调解员下限", description="不填则按规则", examples=[2]
    )
    mediators_max: Annotated[int, Field(ge=0, le=50)] | None = Field(
        None, title="调解员上限", description="不填则按规则", examples=[""]
    )
    panels: tuple[Speciality, ...] = Field(
        (), title="专业调解组", description="须有专长相符的专职调解员", examples=["医疗;物业"]
    )
    phone: Text = Field(
        "", title="公开电话", description="可以公示的办公电话", examples=["0371-0000000"]
    )


class Post(Row):
    """A recurring duty of a site; its dated occurrences in a month are slots."""

    id: Id = Field(title="岗位编号", description="唯一编号", examples=["Z001-咨询"])
    site: Id = Field(title="站点编号", examples=["Z001"])
    name: Name = Field(title="岗位名称", examples=["法律咨询岗"])
    kind: PostKind = Field(title="岗位类别", examples=["法律咨询"])
    mode: Mode = Field(Mode.ONSITE, title="方式", description="现场、远程或电话", examples=["现场"])
    recurrence: Recurrence = Field(
        title="日期规律",
        description="如：工作日；休息日；每天；周二、周四；逢4；每月第1个周三；每月最后一个周五；"
        "2026-12-04、2026-12-18",
        examples=["周二、周四"],
    )
    holiday: HolidayPolicy = Field(
        HolidayPolicy.SKIP,
        title="遇节假日",
        description="规律日不是工作日时：跳过、顺延、提前或照常；逐个写明的日期不会跳过",
        examples=["跳过"],
    )
    parts: tuple[Part, ...] = Field(
        (Part.AM,), title="时段", description="上午、下午、夜间，用分号隔开", examples=["上午;下午"]
    )
    start: Clock | None = Field(None, title="开始时间", description="不填则按时段", examples=[""])
    end: Clock | None = Field(
        None, title="结束时间", description="早于开始时间表示次日", examples=[""]
    )
    head_count: Annotated[int, Field(ge=1, le=50)] = Field(1, title="人数", examples=[1])
    head_counts: dict[DayClass, Annotated[int, Field(ge=0, le=50)]] = Field(
        default_factory=dict,
        title="分日人数",
        description="与“人数”不同的日子：工作日、周末、节假日、夜间各几人；0 为不设班",
        examples=["周末:1;节假日:2"],
    )
    standby: Annotated[int, Field(ge=0, le=10)] = Field(
        0, title="备班人数", description="B 角，与值班人员不同", examples=[0]
    )
    kinds: tuple[PersonKind, ...] = Field(
        (),
        title="人员类别",
        description="可以值班的类别；不填则按规则",
        examples=["律师;基层法律服务工作者"],
    )
    mix: dict[PersonKind, Annotated[int, Field(ge=0, le=50)]] = Field(
        default_factory=dict,
        title="人员搭配",
        description="每类至少几人，如 律师:1;公证员:1",
        examples=[""],
    )
    specialities: tuple[Speciality, ...] = Field(
        (), title="所需专长", description="有其中之一即可", examples=["婚姻家庭"]
    )
    languages: tuple[Language, ...] = Field((), title="语言", examples=[""])
    special_cases: tuple[Text, ...] = Field(
        (),
        title="所需专项资格",
        description="须全部具备，名称与人员的“专项资格”一致，用分号隔开",
        examples=[""],
    )
    gender: Gender | None = Field(None, title="性别", description="如妇女维权岗", examples=[""])
    practice_years: Annotated[float, Field(ge=0, le=60)] = Field(
        0, title="最低执业年限", description="年", examples=[0]
    )
    serves: tuple[Id, ...] = Field(
        (), title="远程服务站点", description="远程岗位同时服务的站点编号", examples=[""]
    )
    remote_link: Link | None = Field(
        None,
        title="远程值班链接",
        description="视频或语音会议的网址，https 开头；进入值班日历，不进入公开表",
        examples=[""],
    )
    merged_into: Id | None = Field(
        None,
        title="并入岗位",
        description="合岗：与所填岗位编号同一时段时由同一人兼任，不另派人；须在同一站点",
        examples=[""],
    )
    firm_named: bool = Field(
        False, title="由机构派人", description="先定机构、再由机构定人（是/否）", examples=["否"]
    )
    optional: bool = Field(
        False,
        title="有人则设",
        description="是：人手有余才排，空着不算缺岗（是/否）",
        examples=["否"],
    )
    fixed_people: tuple[Id, ...] = Field(
        (),
        title="固定专人",
        description="人员编号，用分号隔开：本岗位由其值班，不在时才由他人代班",
        examples=[""],
    )
    valid_from: dt.date | None = Field(None, title="起始日期", examples=[""])
    valid_to: dt.date | None = Field(None, title="截止日期", examples=[""])


def admitted_kinds(post: Post) -> tuple[PersonKind, ...]:
    """Return the kinds a post admits: those it names, else those of its kind of duty.

    Criminal duty lawyers are always lawyers.
    """
    if post.kind is PostKind.DUTY_LAWYER:
        return (PersonKind.LAWYER,)
    return post.kinds or ADMITTED.get(post.kind, tuple(PersonKind))
