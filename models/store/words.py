"""Closed word lists of the store."""

from __future__ import annotations

from models.vocabulary import Term


class Stage(Term):
    """Where a roster stands: draft → published → superseded | withdrawn."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被替代"
    WITHDRAWN = "withdrawn", "已撤回"


class AssignmentKind(Term):
    """What a row of a roster is."""

    ADVISER = "adviser", "法律顾问"
    MEDIATOR = "mediator", "调解席位"
    DUTY = "duty", "值班"
    VISIT = "visit", "走访"
    STATION = "station", "站点"


class FeedKind(Term):
    """Whose calendar it is; a township is the area in which the place lies."""

    PERSON = "person", "人员"
    SITE = "site", "站点"
    VILLAGE = "village", "村居"
    TOWNSHIP = "township", "乡镇街道"


class Role(Term):
    """What a user may do; the rights themselves are the service's."""

    BUREAU = "bureau", "司法局"
    TOWNSHIP = "township", "司法所"
    FIRM = "firm", "机构"
    ADVISER = "adviser", "法律顾问"
    MEDIATOR = "mediator", "调解员"


class JobState(Term):
    """How far a job is."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"
