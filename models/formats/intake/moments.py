"""Reads dates, months and times of day in the formats offices use."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any, NamedTuple

from models.formats.intake.amounts import spoken_number
from models.formats.intake.cell_problem import CellError

EPOCH = dt.date(1899, 12, 30)
"""Day 0 of the spreadsheet calendar (1900 system, after its leap-year error)."""
EPOCH_1904 = dt.date(1904, 1, 1)
"""Day 0 of workbooks first made on old Macs."""
_SERIALS = range(20_000, 80_000)
"""Serial numbers taken for dates: years 1954 to 2119."""
_WEEKDAY_TAIL = re.compile(r"\(?(周|星期|礼拜)[一二三四五六日天]\)?$")
_MIDNIGHT_TAIL = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$")
_CLOCK_TAIL = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
_DATE = re.compile(r"^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)$")
_SHORT_YEAR = re.compile(r"^([2-4]\d(?=([-/.])\d{1,2}\2\d{1,2}$)|[2-4]\d(?=年\d{1,2}月\d))")
_SPOKEN = re.compile(r"[一二三四五六七八九十]{1,3}(?=[月日号])")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NO_YEAR = re.compile(r"^(?:(本|这个|当|上|下)?(\d{0,2})(?:[-/.]|月(?:份)?))?(\d{1,2})[日号]?$")
_NO_YEAR_MONTH = re.compile(r"^(\d{1,2}|[一二三四五六七八九十]{1,2})月份?$")
_NEAR_MONTHS = {"本月": 0, "当月": 0, "这个月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_YEAR_WORDS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "明年": 1}
_SPAN = re.compile(r"^(.+?)(?:[至到~—–－]|--|(?<=[日号])-|-(?=\d{4}[年./]))(.+)$")
_DAYS = re.compile(r"^\d{1,2}-\d{1,2}[日号]$")
_SHORT_SPAN = re.compile(r"^(\d{1,2}[./月])?(\d{1,2})-(\d{1,2}[./月])?(\d{1,2})([日号])?$")
_MONTH = re.compile(r"^(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?|(\d{2}))$")
_MONTHS = {
    word: n
    for n, word in enumerate(
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1
    )
}
_CLOCK = re.compile(
    r"^(\d{1,2})(?:[:.](\d{2})(?::00)?|[点时](?:(\d{1,2})分?)?(半)?|(?<=\d\d)(\d\d))$"
)
_CLOCK_HEAD = re.compile(r"^(上午|早上|早|中午|下午|晚上|晚)")
_SPOKEN_HOUR = re.compile(r"^[一二三四五六七八九十]{1,3}(?=[点时])")


class Around(NamedTuple):
    """What cells do not say themselves: the planned month, and day 0 of the file's serial dates."""

    month: str | None = None
    epoch: dt.date = EPOCH


NOWHERE = Around()
"""No month is planned and serial dates count from 1899-12-30."""


def parse_date(raw: Any, around: Around = NOWHERE) -> dt.date:
    """Return the day meant by a date, a serial number or a text such as ``2026年12月1日``.

    A date without a year is the one nearest to the planned month; a day without a month is in it.

    Raises
    ------
    CellError
        ``date_impossible`` (30 February), ``date_no_year``, ``date_two_readings`` (a number
        1.1 may be 1.10), ``date_has_time`` or ``date_unreadable``.
    """
    if isinstance(raw, (bool, dt.time, dt.timedelta)):
        raise CellError("date_unreadable")
    if isinstance(raw, (int, float)):
        raw = _from_number(raw, around)
    if isinstance(raw, dt.datetime):
        if raw.time() != dt.time():
            raise CellError("date_has_time")
        return raw.date()
    return raw if isinstance(raw, dt.date) else _from_text(raw, around)


def _from_number(number: float, around: Around) -> dt.date | str:
    if number >= 10_000_000 and float(number).is_integer():
        return str(int(number))
    start = (around.epoch - EPOCH).days
    if int(number) + start in _SERIALS:
        return dt.datetime.combine(EPOCH, dt.time()) + dt.timedelta(days=number + start)
    if around.month and 1 <= number < 13:
        return _typed_as_number(f"{number:g}")
    raise CellError("date_unreadable")


def _typed_as_number(text: str) -> str:
    """Return 1.5, typed into a cell that keeps numbers, as month and day; 1.1 may be 1.10."""
    _, _, day = text.partition(".")
    if not 1 <= len(day) <= 2:
        raise CellError("date_unreadable")
    if day in {"1", "2", "3"}:
        raise CellError("date_two_readings", word=text)
    return text


def _from_text(text: str, around: Around) -> dt.date:
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = _MIDNIGHT_TAIL.sub("", _WEEKDAY_TAIL.sub("", folded).strip())
    if _CLOCK_TAIL.search(folded):
        raise CellError("date_has_time")
    folded = _SHORT_YEAR.sub(r"20\1", folded_dates(folded))
    if re.fullmatch(r"\d{5}", folded):
        return parse_date(int(folded), around)
    match = _DATE.match(folded) or _COMPACT.match(folded)
    if not match:
        return _without_year(folded, around)
    year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
    return _day(year, month, day)


def folded_dates(text: str) -> str:
    """Return a text without blanks and with the numbers of days and months in digits."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("元月", "1月")
    return _SPOKEN.sub(lambda found: str(spoken_number(found[0]) or found[0]), plain)


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellError("date_impossible") from None


def _without_year(text: str, around: Around) -> dt.date:
    """Return the day of 1月5日, 1.5, 5号, 上月30日 or 去年12月20日."""
    years = _YEAR_WORDS.get(text[:2])
    match = _NO_YEAR.match(text[2:] if years is not None else text)
    is_month = match is not None and bool(match[2]) != bool(match[1])
    if match is None or _DAYS.match(text) or not (is_month or text[-1:] in "日号"):
        raise CellError("date_unreadable")
    if not around.month:
        raise CellError("date_no_year")
    year, month = map(int, around.month.split("-"))
    if match[1]:
        year, month = _later(year, month, {"上": -1, "下": 1}.get(match[1], 0))
    elif match[2]:
        year = year + years if years is not None else _nearest(around.month, int(match[2]))
        month = int(match[2])
    return _day(year, month, int(match[3]))


def _nearest(planned: str, month: int) -> int:
    """Return the year in which ``month`` is nearest to the planned month; half a year is unclear."""
    year, now = map(int, planned.split("-"))
    away = month - now
    if abs(away) == 6:
        raise CellError("date_no_year")
    return year if abs(away) < 6 else year - 1 if away > 0 else year + 1


def _later(year: int, month: int, months: int) -> tuple[int, int]:
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def parse_span(raw: Any, around: Around) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of 5-8日, 1月5日至8日 or 1.5-1.8; None for a single date.

    Raises
    ------
    CellError
        The text is a span of days that cannot be read.
    """
    if not isinstance(raw, str) or not around.month:
        return None
    text = "".join(unicodedata.normalize("NFKC", raw).split())
    if _DATE.match(text) or (_NO_YEAR.match(text) and not _DAYS.match(text)):
        return None
    match, short = _SPAN.match(text), _SHORT_SPAN.match(text)
    if short:
        month, first, other, last, _ = short.groups()
        begin, end = f"{month or ''}{first}", f"{other or month or ''}{last}"
    elif match:
        begin, end = match.groups()
        head = re.match(r"^(.*?[月./])\d{1,2}[日号]?$", begin)
        end = f"{head[1]}{end}" if head and re.fullmatch(r"\d{1,2}[日号]?", end) else end
    else:
        return None
    return _span_end(begin, around), _span_end(end, around)


def _span_end(text: str, around: Around) -> dt.date:
    return parse_date(f"{text}日" if re.fullmatch(r"\d{1,2}", text) else text, around)


def parse_month(raw: Any, around: Around = NOWHERE) -> str:
    """Return ``YYYY-MM`` for a month, a date in it or a serial number of such a date.

    A month without a year is the planned one or the last before it: what is past is counted.

    Raises
    ------
    CellError
        ``month_unreadable``.
    """
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    folded = "".join(unicodedata.normalize("NFKC", text).split()).replace("元月", "1月")
    match = _MONTH.match(folded)
    if match and not isinstance(raw, dt.date):
        year, *months = match.groups()
        month = int(next(part for part in months if part))
        if 1 <= month <= 12:
            return f"{year}-{month:02d}"
        raise CellError("month_unreadable")
    if around.month and (near := _month_near(folded, around.month)):
        return near
    try:
        return f"{parse_date(raw, around):%Y-%m}"
    except CellError:
        raise CellError("month_unreadable") from None


def _month_near(text: str, planned: str) -> str | None:
    """Return the month of 12月, 上月 or 去年12月, seen from the planned month."""
    year, month = map(int, planned.split("-"))
    if text in _NEAR_MONTHS:
        year, month = _later(year, month, _NEAR_MONTHS[text])
        return f"{year}-{month:02d}"
    years = _YEAR_WORDS.get(text[:2])
    match = _NO_YEAR_MONTH.match(text[2:] if years is not None else text)
    named = match and (int(match[1]) if match[1].isdigit() else _MONTHS.get(match[1], 0))
    if not named or not 1 <= named <= 12:
        return None
    year += years if years is not None else -1 if named > month else 0
    return f"{year}-{named:02d}"


def parse_clock(raw: Any) -> str:
    """Return ``HH:MM`` for a time of day, a fraction of a day or a text such as ``9点30分``.

    Raises
    ------
    CellError
        ``clock_unreadable``.
    """
    if isinstance(raw, dt.timedelta):
        raw = raw.total_seconds() / 86_400
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and 0 <= raw < 1:
        minutes = round(raw * 1440)
        return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
    if isinstance(raw, (dt.datetime, dt.time)):
        return f"{raw:%H:%M}"
    text = "".join(unicodedata.normalize("NFKC", str(raw)).split())
    head = _CLOCK_HEAD.match(text)
    text = _SPOKEN_HOUR.sub(lambda found: str(spoken_number(found[0])), _CLOCK_HEAD.sub("", text))
    match = _CLOCK.match(text)
    if not match:
        raise CellError("clock_unreadable")
    hour, minute, spoken, half, compact = match.groups()
    minute = "30" if half else minute or spoken or compact or "0"
    is_late = head is not None and head[1] in {"下午", "晚上", "晚"} and int(hour) < 12
    hours = int(hour) + 12 * is_late
    if hours > 23 or int(minute) > 59:
        raise CellError("clock_unreadable")
    return f"{hours:02d}:{int(minute):02d}"
