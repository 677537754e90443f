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
    r"(?<=[\d.万%一二两三四五六七八九十])(周岁|人次|班次|个?小时|分钟|公里/小时|公里每小时|千米|公里"
    r"|km/h|km|kmh|人|名|位|次|班|年|岁|天|个|件|村|户|口|分|时|h|min)(以上)?$"
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
        ``not_number``.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise CellError("not_number")
    if not isinstance(raw, str):
        return raw
    if raw.isascii() and raw.isdecimal() and len(raw) <= _LONGEST:  # nearly every cell of a CSV
        return int(raw)
    text = unicodedata.normalize("NFKC", raw).replace(" ", "").replace("⁄", "/")
    share = _share(text) if is_share else None
    if share is not None:
        return share
    number = _written(_UNIT.sub("", text) if len(text) <= _LONGEST else text)
    if number is None:
        raise CellError("not_number")
    return number


def _share(text: str) -> float | None:
    percent, fraction = _PERCENT.match(text), _FRACTION.match(text)
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
    return _spoken(text)


def _spoken(text: str) -> int | None:
    """Return a Chinese number below a hundred."""
    match = _SPOKEN.match(text) if text else None
    if match is None:
        return None
    tens = _DIGIT[match[1]] if match[1] else 1 if match[2] else 0
    return tens * 10 + (_DIGIT[match[3]] if match[3] else 0)
