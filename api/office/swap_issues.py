"""What can be wrong with a request for a swap."""

from __future__ import annotations

from models.issues import Issue

_TEXTS = {
    "swap_late": (
        "换班须在值班 {days} 天前申请",
        "A swap is asked for {days} day(s) before the duty at the latest",
        "请与司法局、司法所联系，由其代为申请",
        "Call the office, which may ask at any time",
    ),
    "swap_no_duty": (
        "此人在这个时段没有已发布的值班",
        "This person has no published duty in this part of the day",
        "请核对日期和时段；村居走访改期请与司法所联系",
        "Check date and part; to move a visit, call the office",
    ),
    "swap_several_duties": (
        "此人在这个时段有几个值班",
        "This person has several duties in this part of the day",
        "请与司法局、司法所联系",
        "Call the office",
    ),
    "swap_nobody": (
        "没有这个人，或排班时还没有此人",
        "There is no such person, or was none when the roster was planned",
        "请填写人员编号或准确的姓名；新来的人员须重新排班后才能接班",
        "Give the person's id or exact name; somebody new takes duties over once it is planned anew",
    ),
    "swap_namesakes": (
        "有 {count} 人同名",
        "{count} people have this name",
        "请填写人员编号",
        "Give the person's id",
    ),
    "swap_self": (
        "不能与自己换班",
        "Nobody swaps with themselves",
        "请填写另一人，或不填，由司法所找人",
        "Name somebody else, or nobody, and the office finds one",
    ),
    "swap_return_of_nobody": (
        "互换须写明与谁换",
        "An exchange names the colleague",
        "请填写 to",
        "Give 'to'",
    ),
    "swap_apart": (
        "互换的两个值班不在同一区划、同一月份的排班里",
        "The two duties are not in one roster, of one area and month",
        "请分别申请转让",
        "Give each of them away on its own",
    ),
}


def swap_issue(code: str, cell: str, value: str = "", **words: object) -> Issue:
    """Return the issue at one field of the request."""
    zh, en, mend_zh, mend_en = (text.format(**words) for text in _TEXTS[code])
    return Issue(
        code=code,
        table="body",
        cell=f"$.{cell}",
        value=value[:60],
        zh=zh,
        en=en,
        mend_zh=mend_zh,
        mend_en=mend_en,
    )
