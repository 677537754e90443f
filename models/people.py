"""Firms and people, with their availability, wishes and past duties."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from models.rows import (
    Clock,
    Id,
    Language,
    Latitude,
    Longitude,
    Month,
    Name,
    PrivateText,
    Row,
    Text,
)
from models.vocabulary import (
    Attitude,
    Ban,
    DayClass,
    FirmKind,
    Gender,
    LeaveKind,
    LimitKind,
    Part,
    PersonKind,
    PersonTier,
    PinKind,
    PostKind,
    Speciality,
    Strength,
    WishTier,
)


class Firm(Row):
    """A law firm, grassroots office or other employer."""

    id: Id = Field(title="机构编号", description="唯一编号", examples=["F01"])
    name: Name = Field(title="机构名称", examples=["示例律师事务所"])
    kind: FirmKind = Field(title="机构类别", examples=["律师事务所"])
    area: Id = Field(title="所在区划", description="区划代码", examples=["410105001"])
    lon: Longitude | None = Field(None, title="经度", description="WGS84", examples=[113.69])
    lat: Latitude | None = Field(None, title="纬度", description="WGS84", examples=[34.78])
    phone: Text = Field(
        "", title="公开电话", description="可以公示的办公电话", examples=["0371-0000000"]
    )


class Person(Row):
    """A person who can hold seats, duties and visits. The base point is the firm's, else the area's."""

    id: Id = Field(title="人员编号", description="所在县区内唯一", examples=["L001"])
    name: Name = Field(title="姓名", examples=["例甲"])
    kind: PersonKind = Field(title="人员类别", examples=["律师"])
    firm: Id | None = Field(None, title="执业机构", description="机构编号", examples=["F01"])
    area: Id = Field(title="所在区划", description="区划代码", examples=["410105001"])
    lon: Longitude | None = Field(
        None, title="经度", description="不填则同机构或区划", examples=[""]
    )
    lat: Latitude | None = Field(
        None, title="纬度", description="不填则同机构或区划", examples=[""]
    )
    gender: Gender | None = Field(None, title="性别", examples=["女"])
    minority: bool = Field(
        False,
        title="少数民族",
        description="是否少数民族（是/否），多民族地区调解委员会用；不进入公开表和日历",
        examples=["否"],
    )
    languages: tuple[Language, ...] = Field(
        (), title="语言", description="用分号隔开", examples=["普通话"]
    )
    specialities: tuple[Speciality, ...] = Field(
        (), title="专长", description="用分号隔开", examples=["婚姻家庭;劳动"]
    )
    special_cases: tuple[Text, ...] = Field(
        (),
        title="专项资格",
        description="如 未成年人案件、心理咨询，自定名称，用分号隔开",
        examples=["未成年人案件"],
    )
    practice_years: Annotated[float, Field(ge=0, le=70)] = Field(
        0, title="执业年限", description="年", examples=[5]
    )
    birth_year: Annotated[int, Field(ge=1900, le=2099)] | None = Field(
        None, title="出生年份", description="不进入公开表、日历和日志", examples=[""]
    )
    licence_no: PrivateText = Field(
        "",
        title="执业证号",
        description="不进入公开表；用来认出几个单位共用的人，防止重复排班",
        examples=[""],
    )
    tier: PersonTier | None = Field(
        None,
        title="梯队",
        description="正式人员不足时依次动用后备、志愿者、专家；不填：法律援助志愿者为志愿者，其他人员为正式",
        examples=["正式"],
    )
    is_adviser: bool = Field(
        True,
        title="可任顾问",
        description="在村居法律顾问名单上（是/否）；不填为是，不担任的请填“否”",
        examples=["是"],
    )
    is_duty: bool = Field(
        True,
        title="可值班",
        description="在值班名单上（是/否）；不填为是，不值班的请填“否”",
        examples=["是"],
    )
    serves_areas: tuple[Id, ...] = Field(
        (), title="服务区划", description="只服务这些区划及其下级；不填不限", examples=[""]
    )
    duty_areas: tuple[Id, ...] = Field(
        (),
        title="值班区划",
        description="只在这些区划及其下级值班；不填则同服务区划",
        examples=[""],
    )
    villages_max: Annotated[int, Field(ge=0, le=50)] | None = Field(
        None, title="村居上限", description="不填则按规则（原则上 5）", examples=[""]
    )
    monthly_hours: Annotated[float, Field(ge=0, le=400)] | None = Field(
        None, title="每月小时上限", description="含路途；不填则按规则", examples=[""]
    )
    monthly_turns: Annotated[int, Field(ge=0, le=62)] | None = Field(
        None, title="每月值班上限", description="次；不填则按规则", examples=[""]
    )
    share: Annotated[float, Field(gt=0, le=2)] = Field(
        1.0, title="分担比例", description="全勤 1，半勤 0.5", examples=[1]
    )
    active_from: dt.date | None = Field(None, title="起始日期", examples=[""])
    active_to: dt.date | None = Field(None, title="截止日期", examples=[""])
    phone: Text = Field(
        "", title="公开电话", description="办公电话，可公示", examples=["0371-0000000"]
    )
    mobile: PrivateText = Field(
        "", title="手机", description="不进入公开表、日历和日志", examples=[""]
    )


def tier_of(person: Person) -> PersonTier:
    """Return the tier of a person: as stated, else volunteer for volunteers and regular for all others."""
    if person.tier is not None:
        return person.tier
    return PersonTier.VOLUNTEER if person.kind is PersonKind.VOLUNTEER else PersonTier.REGULAR


class Leave(Row):
    """Dates (inclusive) on which a person is not available: leave, court, training.

    Hours of its own hold on each of the dates and go before the part.
    """

    person: Id = Field(title="人员编号", examples=["L001"])
    first: dt.date = Field(title="开始日期", examples=["2026-12-07"])
    last: dt.date = Field(title="结束日期", description="含当天", examples=["2026-12-08"])
    part: Part | None = Field(
        None, title="时段", description="按设置中的起止时间；不填为全天", examples=[""]
    )
    kind: LeaveKind = Field(LeaveKind.LEAVE, title="事由", examples=["开庭"])
    start: Clock | None = Field(
        None, title="开始时间", description="如只占几小时；填了则不看时段", examples=[""]
    )
    end: Clock | None = Field(
        None, title="结束时间", description="早于开始时间表示次日", examples=[""]
    )


class HeldAround(Row):
    """What a person holds in the last days of the month before, or the first of the month after.

    It is settled and never changed; rest, ways, overlaps, spacing and weekly caps count from it.
    Its time is its own hours, or the office's hours of its part. Without a place nobody goes there.
    """

    person: Id = Field(title="人员编号", examples=["L001"])
    date: dt.date = Field(title="日期", examples=["2026-11-30"])
    part: Part | None = Field(
        None, title="时段", description="时段或起止时间至少填一种", examples=["夜间"]
    )
    start: Clock | None = Field(None, title="开始时间", description="不填则按时段", examples=[""])
    end: Clock | None = Field(
        None, title="结束时间", description="早于开始时间表示次日", examples=[""]
    )
    kind: PinKind = Field(
        PinKind.DUTY, title="类别", description="值班、备班或走访", examples=["值班"]
    )
    place: Id | None = Field(
        None,
        title="村居或站点",
        description="村居代码或站点编号；远程、电话值班不填",
        examples=["Z001"],
    )


class Wish(Row):
    """What a person prefers, prefers not, or must not be given; empty fields mean any."""

    person: Id = Field(title="人员编号", examples=["L001"])
    attitude: Attitude = Field(
        title="意愿", description="希望、不希望，或不得安排（硬性）", examples=["不希望"]
    )
    date: dt.date | None = Field(None, title="日期", examples=["2026-12-25"])
    weekday: Annotated[int, Field(ge=1, le=7)] | None = Field(
        None, title="星期", description="1 周一 … 7 周日", examples=[""]
    )
    part: Part | None = Field(None, title="时段", examples=[""])
    site: Id | None = Field(None, title="站点编号", examples=[""])
    village: Id | None = Field(None, title="村居代码", examples=[""])
    weight: Annotated[int, Field(ge=1, le=1000)] = Field(
        1, title="重要程度", description="1–1000", examples=[3]
    )
    post: Id | None = Field(None, title="岗位编号", description="只指这个岗位的值班", examples=[""])
    tier: WishTier = Field(
        WishTier.USUAL, title="等级", description="优先满足的先于其他意愿", examples=["尽量满足"]
    )


class Limit(Row):
    """How many turns, weekends or hours a person has in the month, at most or at least.

    Turns may be those of a post, of a part of the day or of both. Without a person it holds for each
    person on the duty list who has no row of the same kind.
    """

    person: Id | None = Field(
        None, title="人员编号", description="不填：值班名单上的每一人", examples=["L001"]
    )
    kind: LimitKind = Field(LimitKind.TURNS, title="项目", examples=["班次"])
    post: Id | None = Field(None, title="岗位编号", description="只计这个岗位", examples=[""])
    part: Part | None = Field(None, title="时段", description="只计这个时段", examples=["夜间"])
    least: Annotated[int, Field(ge=0, le=744)] | None = Field(
        None, title="最少", description="班次或工时", examples=[1]
    )
    most: Annotated[int, Field(ge=0, le=744)] | None = Field(
        None, title="最多", description="班次或上班周末", examples=[2]
    )


class Succession(Row):
    """A turn of one day and a turn of the next that nobody should have one after the other.

    Each is known by its part of the day, its post or both; empty fields mean any.
    """

    part: Part | None = Field(None, title="前一天时段", examples=["夜间"])
    post: Id | None = Field(None, title="前一天岗位", description="岗位编号", examples=[""])
    next_part: Part | None = Field(None, title="次日时段", examples=["下午"])
    next_post: Id | None = Field(None, title="次日岗位", description="岗位编号", examples=[""])
    ban: Ban = Field(Ban.FORBIDDEN, title="限制方式", examples=["禁止"])
    weight: Annotated[int, Field(ge=1, le=1000)] = Field(
        1, title="重要程度", description="尽量避免时每次计几分，1–1000", examples=[1]
    )


class Conflict(Row):
    """A conflict of interest with a village or site; it binds the whole firm (Lawyers Law art. 39)."""

    person: Id = Field(title="人员编号", examples=["L001"])
    village: Id | None = Field(None, title="村居代码", examples=["410105001003"])
    site: Id | None = Field(None, title="站点编号", examples=[""])


class Pin(Row):
    """An assignment that is fixed (published, past, agreed) or to be kept where possible.

    Without a person nobody may be added there beyond those pinned: how an empty slot stays
    empty. Without a target that holds for every post or village of the day, without a part for
    the whole day.
    """

    kind: PinKind = Field(title="类别", examples=["值班"])
    target: Id | None = Field(
        None,
        title="对象",
        description="顾问、走访填村居代码，调解员填站点编号，值班填岗位编号；"
        "人员也不填时可不填，指当天全部",
        examples=["Z001-咨询"],
    )
    person: Id | None = Field(
        None,
        title="人员编号",
        description="不填：除已固定的人员外不再安排（值班、备班、走访）",
        examples=["L001"],
    )
    date: dt.date | None = Field(
        None, title="日期", description="值班、走访必填", examples=["2026-12-01"]
    )
    part: Part | None = Field(
        None,
        title="时段",
        description="值班、走访必填；人员不填时可不填，指全天",
        examples=["上午"],
    )
    strength: Strength = Field(Strength.FIXED, title="固定方式", examples=["固定"])


class LedgerEntry(Row):
    """Turns a person served, or stood by for, in a past month, by duty kind, day class and site."""

    person: Id = Field(title="人员编号", examples=["L001"])
    month: Month = Field(title="月份", examples=["2026-11"])
    kind: PostKind = Field(title="岗位类别", examples=["法律咨询"])
    day_class: DayClass = Field(DayClass.WORKDAY, title="日期类别", examples=["工作日"])
    site: Id | None = Field(None, title="站点编号", examples=[""])
    standby: bool = Field(False, title="备班", description="是：备班次数；不填为否", examples=[""])
    turns: Annotated[int, Field(ge=0, le=200)] = Field(title="次数", examples=[2])


class LectureRecord(Row):
    """A lecture already held in a village."""

    village: Id = Field(title="村居代码", examples=["410105001003"])
    date: dt.date = Field(title="日期", examples=["2026-10-20"])


class Pair(Row):
    """What is known of one person and one village or site; overrides the travel model."""

    person: Id = Field(title="人员编号", examples=["L001"])
    place: Id = Field(
        title="村居或站点", description="村居代码或站点编号", examples=["410105001003"]
    )
    minutes: Annotated[float, Field(ge=0, le=1440)] | None = Field(
        None, title="单程分钟", examples=[25]
    )
    hours: Annotated[float, Field(gt=0, le=200)] | None = Field(
        None, title="服务小时", description="此人服务此村每月所需小时", examples=[""]
    )
    allowed: bool = Field(True, title="允许", description="否：此人不得服务此处", examples=["是"])
