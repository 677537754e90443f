"""The Roster: who holds which seat, who sits which slot, when each visit is."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from models.rows import Clock, Id, Month, Row, Text
from models.vocabulary import Part

NAMING_SHEET = "机构派人"
"""The sheet in which firms name people for the slots they are to staff."""


def slot_id(post: str, date: dt.date, part: Part) -> str:
    """Return the stable identity of a slot: post, date and part."""
    return f"{post}@{date:%Y%m%d}{part.value}"


class AdviserSeat(Row):
    """Standing seat: the adviser of a village."""

    village: Id = Field(title="村居代码")
    person: Id = Field(title="人员编号")


class MediatorSeat(Row):
    """Standing seat: a full-time mediator of a centre, station or workroom."""

    site: Id = Field(title="站点编号")
    person: Id = Field(title="人员编号")


class Duty(Row):
    """One person on one slot, as holder or as standby.

    A slot that a firm is still to staff carries the ``firm``; ``person`` is then whom the office
    will send if the firm names nobody in time.
    """

    post: Id = Field(title="岗位编号")
    date: dt.date = Field(title="日期")
    part: Part = Field(title="时段")
    person: Id = Field(title="人员编号")
    standby: bool = Field(False, title="备班")
    firm: Id | None = Field(
        None,
        title="待派机构",
        description="机构编号：此班由该机构派人，尚未派定，人员为届时未派时的人选；派定后清空",
    )

    @property
    def slot(self) -> str:
        """The identity of the slot."""
        return slot_id(self.post, self.date, self.part)


class Visit(Row):
    """One visit of the adviser to a village, with or without a lecture.

    ``start`` is given where the visit does not begin with its half day, as the second stop of a trip.
    """

    village: Id = Field(title="村居代码")
    person: Id = Field(title="人员编号")
    date: dt.date = Field(title="日期")
    part: Part = Field(title="时段")
    lecture: bool = Field(False, title="讲座")
    start: Clock | None = Field(
        None, title="开始", description="不填为该半天开始时；同一半天走访第二个村的填写"
    )


class VillageStation(Row):
    """Where the people of a village find legal help: a fixed station, or a mobile point.

    ``host`` is the village whose committee houses the station: the village itself, or one that
    shares its station. Without a host the village has a mobile service point.
    """

    village: Id = Field(title="村居代码")
    host: Id | None = Field(
        None,
        title="固定站所在村居",
        description="设固定站的村居代码；不填为流动服务点",
    )


class Roster(BaseModel):
    """A plan of one month, made by the solver or by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: Month
    instance: str = Field("", description="content hash of the instance it was made from")
    advisers: tuple[AdviserSeat, ...] = Field((), title="顾问安排")
    mediators: tuple[MediatorSeat, ...] = Field((), title="调解员安排")
    duties: tuple[Duty, ...] = Field((), title="值班安排")
    visits: tuple[Visit, ...] = Field((), title="走访安排")
    stations: tuple[VillageStation, ...] = Field((), title="站点安排")


class FirmNaming(Row):
    """One slot for which a firm names a person; without one it waits."""

    post: Id = Field(title="岗位编号")
    date: dt.date = Field(title="日期")
    part: Part = Field(title="时段")
    firm: Id = Field(title="机构编号")
    person: Id | None = Field(None, title="人员编号", description="由机构填写所派人员")
    deadline: dt.date | None = Field(
        None, title="派人截止", description="过期未派的，由司法行政机关指定"
    )
    about: Text = Field("", title="班次说明", description="地点、岗位、起止时间、机构名称")
    fallback: Text = Field("", title="未派时人选", description="届时未派的，由此人值班")
