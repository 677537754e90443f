"""Selects the sites that a Change applies to."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.places import Site
from models.rows import Id
from models.vocabulary import SiteKind
from scenarios.changes.base import Change, areas_within, listed


class SiteChange(Change, ABC):
    """A Change about sites: those that fit everything given, all if nothing is."""

    sites: tuple[Id, ...] = Field((), title="站点", description="站点编号", examples=["Z001"])
    site_kinds: tuple[SiteKind, ...] = Field((), title="站点类别", examples=["公共法律服务工作站"])
    areas: tuple[Id, ...] = Field(
        (), title="所属区划", description="这些区划及其下级", examples=["410105001"]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Unknown ids, or no site that fits."""
        unknown = [
            *self.unknown("sites", instance.site_by_id, "站点"),
            *self.unknown("areas", instance.area_by_id, "区划"),
        ]
        yield from unknown
        if not unknown and not self.meant(instance):
            yield self.refusal("change_no_site", "sites")

    def meant(self, instance: Instance) -> tuple[Site, ...]:
        """Return the sites meant, in the order of the instance."""
        areas = areas_within(instance, self.areas)
        return tuple(
            site
            for site in instance.sites
            if (not self.sites or site.id in self.sites)
            and (not self.site_kinds or site.kind in self.site_kinds)
            and (not self.areas or site.area in areas)
        )

    def names(self, instance: Instance) -> Sentence:
        """Return the sites meant: named where they were, else by kind, place and number."""
        meant = self.meant(instance)
        if self.sites:
            names = [site.name for site in meant]
            return Sentence(listed(names, "等 {} 处"), listed(names, " … {} sites", ", "))
        areas = [instance.area_by_id[area].name for area in self.areas]
        kinds_zh = "、".join(kind.label for kind in self.site_kinds) or "站点"
        kinds_en = ", ".join(kind.value for kind in self.site_kinds) or "any kind"
        where_en = f" in {listed(areas, ' …', ', ')}" if areas else ""
        return Sentence(
            f"{listed(areas, '等')}各{kinds_zh}（共 {len(meant)} 处）",
            f"{len(meant)} sites ({kinds_en}){where_en}",
        )
