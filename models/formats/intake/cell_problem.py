"""The exception of the cell codec: what is wrong with a cell, without its location."""

from __future__ import annotations


class CellError(ValueError):
    """A cell that cannot be read: a stable ``code`` and the words its sentence needs."""

    def __init__(self, code: str, **words: object) -> None:
        """Keep ``code`` and ``words``; the reader adds table, cell and value."""
        self.code = code
        self.words = words
        super().__init__(code)
