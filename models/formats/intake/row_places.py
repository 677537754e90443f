"""Where each row of an instance stood in the file that it was read from."""

from __future__ import annotations

from functools import cached_property

from models.formats.intake.row_drafts import Book, Draft
from models.formats.intake.tables import instance_tables
from models.messages import Spot
from models.rows import Row


class RowPlaces:
    """Finds the cell of a row; without a file only its table is known."""

    def __init__(self, book: Book | None = None) -> None:
        """Look rows up in the drafts that they were made of."""
        self._book = book

    def spot(self, row: Row, field: str | None = None) -> Spot:
        """Return the cell of a field of a row, or of the row."""
        draft = self._drafts.get(id(row))
        return draft.spot(field) if draft else Spot(_titles()[type(row)])

    @cached_property
    def _drafts(self) -> dict[int, Draft]:
        """The draft of each row by the identity of the row: equal rows stand in different cells."""
        if self._book is None:
            return {}
        rows = (draft for drafts in self._book.drafts.values() for draft in drafts)
        return {id(draft.row): draft for draft in rows if draft.row is not None}


def _titles() -> dict[type[Row], str]:
    return {table.row: table.title for table in instance_tables()}
