"""Attendance: what became of each duty, visit, lecture and mediator's seat of a month.

A row is told by the id of what was planned. There is no room for names of citizens or the content
of a case: numbers and words of the vocabulary only.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.rows import Id, Row, Text
from models.vocabulary import Mode, Speciality, Term


class Presence(Term):
    """Whether the person who was planned came."""

    HELD = "held", "到岗"
    LATE = "late", "迟到"
    EXCUSED = "excused", "有故缺勤"
    UNEXCUSED = "unexcused", "无故缺勤"

    @property
    def is_there(self) -> bool:
        """Whether the person came, if late."""
        return self in (Presence.HELD, Presence.LATE)


AppointmentId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Identity of something planned, such as ``duty/Z001-咨询@20261201am/L001``."""


class AttendanceRow(Row):
    """What became of one thing that was planned.

    Who was absent may have had a substitute, who then served. Blank hours mean the planned ones.
    """

    id: AppointmentId = Field(
        title="编号",
        description="由程序生成，请勿改动",
        examples=["duty/Z001-咨询@20261201am/L001"],
    )
    what: Text = Field("", title="事项", description="仅供阅读，不读取", examples=[""])
    presence: Presence | None = Field(
        None, title="到岗情况", description="不填表示尚未填报", examples=["到岗"]
    )
    substitute: Id | None = Field(
        None, title="替班人员", description="缺勤时由谁顶替，人员编号", examples=[""]
    )
    hours: Annotated[float, Field(ge=0, le=24)] | None = Field(
        None, title="实际小时", description="不填则同计划", examples=[3]
    )
    people: Annotated[int, Field(ge=0, le=10_000)] = Field(
        0, title="服务人次", description="解答咨询或到场人数", examples=[6]
    )
    mode: Mode | None = Field(None, title="服务方式", description="不填则同计划", examples=["现场"])
    matters: dict[Speciality, Annotated[int, Field(ge=0, le=1000)]] = Field(
        default_factory=dict,
        title="事项类别",
        description="类别:件数，用分号隔开；不写当事人姓名和案情",
        examples=["婚姻家庭:2;劳动:1"],
    )
    rating: Annotated[float, Field(ge=1, le=5)] | None = Field(
        None, title="评价", description="1–5 分，几人评价取平均", examples=[""]
    )


class WorkKind(Term):
    """Work beyond the roster that is counted."""

    AID_CASE = "aid_case", "法律援助案件"
    MEDIATION = "mediation", "一般纠纷调解"
    MAJOR_MEDIATION = "major_mediation", "重大疑难纠纷调解"
    DOCUMENT = "document", "代书审查文书"
    DECISION = "decision", "参与决策论证"
    PHONE = "phone", "电话解答"
    GROUP = "group", "群内解答"
    STATION = "station", "建成站点"

    @property
    def is_mediation(self) -> bool:
        """Whether it is a dispute that succeeds or not."""
        return self in (WorkKind.MEDIATION, WorkKind.MAJOR_MEDIATION)


class WorkRow(Row):
    """Work that no roster planned, counted: cases, disputes, documents, consultations."""

    date: dt.date = Field(title="日期", examples=["2026-12-08"])
    person: Id = Field(title="人员编号", examples=["L001"])
    place: Id = Field(
        title="村居或站点", description="村居代码或站点编号", examples=["410105001003"]
    )
    kind: WorkKind = Field(title="工作类别", examples=["一般纠纷调解"])
    count: Annotated[int, Field(ge=1, le=10_000)] = Field(
        1, title="件数", description="件、场或人次", examples=[2]
    )
    succeeded: Annotated[int, Field(ge=0, le=10_000)] | None = Field(
        None, title="调解成功", description="件；只有纠纷调解填写", examples=[2]
    )
    mode: Mode = Field(Mode.ONSITE, title="服务方式", examples=["现场"])


class Happened(BaseModel):
    """What happened in a month: attendance of what was planned, and work beyond it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attendance: tuple[AttendanceRow, ...] = Field((), title="出勤记录")
    work: tuple[WorkRow, ...] = Field((), title="其他工作")
