"""The sheet an office pins on the wall, as data: days down, places across, each place with its phone once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from api.documents.lines import TO_BE_NAMED, VACANT, DayMark, DutyLine, PlaceCard
from api.documents.view import View
from models.slots import PART_ORDER
from models.vocabulary import Part

MOST_COLUMNS = 8
"""Columns of names on an A4 page upright: names of four characters, places of twelve."""


@dataclass(frozen=True, slots=True)
class WallColumn:
    """One post at one part of the day: the names by date."""

    site: PlaceCard
    post: str
    part: Part
    hours: str
    names: dict[dt.date, tuple[str, ...]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class WallPage:
    """What fits on one page: columns, and the days on which one of them has a duty."""

    columns: tuple[WallColumn, ...]
    days: tuple[DayMark, ...]

    @property
    def places(self) -> list[tuple[PlaceCard, int]]:
        """Return the places from left to right, and how many columns each takes."""
        return [(s, len(list(c))) for s, c in groupby(self.columns, key=lambda column: column.site)]


def wall_pages(view: View) -> list[WallPage]:
    """Return the pages of all duties; a place stays on one page where it fits."""
    places = [list(columns) for _, columns in groupby(_columns(view), key=lambda c: c.site.id)]
    return _packed(view, places)


def place_pages(view: View, site: PlaceCard) -> list[WallPage]:
    """Return the pages of one place."""
    return _packed(view, [[column for column in _columns(view) if column.site == site]])


def _packed(view: View, places: list[list[WallColumn]]) -> list[WallPage]:
    pages: list[list[WallColumn]] = []
    for columns in places:
        for first in range(0, len(columns), MOST_COLUMNS):
            part = columns[first : first + MOST_COLUMNS]
            page = next((p for p in pages if len(p) + len(part) <= MOST_COLUMNS), None)
            if page is None:
                pages.append(part)
            else:
                page += part
    return [WallPage(tuple(page), _days(view, page)) for page in pages]


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


def shown_names(duty: DutyLine) -> tuple[str, ...]:
    """Return the names on a slot, one 待定 for each seat that is empty."""
    names = (
        f"{card.firm}（待派）" if card.name == TO_BE_NAMED else card.name for card in duty.holders
    )
    return (*names, *[VACANT] * duty.vacant)


def _columns(view: View) -> Iterator[WallColumn]:
    for site, duties in groupby(view.duties, key=lambda duty: duty.site):
        columns: dict[tuple[str, int], WallColumn] = {}
        for duty in duties:
            key = duty.post, PART_ORDER[duty.part]
            if key not in columns:
                columns[key] = WallColumn(site, duty.post_name, duty.part, duty.hours, {})
            columns[key].names[duty.day.date] = shown_names(duty)
        yield from (columns[key] for key in sorted(columns))


def _days(view: View, columns: Iterable[WallColumn]) -> tuple[DayMark, ...]:
    used = {date for column in columns for date in column.names}
    return tuple(day for day in view.days if day.date in used)
