"""Reopens files that could not be opened or written, so that no restart is needed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from models.store.database.errors import UnavailableError
from models.store.database.failures import as_unavailable


class Reopening:
    """Watches sessions; after a failure, the next one begins on new connections.

    SQLite keeps a file as it could open it once, and shares that within the process.

    Parameters
    ----------
    reopen
        Gives up all connections.
    """

    def __init__(self, reopen: Callable[[], None]) -> None:
        self._reopen = reopen
        self._is_barred = False

    @contextmanager
    def as_unavailable(self) -> Iterator[None]:
        """Translate failures as ``failures.as_unavailable`` does, and remember them."""
        was_barred, self._is_barred = self._is_barred, False
        try:
            with as_unavailable():
                if was_barred:
                    self._reopen()
                    gc.collect()  # a failure holds on to its connection until it is collected
                yield
        except UnavailableError as error:
            self._is_barred = is_barred(error)
            raise


def is_barred(error: Exception) -> bool:
    """Whether files could not be opened or written, which their connections keep in mind."""
    return isinstance(error, UnavailableError) and error.issue.code in ("read_only", "cannot_open")
