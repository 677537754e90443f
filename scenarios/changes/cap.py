"""A different cap on the villages per adviser."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Sentence
from scenarios.changes.numbers import RuleChange, Settings, level_of, moved, the_rule
from solver.modelling.rule import Rule


class Cap(RuleChange):
    """Nobody advises more than ``most`` villages, in principle or, if ``hard``, never.

    Whoever has a limit of their own keeps it, unless ``personal``.
    """

    zh: ClassVar[str] = "村居上限"
    en: ClassVar[str] = "cap on villages"

    most: Annotated[int, Field(ge=0, le=50)] = Field(title="上限", examples=[4])
    hard: bool = Field(False, title="硬性", description="不得超过，不再是原则上", examples=[False])
    personal: bool = Field(
        False, title="取消个人上限", description="个人另定的上限也取消", examples=[False]
    )

    def settings(self, instance: Instance) -> Settings:
        """Return the cap and, if hard, its level."""
        return {the_rule(instance, _caps).code: {"most": self.most, **level_of(self.hard)}}

    def sentence(self, instance: Instance) -> Sentence:
        """Say the cap before and after, how binding it is, and who has another."""
        before, after = (the_rule(i, _caps) for i in (instance, self.changed(instance)))
        own = sum(person.villages_max is not None for person in instance.people)
        number = moved(before.village_cap, after.village_cap)
        zh = f"每人村居上限 {number}（{after.level.label}）"
        en = f"cap on villages per adviser {number} ({after.level.value})"
        if own and self.personal:
            zh, en = f"{zh}；取消 {own} 人的个人上限", f"{en}; {own} limits of persons are dropped"
        elif own:
            zh, en = (
                f"{zh}；{own} 人另有个人上限，不变",
                f"{en}; {own} people keep limits of their own",
            )
        return Sentence(zh, en)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the cap."""
        capped = super().changed(instance)
        if not self.personal:
            return capped
        people = tuple(p.model_copy(update={"villages_max": None}) for p in capped.people)
        return capped.model_copy(update={"people": people})


def _caps(rule: Rule) -> bool:
    return rule.village_cap is not None
