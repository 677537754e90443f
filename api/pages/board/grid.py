"""The grid of a view: rows of cells, each cell some lines, each line a button."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from api.office.plans.by_hand import Cell
from models.issues import Sentence
from models.report import Breach
from models.vocabulary import Part


@dataclass(frozen=True)
class Name:
    """A person in a line."""

    id: str
    name: str
    is_pinned: bool = False
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True)
class Line:
    """One button: a slot, those who stand by for it, a village's adviser, a visit."""

    cell: Cell
    people: tuple[Name, ...] = ()
    vacant: int = 0
    part: Part | None = None
    date: dt.date | None = None
    place: str = ""
    is_lecture: bool = False
    breaches: tuple[Breach, ...] = ()

    @property
    def key(self) -> str:
        """The id of its button."""
        return f"c-{self.cell.kind}-{self.cell.target}"

    @property
    def told(self) -> tuple[Breach, ...]:
        """Breaches of the cell and of the people in it."""
        return (*self.breaches, *(b for name in self.people for b in name.breaches))


@dataclass(frozen=True)
class GridRow:
    """One row: a post, a person, a village, a site."""

    id: str
    title: str
    under: str | Sentence
    cells: tuple[tuple[Line, ...], ...]
    breaches: tuple[Breach, ...] = ()
    away: frozenset[int] = frozenset()
    """Numbers of the columns on which a person is away."""


@dataclass(frozen=True)
class Grid:
    """The rows that are shown of ``total``; the heads are dates or words."""

    corner: str
    heads: tuple[dt.date | Part | str, ...]
    rows: tuple[GridRow, ...]
    total: int
    start: int = 0
    days_off: frozenset[dt.date] = field(default_factory=frozenset)
