"""What can be wrong with a foreign calendar, told without a word of it."""

from __future__ import annotations

from models.issues import Issue

_TEXTS = {
    "busy_size": (
        "日历文件太大",
        "The calendar file is too large",
        "请只导出需要的月份",
        "Export only the months that are needed",
    ),
    "busy_no_calendar": (
        "这不是可以读取的日历文件（.ics）",
        "This is not a readable calendar file (.ics)",
        "请从日历应用重新导出 .ics 文件",
        "Export the .ics file again from the calendar",
    ),
    "busy_too_much": (
        "日程或重复次数太多",
        "The calendar has too many events or repetitions",
        "请只导出需要的月份，或给重复日程设结束日期",
        "Export only the months that are needed, or end the repetition",
    ),
    "busy_unreadable": (
        "日程的时间或重复规则读不懂",
        "A time or repetition of the event cannot be read",
        "请在日历中改正或删除此日程后重新导出",
        "Mend or delete the event in the calendar and export again",
    ),
    "busy_times": (
        "日程的起止时间不合理",
        "The event's start and end do not fit together",
        "请在日历中改正此日程后重新导出",
        "Mend the event in the calendar and export again",
    ),
    "busy_zone": (
        "日程的时区不认识",
        "The event's time zone is not known",
        "请把日程改为北京时间后重新导出",
        "Set the event to Beijing time and export again",
    ),
    "busy_rule": (
        "日程的重复方式不支持（每小时或更密，或“此后全部”修改）",
        "The event's repetition is not supported (hourly or denser, or 'this and following')",
        "请改为按天、周、月、年重复，或写成单个日程",
        "Repeat by day, week, month or year, or enter single events",
    ),
}


def busy_issue(code: str, number: int | None = None) -> Issue:
    """Return the issue of the file, or of its event by number: its title is private."""
    cell = f"第 {number} 个日程 event {number}" if number else ""
    zh, en, mend_zh, mend_en = _TEXTS[code]
    return Issue(code=code, cell=cell, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en)
