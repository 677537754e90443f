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


class NoticeKind(Term):
    """What a notice tells."""

    CHANGE = "change", "变动"
    DIGEST = "digest", "变动汇总"
    REQUEST = "request", "申请"
    REMINDER = "reminder", "提醒"
    DEADLINE = "deadline", "截止"


class NoticeWay(Term):
    """By which way a notice goes out."""

    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"
    WEBHOOK = "webhook", "单位消息系统"
    WECOM = "wecom", "企业微信群"
    DINGTALK = "dingtalk", "钉钉群"
    FEISHU = "feishu", "飞书群"
    HAND = "hand", "人工告知"


class NoticeState(Term):
    """Where a notice stands, or the message that carries it."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    UNSURE = "unsure", "不确定是否送达"
    UNDELIVERED = "undelivered", "未送达"
    NO_WAY = "no_way", "无发送方式"
    UNNEEDED = "unneeded", "无需告知"
    TOLD = "told", "已人工告知"


class NoticeFault(Term):
    """Why a message was not taken."""

    UNREACHABLE = "unreachable", "对方服务器连不上"
    REFUSED = "refused", "对方服务器拒收"
    NO_ADDRESSEE = "no_addressee", "收件地址无效"
    NOT_LET_IN = "not_let_in", "密钥、签名或关键词不对"
    TOO_FAST = "too_fast", "发送过快"
    BANNED = "banned", "机器人被暂停十分钟"


class Role(BilingualTerm):
    """What an account is; city and county bureaus differ by their area alone. No account is public."""

    BUREAU = "bureau", "司法局", "bureau of justice"
    OFFICE = "office", "司法所", "township office of justice"
    FIRM = "firm", "执业机构", "firm"
    ADVISER = "adviser", "法律顾问、调解员", "adviser or mediator"
    PUBLIC = "public", "公众", "public"
