"""The actions of the service: one word each, with labels."""

from __future__ import annotations

from models.vocabulary import BilingualTerm


class Action(BilingualTerm):
    """Something an actor wants to do at a place."""

    READ_SHEET = "read_sheet", "查看公示表", "read the printed sheet"
    READ_INSTANCE = "read_instance", "查看基础数据", "read the data"
    UPLOAD_INSTANCE = "upload_instance", "上传基础数据", "upload data"
    PATCH_INSTANCE = "patch_instance", "修改站点、岗位", "change stations and posts"
    READ_LEAVE = "read_leave", "查看请假", "read leave"
    EDIT_LEAVE = "edit_leave", "登记请假", "enter leave"
    EDIT_BUSY = "edit_busy", "登记忙闲日历", "enter a person's own calendar"
    ASK_LEAVE = "ask_leave", "申请请假", "ask for leave"
    EDIT_WISHES = "edit_wishes", "填写意愿", "enter wishes"
    SOLVE = "solve", "排班求解", "solve"
    READ_QUESTION = "read_question", "查看假设分析", "read what-if questions"
    ASK_QUESTION = "ask_question", "假设分析", "ask what-if questions, promote and delete answers"
    READ_DRAFT = "read_draft", "查看草稿", "read drafts"
    EDIT_DRAFT = "edit_draft", "修改草稿", "edit drafts"
    PIN = "pin", "固定安排", "pin assignments"
    PUBLISH = "publish", "发布", "publish"
    WITHDRAW = "withdraw", "撤回发布", "withdraw a publication"
    READ_PUBLISHED = "read_published", "查看已发布的安排", "read published duties"
    NAME_LAWYER = "name_lawyer", "指派本机构人员", "name the firm's people"
    ASK_SWAP = "ask_swap", "申请换班", "ask for a swap"
    DECIDE = "decide", "办理申请", "decide on requests"
    CANDIDATES = "candidates", "查看可替换人员", "list candidates"
    UNMET = "unmet", "查看未满足需求", "read unmet demand"
    FAIRNESS = "fairness", "查看均衡情况", "read fairness"
    KPIS = "kpis", "查看指标", "read figures"
    READ_ATTENDANCE = "read_attendance", "查看出勤", "read attendance and work"
    ENTER_ATTENDANCE = "enter_attendance", "填报出勤", "enter attendance and work"
    READ_MONEY = "read_money", "查看结算", "read what is paid"
    CLOSE_MONTH = "close_month", "结转月份", "open and close months"
    FEED_TOKEN = "feed_token", "管理日历订阅链接", "make and revoke feed links"
    READ_NOTICES = "read_notices", "查看通知", "see what became of notices"
    PASS_NOTICES = "pass_notices", "转告通知、管理通知群", "pass notices on, manage groups"
    CHOOSE_NOTICES = "choose_notices", "选择通知方式", "choose how to be told"
    OWN_ACCOUNT = "own_account", "管理本人账号", "change the own password, end own sessions"
    API_TOKENS = "api_tokens", "管理接口令牌", "make and revoke API tokens"
    USERS = "users", "管理用户", "manage users"
    LOG = "log", "查看操作日志", "read the log"
    READ_RULES = "read_rules", "查看规则", "read rules"
    EDIT_RULES = "edit_rules", "修改规则", "change rules"
    OPERATE = "operate", "运行维护", "operate the service, read its metrics"

    @property
    def shown_by(self) -> Action:
        """The action that lets an actor know that the thing exists; the action itself if none does.

        A refusal says "not allowed" only to those who may take that action; for all others the
        thing does not seem to exist.
        """
        return _SHOWN_BY.get(self, self)


_SHOWN_BY = {
    Action.UPLOAD_INSTANCE: Action.READ_INSTANCE,
    Action.PATCH_INSTANCE: Action.READ_INSTANCE,
    Action.SOLVE: Action.READ_INSTANCE,
    Action.ASK_QUESTION: Action.READ_QUESTION,
    Action.EDIT_LEAVE: Action.READ_LEAVE,
    Action.EDIT_BUSY: Action.READ_LEAVE,
    Action.ASK_LEAVE: Action.READ_LEAVE,
    Action.EDIT_DRAFT: Action.READ_DRAFT,
    Action.PIN: Action.READ_DRAFT,
    Action.PUBLISH: Action.READ_DRAFT,
    Action.WITHDRAW: Action.READ_PUBLISHED,
    Action.ASK_SWAP: Action.READ_PUBLISHED,
    Action.NAME_LAWYER: Action.READ_PUBLISHED,
    Action.EDIT_RULES: Action.READ_RULES,
    Action.ENTER_ATTENDANCE: Action.READ_ATTENDANCE,
    Action.CLOSE_MONTH: Action.READ_INSTANCE,
    Action.PASS_NOTICES: Action.READ_NOTICES,
}
