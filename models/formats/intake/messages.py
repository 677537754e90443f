"""The sentences of all issues, Chinese and English, and the translation of pydantic's errors.

One code, one entry. The sentences of files and sheets are in ``messages_files``, those
of the cross-checks in ``messages_checks``; ``issue`` knows all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from models.formats.intake.messages_checks import CHECK_MESSAGES
from models.formats.intake.messages_files import FILE_MESSAGES
from models.formats.intake.tables import Column, Kind
from models.issues import Issue

_SHOWN = 60
"""Characters of a value that an issue shows."""
_LONGEST = 2_000
"""Characters of a name or of a list of words that it shows."""


class Spot(NamedTuple):
    """Where an issue is: sheet, file or table, and cell or path."""

    table: str = ""
    cell: str = ""


_NOWHERE = Spot()
_TYPE_WORDS = {
    "string_type": ("文字", "a text"),
    "int_type": ("整数", "a whole number"),
    "float_type": ("数字", "a number"),
    "bool_type": ("true 或 false", "true or false"),
    "date_type": ("日期，如 2026-12-01", "a date such as 2026-12-01"),
    "tuple_type": ("列表", "a list"),
    "list_type": ("列表", "a list"),
    "dict_type": ("对象", "an object"),
    "model_type": ("对象", "an object"),
    "model_attributes_type": ("对象", "an object"),
}
"""pydantic's type errors and what was expected instead."""

CELL_MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "missing_value": (
        "缺少「{column}」",
        "{field} is missing",
        "请填写这一格。",
        "Fill this cell.",
    ),
    "unknown_field": (
        "没有「{word}」这个字段",
        "there is no field {word}",
        "请删去，或改为：{allowed}。",
        "Remove it, or use one of: {allowed_en}.",
    ),
    "wrong_type": (
        "「{column}」应为{expected}",
        "{field} must be {expected_en}",
        "请改成{expected}。",
        "Write {expected_en}.",
    ),
    "too_small": (
        "「{column}」太小，应{bound}",
        "{field} is too small: it must be {bound_en}",
        "请核对数字和单位。",
        "Check the number and its unit.",
    ),
    "too_large": (
        "「{column}」太大，应{bound}",
        "{field} is too large: it must be {bound_en}",
        "请核对数字和单位。",
        "Check the number and its unit.",
    ),
    "text_too_long": (
        "「{column}」太长，最多 {limit} 个字",
        "{field} is too long: at most {limit} characters",
        "请缩短。",
        "Shorten it.",
    ),
    "text_too_short": (
        "「{column}」不能为空",
        "{field} must not be empty",
        "请填写。",
        "Fill it in.",
    ),
    "id_pattern": (
        "「{column}」含有编号里不能用的字符",
        "{field} contains characters that an id must not have",
        "编号里不要用空格和 , ; : @ / \\ | 等符号；几个编号请用分号隔开（限可填多项的列）。",
        "Leave out blanks and , ; : @ / \\ |; separate several ids by semicolons where a list is allowed.",
    ),
    "control_characters": (
        "「{column}」含有换行或看不见的控制字符（{word}）",
        "{field} contains line breaks or invisible control characters ({word})",
        "请在这一格里重新手工输入一行文字。",
        "Type the text of this cell again, on one line.",
    ),
    "formula": (
        "「{column}」是公式，或以等号开头，读不到结果",
        "{field} is a formula without a stored result, or begins with an equals sign",
        "请把公式粘贴为数值；确要以等号开头的文字，请在前面加一个单引号。",
        "Paste the value in place of the formula; for text that begins with =, put an apostrophe in front.",
    ),
    "error_cell": (
        "「{column}」是出错的公式",
        "{field} holds a formula error",
        "请改正公式，或直接填写数值。",
        "Mend the formula or type the value.",
    ),
    "digits_lost": (
        "「{column}」被表格软件当作数字，末尾的数位已经丢失",
        "{field} was stored as a number and lost its last digits",
        "请把这一列设为“文本”格式，再重新填写完整的编号。",
        "Format the column as text and type the whole code again.",
    ),
    "not_number": (
        "「{column}」不是数字",
        "{field} is not a number",
        "只填数字，不带单位和文字。",
        "Write digits only, without unit or words.",
    ),
    "not_whole": (
        "「{column}」应为整数",
        "{field} must be a whole number",
        "请去掉小数。",
        "Leave out the decimals.",
    ),
    "not_bool": (
        "「{column}」应填“是”或“否”",
        "{field} must be yes or no",
        "请填：是、否。",
        "Write 是 or 否 (also true, false, 1, 0).",
    ),
    "word_unknown": (
        "「{column}」里的“{word}”不在可选项中",
        "{field}: {word} is not one of the allowed words",
        "可填：{allowed}。",
        "Allowed: {allowed}.",
    ),
    "word_twice": (
        "「{column}」里“{word}”出现了两次",
        "{field}: {word} appears twice",
        "请合并成一项。",
        "Join them into one.",
    ),
    "pair_expected": (
        "「{column}」里的“{word}”不是“名称:数字”",
        "{field}: {word} is not of the form word:number",
        "请写成 婚姻家庭:3;物业:2 的样子。",
        "Write it like 婚姻家庭:3;物业:2.",
    ),
    "quote_open": (
        "「{column}」里有没有成对的双引号",
        "{field} has a quotation mark that is not closed",
        "请补上或删去双引号。",
        "Close or remove the quotation mark.",
    ),
    "date_unreadable": (
        "「{column}」不是日期",
        "{field} is not a date",
        "请写成 2026-12-01。",
        "Write it like 2026-12-01.",
    ),
    "date_impossible": (
        "「{column}」是不存在的日期",
        "{field} is a day that does not exist",
        "请核对月份和日子，如 2 月没有 30 日。",
        "Check month and day; there is no 30 February.",
    ),
    "date_no_year": (
        "「{column}」没有写年份",
        "{field} has no year",
        "请写成 2026-12-01。",
        "Write it like 2026-12-01.",
    ),
    "date_has_time": (
        "「{column}」带有钟点，这里只要日期",
        "{field} has a time of day; only a date is wanted",
        "请去掉钟点，上午下午请填在“时段”。",
        "Leave out the time; put half days into the column 时段.",
    ),
    "month_unreadable": (
        "「{column}」不是 2000–2099 年的月份",
        "{field} is not a month of the years 2000 to 2099",
        "请写成 2026-12。",
        "Write it like 2026-12.",
    ),
    "clock_unreadable": (
        "「{column}」不是时刻",
        "{field} is not a time of day",
        "请写成 09:00，最晚 23:59。",
        "Write it like 09:00, at most 23:59.",
    ),
    "link_unreadable": (
        "「{column}」应为 https:// 开头的网址，不带用户名、密码和空格",
        "{field} must be a web address beginning with https://, without user name, password or blanks",
        "请从会议软件里复制完整的 https 链接，只留网址。",
        "Copy the https link from the meeting program, the address alone.",
    ),
    "recurrence_unknown": (
        "「{column}」看不懂（{word}）",
        "{field} is not a known pattern of dates ({word})",
        "可写：工作日；每天；周二、周四；逢4；农历逢2、5；逢辰、戌；每月第1个周三；每3天 自2026-01-01；2026-12-04、2026-12-18。",
        "Use one of these forms: 工作日; 每天; 周二、周四; 逢4; 农历逢2、5; 逢辰、戌; 每月第1个周三; "
        "每3天 自2026-01-01; 2026-12-04、2026-12-18.",
    ),
    "value_refused": (
        "「{column}」的值不能用",
        "{field} cannot be used",
        "请核对。{note}",
        "Check it against the note of the column.",
    ),
}

MESSAGES: Mapping[str, tuple[str, str, str, str]] = CELL_MESSAGES | FILE_MESSAGES | CHECK_MESSAGES

_BOUNDS = {
    "greater_than": ("too_small", "gt", "大于 {}", "greater than {}"),
    "greater_than_equal": ("too_small", "ge", "不小于 {}", "at least {}"),
    "less_than": ("too_large", "lt", "小于 {}", "less than {}"),
    "less_than_equal": ("too_large", "le", "不大于 {}", "at most {}"),
}
_PARSED = {
    "int": "not_number",
    "float": "not_number",
    "bool": "not_bool",
    "date": "date_unreadable",
}


def issue(code: str, spot: Spot = _NOWHERE, value: object = "", **words: object) -> Issue:
    """Make the issue ``code`` at ``spot``; ``words`` fill the blanks of its sentences.

    A code that begins with ``recurrence_`` and has no sentence of its own uses the
    general one of recurrences.
    """
    known = code if code in MESSAGES else "recurrence_unknown"
    said = {name: _cut(word) for name, word in words.items()}
    zh, en, mend_zh, mend_en = (part.format(**said) for part in MESSAGES[known])
    return Issue(
        code=code,
        table=str(_cut(spot.table)),
        cell=str(_cut(spot.cell)),
        value=shorten(value),
        zh=zh,
        en=en,
        mend_zh=mend_zh,
        mend_en=mend_en,
    )


def _cut(word: object) -> object:
    """Return a word as it is, but for one that nobody wrote by hand."""
    return f"{word[:_LONGEST]}…" if isinstance(word, str) and len(word) > _LONGEST else word


def shorten(value: object) -> str:
    """Show a value on one line of at most 60 characters, control characters spelled out."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: _SHOWN + 1])
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def translate(error: Mapping[str, Any], column: Column) -> tuple[str, dict[str, object]]:
    """Return our code and words for one error of pydantic in ``column``.

    Unknown types of error fall back to ``value_refused``, which shows the value and the
    column's note, never pydantic's own sentence.
    """
    kind, context = error["type"], error.get("ctx", {})
    words: dict[str, object] = {"note": column.note}
    if kind in _BOUNDS:
        code, key, zh, en = _BOUNDS[kind]
        limit = f"{context[key]:g}" if context[key] < 10**6 else str(context[key])
        return code, words | {"bound": zh.format(limit), "bound_en": en.format(limit)}
    if kind in _TYPE_WORDS:
        zh, en = _TYPE_WORDS[kind]
        return "wrong_type", words | {"expected": zh, "expected_en": en}
    if kind in {"string_too_long", "too_long"}:
        return "text_too_long", words | {"limit": context["max_length"]}
    if kind == "enum":
        allowed = "、".join(column.words)
        return "word_unknown", words | {"word": shorten(error["input"]), "allowed": allowed}
    return _plain_code(kind, str(error["msg"]), error["input"], column), words | _tail(error)


def _plain_code(kind: str, message: str, value: object, column: Column) -> str:
    if kind == "value_error" or column.kind is Kind.RECURRENCE:
        found = re.search(r"\b(control_characters|recurrence_\w+)", message)
        general = "recurrence_unknown" if column.kind is Kind.RECURRENCE else "value_refused"
        return found[1] if found else general
    if kind == "string_pattern_mismatch":
        patterns = {
            Kind.CLOCK: "clock_unreadable",
            Kind.MONTH: "month_unreadable",
            Kind.LINK: "link_unreadable",
        }
        return patterns.get(column.kind, "id_pattern")
    if kind.startswith("date_") and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return "date_impossible"
    simple = {
        "missing": "missing_value",
        "string_too_short": "text_too_short",
        "too_short": "text_too_short",
        "int_from_float": "not_whole",
    }
    return simple.get(kind) or _PARSED.get(kind.partition("_")[0], "value_refused")


def _tail(error: Mapping[str, Any]) -> dict[str, object]:
    """Return what follows the stable code in the text of a ValueError of ours."""
    message = str(error["msg"]).removeprefix("Value error, ")
    code, _, rest = message.partition(" ")
    known = code.startswith(("control_characters", "recurrence_"))
    return {"word": rest or shorten(error["input"]) if known else shorten(error["input"])}
