"""The codec between a cell and a value.

Reading is generous (full-width digits, many date spellings, codes stored as numbers),
writing is canonical. One convention holds in workbook and CSV: a text that begins with
an apostrophe stands for the text behind the apostrophe, exactly; a lone apostrophe is
the empty text or list. So ``'=1+1`` is the harmless text ``=1+1``.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from models.formats.intake.amounts import parse_degrees, parse_duration, parse_number
from models.formats.intake.cell_problem import CellError
from models.formats.intake.moments import (
    NOWHERE,
    Around,
    folded_dates,
    parse_clock,
    parse_date,
    parse_month,
)
from models.formats.intake.tables import CellKind, Column
from models.spellings import folded, member_meant
from models.vocabulary import Part, Term

Raw = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
"""What a sheet holds in one cell."""

SEPARATORS = ";；、,，\n"
_SEPARATOR = re.compile(f"[{SEPARATORS}]")
CSV_GUARDED = "'=+-@\t\r＝＋－＠"
"""First characters that a spreadsheet may take for a formula when it opens a CSV."""
SHEET_GUARDED = "'=＝"
"""First characters that the reader of a workbook would take for a formula or for the mark."""
_WEEKDAYS = {name: day for day, name in enumerate("一二三四五六日", 1)} | {"天": 7}
_WEEKDAYS |= {str(day): day for day in range(1, 8)}
_WEEKDAY = re.compile(r"^(?:每?逢?)(?:周|星期|礼拜)([一二三四五六日天1-7])$")
_BARE_PAIR = re.compile(r"^(\D+?)\s*(\d+\s*[件人名位个次]?)$")
_MONTH_AND_DAY = re.compile(r"^\d{1,2}月\d{1,2}[日号]?$")
_BOUND_TAIL = re.compile(r"(?<=.)(起|止|开始|之前|以前|为止|底|末|初)$")
_AND = re.compile(r"[/／\s]+|[和及与](?=.)")
"""Separators within an item of words or languages."""
_ERROR_CELL = re.compile(r"^#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)$")
_TRAILING_ZEROS = re.compile(r"^(\d{6,})\.0+$")
_SPACED_NAME = re.compile(r"(?<=[一-鿿])[ \u3000\u00a0]+(?=[一-鿿])")
_NUMBERS = {"licence_no", "mobile", "phone"}
"""Texts that are numbers, which spreadsheets shorten."""
_COORDINATES = {"lon", "lat"}
_UNIT_MINUTES = {"minutes": 1, "hours": 60}
"""Columns of lengths of time, by the last word of their field: minutes in one unit."""
_NOTHING = {"无", "没有", "暂无", "空", "-", "--", "—", "——", "/", "／", "\\"}
"""What offices write into a cell that they leave open."""
_NO_LIMIT = {"不限", "不限制", "无限制", "没有限制"}
_MOST_LISTS = 4096
_LISTS: dict[tuple[type[Term] | None, str], tuple[Any, ...]] = {}
_OPEN = _NOTHING | _NO_LIMIT
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?[1-9]\d$")
"""Ten digits and more: shorter numbers are shown whole."""
_LARGEST_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number."""


def parse(column: Column, raw: Raw, around: Around = NOWHERE) -> Any:
    """Return the value a cell holds, or ``None`` if the cell is blank.

    ``around`` gives the planned month, for dates without a year, and the file's first day.

    Raises
    ------
    CellError
        When the cell cannot be read; ranges and patterns are left to the row type.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        raw = raw.strip(" \t\r\n\u3000\u00a0")
        if not raw or (raw in _OPEN and _means_nothing(column, raw)):
            return None
        if raw[0] == "'":
            return _verbatim(column, raw[1:], around)
        if raw[0] in "=＝#":
            _refuse_formula(raw)
    parser = _PARSERS.get(column.kind)
    if column.kind is CellKind.DATE:
        return _bound(column, raw, around)
    return parser(column, raw) if parser else _MOMENTS[column.kind](raw, around)


def _means_nothing(column: Column, text: str) -> bool:
    """Whether 无 or — leaves an optional cell open; where the default says something it is asked."""
    if column.required or column.default or column.kind is CellKind.BOOL:
        return False
    is_number = column.kind in {CellKind.INT, CellKind.FLOAT}
    return text in _NOTHING or (is_number and text in _NO_LIMIT)


def _verbatim(column: Column, text: str, around: Around) -> Any:
    if column.kind in {CellKind.TEXT, CellKind.ID, CellKind.RECURRENCE, CellKind.LINK}:
        return text
    if not text:
        return () if column.kind is CellKind.LIST else {} if column.kind is CellKind.MAP else None
    moment = _MOMENTS.get(column.kind)
    return moment(text, around) if moment else _PARSERS[column.kind](column, text)


def _refuse_formula(text: str) -> None:
    if text[0] != "#":
        raise CellError("formula")
    if _ERROR_CELL.match(text):
        raise CellError("error_cell")


def _text(column: Column, raw: Raw) -> str:
    text = _number_text(raw) if not isinstance(raw, str) else raw
    if column.field in _NUMBERS:
        if _SCIENTIFIC.match(text) or text.startswith("####"):
            raise CellError("digits_lost")
        zeros = _TRAILING_ZEROS.match(text)
        return zeros[1] if zeros else text
    return _SPACED_NAME.sub("", text) if column.field == "name" else text


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
    return zeros[1] if zeros else _SPACED_NAME.sub("", text)


def _float(column: Column, raw: Raw) -> float | int:
    is_weekday = column.field == "weekday" and isinstance(raw, str)
    weekday = _WEEKDAY.match(folded(str(raw))) if is_weekday else None
    if weekday:
        return _WEEKDAYS[weekday[1]]
    if column.field in _COORDINATES:
        return parse_degrees(raw)
    unit = _UNIT_MINUTES.get(column.field.rpartition("_")[2])
    if unit is not None:
        return parse_duration(raw, unit)
    return parse_number(raw, is_share=column.field == "share")


def _int(column: Column, raw: Raw) -> int:
    number = _float(column, raw)
    if isinstance(number, float) and not number.is_integer():
        raise CellError("not_whole")
    return int(number)


def _bool(_: Column, raw: Raw) -> bool:
    if isinstance(raw, (int, float)) and raw in {0, 1}:
        return bool(raw)
    answer = member_meant("YesNo", raw) if isinstance(raw, str) else None
    if answer:
        return answer == "YES"
    raise CellError("not_bool")


@cache
def _vocabulary(term: type[Term]) -> dict[str, Term]:
    return {word: m for m in term for word in (m.label, m.value)}


@lru_cache(maxsize=4096)
def _meant(term: type[Term], text: str) -> Term | None:
    return term.meant_by(text)


def _word(column: Column, text: str) -> Term:
    if column.term is None:  # pragma: no cover - a column of words always has its list
        raise CellError("word_unknown")
    found = _vocabulary(column.term).get(text) or _meant(column.term, text)
    if found is None:
        raise CellError("word_unknown", word=text, allowed="、".join(column.words))
    return found


def _term(column: Column, raw: Raw) -> Term | None:
    text = _text(column, raw)
    return None if _is_whole_day(column, text) else _word(column, text)


def _is_whole_day(column: Column, text: str) -> bool:
    return column.term is Part and member_meant("WholeDay", text) is not None


def _list(column: Column, raw: Raw) -> tuple[Any, ...]:
    text = _text(column, raw)
    if column.item is CellKind.TERM:
        known = _LISTS.get((column.term, text))
        return _terms(column, text) if known is None else known
    items = split_items(text)
    if column.field == "languages" and '"' not in text:
        return tuple(part for item in items for part in _AND.split(item) if part)
    return items


def _terms(column: Column, text: str) -> tuple[Any, ...]:
    """Return the words of a list cell, and keep them: a column repeats few lists many times."""
    parts = (item for word in split_items(text) for item in _parts(column, word))
    found = tuple(dict.fromkeys(_word(column, item) for item in parts))
    if len(_LISTS) < _MOST_LISTS:
        _LISTS[column.term, text] = found
    return found


def _parts(column: Column, word: str) -> tuple[str, ...]:
    """Return the words of one item: 全天 and 上、下午 are two parts of the day."""
    if _is_whole_day(column, word):
        return (Part.AM.label, Part.PM.label)
    several = tuple(part for part in _AND.split(word) if part)
    is_one = word in column.words or (column.term is not None and _meant(column.term, word))
    return (word,) if is_one or len(several) < 2 else several


def _map(column: Column, raw: Raw) -> dict[Term, int]:
    found: dict[Term, int] = {}
    for item in split_items(_text(column, raw)):
        word, mark, number = _pair(item)
        if not mark:
            raise CellError("pair_expected", word=item)
        key = _word(column, word)
        if key in found:
            raise CellError("word_twice", word=key.label)
        found[key] = _int(column, number)
    return found


def _pair(item: str) -> tuple[str, str, str]:
    """Split 婚姻家庭:3, 婚姻家庭3件 or 律师一名 into word and number."""
    word, mark, number = re.sub("[：=＝]", ":", item).partition(":")
    bare = None if mark else _BARE_PAIR.match(item)
    return (bare[1], ":", bare[2]) if bare else (word, mark, number)


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


def _join(items: list[str], is_split_further: bool) -> str:
    quoted = (
        '"' + item.replace('"', '""') + '"'
        if not item
        or '"' in item
        or any(char in SEPARATORS for char in item)
        or (is_split_further and _AND.search(item))
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
    return f"'{text}" if text[0] in guarded or _is_ambiguous(column, text) else text


def _is_ambiguous(column: Column, text: str) -> bool:
    """Whether the reader would not give back the same text."""
    if _means_nothing(column, text) or (column.field == "name" and _SPACED_NAME.search(text)):
        return True
    if column.kind is CellKind.ID and (_TRAILING_ZEROS.match(text) or _SCIENTIFIC.match(text)):
        return True
    return _ERROR_CELL.match(text) is not None


def _spell(column: Column, value: Any) -> str:
    if column.kind is CellKind.LIST:
        items = [getattr(item, "label", str(item)) for item in value]
        return _join(items, is_split_further=column.field == "languages")
    if column.kind is CellKind.MAP:
        pairs = sorted(value.items())
        return ";".join(f"{word.label}:{number}" for word, number in pairs)
    return str(getattr(value, "label", value))


def _recurrence(raw: Any, around: Around) -> str:
    """Return a pattern of dates; a serial number in an unformatted cell is one date."""
    if isinstance(raw, bool):
        return str(raw)
    if isinstance(raw, str) and not re.fullmatch(r"\d{5}", raw):
        return _with_years(raw, around)
    return parse_date(raw, around).isoformat()


def _with_years(text: str, around: Around) -> str:
    """Return the days of 1月5日、1月12日 with the year nearest to the planned month."""
    items = [
        item for item in _AND.split(re.sub(f"[{SEPARATORS}]", " ", folded_dates(text))) if item
    ]
    if not around.month or not items or not all(map(_MONTH_AND_DAY.match, items)):
        return text
    return "、".join(f"{parse_date(item, around)}" for item in items)


def _bound(column: Column, raw: Any, around: Around) -> dt.date:
    """Return a date; of a month the first day where something begins, the last where it ends."""
    is_from, is_to = column.field.endswith("_from"), column.field.endswith("_to")
    if not (is_from or is_to) or not isinstance(raw, str):
        return parse_date(raw, around)
    text = _BOUND_TAIL.sub("", raw)
    try:
        return parse_date(text, around)
    except CellError:
        try:
            year, month = map(int, parse_month(text, around).split("-"))
        except CellError:
            raise CellError("date_unreadable") from None
        return dt.date(year, month, monthrange(year, month)[1] if is_to else 1)


_PARSERS: dict[CellKind, Callable[[Column, Any], Any]] = {
    CellKind.ID: _id,
    CellKind.TEXT: _text,
    CellKind.INT: _int,
    CellKind.FLOAT: _float,
    CellKind.BOOL: _bool,
    CellKind.TERM: _term,
    CellKind.CLOCK: lambda _, raw: parse_clock(raw),
    CellKind.LINK: _text,
    CellKind.LIST: _list,
    CellKind.MAP: _map,
}
_MOMENTS: dict[CellKind, Callable[[Any, Around], Any]] = {
    CellKind.DATE: parse_date,
    CellKind.MONTH: parse_month,
    CellKind.RECURRENCE: _recurrence,
}
