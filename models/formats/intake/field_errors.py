"""Translates pydantic's field errors into message codes and the words their sentences need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.formats.intake.tables import CellKind, Column
from models.messages import shorten

_TYPE_WORDS = {
    "string_type": ("文字", "text"),
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
        code = "text_too_long" if isinstance(error["input"], str) else "list_too_long"
        return code, words | {"limit": context["max_length"]}
    if kind == "enum":
        allowed = "、".join(column.words)
        return "word_unknown", words | {"word": shorten(error["input"]), "allowed": allowed}
    return _plain_code(kind, str(error["msg"]), error["input"], column), words | _tail(error)


def _plain_code(kind: str, message: str, value: object, column: Column) -> str:
    if kind == "missing":
        return "missing_value"
    if kind == "value_error" or column.kind is CellKind.RECURRENCE:
        match = re.search(r"\b(control_characters|recurrence_\w+)", message)
        general = "recurrence_unknown" if column.kind is CellKind.RECURRENCE else "value_refused"
        return match[1] if match else general
    if kind == "string_pattern_mismatch":
        patterns = {
            CellKind.CLOCK: "clock_unreadable",
            CellKind.MONTH: "month_unreadable",
            CellKind.LINK: "link_unreadable",
        }
        return patterns.get(column.kind, "id_pattern")
    if kind.startswith("date_") and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return "date_impossible"
    simple = {
        "string_too_short": "text_too_short",
        "too_short": "text_too_short",
        "int_from_float": "not_whole",
    }
    return simple.get(kind) or _PARSED.get(kind.partition("_")[0], "value_refused")


def _tail(error: Mapping[str, Any]) -> dict[str, object]:
    """Return the text after the stable code in one of our own ValueErrors."""
    message = str(error["msg"]).removeprefix("Value error, ")
    code, _, rest = message.partition(" ")
    known = code.startswith(("control_characters", "recurrence_"))
    return {"word": rest or shorten(error["input"]) if known else shorten(error["input"])}
