"""Translates pydantic's errors in a request into our own messages, Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from fastapi.exceptions import RequestValidationError
from pydantic import StringConstraints

from models.formats.intake.field_errors import translate
from models.formats.intake.tables import CellKind, Column
from models.issues import Issue
from models.messages import Spot, issue, shorten
from models.rows import Clock, Id, Month

_SECRET = re.compile(r"password|secret|token|code|address|mobile|phone|licence", re.IGNORECASE)
"""Fields whose value is not sent back."""

_KINDS = {
    constraint.pattern: kind
    for alias, kind in ((Id, CellKind.ID), (Clock, CellKind.CLOCK), (Month, CellKind.MONTH))
    for constraint in get_args(alias)
    if isinstance(constraint, StringConstraints)
}
"""The patterns that have a sentence of their own."""


def request_issues(error: RequestValidationError) -> list[Issue]:
    """Return one issue per fault: ``table`` is body, query, path …; ``cell`` the JSON path or name."""
    return [_issue_of(found, error.body) for found in error.errors()]


def _issue_of(error: Mapping[str, Any], body: Any) -> Issue:
    source, *steps = error["loc"]
    if error["type"] == "json_invalid":
        return _broken_json(str(body), int(steps[0]))
    path = "".join(f"[{s}]" if isinstance(s, int) else f".{shorten(s)}" for s in steps)
    name = next((shorten(s) for s in reversed(steps) if isinstance(s, str)), str(source))
    code, words = _translated(error, name)
    value = error.get("input")
    is_shown = isinstance(value, str | int | float) and not _SECRET.search(path)
    spot = Spot(str(source), f"${path}" if source == "body" else path.removeprefix("."))
    return issue(code, spot, value if is_shown else "", column=name, field=name, **words)


def _translated(error: Mapping[str, Any], name: str) -> tuple[str, dict[str, object]]:
    """Return our code and the words of its sentence."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        words = {"allowed": "接口文档所列的字段", "allowed_en": "the fields of the API's document"}
        return "unknown_field", {"word": name, **words}
    if kind in {"enum", "literal_error"}:
        word = "" if _SECRET.search(name) else shorten(error["input"])
        return "word_unknown", {"word": word, "allowed": context["expected"]}
    if not _has_sentence(context):
        return "value_refused", {"note": ""}
    cell = _KINDS.get(context.get("pattern"), CellKind.TEXT)
    return translate(error, Column(name, name, "", None, cell, None, None, True, None))


def _has_sentence(context: Mapping[str, Any]) -> bool:
    """Whether our messages cover such a bound (numbers) and such a pattern."""
    bounds = [context[key] for key in ("gt", "ge", "lt", "le") if key in context]
    is_known = "pattern" not in context or context["pattern"] in _KINDS
    return is_known and all(isinstance(bound, int | float) for bound in bounds)


def _broken_json(text: str, position: int) -> Issue:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return issue("json_syntax", Spot("body", f"{line}:{column}"), line=line, column=column)
