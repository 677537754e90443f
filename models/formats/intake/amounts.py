"""Reads numbers as offices write them: with a unit, in Chinese, as a share."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from models.formats.intake.cell_problem import CellError

_LONGEST = 40
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_UNIT = re.compile(
    r"(?<=[\d.万%一二两三四五六七八九十])[余多]?(周岁|人次|班次|公里/小时|公里每小时|千米|公里"
    r"|km/h|km|kmh|个班|个月班|人|名|位|次|班|年|岁|天|个|件|村|户|口)"
    r"(左右|上下|/班|每班|/月|每月|多|余|以上|及以上)?$"
)
_ABOUT = re.compile(r"^(?:约|大约|执业|从业|每班|每次|每月|每人)(?=\d)")
_YEARS = re.compile(r"^(?:(\d{1,2}|[一二两三四五六七八九十]{1,3})年)?半年?$")
_TENTHS = re.compile(r"^([一二三四五六七八九])成$")
_TIME = re.compile(
    r"^(?:(\d+(?:\.\d+)?|[一二两三四五六七八九十]+)?(个?半)?个?(小时|钟头|时|h|hours?))?"
    r"(?:(\d+(?:\.\d+)?|[一二三四五六七八九十]+)(?:分钟|分|min|minutes?))?$",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"^(?:东经|北纬|[EN])?(\d{1,3})[°度](?:(\d{1,2}(?:\.\d+)?)['′分](?:(\d{1,2}(?:\.\d+)?)(?:[\"″秒]|′′|''))?)?[EN]?$"
)
_PERCENT = re.compile(r"^(\d+(?:\.\d+)?)%$")
_FRACTION = re.compile(r"^(\d{1,3})/(\d{1,3})$")
_MANY = re.compile(r"^(\d+(?:\.\d+)?)(万|千|百)$")
_SPOKEN = re.compile(r"^(?:([一二两三四五六七八九])?(十))?([一二两三四五六七八九零])?$")
_DIGIT = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_TIMES = {"万": 10_000, "千": 1_000, "百": 100}
_SHARES = {
    "半": 0.5,
    "一半": 0.5,
    "半勤": 0.5,
    "半职": 0.5,
    "兼职": 0.5,
    "半数": 0.5,
    "对半": 0.5,
    "减半": 0.5,
    "半个": 0.5,
    "半班": 0.5,
    "二分之一": 0.5,
    "三分之一": 1 / 3,
    "三分之二": 2 / 3,
    "四分之一": 0.25,
    "四分之三": 0.75,
    "全勤": 1.0,
    "全": 1.0,
    "全职": 1.0,
    "全额": 1.0,
}


def parse_number(raw: Any, is_share: bool = False) -> float | int:
    """Return the number in a cell; ``is_share`` also takes 50%, 1/2 and 半.

    Raises
    ------
    CellError
        ``not_number``: also for a time of day or a duration, which ``parse_duration`` reads.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise CellError("not_number")
    if not isinstance(raw, str):
        return raw
    if raw.isascii() and raw.isdecimal() and len(raw) <= _LONGEST:  # nearly every cell of a CSV
        return int(raw)
    text = _plain(raw)
    share = _share(text) if is_share else None
    if share is not None:
        return share
    years = _YEARS.match(text)
    if years and text.count("年"):
        return _amount(years[1]) + 0.5
    number = _written(_ABOUT.sub("", _UNIT.sub("", text)) if len(text) <= _LONGEST else text)
    if number is None:
        raise CellError("not_number")
    return number


def parse_duration(raw: Any, minutes: int) -> float | int:
    """Return a length of time in units of so many minutes: 1小时 is 60 in minutes, 90分钟 1.5 in hours.

    Raises
    ------
    CellError
        ``not_number``.
    """
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return parse_number(raw)
    text = _ABOUT.sub("", _plain(raw))
    match = _TIME.match(text)
    if match is None or not any(match.groups()):
        if _UNIT.search(text):  # a number of days or people is no length of time
            raise CellError("not_number")
        return parse_number(text)
    whole, half, unit, rest = match.groups()
    hours = _amount(whole) + (0.5 if half else 0) if unit else 0
    if unit and not (whole or half):
        raise CellError("not_number")
    time = (hours * 60 + _amount(rest)) / minutes
    return int(time) if float(time).is_integer() else time


def parse_degrees(raw: Any) -> float | int:
    """Return a coordinate in degrees: 113.6883, 113.6883°E or 113°41′18″.

    Raises
    ------
    CellError
        ``not_number``.
    """
    match = _DEGREES.match(_plain(raw)) if isinstance(raw, str) else None
    if match is None:
        text = (
            re.sub(r"^(?:东经|北纬|[EN])|[°度]?[EN]?$", "", _plain(raw))
            if isinstance(raw, str)
            else raw
        )
        return parse_number(text)
    degrees, minutes, seconds = (float(part or 0) for part in match.groups())
    return degrees + minutes / 60 + seconds / 3600


def _plain(raw: str) -> str:
    return unicodedata.normalize("NFKC", raw).replace(" ", "").replace("⁄", "/")


def _amount(text: str | None) -> float:
    number = _written(text) if text else 0
    if number is None:
        raise CellError("not_number")
    return float(number)


def _share(text: str) -> float | None:
    percent, fraction = _PERCENT.match(text), _FRACTION.match(text)
    tenths = _TENTHS.match(text)
    if tenths:
        return _DIGIT[tenths[1]] / 10
    if percent:
        return float(percent[1]) / 100
    if fraction and int(fraction[2]):
        return int(fraction[1]) / int(fraction[2])
    return _SHARES.get(text)


def _written(text: str) -> float | int | None:
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    if len(text) <= _LONGEST and _NUMBER.match(text):
        return float(text) if re.search(r"[.eE]", text) else int(text)
    many = _MANY.match(text)
    if many:
        number = round(float(many[1]) * _TIMES[many[2]], 6)
        return int(number) if number.is_integer() else number
    return spoken_number(text)


def spoken_number(text: str) -> int | None:
    """Return a Chinese number below a hundred."""
    match = _SPOKEN.match(text) if text else None
    if match is None:
        return None
    tens = _DIGIT[match[1]] if match[1] else 1 if match[2] else 0
    return tens * 10 + (_DIGIT[match[3]] if match[3] else 0)
