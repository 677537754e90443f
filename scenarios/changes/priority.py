"""Different villages get priority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.rows import Id
from scenarios.changes.base import Change, areas_within, listed


class Priority(Change):
    """The villages named, or all in the areas named, get the priority; with ``only`` all others lose theirs."""

    zh: ClassVar[str] = "重点村居"
    en: ClassVar[str] = "priority list"

    villages: tuple[Id, ...] = Field(
        (), title="村居", description="村居代码", examples=["410105001003"]
    )
    areas: tuple[Id, ...] = Field(
        (), title="区划", description="其中的全部村居", examples=["410105001"]
    )
    level: Annotated[int, Field(ge=0, le=3)] = Field(
        1, title="优先级", description="0 普通，1–3 优先", examples=[1]
    )
    only: bool = Field(False, title="仅此", description="其余村居改为普通", examples=[True])

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown ids, or nobody named."""
        unknown = [
            *self.unknown("villages", instance.village_by_id, "村居"),
            *self.unknown("areas", instance.area_by_id, "区划"),
        ]
        yield from unknown
        if not unknown and not self._named(instance) and not self.only:
            yield self.refusal("change_no_village", "villages")

    def sentence(self, instance: Instance) -> Sentence:
        """Say which villages get which priority, and how many have one before and after."""
        named = [v.name for v in instance.villages if v.id in self._named(instance)]
        before, after = (
            sum(village.priority > 0 for village in i.villages)
            for i in (instance, self.changed(instance))
        )
        zh = f"{listed(named, '等 {} 个村居') or '没有村居'}优先级设为 {self.level}"
        en = f"priority {self.level} for {listed(named, ' … {} villages', ', ') or 'no village'}"
        if self.only:
            zh, en = f"{zh}，其余改为普通", f"{en}, none for the others"
        return Sentence(
            f"{zh}；重点村居 {before}→{after} 个", f"{en}; priority villages {before}→{after}"
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the priorities."""
        named = self._named(instance)
        villages = tuple(
            v.model_copy(update={"priority": self.level if v.id in named else 0})
            if v.id in named or self.only
            else v
            for v in instance.villages
        )
        return instance.model_copy(update={"villages": villages})

    def _named(self, instance: Instance) -> frozenset[str]:
        areas = areas_within(instance, self.areas)
        inside = {village.id for village in instance.villages if village.area in areas}
        return frozenset(inside | set(self.villages))
