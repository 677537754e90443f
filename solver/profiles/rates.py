"""Rates: what services cost and the fund they are paid from. No rule: money is told, not planned."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.vocabulary import PersonKind

Yuan = Annotated[float, Field(ge=0, le=1e11)]
"""Yuan."""

RATES = "rates"
"""Name of the rates in a profile and in the sheet 规则调整, beside the codes of the rules."""


class Rates(BaseModel):
    """What services cost, in yuan; 0 means that nobody said, and the sum leaves it out.

    A village with an adviser costs a twelfth of ``village_year`` a month, visits and lectures
    included unless ``lecture`` is given. A half day on duty or standing by costs ``duty_half_day``
    or ``standby_half_day`` if its holder is of the ``paid`` kinds: public employees are unpaid
    (司发通〔2019〕27号), and full-time mediators cost ``mediator_month``. ``fund_year`` is what
    there is to pay from.

    Source: village and year 500 (Shuyang 2016) to 20,000 (Baiyunhu 2023), 1,500 Shehong 2018; duty
    day 200 (Yongding 2020), that half a day costs half of it is an assumption; no rate of a
    lecture, of standing by or of a mediator's month was found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    village_year: Yuan = Field(1500, title="每村居每年", description="元")
    lecture: Yuan = Field(0, title="每场讲座", description="元")
    duty_half_day: Yuan = Field(100, title="每半天值班", description="元")
    standby_half_day: Yuan = Field(0, title="每半天备班", description="元")
    mediator_month: Yuan = Field(0, title="每名专职调解员每月", description="元")
    paid: tuple[PersonKind, ...] = Field(
        (PersonKind.LAWYER, PersonKind.GRASSROOTS, PersonKind.NOTARY, PersonKind.FORENSIC),
        title="领取值班补贴的类别",
    )
    fund_year: Yuan | None = Field(None, title="每年经费", description="元")
