"""Another number, level or weight of one rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.rows import Id, Text
from scenarios.changes.base import shown
from scenarios.changes.numbers import RuleChange, Settings
from solver.profiles import profile_tables
from solver.profiles.rates import RATES
from solver.rules import rule_types


class RuleValue(RuleChange):
    """``field`` of ``rule`` becomes ``value``; weight 0 switches the rule off.

    ``value`` is written as in the sheet 规则调整: lists with semicolons.
    """

    zh: ClassVar[str] = "规则取值"
    en: ClassVar[str] = "rule value"

    rule: Id = Field(title="规则", examples=["fair_load"])
    field: Id = Field(title="参数", description="或 level、weight", examples=["weight"])
    value: Text = Field(title="取值", examples=["3"])

    def settings(self, instance: Instance) -> Settings:
        """Return the one setting."""
        return {self.rule: {self.field: self.value}}

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown rule or field, a value that does not fit; rates are the business of ``budget``."""
        if self.rule == RATES:
            yield self.refusal("change_rates", "rule")
        else:
            yield from super().faults(instance)

    def sentence(self, instance: Instance) -> Sentence:
        """Say the value before and after."""
        kind = rule_types()[self.rule]
        default = kind.model_fields[self.field].get_default()
        before = (
            profile_tables(instance.settings.profile).get(self.rule, {}).get(self.field, default)
        )
        for row in instance.rules:
            if (row.rule, row.field) == (self.rule, self.field):
                before = row.value
        was, now = shown(before) or "—", self.value or "—"
        return Sentence(
            f"规则“{kind.zh}”的 {self.field}：{was}→{now}", f"{self.rule}.{self.field}: {was}→{now}"
        )
