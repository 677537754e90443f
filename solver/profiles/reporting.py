"""Reporting: what a month's report is measured by. No rule: nothing is planned from it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.rows import Text

REPORTING = "reporting"
"""Name of these numbers in a profile and in the sheet 规则调整, beside the codes of the rules."""

Percent = Annotated[float, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=1000)]
Volume = Annotated[int, Field(ge=0, le=10**9)]
Day = Annotated[int, Field(ge=1, le=31)]
Pace = Annotated[float, Field(ge=0, le=100)]


class Reporting(BaseModel):
    """Cut-off day, targets of the figures in per cent, their weights in the score, yearly volumes.

    ``pace`` is what of a yearly volume is to be done in each quarter, in any unit; within a quarter it
    rises day by day. Volumes are those of ``volumes_area`` and are split over the areas below it.
    A figure is near its target within ``near_points``. ``absences_alert`` absences without reason
    and without a substitute raise an alert.

    Source: report by the 25th, poor villages advised 100 %, demand answered 100 %, disputes settled
    98 % (S3 云南省司法厅 2019-03-22); aid cases handled by lawyers 70 % (S4 芜司办〔2021〕30号); adviser
    replaced after 3 absences (Xixia, Yinchuan, 2021). Weights, ``near_points`` and the other targets are
    examples (示例): no source names them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cutoff_day: Day = Field(25, title="报告截止日")
    absences_alert: Annotated[int, Field(ge=1, le=100)] = Field(3, title="无故缺勤提醒次数")
    near_points: Percent = Field(5, title="接近目标的差距", description="百分点")
    coverage_percent: Percent = Field(100, title="顾问配备率目标")
    visited_percent: Percent = Field(95, title="有效覆盖率目标")
    priority_percent: Percent = Field(100, title="重点村居服务率目标")
    duties_percent: Percent = Field(95, title="值班到岗率目标")
    lectures_percent: Percent = Field(95, title="讲座举办率目标")
    aid_lawyers_percent: Percent = Field(70, title="律师办理法律援助案件比例目标")
    disputes_percent: Percent = Field(98, title="重点村居调解成功率目标")
    rating_percent: Percent = Field(90, title="评价满意度目标")
    coverage_weight: Weight = Field(1, title="顾问配备率权重")
    visited_weight: Weight = Field(1, title="有效覆盖率权重")
    priority_weight: Weight = Field(1, title="重点村居服务率权重")
    duties_weight: Weight = Field(1, title="值班到岗率权重")
    lectures_weight: Weight = Field(1, title="讲座举办率权重")
    aid_lawyers_weight: Weight = Field(1, title="律师办案比例权重")
    disputes_weight: Weight = Field(1, title="调解成功率权重")
    rating_weight: Weight = Field(1, title="评价权重")
    volumes_area: Text = Field("", title="任务量所属区划")
    stations: Volume | None = Field(None, title="全年建成站点")
    lectures: Volume | None = Field(None, title="全年讲座")
    matters: Volume | None = Field(None, title="全年服务事项")
    consultations: Volume | None = Field(None, title="全年解答咨询")
    aid_cases: Volume | None = Field(None, title="全年法律援助案件")
    pace: tuple[Pace, Pace, Pace, Pace] = Field((25, 25, 25, 25), title="四个季度的进度")
