"""The codec between a cell and a value.

Reading is generous (full-width digits, many date spellings, codes stored as numbers),
writing is canonical. One convention holds in workbook and CSV: a text that begins with
an apostrophe stands for the text behind the apostrophe, exactly; a lone apostrophe is
the empty text or list. So ``'=1+1`` is the harmless text ``=1+1``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from models.formats.intake.cell_problem import CellError
from models.formats.intake.moments import parse_clock, parse_date, parse_month
from models.formats.intake.tables import CellKind, Column
from models.vocabulary import Term

Raw = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
"""What a sheet holds in one cell."""

SEPARATORS = ";；、,，\n"
_SEPARATOR = re.compile(f"[{SEPARATORS}]")
CSV_GUARDED = "'=+-@\t\r＝＋－＠"
"""First characters that a spreadsheet may take for a formula when it opens a CSV."""
SHEET_GUARDED = "'=＝"
"""First characters that the reader of a workbook would take for a formula or for the mark."""
_LONGEST_NUMBER = 40
_TRUE = {"是", "true", "1", "yes", "y", "√", "✓"}
_FALSE = {"否", "false", "0", "no", "n", "×"}
_WEEKDAYS = {name: day for day, name in enumerate("一二三四五六日", 1)} | {"天": 7}
_WEEKDAY = re.compile(r"^(?:周|星期|礼拜)([一二三四五六日天])$")
_ERROR_CELL = re.compile(r"^#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)$")
_TRAILING_ZEROS = re.compile(r"^(\d{6,})\.0+$")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_LARGEST_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number."""


def parse(column: Column, raw: Raw) -> Any:
    """Return the value a cell holds, or ``None`` if the cell is blank.

    Raises
    ------
    CellError
        When the cell cannot be read; ranges and patterns are left to the row type.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        raw = raw.strip(" \t\r\n\u3000\u00a0")
        if not raw:
            return None
        if raw[0] == "'":
            return _verbatim(column, raw[1:])
        if raw[0] in "=＝#":
            _refuse_formula(raw)
    return _PARSERS[column.kind](column, raw)


def _verbatim(column: Column, text: str) -> Any:
    if column.kind in {CellKind.TEXT, CellKind.ID, CellKind.RECURRENCE, CellKind.LINK}:
        return text
    if not text:
        return () if column.kind is CellKind.LIST else {} if column.kind is CellKind.MAP else None
    return _PARSERS[column.kind](column, text)


def _refuse_formula(text: str) -> None:
    if text[0] != "#":
        raise CellError("formula")
    if _ERROR_CELL.match(text):
        raise CellError("error_cell")


def _text(_: Column, raw: Raw) -> str:
    return _number_text(raw) if not isinstance(raw, str) else raw


def _number_text(raw: Raw) -> str:
    """Spell a cell that the spreadsheet holds as a number, date or truth value."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, (int, float)):
        if abs(raw) >= _LARGEST_EXACT:
            raise CellError("digits_lost")
        return str(int(raw)) if float(raw).is_integer() else repr(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else f"{raw:%Y-%m-%d %H:%M}"
    return f"{raw:%H:%M}" if isinstance(raw, dt.time) else str(raw)


def _id(column: Column, raw: Raw) -> str:
    text = _text(column, raw)
    if _SCIENTIFIC.match(text):
        raise CellError("digits_lost")
    zeros = _TRAILING_ZEROS.match(text)
    return zeros[1] if zeros else text


def _float(column: Column, raw: Raw) -> float | int:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise CellError("not_number")
    if not isinstance(raw, str):
        return raw
    text = unicodedata.normalize("NFKC", raw).replace(" ", "")
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    weekday = _WEEKDAY.match(text) if column.field == "weekday" else None
    if weekday:
        return _WEEKDAYS[weekday[1]]
    if len(text) > _LONGEST_NUMBER or not _NUMBER.match(text):
        raise CellError("not_number")
    return float(text) if re.search(r"[.eE]", text) else int(text)


def _int(column: Column, raw: Raw) -> int:
    number = _float(column, raw)
    if isinstance(number, float) and not number.is_integer():
        raise CellError("not_whole")
    return int(number)


def _bool(_: Column, raw: Raw) -> bool:
    if isinstance(raw, (int, float)) and raw in {0, 1}:
        return bool(raw)
    if raw in _TRUE or raw in _FALSE:
        return raw in _TRUE
    text = _plain(raw) if isinstance(raw, str) else ""
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise CellError("not_bool")


def _plain(text: str) -> str:
    """Normalise width, case and blanks, for comparing words."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _vocabulary(term: type[Term]) -> dict[str, Term]:
    return {_plain(word): m for m in term for word in (m.label, m.value, m.name)}


def _word(column: Column, text: str) -> Term:
    if column.term is None:  # pragma: no cover - a column of words always has its list
        raise CellError("word_unknown")
    words = _vocabulary(column.term)
    found = words.get(text) or words.get(_plain(text))
    if found is None:
        raise CellError("word_unknown", word=text, allowed="、".join(column.words))
    return found


def _term(column: Column, raw: Raw) -> Term:
    return _word(column, _text(column, raw))


def _list(column: Column, raw: Raw) -> tuple[Any, ...]:
    items = split_items(_text(column, raw))
    if column.item is CellKind.TERM:
        return tuple(_word(column, item) for item in items)
    return items


def _map(column: Column, raw: Raw) -> dict[Term, int]:
    found: dict[Term, int] = {}
    for item in split_items(_text(column, raw)):
        word, mark, number = re.sub("[：=＝]", ":", item).partition(":")
        if not mark:
            raise CellError("pair_expected", word=item)
        key = _word(column, word)
        if key in found:
            raise CellError("word_twice", word=key.label)
        found[key] = _int(column, number)
    return found


def split_items(text: str) -> tuple[str, ...]:
    """Split a list cell at its separators; ``"…"`` protects an item that contains one.

    Raises
    ------
    CellError
        When a quotation mark is not closed.
    """
    if '"' not in text:
        return tuple(item.strip() for item in _SEPARATOR.split(text) if item.strip())
    items, current, quoted, was_quoted = [], "", False, False
    position = 0
    while position < len(text):
        char = text[position]
        if char == '"' and quoted and text[position + 1 : position + 2] == '"':
            current, position = current + '"', position + 1
        elif char == '"' and (quoted or not current.strip()):
            current = current if quoted else ""
            quoted, was_quoted = not quoted, True
        elif char in SEPARATORS and not quoted:
            items.append((current, was_quoted))
            current, was_quoted = "", False
        else:
            current += char
        position += 1
    if quoted:
        raise CellError("quote_open")
    items.append((current, was_quoted))
    return tuple(item.strip() for item, kept in items if kept or item.strip())


def _join(items: list[str]) -> str:
    quoted = (
        '"' + item.replace('"', '""') + '"'
        if not item or '"' in item or any(char in SEPARATORS for char in item)
        else item
        for item in items
    )
    return ";".join(quoted)


def encode(column: Column, value: Any, guarded: str = SHEET_GUARDED) -> Raw:
    """Return what is written into a cell for ``value``; ``guarded`` says what gets an apostrophe."""
    if value is None:
        return None
    kind = column.kind
    if kind in {CellKind.INT, CellKind.FLOAT, CellKind.DATE}:
        return value  # type: ignore[no-any-return]
    if kind is CellKind.BOOL:
        return "是" if value else "否"
    text = _spell(column, value)
    if not text:
        return None if value == column.default else "'"
    return f"'{text}" if text[0] in guarded or _is_ambiguous(kind, text) else text


def _is_ambiguous(kind: CellKind, text: str) -> bool:
    """Whether the reader would not give back the same text."""
    if kind is CellKind.ID and (_TRAILING_ZEROS.match(text) or _SCIENTIFIC.match(text)):
        return True
    return _ERROR_CELL.match(text) is not None


def _spell(column: Column, value: Any) -> str:
    if column.kind is CellKind.LIST:
        return _join([getattr(item, "label", str(item)) for item in value])
    if column.kind is CellKind.MAP:
        pairs = sorted(value.items())
        return ";".join(f"{word.label}:{number}" for word, number in pairs)
    return str(getattr(value, "label", value))


_PARSERS: dict[CellKind, Callable[[Column, Any], Any]] = {
    CellKind.ID: _id,
    CellKind.TEXT: _text,
    CellKind.INT: _int,
    CellKind.FLOAT: _float,
    CellKind.BOOL: _bool,
    CellKind.TERM: _term,
    CellKind.DATE: lambda _, raw: parse_date(raw),
    CellKind.MONTH: lambda _, raw: parse_month(raw),
    CellKind.CLOCK: lambda _, raw: parse_clock(raw),
    CellKind.RECURRENCE: _text,
    CellKind.LINK: _text,
    CellKind.LIST: _list,
    CellKind.MAP: _map,
}
