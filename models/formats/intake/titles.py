"""What an office means by the title of a sheet or a column, from ``titles.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from models.formats.intake.tables import Column, Table

_TAIL = re.compile(
    r"(登记表|一览表|统计表|汇总表|表|名单|名册|清单|信息|情况|一览|汇总|登记|台账)$"
)
_TRADITIONAL = str.maketrans(
    "崗區劃員機構設請開願調曆師務點醫聯絡電話號碼鄉鎮間類別專長執業證",
    "岗区划员机构设请开愿调历师务点医联络电话号码乡镇间类别专长执业证",
)
_NEEDED = 3
"""Columns that a sheet of another title must name to be taken for a table."""


def plain(text: object) -> str:
    """Normalise width, case, blanks, traditional characters and the required mark."""
    folded = unicodedata.normalize("NFKC", str(text if text is not None else ""))
    folded = "".join(folded.casefold().split()).translate(_TRADITIONAL)
    return re.sub(r"\((必填|选填)\)$|\*|[\u200b-\u200f\u2060\ufeff]", "", folded)


@cache
def _aliases() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = Path(__file__).with_name("titles.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def column_names(table: Table) -> Mapping[str, Column]:
    """Return the columns of a table by field and title."""
    return {plain(name): c for c in table.columns for name in (c.field, c.title)}


@cache
def column_aliases(table: Table) -> Mapping[str, Column]:
    """Return the columns of a table by the other titles that offices give them."""
    known = _aliases().get(table.name, {})
    found: dict[str, Column] = {}
    for field, words in known.items():
        if field in table.by_field:
            for word in words:
                found.setdefault(plain(word), table.by_field[field])
    return {word: column for word, column in found.items() if word not in column_names(table)}


def sheet_table(title: str, tables: Iterable[Table]) -> Table | None:
    """Return the table that a sheet's title names, exactly or as offices write it."""
    known, words = list(tables), {plain(title), _bare(title)}
    exact = {plain(name): table for table in known for name in (table.title, table.name)}
    if plain(title) in exact:
        return exact[plain(title)]
    for word in sorted(words - {""}):
        for table in known:
            names = (table.title, *_aliases().get(table.name, {}).get("sheet", ()))
            if any(word in (plain(name), _bare(name)) for name in names):
                return table
    return None


def _bare(title: str) -> str:
    word = plain(title)
    shorter = _TAIL.sub("", word)
    while shorter != word:
        word, shorter = shorter, _TAIL.sub("", shorter)
    return word


def header_table(header: Sequence[object], tables: Iterable[Table]) -> Table | None:
    """Return the only table whose required columns a header row names; else None."""
    cells = {plain(cell) for cell in header} - {""}
    fitting = [table for table in tables if not table.is_settings and _names_all(cells, table)]
    return fitting[0] if len(fitting) == 1 else None


def _names_all(cells: set[str], table: Table) -> bool:
    named = {column.field for cell in cells if (column := column_names(table).get(cell))}
    needed = {column.field for column in table.columns if column.required} - {"id"}
    return needed <= named and len(named) >= _NEEDED
