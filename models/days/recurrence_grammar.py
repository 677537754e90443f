"""How recurring days are written: from a clerk's text to a day pattern.

Each reader returns None for a text of another kind, and raises ``ValueError`` with a stable code
for a text of its kind that is impossible.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

from models.days.day_patterns import (
    LAST,
    WEEK,
    Branches,
    Dates,
    DayPattern,
    DaysOfMonth,
    EveryDay,
    EveryNth,
    LastDigits,
    LunarDays,
    NthWeekday,
    RestDays,
    Weekdays,
    Workdays,
)
from models.days.lunar_days import ANIMALS, BRANCHES

_LONGEST_TEXT = 6000  # characters: room for a year of explicit dates

_SEPARATORS = re.compile(r"[、,;/\s和及与]+")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_NUMERAL = r"[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_EVERY_NTH = re.compile(
    rf"(?:每({_NUMERAL})[天日]|every\s*([0-9]{{1,3}})\s*days?)"
    r"[\s,;(]*(?:(?:自|从|from)\s*(.*?))?起?\)?"
)
_WEEKDAY = r"(?:周|星期|礼拜)"
_NTH_WEEKDAY = re.compile(
    rf"每个?月(?:的)?(?:第(.+?)个|(最后|最末|末尾?|倒数第(?=[一1]))[一1]?个?|(首)个?){_WEEKDAY}([一二三四五六日天1-7])"
)
_DAYS_OF_MONTH = re.compile(r"(?:每个?月的?(?=[^逢]+$)|(?=[0-9日号、,和及与\s]+$))(.+)[日号]")
_WEEKDAYS = re.compile(rf"每?逢?{_WEEKDAY}")
_WEEKDAY_TOKEN = re.compile(rf"(?:每?逢?{_WEEKDAY})?([一二三四五六日天末1-7]+)")
_RUN_ON = re.compile(rf"(?<=[一二三四五六日天])(?=每?{_WEEKDAY})")
"""Between 周二 and 周四 in 周二周四."""
_RANGE = re.compile(
    rf"每?{_WEEKDAY}([一二三四五六日天1-7])[至到~—–-]{_WEEKDAY}?([一二三四五六日天1-7])"
)
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_TOKEN = re.compile(r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?")
_DIGITS = re.compile(r"(?:每月)?(公历|阳历|新历|农历|阴历|旧历)?\s*(每?逢)?(.+)")
_LUNAR_FIRST = re.compile(r"^每?逢(公历|阳历|新历|农历|阴历|旧历)")
_LUNAR_DAYS = re.compile(
    r"(?:每月)?(?:农历|阴历|旧历)?(?:每月)?(?:每?逢)?((?:初|十|廿|二十|三十|[、,和及 日])[初十廿二三四五六七八九一、,和及 日]*)"
)
_LUNAR_DAY = re.compile(
    r"初[一二三四五六七八九十]|二?十[一二三四五六七八九]|廿[一二三四五六七八九]?|[二三]?十"
)
_ODD = {"单日", "逢单", "逢单日", "单号", "每逢单日", "单数日"}
_EVEN = {"双日", "逢双", "逢双日", "双号", "每逢双日", "双数日"}
_EVERY_OTHER = re.compile(
    rf"^(?:隔周|每隔一周|每两周|单双周|两周一次|单周|双周)(?:的)?(?:{_WEEKDAY}.+)?$"
)
_HOLIDAYS_OFF = re.compile(r"\([^()]*(?:节假日|法定|放假|休)[^()]*\)$")
_SPOKEN = re.compile("[一二三四五六七八九]*十?")
_BRANCHES = re.compile(f"[{BRANCHES}{ANIMALS}]+")

_REST_DAYS = {
    *(
        "休息日",
        "每个休息日",
        "非工作日",
        "节假日和周末",
        "周末和节假日",
        "周末及节假日",
        "双休日和节假日",
    ),
    *("周末、节假日", "双休日及节假日", "rest day", "rest days", "days off"),
}
"""Days that are not worked, as offices write them."""

_EVERY_DAY = {
    *("每天", "每日", "天天", "全年", "全月", "24小时", "每天24小时", "周一至周日"),
    *("daily", "every day", "everyday"),
}
_WORKDAYS = {
    *("工作日", "每个工作日", "每工作日", "法定工作日", "正常工作日", "上班日", "每个上班日"),
    *("workday", "workdays", "every workday"),
}
_DIGIT = {char: n for n, char in enumerate("〇一二三四五六七八九")} | {"两": 2}


def read_pattern(text: str) -> DayPattern:
    """Return the pattern that ``text`` describes.

    Raises
    ------
    ValueError
        The text is empty, too long, of no known kind, or impossible; the message starts
        with a code: ``recurrence_empty``, ``recurrence_long``, ``recurrence_unknown``,
        ``recurrence_weekday``, ``recurrence_digit``, ``recurrence_interval``,
        ``recurrence_anchor``, ``recurrence_ordinal``, ``recurrence_day``, ``recurrence_date``.
    """
    if len(text) > _LONGEST_TEXT:
        raise _refused("recurrence_long", text)
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = _LUNAR_FIRST.sub(r"\1逢", _HOLIDAYS_OFF.sub("", plain).strip())
    if not plain:
        raise _refused("recurrence_empty", text)
    for reader in _READERS:
        pattern = reader(plain)
        if pattern is not None:
            return pattern
    raise _refused("recurrence_unknown", text)


def _refused(code: str, text: str) -> ValueError:
    """Return the error for ``text``, which is shown shortened and without control characters."""
    shown = "".join(char for char in text[:40] if char.isprintable())
    return ValueError(f"{code} 「{shown}」")


def _tokens(text: str) -> list[str]:
    """Split at separators and blanks."""
    return [token for token in _SEPARATORS.split(text) if token]


def _number(text: str) -> int | None:
    """Return an Arabic number or a Chinese one below a hundred, else None."""
    if re.fullmatch("[0-9]{1,3}", text):
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGIT.get(text)
    if (tens and tens not in _DIGIT) or (ones and ones not in _DIGIT):
        return None
    return _DIGIT.get(tens, 1) * 10 + _DIGIT.get(ones, 0)


def _ascending(numbers: set[int]) -> tuple[int, ...]:
    """Return the numbers once each, in order."""
    return tuple(sorted(numbers))


def _read_words(text: str) -> DayPattern | None:
    """Read 每天, 工作日, 休息日, 单日 and 双日."""
    if text in _EVERY_DAY:
        return EveryDay()
    if text in _WORKDAYS:
        return Workdays()
    if text in _REST_DAYS:
        return RestDays()
    if text in _ODD or text in _EVEN:
        return DaysOfMonth(tuple(range(1 if text in _ODD else 2, 32, 2)))
    if text in {"双休日", "双休", "周六日", "六日"}:
        return Weekdays((6, 7))
    return None


def _read_every_other_week(text: str) -> DayPattern | None:
    """Refuse 隔周周三: it does not say from which week to count."""
    if _EVERY_OTHER.match(text):
        raise _refused("recurrence_anchor", text)
    return None


def _read_lunar_days(text: str) -> DayPattern | None:
    """Read 初一十五, 农历初五、十五; 逢初五、初十 are last digits, as on markets."""
    match = _LUNAR_DAYS.fullmatch(text)
    if match is None or "初" not in match[1]:
        return None
    words = _LUNAR_DAY.findall(match[1])
    if "".join(words) != re.sub("[、,和及 日]", "", match[1]):
        raise _refused("recurrence_day", text)
    days = _ascending({_lunar_number(word) for word in words})
    if "逢" in text and days[-1] <= 10:
        return LastDigits(_ascending({day % 10 for day in days}), lunar=True)
    return LunarDays(days)


def _lunar_number(word: str) -> int:
    """Return 1–30 for 初一 … 三十."""
    number = _number(re.sub("^初", "", re.sub("^廿$", "二十", word)).replace("廿", "二十"))
    return number or 10


def _read_dates(text: str) -> DayPattern | None:
    """Read explicit dates: 2026-12-04、2026-12-18, 2026年12月4日."""
    found = _DATE.findall(text)
    if not found or _tokens(_DATE.sub(" ", text)):
        return None
    dates = {_date(part, text) for part in found}
    return Dates(tuple(sorted(dates)))


def _date(part: tuple[str, str, str], text: str) -> dt.date:
    """Return the date of year, month, day."""
    try:
        return dt.date(*map(int, part))
    except ValueError as error:
        raise _refused("recurrence_date", text) from error


def _read_every_nth(text: str) -> DayPattern | None:
    """Read 每3天 自2026-01-01."""
    match = _EVERY_NTH.fullmatch(text)
    if match is None:
        return None
    days = _number(match[1] or match[2])
    if days is None or not 1 <= days <= 366:
        raise _refused("recurrence_interval", text)
    start = _DATE.fullmatch(match[3] or "")
    if start is None:
        raise _refused("recurrence_anchor", text)
    return EveryNth(days, _date((start[1], start[2], start[3]), text))


def _read_nth_weekday(text: str) -> DayPattern | None:
    """Read 每月第1个周三, 每月第2、4个周六, 每月最后一个周五."""
    match = _NTH_WEEKDAY.fullmatch(text)
    if match is None:
        return None
    weekday = _weekday(match[4])
    if match[2] or match[3]:
        return NthWeekday((LAST if match[2] else 1,), weekday)
    numbers = [_number(token.removeprefix("第")) for token in _tokens(match[1])]
    ordinals = {number for number in numbers if number is not None and 1 <= number <= 5}
    if not numbers or len(ordinals) < len(set(numbers)):
        raise _refused("recurrence_ordinal", text)
    return NthWeekday(_ascending(ordinals), weekday)


def _read_days_of_month(text: str) -> DayPattern | None:
    """Read 每月18日, 每月5、15、25日."""
    match = _DAYS_OF_MONTH.fullmatch(text)
    if match is None:
        return None
    tokens = _tokens(match[1])
    numbers = [_number(token.removeprefix("每月").rstrip("日号")) for token in tokens]
    days = {number for number in numbers if number is not None and 1 <= number <= 31}
    if not numbers or len(days) < len(set(numbers)):
        raise _refused("recurrence_day", text)
    return DaysOfMonth(_ascending(days))


def _weekday(char: str) -> int:
    """Return 1–7 for 一…日, 天 or a digit."""
    return int(char) if char.isdecimal() else WEEK.index(char.replace("天", "日")) + 1


def _span(first: int, last: int, text: str) -> Weekdays:
    """Return the weekdays from ``first`` to ``last``, which may not lie before it."""
    if last < first:
        raise _refused("recurrence_weekday", text)
    return Weekdays(tuple(range(first, last + 1)))


def _read_weekdays(text: str) -> DayPattern | None:
    """Read 周二、周四, 星期二, 每周一、三, 周一至周五, 周末."""
    if _WEEKDAYS.match(text) is None:
        return None
    span = _RANGE.fullmatch(text)
    if span is not None:
        return _span(_weekday(span[1]), _weekday(span[2]), text)
    matches = [_WEEKDAY_TOKEN.fullmatch(token) for token in _tokens(_RUN_ON.sub(" ", text))]
    chars = "".join(match[1] if match else "?" for match in matches).replace("末", "六日")
    if "?" in chars:
        raise _refused("recurrence_weekday", text)
    return Weekdays(_ascending({_weekday(char) for char in chars}))


def _read_english_weekdays(text: str) -> DayPattern | None:
    """Read mon;thu, Monday, Thursday, mon-fri."""
    parts = text.split("-") if "-" in text else _tokens(text)
    matches = [_ENGLISH_TOKEN.fullmatch(part.strip()) for part in parts]
    numbers = [_ENGLISH_DAYS.index(match[1][:3]) + 1 for match in matches if match]
    if not numbers or len(numbers) < len(parts):
        return None
    if "-" in text:
        return _span(numbers[0], numbers[-1], text) if len(numbers) == 2 else None
    return Weekdays(_ascending(set(numbers)))


def _read_branches(text: str) -> DayPattern | None:
    """Read 逢辰、戌, 辰戌日, 逢龙、狗; a lone 午 without 逢 or 日 is ambiguous."""
    tokens = [re.sub("^每?[逢属]|日$", "", token) for token in _tokens(text)]
    chars = "".join(tokens).replace("逢", "").replace("属", "")
    if not _BRANCHES.fullmatch(chars) or (len(chars) == 1 and text == chars):
        return None
    indices = {(BRANCHES + ANIMALS).index(char) % 12 for char in chars}
    return Branches(_ascending(indices))


def _read_digits(text: str) -> DayPattern | None:
    """Read 逢1、5、8, 逢四, 公历逢3、8, 农历逢2、5, 农历二五十, 逢二遇七."""
    match = _DIGITS.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    tokens = _tokens(re.sub("[逢遇]", " ", match[3]))
    digits: set[int] = set()
    for token in tokens:
        digits |= _digits(token.rstrip("日号"), text)
    if not digits:
        raise _refused("recurrence_digit", text)
    return LastDigits(_ascending(digits), lunar=match[1] in {"农历", "阴历", "旧历"})


def _digits(token: str, text: str) -> set[int]:
    """Return the digits of one token: a single number, or digits run together such as 二五十.

    十 must come last: 二五十 is 2, 5 and 10, but 十五 may be meant as fifteen.
    """
    if re.fullmatch("[0-9]|10", token):
        return {int(token) % 10}
    if not token or not _SPOKEN.fullmatch(token):
        raise _refused("recurrence_digit", text)
    return {_DIGIT.get(char, 0) for char in token}


_READERS: tuple[Callable[[str], DayPattern | None], ...] = (
    _read_words,
    _read_every_other_week,
    _read_lunar_days,
    _read_dates,
    _read_every_nth,
    _read_nth_weekday,
    _read_days_of_month,
    _read_weekdays,
    _read_english_weekdays,
    _read_branches,
    _read_digits,
)
