"""Interrupts of a child process: one that arrives while it starts waits until it is ready."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Start processes with interrupts blocked until they call ``hear_interrupts``."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_interrupts() -> None:
    """Unblock interrupts; a pending one is delivered at once."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
