"""Closed word lists of the store."""

from __future__ import annotations

from models.vocabulary import BilingualTerm, Term


class RosterState(Term):
    """Stage of a roster: draft → published → superseded | withdrawn."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被替代"
    WITHDRAWN = "withdrawn", "已撤回"


class AssignmentKind(Term):
    """Kind of a roster row."""

    ADVISER = "adviser", "法律顾问"
    MEDIATOR = "mediator", "专职调解员"
    DUTY = "duty", "值班"
    VISIT = "visit", "走访"
    STATION = "station", "站点"


class RequestKind(Term):
    """What a lawyer, a mediator or a firm asks the office for."""

    LEAVE = "leave", "请假"
    SWAP = "swap", "换班"


class RequestState(Term):
    """Where a request stands; ``models.store.people.requests.MOVES`` says how it gets there."""

    OFFERED = "offered", "待同事答复"
    OPEN = "open", "待办理"
    DRAFTED = "drafted", "待确认"
    ACCEPTED = "accepted", "已同意"
    REFUSED = "refused", "未同意"
    DECLINED = "declined", "同事不接"
    WITHDRAWN = "withdrawn", "已撤回"


class FeedKind(Term):
    """Whose calendar it is; a township is the area in which the place lies."""

    PERSON = "person", "人员"
    SITE = "site", "站点"
    VILLAGE = "village", "村居"
    TOWNSHIP = "township", "乡镇街道"
    FIRM = "firm", "机构"


class Role(BilingualTerm):
    """What an account is; city and county bureaus differ by their area alone. No account is public."""

    BUREAU = "bureau", "司法局", "bureau of justice"
    OFFICE = "office", "司法所", "township office of justice"
    FIRM = "firm", "执业机构", "firm"
    ADVISER = "adviser", "法律顾问、调解员", "adviser or mediator"
    PUBLIC = "public", "公众", "public"
