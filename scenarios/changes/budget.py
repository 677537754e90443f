"""Different rates or a different fund."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Sentence
from scenarios.changes.base import shown
from scenarios.changes.numbers import RuleChange, Settings
from solver.profiles import load_rates
from solver.profiles.rates import RATES, Rates, Yuan

LABELS = {
    "fund_year": ("每年经费", "fund a year"),
    "village_year": ("每村居每年", "a village and year"),
    "lecture": ("每场讲座", "a lecture"),
    "duty_half_day": ("每半天值班", "a half day on duty"),
    "standby_half_day": ("每半天备班", "a half day standing by"),
    "mediator_month": ("每名专职调解员每月", "a full-time mediator and month"),
}
"""What the rates are called."""


class Budget(RuleChange):
    """Services cost other sums, or there is another fund. The plan itself does not depend on money."""

    zh: ClassVar[str] = "经费"
    en: ClassVar[str] = "budget"

    fund_year: Yuan | None = Field(None, title="每年经费", description="元", examples=[2_000_000])
    village_year: Yuan | None = Field(None, title="每村居每年", description="元", examples=[10_000])
    lecture: Yuan | None = Field(None, title="每场讲座", description="元", examples=[300])
    duty_half_day: Yuan | None = Field(None, title="每半天值班", description="元", examples=[150])
    standby_half_day: Yuan | None = Field(None, title="每半天备班", description="元", examples=[30])
    mediator_month: Yuan | None = Field(
        None, title="每名专职调解员每月", description="元", examples=[3000]
    )

    def settings(self, instance: Instance) -> Settings:
        """Return the rates given."""
        given = {field: getattr(self, field) for field in LABELS}
        values: dict[str, object] = {f: value for f, value in given.items() if value is not None}
        return {RATES: values} if values else {}

    def sentence(self, instance: Instance) -> Sentence:
        """Say the sums before and after."""
        before, after = (_rates(i) for i in (instance, self.changed(instance)))
        zh, en = [], []
        for field in self.settings(instance)[RATES]:
            zh_label, en_label = LABELS[field]
            number = f"{shown(getattr(before, field)) or '—'}→{shown(getattr(after, field))}"
            zh.append(f"{zh_label} {number} 元")
            en.append(f"{en_label} {number} yuan")
        return Sentence(
            f"经费：{'，'.join(zh)}（不影响排班）", f"money: {', '.join(en)} (the plan stays)"
        )


def _rates(instance: Instance) -> Rates:
    return load_rates(instance.settings.profile, instance.rules)
