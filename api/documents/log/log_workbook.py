"""The log as a workbook: one row for each entry, every cell a text that no program computes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import xlsxwriter

HEADS = ("序号", "时间", "用户", "操作", "对象", "事由", "原值", "新值")
WIDTHS = (8, 20, 14, 20, 24, 30, 40, 40)
LONGEST_CELL = 32_000
"""Characters; a sheet takes 32,767."""


class LogLine(NamedTuple):
    """One entry as the file shows it; the time is local."""

    number: int
    time: str
    by: str
    action: str
    target: str
    why: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def log_workbook(lines: Iterable[LogLine]) -> bytes:
    """Return a workbook of entries in their order."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("操作日志")
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, HEADS, book.add_format({"bold": True}))
        for row, line in enumerate(lines, start=1):
            sheet.write_number(row, 0, line.number)
            for column, value in enumerate(line[1:], start=1):
                sheet.write_string(row, column, _text(value))
    return out.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:LONGEST_CELL]
