"""A bound on the memory that reading a file may take."""

from __future__ import annotations

import contextlib
import resource
import sys
from collections.abc import Iterator

MOST_MEMORY = 4 * 2**30
"""Bytes that the reading of a file may take; a city's 23,000 rows take 0.1 GB."""


@contextlib.contextmanager
def bounded_memory() -> Iterator[None]:
    """Make reading fail if a small file expands to more than the machine's memory.

    Raises
    ------
    MemoryError
        Within, on Linux, beyond the bound.
    """
    if sys.platform != "linux":
        yield
        return
    usual = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, usual)
