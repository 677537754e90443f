"""Finds what a name means where an id is asked: exactly, with its place before it, or shortened.

Names are compared without width, case and blanks. What fits more exactly goes before what fits
less; among equals, the place named beside the name decides. Whoever asks decides what to do about
none or several.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from models.spellings import folded

_BRACKETS = re.compile(r"^(.+?)\((.+)\)$")
_TAILS: Mapping[str, re.Pattern[str]] = {
    "areas": re.compile(r"(街道|民族乡|自治县|自治州|镇|乡|省|市|县|区|旗)$"),
    "villages": re.compile(r"(社区|村)$"),
    "people": re.compile(r"(律师|主任|调解员|所长|同志|老师|法律顾问|顾问)$"),
    "firms": re.compile(r"(律师事务所|基层法律服务所|法律服务所|事务所|律所|所)$"),
    "sites": re.compile(
        r"(公共法律服务中心|公共法律服务工作站|公共法律服务工作室|法律援助工作站|工作站|工作室|站|室)$"
    ),
    "posts": re.compile(r"(值班岗|岗位|岗|窗口|值班)$"),
}
_SAME = (
    (re.compile(r"(村民委员会|村委会|村委|行政村)$"), "村"),
    (re.compile(r"(?:社区)?(居民委员会|居委会|居委)$"), "社区"),
    (re.compile(r"(街道办事处|街道办)$"), "街道"),
)
"""Words behind a name that mean the same."""
_SHORTENED = {"sites", "firms", "posts"}
"""What offices call by a few characters of the name, in order: 石桥站, 青石所."""
_SHORTEST = 2


class Bearer(NamedTuple):
    """One row that a name may mean: where it is (areas, firm or site, by id), what it may be."""

    id: str
    name: str
    within: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


class Found(NamedTuple):
    """What a name may mean; ``is_exact`` unless only a shortened name fits."""

    rows: tuple[Bearer, ...]
    is_exact: bool


class NameIndex:
    """The names of every table, indexed when the first one is asked."""

    def __init__(self, rows: Mapping[str, Collection[Bearer]]) -> None:
        """Keep the rows by table name."""
        self._rows = rows
        self._indexes: dict[str, tuple[dict[str, list[Bearer]], dict[str, list[Bearer]]]] = {}

    def find(
        self,
        word: str,
        targets: Iterable[str],
        beside: Collection[str] = (),
        role: str | None = None,
    ) -> Found:
        """Return the rows of ``targets`` that ``word`` may mean.

        Parameters
        ----------
        beside
            Ids of areas, firms or sites named beside the word; they decide between namesakes.
        role
            Prefer rows with this role, such as people on the advisers' list.
        """
        text = _key(word)
        tables = [table for table in targets if self._rows.get(table)]
        for is_exact, look in ((True, self._exact), (True, self._placed), (False, self._bare),
                               (False, self._short)):  # fmt: skip
            rows = [row for table in tables for row in look(table, text)]
            if rows:
                return Found(_narrowed(rows, frozenset(beside), role), is_exact)
        return Found((), True)

    def _index(self, table: str) -> tuple[dict[str, list[Bearer]], dict[str, list[Bearer]]]:
        if table not in self._indexes:
            exact: dict[str, list[Bearer]] = {}
            bare: dict[str, list[Bearer]] = {}
            for row in self._rows.get(table, ()):
                name = _key(row.name)
                exact.setdefault(name, []).append(row)
                bare.setdefault(_TAILS[table].sub("", name) or name, []).append(row)
            self._indexes[table] = exact, bare
        return self._indexes[table]

    def _exact(self, table: str, text: str) -> list[Bearer]:
        return self._index(table)[0].get(text, [])

    def _bare(self, table: str, text: str) -> list[Bearer]:
        bare = _TAILS[table].sub("", text) or text
        rows = self._index(table)[1].get(bare, []) if len(bare) >= _SHORTEST else []
        # 城关镇 is not 城关乡: only one of the two may leave its last word out.
        return [row for row in rows if bare == text or bare == _key(row.name)]

    def _placed(self, table: str, text: str) -> list[Bearer]:
        """Find 石桥镇新屋村 and 张建国(青石所): a name with its place before or behind it."""
        match = _BRACKETS.match(text)
        if match:
            places, rows = self._places(match[2]), self._exact(table, match[1])
            return [row for row in rows if row.within & places or folded(row.id) == match[2]]
        found = []
        for length in self._place_lengths:
            places = self._place_ids.get(text[:length], set()) if length < len(text) else set()
            if places:
                rest = text[length:].lstrip("-/·:的")
                found += [row for row in self._exact(table, rest) if row.within & places]
        return found

    def _short(self, table: str, text: str) -> list[Bearer]:
        if table not in _SHORTENED or len(text) < _SHORTEST:
            return []
        exact = self._index(table)[0]
        return [row for name, rows in exact.items() if _shortens(text, name) for row in rows]

    def _places(self, text: str) -> set[str]:
        found = self.find(text, ("firms", "areas", "sites")).rows
        return {row.id for row in found}

    @cached_property
    def _place_ids(self) -> dict[str, set[str]]:
        """Ids of areas and sites by every name that may stand before another name."""
        found: dict[str, set[str]] = {}
        for table in ("areas", "sites"):
            for index in self._index(table):
                for name, rows in index.items():
                    found.setdefault(name, set()).update(row.id for row in rows)
        return found

    @cached_property
    def _place_lengths(self) -> list[int]:
        return sorted({len(name) for name in self._place_ids if len(name) >= _SHORTEST})


def _key(name: str) -> str:
    text = folded(name)
    for tail, word in _SAME:
        text = tail.sub(word, text)
    return text


def _narrowed(rows: list[Bearer], beside: frozenset[str], role: str | None) -> tuple[Bearer, ...]:
    """Keep the namesakes in the place named beside and of the role, where there are any."""
    unique = list({row.id: row for row in rows}.values())
    if len(unique) > 1 and beside:
        unique = [row for row in unique if row.within & beside] or unique
    if len(unique) > 1 and role:
        unique = [row for row in unique if role in row.roles] or unique
    return tuple(unique)


def _shortens(text: str, name: str) -> bool:
    """Whether the characters of ``text`` stand in ``name`` in this order, the last one too."""
    rest = iter(name)
    return len(text) < len(name) and all(char in rest for char in text)
