"""Changed posts: different days, head counts, or stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from models.places import Post
from models.recurrence import Recurrence
from models.rows import Id
from models.slots import expand
from models.vocabulary import Part, PostKind
from scenarios.changes.base import listed
from scenarios.changes.dropping import without_lost_pins, without_posts
from scenarios.changes.where import SiteChange


class Posts(SiteChange):
    """The posts meant get another head count, standby, pattern of dates or parts of the day, or ``stop``.

    Posts of the sites that fit, of these the ``posts`` and ``kinds`` given.
    """

    zh: ClassVar[str] = "岗位"
    en: ClassVar[str] = "posts"

    posts: tuple[Id, ...] = Field((), title="岗位编号", examples=["Z001-咨询"])
    kinds: tuple[PostKind, ...] = Field((), title="岗位类别", examples=["法律咨询"])
    head_count: Annotated[int, Field(ge=1, le=50)] | None = Field(None, title="人数", examples=[2])
    standby: Annotated[int, Field(ge=0, le=10)] | None = Field(None, title="备班人数", examples=[1])
    recurrence: Recurrence | None = Field(None, title="日期规律", examples=["工作日"])
    parts: tuple[Part, ...] = Field((), title="时段", description="不填则不变", examples=["上午"])
    stop: bool = Field(False, title="停止", description="取消这些岗位", examples=[False])

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Those of the sites, unknown posts, no post that fits, nothing to do, too few for the mix."""
        faults = [
            *super().faults(instance),
            *self.unknown("posts", instance.post_by_id, "岗位"),
        ]
        yield from faults
        asked = (self.head_count, self.standby, self.recurrence, self.parts or None)
        if self.stop == any(value is not None for value in asked):
            yield self.refusal("change_posts_how", "stop")
        if faults:
            return
        posts = self._posts(instance)
        if not posts:
            yield self.refusal("change_no_post", "posts")
        small = [p.id for p in posts if sum(p.mix.values()) > (self.head_count or p.head_count)]
        if small:
            yield self.refusal(
                "change_posts_mix",
                "head_count",
                posts=listed(small, "等 {} 个岗位"),
                posts_en=listed(small, " … {} posts", ", "),
            )

    def sentence(self, instance: Instance) -> Sentence:
        """Say how many posts change and how, and the seats of the month before and after."""
        posts = self._posts(instance)
        names = [f"{instance.site_by_id[p.site].name}{p.name}" for p in posts]
        zh, en = listed(names, "等 {} 个岗位"), listed(names, " … {} posts", ", ")
        how_zh, how_en = ["停止"] if self.stop else [], ["stop"] if self.stop else []
        for value, text_zh, text_en in (
            (self.head_count, "每班 {} 人", "{} people each"),
            (self.standby, "备班 {} 人", "{} standing by"),
            (self.recurrence, "改为{}", "on {}"),
            ("、".join(part.label for part in self.parts) or None, "{}", "parts {}"),
        ):
            if value is not None:
                how_zh.append(text_zh.format(value))
                how_en.append(text_en.format(value))
        before, after = _seats(instance), _seats(self.changed(instance))
        return Sentence(
            f"{zh}：{'，'.join(how_zh)}；全月班次 {before}→{after}",
            f"{en}: {', '.join(how_en)}; duty seats of the month {before}→{after}",
        )

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the posts; pins to slots that no longer exist are dropped."""
        meant = {post.id for post in self._posts(instance)}
        if self.stop:
            return without_posts(instance, meant)
        given = {
            "head_count": self.head_count,
            "standby": self.standby,
            "recurrence": self.recurrence,
            "parts": self.parts or None,
        }
        update: dict[str, object] = {f: value for f, value in given.items() if value is not None}
        if self.head_count is not None:
            update["head_counts"] = {}  # the same number on every day
        posts = tuple(
            post.model_copy(update=update) if post.id in meant else post for post in instance.posts
        )
        return without_lost_pins(instance.model_copy(update={"posts": posts}))

    def _posts(self, instance: Instance) -> list[Post]:
        sites = {site.id for site in self.meant(instance)}
        return [
            post
            for post in instance.posts
            if post.site in sites
            and (not self.posts or post.id in self.posts)
            and (not self.kinds or post.kind in self.kinds)
        ]


def _seats(instance: Instance) -> int:
    return sum(slot.head_count for slot in expand(instance, instance.settings.month))
