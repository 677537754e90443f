"""The log's words as an office reads them; a word that is not here is shown as it is."""

from __future__ import annotations

SUBJECTS = {
    "area": "本地资料",
    "roster": "排班",
    "request": "申请",
    "job": "任务",
    "user": "用户",
    "feed": "日历链接",
    "instance": "资料版本",
    "busy": "本人日历",
    "person": "人员",
}
"""Kinds of things that the log tells of, as they stand before the colon of a target."""

ACTIONS = {
    "acknowledge": "确认违规后发布",
    "accept": "同意",
    "agree": "愿意接班",
    "ask": "提出申请",
    "confirm": "确认换班",
    "decline": "不接班",
    "delete_draft": "删除草稿",
    "delete_question": "删除假设分析",
    "disable_user": "停用用户",
    "draft": "换班拟稿",
    "edit_assignment": "修改排班",
    "forget_busy_calendar": "取消本人日历",
    "issue_api_token": "发放接口令牌",
    "issue_feed_token": "发放日历链接",
    "keep_busy_calendar": "登记本人日历",
    "promote": "采用假设方案",
    "publish": "发布",
    "put_draft": "存草稿",
    "put_instance": "存资料版本",
    "put_job": "提交任务",
    "put_user": "登记用户",
    "refuse": "不同意",
    "remove_pin": "取消固定",
    "remove_pins": "取消固定（多处）",
    "revoke_api_tokens": "撤销接口令牌",
    "revoke_feed_token": "撤销日历链接",
    "set_current": "启用资料",
    "set_pin": "固定安排",
    "set_pins": "固定安排（多处）",
    "change_row": "修改资料行",
    "choose_notices": "选择通知方式",
    "close_notice_group": "移除通知群",
    "forget_notice_choice": "恢复默认通知方式",
    "keep_notice_group": "添加通知群",
    "read_personal": "查阅个人信息",
    "sign_in": "登录",
    "tell_by_hand": "人工告知",
    "withdraw": "撤回",
}
"""What was done."""


def subject_words(target: str) -> str:
    """Return a target of the log in Chinese: 排班 7."""
    kind, _, key = target.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {key}"
