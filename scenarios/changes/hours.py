"""More or fewer hours: of people, or of a village's month."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Sentence
from scenarios.changes.numbers import RuleChange, Settings, moved, the_rule
from solver.modelling.rule import Rule

_KINDS = {
    "lawyer": "律师",
    "grassroots": "基层法律服务工作者",
    "full_time": "专职人员",
    "others": "其他",
}
Hours = Annotated[int, Field(ge=0, le=400)] | None


class HoursChange(RuleChange):
    """People have so many hours a month, travel included; a village is due ``village`` hours.

    ``factor`` multiplies what is not given anew, the hours of persons too. Persons and villages with
    numbers of their own keep them otherwise.
    """

    zh: ClassVar[str] = "工时"
    en: ClassVar[str] = "hours"

    lawyer: Hours = Field(None, title="律师", description="小时/月", examples=[40])
    grassroots: Hours = Field(
        None, title="基层法律服务工作者", description="小时/月", examples=[56]
    )
    full_time: Hours = Field(None, title="专职人员", description="小时/月", examples=[176])
    others: Hours = Field(None, title="其他人员", description="小时/月", examples=[24])
    factor: Annotated[float, Field(ge=0, le=10)] | None = Field(
        None, title="倍数", description="人员工时的倍数", examples=[0.8]
    )
    village: Annotated[float, Field(gt=0, le=80)] | None = Field(
        None, title="每村每月", description="小时", examples=[8]
    )

    def settings(self, instance: Instance) -> Settings:
        """Return the hours of each kind of people, and those of a village where given."""
        bound = the_rule(instance, _bounds_hours)
        found: Settings = {}
        hours: dict[str, object] = {}
        for field in _KINDS:
            given, before = getattr(self, field), getattr(bound, field)
            if given is not None:
                hours[field] = given
            elif self.factor is not None:
                hours[field] = round(before * self.factor)
        if self.village is not None:
            hours["village_hours"] = self.village
            found[the_rule(instance, _asks_for_hours).code] = {"hours": self.village}
        return found | ({bound.code: hours} if hours else {})

    def sentence(self, instance: Instance) -> Sentence:
        """Say the hours before and after, and who keeps numbers of their own."""
        sides = (instance, self.changed(instance))
        before, after = (the_rule(side, _bounds_hours) for side in sides)
        zh, en = [], []
        for field, label in _KINDS.items():
            old, new = getattr(before, field), getattr(after, field)
            if old != new:
                zh.append(f"{label} {moved(old, new)} 小时")
                en.append(f"{field} {moved(old, new)} h")
        own = sum(person.monthly_hours is not None for person in instance.people)
        if own and self.factor is not None:
            zh.append(f"{own} 人的个人工时乘以 {self.factor:g}")
            en.append(f"hours of {own} persons times {self.factor:g}")
        elif own and zh:
            zh.append(f"{own} 人另有个人工时，不变")
            en.append(f"{own} people keep hours of their own")
        if self.village is not None:
            old_hours, new_hours = (the_rule(i, _asks_for_hours).lent["hours"] for i in sides)
            fixed = sum(village.service_hours is not None for village in instance.villages)
            zh.append(f"每村 {moved(old_hours, new_hours)} 小时")
            en.append(f"a village {moved(old_hours, new_hours)} h")
            if fixed:
                zh.append(f"{fixed} 个村居另有小时数，不变")
                en.append(f"{fixed} villages keep hours of their own")
        return Sentence(
            f"每月工时：{'，'.join(zh) or '不变'}", f"hours a month: {', '.join(en) or 'as before'}"
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the hours."""
        made = super().changed(instance)
        if self.factor is None:
            return made
        factor = self.factor
        people = tuple(
            p
            if p.monthly_hours is None
            else p.model_copy(
                update={"monthly_hours": min(400.0, round(p.monthly_hours * factor, 2))}
            )
            for p in made.people
        )
        return made.model_copy(update={"people": people})


def _bounds_hours(rule: Rule) -> bool:
    return set(_KINDS) <= set(type(rule).model_fields)


def _asks_for_hours(rule: Rule) -> bool:
    return "hours" in rule.lent
