"""Some sites close."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from models.instance import Instance
from models.issues import Issue, Sentence
from scenarios.changes.dropping import without_sites
from scenarios.changes.where import SiteChange


class CloseSite(SiteChange):
    """The sites meant close: centre, stations, workrooms or mobile points, with their posts and seats.

    Turns served there stay on the ledger. Remote posts elsewhere no longer serve them.
    """

    zh: ClassVar[str] = "关闭站点"
    en: ClassVar[str] = "sites close"

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Those of the sites; every site is never meant by leaving all out."""
        yield from super().faults(instance)
        if not (self.sites or self.site_kinds or self.areas):
            yield self.refusal("change_which_sites", "sites")

    def sentence(self, instance: Instance) -> Sentence:
        """Say which sites close, and how many posts with them."""
        after = self.changed(instance)
        posts = len(instance.posts) - len(after.posts)
        names = self.names(instance)
        return Sentence(
            f"关闭{names.zh}，取消 {posts} 个岗位", f"close {names.en}; {posts} posts end"
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance without the sites."""
        return without_sites(instance, {site.id for site in self.meant(instance)})
