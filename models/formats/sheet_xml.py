"""Finds what calamine omits from a workbook: formulas without result, errors, far cells.

A cell far out (row 1,048,576, column XFD) makes a dense reader ask for gigabytes, so the
addresses are looked at before the sheets are opened. Only zip-based workbooks need it.
"""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from models.formats.sheets import MAX_COLUMNS, MAX_ROWS
from models.issues import InputError
from models.messages import Spot, issue

MAX_CELLS = 8_000_000
"""Filled cells of a sheet whose rows and cells are written once and repeated by a number."""
_WIDE = rb"(?:[A-Za-z]{3}|[D-Zd-z][A-Za-z])\d+"
_LONG = rb"[A-Za-z]+(?:[2-9]\d{5}|\d{7,})"
_FILLED_CELL = rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"'](%s)[\"'](?:[^>]*[^/>])?>"
_WIDE_CELL = re.compile(_FILLED_CELL % _WIDE)
_LONG_CELL = re.compile(_FILLED_CELL % _LONG)
_LONG_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"']([2-9]\d{5}|\d{7,})[\"']")
_NAMELESS_CELL = re.compile(rb"<(?:\w+:)?c(?:\s+(?!r\b)\w+=[\"'][^\"']*[\"'])*\s*>")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ADDRESS = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)<)")
_TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")
_SUSPECT = re.compile(rb"<(?:\w+:)?f[\s>/]|\st\s*=\s*[\"']e[\"']")
_HIDDEN = rb"[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"']"
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?=%s)[^>]*?\br\s*=\s*[\"'](\d{1,7})[\"']" % _HIDDEN)
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s(?=%s)[^>]*>" % _HIDDEN)
_SPAN_END = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d{1,5})[\"']")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ODS_TABLE = re.compile(rb"<table:table\s[^>]*?table:name=\"([^\"]*)\"")
_ODS_ROW = re.compile(
    rb"<table:table-row([^>]*[^/>])?>(.*?)</table:table-row>|<table:table-row([^>]*)/>", re.DOTALL
)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^>]*)>")
_ODS_ROWS = re.compile(rb"number-rows-repeated=\"(\d+)\"")
_ODS_COLUMNS = re.compile(rb"number-columns-repeated=\"(\d+)\"")


@dataclass
class Finding:
    """The findings of one sheet; ``texts`` fill the blanks that calamine leaves."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    first_far: str = ""
    is_too_wide: bool = False
    is_too_big: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def scan_workbook(path: Path) -> dict[str, Finding]:
    """Scan the sheets of a zip-based workbook, by sheet title; empty for other kinds.

    Raises
    ------
    InputError
        When the parts that name the sheets are damaged.
    """
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                parts = _sheet_parts(archive)
                return {title: _scan_sheet(archive.read(part)) for title, part in parts.items()}
            return _scan_ods(archive.read("content.xml"))
    except (KeyError, ValueError, ElementTree.ParseError, zipfile.BadZipFile, OSError):
        raise InputError([issue("workbook_broken", Spot(path.name))]) from None


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet."""
    relations = _parse(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    book = _parse(archive.read("xl/workbook.xml"))
    names = set(archive.namelist())
    parts = {}
    for item in book.iter():
        if item.tag.rpartition("}")[2] != "sheet":
            continue
        key = item.get(_RELATION) or next((v for k, v in item.items() if k.endswith("}id")), None)
        target = targets.get(key, "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))
        if part in names:
            parts[item.get("name", "")] = part
    return parts


def _parse(data: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        message = "a workbook declares no entities"
        raise ValueError(message)
    return ElementTree.fromstring(data)


def _scan_sheet(data: bytes) -> Finding:
    wide, long = _WIDE_CELL.search(data), _LONG_CELL.search(data)
    far = wide or long
    if far:
        return Finding(first_far=far[1].decode(), is_too_wide=bool(wide), is_too_big=True)
    if _NAMELESS_CELL.search(data) and any(map(_is_wide, _ROW.split(data))):
        return Finding(is_too_wide=True, is_too_big=True)
    row = _LONG_ROW.search(data)
    if row and _NAMELESS_CELL.search(data, row.end()):
        return Finding(first_far=f"A{row[1].decode()}", is_too_big=True)
    found = Finding(texts=_lost_texts(data) if _SUSPECT.search(data) else {})
    if b"hidden=" in data:
        found.hidden_rows = [int(row[1]) - 1 for row in _HIDDEN_ROW.finditer(data)][:MAX_ROWS]
        for span in _HIDDEN_COLUMN.finditer(data):
            numbers = {key: int(n) for key, n in _SPAN_END.findall(span[0])}
            last = min(numbers.get(b"max", 0), MAX_COLUMNS)
            found.hidden_columns += range(numbers.get(b"min", 1) - 1, last)
    return found


def _is_wide(row: bytes) -> bool:
    """Tell whether a row has more cells without address, each beside the last, than may be read."""
    cells = enumerate(_NAMELESS_CELL.finditer(row), start=1)
    return any(number > MAX_COLUMNS for number, _ in cells)


def _lost_texts(data: bytes) -> dict[tuple[int, int], str]:
    texts = {}
    for cell in _CELL.finditer(data):
        attributes, body = cell[1], cell[2]
        address, text = _ADDRESS.search(attributes), _lost_text(attributes, body)
        if address and text:
            texts[int(address[2]) - 1, _column_number(address[1])] = text
    return texts


def _lost_text(attributes: bytes, body: bytes) -> str:
    kind, value = _TYPE.search(attributes), _VALUE.search(body)
    if kind and kind[1] == b"e":
        return value[1].decode() if value else "#N/A"
    formula = _FORMULA.search(body)
    if not formula or value or (kind and kind[1] == b"str"):
        return ""
    return "=" + html.unescape((formula[1] or b"").decode(errors="replace"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _scan_ods(data: bytes) -> dict[str, Finding]:
    starts = list(_ODS_TABLE.finditer(data))
    ends = [match.start() for match in starts[1:]] + [len(data)]
    return {
        html.unescape(match[1].decode(errors="replace")): _scan_ods_table(data[match.end() : end])
        for match, end in zip(starts, ends, strict=True)
    }


def _scan_ods_table(data: bytes) -> Finding:
    position = cells = 0
    for row in _ODS_ROW.finditer(data):
        match = _ODS_ROWS.search(row[1] or row[3] or b"")
        repeated = int(match[1]) if match else 1
        position += repeated
        body = row[2] or b""
        if b"value-type" not in body:
            continue
        width = _ods_width(body)
        cells += repeated * width
        if position > MAX_ROWS or cells > MAX_CELLS:
            return Finding(first_far=f"A{position}", is_too_big=True)
        if width > MAX_COLUMNS:
            return Finding(first_far=f"A{position}", is_too_wide=True, is_too_big=True)
    return Finding()


def _ods_width(body: bytes) -> int:
    """Return the number of columns up to the last filled cell of a row."""
    position = last = 0
    for cell in _ODS_CELL.finditer(body):
        repeated = _ODS_COLUMNS.search(cell[1])
        position += int(repeated[1]) if repeated else 1
        last = position if b"value-type" in cell[1] else last
    return last
