"""The sheet an office pins on the wall, as data: days down, places across, each place with its phone once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from api.documents.lines import TO_BE_NAMED, VACANT, DayMark, DutyLine, PlaceCard
from api.documents.view import View
from models.slots import PART_ORDER
from models.vocabulary import Part

MOST_COLUMNS = 10
"""Columns of names on an A4 page upright: names of four characters, places of twelve."""

HEAD_LINES = 6
"""Lines that the head of a table takes."""

NOBODY = "—"
"""Stands in a cell of two parts of the day for the part without a duty."""


@dataclass(frozen=True, slots=True)
class WallColumn:
    """One post: the names by date, a line each; where it has two parts of the day, a line for each part."""

    site: PlaceCard
    post: str
    parts: tuple[tuple[Part, str], ...]
    names: dict[dt.date, tuple[str, ...]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class WallBlock:
    """A table as wide as a page: columns, and the days on which one of them has a duty."""

    columns: tuple[WallColumn, ...]
    days: tuple[DayMark, ...]

    @property
    def places(self) -> list[tuple[PlaceCard, int]]:
        """Return the places from left to right, and how many columns each takes."""
        return [(s, len(list(c))) for s, c in groupby(self.columns, key=lambda column: column.site)]


def wall_blocks(view: View) -> list[WallBlock]:
    """Return the tables of all duties; a place stays in one table where it fits.

    Who serves other places by video or phone stands once, where they sit; a place that has nothing else has
    a column of its own.
    """
    own = {duty.site.id for duty in view.duties if not duty.remote_from}
    shown = [duty for duty in view.duties if not (duty.remote_from and duty.site.id in own)]
    places = [list(columns) for _, columns in groupby(_columns(shown), key=lambda c: c.site.id)]
    blocks = _packed(view, sorted(places, key=lambda columns: -_lines(view, columns)))
    order = {site.id: n for n, site in enumerate(view.sites)}
    return sorted(blocks, key=lambda block: min(order[c.site.id] for c in block.columns))


def place_blocks(view: View, site: PlaceCard) -> list[WallBlock]:
    """Return the tables of one place."""
    return _packed(view, [list(_columns([duty for duty in view.duties if duty.site == site]))])


def _packed(view: View, places: list[list[WallColumn]]) -> list[WallBlock]:
    """Return tables in which places stand beside others that have duties on the same days."""
    blocks: list[list[WallColumn]] = []
    for columns in places:
        for first in range(0, len(columns), MOST_COLUMNS):
            part = columns[first : first + MOST_COLUMNS]
            room = [block for block in blocks if len(block) + len(part) <= MOST_COLUMNS]
            best = min(room, key=lambda block: _more_rows(view, block, part), default=None)
            if best is not None and _more_rows(view, best, part) <= _more_rows(view, [], part):
                best += part
            else:
                blocks.append(list(part))
    return [WallBlock(tuple(block), _days(view, block)) for block in blocks]


def _more_rows(view: View, block: list[WallColumn], part: list[WallColumn]) -> int:
    """Return by how many lines a table grows, itself new if ``block`` is empty."""
    before = _lines(view, block) if block else -HEAD_LINES
    return _lines(view, [*block, *part]) - before


def _lines(view: View, columns: list[WallColumn]) -> int:
    return table_lines(WallBlock(tuple(columns), _days(view, columns)))


def table_lines(block: WallBlock) -> int:
    """Return how many lines of names stand below each other in a table."""
    return sum(max(len(c.names.get(day.date, ())) for c in block.columns) for day in block.days)


def served_from_afar(view: View) -> list[str]:
    """Return a line for each post that serves other places by video or phone: which."""
    lines = {
        duty.post: f"{duty.site.name}{duty.post_name}同时服务：{'、'.join(duty.serves)}"
        for duty in view.duties
        if duty.serves and not duty.remote_from
    }
    return [lines[post] for post in sorted(lines)]


def firms_on_duty(view: View) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the firms with duties: name, office phone, and the names of their people."""
    people = {
        card.id: card
        for duty in view.duties
        for card in duty.holders
        if card.firm and card.name != TO_BE_NAMED
    }
    ordered = sorted(people.values(), key=lambda card: (card.firm, card.id))
    found = []
    for firm, cards in groupby(ordered, key=lambda card: card.firm):
        known = list(cards)
        phone = next((card.phone for card in known if card.phone), "")
        found.append((firm, phone, tuple(dict.fromkeys(card.name for card in known))))
    return found


def usual_hours(view: View) -> dict[Part, str]:
    """Return the hours that most duties of each part of the day have."""
    count = Counter((duty.part, duty.hours) for duty in view.duties)
    return {part: hours for (part, hours), _ in sorted(count.items(), key=lambda one: one[1])}


def hours_note(view: View) -> str:
    """Return 时间：上午 09:00–12:00，下午 14:00–17:00: what the heads do not repeat."""
    usual = usual_hours(view)
    told = "，".join(f"{part.label} {usual[part]}" for part in PART_ORDER if part in usual)
    others = any(duty.hours != usual[duty.part] for duty in view.duties)
    return f"时间：{told}{'，另注明的除外' if others else ''}" if told else ""


def part_words(part: Part, hours: str, usual: dict[Part, str]) -> str:
    """Return 上午, with its hours where they are not the usual ones."""
    return part.label if usual.get(part) == hours else f"{part.label}\n{hours}"


def shown_names(duty: DutyLine) -> tuple[str, ...]:
    """Return the names on a slot, one 待定 for each seat that is empty."""
    names = (
        f"{card.firm}（待派）" if card.name == TO_BE_NAMED else card.name for card in duty.holders
    )
    return (*names, *[VACANT] * duty.vacant)


def _columns(duties: Iterable[DutyLine]) -> Iterator[WallColumn]:
    """Yield the columns: a post, with both parts of its day together where one person sits each."""
    for site, of_site in groupby(duties, key=lambda duty: duty.site):
        posts: dict[str, list[DutyLine]] = {}
        for duty in of_site:
            posts.setdefault(duty.post, []).append(duty)
        for _, lines in sorted(posts.items()):
            parts = sorted({line.part for line in lines}, key=PART_ORDER.__getitem__)
            is_single = all(len(shown_names(line)) == 1 for line in lines)
            together = [parts] if is_single and len(parts) == 2 else [[part] for part in parts]
            for shown in together:
                yield _column(site, [line for line in lines if line.part in shown], shown)


def _column(site: PlaceCard, lines: list[DutyLine], parts: list[Part]) -> WallColumn:
    hours = {line.part: line.hours for line in lines}
    found: dict[dt.date, dict[Part, tuple[str, ...]]] = {}
    for line in lines:
        found.setdefault(line.day.date, {})[line.part] = shown_names(line)
    names = {
        date: tuple(name for part in parts for name in held.get(part, (NOBODY,)))
        for date, held in found.items()
    }
    return WallColumn(site, lines[0].post_name, tuple((part, hours[part]) for part in parts), names)


def _days(view: View, columns: Iterable[WallColumn]) -> tuple[DayMark, ...]:
    used = {date for column in columns for date in column.names}
    return tuple(day for day in view.days if day.date in used)
