"""Texts that mean something to a spreadsheet, a calendar, a browser or a template; and data full of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from models.formats.intake.row_drafts import is_reference
from models.formats.intake.tables import CellKind, Column, Table, instance_tables
from tests.factories import tiny_content

COUNTY = "410105"

HARMFUL = (
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "＝1+1",
    "'=1+1",
    "#REF!",
    "{{7*7}}${7*7}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]></script><!--",
    "javascript:alert(1)",
    "BEGIN:VEVENT",
    "END:VCALENDAR",
    "甲;X-A=1:乙,丙\\n丁\\",
    "%0d%0aX-A: 1",
    "../../etc/passwd",
    "'; DROP TABLE users; --",
    "1e5",
    "律" * 80,
    "😀律" * 20,
)
"""Kept as they are, and harmless wherever they are told."""

REAL = ("阿依古丽·买买提", "欧阳-小燕", "示例（东）街道", "𠮷田", "O'Neil", "e\u0301tude", "Ⅳ号楼")
"""Names that people and places have."""

REFUSED = (
    "例\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "例\tA",
    "例\0A",
    "例\x85A",
    "例\u2028A",
    "例\u202eA",
    "例\u2066A",
    "例\u200bA",
    "\x1b[2J例",
    "律" * 10_000,
)
"""No text of ours: they break lines, cells and files, or fool whoever reads them."""

IDS = ("=L", "+L", "-L", "'L", "{{L}}", "<script>", '"><img', "L·甲", "#REF!", "$L(", "L'--")
NO_NAMES = {("settings", "profile"), ("rules", "value")}
"""Texts that are looked up, so that no other word is accepted."""


def is_text(column: Column) -> bool:
    """Tell whether a column holds free text, one or several."""
    return CellKind.TEXT in (column.kind, column.item) and not is_reference(column)


def text_columns() -> Iterator[tuple[Table, Column]]:
    """Yield every column of an instance that holds a text nobody looks up; a new one by itself."""
    for table in instance_tables():
        for column in table.columns:
            if is_text(column) and (table.name, column.field) not in NO_NAMES:
                yield table, column


def filled(column: Column, text: str) -> Any:
    return [text] if column.kind is CellKind.LIST else text


def content(texts: tuple[str, ...]) -> dict[str, Any]:
    """Return data in which every text stands in every column that takes it, under ids as odd."""
    found = tiny_content()
    stem = {name: rows[0] for name, rows in found.items() if name != "settings"}
    for number in range(len(texts)):
        odd = f"{IDS[number % len(IDS)]}{number}"
        area = f"{COUNTY}9{number:02}"
        found["areas"].append(stem["areas"] | {"id": area, "level": "township", "parent": COUNTY})
        found["firms"].append(stem["firms"] | {"id": odd, "area": area})
        found["people"].append(stem["people"] | {"id": odd, "firm": odd, "area": area})
        found["villages"].append(stem["villages"] | {"id": f"V{odd}", "area": area})
        site = stem["sites"] | {"id": odd, "area": area, "villages": [f"V{odd}"]}
        found["sites"].append(site | {"kind": "station"})
        post = stem["posts"] | {"id": odd, "site": odd, "recurrence": "周二", "parts": ["am"]}
        found["posts"].append(post)
    found["days"] = [{"date": "2026-12-19", "is_workday": True}]
    for table, column in text_columns():
        rows = [found["settings"]] if table.is_settings else found.get(table.name, [])
        for number, row in enumerate(rows):
            _put(table, column, row, texts[number % len(texts)])
    for person in found["people"][: -len(texts)]:  # one licence is one person
        person.pop("licence_no", None)
    for person in found["people"]:  # whoever serves speaks all languages
        person["languages"] = ["普通话", *texts]
    return found


def _put(table: Table, column: Column, row: dict[str, Any], text: str) -> None:
    """Put a text into a row, unless the column refuses it."""
    changed = row | {column.field: filled(column, text)}
    try:
        table.row.model_validate(changed)
    except ValidationError:
        return
    row.update(changed)
