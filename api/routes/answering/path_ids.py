"""Ids in the paths of routes, and where the area of a path lies."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from api.access.action_places import Place
from api.routes.answering.running import InService

AreaId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,60}$", description="区划代码 area code")]
RosterId = Annotated[int, Path(ge=1, le=2**31 - 1, description="排班编号 roster id")]
JobId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,100}$", description="任务编号 job id")]
QuestionId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9._-]{1,100}$", description="假设分析编号 id of the question")
]
WorkId = Annotated[int, Path(ge=1, le=2**31 - 1, description="工作记录编号 id of the entry")]
MonthId = Annotated[
    str, Path(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="月份 month, YYYY-MM")
]
RequestId = Annotated[int, Path(ge=1, le=2**31 - 1, description="申请编号 request id")]
FirmId = Annotated[str, Path(min_length=1, max_length=60, description="机构编号 firm id")]


def firm_place(service: InService, area: AreaId, firm: FirmId) -> Place | None:
    """Return where a firm's things lie, none for a firm that the area's data do not know."""
    return service.areas.place_of_firm(area, firm)


def area_place(service: InService, area: AreaId) -> Place:
    """Return where the area of the path lies."""
    return service.areas.place(area)
