"""A different service circle."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Sentence
from models.report import Level
from scenarios.changes.numbers import RuleChange, Settings, level_of, moved, the_rule
from solver.modelling.rule import Rule

Minutes = Annotated[int, Field(ge=0, le=1000)] | None


class Circle(RuleChange):
    """The adviser reaches a community within ``town`` minutes, a village within ``country`` minutes.

    In principle, so that minutes beyond are counted; if ``hard``, nobody farther away is asked.
    """

    zh: ClassVar[str] = "服务圈"
    en: ClassVar[str] = "service circle"

    everywhere: Minutes = Field(None, title="城乡同一", description="分钟", examples=[30])
    town: Minutes = Field(None, title="城区", description="分钟", examples=[30])
    country: Minutes = Field(None, title="乡村", description="分钟", examples=[60])
    hard: bool = Field(False, title="硬性", description="圈外的人不再安排", examples=[False])

    def settings(self, instance: Instance) -> Settings:
        """Return the minutes and, if hard, the level."""
        town = self.town if self.town is not None else self.everywhere
        country = self.country if self.country is not None else self.everywhere
        given = {"town_minutes": town, "country_minutes": country}
        values: dict[str, object] = {
            n: minutes for n, minutes in given.items() if minutes is not None
        }
        values |= level_of(self.hard)
        return {the_rule(instance, _draws_circle).code: values} if values else {}

    def sentence(self, instance: Instance) -> Sentence:
        """Say both circles before and after, and how binding they are."""
        before, after = (the_rule(i, _draws_circle) for i in (instance, self.changed(instance)))
        town, country = (
            moved(*pair)
            for pair in zip(before.circle_minutes or (), after.circle_minutes or (), strict=True)
        )
        zh = f"服务圈：城区 {town} 分钟，乡村 {country} 分钟（{after.level.label}）"
        en = f"service circle: town {town} min, country {country} min ({after.level.value})"
        if after.level is not Level.HARD:
            zh += "；圈外的分钟计入“原则性规则”，不阻止安排"
            en += "; minutes beyond count on the rung 'waivable' and forbid nothing"
        return Sentence(zh, en)


def _draws_circle(rule: Rule) -> bool:
    return rule.circle_minutes is not None
