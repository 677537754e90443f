"""Rates: what services cost and the fund they are paid from. No rule: money is told, not planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

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
    there is to pay from; ``payer_*`` are the weights by which province, county and town share in paying.
    A night costs ``night`` where that is given, else a half day. Work beyond the roster (cases,
    disputes, documents, decisions, calls) costs its rate a piece, disputes also where a mediator
    settled them. A statement warns of a person's month above ``person_month_most``, or with
    ``cap_binds`` pays no more; with ``village_needs_visit`` a village whose visits all failed pays nothing.

    Source: village and year 500 (Shuyang 2016) to 20,000 (Baiyunhu 2023), 1,500 Shehong 2018; duty
    day 200 (Yongding 2020), that half a day costs half of it is an assumption; no rate of a
    lecture, of standing by, of a night, of an aid case or of a mediator's month was found. A dispute
    without file (以案定补) 100, a major one 300 to 500 (Xiangyin). A shared payer (county and town) is
    in S2 苏州 2016; by what weights it does not say.
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
    night: Yuan = Field(0, title="每次夜班", description="元；0 同半天")
    visit: Yuan = Field(0, title="每次走访", description="元；0 含在村居经费内")
    mediation: Yuan = Field(100, title="每件一般纠纷", description="元")
    major_mediation: Yuan = Field(300, title="每件重大疑难纠纷", description="元")
    aid_case: Yuan = Field(0, title="每件法律援助案件", description="元")
    document: Yuan = Field(0, title="每件文书", description="元")
    decision: Yuan = Field(0, title="每次决策论证", description="元")
    phone: Yuan = Field(0, title="每次电话解答", description="元")
    group: Yuan = Field(0, title="每次群内解答", description="元")
    person_month_most: Yuan | None = Field(None, title="每人每月上限", description="元")
    cap_binds: bool = Field(False, title="超过上限不付")
    village_needs_visit: bool = Field(False, title="走访全部落空的村居不付")
    payer_province: Yuan = Field(0, title="省级分担", description="权重")
    payer_county: Yuan = Field(1, title="县级分担", description="权重")
    payer_town: Yuan = Field(0, title="乡镇分担", description="权重")
    fund_year: Yuan | None = Field(None, title="每年经费", description="元")

    @property
    def lent(self) -> Mapping[str, Any]:
        """Rates that rules take over, by the name of their field."""
        return {
            "duty_yuan": self.duty_half_day,
            "night_yuan": self.night or self.duty_half_day,
            "standby_yuan": self.standby_half_day,
            "visit_yuan": self.visit,
            "paid_kinds": self.paid,
        }
