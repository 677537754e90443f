"""Different numbers of full-time mediators per site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from scenarios.changes.numbers import moved, rules_by_code
from scenarios.changes.where import SiteChange

Number = Annotated[int, Field(ge=0, le=50)] | None


class Mediators(SiteChange):
    """Every site meant has at least ``least`` and at most ``most`` full-time mediators.

    They become the sites' own bounds, before those of the rule. A bound that is not given stays as the site or
    the rule has it; a larger least number lifts the largest.
    """

    zh: ClassVar[str] = "专职调解员人数"
    en: ClassVar[str] = "mediators per site"

    least: Number = Field(None, title="下限", description="人", examples=[1])
    most: Number = Field(None, title="上限", description="人", examples=[2])

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Faults of the sites, no bound given, bounds the wrong way round, a rule that is off."""
        yield from super().faults(instance)
        if self.least is None and self.most is None:
            yield self.refusal("change_mediators_none", "least")
        elif self.most is not None and (self.least or 0) > self.most:
            yield self.refusal("change_mediators_order", "least", most=self.most)
        if not _is_counted(instance):
            yield self.refusal("change_mediators_off", "least")

    def sentence(self, instance: Instance) -> Sentence:
        """Say the bounds, and the seats asked for before and after."""
        names, after = self.names(instance), self.changed(instance)
        asked = [sum(_seats(i).values()) for i in (instance, after)]
        low_zh = "" if self.least is None else f"至少 {self.least} 名"
        low_en = "" if self.least is None else f"at least {self.least}"
        high_zh = "" if self.most is None else f"至多 {self.most} 名"
        high_en = "" if self.most is None else f"at most {self.most}"
        zh = "、".join(filter(None, (low_zh, high_zh)))
        en = " and ".join(filter(None, (low_en, high_en)))
        return Sentence(
            f"{names.zh}每处专职调解员{zh}；全部调解员需求 {moved(*asked)} 个",
            f"{names.en}: {en} full-time mediators each; seats asked for in all {moved(*asked)}",
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the bounds of the sites."""
        meant = {site.id for site in self.meant(instance)}
        given = {"mediators_min": self.least, "mediators_max": self.most}
        update = {field: value for field, value in given.items() if value is not None}
        sites = []
        for site in instance.sites:
            new = site.model_copy(update=update) if site.id in meant else site
            if (new.mediators_min or 0) > (50 if new.mediators_max is None else new.mediators_max):
                field = "mediators_max" if self.most is None else "mediators_min"
                new = new.model_copy(update={field: self.least if self.most is None else self.most})
            sites.append(new)
        return instance.model_copy(update={"sites": tuple(sites)})


def _seats(instance: Instance) -> dict[str, int]:
    """Return how many mediators the rules ask for, by site."""
    rules = rules_by_code(instance).values()
    return {site.id: max(rule.mediators_due(site) for rule in rules) for site in instance.sites}


def _is_counted(instance: Instance) -> bool:
    """Say whether a rule asks for the mediators of a site that has a number of its own."""
    sites = tuple(site.model_copy(update={"mediators_min": 1}) for site in instance.sites)
    return any(_seats(instance.model_copy(update={"sites": sites})).values())
