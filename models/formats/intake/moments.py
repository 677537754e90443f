"""Reads dates, months and times of day in the formats offices use."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from models.formats.intake.cell_problem import CellError

_EPOCH = dt.datetime(1899, 12, 30)
"""Day 0 of the spreadsheet calendar (1900 system, after its leap-year error)."""
_SERIALS = range(20_000, 80_000)
"""Serial numbers taken for dates: years 1954 to 2119."""
_WEEKDAY_TAIL = re.compile(r"\(?(周|星期|礼拜)[一二三四五六日天]\)?$")
_MIDNIGHT_TAIL = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$")
_CLOCK_TAIL = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
_DATE = re.compile(r"^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NO_YEAR = re.compile(r"^\d{1,2}(?:[-/.]\d{1,2}|月\d{1,2}[日号]?)$")
_MONTH = re.compile(r"^(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?|(\d{2}))$")
_CLOCK = re.compile(r"^(\d{1,2})(?::(\d{2})(?::00)?|[点时](?:(\d{1,2})分?)?(半)?)$")


def parse_date(raw: Any) -> dt.date:
    """Return the day meant by a date, a serial number or a text such as ``2026年12月1日``.

    Raises
    ------
    CellError
        ``date_impossible`` (30 February), ``date_no_year``, ``date_has_time`` or
        ``date_unreadable``.
    """
    if isinstance(raw, (bool, dt.time, dt.timedelta)):
        raise CellError("date_unreadable")
    if isinstance(raw, (int, float)):
        raw = _from_number(raw)
    if isinstance(raw, dt.datetime):
        if raw.time() != dt.time():
            raise CellError("date_has_time")
        return raw.date()
    return raw if isinstance(raw, dt.date) else _from_text(raw)


def _from_number(number: float) -> dt.datetime | str:
    if number >= 10_000_000 and float(number).is_integer():
        return str(int(number))
    if int(number) not in _SERIALS:
        raise CellError("date_unreadable")
    return _EPOCH + dt.timedelta(days=number)


def _from_text(text: str) -> dt.date:
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = _MIDNIGHT_TAIL.sub("", _WEEKDAY_TAIL.sub("", folded).strip())
    if _CLOCK_TAIL.search(folded):
        raise CellError("date_has_time")
    folded = "".join(folded.split())
    if _NO_YEAR.match(folded):
        raise CellError("date_no_year")
    if re.fullmatch(r"\d{5}", folded):
        return parse_date(int(folded))
    match = _DATE.match(folded) or _COMPACT.match(folded)
    if not match:
        raise CellError("date_unreadable")
    year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellError("date_impossible") from None


def parse_month(raw: Any) -> str:
    """Return ``YYYY-MM`` for a month, a date in it or a serial number of such a date.

    Raises
    ------
    CellError
        ``month_unreadable``.
    """
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    match = _MONTH.match(folded)
    if match and not isinstance(raw, dt.date):
        year, *months = match.groups()
        month = int(next(part for part in months if part))
        if 1 <= month <= 12:
            return f"{year}-{month:02d}"
        raise CellError("month_unreadable")
    try:
        return f"{parse_date(raw):%Y-%m}"
    except CellError:
        raise CellError("month_unreadable") from None


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
    match = _CLOCK.match("".join(unicodedata.normalize("NFKC", str(raw)).split()))
    if not match:
        raise CellError("clock_unreadable")
    hour, minute, spoken, half = match.groups()
    minute = "30" if half else minute or spoken or "0"
    if int(hour) > 23 or int(minute) > 59:
        raise CellError("clock_unreadable")
    return f"{int(hour):02d}:{int(minute):02d}"
