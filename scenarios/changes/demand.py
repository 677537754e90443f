"""More or less demand, of some fields, in some places, in a season."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from models.calendar import month_days
from models.days.lunar_days import spring_festival
from models.instance import Instance
from models.issues import Issue, Sentence
from models.places import Village
from models.rows import Id
from models.vocabulary import BilingualTerm, Speciality
from scenarios.changes.base import Change, areas_within, listed
from scenarios.generator.selection import apportion

BEFORE_FESTIVAL = dt.timedelta(days=30)
"""How long before Spring Festival wages are claimed; the hotline of Qingdao had 47 % more calls in Q4."""

MOST = 1000
"""Matters of a field that a village may have a month."""


class Season(BilingualTerm):
    """When demand differs."""

    SPRING_FESTIVAL = "spring_festival", "春节前30天", "the 30 days before Spring Festival"
    Q1 = "q1", "第一季度", "the first quarter"
    Q2 = "q2", "第二季度", "the second quarter"
    Q3 = "q3", "第三季度", "the third quarter"
    Q4 = "q4", "第四季度", "the fourth quarter"


class Demand(Change):
    """Villages have ``factor`` times the matters of some fields a month.

    Matters decide which adviser suits a village and which stations have enough to do; they ask for
    no further duties or visits. In a ``season`` that covers part of the plan's month only that part
    of the month changes. The sum of each field is rounded once and shared out by largest remainder.
    """

    zh: ClassVar[str] = "需求"
    en: ClassVar[str] = "demand"

    factor: Annotated[float, Field(ge=0, le=20)] = Field(title="倍数", examples=[1.5])
    specialities: tuple[Speciality, ...] = Field(
        (), title="专业", description="不填为全部", examples=["劳动"]
    )
    areas: tuple[Id, ...] = Field(
        (), title="区划", description="不填为全部", examples=["410105001"]
    )
    season: Season | None = Field(
        None, title="季节", description="不填为常年", examples=["春节前30天"]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown areas, no such demand, another season, more than a village may have."""
        unknown = list(self.unknown("areas", instance.area_by_id, "区划"))
        yield from unknown
        share = self._share_of_month(instance)
        if share == 0 and self.season is not None:
            yield self.refusal(
                "change_season",
                "season",
                month=instance.settings.month,
                season=self.season.label,
                season_en=self.season.label_en,
            )
        before = self._totals(instance)
        if not unknown and not sum(before.values()):
            yield self.refusal("change_no_demand", "specialities")
        most = max(
            (n for v in self.changed(instance).villages for n in v.demand.values()), default=0
        )
        if most > MOST:
            yield self.refusal("change_too_much_demand", "factor", count=most, most=MOST)

    def sentence(self, instance: Instance) -> Sentence:
        """Say whose matters of which fields, when, and the sums before and after."""
        before = sum(self._totals(instance).values())
        after = sum(self._totals(self.changed(instance)).values())
        names = [instance.area_by_id[area].name for area in self.areas]
        fields_zh = "、".join(field.label for field in self.specialities) or "各类"
        fields_en = ", ".join(field.value for field in self.specialities) or "all fields"
        zh = f"{listed(names, '等 {} 处')}{fields_zh}需求变为 {self.factor:g} 倍"
        en = f"{fields_en} demand{' in ' + listed(names, ' …', ', ') if names else ''} × {self.factor:g}"
        if self.season is not None:
            part = self._share_of_month(instance)
            zh += f"（{self.season.label}，占当月 {part:.0%}）"
            en += f" ({self.season.label_en}, {part:.0%} of the month)"
        zh += f"：每月 {before}→{after} 件；影响专业匹配和设站，不增加值班、走访"
        en += f": {before}→{after} matters a month; duties and visits stay as many"
        return Sentence(zh, en)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the demand of each field scaled and shared out."""
        factor = 1 + (self.factor - 1) * self._share_of_month(instance)
        villages = {village.id: dict(village.demand) for village in self._meant(instance)}
        for field in self.specialities or tuple(Speciality):
            asking = [v for v in villages if villages[v].get(field, 0) > 0]
            matters = [villages[v][field] for v in asking]
            if asking:
                total = int(sum(matters) * factor + 0.5)
                for village, share in zip(asking, apportion(total, matters), strict=True):
                    villages[village][field] = share
        return instance.model_copy(
            update={
                "villages": tuple(
                    v.model_copy(update={"demand": villages[v.id]}) if v.id in villages else v
                    for v in instance.villages
                )
            }
        )

    def _meant(self, instance: Instance) -> list[Village]:
        areas = areas_within(instance, self.areas)
        villages = sorted(instance.villages, key=lambda village: village.id)
        return [village for village in villages if not self.areas or village.area in areas]

    def _totals(self, instance: Instance) -> dict[Speciality, int]:
        fields = self.specialities or tuple(Speciality)
        meant = self._meant(instance)
        return {field: sum(v.demand.get(field, 0) for v in meant) for field in fields}

    def _share_of_month(self, instance: Instance) -> float:
        """Return the share of the month's days that lie in the season."""
        days = month_days(instance.settings.month)
        if self.season is None:
            return 1.0
        if self.season is Season.SPRING_FESTIVAL:
            festival = spring_festival(days[0].year)
            inside = [day for day in days if festival - BEFORE_FESTIVAL <= day < festival]
            return len(inside) / len(days)
        quarter = list(Season).index(self.season)
        return float((days[0].month - 1) // 3 + 1 == quarter)
